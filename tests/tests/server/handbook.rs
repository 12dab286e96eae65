//! `docs/server.md` and `docs/api.md` are true: what they show is played beside a running server, and every command line
//! in the first is one.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tickler_tests::{Serving, binary, server_binary, workspace};

fn page() -> String {
    fs::read_to_string(workspace().join("docs/server.md")).unwrap()
}

/// What a shell says that has both programs at hand.
fn shell(line: &str, folder: &Path, data: &Path) -> Output {
    let path = std::env::var("PATH").unwrap();
    let ours = [binary(), server_binary()].map(|program| program.parent().unwrap().display().to_string());
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder).env("TICKLER_SERVER_DATA", data).stdin(Stdio::null());
    shell.env("PATH", format!("{}:{path}", ours.join(":"))).output().unwrap()
}

/// Whether a line is as the page shows it, which has `…` for what differs each time.
fn is_like(line: &str, shown: &str) -> bool {
    let mut rest = line;
    for (at, part) in shown.split('…').enumerate() {
        let Some(found) = rest.find(part) else { return false };
        if at == 0 && found > 0 {
            return false;
        }
        rest = &rest[found + part.len()..];
    }
    rest.is_empty() || shown.ends_with('…')
}

/// Plays the commands of a page, and compares what they print with what it shows; how many there are. `each` is given
/// each command and what it printed.
fn play(text: &str, mut run: impl FnMut(&str) -> Output, mut each: impl FnMut(&str, &str)) -> usize {
    let mut played = 0;
    for block in text.split("<!-- played -->\n```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for command in format!("\n{block}").split("\n$ ").skip(1) {
            let (line, shown) = command.split_once('\n').unwrap_or((command, ""));
            let output = run(line);
            let said = String::from_utf8(output.stdout).unwrap();
            let err = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{line}: {said}{err}");
            let (is, shown) = (said.trim_end(), shown.trim_end());
            let same = is.lines().count() == shown.lines().count()
                && is.lines().zip(shown.lines()).all(|(is, shown)| is_like(is, shown));
            assert!(same, "{line} says\n{is}\nand the page shows\n{shown}");
            each(line, &said);
            played += 1;
        }
    }
    played
}

#[test]
fn what_the_page_shows_is_what_people_see() {
    let mut serving = Serving::example("handbook");
    let (folder, data) = (serving.folder().to_owned(), serving.data());
    let run = |line: &str| shell(line, &folder, &data);
    let played = play(&page(), run, |line, said| {
        if let Some(name) = line.strip_prefix("tickler-server user ").filter(|_| said.contains("tickler_")) {
            serving.note_token(name.split(' ').nth(1).unwrap(), said);
        }
    });
    assert!(played > 10, "did this test read the page? {played}");
}

#[test]
fn what_the_page_of_the_api_shows_is_what_programs_see() {
    let mut serving = Serving::set("handbook-api", &["--today", "2026-12-03"], "");
    serving.add_user("pat", "editor");
    let text = fs::read_to_string(workspace().join("docs/api.md")).unwrap();
    let run = |line: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(serving.folder()).env("TOKEN", serving.token("pat"));
        shell.env("API", format!("http://{}/main/api/v1", serving.address())).output().unwrap()
    };
    let played = play(&text, run, |_, _| ());
    assert!(played > 10, "did this test read the page? {played}");
}

#[test]
fn every_command_line_is_one() {
    let serving = Serving::example("handbook-lines");
    let mut seen = 0;
    let text = page();
    let mut lines: Vec<String> = text
        .lines()
        .filter_map(|line| line.find("tickler-server ").map(|at| (line, at)))
        .filter(|(line, _)| !line.starts_with(['$', '|']) && !line.contains('`'))
        .map(|(line, at)| line[at..].to_owned())
        .collect();
    lines.extend(
        text.split('`')
            .filter(|part| part.starts_with("tickler-server ") && !part.contains('\n'))
            .map(str::to_owned),
    );
    // Through cargo, the program's own words come behind two hyphens; behind a path, there are none.
    let lines = lines
        .into_iter()
        .map(|line| line.replace("tickler-server -- ", "tickler-server ").replace("NAME", "name"));
    for line in lines.filter(|line| line["tickler-server ".len()..].starts_with(char::is_alphabetic)) {
        // With this, words are looked at and nothing is done.
        let output = shell(&format!("{line} --help"), serving.folder(), &serving.data());
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {err}");
        seen += 1;
    }
    assert!(seen > 12, "did this test read the page? {seen}");
}

#[test]
fn every_command_is_on_the_page() {
    let output = Command::new(server_binary()).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| line.starts_with("  "));
    // A long explanation runs on over lines that are indented further.
    let commands = commands.filter(|line| !line.starts_with("   "));
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"serve"), "{help}");
    for name in names.iter().filter(|name| **name != "help") {
        assert!(page().contains(&format!("tickler-server {name}")), "docs/server.md does not show {name}");
    }
}

#[test]
fn differences_are_found() {
    for (line, shown, is) in [
        ("a b", "a b", true),
        ("a 12 b", "a … b", true),
        ("a 12", "a …", true),
        ("a 12", "a", false),
        ("xa", "a", false),
        ("a c", "a … b", false),
    ] {
        assert_eq!(is_like(line, shown), is, "{line} and {shown}");
    }
}
