//! Two contacts become one: what their files say then, what others say of them, and what is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::date::Date;
use crate::notebook::Notebook;

/// A notebook in a folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("tickler-join-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (file, text) in files {
            let path = root.join("contacts").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(root.join("tickler.toml"), "").unwrap();
        Folder(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a deed on two contacts comes to.
fn planned(
    files: &[(&str, &str)],
    [one, other]: [&str; 2],
    deed: impl FnOnce(&Survey<'_>, usize, usize, &Desk<'_>) -> Result<Planned, Refusal>,
) -> Result<Planned, Refusal> {
    let folder = Folder::new(files);
    let notebook = Notebook::open(&folder.0).unwrap();
    let today = Date::new(2026, 12, 3).unwrap();
    let survey = notebook.survey(today);
    let desk = Desk { settings: notebook.settings(), today, time: None, me: None };
    let [one, other] = [one, other].map(|id| survey.find(id).unwrap());
    deed(&survey, one, other, &desk)
}

/// The files after `from` is joined to `into`, by their paths below `contacts`.
fn joined(files: &[(&str, &str)], into: &str, from: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let planned = planned(files, [into, from], join)?;
    let mut after: BTreeMap<String, String> =
        files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    for change in planned.deed.changes {
        let file = change.file.strip_prefix("contacts/").unwrap().to_owned();
        assert_eq!(after.remove(&file), change.before, "{file}");
        after.extend(change.after.map(|text| (file, text)));
    }
    Ok(after)
}

/// The front matter that comes of two, without the alias that each merge makes.
fn heads(one: &str, other: &str) -> String {
    let of = |head: &str| format!("+++\n{head}+++\n");
    let after = joined(&[("a.md", &of(one)), ("b.md", &of(other))], "a", "b").unwrap();
    assert_eq!(after.len(), 1);
    let text = after["a.md"].replace("aliases = [\"b\"]\n", "");
    text.strip_prefix("+++\n").and_then(|text| text.strip_suffix("+++\n")).unwrap().to_owned()
}

#[test]
fn what_both_say_is_said_once() {
    for (one, other, expected) in [
        ("uid = \"1\"\n", "uid = \"2\"\n", "uid = \"1\"\n"),
        ("role = \"x\"\n", "uid = \"2\"\n", "role = \"x\"\nuid = \"2\"\n"),
        ("added = 2026-05-01\n", "added = 2026-01-01\n", "added = 2026-01-01\n"),
        ("added = 2026-01-01\n", "added = 2026-05-01\n", "added = 2026-01-01\n"),
        ("name = \"Jane Doe\"\n", "name = \"DOE, Jane\"\n", "name = \"Jane Doe\"\n"),
        ("company = \"Acme  Hotels\"\n", "company = \"ACME hotels\"\n", "company = \"Acme  Hotels\"\n"),
        ("company = \" \"\n", "company = \"Acme\"\n", "company = \"Acme\"\n"),
        ("company = \"Acme\"\n", "company = \"\"\n", "company = \"Acme\"\n"),
        ("phone = [\"+1 555 0100\"]\n", "phone = [\"+1-555-0100\"]\n", "phone = [\"+1 555 0100\"]\n"),
        (
            "email = \"Jane@x.example\"\n",
            "email = [\"b@x.example\", \"jane@X.example\"]\n",
            "email = [\"Jane@x.example\", \"b@x.example\"]\n",
        ),
        ("tags = [\"vip\"]\n", "tags = [\"VIP\", \"new\"]\n", "tags = [\"vip\", \"new\"]\n"),
        ("langs = [\"de\"]\n", "langs = [\"DE\", \"fr\"]\n", "langs = [\"de\", \"fr\"]\n"),
        ("stage = \"stopped\"\n", "stage = \"won\"\n", "stage = \"stopped\"\n"),
        ("stage = \"won\"\n", "stage = \"stopped\"\n", "stage = \"stopped\"\n"),
        ("role = \"x\"\n", "stage = \"stopped\"\n", "role = \"x\"\nstage = \"stopped\"\n"),
        ("referred_by = \"b\"\n", "referred_by = \"A\"\n", ""),
        ("not_same_as = [\"b\", \"c\"]\n", "not_same_as = \"a\"\n", "not_same_as = [\"c\"]\n"),
        ("role = \"x\"\n", "kind = \"org\"\n", "role = \"x\"\n"),
        (
            "[dates]\nbirthday = 1604-05-12\n",
            "[dates]\nbirthday = 1980-05-12\n",
            "\n[dates]\nbirthday = 1980-05-12\n",
        ),
        (
            "[dates]\nbirthday = 1980-05-12\n",
            "[dates]\nbirthday = 1604-05-12\n",
            "\n[dates]\nbirthday = 1980-05-12\n",
        ),
        ("name = \"Jane\" # who\n", "name = \"JANE\" # she\n", "# she\nname = \"Jane\" # who\n"),
        (
            "company = \"Acme\"\n",
            "company = \"Beta\"\n",
            "company = \"Acme\"\n\n[[conflict]]\nkey = \"company\"\nother = \"Beta\"\n",
        ),
    ] {
        assert_eq!(heads(one, other), expected, "{one}---\n{other}");
    }
}

#[test]
fn everybody_who_knew_the_one_knows_the_other() {
    let after = joined(
        &[
            ("ann.md", "# Ann Lee\n\nSee [[bob-lee]] and [his file](x/bob-lee.md).\n"),
            ("x/bob-lee.md", "+++\naliases = [\"rob\"]\n+++\n\n# Bob Lee\n\nAs [[ann]], [spec](../../files/spec.pdf).\n"),
            ("zoe.md", "+++\nreferred_by = \"bob-lee\"\n+++\n\n[[Bob-Lee|Bob]], [him](x/bob-lee.md), [[rob]], [[bob]].\n"),
        ],
        "ann",
        "bob-lee",
    )
    .unwrap();
    let expected = [
        (
            "ann.md",
            "+++\nname = \"Ann Lee\"\naliases = [\"rob\", \"bob-lee\"]\n+++\n\n# Ann Lee\n\nSee [[ann]] and [his file](ann.md).\n\n# Bob Lee\n\nAs [[ann]], [spec](../files/spec.pdf).\n",
        ),
        ("zoe.md", "+++\nreferred_by = \"ann\"\n+++\n\n[[ann|Bob]], [him](ann.md), [[rob]], [[bob]].\n"),
    ];
    let after: Vec<(&str, &str)> = after.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    assert_eq!(after[1..], expected[1..]);
    // That the first heading is the name needs no key.
    assert_eq!(after[0].1, expected[0].1.replace("name = \"Ann Lee\"\n", ""));
}

#[test]
fn of_two_files_of_one_name_the_one_that_stays_has_it_alone() {
    let after = joined(
        &[
            ("x/jane.md", "One.\n"),
            ("y/jane.md", "Two.\n"),
            ("zoe.md", "[[x/jane]], [[y/jane]], [[jane]].\n"),
        ],
        "x/jane",
        "y/jane",
    )
    .unwrap();
    let files: Vec<(&str, &str)> = after.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    assert_eq!(
        files,
        [
            ("x/jane.md", "+++\naliases = [\"y/jane\"]\n+++\n\nOne.\n\nTwo.\n"),
            ("zoe.md", "[[jane]], [[jane]], [[jane]].\n")
        ]
    );
}

#[test]
fn the_name_to_show_stays() {
    for (one, other, name) in [
        ("# Zoe\n", "+++\nname = \"Ann\"\n+++\n", "Zoe"),
        ("+++\nname = \"Zoe\"\n+++\n", "# Ann\n", "Zoe"),
        ("Hi.\n", "+++\nname = \"Ann\"\n+++\n", "Ann"),
        ("Hi.\n", "# Ann\n", "Ann"),
    ] {
        let planned = planned(&[("a.md", one), ("b.md", other)], ["a", "b"], join).unwrap();
        assert_eq!(planned.contact.unwrap().name, name, "{one}---\n{other}");
    }
}

#[test]
fn what_is_said_and_refused() {
    let files = [
        ("ann.md", "+++\nname = \"Ann\"\ncompany = \"Acme\"\n+++\n"),
        ("bob.md", "+++\nname = \"Ann\"\ncompany = \"Beta\"\nstage = \"stopped\"\n+++\n"),
        ("torn.md", "+++\nname =\n+++\n[[bob]]\n"),
        ("zoe.md", "[[bob]]\n"),
    ];
    let done = planned(&files, ["ann", "bob"], join).unwrap();
    assert_eq!(done.said, "Ann (bob) is one with Ann (ann) now; 1 contact that mentions them follows");
    assert_eq!(done.deed.subject, "merge Ann: bob into ann");
    let cautions: Vec<String> = done.cautions.iter().map(ToString::to_string).collect();
    assert_eq!(
        cautions,
        [
            "bob asked us to stop, so that holds for both",
            "company: \"Acme\" stands, \"Beta\" is under [[conflict]]; keep what is right with `tickler edit ann`",
            "\"contacts/torn.md\" is broken and left as it is; it mentions bob",
        ]
    );
    for (pair, why) in [
        (["ann", "ann"], "both are ann"),
        (["ann", "torn"], "\"contacts/torn.md\" is broken, so it is left as it is"),
        (["torn", "ann"], "\"contacts/torn.md\" is broken, so it is left as it is"),
    ] {
        assert_eq!(planned(&files, pair, join).unwrap_err().message, why);
    }
}

#[test]
fn two_people_are_marked_once() {
    let files = [("ann.md", "+++\nname = \"Ann\"\n+++\n"), ("bob.md", "+++\naliases = [\"rob\"]\n+++\n")];
    let done = planned(&files, ["ann", "bob"], not_same).unwrap();
    assert_eq!(
        done.deed.changes[0].after.as_deref(),
        Some("+++\nname = \"Ann\"\nnot_same_as = [\"bob\"]\n+++\n")
    );
    let marked = [("ann.md", "+++\nnot_same_as = \"rob\"\n+++\n"), files[1]];
    let again = planned(&marked, ["ann", "bob"], not_same).unwrap();
    assert!(!again.deed.changes[0].is_change());
    assert_eq!(planned(&files, ["ann", "ann"], not_same).unwrap_err().message, "both are ann");
}
