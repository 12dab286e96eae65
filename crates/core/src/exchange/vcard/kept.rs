//! Kept lines: what a contact's key `vcard` holds of other programs' cards, because the plain keys do not say it.
//!
//! Each is an unfolded line of vCard 4.0. These functions make such lines for formats that have names in parts, or
//! labels at numbers and addresses, as most sheets do; each gives none where the plain key says it all.

use super::line::{Line, spaced};
use super::name::{self, Name};

/// The words that vCard knows as types of a number or an address; any other word is a label.
const TYPES: [&str; 15] = [
    "home",
    "work",
    "cell",
    "voice",
    "fax",
    "pager",
    "text",
    "video",
    "textphone",
    "main",
    "car",
    "msg",
    "other",
    "school",
    "isdn",
];

/// The parts of a name, where the full name ([`full_name`]) would not be split into these.
pub fn name(family: &str, given: &str, additional: &str, prefix: &str, suffix: &str) -> Option<String> {
    let parts = Name::new(family, given, additional, prefix, suffix);
    name::keep(parts.line(), &parts.shown()).map(|line| line.to_string())
}

/// The same for a name that is shown in another way than these parts say it, such as without `Mr.`.
pub fn name_of(
    shown: &str,
    family: &str,
    given: &str,
    additional: &str,
    prefix: &str,
    suffix: &str,
) -> Option<String> {
    let parts = Name::new(family, given, additional, prefix, suffix);
    name::keep(parts.line(), shown).map(|line| line.to_string())
}

/// What a kept line is of: its property in capitals, and its value as the plain key has it. None where it is no line.
pub fn of(line: &str) -> Option<(String, String)> {
    let line = Line::parse(line)?;
    let plain = if line.name.eq_ignore_ascii_case("ADR") { line.value.clone() } else { line.plain() };
    Some((line.name.to_uppercase(), plain))
}

/// The full name that these parts make: prefix, given, additional, family, suffix.
pub fn full_name(family: &str, given: &str, additional: &str, prefix: &str, suffix: &str) -> String {
    Name::new(family, given, additional, prefix, suffix).shown()
}

/// A number that is of these types, such as `work` and `fax`; any other word is taken as the number's label.
pub fn tel(number: &str, types: &[&str]) -> Option<String> {
    labelled(Line::text("TEL", &spaced(number)), types, "voice")
}

/// An address of electronic mail that is of these types.
pub fn email(address: &str, types: &[&str]) -> Option<String> {
    labelled(Line::text("EMAIL", &spaced(address)), types, "internet")
}

/// The parts of an address: post-office box, extended (a flat, a floor), street, town, region, postal code, country.
/// None where there is only a street, without types.
pub fn adr(parts: &[&str; 7], types: &[&str]) -> Option<String> {
    let is_street_alone = parts.iter().enumerate().all(|(at, part)| (at == 2) != part.trim().is_empty());
    let line = Line::parts("ADR", &parts.map(str::trim));
    if is_street_alone || parts.iter().all(|part| part.trim().is_empty()) {
        return labelled(line, types, "");
    }
    Some(labelled(line.clone(), types, "").unwrap_or_else(|| line.to_string()))
}

/// The parts of an address on one line, as the key `address` has it.
pub fn address(parts: &[&str; 7]) -> String {
    let lines = parts.iter().flat_map(|part| part.lines());
    let words: Vec<String> = lines.map(spaced).filter(|line| !line.is_empty()).collect();
    words.join(", ")
}

/// The line with its types and label; none where they say nothing. `usual` is the type that goes without saying.
fn labelled(line: Line, types: &[&str], usual: &str) -> Option<String> {
    let value_is_empty = line.value.trim_matches(';').is_empty();
    let mut known: Vec<String> = Vec::new();
    let mut label = None;
    for word in types.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        let lower = match word.to_lowercase().as_str() {
            "mobile" => "cell".to_owned(),
            lower => lower.to_owned(),
        };
        if lower == usual || known.contains(&lower) {
            continue;
        }
        if TYPES.contains(&lower.as_str()) { known.push(lower) } else { label = Some(word) }
    }
    if value_is_empty || (known.is_empty() && label.is_none()) {
        return None;
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let label: Vec<&str> = label.into_iter().collect();
    Some(line.with("TYPE", &known).with("X-ABLABEL", &label).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_plain_key_does_not_say_is_kept() {
        for (kept, expected) in [
            (name("Doe", "Jane", "", "", ""), None),
            (name("Doe", "Jane", "Q.", "Dr.", ""), Some("N:Doe;Jane;Q.;Dr.;")),
            (name("", "", "", "", ""), None),
            (tel("+1 555 0100", &[]), None),
            (tel("+1 555 0100", &["voice"]), None),
            (tel("+1 555 0100", &["Mobile"]), Some("TEL;TYPE=cell:+1 555 0100")),
            (tel("+1 555 0100", &["Work", "Fax"]), Some("TEL;TYPE=work,fax:+1 555 0100")),
            (tel("1,2", &["Front desk"]), Some("TEL;X-ABLABEL=\"Front desk\":1\\,2")),
            (email("jane@x.example", &["work"]), Some("EMAIL;TYPE=work:jane@x.example")),
            (email(" ", &["work"]), None),
            (adr(&["", "", "1 Main St, Town", "", "", "", ""], &[]), None),
            (
                adr(&["", "", "1 Main St", "Town", "ST", "12345", "US"], &["home"]),
                Some("ADR;TYPE=home:;;1 Main St;Town;ST;12345;US"),
            ),
            (adr(&["", "", "", "Town", "", "", ""], &[]), Some("ADR:;;;Town;;;")),
            (adr(&["", "", "", "", "", "", ""], &["home"]), None),
        ] {
            assert_eq!(kept.as_deref(), expected);
        }
        assert_eq!(
            address(&["", "Flat 2", "1 Main St\nYard", "Town", " ", "1", "US"]),
            "Flat 2, 1 Main St, Yard, Town, 1, US"
        );
    }
}
