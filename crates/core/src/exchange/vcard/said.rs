//! What a line says in the words of a notebook, and the plain line that says so.

use super::day::{basic, day};
use super::line::{Line, list, spaced, split, unescape};
use crate::date::Date;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A full name beside the one that is shown.
    Name(String),
    /// An address of electronic mail.
    Email(String),
    /// A telephone number.
    Phone(String),
    /// An address of a page.
    Link(String),
    /// A postal address on one line.
    Address(String),
    /// A company, and the part of it.
    Company(String, String),
    /// A job title.
    Role(String),
    /// Another name.
    Nickname(String),
    /// A tag.
    Tag(String),
    /// A day of `[dates]`.
    Day(String, Date),
    /// Somebody near: `spouse: Jane`.
    Related(String),
    /// A time zone by its IANA name.
    Timezone(String),
}

/// What a line in the form of vCard 4.0 says; nothing where there is no key for it.
pub fn says(line: &Line) -> Vec<Said> {
    let plain = || Some(spaced(&line.plain())).filter(|text| !text.is_empty());
    let one = match line.name.as_str() {
        "FN" => plain().map(Said::Name),
        "EMAIL" => plain().map(|text| Said::Email(text.strip_prefix("mailto:").unwrap_or(&text).to_owned())),
        "TEL" => {
            plain().map(|_| Said::Phone(number(line))).filter(|said| *said != Said::Phone(String::new()))
        }
        "URL" => Some(Said::Link(line.value.clone())),
        "SOCIALPROFILE" | "X-SOCIALPROFILE" if is_page(&line.value) => Some(Said::Link(line.value.clone())),
        "ADR" => address(line).map(Said::Address),
        "ORG" => company(line),
        "TITLE" | "ROLE" => plain().map(Said::Role),
        "BDAY" => day(line).map(|day| Said::Day("birthday".to_owned(), day)),
        "ANNIVERSARY" => day(line).map(|day| Said::Day("anniversary".to_owned(), day)),
        "X-ABDATE" => day(line).map(|day| Said::Day(key(&label(line)), day)),
        "RELATED" => related(line),
        "TZ" => plain().filter(|name| name.parse::<chrono_tz::Tz>().is_ok()).map(Said::Timezone),
        "NICKNAME" => return listed(line, Said::Nickname),
        "CATEGORIES" => return listed(line, Said::Tag),
        _ => None,
    };
    one.into_iter().collect()
}

/// The line that says this and no more, in the form of vCard 4.0.
pub fn line(said: &[Said]) -> Option<Line> {
    let texts: Vec<&str> = said.iter().map(text).collect();
    Some(match said.first()? {
        Said::Name(text) => Line::text("FN", text),
        Said::Email(text) => Line::text("EMAIL", text),
        Said::Phone(text) => Line::text("TEL", text),
        Said::Link(text) => Line::raw("URL", text),
        Said::Address(text) => Line::parts("ADR", &["", "", text, "", "", "", ""]),
        Said::Company(company, unit) if unit.is_empty() => Line::text("ORG", company),
        Said::Company(company, unit) => Line::parts("ORG", &[company, unit]),
        Said::Role(text) => Line::text("TITLE", text),
        Said::Nickname(_) => listing("NICKNAME", &texts),
        Said::Tag(_) => listing("CATEGORIES", &texts),
        Said::Day(key, day) => match key.as_str() {
            "birthday" => Line::raw("BDAY", basic(*day)),
            "anniversary" => Line::raw("ANNIVERSARY", basic(*day)),
            key => Line::raw("X-ABDATE", basic(*day)).with("X-ABLABEL", &[key]),
        },
        Said::Related(text) => {
            let (kinds, who) = text.split_once(": ").unwrap_or(("", text));
            let kinds: Vec<&str> = kinds.split(", ").filter(|kind| !kind.is_empty()).collect();
            Line::text("RELATED", who).with("TYPE", &kinds).with("VALUE", &["text"])
        }
        Said::Timezone(name) => Line::text("TZ", name),
    })
}

fn text(said: &Said) -> &str {
    match said {
        Said::Name(text)
        | Said::Email(text)
        | Said::Phone(text)
        | Said::Link(text)
        | Said::Address(text)
        | Said::Role(text)
        | Said::Nickname(text)
        | Said::Tag(text)
        | Said::Related(text)
        | Said::Timezone(text)
        | Said::Company(text, _)
        | Said::Day(text, _) => text,
    }
}

/// The label that a line has of Apple's or Google's: `HomePage` of `_$!<HomePage>!$_`.
pub fn label(line: &Line) -> String {
    let label = line.param("X-ABLABEL").next().unwrap_or_default();
    let own = label.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_"));
    spaced(own.unwrap_or(label))
}

/// A label as a key of `[dates]`.
fn key(label: &str) -> String {
    let words: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "date".to_owned() } else { words.join("_") }
}

