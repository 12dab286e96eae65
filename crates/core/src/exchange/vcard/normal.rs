//! A line as it stands in a file of any version, in the form of vCard 4.0.

use mail_parser::decoders::base64::base64_decode;

use super::charset;
use super::line::{Line, Param, escape, spaced, split, unescape};

/// The version of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 2.1: bare types, no lists, quoted-printable.
    V21,
    /// 3.0 (RFC 2426).
    V3,
    /// 4.0 (RFC 6350).
    V4,
}

/// What a property's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One text.
    Text,
    /// Texts between semicolons.
    Parts,
    /// Texts between commas.
    List,
    /// An address of something.
    Uri,
    /// What nothing here knows: it stays as it is.
    Raw,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Normal {
    /// A line of vCard 4.0.
    Line(Line),
    /// Data that a notebook has no place for: what it is of, `photo`.
    Aside(String),
    /// A line that says nothing.
    Nothing,
}

/// The shape of a property's value.
pub fn shape(name: &str) -> Shape {
    match name {
        "FN" | "NOTE" | "TITLE" | "ROLE" | "TEL" | "EMAIL" | "LABEL" | "RELATED" | "KIND" | "UID"
        | "X-SPOUSE" | "X-ABLABEL" | "X-ABADR" | "X-ABRELATEDNAMES" | "X-MS-TEL" => Shape::Text,
        "N" | "ADR" | "ORG" => Shape::Parts,
        "CATEGORIES" | "NICKNAME" => Shape::List,
        "URL" | "SOCIALPROFILE" | "X-SOCIALPROFILE" | "PHOTO" | "LOGO" | "SOUND" | "KEY" | "IMPP"
        | "MEMBER" | "FBURL" | "CALURI" | "CALADRURI" | "SOURCE" => Shape::Uri,
        _ => Shape::Raw,
    }
}

/// The line in the form of vCard 4.0: no encoding, types in one parameter and in lower case, `PREF=1`.
pub fn normal(mut line: Line, version: Version) -> Normal {
    let charset = line.take("CHARSET").first().and_then(|name| charset::named(name));
    let way = encoding(&mut line);
    types(&mut line);
    let is_data = line.value.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    match way {
        Encoding::Base64 if holds_text(&line.name) => {
            let bytes = base64_decode(line.value.trim().as_bytes()).unwrap_or_default();
            line.value = escape(&lines(&charset::decode_as(&bytes, charset)));
        }
        Encoding::Base64 => return aside(&line),
        _ if is_data => return aside(&line),
        _ if line.name == "X-MS-OL-DESIGN" => return aside(&line),
        Encoding::QuotedPrintable => line.value = quoted_printable(&line, charset),
        Encoding::None => {}
    }
    line.value = value(&line, version);
    if line.value.trim_matches([';', ',', ' ']).is_empty() && line.name != "ADR" {
        return Normal::Nothing;
    }
    let is_uri = line.param("VALUE").any(|value| value.eq_ignore_ascii_case("uri"));
    line.params.retain(|param| {
        let goes_without_saying = param.values.iter().all(|value| value.eq_ignore_ascii_case("text"));
        param.name != "VALUE"
            || !(goes_without_saying && shape(&line.name) != Shape::Raw && line.name != "RELATED")
    });
    if line.name == "TEL" && is_uri {
        telephone(&mut line);
    }
    Normal::Line(line)
}

fn aside(line: &Line) -> Normal {
    if line.value.trim().is_empty() { Normal::Nothing } else { Normal::Aside(line.name.to_lowercase()) }
}

/// Whether the property is a text also where it is written in base64.
fn holds_text(name: &str) -> bool {
    matches!(shape(name), Shape::Text | Shape::Parts | Shape::List) || name == "URL"
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    QuotedPrintable,
    Base64,
}

