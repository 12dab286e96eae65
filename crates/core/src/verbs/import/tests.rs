//! Who is known again, what changes, and that a second time nothing does.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;

use super::*;
use crate::contact::{Channel, Value, Words};
use crate::date::Date;
use crate::exchange::Touch;
use crate::notebook::Notebook;

type Files = BTreeMap<String, String>;

const SETTINGS: &str = "country = \"US\"\n[team.pat]\nname = \"Pat Doe\"\nemail = [\"pat@acme.example\"]\n";

/// A notebook in a folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &Files) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("tickler-import-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (file, text) in files.iter().chain([(&"tickler.toml".to_owned(), &SETTINGS.to_owned())]) {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Folder(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Takes the cards in; gives what became of each, and the files afterwards.
fn import(files: &Files, cards: &[Card], only_fill: bool) -> (Vec<Taken>, Files, Planned) {
    let folder = Folder::new(files);
    let notebook = Notebook::open(&folder.0).unwrap();
    let today = Date::new(2026, 12, 3).unwrap();
    let survey = notebook.survey(today);
    let desk = Desk { settings: notebook.settings(), today, time: None, me: None };
    let (tags, mut number) = (["fair".to_owned()], files.len());
    let mut new_uid = || {
        number += 1;
        format!("uid-{number}")
    };
    let manner = Manner {
        kind: "csv",
        file: "a.csv",
        country: None,
        tags: &tags,
        stage: None,
        owner: None,
        source: Some("LinkedIn"),
        only_fill,
    };
    let mut importer = Importer::new(&survey, &desk, manner, &mut new_uid).unwrap();
    let mut taken = importer.take_all(cards.to_vec());
    while importer.again() {
        let later = importer.take_all(cards.to_vec());
        for (taken, later) in taken.iter_mut().zip(later) {
            if matches!(taken, Taken::Same { .. } | Taken::Refused(_)) {
                *taken = later;
            }
        }
    }
    let planned = importer.finish();
    let mut after = files.clone();
    for change in &planned.deed.changes {
        assert_eq!(files.get(&change.file), change.before.as_ref(), "{}", change.file);
        after.insert(change.file.clone(), change.after.clone().unwrap());
    }
    (taken, after, planned)
}

/// A card of `key=value` with `;` between them; `+` in front of a value of a list for each.
fn card(text: &str) -> Card {
    let mut card = Card::default();
    for (key, value) in text.split(';').filter_map(|part| part.trim().split_once('=')) {
        let value = value.to_owned();
        let head = &mut card.head;
        match key {
            "name" => head.name = Some(value),
            "company" => head.company = Some(value),
            "role" => head.role = Some(value),
            "uid" => head.uid = Some(value),
            "stage" => head.stage = Some(value),
            "owner" => head.owner = Some(value),
            "email" => head.email.push(value),
            "phone" => head.phone.push(value),
            "link" => head.links.push(value),
            "tag" => head.tags.push(value),
            "birthday" => head.dates.push(("birthday".to_owned(), value.parse().unwrap())),
            "note" => card.notes.push(value),
            "met" => card.touches.push(Touch {
                date: value.parse().unwrap(),
                time: None,
                channel: Channel::Social,
                words: Words::default(),
                who: None,
                text: "connected on LinkedIn".to_owned(),
            }),
            _ => head.custom.push((key.to_owned(), Value::Text(value))),
        }
    }
    card
}

fn notebook() -> Files {
    let file = |id: &str, head: &str, body: &str| {
        (format!("contacts/{id}.md"), format!("+++\n{head}\n+++\n{body}\n## Log\n"))
    };
    [
        file(
            "jane",
            "name = \"Jane Doe\" # friend\nuid = \"u-jane\"\ncompany = \"Acme\"\nemail = 'jane@acme.example'\n\
             phone = [\"+1 (201) 555-0123\"]\nlinks = [\"https://linkedin.com/in/jane\"]",
            "\nMet in Dallas.\n",
        ),
        file("bob", "name = \"Bob Smith\"\nemail = [\"info@acme.example\"]\nphone = [\"201 555 0999\"]", ""),
        file("sue", "name = \"Sue Smith\"\nphone = [\"201 555 0999\"]\nstage = \"stopped\"", ""),
        file("twin-1", "name = \"Tom Twin\"\ncompany = \"Acme\"\nemail = [\"t1@acme.example\"]", ""),
        file("twin-2", "name = \"Tom Twin\"\ncompany = \"Acme\"\nemail = [\"t2@acme.example\"]", ""),
        file("ann", "name = \"Ann\"", ""),
        ("contacts/torn.md".to_owned(), "+++\nemail = \"torn@acme.example\"\nname = 5\n+++\n".to_owned()),
    ]
    .into()
}

