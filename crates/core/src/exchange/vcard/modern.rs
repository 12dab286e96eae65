//! What programs write in ways of their own, as vCard 4.0 has it: labels of groups, spouses, anniversaries, groups.

use std::collections::HashMap;

use super::line::{Line, escape, list, spaced, unescape};
use super::normal::Version;
use super::said::label;

/// The lines of one card, each in the form of vCard 4.0, with the ways of Apple, Google, Outlook, Evolution, KDE and
/// Android as the standard's.
pub fn modern(lines: Vec<Line>, version: Version) -> Vec<Line> {
    let lines = labels(lines);
    postal(lines.into_iter().map(|line| renamed(line, version)).collect())
}

/// Labels of a group (`item1.X-ABLabel`) as parameters of the lines that they are of, so that a line stands for itself.
fn labels(lines: Vec<Line>) -> Vec<Line> {
    let group = |line: &Line| line.group.as_ref().map(|group| group.to_lowercase());
    let is_label =
        |line: &Line| line.group.is_some() && matches!(line.name.as_str(), "X-ABLABEL" | "X-ABADR");
    let mut of: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for line in lines.iter().filter(|line| is_label(line)) {
        // A backslash at the end would be taken for the escape of what follows.
        let text = spaced(&line.plain()).trim_end_matches(['\\', ' ']).to_owned();
        if !text.is_empty() {
            of.entry(group(line).unwrap_or_default()).or_default().push((line.name.clone(), text));
        }
    }
    let others = lines.into_iter().filter(|line| !is_label(line));
    let labelled = others.map(|mut line| {
        let labels = group(&line).and_then(|group| of.get(&group));
        line.group = None;
        labels.into_iter().flatten().fold(line, |line, (name, text)| line.with(name, &[text]))
    });
    labelled.collect()
}

/// A line under the standard's name.
fn renamed(mut line: Line, version: Version) -> Line {
    match line.name.as_str() {
        "X-ANNIVERSARY" | "X-EVOLUTION-ANNIVERSARY" | "X-MS-ANNIVERSARY" | "X-KADDRESSBOOK-X-ANNIVERSARY" => {
            line.name = "ANNIVERSARY".to_owned();
        }
        "X-ABDATE" if label(&line).eq_ignore_ascii_case("anniversary") => {
            line.take("X-ABLABEL");
            line.name = "ANNIVERSARY".to_owned();
        }
        "X-SPOUSE" | "X-EVOLUTION-SPOUSE" | "X-MS-SPOUSE" | "X-KADDRESSBOOK-X-SPOUSESNAME" => {
            return near(&line, "spouse");
        }
        "X-MANAGER" | "X-EVOLUTION-MANAGER" | "X-MS-MANAGER" | "X-KADDRESSBOOK-X-MANAGERSNAME" => {
            return near(&line, "manager");
        }
        "X-ASSISTANT" | "X-EVOLUTION-ASSISTANT" | "X-MS-ASSISTANT" | "X-KADDRESSBOOK-X-ASSISTANTSNAME" => {
            return near(&line, "assistant");
        }
        "X-ABRELATEDNAMES" => {
            let kind = label(&line);
            // Apple's own words are in capitals, the standard's are not.
            let is_own = line.param("X-ABLABEL").any(|label| label.starts_with("_$!<"));
            return near(&line, if is_own { kind.to_lowercase() } else { kind }.as_str());
        }
        "X-FN" => line.name = "FN".to_owned(),
        "X-N" => line.name = "N".to_owned(),
        "X-MS-TEL" => line.name = "TEL".to_owned(),
        "X-ABSHOWAS" if line.value.trim().eq_ignore_ascii_case("COMPANY") => return Line::raw("KIND", "org"),
        "X-ADDRESSBOOKSERVER-KIND" => line.name = "KIND".to_owned(),
        "X-ADDRESSBOOKSERVER-MEMBER" => line.name = "MEMBER".to_owned(),
        "X-ANDROID-CUSTOM" => return android(line),
        // Version 3.0 must say that it is no offset, 4.0 need not.
        "TZ" if line.param("VALUE").all(|kind| kind.eq_ignore_ascii_case("text")) => {
            line.take("VALUE");
        }
        "GEO" if version != Version::V4 => {
            if let Some((north, east)) = line.value.split_once([';', ',']) {
                line.value = format!("geo:{},{}", north.trim(), east.trim());
            }
        }
        _ => {}
    }
    if matches!(line.name.as_str(), "BDAY" | "ANNIVERSARY" | "X-ABDATE") {
        return dated(line);
    }
    line
}

