//! One run: the people's notebooks on disk, and what each action does to them.

use std::fs;
use std::path::{Path, PathBuf};

use tickler_core::sync::POINTS;
use tickler_tests::team::killed_at;
use tickler_tests::{Book, Dice, Ran, Team, team};

use super::contacts::{self, BINARY, SHARED};
use super::edits::Edit;
use super::script::{Action, Script, What};
use super::tokens::{Kind, Ledger, Texts, token};

/// What is counted, so that it shows whether anything was put to the test.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub syncs: usize,
    pub killed: usize,
    pub offline: usize,
    pub to_look_at: usize,
    pub plain_gits: usize,
    pub merges: usize,
    pub tokens: usize,
    pub set_aside: usize,
}

pub struct World {
    pub team: Team,
    pub ledger: Ledger,
    pub counts: Counts,
    /// What was done, in words.
    pub trace: Vec<String>,
    /// Whose last sync was killed.
    is_killed: Vec<bool>,
}

impl World {
    pub fn of(script: &Script, template: &Team) -> World {
        let team = template.copied("sim", script.people);
        // Half of them have a server that merges.
        if script.seed % 2 == 1 {
            team.merged_by(Path::new(env!("CARGO_BIN_EXE_land")));
        }
        let is_killed = vec![false; script.people];
        let (ledger, counts) = (Ledger::default(), Counts::default());
        World { team, ledger, counts, trace: Vec::new(), is_killed }
    }

    /// Does one thing.
    ///
    /// # Errors
    /// Where something came of it that must not.
    pub fn act(&mut self, action: &Action) -> Result<(), String> {
        let mut dice = Dice::of(action.seed);
        let who = action.who;
        let said = match action.what {
            What::Sync => self.sync(who, true),
            What::HastySync => self.sync(who, false),
            What::KilledSync(point) => self.killed_sync(who, point),
            What::Cut => {
                self.team.cut(who);
                Ok(String::new())
            }
            What::Heal => {
                self.team.heal(who);
                Ok(String::new())
            }
            What::PlainGit => self.plain_git(who),
            _ => self.by_somebody(action, &mut dice),
        };
        let said = said.map_err(|wrong| format!("{action:?}: {wrong}"))?;
        self.trace.push(format!("{:3} person {who} {:?}: {said}", action.number, action.what));
        Ok(())
    }

    /// What somebody does to the files; the ledger takes note.
    fn by_somebody(&mut self, action: &Action, dice: &mut Dice) -> Result<String, String> {
        let before = self.files(action.who);
        let token = token(action.number);
        let book = self.team.book(action.who);
        let (kind, said) = match action.what {
            What::Edit(edit) => (kind_of(edit), by_hand(book, edit, &token, dice)),
            What::Deed(deed) => {
                let (kind, words) = contacts::words(deed, &ids(&before), &token, dice);
                let ran = tickler(book, &words);
                if ran.code != 0 && ![1, 3].contains(&ran.code) || ran.err.contains("panicked") {
                    return Err(format!("{words:?} ended with {}: {}", ran.code, ran.err));
                }
                let said = ran.err.lines().next().unwrap_or_default().to_owned();
                (kind, format!("{} [{}] {said}", words.join(" "), ran.code))
            }
            What::NewFile => (Kind::Text, new_file(book, &token, dice)),
            What::MoveFile => (Kind::Text, move_file(book, &before, &token, dice)),
            What::RemoveFile => {
                let path = dice.pick(&paths(&before)).cloned().unwrap_or_default();
                let _ = fs::remove_file(book.path().join(&path));
                (Kind::Text, path)
            }
            _ => (Kind::Other, other_file(book, &token, dice)),
        };
        let after = self.files(action.who);
        self.ledger.observe(&before, &after, Some((&token, kind)));
        Ok(said)
    }

    /// A sync that must come to an end, with nothing lost that was there before it.
    fn sync(&mut self, who: usize, is_settled: bool) -> Result<String, String> {
        let before = self.ledger.held(&self.files(who));
        if is_settled {
            self.team.book(who).settle();
        }
        let ran = self.team.book(who).run("sync");
        self.counts.syncs += 1;
        self.is_killed[who] = false;
        let said = format!("[{}] {}", ran.code, ran.err.lines().next().unwrap_or_default());
        let is_cut = self.team.is_cut(who);
        match ran.code {
            3 if is_cut => self.counts.offline += 1,
            0 | 1 if !is_cut => self.counts.to_look_at += usize::from(ran.code == 1),
            _ => return Err(format!("sync ended with {} {}: {}{}", ran.code, is_cut, ran.out, ran.err)),
        }
        let after = self.ledger.held(&self.files(who));
        match before.iter().find(|token| after.binary_search(token).is_err()) {
            Some(lost) => Err(format!("the sync lost {lost}:\n{}{}", ran.out, ran.err)),
            None => Ok(said),
        }
    }

    fn killed_sync(&mut self, who: usize, point: usize) -> Result<String, String> {
        let point = POINTS[point % POINTS.len()];
        self.team.book(who).settle();
        let is_killed = killed_at(self.team.book(who).tickler("sync"), point);
        self.counts.killed += usize::from(is_killed);
        self.is_killed[who] |= is_killed;
        Ok(format!("{point}, {}", if is_killed { "killed" } else { "not reached" }))
    }

