//! The guide is true: its commands are run, and what they answer is what the pages show.
//!
//! A page is played from top to bottom in a folder of its own, on a terminal of 80 columns. In blocks of `console`,
//! lines that begin with `$ ` are run. A comment before a block says more: `<!-- file: PATH -->` writes the block
//! to that file, `<!-- log: PATH -->` puts it in place of what stands above its last line in the file's log,
//! `<!-- keys: PATH -->` adds it to the front matter, `<!-- example -->` runs it in the worked example,
//! `<!-- copy -->` in a copy of it that may be changed,
//! `<!-- refused -->` is for a command that is told what is wrong with it. The other way round, `<!-- shows: PATH -->`
//! fills the block with that file, and `<!-- newest: PATH -->` with the newest entry of its log.
//! `UPDATE_MUSEUM=1` writes the answers into the pages.

use std::path::{Path, PathBuf};
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
            // Commits of one moment and one author have the same ids each time.
            .env("GIT_AUTHOR_DATE", format!("{NOW}:00Z"))
            .env("GIT_COMMITTER_DATE", format!("{NOW}:00Z"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        // Nobody else has this home.
        let said = said.replace(self.home.path().to_str().unwrap(), "~");
        (said, output.status.code().unwrap_or(-1))
    }

    /// What was saved this moment would be taken for unfinished by the next `sync`.
    fn age(&self) {
        let find = "find . -name '*.md' -exec touch -d '1 minute ago' '{}' +";
        assert!(
            Command::new("sh").args(["-c", find]).current_dir(self.home.path()).status().unwrap().success()
        );
    }

    /// The example in a repository of its own, as far as this page has changed it.
    fn copy_of_the_example(&mut self) -> PathBuf {
        let copy = self.home.path().join("copy");
        if !copy.exists() {
            let home = self.home.path().to_owned();
            let (said, code) = self.run("tickler init --example copy", Some(&home));
            assert_eq!(code, 0, "{said}");
        }
        copy
    }

    fn read(&self, path: &str) -> String {
        let path = self.home.path().join(&self.folder).join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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

/// A file's text, with one id in place of the one that was drawn by lot.
fn shown(text: &str) -> String {
    let line = |line: &str| match line.starts_with("uid = ") {
        true => "uid = \"6f1c2f0e-3a52-4a0b-9d1b-5c7f7a2f4e11\"\n".to_owned(),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// The first entry of the log, with all that is indented below it.
fn newest(text: &str) -> String {
    let (_, log) = text.split_once("## Log\n").expect("a log");
    let mut lines = log.trim_start().lines();
    let first = lines.next().expect("an entry");
    let below = lines.take_while(|line| line.starts_with(' '));
    std::iter::once(first).chain(below).map(|line| format!("{line}\n")).collect()
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
        let mut block: String =
            lines.by_ref().take_while(|line| *line != "```").map(|l| format!("{l}\n")).collect();
        let note = note.take().unwrap_or_default();
        match note.split_once(": ") {
            Some(("file", path)) => shell.edit(path, |_| block.clone()),
            Some(("log", path)) => shell.edit(path, |old| with_log(old, &block)),
            Some(("keys", path)) => shell.edit(path, |old| with_keys(old, &block)),
            Some(("shows", path)) => block = shown(&shell.read(path)),
            Some(("newest", path)) => block = newest(&shell.read(path)),
            _ => {}
        }
        if language == "console" {
            let shows = block.lines().any(|line| !line.starts_with("$ "));
            let place = match note.as_str() {
                "example" => Some(example.clone()),
                "copy" => Some(shell.copy_of_the_example()),
                _ => None,
            };
            let commands: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
            for (at, command) in commands.iter().enumerate() {
                if command.contains("tickler sync") {
                    shell.age();
                }
                let (said, code) = shell.run(command, place.as_deref());
                assert!(code < 2 || note == "refused", "{page}: {command}: {said}");
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
