//! What holds for every verb: which notebook, whose settings, and how it ends when there is none.

use tickler_tests::{Scratch, Tickler};

fn says(ran: &tickler_tests::Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "\"{word}\" is not in:\n{}", ran.err);
    }
}

#[test]
fn no_notebook_and_no_home() {
    let none = || Tickler::new("due").within("/");
    says(&none().run(), 3, &["no notebook", "tickler init"]);
    let mut homeless = none().command();
    let output = homeless.env_remove("HOME").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let missing = Tickler::new("due --dir /nonexistent/people").run();
    says(&missing, 3, &["\"/nonexistent/people\" is not a notebook"]);
}

#[test]
fn the_nearest_notebook_upward() {
    let book = Scratch::new("nearest");
    book.write("contacts/jane.md", "# Jane\n");
    let ran = Tickler::new("list").within(book.path().join("contacts")).run();
    assert!(ran.out.contains("Jane"), "{}", ran.err);
    let slip = Tickler::new("list --dir").word(book.path().join("contacts")).run();
    says(&slip, 3, &["did you mean"]);
}

#[test]
fn the_user_s_own_settings() {
    let book = Scratch::new("config");
    book.write("people/tickler.toml", "[team.pat]\n[team.sam]\n");
    book.write("people/contacts/jane.md", "+++\nowner = \"pat\"\nnext.on = 2026-12-01\n+++\n# Jane\n");
    let config = |text: &str| book.write(".config/tickler/config.toml", text);
    let run = |line: &str| {
        Tickler::new(line).within("/").env("HOME", book.path()).env("TICKLER_TODAY", "2026-12-03").run()
    };
    config("notebook = \"~/people\"\nme = \"pat\"\ncolor = \"always\"\n");
    let mine = run("due --mine");
    assert!(mine.out.contains("Jane") && mine.out.contains('\u{1b}'), "{} {}", mine.out, mine.err);
    assert!(!run("due --mine --me sam").out.contains("Jane"));
    config("notebook = people\n");
    says(&run("due"), 3, &["config.toml:1:12: ", "notebook = people", "^"]);
    config("notebok = \"~/people\"\n");
    says(&run("list"), 3, &["config.toml:1:1: warning: unknown key `notebok`", "did you mean `notebook`?"]);
    config("notebook = \"~/nowhere\"\n");
    says(&run("list"), 3, &["nowhere", "config.toml says so"]);
}

#[test]
fn git_knows_who_asks() {
    let book = Scratch::new("git");
    book.write("tickler.toml", "[team.sam]\nemail = [\"Sam@acme.example\"]\n");
    book.write(".git/HEAD", "ref: refs/heads/main\n");
    book.write(".git/config", "[core]\nrepositoryformatversion = 0\n[user]\nemail = sam@acme.example\n");
    for folder in [".git/refs/heads/x", ".git/objects/x"] {
        book.write(folder, "");
    }
    book.write("contacts/jane.md", "+++\nowner = \"sam\"\nnext.on = 2026-12-01\n+++\n# Jane\n");
    let ran = Tickler::new("due owner:me --mine").notebook(book.path()).run();
    assert!(ran.out.contains("Jane"), "{} {}", ran.out, ran.err);
}

#[test]
fn broken_settings_are_shown_with_their_place() {
    let book = Scratch::new("settings");
    book.write("tickler.toml", "timezone = \"UTC\"\n[reply]\nwithin = \"1 fortnight\"\n");
    let ran = Tickler::new("due").notebook(book.path()).within(book.path()).run();
    says(&ran, 3, &["tickler.toml:3:10: ", "within = \"1 fortnight\"", "^^^"]);
    book.write("tickler.toml", "format = 99\n");
    says(&Tickler::new("due").notebook(book.path()).run(), 3, &["format 99", "update"]);
}

#[test]
fn today_in_words() {
    for (today, shown) in [
        ("2026-12-03", "Thursday 3 December 2026"),
        ("jan 5th, 2027 9am", "Tuesday 5 January 2027"),
        ("+0d", "20"),
        ("tomorrow", "20"),
    ] {
        let ran = Tickler::new("due --today")
            .word(today)
            .env("TICKLER_DIR", tickler_tests::workspace().join("docs/example"))
            .run();
        assert!(
            ran.code == 0 && ran.out.lines().next().unwrap().contains(shown),
            "{today}: {} {}",
            ran.out,
            ran.err
        );
    }
}
