//! `check`: what is wrong, where, and what to do about it. The museum holds the words.

use serde_json::Value;
use tickler_tests::{Ran, Scratch, Tickler, exhibit};

fn check(notebook: &Scratch, line: &str) -> Ran {
    Tickler::new(line).within(notebook.path()).env("TICKLER_TODAY", "2026-12-03").run()
}

#[test]
fn the_worked_example() {
    let ran = Tickler::new("check")
        .within(tickler_tests::workspace().join("docs/example"))
        .env("TICKLER_TODAY", "2026-12-03")
        .run();
    assert_eq!(ran.code, 0);
    exhibit("check-example.txt", &ran.out);
    let coverage = Tickler::new("check --coverage")
        .within(tickler_tests::workspace().join("docs/example"))
        .env("TICKLER_TODAY", "2026-12-03")
        .run();
    assert_eq!(coverage.code, 1);
    exhibit("check-coverage.txt", &coverage.out);
}

#[test]
fn all_is_well() {
    let notebook = Scratch::new("well");
    notebook.write("contacts/jane.md", "# Jane\n");
    let ran = check(&notebook, "check");
    assert_eq!((ran.out.as_str(), ran.code), ("All is well: 1 contact, nothing to mend.\n", 0));
}

#[test]
fn every_mistake_of_one_file() {
    let notebook = Scratch::new("mistakes");
    notebook.write("tickler.toml", "[team.pat]\n[team.sam]\n");
    for (file, text) in [
        ("not-toml.md", "+++\nname = Jane\n+++\n"),
        ("unclosed.md", "+++\nname = \"Jane\"\n\n# Jane\n"),
        ("wrong-type.md", "+++\nname = 3\ntags = [1, \"b\"]\n+++\n"),
        ("no-such-day.md", "+++\nadded = 2026-02-30\n+++\n"),
        ("no-such-day-in-the-log.md", "## Log\n\n- 2026-02-30 phone: x\n- 2026-02-28 phone: y\n"),
        (
            "unknown-words.md",
            "+++\nstage = \"nuture\"\nhotbutton = \"x\"\nhot_buton = \"y\"\n+++\n## Log\n\n- 2026-12-01 phon: x\n- 2026-12-01 phone voicmail: x\n",
        ),
        ("twice.md", "+++\nname = \"A\"\nname = \"B\"\n+++\n"),
        ("hours.md", "+++\nprefers.hours = \"Tue-Thu 14:00-16:00, Fry 9:00-10:00\"\n+++\n"),
        ("later.md", "## Log\n\n- 2026-12-24 phone: the future\n"),
        (
            "undated.md",
            "- [ ] me: some day\n- [ ] @kim: call her by 2026-12-10\n- [ ] @smm: call her by 2026-12-10\n",
        ),
        (
            "links.md",
            "+++\nreferred_by = \"undatd\"\n+++\nKnows [[nobody-at-all]], [[hors]] and sent [a list](../files/list.pdf).\n",
        ),
        ("free-text.md", "+++\nreferred_by = \"my uncle Bob\"\n+++\n"),
        ("alias.md", "+++\naliases = [\"links\", \"fine\", \"both\"]\n+++\n"),
        ("alias-2.md", "+++\naliases = [\"both\"]\n+++\n"),
    ] {
        notebook.write(&format!("contacts/{file}"), text);
    }
    notebook.write("contacts/latin-1.md", b"# Ren\xe9\n");
    let ran = check(&notebook, "check");
    assert_eq!(ran.code, 1);
    exhibit("check-mistakes.txt", &ran.out);

    let rows: Value = serde_json::from_str(&check(&notebook, "check --format json").out).unwrap();
    let hours = rows.as_array().unwrap().iter().find(|row| row["file"] == "contacts/hours.md").unwrap();
    assert_eq!(
        (hours["line"].as_u64(), hours["column"].as_u64(), hours["severity"].as_str()),
        (Some(2), Some(39), Some("error"))
    );
    let csv = check(&notebook, "check --format csv").out;
    assert_eq!(csv.lines().count(), rows.as_array().unwrap().len() + 1);
}

#[test]
fn two_files_of_one_name_name_each_other() {
    let notebook = Scratch::new("twins");
    notebook.write("contacts/a/jane-doe.md", "# Jane\n");
    notebook.write("contacts/b/Jane-Doe.md", "# Jane\n");
    notebook.write("contacts/a/ren\u{e9}.md", "");
    notebook.write("contacts/b/rene\u{301}.md", "");
    let ran = check(&notebook, "check");
    assert_eq!(ran.code, 1);
    exhibit("check-twins.txt", &ran.out);
    let picked = check(&notebook, "show a/jane-doe");
    assert_eq!(picked.code, 0, "{}", picked.err);
    assert_eq!(check(&notebook, "show jane-doe").code, 1);
}

