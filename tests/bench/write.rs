//! The rows about changing a notebook: one contact and its commit, and ten thousand in one.

use std::cell::{Cell, OnceCell};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::bench::Bench;
use crate::contender::{Argv, Contender, Expect};
use crate::corpus::Corpus;
use crate::fault::{Fault, Result};
use crate::group::Group;
use crate::sandbox::Sandbox;

/// What is said of the touch.
const SAID: &str = "said I would call again on Monday";
/// From one contact to the next: far apart, and no contact twice in a run.
const STRIDE: usize = 7_919;

/// A touch and its commit, against the same line added by hand and committed with git. Both write to one clone in turn,
/// so that its history grows for both alike; in each round they take the same contact, whose folder is as large for both.
pub fn one(bench: &Bench, original: Corpus, at_most: f64) -> Group<'_> {
    let corpus = original.written("write");
    let contenders = vec![
        touched(bench, &corpus),
        committed(bench, &corpus, "git add, git commit", &[]),
        committed(
            bench,
            &corpus,
            "git add, git commit, flushed",
            &["-c", "core.fsync=loose-object,reference"],
        ),
    ];
    let what = format!("`log` with its commit, {} contacts", corpus.contacts);
    let setup = move || {
        corpus.clone_of(&original, &bench.sandbox)?;
        bench.index_anew(&corpus)
    };
    Group::new("write", setup, contenders)
        .compare(what.clone(), "log", "git add, git commit", at_most)
        .compare(what, "log", "git add, git commit, flushed", None)
}

/// One key of every contact in one commit, against bare writing of the same files.
pub fn many(bench: &Bench, original: Corpus, at_most: f64) -> Group<'_> {
    let corpus = original.written("write");
    let (number, round) = (corpus.contacts.to_string(), Cell::new(0));
    let (to_set, before_set) = (corpus.clone(), corpus.clone());
    let set = Contender::of("set", corpus.notebook(), move || {
        round.set(round.get() + 1);
        vec![bench.tickler_argv(&to_set, &["set", "--query", "name:", &format!("visits={}", round.get())])]
    });
    // All files are as written by somebody else: git and tickler look at them once more, off the clock.
    let set = set.before(move || {
        before_set.refresh(&bench.sandbox)?;
        bench.index_anew(&before_set)?;
        all_written()
    });
    let floor = |name, mode| {
        bench.itself(name, &corpus, &[mode]).expecting(Expect::Line(number.clone())).before(all_written)
    };
    let contenders = vec![
        set,
        floor("8 threads write them beside, rename, syncfs", "--rewrite"),
        floor("8 threads write them beside, rename", "--rewrite-unflushed"),
    ];
    let what = format!("`set --query` with its commit, all of {} contacts", corpus.contacts);
    let setup = move || corpus.clone_of(&original, &bench.sandbox);
    Group::new("write", setup, contenders)
        .compare(what.clone(), "set", "8 threads write them beside, rename, syncfs", at_most)
        .compare(what, "set", "8 threads write them beside, rename", None)
}

/// `tickler log`, each time of another contact.
fn touched<'a>(bench: &'a Bench, corpus: &Corpus) -> Contender<'a> {
    let turns = Rc::new(Turns::of(corpus.clone()));
    let (next, corpus) = (Rc::clone(&turns), corpus.clone());
    Contender::of("log", corpus.notebook(), move || {
        let file = turns.file();
        let id = file.file_stem().unwrap_or_default().to_string_lossy();
        // By force, since some of them asked to be left alone.
        let touch = ["--me", "pat", "log", &id, "phone", "voicemail", "--force", "-m", SAID];
        vec![bench.tickler_argv(&corpus, &touch)]
    })
    .before(move || {
        next.advance(&bench.sandbox)?;
        all_written()
    })
}

/// The same line, written off the clock and committed with git, which gets these options.
fn committed<'a>(
    bench: &'a Bench,
    corpus: &Corpus,
    name: &'static str,
    options: &'static [&'static str],
) -> Contender<'a> {
    let turns = Rc::new(Turns::of(corpus.clone()));
    let next = Rc::clone(&turns);
    let git = move |words: &[&str]| -> Argv {
        ["git"].iter().chain(options).chain(words).map(OsString::from).collect()
    };
    Contender::of(name, corpus.notebook(), move || {
        let mut add = git(&["add"]);
        add.push(turns.file().into_os_string());
        vec![add, git(&["commit", "-q", "-m", "log: phone, voicemail"])]
    })
    .expecting(Expect::Nothing)
    .before(move || {
        next.advance(&bench.sandbox)?;
        add_touch(&next.file())?;
        all_written()
    })
}

/// Whose turn it is: the same contacts in the same order for each contender.
pub struct Turns {
    corpus: Corpus,
    files: OnceCell<Vec<PathBuf>>,
    number: Cell<usize>,
}

impl Turns {
    pub fn of(corpus: Corpus) -> Turns {
        Turns { corpus, files: OnceCell::new(), number: Cell::new(0) }
    }

    /// Goes on to the next contact.
    pub fn advance(&self, sandbox: &Sandbox) -> Result<()> {
        if self.files.get().is_none() {
            let files = self.corpus.files(sandbox)?;
            if files.is_empty() {
                return Err(Fault::new("the clone has no contacts"));
            }
            self.files.get_or_init(|| files);
        }
        self.number.set(self.number.get() + 1);
        Ok(())
    }

    /// The file of the contact whose turn it is; no path before the first.
    pub fn file(&self) -> PathBuf {
        let files = self.files.get().map(Vec::as_slice).unwrap_or_default();
        let at = (self.number.get() * STRIDE).checked_rem(files.len());
        at.map(|at| files[at].clone()).unwrap_or_default()
    }
}

/// Adds the line that tickler would add, in place, as an editor may.
pub fn add_touch(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path).map_err(Fault::at(path))?;
    let line = format!("- 2026-12-01 phone voicemail @pat: {SAID}\n");
    let text = match text.split_once("## Log\n\n") {
        Some((above, log)) => format!("{above}## Log\n\n{line}{log}"),
        None => format!("{text}\n## Log\n\n{line}"),
    };
    fs::write(path, text).map_err(Fault::at(path))
}

/// Lets nobody pay for what others left to be written.
pub fn all_written() -> Result<()> {
    rustix::fs::sync();
    Ok(())
}