fn told(taken: &Taken) -> String {
    match taken {
        Taken::Created { id } => format!("new {id}"),
        Taken::Updated { id, by, what } => format!("{id} by {by}: {}", what.join(", ")),
        Taken::Same { id } => format!("same {id}"),
        Taken::Refused(why) => format!("refused: {why}"),
    }
}

#[test]
fn who_is_known_again() {
    for (said, expected) in [
        (
            "uid=u-jane; name=Somebody Else; email=t1@acme.example",
            "jane by uid: other_names Somebody Else, email t1@acme.example",
        ),
        ("name=Jane Doe; email=JANE@acme.example", "same jane"),
        ("name=Doe, Jane; company=Acme; phone=2015550123", "same jane"),
        ("name=J. Doe; email=jane@acme.example", "same jane"),
        ("name=jane@acme.example; email=jane@acme.example", "same jane"),
        ("name=Jane Miller; email=jane@acme.example", "jane by email jane@acme.example: name Jane Miller"),
        ("name=Jane; phone=(201) 555-0123; role=Boss", "jane by phone +12015550123: role Boss"),
        ("name=Jane; phone=(201) 555-0123 x7", "new jane-2"),
        ("name=Karl Other; phone=(201) 555-0123", "new karl-other"),
        ("phone=(201) 555-0123", "same jane"),
        ("name=Sue; phone=+12015550999", "same sue"),
        ("phone=+12015550999", "same bob"),
        (
            "phone=+12015550999; role=A",
            "refused: it fits \"bob\" and \"sue\" by phone +12015550999; merge them, or give it the email of one",
        ),
        ("name=Bob S; email=info@acme.example; company=Acme", "bob by email info@acme.example: company Acme"),
        ("name=Zoe; email=info@acme.example", "new zoe"),
        ("name=J D; link=http://www.linkedin.com/in/jane/?x=1", "same jane"),
        (
            "name=Jane Doe; company=ACME Inc.; email=j@new.example",
            "jane by name and company: company ACME Inc., email j@new.example",
        ),
        ("name=Jane Doe; company=Other; email=j@new.example", "new jane-doe"),
        ("name=Jane Doe; company=Acme; link=https://linkedin.com/in/jane2", "new jane-doe"),
        ("name=Jane Doe; email=j@new.example", "new jane-doe"),
        ("name=Jane Doe", "same jane"),
        ("name=Ann; email=a@new.example", "ann by name: email a@new.example"),
        ("name=Tom Twin; company=Acme", "same twin-1"),
        (
            "name=Tom Twin; company=Acme; role=Boss",
            "refused: it fits \"twin-1\" and \"twin-2\" by name and company; merge them, or give it the email of one",
        ),
        (
            "name=T; email=torn@acme.example",
            "refused: \"contacts/torn.md\" is broken, so it is left as it is; it fits by email torn@acme.example",
        ),
        ("note=x", "refused: it does not say who it is"),
        ("name= ; email=", "refused: it does not say who it is"),
        ("name=X; stage=hot", "refused: there is no stage \"hot\""),
        ("name=X; owner=kim", "refused: its owner \"kim\" is nobody in the team"),
        ("name=X; owner=Pat Doe", "new x"),
        ("email=new@acme.example", "new new-acme-example"),
        ("name=!?; phone=12345", "new 12345"),
        ("name=Sue Smith; phone=+12015550999; stage=new; role=CEO", "sue by phone +12015550999: role CEO"),
    ] {
        let (taken, ..) = import(&notebook(), &[card(said)], false);
        assert_eq!(told(&taken[0]), expected, "{said}");
    }
}

#[test]
fn what_is_there_is_only_filled_in_where_that_is_asked_for() {
    let said = "email=jane@acme.example; company=Other; role=Boss; tag=vip; Shoe=9";
    for (only_fill, expected) in [
        (false, "jane by email jane@acme.example: company Other, role Boss, Shoe 9, tags vip"),
        (true, "jane by email jane@acme.example: role Boss, Shoe 9, tags vip"),
    ] {
        let (taken, ..) = import(&notebook(), &[card(said)], only_fill);
        let mut told = told(&taken[0]);
        if let Some((head, _)) = told.split_once(": ") {
            let mut what: Vec<&str> = told[head.len() + 2..].split(", ").collect();
            what.sort_by_key(|what| what.starts_with("tags"));
            told = format!("{head}: {}", what.join(", "));
        }
        assert_eq!(told, expected);
    }
}

