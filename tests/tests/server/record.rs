//! The record of pushes: who pushed what, written before git answers.

use std::fs;

use serde_json::Value;

use crate::pushing::Pushing;

fn lines(pushing: &Pushing) -> Vec<Value> {
    let text = fs::read_to_string(pushing.serving.data().join("record/pushes.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn who_pushed_what() {
    let pushing = Pushing::new("record");
    assert!(lines(&pushing).is_empty());
    let first = pushing.serving.tip("main");
    pushing.write("ann", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
    pushing.commit("ann");
    pushing.goes("ann", "HEAD:refs/heads/main");
    let second = pushing.serving.tip("main");
    // Bob did not see that: his work is merged.
    pushing.write("bob", "contacts/other.md", "+++\nname = \"Other\"\n+++\n");
    pushing.commit("bob");
    let bobs = pushing.git("bob", "rev-parse HEAD").trim().to_owned();
    let shown = pushing.goes("bob", "HEAD:refs/sync/bob/laptop");
    let third = pushing.serving.tip("main");
    assert!(shown.contains(&format!("remote: main is now {third}")), "{shown}");
    // What is refused is not in it.
    pushing.write("bob", "tickler.toml", "");
    pushing.commit("bob");
    pushing.refused("bob", "HEAD:refs/sync/bob/laptop", "only an admin may change the settings");

    let zero = Value::Null;
    let (main, place) = ("refs/heads/main", "refs/sync/bob/laptop");
    let text = |text: &str| Value::from(text);
    let rows = [
        ("accepted", "ann", main, text(&first), text(&second)),
        ("landed", "ann", main, text(&first), text(&second)),
        ("accepted", "bob", place, zero, text(&bobs)),
        ("landed", "bob", main, text(&second), text(&third)),
    ];
    let all = lines(&pushing);
    assert_eq!(all.len(), rows.len(), "{all:?}");
    for (line, (event, user, reference, old, new)) in all.iter().zip(rows) {
        assert_eq!((&line["event"], &line["user"]), (&text(event), &text(user)), "{line}");
        assert_eq!((&line["ref"], &line["notebook"]), (&text(reference), &text("main")), "{line}");
        assert_eq!((&line["old"], &line["new"]), (&old, &new), "{line}");
        let token = line["token"].as_str().expect("the public part of the token");
        assert!(pushing.serving.token(user).contains(token) && token.len() < 20, "{line}");
        assert!(
            line["time"].as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')),
            "{line}"
        );
    }
    let text = fs::read_to_string(pushing.serving.data().join("record/pushes.jsonl")).expect("the record");
    for user in ["admin", "ann", "bob"] {
        assert!(!text.contains(&pushing.serving.token(user)[20..40]), "a token is in the record");
    }
}

#[test]
fn no_push_without_the_record() {
    let pushing = Pushing::new("record-cannot");
    // A folder of that name cannot be written to.
    fs::create_dir(pushing.serving.data().join("record/pushes.jsonl")).expect("a folder");
    pushing.write("ann", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
    pushing.commit("ann");
    pushing.refused(
        "ann",
        "HEAD:refs/heads/main",
        "remote: the server cannot note the push, and so takes none",
    );
}

#[test]
fn a_merge_that_could_not_decide_says_so() {
    let pushing = Pushing::new("record-notes");
    for (user, city) in [("ann", "Rome"), ("bob", "Paris")] {
        let text = pushing.read(user, "contacts/gerald-finch.md");
        assert!(text.contains("\nname = "), "{text}");
        pushing.write(
            user,
            "contacts/gerald-finch.md",
            text.replacen("\nname = ", &format!("\ncity = \"{city}\"\nname = "), 1),
        );
        pushing.commit(user);
    }
    pushing.goes("ann", "HEAD:refs/heads/main");
    let shown = pushing.goes("bob", "HEAD:refs/sync/bob/laptop");
    assert!(shown.contains("remote: contacts/gerald-finch.md: both changed city: "), "{shown}");
}
