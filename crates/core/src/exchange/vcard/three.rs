//! Lines of vCard 4.0 as version 3.0 (RFC 2426) has them.

use super::day::day;
use super::line::{Line, Param};
use super::said::{Said, says};
use crate::date::YEARLESS;

/// The ways in which people are near that Apple has words of its own for.
const APPLE: [&str; 12] = [
    "assistant",
    "brother",
    "child",
    "father",
    "friend",
    "manager",
    "mother",
    "parent",
    "partner",
    "sister",
    "son",
    "spouse",
];

/// The lines of version 3.0 that say what these say: with one name, in parts even where there are none.
pub fn card(mut lines: Vec<Line>) -> Vec<Line> {
    for name in ["FN", "N"] {
        for line in lines.iter_mut().filter(|line| line.name == name).skip(1) {
            line.name = format!("X-{name}");
        }
    }
    if let (None, Some(at)) = (at(&lines, "N"), at(&lines, "FN")) {
        lines.insert(at + 1, Line::raw("N", ";;;;"));
    }
    lines.into_iter().flat_map(self::lines).collect()
}

fn at(lines: &[Line], name: &str) -> Option<usize> {
    lines.iter().position(|line| line.name == name)
}

fn lines(mut line: Line) -> Vec<Line> {
    preferred(&mut line);
    match line.name.as_str() {
        "UID" => line.value = line.value.strip_prefix("urn:uuid:").unwrap_or(&line.value).to_owned(),
        "KIND" if line.value == "org" => return vec![Line::raw("X-ABShowAs", "COMPANY")],
        "EMAIL" => return vec![typed(line, &["INTERNET"])],
        "TEL" => telephone(&mut line),
        "ADR" => return postal(line),
        "BDAY" | "ANNIVERSARY" | "X-ABDATE" => return vec![dated(line)],
        "RELATED" => return vec![near(line)],
        "TZ" if matches!(says(&line).first(), Some(Said::Timezone(_))) => {
            line = line.with("VALUE", &["text"])
        }
        "GEO" => {
            if let Some((north, east)) =
                line.value.strip_prefix("geo:").and_then(|value| value.split_once(','))
            {
                line.value = format!("{north};{east}");
            }
        }
        _ => {}
    }
    vec![typed(line, &[])]
}

/// `PREF=1` as a type.
fn preferred(line: &mut Line) {
    if line.take("PREF").iter().any(|rank| rank == "1") {
        match line.params.iter_mut().find(|param| param.name == "TYPE") {
            Some(param) => param.values.push("pref".to_owned()),
            None => line.params.push(Param { name: "TYPE".to_owned(), values: vec!["pref".to_owned()] }),
        }
    }
}

/// Types in capitals, these first; parameters without what version 3.0 has no way to write.
fn typed(mut line: Line, first: &[&str]) -> Line {
    let kinds: Vec<String> = line.take("TYPE").iter().map(|kind| kind.to_uppercase()).collect();
    let all: Vec<&str> = first.iter().copied().chain(kinds.iter().map(String::as_str)).collect();
    if !all.is_empty() {
        let values = all.iter().map(|kind| (*kind).to_owned()).collect();
        line.params.insert(0, Param { name: "TYPE".to_owned(), values });
    }
    let is_label = |param: &Param| param.name.starts_with("X-AB");
    for param in line.params.iter_mut().filter(|param| !is_label(param)) {
        for value in &mut param.values {
            *value = value.replace('"', "'").replace('\n', ", ").replace('^', "");
        }
    }
    line
}

/// A `tel:` as the number that it is.
fn telephone(line: &mut Line) {
    let said = says(line).into_iter().next();
    if let Some(Said::Phone(number)) = said.filter(|_| !line.take("VALUE").is_empty()) {
        line.value = super::line::escape(&number);
    }
}

/// What is written on the envelope as a property of its own.
fn postal(mut line: Line) -> Vec<Line> {
    let label = line.take("LABEL").join("\n");
    let kinds: Vec<String> = line.param("TYPE").map(str::to_owned).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let label = (!label.is_empty()).then(|| typed(Line::text("LABEL", &label).with("TYPE", &kinds), &[]));
    std::iter::once(typed(line, &[])).chain(label).collect()
}

/// Days with dashes; those without a year by the year that stands for none.
fn dated(mut line: Line) -> Line {
    if line.name == "ANNIVERSARY" {
        line.name = "X-ANNIVERSARY".to_owned();
    }
    let is_bare = !line.value.contains(['T', 't', ' ']) && line.param("VALUE").next().is_none();
    let Some(day) = day(&line).filter(|_| is_bare) else { return typed(line, &[]) };
    line.value = day.to_string();
    let omitted = YEARLESS.to_string();
    let omits: &[&str] = if day.is_yearless() { &[&omitted] } else { &[] };
    typed(line.with("X-APPLE-OMIT-YEAR", omits), &[])
}

/// Somebody near, as Apple, Google and others write it; what is no text stays what it is.
fn near(mut line: Line) -> Line {
    if says(&line).is_empty() {
        return typed(line, &[]);
    }
    let kind = line.take("TYPE").join(", ");
    line.take("VALUE");
    line.name = "X-ABRELATEDNAMES".to_owned();
    let label = match APPLE.iter().find(|known| **known == kind) {
        Some(known) => format!("_$!<{}{}>!$_", known[..1].to_uppercase(), &known[1..]),
        None => kind,
    };
    let labels: &[&str] = if label.is_empty() { &[] } else { &[&label] };
    line.with("X-ABLABEL", labels)
}