#[test]
fn only_what_must_change_does() {
    let said = "email=jane@acme.example; email=j@new.example; role=Boss; note=Met  in Dallas.; note=Keen.; met=2024-03-12; birthday=1604-05-12";
    let (_, after, planned) = import(&notebook(), &[card(said)], false);
    assert_eq!(
        after["contacts/jane.md"],
        "+++\nname = \"Jane Doe\" # friend\nuid = \"u-jane\"\ncompany = \"Acme\"\nrole = \"Boss\"\n\
         email = [\"jane@acme.example\", \"j@new.example\"]\nphone = [\"+1 (201) 555-0123\"]\n\
         links = [\"https://linkedin.com/in/jane\"]\n\n[dates]\nbirthday = 1604-05-12\n+++\n\nMet in Dallas.\n\n\
         Keen.\n\n## Log\n\n- 2024-03-12 social: connected on LinkedIn\n"
    );
    assert_eq!(planned.deed.subject, "import a.csv: 1 changed");
}

#[test]
fn what_a_new_contact_says() {
    let cards = [
        card("name=Zoe  Lee; company=A; email=zoe@x.example; tag=vip; note=# Log; met=2024-03-12"),
        card("name=Zoe Lee; company=B"),
    ];
    let (taken, after, planned) = import(&notebook(), &cards, false);
    assert_eq!(taken.iter().map(told).collect::<Vec<_>>(), ["new zoe-lee", "new zoe-lee-2"]);
    assert_eq!(
        after["contacts/zoe-lee.md"],
        "+++\nname = \"Zoe Lee\"\nuid = \"uid-8\"\ncompany = \"A\"\nsource = \"LinkedIn\"\nemail = [\"zoe@x.example\"]\n\
         tags = [\"vip\", \"fair\"]\nadded = 2026-12-03\n+++\n\n\\# Log\n\n## Log\n\n- 2024-03-12 social: connected on LinkedIn\n"
    );
    assert_eq!(planned.deed.subject, "import a.csv: 2 new");
}

#[test]
fn rows_of_one_file_meet_each_other() {
    for (cards, expected) in [
        (
            &["name=Zoe; email=z@x.example", "name=Zoe Lee; email=z@x.example; role=A"][..],
            &["new zoe", "zoe by email z@x.example: name Zoe Lee, role A"][..],
        ),
        (
            &["name=Z Lee; company=A; email=1@x.example", "name=Z Lee; company=A; email=2@x.example"],
            &["new z-lee", "new z-lee-2"],
        ),
        (
            &["name=Z Lee; company=A", "name=Z Lee; company=A; email=2@x.example"],
            &["new z-lee", "z-lee by name and company: email 2@x.example"],
        ),
        (&["name=Jim; email=z@x.example", "name=Zo; email=z@x.example"], &["new jim", "new zo"]),
        (&["uid=1; name=Z; email=z@x.example", "uid=2; name=Z; email=z@x.example"], &["new z", "new z-2"]),
        (
            &["email=jane@acme.example; role=A", "email=jane@acme.example; role=B"],
            &["jane by email jane@acme.example: role A", "jane by email jane@acme.example: other_roles B"],
        ),
    ] {
        let cards: Vec<Card> = cards.iter().map(|said| card(said)).collect();
        let (taken, after, _) = import(&notebook(), &cards, false);
        assert_eq!(taken.iter().map(told).collect::<Vec<_>>(), expected);
        let (again, same, _) = import(&after, &cards, false);
        assert!(again.iter().all(|taken| matches!(taken, Taken::Same { .. })), "{again:?}");
        assert_eq!(same, after);
    }
}

#[test]
fn no_row_damages_a_file() {
    let long = "x".repeat((64 << 10) + 1);
    for (text, is_taken) in [
        ("a\u{0}b\u{1b}[31m", true),
        ("+++\n[x]\n+++", true),
        ("\"\"\"", true),
        ("\\", true),
        (&*long, false),
    ] {
        let mut any = card("name=Zed; email=z@x.example");
        any.head.company = Some(text.to_owned());
        any.head.custom = vec![(text.chars().take(9).collect(), Value::Text(text.to_owned()))];
        any.notes = vec![text.to_owned()];
        let (taken, after, _) = import(&notebook(), &[any], false);
        assert_eq!(matches!(taken[0], Taken::Created { .. }), is_taken, "{taken:?}");
        if is_taken {
            let reading =
                file::parse(&after["contacts/zed.md"], "zed", &crate::settings::Settings::default());
            assert!(!reading.contact.broken && reading.contact.log.is_empty(), "{:?}", reading.problems);
        } else {
            assert_eq!(told(&taken[0]), "refused: its `company` is longer than 64 KiB");
        }
    }
}

