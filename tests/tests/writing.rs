//! The verbs that write, each with its options: what is printed, what the file is afterwards, and which commit. The
//! museum holds it as a transcript; that all ways of saving agree is asserted here.

use std::fmt::Write;

use tickler_tests::{Book, exhibit};

const SETTINGS: &str = r#"
[team.pat]
email = ["pat@acme.example"]
[team.sam]
[cadence.new-lead]
steps = [
  { after = "0 days", via = "card", why = "thank them for their interest" },
  { after = "7 days", via = "email", why = "news on what interests them" },
]
"#;

const JANE: &str = r#"+++
name = "Jane Doe"   # she prefers Jane
company = "Acme Hotels"
email = ["jane@acme.example"]
tags = ["hotel"]
owner = "pat"
stage = "nurture"
value = 25000

[next]
on = 2026-12-03
via = "phone"
why = "walk through page 3"
promised = true
+++

Met at the association lunch.

## Log

- 2026-11-20 phone voicemail: said I would call
- 2026-11-10 email: sent the spec sheet
  - [ ] them: read pages 3-5 by 2026-12-01
  - [ ] me: send the price list by 2026-12-04
"#;

/// At the same company, of another owner, and not touched by anybody else.
const BOB: &str = "+++\nname = \"Bob Smith\"\ncompany = \"Acme Hotels\"\nowner = \"sam\"\nadded = 2026-11-30\n\
                   +++\n\n## Log\n\n- 2026-12-01 phone: he runs the kitchen\n";
const CARLA: &str = "+++\nstage = \"stopped\"\nowner = \"pat\"\n+++\n# Carla Stone\n";
const DAN: &str =
    "+++\nowner = \"pat\"\naway.until = 2026-12-20\naway.why = \"Hong Kong\"\n+++\n# Dan Frost\n";
const ERIN: &str = "+++\nowner = \"pat\"\n+++\n# Erin Hall\n\n## Log\n\n- 2026-12-01 email: four\n\
                    - 2026-11-20 phone voicemail: three\n- 2026-11-10 email: two\n- 2026-11-01 email: one\n";
/// A file that somebody wrote on Windows, and that has no front matter.
const FRED: &str = "# Fred Lane\r\n\r\nLikes tea.\r\n\r\n## Log\r\n\r\n- 2026-11-02 event: the fair\r\n";

const FILES: [(&str, &str); 10] = [
    ("tickler.toml", SETTINGS),
    ("contacts/jane-doe.md", JANE),
    ("contacts/bob-smith.md", BOB),
    ("contacts/carla-stone.md", CARLA),
    ("contacts/dan-frost.md", DAN),
    ("contacts/erin-hall.md", ERIN),
    ("contacts/fred-lane.md", FRED),
    ("staged.txt", "as committed\n"),
    ("changed.txt", "as committed\n"),
    (".gitattributes", "* -text\n"),
];

/// What the user has under way, which is nobody else's business.
const UNDER_WAY: &str = " M changed.txt\nM  staged.txt\n?? untracked.txt\n";

/// The notebook in git, with work of the user's under way.
fn book(name: &str) -> Book {
    let book = Book::git(name, &FILES);
    book.write("staged.txt", "staged\n");
    book.git_says("add staged.txt");
    book.write("changed.txt", "changed\n");
    book.write("untracked.txt", "untracked\n");
    book
}

/// The lines as typed, each in a fresh notebook: what came of each in git, and that every other way agrees with it.
#[track_caller]
fn play(name: &str, file: &str, lines: &[&str]) {
    let museum: String = lines.iter().map(|line| in_all_ways(name, file, line)).collect();
    exhibit(&format!("writing-{name}.txt"), &museum);
}

