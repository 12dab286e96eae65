//! `sync`, `join`, `init --remote`, `git-setup`, `check` and `status` of a notebook that is shared: what they say. The
//! museum holds it as transcripts.

use std::path::PathBuf;

use tickler_tests::{Book, Tickler, exhibit};

const JANE: &str =
    "+++\nname = \"Jane Doe\"\nowner = \"pat\"\n+++\n\nLikes tea.\n\n## Log\n\n- 2026-11-20 phone: hello\n";

/// Pat's notebook, shared in a folder, and Sam's copy of it.
struct Team {
    book: Book,
    transcript: String,
}

impl Team {
    /// Not shared yet.
    fn alone(name: &str) -> Team {
        let book = Book::git(name, &[("contacts/jane-doe.md", JANE), (".gitignore", "/.tickler/\n")]);
        let team = Team { book, transcript: String::new() };
        std::fs::create_dir(team.folder("away")).unwrap();
        std::fs::write(team.folder(".gitconfig"), "[user]\nname = Pat\nemail = pat@acme.example\n").unwrap();
        team.book.git_says(&format!("init --quiet --bare --initial-branch=main {}", team.remote().display()));
        team
    }

    fn new(name: &str) -> Team {
        let mut team = Team::alone(name);
        team.pat(&format!("init --remote {}", team.remote().display()), 0);
        team.run(team.folder(""), &format!("join {} sam", team.remote().display()), 0);
        for setting in ["user.name Sam", "user.email sam@acme.example"] {
            team.sams_git(&format!("config {setting}"));
        }
        team.transcript.clear();
        team
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.book.home().join(name)
    }

    fn remote(&self) -> PathBuf {
        self.folder("people.git")
    }

    fn sams_git(&self, line: &str) -> String {
        self.book.git_says(&format!("-C {} {line}", self.folder("sam").display()))
    }

    /// Runs it, and writes down what was said.
    #[track_caller]
    fn run(&mut self, folder: PathBuf, line: &str, code: i32) -> String {
        let ran = self.tickler(line).within(folder).run();
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        let said = format!("$ tickler {line}\n{}{}", ran.out, ran.err);
        let said = self.book.masked(&said.replace(&self.book.home().display().to_string(), "~"));
        self.transcript.push_str(&format!("{said}= {code}\n\n"));
        ran.out
    }

    fn tickler(&self, line: &str) -> Tickler {
        self.book.tickler(line)
    }

    #[track_caller]
    fn pat(&mut self, line: &str, code: i32) -> String {
        self.run(self.book.path(), line, code)
    }

    #[track_caller]
    fn sam(&mut self, line: &str, code: i32) -> String {
        self.run(self.folder("sam"), line, code)
    }

    /// Sam writes a file by hand, long enough ago.
    fn sam_writes(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.folder("sam").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        self.ago(path);
    }

    /// What is saved this moment is taken for unfinished.
    fn ago(&self, path: PathBuf) {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
    }

    fn exhibit(&self, name: &str) {
        exhibit(&format!("sharing-{name}.txt"), &self.transcript);
    }
}

#[test]
fn a_notebook_is_shared_and_joined() {
    let mut team = Team::alone("sharing-begin");
    let remote = team.remote().display().to_string();
    let home = team.folder("");
    team.pat("sync", 1);
    team.pat("git-setup", 0);
    team.pat("git-setup", 0);
    team.pat(&format!("init --remote {remote}"), 0);
    team.run(home.clone(), &format!("join {remote}"), 0);
    team.run(home.clone(), &format!("join {remote}"), 1);
    team.run(home.clone(), &format!("join {remote} away/crm --format json"), 0);
    team.run(home.clone(), &format!("init x --remote {remote}"), 1);
    assert!(!home.join("x").exists(), "nothing is made for a remote that is in use");
    team.run(home.clone(), "join nowhere.git", 3);
    team.run(home.clone(), "join ..", 2);
    team.book.git_says(&format!("init --quiet --bare {}/empty.git", home.display()));
    team.run(home.clone(), "join empty.git", 1);
    team.run(home, "init new --remote empty.git", 0);
    team.exhibit("begin");
}

#[test]
fn what_is_not_in_a_repository_of_its_own_is_not_shared() {
    let mut team = Team::alone("sharing-not");
    let remote = team.remote().display().to_string();
    let plain = team.folder("plain");
    std::fs::create_dir_all(plain.join("contacts")).unwrap();
    std::fs::write(plain.join("tickler.toml"), "").unwrap();
    for line in ["sync", "git-setup", &format!("init --remote {remote}")] {
        team.run(plain.clone(), line, 3);
    }
    // All of the repository around it would be shared.
    team.pat(&format!("init inside --remote {remote}"), 1);
    team.pat(&format!("init inside2 --no-git --remote {remote}"), 2);
    team.pat("sync --format csv", 2);
    let branches = team.book.git_says(&format!("-C {remote} branch --list"));
    assert_eq!(branches, "", "nothing went");
    team.exhibit("not");
}

