//! Completions: the scripts, and what a shell is answered.

use std::process::{Command, Stdio};

use tickler_tests::{Tickler, binary, workspace};

/// What bash would offer for a line, with the cursor at its end; `word` is what bash takes for the current word.
fn offered(line: &str, word: &str) -> Vec<String> {
    let script = format!(
        "source <(tickler completions bash)\nCOMP_LINE='{line}' COMP_POINT={} COMP_TYPE=9\n\
         _tickler tickler '{word}' ''\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        line.len()
    );
    let folder = binary().parent().unwrap_or(std::path::Path::new("/")).display();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["--norc", "-c", &script])
        .env_clear()
        .env("PATH", path)
        .env("HOME", "/nonexistent")
        .current_dir(workspace().join("docs/example"))
        .stdin(Stdio::null())
        .output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_names_of_the_notebook_are_offered() {
    for (line, word, expected) in [
        ("tickler br", "br", &["brief"] as &[&str]),
        ("tickler brief in", "in", &["ines-carvalho"]),
        ("tickler show m", "m", &["maeve-obrien", "meridian-av"]),
        // An earlier id is offered to who types it.
        ("tickler show maeve-w", "maeve-w", &["maeve-walsh"]),
        ("tickler due stage:p", "p", &["proposal"]),
        (
            "tickler due stage:",
            "",
            &["contacted", "lost", "new", "nurture", "on-hold", "proposal", "qualified", "stopped", "won"],
        ),
        ("tickler list -owner:s", "s", &["sam"]),
        ("tickler due channel:w", "w", &["whatsapp"]),
        ("tickler due @", "@", &["@hot", "@kims", "@quiet"]),
        ("tickler due hot", "hot", &["hot_button:"]),
        ("tickler --me k", "k", &["kim"]),
        ("tickler due --format j", "j", &["json"]),
    ] {
        let offered = offered(line, word);
        for expected in expected {
            assert!(offered.iter().any(|o| o == expected), "{line}: {offered:?}");
        }
        if !line.contains('-') {
            assert_eq!(offered, expected, "{line}");
        }
    }
    let ids = offered("tickler brief ", "");
    assert_eq!(ids.iter().filter(|id| !id.starts_with("--")).count(), 14);
}

#[test]
fn no_notebook_no_names_and_no_noise() {
    let ran = Tickler::new("-- tickler brief x")
        .env("TICKLER_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", "2")
        .env("_CLAP_IFS", "\n")
        .within("/")
        .run();
    assert_eq!((ran.out.as_str(), ran.err.as_str(), ran.code), ("", "", 0));
}

#[test]
fn every_shell_has_a_script_and_every_verb_a_page() {
    for (shell, sign) in [("bash", "complete -o"), ("zsh", "#compdef tickler"), ("fish", "complete ")] {
        let ran = Tickler::new("completions").word(shell).run();
        assert!(ran.code == 0 && ran.out.contains(sign), "{shell}: {}", ran.out);
    }
    assert_eq!(Tickler::new("completions csh").run().code, 2);
    assert!(Tickler::new("man").run().out.contains(".TH tickler 1"));
    let dir = tickler_tests::Scratch::new("man");
    assert_eq!(Tickler::new("man").word(dir.path()).run().code, 0);
    for page in ["tickler.1", "tickler-due.1", "tickler-brief.1", "tickler-check.1"] {
        assert!(dir.path().join(page).is_file(), "{page}");
    }
}