/// Takes the encoding away, be it `ENCODING=…` or a bare word.
fn encoding(line: &mut Line) -> Encoding {
    let of = |word: &str| match word.to_ascii_uppercase().as_str() {
        "QUOTED-PRINTABLE" => Some(Encoding::QuotedPrintable),
        "BASE64" | "B" => Some(Encoding::Base64),
        _ => None,
    };
    let mut found = line.take("ENCODING").iter().find_map(|word| of(word));
    for param in line.params.iter_mut().filter(|param| param.name == "TYPE") {
        param.values.retain(|word| {
            let is_encoding = word.len() > 1 && of(word).is_some();
            if is_encoding {
                found = found.or(of(word));
            }
            !is_encoding && !word.eq_ignore_ascii_case("8BIT") && !word.eq_ignore_ascii_case("7BIT")
        });
    }
    found.unwrap_or(Encoding::None)
}

/// All types in one parameter, each once, in lower case, without what goes without saying.
fn types(line: &mut Line) {
    let at = line.params.iter().position(|param| param.name == "TYPE");
    let mut kinds: Vec<String> = Vec::new();
    // Types between quotes are as many as there are commas, and one more.
    for kind in line.take("TYPE").iter().flat_map(|kinds| kinds.split(',')) {
        let kind = kind.replace(char::is_control, "").trim().to_lowercase();
        // What would be taken for an encoding is none any more.
        if matches!(kind.as_str(), "base64" | "quoted-printable") {
            continue;
        }
        if !kind.is_empty() && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let count = kinds.len();
    kinds.retain(|kind| kind != "pref");
    if kinds.len() < count && line.param("PREF").next().is_none() {
        line.params.push(Param { name: "PREF".to_owned(), values: vec!["1".to_owned()] });
    }
    match line.name.as_str() {
        "EMAIL" => kinds.retain(|kind| kind != "internet"),
        "TEL" if kinds == ["voice"] => kinds.clear(),
        _ => {}
    }
    if !kinds.is_empty() {
        let at = at.unwrap_or_default().min(line.params.len());
        line.params.insert(at, Param { name: "TYPE".to_owned(), values: kinds });
    }
}

/// The value of quoted-printable (RFC 2045, section 6.7), escaped as a value is. Parts are told apart before.
fn quoted_printable(line: &Line, charset: Option<&'static encoding_rs::Encoding>) -> String {
    let text = |part: &str| lines(&charset::decode_as(&octets(part), charset));
    let escaped = |part: &str| escape(&unescape(&text(part)));
    match shape(&line.name) {
        Shape::Text => escaped(&line.value),
        Shape::Parts => split(&line.value, ';').map(escaped).collect::<Vec<_>>().join(";"),
        Shape::List => split(&line.value, ',').map(escaped).collect::<Vec<_>>().join(","),
        Shape::Uri | Shape::Raw => text(&line.value).replace('\n', "\\n"),
    }
}

/// The octets that quoted-printable stands for; what is none stays as it is.
fn octets(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'=', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

/// The text with `\n` for each line break.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The value as vCard 4.0 writes it.
fn value(line: &Line, version: Version) -> String {
    let value = match shape(&line.name) {
        Shape::Text => escape(unescape(&line.value).trim()),
        Shape::Uri => address(&line.value),
        // In 2.1, and in an organisation, a comma is of the text.
        Shape::Parts if version == Version::V21 || line.name == "ORG" => {
            let parts: Vec<String> =
                split(&line.value, ';').map(|part| escape(unescape(part).trim())).collect();
            parts.join(";")
        }
        Shape::Parts => split(&line.value, ';').map(str::trim).collect::<Vec<_>>().join(";"),
        Shape::List => {
            let mark = if version == Version::V21 && !line.value.contains(',') { ';' } else { ',' };
            let each = split(&line.value, mark).map(|one| escape(unescape(one).trim()));
            each.filter(|one| !one.is_empty()).collect::<Vec<_>>().join(",")
        }
        Shape::Raw => line.value.trim_end().to_owned(),
    };
    value.chars().filter(|c| !c.is_control() || *c == '\t').collect()
}

/// An address of something, which has no white space, and in which some escape marks that need none.
fn address(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, ':' | ',' | ';') {
            out.truncate(out.trim_end_matches('\\').len());
        }
        out.push(c);
    }
    out
}

