//! Google Contacts, the sheets of before 2024 (`Given Name`, `E-mail 1 - Type`) and those since (`First Name`,
//! `E-mail 1 - Label`).

use super::{Slot, Table, find};
use crate::exchange::csv::key::{AddressPart, Key, Part, Target, Text, slug};

/// The columns that stand once.
pub const TABLE: &Table = &[
    ("name", "name"),
    ("name_prefix", "prefix"),
    ("first_name", "first"),
    ("given_name", "first"),
    ("middle_name", "middle"),
    ("additional_name", "middle"),
    ("last_name", "last"),
    ("family_name", "last"),
    ("name_suffix", "suffix"),
    ("nickname", "nickname"),
    ("file_as", "filed_as"),
    ("organization_name", "company"),
    ("organization_title", "role"),
    ("organization_department", "department"),
    ("birthday", "dates.birthday"),
    ("notes", "note"),
    ("labels", "tags"),
    ("group_membership", "tags"),
];

/// Whether numbered columns stand there as Google names them, and a name.
pub fn is_header(slugs: &[String]) -> bool {
    let has_name =
        slugs.iter().any(|slug| matches!(find(TABLE, slug), Some("name" | "first" | "last" | "filed_as")));
    let is_google = |slug: &String| {
        let numbered = ["e_mail_1_", "phone_1_", "address_1_", "organization_1_"];
        slug == "group_membership"
            || slug == "phonetic_first_name"
            || numbered.iter().any(|begin| slug.starts_with(begin))
    };
    has_name && slugs.iter().any(is_google)
}

/// A column of several: `Phone 2 - Value` is of kind `phone`, number `2`, part `value`.
fn numbered(name: &str) -> Option<(String, &str, String)> {
    let (front, part) = name.rsplit_once(" - ")?;
    let (kind, number) = front.trim().rsplit_once(' ')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (slug(kind), number, slug(part)))
}

pub fn slots(columns: &[String]) -> Vec<Slot> {
    let slot = |(column, name): (usize, &String)| match numbered(name) {
        Some((kind, number, part)) => {
            let label = columns.iter().position(|other| {
                numbered(other).is_some_and(|(a, b, c)| {
                    a == kind && b == number && matches!(c.as_str(), "label" | "type")
                })
            });
            let key = of_several(name, &kind, number, &part);
            Slot { column, label: label.filter(|label| *label != column), key }
        }
        None => {
            let slug = slug(name);
            let key = match slug.as_str() {
                "photo" => Key::of("-", Target::Aside("photo")),
                slug => find(TABLE, slug).map_or_else(|| Key::named_after(name), Key::known),
            };
            Slot { column, key, label: None }
        }
    };
    columns.iter().enumerate().map(slot).collect()
}

fn of_several(name: &str, kind: &str, number: &str, part: &str) -> Key {
    let address = |part| Key::of("address", Target::Address(number.to_owned(), part));
    match (kind, part) {
        // Labels go with what they are labels of.
        (_, "label" | "type") => Key::nothing(),
        ("e_mail", "value") => Key::known("email"),
        ("phone", "value") => Key::known("phone"),
        ("website", "value") => Key::known("links"),
        ("event", "value") => Key::known("dates.event"),
        ("relation", "value") => Key::known("related"),
        ("custom_field" | "jot", "value") => Key::named_after(kind),
        ("im", "value") => Key::known("im"),
        ("im", "service") => Key::nothing(),
        ("organization", "name") => Key::of("company", Target::Text(Text::Company)),
        ("organization", "title") => Key::of("role", Target::Text(Text::Role)),
        ("organization", "department") => Key::known("department"),
        ("address", "formatted") => address(AddressPart::Whole),
        ("address", "street") => address(AddressPart::Street),
        ("address", "city") => address(AddressPart::City),
        ("address", "po_box") => address(AddressPart::PoBox),
        ("address", "region") => address(AddressPart::Region),
        ("address", "postal_code") => address(AddressPart::Postcode),
        ("address", "country") => address(AddressPart::Country),
        ("address", "extended_address") => address(AddressPart::Extended),
        ("name", "value") => Key::of("name", Target::Name(Part::Full)),
        // `Calendar Link 1 - Value` and what may come.
        (_, "value") => Key::named_after(kind),
        _ => Key::named_after(name),
    }
}
