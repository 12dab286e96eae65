//! Who is taken for whom, as data: two front matters, the score, and why.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::file::parse;
use crate::settings::Settings;

fn face(index: usize, head: &str) -> Face {
    let id = format!("c{index}");
    let text = format!("+++\n{}\n+++\n", head.replace("; ", "\n"));
    let contact = parse(&text, &id, &Settings::default()).contact;
    assert!(!contact.broken, "{text}");
    Face::of(index, &contact, None)
}

/// Two contacts, how alike they are, and the reasons.
const PAIRS: [(&str, &str, u8, &str); 39] = [
    ("name = 'A B'; aliases = ['C1']", "name = 'C D'", 99, "an earlier id of the other"),
    ("uid = 'x'; name = 'A B'", "uid = 'x'; name = 'C D'", 100, "same uid"),
    ("name = 'Jane Doe'", "name = 'jane DOE'", 80, "same name"),
    (
        "name = 'Jane Doe'; company = 'Acme'",
        "name = 'Doe, Jane'; company = 'ACME Ltd.'",
        95,
        "same name, same company",
    ),
    ("name = 'Jane Doe'; company = 'Acme'", "name = 'Jane Doe'", 80, "same name"),
    (
        "name = 'Jane Doe'; company = 'Acme'",
        "name = 'Jane Doe'; company = 'Beta'",
        65,
        "same name, but another company",
    ),
    ("name = 'Dr. José Núñez'", "name = 'Jose Nunez, PhD'", 80, "same name"),
    ("name = 'Seán O’Neill'", "name = \"Sean O'Neill\"", 80, "same name"),
    (
        "name = 'Jane Deo'; company = 'Acme'",
        "name = 'Jane Doe'; company = 'Acme'",
        80,
        "nearly the same name, same company",
    ),
    (
        "name = 'Jane Smtih'; company = 'Acme'",
        "name = 'Jane Smith'; company = 'Acme'",
        80,
        "nearly the same name, same company",
    ),
    ("name = 'Jane Smyth'", "name = 'Jane Smith'", 60, "nearly the same name"),
    ("name = 'Jon Smith'", "name = 'John Smith'", 60, "nearly the same name"),
    ("name = 'Mark Smith'", "name = 'Mary Smith'", 0, ""),
    ("name = 'Mark Smith'", "name = 'Paul Smith'", 0, ""),
    ("name = 'Jane Smith'", "name = 'Jane Miller'", 0, ""),
    (
        "name = 'J. Doe'; company = 'Acme'",
        "name = 'Jane Doe'; company = 'Acme'",
        75,
        "the same initial and name, same company",
    ),
    ("name = 'J. Doe'", "name = 'Jane Doe'", 50, "the same initial and name"),
    ("name = 'B. Doe'", "name = 'Jane Doe'", 0, ""),
    ("name = 'Bob Miller'", "name = 'Robert Miller'", 66, "a short form of the name"),
    ("name = 'Jon Smyth'", "name = 'Jonathan Smyth'", 66, "a short form of the name"),
    ("name = 'Jane Quinn Doe'", "name = 'Jane Doe'", 68, "one name is a part of the other"),
    (
        "name = 'Jane'; company = 'Acme'",
        "name = 'Jane Doe'; company = 'Acme'",
        60,
        "one name is a word of the other, same company",
    ),
    ("name = 'Jane'", "name = 'Jane Doe'", 0, ""),
    (
        "name = 'A B'; email = ['j@x.example']",
        "name = 'B A'; email = ['J@X.example']",
        98,
        "same email j@x.example, same name",
    ),
    (
        "name = 'Ann Lee'; email = 'j@x.example'",
        "name = 'Bob Ray'; email = 'j@x.example'",
        70,
        "same email j@x.example",
    ),
    (
        "name = 'Ann Lee'; email = 'info@x.example'",
        "name = 'Bob Ray'; email = 'info@x.example'",
        30,
        "same email info@x.example",
    ),
    (
        "name = 'Ann Lee'; email = 'info@x.example'",
        "name = 'Ann Lee'; email = 'info@x.example'",
        90,
        "same email info@x.example, same name",
    ),
    (
        "name = 'Ann Lee'; phone = '+1 555 0100'",
        "name = 'A. Lee'; phone = '+1-555-0100'",
        95,
        "same phone +15550100, the same initial and name",
    ),
    (
        "name = 'Ann Lee'; phone = '+1 555 0100'",
        "name = 'Bob Ray'; phone = '+1-555-0100'",
        45,
        "same phone +15550100",
    ),
    (
        "name = 'Ann Lee'; links = 'https://www.linkedin.com/in/al/'",
        "name = 'A. Li'; links = 'http://linkedin.com/in/al'",
        50,
        "same link linkedin.com/in/al",
    ),
    ("name = 'Ann Lee'; links = 'https://x.example'", "name = 'Bob Ray'; links = 'https://x.example'", 0, ""),
    (
        "name = 'Ann Lee'; [dates]; birthday = 1980-05-12",
        "name = 'Ann Lee'; [dates]; birthday = 1981-05-12",
        45,
        "same name, but another birthday",
    ),
    (
        "name = 'Ann Lee'; [dates]; birthday = 1980-05-12",
        "name = 'Ann Lee'; [dates]; birthday = 1604-05-12",
        80,
        "same name",
    ),
    (
        "name = 'Ann Lee'; links = ['linkedin.com/in/a']",
        "name = 'Ann Lee'; links = ['linkedin.com/in/b']",
        50,
        "same name, but another profile on linkedin.com",
    ),
    ("name = 'Ann Lee'; kind = 'org'", "name = 'Ann Lee'", 40, "same name, but a person and an organisation"),
    ("name = 'Acme Hotels Ltd'; kind = 'org'", "name = 'Acme Hotels'; kind = 'org'", 80, "same name"),
    ("name = 'Ann Lee'; not_same_as = ['c1']", "name = 'Ann Lee'", 0, ""),
    ("name = 'Ann Lee'", "name = 'Ann Lee'; not_same_as = 'C0'", 0, ""),
    ("name = '佐藤 花子'", "name = '花子　佐藤'", 80, "same name"),
];