#[track_caller]
fn in_all_ways(name: &str, file: &str, line: &str) -> String {
    let git = book(name);
    let before = git.snapshot();
    let ran = git.run(line);
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    assert_eq!(git.commits(), 2, "{line}");
    git.stands(UNDER_WAY);
    let after = git.snapshot();
    let others = |all: &std::collections::BTreeMap<String, String>| {
        all.iter()
            .filter(|(path, _)| *path != file && !path.starts_with("git log"))
            .map(|(p, t)| format!("{p} {t}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(others(&before), others(&after), "{line}: nothing else changes");
    let text = git.masked(&git.read(file));
    let commit = git.last_commit();
    assert!(
        commit.contains(&format!("\nTickler-Verb: {}\n", line.split(' ').next().unwrap_or_default())),
        "{commit}"
    );

    let uncommitted = book(name);
    let other = uncommitted.run(&format!("{line} --no-commit"));
    assert_eq!((other.code, &other.out, &other.err), (0, &ran.out, &ran.err), "{line} --no-commit");
    assert_eq!(uncommitted.masked(&uncommitted.read(file)), text, "{line} --no-commit");
    assert_eq!(uncommitted.commits(), 1, "{line} --no-commit");
    assert!(
        uncommitted.git_says("status --porcelain --untracked-files=all").contains(file),
        "{line} --no-commit"
    );

    let plain = Book::plain(name, &FILES);
    plain.settings("me = \"pat\"\n");
    let other = plain.run(line);
    assert_eq!((other.code, &other.out, &other.err), (0, &ran.out, &ran.err), "{line} outside git");
    assert_eq!(plain.masked(&plain.read(file)), text, "{line} outside git");
    assert_eq!(plain.litter(), [""; 0], "{line} outside git");

    let json = book(name);
    let other = json.run(&format!("{line} --format json"));
    assert_eq!((other.code, &other.err), (0, &ran.err), "{line} --format json");
    let report: serde_json::Value = serde_json::from_str(&other.out).unwrap();
    let id = json.git_says("rev-parse HEAD");
    let subject = json.git_says("log -1 --format=%s");
    assert_eq!(report["commit"], id.trim(), "{line} --format json");
    assert_eq!(report["subject"], subject.trim(), "{line} --format json");
    assert_eq!(report["files"], serde_json::json!([file]), "{line} --format json");
    let warnings = report["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), ran.err.matches("warning: ").count(), "{line} --format json");
    assert_eq!(json.masked(&json.read(file)), text, "{line} --format json");

    format!("$ tickler {line}\n{}{}--- {file}\n{text}--- commit\n{commit}\n", ran.err, ran.out)
        .replace('\r', "␍")
}

const JANES: &str = "contacts/jane-doe.md";

#[test]
fn log_by_every_name() {
    play(
        "names",
        JANES,
        &[
            "log jane-doe phone",
            "log JANE phone voicemail",
            "log jane doe email in",
            "log jane@acme.example phone busy",
            "log contacts/jane-doe.md text",
        ],
    );
    // The company is Bob's too, but for him.
    let book = book("company");
    book.write("contacts/bob-smith.md", BOB.replace("Acme Hotels", "Acme Kitchens"));
    let ran = book.run("log acme kitchens visit");
    assert!(ran.out.starts_with("logged visit with Bob Smith"), "{}{}", ran.out, ran.err);
}

#[test]
fn log_with_every_option() {
    play(
        "log",
        JANES,
        &[
            "log jane phone -m 'wants page 3 explained' --next 'wed 2pm' --via phone --why 'walk through page 3' \
             --asked --promised --me 'send the price list by fri' --we 'ask the fitter' \
             --them 'read pages 3-5 by next tuesday' --on yesterday --at 14:30",
            "log jane meeting no-show --on monday",
            "log jane note -m 'has a new assistant'",
            "log jane skip",
            "log jane phone @sam reached -m 'Sam called for me'",
            "log jane email --next 'in 3 months'",
        ],
    );
}

#[test]
fn log_warns() {
    play("log-away", "contacts/dan-frost.md", &["log dan phone", "log dan phone in"]);
    play("log-patience", "contacts/erin-hall.md", &["log erin letter"]);
    play(
        "log-stopped",
        "contacts/carla-stone.md",
        &["log carla phone --force", "log carla note -m 'a note always can be'"],
    );
    play("log-company", JANES, &["log jane card"]);
    play("log-twice", JANES, &["log jane phone voicemail -m 'said I would call' --on 2026-11-20"]);
}

#[test]
fn a_file_with_crlf_keeps_it() {
    play(
        "crlf",
        "contacts/fred-lane.md",
        &["log fred phone -m hello --me 'send tea by fri' --next fri", "set fred company=Acme tags+=tea"],
    );
}

#[test]
fn next_and_snooze() {
    play(
        "next",
        JANES,
        &[
            "next jane fri",
            "next jane doe next wed 2pm --via email --why 'send page 4' --asked",
            "next jane in 2 weeks --promised",
            "next jane saturday",
            "next jane --clear",
            "snooze jane 2w",
            "snooze jane monday",
        ],
    );
    // What moves is what is due first: here a promise, a rule, and what they promised.
    play("snooze-waiting", "contacts/fred-lane.md", &["snooze fred 3bd"]);
}

#[test]
fn promises() {
    play(
        "promise",
        JANES,
        &[
            "promise jane 'send the fire certificate by friday'",
            "promise jane 'ask the board' --them --by 'in 2 weeks'",
            "promise jane 'show the model' --who sam",
            "promise jane 'get it signed by hand'",
            "kept jane 2",
            "kept jane doe 1",
        ],
    );
}

#[test]
fn set_and_its_like() {
    play(
        "set",
        JANES,
        &[
            "set jane hot_button='fewer maintenance stops' value=30k prefers.every='3 months'",
            "set jane value='25000 eur' tags+=vip,spa tags-=hotel role='Director \"Events\"'",
            "set jane doe next.on=friday next.via=email",
            "set jane stage=Proposal owner=@sam timezone=America/Chicago",
            "set jane value= next=",
            "set jane city=Paris floor=3 checked=2026-12-01 keyholder=true",
            "set jane away.from=monday away.until='5 jan' dates.birthday=1980-05-12",
            "tag jane +vip -hotel",
            "assign jane sam",
            "assign jane --nobody",
            "stage jane proposal",
            "stage jane stopped",
            "cadence jane new-lead",
            "cadence jane new-lead --start monday",
        ],
    );
}

#[test]
fn a_cadence_ends() {
    let book = book("cadence");
    book.run("cadence jane new-lead");
    let ran = book.run("cadence jane --end");
    assert!(ran.out.starts_with("Jane Doe: cadence ended\n"), "{}{}", ran.out, ran.err);
    assert_eq!(book.read(JANES), JANE, "as it was before");
    assert_eq!(book.commits(), 3);
}

#[test]
fn stop() {
    play("stop", JANES, &["stop jane -m 'asked by email to be left alone' --via email", "stop jane doe"]);
}

#[test]
fn new() {
    play(
        "new",
        "contacts/gus-hill.md",
        &[
            "new Gus Hill",
            "new 'Gus Hill' --company 'Hill & Sons' --email gus@hill.example --email g@hill.example --phone '+1 555 0101' \
             --tag hotel --tag vip --owner sam --stage contacted --source fair --referred-by jane-doe \
             --met 'lunch of the association' --next tomorrow --via phone --why 'say hello'",
            "new 'Augustus Hill the Elder' --id gus-hill",
        ],
    );
}

#[test]
fn what_is_so_already_changes_nothing() {
    let book = book("same");
    let before = book.snapshot();
    let mut museum = String::new();
    for line in ["tag jane +hotel", "set jane value=25000", "stage jane nurture", "cadence jane --end"] {
        let ran = book.run(line);
        assert_eq!(ran.code, 0, "{line}");
        let _ = writeln!(museum, "$ tickler {line}\n{}{}", ran.err, ran.out);
    }
    assert_eq!(book.snapshot(), before);
    exhibit("writing-same.txt", &museum);
}

#[test]
fn all_that_a_query_fits() {
    let book = book("query");
    let before = book.snapshot();
    let mut museum = String::new();
    let mut play = |line: &str| {
        let ran = book.run(line);
        let _ = write!(museum, "$ tickler {line}\n{}{}\n", ran.err, ran.out);
        ran
    };
    for line in [
        "set --query 'owner:pat' --dry-run prefers.every='2 months' tags+=winter",
        "tag --query company:acme -n +winter",
        "stage --query 'not broken:' -n on-hold",
    ] {
        assert_eq!(play(line).code, 0, "{line}");
    }
    assert_eq!(book.snapshot(), before, "a dry run changes nothing");
    assert_eq!(play("tag --query 'owner:pat' +winter").code, 0);
    let _ = write!(museum, "--- commit\n{}", book.last_commit());
    assert_eq!(book.commits(), 2, "one commit for all of them");
    for (file, has) in [("jane-doe", true), ("carla-stone", true), ("bob-smith", false), ("fred-lane", false)]
    {
        assert_eq!(book.read(&format!("contacts/{file}.md")).contains("winter"), has, "{file}");
    }
    book.stands(UNDER_WAY);
    exhibit("writing-query.txt", &museum);
}

#[test]
fn what_was_edited_by_hand_gets_a_commit_of_its_own() {
    let book = book("by-hand");
    book.edit(JANES, "value = 25000", "value = 26000");
    assert_eq!(book.run("log jane phone").code, 0);
    let subjects = book.git_says("log --format=%s");
    assert_eq!(subjects, "log Jane Doe: phone\nJane Doe: value 25000 -> 26000\nfirst\n");
    assert!(book.git_says("show HEAD~1").contains("+value = 26000"));
    assert!(!book.git_says("show HEAD").contains("26000\n+"));
    book.stands(UNDER_WAY);
}

#[test]
fn csv_is_no_format_for_a_deed() {
    let book = book("csv");
    let before = book.snapshot();
    let ran = book.run("log jane phone --format csv");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert_eq!(book.snapshot(), before);
}
