//! `brief`, `show`, `reasons` and `who` on the worked example, as people see them.

use serde_json::Value;
use tickler_tests::{Ran, Scratch, Tickler, exhibit};

/// In the worked example, at a fixed moment of its day.
fn at_noon(line: &str) -> Tickler {
    Tickler::new(line).example().env("TICKLER_TODAY", "2026-12-03T14:40")
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err))
}

#[test]
fn look_as_they_did() {
    for who in ["ines", "theo", "bruno", "gerald", "sato", "priya", "meridian"] {
        let ran = at_noon("brief").word(who).columns(80).run();
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.lines().count() <= 40, "one screen: {}", ran.out);
        exhibit(&format!("brief-{who}-80.txt"), &ran.out);
    }
    exhibit("brief-ines-140.txt", &at_noon("brief ines").columns(140).run().out);
    exhibit("brief-ines-40.txt", &at_noon("brief ines").columns(40).run().out);
    exhibit("brief-ines-pipe.txt", &at_noon("brief ines").run().out);
    exhibit("brief.json", &at_noon("brief theo --format json").run().out);
    exhibit("show-theo-80.txt", &at_noon("show theo").columns(80).run().out);
    exhibit("show-maeve-140.txt", &at_noon("show maeve").columns(140).run().out);
    exhibit("show.json", &at_noon("show jonas --format json").run().out);
    for (name, line) in [
        ("who-theo", "who theo"),
        ("who-nurture", "who stage:nurture"),
        ("reasons", "reasons"),
        ("reasons-ines", "reasons ines"),
    ] {
        exhibit(&format!("{name}-80.txt"), &at_noon(line).columns(80).run().out);
    }
}

#[test]
fn several_words_are_one_name() {
    for line in ["brief theo van der meer", "brief Theo Van", "brief elmwood", "brief meer theo"] {
        assert!(at_noon(line).run().out.starts_with("Theo van der Meer\n"), "{line}");
    }
}

#[test]
fn json_has_it_all() {
    let brief = json(&at_noon("brief ines --format json").run());
    assert_eq!(brief["moment"]["verdict"], "good");
    assert_eq!(brief["moment"]["time"], "14:40");
    assert_eq!(brief["together"][0], "Shall we look at pages 1 to 3 with your front desk together now?");
    assert_eq!(brief["theirs"][0]["days_late"], 1);
    assert_eq!(brief["value"]["currency"], "EUR");
    assert_eq!(brief["follow_up"]["flags"][0], "promised");
    assert_eq!(brief["neighbours"][0]["ties"][0], "referrer");
    let who = json(&at_noon("who amara --format json").run());
    assert_eq!(who[0]["referred_by"], "the architect of the east wing, a Mr Adeyemi");
    let show = json(&at_noon("show jonas --format json").run());
    assert_eq!(show["id"], "jonas-thorsson");
    assert!(show["text"].as_str().unwrap().contains("# Jónas"));
    let reasons = json(&at_noon("reasons --format json").run());
    assert_eq!(
        (reasons[0]["contacts"].as_u64(), reasons[0]["until"].as_str()),
        (Some(5), Some("2027-01-31"))
    );
    assert_eq!(at_noon("brief ines --format csv").run().code, 2);
}

#[test]
fn nothing_in_a_file_commands_the_terminal() {
    let notebook = Scratch::new("unsafe");
    notebook.write(
        "contacts/eve.md",
        "+++\nname = \"Eve\\u001b]0;owned\\u0007\"\ncompany = \"A\\u001b[31mcme\"\nphrase = \"\\u009b2J\"\n+++\n\
         Hi \u{1b}[2J there\u{202e}.\n\n```\n\u{1b}[1mcode\n```\n\n<b\u{1b}[3m>\n\n## Log\n\n\
         - 2026-12-01 phone: \u{1b}]8;;http://x.example\u{7}link\n  - [ ] them: \u{1b}[5mread it by 2026-12-02\n",
    );
    for line in
        ["show eve", "brief eve", "who eve", "check", "show eve --color always", "brief eve --color always"]
    {
        let ran = Tickler::new(line).notebook(notebook.path()).columns(80).run();
        let colourless = ran.out.replace("\u{1b}[0m", "");
        let left: String = match line.contains("always") {
            // Only colours, which all end in `m`.
            true => colourless
                .split('\u{1b}')
                .skip(1)
                .filter(|s| {
                    !s.trim_start_matches(|c: char| c == '[' || c == ';' || c.is_ascii_digit())
                        .starts_with('m')
                })
                .collect(),
            false => {
                colourless.chars().filter(|c| c.is_control() && *c != '\n' || *c == '\u{202e}').collect()
            }
        };
        assert_eq!(left, "", "{line}: {:?}", ran.out);
    }
}

#[test]
fn a_broken_reason_is_told_where_it_stands_and_hides_no_other() {
    let notebook = Scratch::new("reasons");
    notebook.write(
        "tickler.toml",
        "[[reason]]\ntext = \"a\"\nfor = \"stage:nurtur\"\n[[reason]]\ntext = \"new list\"\n\
         [[reason]]\ntext = \"old\"\nuntil = 2026-12-02\n",
    );
    notebook.write("contacts/jane.md", "# Jane\n\n## Log\n\n- 2026-11-01 email: the New List\n");
    notebook.write("contacts/bob.md", "");
    let ran = Tickler::new("reasons").within(notebook.path()).env("TICKLER_TODAY", "2026-12-03").run();
    assert_eq!(ran.out, "- new list: fits 1 contact\n");
    assert!(ran.err.starts_with("tickler.toml:3:14: warning: this reason fits nobody: "), "{}", ran.err);
    let jane = Tickler::new("reasons jane").notebook(notebook.path()).run();
    assert_eq!((jane.out.as_str(), jane.code), ("", 1));
    let bob = Tickler::new("reasons bob").notebook(notebook.path()).run();
    assert_eq!((bob.out.as_str(), bob.code), ("- new list\n", 0));
}

#[test]
fn a_file_of_a_name_and_a_log_is_shown_without_a_hole() {
    let notebook = Scratch::new("hole");
    notebook.write("contacts/jane.md", "# Jane\n\n## Log\n\n- 2026-12-01 phone: x\n");
    let ran = Tickler::new("show jane").within(notebook.path()).run();
    assert!(ran.out.ends_with("Stage       new\n\nLog\n\n- 2026-12-01 phone: x\n"), "{}", ran.out);
}

#[test]
fn all_of_markdown_is_shown() {
    let notebook = Scratch::new("markdown");
    notebook.write(
        "contacts/jane.md",
        "# Jane\n\nOne *fine* **day** with `code`\\\nand a break. See <https://x.example>.\n\n> quoted words\n> go on\n\n\
         1. first\n2. second\n   - inner one\n     - [x] deep\n\n```sh\nif true\n  then\n```\n\n\
         | a | b |\n| - | - |\n| 1 | 2 |\n\n---\n\n<!-- a comment -->\n\n![plan](../files/plan.png)\n\n\
         ## Log\n\n- 2026-12-01 phone: x\n\n  a second paragraph\n- 2026-11-01 phon: y\n",
    );
    let ran = Tickler::new("show jane")
        .within(notebook.path())
        .env("TICKLER_TODAY", "2026-12-03")
        .columns(60)
        .run();
    exhibit("show-markdown-60.txt", &ran.out);
}
