//! The rows about sharing a notebook: one contact that goes to the remote, nothing to do, and a merge by itself.

use std::ffi::OsString;
use std::fs::File;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tickler_core::merge::{Kind, merge};
use tickler_core::settings::Settings;

use crate::bench::Bench;
use crate::contender::{Argv, Contender, Expect};
use crate::corpus::Corpus;
use crate::fault::{Fault, Result};
use crate::group::Group;
use crate::write::{Turns, add_touch, all_written};

/// How many merges a run of that row makes, so that a millisecond each is a second.
pub const MERGES: u32 = 1_000;

/// One contact changed by hand goes to a bare repository beside the notebook, by tickler and by git; and the same with
/// nothing to do. All take turns in one clone and push to one remote.
pub fn one(bench: &Bench, original: Corpus) -> Group<'_> {
    let corpus = original.written("sync");
    let by_git = [
        git(&["add", "--all"]),
        git(&["commit", "-q", "-m", "log: phone, voicemail"]),
        git(&["pull", "-q", "--no-rebase", "--no-edit"]),
        git(&["push", "-q"]),
    ];
    let nothing = [git(&["status"]), git(&["fetch", "-q"])];
    let contenders = vec![
        changed(bench, &corpus, "sync", vec![bench.tickler_argv(&corpus, &["sync"])])
            .expecting(Expect::Something),
        changed(bench, &corpus, "git add, commit, pull, push", by_git.to_vec()),
        bench.tickler("sync, nothing to do", &corpus, &["sync"]).before(all_written),
        Contender::of("git status, git fetch", corpus.notebook(), move || nothing.to_vec())
            .before(all_written),
    ];
    let (changed, idle) = (
        format!("`sync` of one changed contact, {} contacts", corpus.contacts),
        format!("`sync`, nothing to do, {} contacts", corpus.contacts),
    );
    let setup = move || {
        corpus.clone_of(&original, &bench.sandbox)?;
        corpus.shared(&bench.sandbox)?;
        bench.index_anew(&corpus)
    };
    Group::new("sync", setup, contenders)
        .compare(changed, "sync", "git add, commit, pull, push", 0.33)
        .compare(idle, "sync, nothing to do", "git status, git fetch", 1.2)
}

/// Merges of two contacts of four kilobytes, in one process.
pub fn merges(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let contender =
        bench.itself("merges", &corpus, &["--merges"]).expecting(Expect::Line(MERGES.to_string()));
    Group::new("sync", move || corpus.make_ready(&bench.sandbox), vec![contender]).limit(
        format!("{MERGES} merges of two contacts of 4 KB, in milliseconds"),
        "merges",
        f64::from(MERGES),
    )
}

/// These programs, after somebody added a touch to a contact by hand a while ago.
fn changed<'a>(bench: &'a Bench, corpus: &Corpus, name: &'static str, programs: Vec<Argv>) -> Contender<'a> {
    let turns = Rc::new(Turns::of(corpus.clone()));
    Contender::of(name, corpus.notebook(), move || programs.clone()).expecting(Expect::Nothing).before(
        move || {
            turns.advance(&bench.sandbox)?;
            let path = turns.file();
            add_touch(&path)?;
            let a_while_ago = SystemTime::now() - Duration::from_secs(10);
            let file = File::options().append(true).open(&path).map_err(Fault::at(&path))?;
            file.set_modified(a_while_ago).map_err(Fault::at(&path))?;
            all_written()
        },
    )
}

fn git(words: &[&str]) -> Argv {
    ["git"].iter().chain(words).map(OsString::from).collect()
}

/// The hidden mode that merges over and over: both sides changed every part of a contact. Gives how often.
pub fn merge_all() -> Result<u32> {
    let (base, ours, theirs) = (contact("", ""), contact("ours", "rome"), contact("theirs", "paris"));
    let settings = Settings::default();
    for _ in 0..MERGES {
        let merged = merge(Kind::Contact, Some(&base), &ours, &theirs, &settings);
        if !merged.aside.is_empty() || merged.notes.is_empty() {
            return Err(Fault::new("the merge is not what it is to be"));
        }
    }
    Ok(MERGES)
}

/// A contact of four kilobytes, in a version of its own.
fn contact(who: &str, city: &str) -> Vec<u8> {
    let own = |text: &str| if who.is_empty() { String::new() } else { format!("{text} {who}\n") };
    let entries: String = (10..28)
        .rev()
        .map(|day| format!("- 2026-10-{day} phone: spoke of the offer and of what is to come next, {day}\n  - [ ] send page {day}\n"))
        .collect();
    let notes: String = (0..32)
        .map(|line| format!("Note {line}, which is as long as most of them are, or nearly so.\n\n"))
        .collect();
    let text = format!(
        "+++\nname = \"Ann Lee\"\ncity = \"{city}\"\ntags = [\"hotel\", \"{who}\"]\nstage = \"nurture\"\n\n[next]\n\
         on = 2026-12-10\nwhy = \"the quote\"\n+++\n\n{notes}{}\n## Log\n\n{}{entries}",
        own("A line of"),
        own("- 2026-11-20 phone: called by"),
    );
    text.into_bytes()
}
