//! A notebook that is opened as a vault of Obsidian stays whole, whatever Obsidian puts beside it.

use tickler_tests::{Ran, Scratch, Tickler};

const JANE: &str = "+++\nname = \"Jane Doe\"\nemail = [\"jane@acme.example\"]\n+++\n\nMet at the fair.\n\n## Log\n\n\
                    - 2026-11-20 phone: hello\n";
const BOB: &str = "+++\nname = \"Bob Smith\"\nreferred_by = \"jane-doe\"\n+++\n\n\
                   Knows [[jane-doe]], [[jane-doe|Jane]], [[contacts/jane-doe|her]], [[jane-doe#Log]] and [[jane-doe.md]].\n\n\
                   ![[jane-doe]] ![[photo.png|200]] ![[../photo.png]] [[board.canvas]] [[people.base#table]]\n\n## Log\n\n\
                   - 2026-11-21 email: sent ![[files/list.pdf]]\n";

/// A notebook as Obsidian leaves it behind.
fn vault(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write(".gitignore", "/.tickler/\n/.obsidian/workspace*.json\n/.trash/\n");
    scratch.write("contacts/jane-doe.md", JANE);
    scratch.write("contacts/bob-smith.md", BOB);
    scratch.write("files/list.pdf", "x");
    scratch.write(".obsidian/app.json", "{\"alwaysUpdateLinks\": true}\n");
    scratch.write(".obsidian/plugins/x/main.js", "x");
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message=start"]);
    scratch.write(".obsidian/workspace.json", "{\"active\": \"1\"}\n");
    scratch.write(".trash/gone.md", "+++\nname = \"Gone\"\n[[broken\n");
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::typed(line).notebook(scratch.path()).run()
}

fn ids(scratch: &Scratch) -> String {
    run(scratch, "list --columns id --format csv").out
}

#[test]
fn what_lies_beside_the_contacts_is_none() {
    let scratch = vault("vault");
    for (file, text) in [
        ("2026-12-03.md", "# A day\n\nCalled [[jane-doe]].\n"),
        ("templates/meeting.md", "{{date}}\n"),
        (
            "board.canvas",
            "{\"nodes\":[{\"type\":\"file\",\"file\":\"contacts/jane-doe.md\"}],\"edges\":[]}\n",
        ),
        ("people.base", "views:\n  - type: table\n"),
        ("photo.png", "x"),
        ("contacts/Pasted image 20261203.png", "x"),
        ("contacts/board.canvas", "{}\n"),
        ("contacts/.trash/gone.md", "+++\n[[broken\n"),
    ] {
        scratch.write(file, text);
    }
    assert_eq!(ids(&scratch), "id\nbob-smith\njane-doe\n");
    let check = run(&scratch, "check");
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(check.out.contains("No problems") || !check.out.contains("warning"), "{}", check.out);
    let status = run(&scratch, "status").out;
    assert!(
        !status.contains("workspace.json") && !status.contains(".trash/gone.md\n              ."),
        "{status}"
    );
}

#[test]
fn links_as_obsidian_writes_them_lead_to_contacts() {
    let scratch = vault("vault-links");
    let who = run(&scratch, "who jane-doe").out;
    assert!(who.contains("Bob Smith"), "{who}");
    let moved = run(&scratch, "mv jane-doe jane-lee");
    assert_eq!(moved.code, 0, "{}", moved.err);
    let bob = scratch.read("contacts/bob-smith.md").unwrap();
    assert!(
        bob.contains("[[jane-lee]], [[jane-lee|Jane]],")
            && bob.contains("[[jane-lee#Log]] and [[jane-lee.md]]"),
        "{bob}"
    );
    assert!(bob.contains("referred_by = \"jane-lee\""), "{bob}");
    let check = run(&scratch, "check");
    assert_eq!(check.code, 0, "{}", check.out);
}

#[test]
fn a_note_that_obsidian_renames_stays_the_same_contact() {
    let scratch = vault("vault-rename");
    // Obsidian moves the file and changes the links of the text; of the front matter it knows nothing.
    std::fs::rename(scratch.path().join("contacts/jane-doe.md"), scratch.path().join("contacts/Jane Lee.md"))
        .unwrap();
    let bob = BOB.replace("[[jane-doe", "[[Jane Lee").replace("contacts/jane-doe", "contacts/Jane Lee");
    scratch.write("contacts/bob-smith.md", &bob);
    assert_eq!(ids(&scratch), "id\nbob-smith\nJane Lee\n");
    let who = run(&scratch, "who 'Jane Lee'").out;
    assert!(who.contains("Bob Smith"), "{who}");
    let check = run(&scratch, "check");
    // What Obsidian cannot know, `check` says.
    assert!(check.out.contains("referred_by") && check.out.contains("jane-doe"), "{}", check.out);
    assert_eq!(run(&scratch, "set bob-smith referred_by='Jane Lee'").code, 0);
    let check = run(&scratch, "check");
    assert!(!check.out.contains("jane-doe"), "{}", check.out);
    assert_eq!(run(&scratch, "log 'Jane Lee' phone -m hello").code, 0);
    assert!(scratch.read("contacts/Jane Lee.md").unwrap().contains("phone: hello\n- 2026-11-20"));
}

#[test]
fn what_obsidian_does_to_a_file_is_an_edit_like_any_other() {
    let scratch = vault("vault-edit");
    // A box ticked, a line added; Windows' line ends stay.
    let text = JANE.replace('\n', "\r\n") + "  - [x] me: send the list\r\n";
    scratch.write("contacts/jane-doe.md", &text);
    scratch.write(".obsidian/workspace.json", "{\"active\": \"2\"}\n");
    let status = run(&scratch, "status").out;
    assert!(status.contains("contacts/jane-doe.md") && !status.contains("workspace"), "{status}");
    assert_eq!(run(&scratch, "log jane email -m specs").code, 0);
    let after = scratch.read("contacts/jane-doe.md").unwrap();
    assert_eq!(after.replacen("- 2026-12-03 email: specs\r\n", "", 1), text);
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
    assert_eq!(run(&scratch, "check").code, 0);
}
