//! The notebook that every run begins with, and the words of the deeds on it.

use tickler_tests::{Dice, Team};

use super::script::Deed;
use super::tokens::Kind;

/// A file that is no text.
pub const BINARY: &str = "files/logo.bin";
/// Files that are no contacts and that people write in.
pub const SHARED: [&str; 3] = ["tickler.toml", "templates/hello.md", "files/prices.txt"];

const ADA: &str = "+++
name = \"Ada Moss\"   # with two s
uid = \"0a\"
city = \"Leeds\"
company = \"Acme Hotels\"
tags = [\"hotel\", \"vip\"]
email = [\"ada@moss.example\"]
stage = \"nurture\"

# What she likes.
[prefers]
channel = [\"phone\", \"email\"]
hours = \"Tue-Thu 14:00-16:00\"

[next]
on = 2026-12-10
why = \"the quote\"
+++

Met at the fair. Knows [[ben-oak]].

Has two dogs.
Likes tea.

## Log

- 2026-11-20 phone: said she would call back
  - [ ] them: call back by 2026-12-15
- 2026-11-11 email: sent the prices to [[ben-oak]]
- 2026-11-03 event: the fair
";

const BEN: &str = "+++
uid = \"0b\"
name = \"Ben Oak\"
tags = []
prefers.channel = [\"email\"]
+++
# Ben Oak

## Log

- 2026-10-01 event: the fair

- 2026-10-09 phone: a long talk
  with a second line

- 2026-11-01 email in: asked for [[ada-moss]]
";

const CLEO: &str = "# Cleo Fern\r\n\r\nLikes the sea.\r\n\r\n- [ ] send her a card\r\n\r\n## Log\r\n\r\n- 2026-11-02 event: the fair\r\n";
const DAN: &str = "+++\nuid = \"0d\"\nrole = \"buyer\"\ntags = [\"cold\"]\n+++\n\nNothing is known yet.\n";
const EVE: &str = "+++\nuid = \"0e\"\nname = \"Eve Reed\"\nowner = \"pat\"\ntags = [\"vip\"]\nstage = \"new\"\n+++\n\n\
                   Writes to [[dan-birch]].\n\n## Log\n\n- 2026-11-12 phone: first\n- 2026-11-12 phone: second\n\n\
                   ## Later\n\nWhat comes after the log.\n";
const SETTINGS: &str =
    "# Ours.\ncurrency = \"EUR\"\n\n[team.p0]\nemail = [\"p0@acme.example\"]\n\n[view]\nhot = \"tag:vip\"\n";

/// The files that all begin with.
const FILES: [(&str, &str); 9] = [
    ("tickler.toml", SETTINGS),
    ("contacts/ada-moss.md", ADA),
    ("contacts/ben-oak.md", BEN),
    ("contacts/cleo-fern.md", CLEO),
    ("contacts/far/dan-birch.md", DAN),
    ("contacts/eve-reed.md", EVE),
    ("templates/hello.md", "Dear {name},\nthis is us.\nYours\n"),
    ("files/prices.txt", "Prices.\none 1\ntwo 2\n"),
    (BINARY, "\0"),
];

/// Who is at work.
const PEOPLE: [&str; 5] = ["p0", "p1", "p2", "p3", "p4"];

/// A new contact's file; of one name, so that others may write of the same person.
pub fn newcomer(name: &str, token: &str, dice: &mut Dice) -> String {
    let uid = if dice.one_in(2) { format!("uid = \"{token}\"\n") } else { String::new() };
    let city = ["Rome", "Bern"][dice.below(2)];
    format!(
        "+++\nname = \"The {name}\"\n{uid}city = \"{city}\"\ntags = []\n+++\n\nCame in with {token}.\n\n## Log\n"
    )
}

/// The words of a deed on one of these contacts, and what its token is.
pub fn words(deed: Deed, ids: &[String], token: &str, dice: &mut Dice) -> (Kind, Vec<String>) {
    let id = dice.pick(ids).cloned().unwrap_or_default();
    let day = format!("2026-12-{:02}", 1 + dice.below(28));
    let (kind, line) = match deed {
        Deed::Log => {
            let channel = ["phone", "email in", "note", "visit"][dice.below(4)];
            (Kind::Entry, format!("log {id} {channel} -m 'about {token}' --force"))
        }
        Deed::Next => (Kind::Text, format!("next {id} {day} --why 'for {token}'")),
        Deed::Set => {
            let key = ["city", "role", "hot_button", "prefers.hours"][dice.below(4)];
            let value = if key == "prefers.hours" { "Mon 09:00-10:00".to_owned() } else { token.to_owned() };
            (Kind::Text, format!("set {id} '{key}={value}'"))
        }
        Deed::Tag => (Kind::Tag, format!("tag {id} +{token}")),
        Deed::Untag => (Kind::Text, format!("tag {id} -{}", ["vip", "hotel", "cold"][dice.below(3)])),
        Deed::Stage => {
            let stage = ["contacted", "qualified", "proposal", "won", "lost"][dice.below(5)];
            (Kind::Text, format!("stage {id} {stage}"))
        }
        Deed::Promise => (Kind::Text, format!("promise {id} 'send {token}' --by {day}")),
        Deed::Kept => (Kind::Text, format!("kept {id} 1")),
        Deed::New => {
            let name = [format!("Guest {token}"), "Guest Same".to_owned()][dice.below(2)].clone();
            (Kind::Text, format!("new '{name}' --source 'by {token}'"))
        }
        Deed::Mv => (Kind::Text, format!("mv {id} moved-{token}")),
        Deed::Rm => (Kind::Text, format!("rm {id}")),
        Deed::Undo => (Kind::Text, "undo".to_owned()),
        Deed::Tidy => (Kind::Text, "tidy --force".to_owned()),
    };
    (kind, shlex::split(&line).unwrap_or_default())
}

/// The team that every run gets a copy of; git knows tickler's rules at all of them.
///
/// # Panics
/// Where it cannot be made.
pub fn template() -> Team {
    let team = Team::new("sim-template", &PEOPLE, &FILES);
    for book in team.books() {
        let ran = book.run("git-setup");
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    team
}
