//! The guide is true: its commands are run, and what they answer is what the pages show.
//!
//! A page is played from top to bottom in a folder of its own, on a terminal of 80 columns. In blocks of `console`,
//! lines that begin with `$ ` are run. A comment before a block says more: `<!-- file: PATH -->` writes the block
//! to that file, `<!-- log: PATH -->` puts it in place of what stands above its last line in the file's log,
//! `<!-- keys: PATH -->` adds it to the front matter, `<!-- example -->` runs it in the worked example.
//! `UPDATE_MUSEUM=1` writes the answers into the pages.

use std::path::Path;
use std::process::Command;

use tickler_tests::{Scratch, binary, workspace};

/// When the guide plays.
const NOW: &str = "2026-12-03T10:00";

/// A shell at the folder where a page is played.
struct Shell {
    home: Scratch,
    folder: String,
}

impl Shell {
    fn new(page: &str) -> Shell {
        let home = Scratch::new(&format!("guide-{}", page.replace(['/', '.'], "-")));
        std::fs::remove_file(home.path().join("tickler.toml")).unwrap();
        home.write(".gitconfig", "[user]\nname = Pat\nemail = pat@quietrooms.example\n");
        Shell { home, folder: String::new() }
    }

    fn run(&mut self, line: &str, folder: Option<&Path>) -> (String, i32) {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = folder.to_owned();
            return (String::new(), 0);
        }
        let folder = folder.map_or_else(|| self.home.path().join(&self.folder), Path::to_owned);
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new("sh")
            .args(["-c", line])
            .current_dir(folder)
            .env_clear()
            .env("PATH", format!("{}:{path}", binary().parent().unwrap().display()))
            .env("HOME", self.home.path())
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "80")
            .env("TICKLER_TODAY", NOW)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (said, output.status.code().unwrap_or(-1))
    }

    fn edit(&self, path: &str, edit: impl Fn(&str) -> String) {
        let inside = Path::new(&self.folder).join(path);
        let old = std::fs::read_to_string(self.home.path().join(&inside)).unwrap_or_default();
        self.home.write(inside.to_str().unwrap(), edit(&old));
    }
}

/// The log with `block` in place of all that stands above the block's last line.
fn with_log(old: &str, block: &str) -> String {
    let (head, log) = old.split_once("## Log\n").unwrap_or((old, ""));
    let block = block.trim_start_matches("## Log\n").trim();
    let last = block.lines().next_back().unwrap_or_default();
    let rest = log.split_once(last).map_or("", |(_, rest)| rest);
    format!("{head}## Log\n\n{block}{}", if rest.is_empty() { "\n" } else { rest })
}

/// The front matter with `block` at its end.
fn with_keys(old: &str, block: &str) -> String {
    let (front, body) = old.split_once("\n+++\n").expect("a front matter");
    format!("{front}\n\n{block}+++\n{body}")
}

/// The page as it is when its commands are run.
fn played(page: &str, text: &str) -> String {
    let mut shell = Shell::new(page);
    let example = workspace().join("docs/example");
    let mut out = String::new();
    let mut note = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(language) = line.strip_prefix("```") else {
            if let Some(said) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                note = Some(said.to_owned());
            } else if !line.is_empty() {
                note = None;
            }
            continue;
        };
        let block: String =
            lines.by_ref().take_while(|line| *line != "```").map(|l| format!("{l}\n")).collect();
        let note = note.take().unwrap_or_default();
        match note.split_once(": ") {
            Some(("file", path)) => shell.edit(path, |_| block.clone()),
            Some(("log", path)) => shell.edit(path, |old| with_log(old, &block)),
            Some(("keys", path)) => shell.edit(path, |old| with_keys(old, &block)),
            _ => {}
        }
        if language == "console" {
            let shows = block.lines().any(|line| !line.starts_with("$ "));
            let commands: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
            for (at, command) in commands.iter().enumerate() {
                let (said, code) = shell.run(command, (note == "example").then_some(&example));
                assert!(code < 2, "{page}: {command}: {said}");
                let gap = if at > 0 && shows { "\n" } else { "" };
                let shown = if shows || note != "example" { said.as_str() } else { "" };
                out.push_str(&format!("{gap}$ {command}\n{shown}"));
            }
        } else {
            out.push_str(&block);
        }
        out.push_str("```\n");
    }
    out
}

#[test]
fn what_the_pages_show_is_what_people_see() {
    let pages = std::fs::read_dir(workspace().join("docs/guide")).unwrap();
    let mut pages: Vec<String> =
        pages.map(|page| format!("docs/guide/{}", page.unwrap().file_name().to_str().unwrap())).collect();
    pages.push("README.md".to_owned());
    for page in pages {
        let path = workspace().join(&page);
        let text = std::fs::read_to_string(&path).unwrap();
        let now = played(&page, &text);
        if std::env::var_os("UPDATE_MUSEUM").is_some() {
            std::fs::write(path, now).unwrap();
        } else {
            assert!(now == text, "{page} is not true any more (UPDATE_MUSEUM=1 mends it):\n{now}");
        }
    }
}

#[test]
fn every_command_of_the_guide_is_one() {
    let mut shell = Shell::new("commands");
    assert_eq!(shell.run("tickler init --example ex", None).1, 0);
    shell.folder = "ex".to_owned();
    let mut seen = 0;
    for page in std::fs::read_dir(workspace().join("docs/guide")).unwrap() {
        let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
        for block in text.split("\n```sh\n").skip(1) {
            let block = block.split("\n```").next().unwrap_or_default();
            for line in block.lines().filter(|line| line.starts_with("tickler ")) {
                // What writes to the user's own folders, or needs this workspace.
                if ["~/", "docs/example", "man -l"].iter().any(|word| line.contains(word)) {
                    continue;
                }
                let (said, code) = shell.run(line, None);
                assert!(code < 2, "{line}: {said}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "did this test read the pages? {seen}");
}