#[test]
fn many_go_into_folders_of_their_letters() {
    let cards: Vec<Card> = (0..600).map(|n| card(&format!("name=N{n}; email=n{n}@x.example"))).collect();
    let (_, after, _) = import(&Files::new(), &cards, false);
    assert!(after.keys().all(|file| file.starts_with("contacts/n/")), "{:?}", after.keys().next());
    assert_eq!(after.len(), 600);
}

/// An address that was made up to fill a cell joined whoever had it, and was looked through row by row.
#[test]
fn an_address_of_a_crowd_joins_nobody() {
    let cards: Vec<Card> = (0..90)
        .map(|n| card(&format!("name=N{n} X{n}; email=none@none.example; phone=2015550100")))
        .collect();
    let (taken, after, _) = import(&Files::new(), &cards, false);
    assert!(taken.iter().all(|taken| matches!(taken, Taken::Created { .. })), "{taken:?}");
    let (again, same, _) = import(&after, &cards, false);
    assert!(again.iter().all(|taken| matches!(taken, Taken::Same { .. })), "{again:?}");
    assert_eq!(same, after);
}

/// Names of one person, and their company, email, phone and profile.
type Person = (&'static [&'static str], [&'static str; 4]);

const PEOPLE: [Person; 4] = [
    (
        &["Jane Doe", "Jane", "J. Doe", ""],
        ["Acme", "jane@acme.example", "+1 201 555 0123", "https://linkedin.com/in/jane"],
    ),
    (
        &["Tom Twin", "Ann Other", ""],
        ["Acme", "t1@acme.example", "2015550999", "https://linkedin.com/in/tom"],
    ),
    (&["Zoe Lee", "Zoe", ""], ["Other", "z@x.example", "5550123", "https://linkedin.com/in/zoe"]),
    (&["Ann"], ["", "info@acme.example", "+1 201 555 0777", "https://acme.example/team"]),
];

/// Rows that each say some of what there is to say of one of a few people.
fn any_card() -> impl Strategy<Value = String> {
    let more = prop::sample::select(
        &[
            "role=A",
            "role=B",
            "stage=lost",
            "uid=1",
            "uid=2",
            "note=Keen.",
            "note=- [ ] x",
            "met=2024-03-12",
            "tag=vip",
        ][..],
    );
    let more = prop::collection::vec(more, 0..3);
    (0..PEOPLE.len(), any::<prop::sample::Index>(), any::<[bool; 4]>(), more).prop_map(
        |(who, name, says, more)| {
            let (names, facts) = PEOPLE[who];
            let mut text = more.join(";") + ";name=" + names[name.index(names.len())];
            for ((key, fact), _) in
                ["company", "email", "phone", "link"].iter().zip(facts).zip(says).filter(|(_, says)| *says)
            {
                text.push_str(&format!(";{key}={fact}"));
            }
            text
        },
    )
}

/// Every text, date and number of a contact, and the lines of its body.
fn all_said(text: &str) -> Vec<String> {
    let contact = file::parse(text, "x", &crate::settings::Settings::default()).contact;
    let lists = [&contact.head.email, &contact.head.phone, &contact.head.links, &contact.head.tags];
    let body = &text[file::layout::Layout::of(text).body];
    lists.into_iter().flatten().cloned().chain(body.lines().map(str::to_owned)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_second_time_nothing_changes(said in prop::collection::vec(any_card(), 1..8), only_fill in any::<bool>()) {
        let cards: Vec<Card> = said.iter().map(|said| card(said)).collect();
        let files = notebook();
        let (first, after, _) = import(&files, &cards, only_fill);
        for (file, text) in &files {
            let new = all_said(&after[file]);
            for said in all_said(text) {
                prop_assert!(new.contains(&said), "{} lost {:?}", file, said);
            }
        }
        for name in ["twin-1", "ann"] {
            let file = format!("contacts/{name}.md");
            prop_assert!(file::parse(&after[&file], name, &crate::settings::Settings::default()).problems.is_empty());
        }
        let (again, same, planned) = import(&after, &cards, only_fill);
        prop_assert!(same == after, "{:?} {:?}", first, again);
        prop_assert!(planned.deed.changes.is_empty());
        for (first, again) in first.iter().zip(&again) {
            let is_as_before = matches!((first, again), (Taken::Refused(_), Taken::Refused(_)) | (_, Taken::Same { .. }));
            prop_assert!(is_as_before, "{:?} {:?}", first, again);
        }
    }
}