    /// Commit, pull and push with git alone, by somebody whose last sync came to its end.
    fn plain_git(&mut self, who: usize) -> Result<String, String> {
        if self.is_killed[who] || self.team.is_cut(who) {
            return Ok("not now".to_owned());
        }
        let before = self.ledger.held(&self.files(who));
        let folder = self.team.book(who).path();
        let git = |line: &str| team::git(&folder, line);
        git("add --all");
        git("commit --quiet --message by-git");
        // What git takes for a rename is none of our business here.
        let pulled = git("-c merge.renames=false pull --quiet --no-rebase --no-edit");
        if !pulled.status.success() {
            let aborted = git("merge --abort");
            let said = String::from_utf8_lossy(&pulled.stderr).into_owned();
            if !aborted.status.success() && folder.join(".git/MERGE_HEAD").exists() {
                return Err(format!("the merge cannot be given up: {said}"));
            }
            return Ok(format!("gave up: {}", said.lines().next().unwrap_or_default()));
        }
        // A version that the driver set aside lies there as a new file: git lets no driver add one to a merge.
        git("add --all");
        git("commit --quiet --message set-aside");
        git("push --quiet");
        self.counts.plain_gits += 1;
        let after = self.ledger.held(&self.files(who));
        match before.iter().find(|token| after.binary_search(token).is_err()) {
            Some(lost) => Err(format!("git's merge lost {lost}")),
            None => Ok("pulled and pushed".to_owned()),
        }
    }

    /// The files of one person's notebook, by their paths.
    pub fn files(&self, who: usize) -> Texts {
        files(&self.team.book(who).path())
    }
}

/// What of a notebook is shared. Bytes that are no text are read as what they can be.
pub fn files(root: &Path) -> Texts {
    fn gather(folder: &Path, root: &Path, found: &mut Texts) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            if name == ".git" || name == ".tickler" {
                continue;
            }
            match fs::read(&path) {
                Ok(bytes) => drop(found.insert(name, String::from_utf8_lossy(&bytes).into_owned())),
                Err(_) => gather(&path, root, found),
            }
        }
    }
    let mut found = Texts::new();
    gather(root, root, &mut found);
    found
}

/// The contacts' files.
fn paths(files: &Texts) -> Vec<String> {
    let is_contact = |path: &&String| path.starts_with("contacts/") && path.ends_with(".md");
    files.keys().filter(is_contact).cloned().collect()
}

/// Their ids.
fn ids(files: &Texts) -> Vec<String> {
    let stem = |path: &String| Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    paths(files).iter().filter_map(stem).collect()
}

fn tickler(book: &Book, words: &[String]) -> Ran {
    words.iter().fold(book.tickler(""), tickler_tests::Tickler::word).run()
}

fn kind_of(edit: Edit) -> Kind {
    match edit {
        Edit::AddEntry => Kind::Entry,
        Edit::AddTag => Kind::Tag,
        _ => Kind::Text,
    }
}

fn by_hand(book: &Book, edit: Edit, token: &str, dice: &mut Dice) -> String {
    let paths = paths(&files(&book.path()));
    // Everybody works on a few of them at once, or their versions would seldom meet.
    let some = if dice.one_in(2) { paths.len().min(2) } else { paths.len() };
    let Some(path) = dice.pick(&paths[..some]) else { return "no contacts".to_owned() };
    let Ok(text) = fs::read_to_string(book.path().join(path)) else { return format!("{path} is no text") };
    match edit.applied(&text, token, dice) {
        Some(text) => {
            book.write(path, text);
            path.clone()
        }
        None => format!("nothing to do in {path}"),
    }
}

fn new_file(book: &Book, token: &str, dice: &mut Dice) -> String {
    let name = ["walk-in", "the-other", "walk-in"][dice.below(3)];
    let path = format!("contacts/{name}.md");
    if book.path().join(&path).exists() {
        return format!("{path} is there");
    }
    book.write(&path, contacts::newcomer(name, token, dice));
    path
}

/// Only such files as are known by their `uid`: whether the others are the same is a guess.
fn move_file(book: &Book, files: &Texts, token: &str, dice: &mut Dice) -> String {
    let known: Vec<String> = paths(files).into_iter().filter(|path| files[path].contains("uid = ")).collect();
    let Some(path) = dice.pick(&known) else { return "no contacts".to_owned() };
    let from = PathBuf::from(path);
    let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let to = match dice.below(3) {
        0 => format!("contacts/{token}.md"),
        1 => format!("contacts/hotels/{name}"),
        _ => format!("contacts/{name}"),
    };
    let to_path = book.path().join(&to);
    if to_path.exists() {
        return format!("{to} is there");
    }
    let made = to_path.parent().map_or(Ok(()), fs::create_dir_all);
    let moved = made.and_then(|()| fs::rename(book.path().join(&from), &to_path));
    format!("{path} to {to}: {moved:?}")
}

fn other_file(book: &Book, token: &str, dice: &mut Dice) -> String {
    if dice.one_in(4) {
        book.write(BINARY, [&[0, 255, 1], token.as_bytes(), &[0, 254]].concat());
        return BINARY.to_owned();
    }
    let path = *dice.pick(&SHARED).unwrap_or(&SHARED[0]);
    let text = fs::read_to_string(book.path().join(path)).unwrap_or_default();
    let (line, at) = match path {
        "tickler.toml" => (format!("{token} = \"tag:{token}\""), text.find("[view]\n").map(|at| at + 7)),
        _ => (format!("A line of {token}."), text.find('\n').map(|at| at + 1)),
    };
    let at = at.unwrap_or(text.len());
    book.write(path, format!("{}{line}\n{}", &text[..at], &text[at..]));
    path.to_owned()
}
