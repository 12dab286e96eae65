//! Who is in the notebook twice: found, joined, taken back, and known by the earlier id ever after.

use tickler_tests::session::Session;
use tickler_tests::talk::ask;
use tickler_tests::{Book, Ran, Serving, Team, Tickler};

const JANE: &str = "+++\nname = \"Jane Doe\"\nuid = \"11\"\ncompany = \"Acme Hotels\"\nemail = [\"jane@acme.example\"]\nstage = \"nurture\"\n\
                    added = 2026-05-01\n+++\n\nMet at the fair.\n\n## Log\n\n- 2026-11-20 phone: talked\n";
const JDOE: &str = "+++\nname = \"J. Doe\"\nuid = \"12\"\ncompany = \"Acme Hotels Ltd\"\nemail = [\"JANE@acme.example\", \"jd@home.example\"]\n\
                    added = 2026-09-01\n+++\n\nLikes tea. See the [specs](../../files/specs.txt).\n\n## Log\n\n- 2026-10-01 event: the fair\n";
const BOB: &str = "+++\nname = \"Bob Smith\"\nreferred_by = \"j-doe\"\n+++\n\nKnows [[j-doe|Jane]] and [her](x/j-doe.md).\n";
const FILES: [(&str, &str); 6] = [
    ("tickler.toml", ""),
    ("contacts/jane-doe.md", JANE),
    ("contacts/x/j-doe.md", JDOE),
    ("contacts/bob.md", BOB),
    ("contacts/eve.md", "+++\nname = \"Eve\"\n+++\n"),
    ("files/specs.txt", "x\n"),
];

fn book(name: &str) -> Book {
    Book::git(&format!("doubles-{name}"), &FILES)
}

#[track_caller]
fn does(book: &Book, line: &str) -> Ran {
    let ran = book.run(line);
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran
}

#[test]
fn they_are_found_with_the_reason() {
    let book = book("found");
    let ran = does(&book, "dupes");
    let expected = "  98 Jane Doe (jane-doe), Acme Hotels\n     J. Doe (j-doe), Acme Hotels Ltd\n     \
                    same email jane@acme.example, the same initial and name, same company\n     \
                    tickler merge jane-doe j-doe\n\nTwo people? Say so, as in tickler dupes --not jane-doe j-doe\n";
    assert_eq!(ran.out, expected);
    let json = does(&book, "dupes --format json").out;
    for part in
        ["\"found\": 1", "\"score\": 98", "\"id\": \"jane-doe\"", "\"kind\": \"email\"", "\"against\": false"]
    {
        assert!(json.contains(part), "{part}: {json}");
    }
    let csv = does(&book, "dupes --format csv").out;
    assert!(csv.contains("98,jane-doe,Jane Doe,Acme Hotels,j-doe,J. Doe,Acme Hotels Ltd,"), "{csv}");
    assert_eq!(does(&book, "dupes id:j-doe").out, expected, "one of the two is asked about");
    for (line, code, words) in [
        ("dupes id:eve", 1, "nobody seems to be there twice"),
        ("dupes --least 99", 1, "nobody seems to be there twice"),
        ("dupes --least 0", 2, "--least"),
        ("dupes --not jane-doe", 2, "--not"),
        ("dupes --not jane-doe jane-doe", 1, "both are jane-doe"),
    ] {
        let ran = book.run(line);
        assert!(ran.code == code && ran.err.contains(words), "{line}: {} {}", ran.code, ran.err);
    }
    assert_eq!(
        does(&book, "dupes --not jane-doe j-doe").out.lines().next(),
        Some("Jane Doe (jane-doe) is not J. Doe (j-doe)")
    );
    assert_eq!(book.run("dupes").code, 1, "they are two people");
}