fn number(line: &Line) -> String {
    let text = spaced(&line.plain());
    let mut rest = text.as_str();
    while rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("tel:")) {
        rest = rest[4..].trim_start();
    }
    if rest.len() == text.len() {
        return text;
    }
    let mut parts = rest.split(';');
    let number = parts.next().unwrap_or_default().to_owned();
    let extension = parts.find_map(|part| part.strip_prefix("ext="));
    let extension = extension.map_or(String::new(), |extension| format!(" ext. {extension}"));
    spaced(&format!("{number}{extension}"))
}

/// The parts of an address on one line; else what a label says of it.
fn address(line: &Line) -> Option<String> {
    let parts = split(&line.value, ';').map(unescape).collect::<Vec<_>>().join("\n");
    let label = || line.param("LABEL").collect::<Vec<_>>().join("\n");
    let on_one = |text: &str| {
        let lines: Vec<String> = text.lines().map(spaced).filter(|line| !line.is_empty()).collect();
        lines.join(", ")
    };
    let words = on_one(&parts);
    let words = if words.is_empty() { on_one(&label()) } else { words };
    (!words.is_empty()).then_some(words)
}

fn company(line: &Line) -> Option<Said> {
    let mut parts = split(&line.value, ';').map(|part| spaced(&unescape(part)));
    let company = parts.next().unwrap_or_default();
    let units: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let units = units.join(", ");
    (!company.is_empty() || !units.is_empty()).then_some(Said::Company(company, units))
}

/// Who is near, and in which way; what only another program can follow is not.
fn related(line: &Line) -> Option<Said> {
    let who = spaced(&line.plain());
    let is_text = line.param("VALUE").any(|value| value.eq_ignore_ascii_case("text"));
    if who.is_empty() || (!is_text && is_uri(&who)) {
        return None;
    }
    let kinds: Vec<&str> = line.param("TYPE").collect();
    Some(Said::Related(if kinds.is_empty() { who } else { format!("{}: {who}", kinds.join(", ")) }))
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.starts_with(' ') && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

/// Whether it is the address of a page on the web.
pub fn is_page(value: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| value.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)))
}

/// Each of a list; some escape the commas between them.
fn listed(line: &Line, said: impl Fn(String) -> Said) -> Vec<Said> {
    let values = list(&line.value);
    let words = values.iter().flat_map(|value| value.split(", ")).map(spaced).filter(|word| !word.is_empty());
    let mut all: Vec<Said> = Vec::new();
    for one in words.map(said) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn listing(name: &str, texts: &[&str]) -> Line {
    let values: Vec<String> = texts.iter().map(|text| super::line::escape(text)).collect();
    Line::raw(name, values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_there_is_a_key_for() {
        use Said as S;
        let owned = str::to_owned;
        for (text, expected) in [
            ("EMAIL:mailto:a@x", vec![S::Email(owned("a@x"))]),
            ("TEL;VALUE=uri:tel:+1-418;ext=102", vec![S::Phone(owned("+1-418 ext. 102"))]),
            ("ORG:IBM;Accounting;Dungeon", vec![S::Company(owned("IBM"), owned("Accounting, Dungeon"))]),
            ("ORG:;Accounting", vec![S::Company(owned(""), owned("Accounting"))]),
            (
                "ADR:;;15 Crescent\\, East\\nYard;Albany;NY;1;US",
                vec![S::Address(owned("15 Crescent, East, Yard, Albany, NY, 1, US"))],
            ),
            ("ADR;LABEL=\"a^nb, c\":;;;;;;", vec![S::Address(owned("a, b, c"))]),
            ("ADR:;;;;;;", vec![]),
            (
                "X-ABDATE;X-ABLABEL=First met:20000912",
                vec![S::Day(owned("first_met"), Date::new(2000, 9, 12).unwrap())],
            ),
            (
                "RELATED;TYPE=friend,co-worker;VALUE=text:Jane",
                vec![S::Related(owned("friend, co-worker: Jane"))],
            ),
            ("RELATED;TYPE=friend:urn:uuid:1", vec![]),
            ("TZ:America/New_York", vec![S::Timezone(owned("America/New_York"))]),
            ("TZ:-0500", vec![]),
            ("CATEGORIES:a,b\\, c,a", vec![S::Tag(owned("a")), S::Tag(owned("b")), S::Tag(owned("c"))]),
            ("X-SOCIALPROFILE:https://x.example/j", vec![S::Link(owned("https://x.example/j"))]),
            ("X-SOCIALPROFILE:x-apple:j", vec![]),
            ("X-FOO:bar", vec![]),
        ] {
            let line = Line::parse(text).unwrap();
            assert_eq!(says(&line), expected, "{text}");
            if let Some(plain) = super::line(&expected) {
                assert_eq!(says(&plain), expected, "{plain} says the same");
            }
        }
    }
}