/// A day without a time, in one form.
fn dated(mut line: Line) -> Line {
    let Some(day) = super::day::day(&line) else { return line };
    let kinds = line.take("VALUE");
    if kinds.iter().all(|kind| !kind.eq_ignore_ascii_case("text")) && !line.value.contains(['T', 't', ' ']) {
        line.value = super::day::basic(day);
        line.take("X-APPLE-OMIT-YEAR");
    } else {
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        line = line.with("VALUE", &kinds);
    }
    if line.name == "X-ABDATE" {
        let label = label(&line);
        line.take("X-ABLABEL");
        let labels: &[&str] = if label.is_empty() { &[] } else { &[&label] };
        line = line.with("X-ABLABEL", labels);
    }
    line
}

/// Somebody near.
fn near(line: &Line, kind: &str) -> Line {
    let kinds: &[&str] = if kind.is_empty() { &[] } else { &[kind] };
    // A label may be written in any case; a type comes back in small letters.
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.to_lowercase()).collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    Line::text("RELATED", &spaced(&line.plain())).with("TYPE", &kinds).with("VALUE", &["text"])
}

/// What Android has no property for: `vnd.android.cursor.item/nickname;Jo;1;…`.
fn android(line: Line) -> Line {
    let parts: Vec<String> = super::line::split(&line.value, ';').map(unescape).collect();
    let part = |at: usize| parts.get(at).map(|text| spaced(text)).unwrap_or_default();
    let kind =
        parts.first().and_then(|kind| kind.strip_prefix("vnd.android.cursor.item/")).unwrap_or_default();
    if part(1).is_empty() {
        return line;
    }
    let found = match (kind, part(2).as_str()) {
        ("nickname", _) => Line::text("NICKNAME", &part(1)),
        ("contact_event", "3") => dated(Line::raw("BDAY", part(1))),
        ("contact_event", "1") => dated(Line::raw("ANNIVERSARY", part(1))),
        ("relation", number) => {
            const KINDS: [&str; 14] = [
                "assistant",
                "brother",
                "child",
                "partner",
                "father",
                "friend",
                "manager",
                "mother",
                "parent",
                "partner",
                "referred by",
                "relative",
                "sister",
                "spouse",
            ];
            let known = number.parse::<usize>().ok().and_then(|number| KINDS.get(number.wrapping_sub(1)));
            let kind = known.map_or_else(|| part(3), |kind| (*kind).to_owned());
            near(&Line::text("RELATED", &part(1)), &kind)
        }
        _ => return line,
    };
    let is_day = !matches!(found.name.as_str(), "BDAY" | "ANNIVERSARY") || super::day::day(&found).is_some();
    if is_day { found } else { line }
}

/// What is written on an envelope (`LABEL` of versions before 4.0) with the address that it is of: the one of the same
/// types; where there is no address, as one.
fn postal(lines: Vec<Line>) -> Vec<Line> {
    let kinds = |line: &Line| {
        let mut kinds: Vec<String> = line.param("TYPE").map(str::to_owned).collect();
        kinds.retain(|kind| !["parcel", "postal", "intl", "dom"].contains(&kind.as_str()));
        kinds.sort();
        kinds
    };
    let (labels, mut lines): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.name == "LABEL");
    let has_address = lines.iter().any(|line| line.name == "ADR" && !line.value.trim_matches(';').is_empty());
    for label in labels {
        let text = label.plain();
        let of = |line: &&mut Line| {
            line.name == "ADR" && line.param("LABEL").next().is_none() && kinds(line) == kinds(&label)
        };
        if let Some(address) = lines.iter_mut().find(of) {
            *address = std::mem::take(address).with("LABEL", &[&text]);
        } else if has_address {
            lines.push(label);
        } else {
            let parts: Vec<String> = text.lines().map(spaced).filter(|line| !line.is_empty()).collect();
            let address = Line {
                name: "ADR".to_owned(),
                value: format!(";;{};;;;", escape(&parts.join(", "))),
                ..label
            };
            lines.push(address.with("LABEL", &[&text]));
        }
    }
    lines
}

/// A card that stands for several others: its name, and whom it names as its members.
pub fn group(lines: &[Line]) -> Option<(String, Vec<String>)> {
    let is_group =
        lines.iter().any(|line| line.name == "KIND" && line.value.trim().eq_ignore_ascii_case("group"));
    if !is_group {
        return None;
    }
    let named = |name: &str| lines.iter().find(|line| line.name == name).map(|line| spaced(&line.plain()));
    let name = named("FN").or_else(|| named("ORG")).unwrap_or_default();
    let members = lines.iter().filter(|line| line.name == "MEMBER").flat_map(|line| list(&line.value));
    Some((name, members.map(|member| bare(&member)).collect()))
}

/// An identity without what says that it is one.
pub fn bare(uid: &str) -> String {
    let uid = uid.trim();
    let start = ["urn:uuid:", "mailto:"]
        .into_iter()
        .find(|start| uid.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start)));
    start.map_or(uid, |start| &uid[start.len()..]).trim().to_owned()
}