#[test]
fn two_become_one_and_back() {
    let book = book("one");
    let before = book.texts();
    let rehearsed = does(&book, "merge jane-doe j-doe --dry-run");
    assert!(rehearsed.out.contains("+aliases = [\"j-doe\"]"), "{}", rehearsed.out);
    assert_eq!(book.texts(), before);
    let ran = does(&book, "merge jane-doe j-doe");
    assert!(ran.out.starts_with(
        "J. Doe (j-doe) is one with Jane Doe (jane-doe) now; 1 contact that mentions them follows\n"
    ));
    assert!(ran.err.contains("company: \"Acme Hotels\" stands"), "{}", ran.err);
    assert_eq!(
        book.read("contacts/jane-doe.md"),
        "+++\nname = \"Jane Doe\"\nuid = \"11\"\naliases = [\"j-doe\"]\ncompany = \"Acme Hotels\"\n\
         email = [\"jane@acme.example\", \"jd@home.example\"]\nstage = \"nurture\"\nadded = 2026-05-01\n\n\
         [[conflict]]\nkey = \"company\"\nother = \"Acme Hotels Ltd\"\n\n[[conflict]]\nkey = \"name\"\nother = \"J. Doe\"\n+++\n\n\
         Met at the fair.\n\nLikes tea. See the [specs](../files/specs.txt).\n\n## Log\n\n\
         - 2026-11-20 phone: talked\n- 2026-10-01 event: the fair\n"
    );
    assert_eq!(
        book.read("contacts/bob.md"),
        "+++\nname = \"Bob Smith\"\nreferred_by = \"jane-doe\"\n+++\n\nKnows [[jane-doe|Jane]] and [her](jane-doe.md).\n"
    );
    assert!(!book.path().join("contacts/x/j-doe.md").exists());
    assert_eq!(book.commits(), 2);
    let check = book.run("check");
    assert!(check.code == 0 && !check.out.contains("error"), "{}", check.out);
    // What was set aside is settled with one word.
    does(&book, "set jane-doe conflict=");
    assert!(!book.read("contacts/jane-doe.md").contains("conflict"));
    does(&book, "undo 2");
    assert_eq!(book.texts(), before, "byte for byte");
}

#[test]
fn what_is_refused_changes_nothing() {
    let book = book("refused");
    book.write("contacts/torn.md", "+++\nname =\n+++\n");
    let before = book.texts();
    for (line, code, words) in [
        ("merge jane-doe jane-doe", 1, "both are jane-doe"),
        ("merge jane-doe torn", 3, "is broken, so it is left as it is"),
        ("merge torn jane-doe", 3, "is broken, so it is left as it is"),
        ("merge jane-doe nobody-here", 1, "no contact is called \"nobody-here\""),
        ("merge jane-doe", 2, "merge"),
        ("merge jane-doe j-doe --format csv", 2, "`merge` has no CSV"),
    ] {
        let ran = book.run(line);
        assert!(ran.code == code && ran.err.contains(words), "{line}: {} {}", ran.code, ran.err);
    }
    assert_eq!(book.texts(), before);
}

#[test]
fn the_earlier_id_is_good_everywhere() {
    let book = book("alias");
    does(&book, "merge jane-doe j-doe");
    // One who still writes the old name, as who was offline would.
    book.write("contacts/kim.md", "+++\nname = \"Kim\"\nreferred_by = \"J-Doe\"\n+++\n\nKnows [[j-doe]].\n");
    for (line, words) in [
        ("show j-doe", "Jane Doe"),
        ("show J-DOE", "Jane Doe"),
        ("brief j-doe", "Jane Doe"),
        ("who j-doe", "Kim"),
        ("who kim", "Jane Doe"),
        ("brief kim", "Jane Doe"),
        ("list id:j-doe", "Jane Doe"),
        ("list knows:j-doe", "Bob Smith"),
        ("list knows:j-doe", "Kim"),
        ("list knows:jane-doe", "Kim"),
        ("list knows=jane-doe", "Kim"),
        ("list referred_by:j-doe", "Bob Smith"),
        ("list referred_by:jane-doe", "Kim"),
        ("history j-doe", "merge Jane Doe: j-doe into jane-doe"),
        ("log j-doe note -m 'by the old name'", "Jane Doe"),
        ("next j-doe 2026-12-10", "follow-up"),
        ("set j-doe role=boss", "role boss"),
        ("tag j-doe +vip", "vip"),
        ("merge j-doe eve -n", "Eve (eve) is one with Jane Doe (jane-doe) now"),
        ("rm j-doe -n", "Jane Doe is removed"),
        ("new 'J Doe' --force", "contacts/j-doe-2.md"),
        ("mv j-doe-2 x-doe", "contacts/x-doe.md"),
    ] {
        let ran = does(&book, line);
        assert!(ran.out.contains(words), "{line}: {}{}", ran.out, ran.err);
    }
    let refused = book.run("mv eve j-doe");
    assert!(
        refused.code == 1 && refused.err.contains("\"j-doe\" is an earlier id of jane-doe"),
        "{}",
        refused.err
    );
    let check = book.run("check");
    assert!(
        !check.out.contains("no contact is called") && !check.out.contains("there is no"),
        "{}",
        check.out
    );
    // What happened to the one that went is told by its own id.
    let past = does(&book, "history j-doe").out;
    assert!(past.contains("merge Jane Doe: j-doe into jane-doe") && !past.contains("log Jane Doe"), "{past}");
}