#[test]
fn who_is_taken_for_whom() {
    let mut wrong = String::new();
    for (one, other, score, why) in PAIRS {
        let (a, b) = (face(0, one), face(1, other));
        let told = |alike: Option<Likeness>| {
            let alike = alike.unwrap_or(Likeness { score: 0, reasons: Vec::new() });
            let why: Vec<String> = alike.reasons.iter().map(ToString::to_string).collect();
            (alike.score, why.join(", "))
        };
        let found = told(likeness(&a, &b));
        assert_eq!(found, told(likeness(&b, &a)), "the other way round: {one} / {other}");
        if found != (score, why.to_owned()) {
            writeln!(wrong, "{one} / {other}: {found:?}").unwrap();
        }
        // What is alike is found among many too.
        let among = pairs(&[face(0, one), face(1, other)], score.max(1), |_| true);
        assert_eq!(among.len(), usize::from(score > 0), "among many: {one} / {other}");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn only_those_that_are_asked_about() {
    let faces: Vec<Face> = (0..4).map(|at| face(at, "name = 'Ann Lee'")).collect();
    let all = pairs(&faces, 60, |_| true);
    assert_eq!(all.len(), 6);
    assert_eq!(all[0], Pair { score: 80, a: 0, b: 1 });
    let of_one = pairs(&faces, 60, |at| at == 2);
    assert_eq!(of_one.iter().map(|pair| (pair.a, pair.b)).collect::<Vec<_>>(), [(0, 2), (1, 2), (2, 3)]);
    assert_eq!(pairs(&faces, 81, |_| true), []);
}

proptest! {
    #[test]
    fn a_slip_of_the_pen_is_found(
        first in "[a-z]{5,9}", last in "[a-z]{5,9}", at in 1..4usize, letter in "[a-z]", how in 0..3u8
    ) {
        let mut slipped = last.clone();
        match how {
            0 => { slipped.remove(at); }
            1 => slipped.insert_str(at, &letter),
            _ => slipped.replace_range(at..=at, &letter),
        }
        let name = |last: &str| format!("name = '{first} {last}'");
        let found = pairs(&[face(0, &name(&last)), face(1, &name(&slipped))], 60, |_| true);
        prop_assert_eq!(found.len(), 1);
    }

    #[test]
    fn any_two_names_are_compared_alike_both_ways(one in "\\PC{0,12}", other in "\\PC{0,12}") {
        let [a, b] = [&one, &other].map(|name| Name::of(name, false));
        prop_assert_eq!(a.tie(&b), b.tie(&a));
        prop_assert_eq!(a.tie(&a), (!a.is_empty()).then_some(NameTie::Same));
    }
}