#[test]
fn what_people_write_and_nothing_reads() {
    let notebook = Scratch::new("overlooked");
    for (file, text) in [
        ("ann.md", "name: Ann\nemail: ann@x.example\n\n## Logs\n\n- 2026-12-01 phone: x\n"),
        ("bea.md", "\n+++\nname = \"Bea\"\n+++\n"),
        ("cat.md", "---\r\nname: Cat\r\n---\r\n"),
        (
            "dan.md",
            "# Dan\n\n## Log\n\n- 2026-12-01 call: a\n- 3 Dec 2026 phone: b\n- Phone: 2026-12-03 c\n\
             - 2026-12-01 9:30 phone no answer: d\n- 2026-12-01 phone: e\n  - [ ] them: ask by friday\n  \
             - [ ] Dan: send it by 2026-12-04\n  - [] me: call back\n2026-11-30 email: f\n",
        ),
        ("eve.MD", "# Eve\n"),
        ("fay.markdown", "# Fay\n"),
        ("notes.txt", "mine"),
        ("gus.md", "+++\nname = “Gus”\n+++\n"),
        ("hal.md", "+++\nadded = 3 Dec 2026\n+++\n"),
        ("ida.md", "+++\n[prefers]\nevery = \"quarterly\"\n[next]\non = \"3 Dec 2026\"\n+++\n"),
    ] {
        notebook.write(&format!("contacts/{file}"), text);
    }
    let ran = check(&notebook, "check");
    assert_eq!(ran.code, 1);
    exhibit("check-overlooked.txt", &ran.out);
}

#[test]
fn queries_of_the_settings_have_a_place() {
    let notebook = Scratch::new("queries");
    notebook.write(
        "tickler.toml",
        "[view]\nhot = \"stage:proposl value>10k\"\nloop = \"@loop\"\nuses = \"@hot\"\nown = \"badge:gold dog:Rex\"\n\n\
         [[reason]]\ntext = \"x\"\nfor = \"tag:hotel (\"\n[[reason]]\ntext = \"y\"\nfor = 'needs:\"a'\n\n\
         [cadence.new]\nsteps = [{ after = \"1d\", template = \"hello\" }]\n",
    );
    notebook.write("contacts/jane.md", "+++\ndog = \"Rex\"\n+++\n");
    let ran = check(&notebook, "check");
    assert_eq!(ran.code, 1);
    exhibit("check-queries.txt", &ran.out);
}

#[test]
fn settings_with_errors_are_told_like_any_file() {
    let notebook = Scratch::new("settings");
    notebook.write("tickler.toml", "timezone = 3\n[rhythm]\nnurture = \"3m\"\n");
    let ran = check(&notebook, "check");
    assert_eq!(ran.code, 1);
    exhibit("check-settings.txt", &ran.out);
    let rows: Value = serde_json::from_str(&check(&notebook, "check --format json").out).unwrap();
    assert_eq!((rows[0]["file"].as_str(), rows[0]["line"].as_u64()), (Some("tickler.toml"), Some(1)));
    notebook.write("tickler.toml", "format = 99\n");
    assert_eq!(check(&notebook, "check").code, 3);
}

#[test]
fn a_crowd_in_one_folder_is_told_to_spread() {
    let notebook = Scratch::new("crowd");
    for n in 0..500 {
        notebook.write(&format!("contacts/c{n}.md"), "");
    }
    assert!(!check(&notebook, "check").out.contains("tidy"));
    notebook.write("contacts/one-more.md", "");
    let ran = check(&notebook, "check");
    assert!(
        ran.out.contains("501 contacts lie in one folder: `tickler tidy`")
            || ran.out.contains("tickler tidy"),
        "{}",
        ran.out
    );
    assert_eq!(ran.code, 0);
}

#[test]
fn what_is_not_read_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let notebook = Scratch::new("unread");
    notebook.write("contacts/jane.md", "# Jane\n");
    symlink("jane.md", notebook.path().join("contacts/link.md")).unwrap();
    symlink("..", notebook.path().join("contacts/loop")).unwrap();
    notebook.write("contacts/closed/bob.md", "# Bob\n");
    let closed = notebook.path().join("contacts/closed");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    let ran = check(&notebook, "check");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(ran.out.contains("contacts/link.md") && ran.out.contains("contacts/loop"), "{}", ran.out);
}