#[test]
fn pages_and_the_api_know_the_earlier_id() {
    let mut serving = Serving::example("doubles-server");
    serving.add_user("pat", "admin");
    let clone = serving.clone_by("pat", "work");
    let merged = Tickler::new("merge bruno-keller gerald-finch").notebook(&clone).run();
    assert_eq!(merged.code, 0, "{}", merged.err);
    serving.git("work", "push --quiet origin HEAD:main");
    let session = Session::of(&serving, "pat");
    for (old, new) in [
        ("/main/contacts/gerald-finch", "/main/contacts/bruno-keller"),
        ("/main/contacts/Gerald-Finch?done=1", "/main/contacts/bruno-keller?done=1"),
        ("/main/contacts/gerald-finch/history", "/main/contacts/bruno-keller/history"),
        ("/main/contacts/gerald-finch/edit", "/main/contacts/bruno-keller/edit"),
    ] {
        let answer = session.get(old);
        assert_eq!((answer.status, answer.header("location")), (303, Some(new)), "{old}");
        assert_eq!(session.get(new).status, 200, "{new}");
    }
    assert_eq!(session.get("/main/contacts/nobody").status, 404);
    // A form of a page that was made before goes to who has the contact now.
    let page = session.get("/main/contacts/bruno-keller").text();
    let answer = session.post(
        "/main/contacts/gerald-finch/stage",
        &[("once", &tickler_tests::session::hidden(&page, "once").unwrap()), ("stage", "won")],
    );
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.header("location").unwrap().starts_with("/main/contacts/bruno-keller?done="));
    let bearer = format!("Bearer {}", serving.token("pat"));
    let api = |line: &str, body: &[u8]| {
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        ask(serving.address(), line, &headers, body)
    };
    let shown = api("GET /main/api/v1/contacts/gerald-finch", b"");
    assert!(shown.status == 200 && shown.text().contains("\"id\":\"bruno-keller\""), "{}", shown.text());
    assert_eq!(api("GET /main/api/v1/contacts/gerald-finch/brief", b"").status, 200);
    let logged =
        api("POST /main/api/v1/contacts/gerald-finch/log", br#"{"channel": "note", "message": "x"}"#);
    assert!(logged.status < 300, "{} {}", logged.status, logged.text());
    assert_eq!(api("GET /main/api/v1/contacts/nobody", b"").status, 404);
}

/// Pat joins two while Sam, who has not heard of it, works on the one that goes.
fn apart(name: &str, works: impl FnOnce(&Book), says: &str) -> Team {
    let team = Team::new(&format!("doubles-{name}"), &["pat", "sam"], &FILES);
    let (pat, sam) = (team.book(0), team.book(1));
    does(pat, "merge jane-doe j-doe");
    does(pat, "set jane-doe conflict=");
    works(sam);
    team.synced(0);
    let ran = team.sync(1);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(ran.code <= 1 && said.contains(says), "{} {said}", ran.code);
    // Nothing goes back and forth from here on.
    team.settle();
    team.agree();
    let tips: Vec<String> = team.books().iter().map(Book::last_commit).collect();
    team.settle();
    assert_eq!(team.books().iter().map(Book::last_commit).collect::<Vec<_>>(), tips);
    team
}

#[test]
fn work_of_others_on_the_one_that_went_is_kept() {
    let logged = "log j-doe phone -m 'Sam was here' --on 2026-12-02";
    let team = apart("edited", |sam| drop(does(sam, logged)), "J. Doe");
    // The file is there again with all that Sam wrote, and is found to be joined once more.
    let pat = team.book(0);
    assert!(pat.read("contacts/x/j-doe.md").contains("- 2026-12-02 phone: Sam was here\n"));
    let found = does(pat, "dupes");
    assert!(
        found.out.contains("an earlier id of the other\n     tickler merge jane-doe j-doe\n"),
        "{}",
        found.out
    );
    does(pat, "merge jane-doe j-doe");
    let joined = pat.read("contacts/jane-doe.md");
    for line in [
        "- 2026-12-02 phone: Sam was here\n",
        "- 2026-11-20 phone: talked\n",
        "- 2026-10-01 event: the fair\n",
    ] {
        assert_eq!(joined.matches(line).count(), 1, "{line}: {joined}");
    }
    team.settle();
    team.agree();
    assert_eq!(team.book(1).read("contacts/jane-doe.md"), joined);
    assert!(!team.book(1).path().join("contacts/x/j-doe.md").exists());
}

#[test]
fn two_who_join_them_each_their_own_way_lose_nothing() {
    let team = apart("both", |sam| drop(does(sam, "merge j-doe jane-doe")), "J. Doe");
    let pat = team.book(0);
    does(pat, "merge jane-doe j-doe");
    let joined = pat.read("contacts/jane-doe.md");
    for line in ["uid = \"11\"", "aliases = [\"j-doe\"]", ": talked\n", ": the fair\n"] {
        assert_eq!(joined.matches(line).count(), 1, "{line}: {joined}");
    }
    // Each put the paragraphs in another order, so one stands in both places.
    assert!(joined.contains("Met at the fair.") && joined.contains("Likes tea."), "{joined}");
    team.settle();
    team.agree();
}