#[test]
fn both_sides_in_words() {
    let mut team = Team::new("sharing-both");
    team.sam("sync", 0);
    team.sam("new 'Bob Smith' --company 'Bay Hotels'", 0);
    team.sam("tag jane +hotel", 0);
    team.sam("sync", 0);
    team.pat("log jane phone -m 'wants a price'", 0);
    team.pat("sync --dry-run", 0);
    team.pat("sync", 0);
    team.sam_writes("contacts/carl.md", "# Carl\n");
    team.sam("sync --dry-run", 0);
    team.sam("sync", 0);
    team.sam("sync", 0);
    team.exhibit("both");
    let json = team.pat("sync --format json", 0);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&report["outcome"], &report["came"]["commits"]), (&"shared".into(), &2.into()), "{json}");
    assert_eq!(report["came"]["changes"][0]["file"], "contacts/carl.md");
    for clone in [team.book.path(), team.folder("sam")] {
        assert_eq!(team.book.git_says(&format!("-C {} status --porcelain", clone.display())), "");
    }
}

#[test]
fn what_needs_a_look_is_named_until_it_is_settled() {
    let mut team = Team::new("sharing-look");
    team.sam("set jane role='Banquet Manager'", 0);
    team.sam("sync", 0);
    team.pat("set jane role='Director of Events'", 0);
    team.pat("sync", 1);
    let status = team.tickler("status --format json").within(team.book.path()).run().out;
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(
        status["unsettled"]["contacts"],
        serde_json::json!([{ "file": "contacts/jane-doe.md", "keys": ["role"], "quoted": 0 }])
    );
    assert_eq!(status["sharing"]["ahead"], 0);
    let out = team.tickler("status").within(team.book.path()).run().out;
    assert!(out.contains("  to settle   contacts/jane-doe.md: role\n"), "{out}");
    team.pat("sync", 0);
    team.exhibit("look");
}

#[test]
fn nobody_there() {
    let mut team = Team::new("sharing-offline");
    std::fs::rename(team.remote(), team.folder("away/people.git")).unwrap();
    team.sam_writes("contacts/jane-doe.md", JANE.replace("tea", "coffee"));
    team.sam("sync --dry-run", 3);
    team.sam("sync", 3);
    team.sam("sync --format json", 3);
    let out = team.tickler("status").within(team.folder("sam")).run().out;
    assert!(out.contains("  to share    1 commit: tickler sync\n"), "{out}");
    std::fs::rename(team.folder("away/people.git"), team.remote()).unwrap();
    team.sam("sync", 0);
    team.exhibit("offline");
}

#[test]
fn what_is_still_being_written_waits() {
    let mut team = Team::new("sharing-wait");
    // Some editors empty a file before they write it.
    std::fs::write(team.folder("sam/contacts/jane-doe.md"), "").unwrap();
    // To say what would be done, nobody waits until it is whole.
    team.sam("sync --dry-run", 0);
    let json = team.sam("sync --dry-run --format json", 0);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["waiting"], serde_json::json!(["contacts/jane-doe.md"]));
    team.exhibit("wait");
}

#[test]
fn a_clone_where_git_merges_by_lines_is_told() {
    let mut team = Team::new("sharing-check");
    team.sam("check", 0);
    team.sams_git("config --unset merge.tickler.driver");
    team.sam("check", 0);
    let json = team.tickler("check --format json").within(team.folder("sam")).run().out;
    let problems: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&problems[0]["file"], &problems[0]["line"]), (&".git".into(), &0.into()), "{json}");
    team.sams_git("config merge.tickler.driver \"t='/nowhere/tickler'; exec git merge-file\"");
    team.sam("check", 0);
    team.sam("git-setup", 0);
    team.sam("check", 0);
    team.exhibit("check");
}

#[test]
fn what_the_others_do_not_have_is_in_the_status() {
    let mut team = Team::new("sharing-status");
    team.sam("sync", 0);
    team.sam("tag jane +hotel", 0);
    team.sam_writes("contacts/jane-doe.md", JANE.replace("owner", "city = \"Rome\"\nowner"));
    let out = team.tickler("status").within(team.folder("sam")).run().out;
    for row in [
        "  to share    1 commit and 1 file changed by hand: tickler sync\n",
        "  changed     contacts/jane-doe.md (Jane Doe: ",
        ", with origin\n",
    ] {
        assert!(out.contains(row), "{row} is not in:\n{out}");
    }
}

#[test]
fn a_test_may_kill_it_at_a_point() {
    use std::os::unix::process::ExitStatusExt;
    let team = Team::new("sharing-kill");
    for point in tickler_core::sync::POINTS.iter().filter(|point| ["held", "fetched"].contains(point)) {
        let tickler = team.tickler("sync").within(team.folder("sam")).env("TICKLER_TEST_DIE_AT", point);
        assert_eq!(tickler.command().output().unwrap().status.signal(), Some(9), "{point}");
    }
    assert_eq!(team.tickler("sync").within(team.folder("sam")).run().code, 0);
}