/// A number that is written as a `tel:` without more to it, as the number.
fn telephone(line: &mut Line) {
    let number = spaced(&unescape(&line.value));
    let bare = number.strip_prefix("tel:").or_else(|| number.strip_prefix("TEL:")).unwrap_or(&number);
    if bare.contains([';', '%', ':']) {
        line.value = number;
    } else {
        line.value = escape(bare);
        line.take("VALUE");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_version_come_into_one_form() {
        for (version, text, expected) in [
            (Version::V21, "TEL;CELL;PREF:1", "TEL;TYPE=cell;PREF=1:1"),
            (Version::V21, "TEL;VOICE:1", "TEL:1"),
            (Version::V21, "TEL;WORK;FAX;WORK:1", "TEL;TYPE=work,fax:1"),
            (Version::V3, "EMAIL;type=INTERNET;type=WORK;type=pref:a@x", "EMAIL;TYPE=work;PREF=1:a@x"),
            (
                Version::V4,
                "TEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+1-418-656-9254;ext=102",
                "TEL;VALUE=uri;TYPE=work,voice;PREF=1:tel:+1-418-656-9254;ext=102",
            ),
            (Version::V4, "TEL;VALUE=uri:tel:+33-01", "TEL:+33-01"),
            (
                Version::V21,
                "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91 =3B=20x;a\\;b=2C;;;",
                "N:Ñ \\; x;a\\;b\\,;;;",
            ),
            (Version::V21, "NOTE;QUOTED-PRINTABLE:a=0D=0Ab=3D=C3=A9;=zz", "NOTE:a\\nb=é\\;=zz"),
            (Version::V21, "FN;ENCODING=QUOTED-PRINTABLE:J=F6rg", "FN:Jörg"),
            (Version::V21, "FN;CHARSET=ISO-8859-2;ENCODING=QUOTED-PRINTABLE:=B1", "FN:ą"),
            (Version::V21, "N:Doe;John;Richter,James;Mr.;", "N:Doe;John;Richter\\,James;Mr.;"),
            (Version::V3, "N:Doe;John;Richter,James;Mr.;", "N:Doe;John;Richter,James;Mr.;"),
            (Version::V21, "ORG:Company, The;Dept", "ORG:Company\\, The;Dept"),
            (Version::V3, "URL;type=pref:http\\://x/a,b;c", "URL;PREF=1:http://x/a,b;c"),
            (Version::V3, "NOTE;ENCODING=b:w6k=", "NOTE:é"),
            (Version::V3, "X-FOO;X-A=b:a;b\\,c", "X-FOO;X-A=b:a;b\\,c"),
            (Version::V21, "CATEGORIES:a;b", "CATEGORIES:a,b"),
            (Version::V4, "RELATED;VALUE=text:x", "RELATED;VALUE=text:x"),
        ] {
            let Normal::Line(line) = normal(Line::parse(text).unwrap(), version) else { panic!("{text}") };
            assert_eq!(line.to_string(), expected);
        }
    }

    #[test]
    fn data_is_left_aside() {
        for (text, expected) in [
            ("PHOTO;ENCODING=BASE64;JPEG:/9j/", Normal::Aside("photo".to_owned())),
            ("PHOTO;BASE64:/9j/", Normal::Aside("photo".to_owned())),
            ("LOGO:data:image/png;base64,AAAA", Normal::Aside("logo".to_owned())),
            ("X-EVOLUTION-X509;ENCODING=b:AAAA", Normal::Aside("x-evolution-x509".to_owned())),
            ("PHOTO;ENCODING=BASE64:", Normal::Nothing),
            ("N:;;;;", Normal::Nothing),
            ("NOTE: ", Normal::Nothing),
        ] {
            assert_eq!(normal(Line::parse(text).unwrap(), Version::V3), expected, "{text}");
        }
    }
}
