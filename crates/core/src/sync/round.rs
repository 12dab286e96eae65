//! The rounds of a sync: gather, fetch, merge, write, move the branch, push; again where somebody was quicker.
//!
//! At every step the next sync may take over: what is committed is safe, what is fetched is git's, what is merged is
//! nobody's until the files and then the branch have it, and what is pushed is pushed as a whole or not at all.

use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, SystemTime};

use super::arrive::{self, Late, arrive};
use super::gather::{self, Gathered};
use super::meet::meet;
use super::{Options, Outcome, Report, Stage, SyncError, Watch, state, told};
use crate::file::{self, SettingsError};
use crate::git::{Git, GitError, NetworkError, Pushed, Remote};
use crate::merge::files::Delta;
use crate::notebook::{Notebook, SETTINGS_FILE};

/// How often it is begun anew where somebody else was quicker.
const MOST_LATE: u32 = 12;
/// How often where a file changed meanwhile.
const MOST_CHANGED: u32 = 5;
/// The shortest and the longest time to wait before trying against somebody quicker.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// Shares the notebook.
///
/// # Errors
/// Where the notebook is not in git, a file cannot be written, or git refuses. The next sync carries on.
pub fn sync(notebook: &Notebook, options: Options, watch: &Watch<'_>) -> Result<Report, SyncError> {
    let git = Git::open(notebook.root())?.ok_or(SyncError::NoGit)?;
    git.is_free()?;
    let _sharing = notebook.hold_sharing()?.ok_or(SyncError::Busy)?;
    (watch.point)("held");
    let remote = git.remote()?;
    let shown = remote.as_ref().map(|remote| (remote.name.clone(), remote.address.clone()));
    let report = Report { remote: shown, ..Report::default() };
    let mut run = Run { notebook, git: &git, options, watch, report };
    let (mut late, mut changed) = (0, 0);
    while late < MOST_LATE {
        match run.round(remote.as_ref())? {
            Round::Done(outcome) => {
                run.report.outcome = outcome;
                return Ok(run.report);
            }
            Round::Again => {
                thread::sleep(pause(late));
                late += 1;
            }
            Round::Changed(file) if changed == MOST_CHANGED => {
                run.report.outcome = Outcome::Stopped {
                    why: format!(
                        "\"{file}\" changes again and again, and what came for it could not be written"
                    ),
                    hint: "close it in the editor, then `tickler sync`".to_owned(),
                };
                return Ok(run.report);
            }
            Round::Changed(_) => changed += 1,
        }
    }
    run.report.outcome = Outcome::Offline {
        why: "others push all the time, and were quicker each time".to_owned(),
        hint: Some("`tickler sync` again in a while".to_owned()),
    };
    Ok(run.report)
}

/// How a round ended.
enum Round {
    Done(Outcome),
    /// Somebody was quicker.
    Again,
    /// This file changed meanwhile.
    Changed(String),
}

struct Run<'a> {
    notebook: &'a Notebook,
    git: &'a Git,
    options: Options,
    watch: &'a Watch<'a>,
    report: Report,
}

impl Run<'_> {
    fn round(&mut self, remote: Option<&Remote>) -> Result<Round, SyncError> {
        let (seen, fetching) = match remote {
            Some(remote) => (self.seen(remote)?, Some(self.git.fetching(remote))),
            None => (None, None),
        };
        let watch = self.watch;
        // The remote is asked while the files are looked at; what came is looked at when hand edits are safe.
        let (gathered, fetched) = thread::scope(|scope| {
            let fetched = fetching.map(|fetching| {
                scope.spawn(move || {
                    let progress = |done, of| (watch.progress)(Stage::Fetching, Some((done, of)));
                    fetching.run(watch.may_ask, &progress)
                })
            });
            let gathered = self.gather();
            (watch.progress)(Stage::Fetching, None);
            (watch.point)("fetching");
            (gathered, fetched.map(|fetched| fetched.join().unwrap_or_else(|panic| resume_unwind(panic))))
        });
        (watch.point)("fetched");
        if let Some(outcome) = gathered? {
            return Ok(Round::Done(outcome));
        }
        let Some((remote, fetched)) = remote.zip(fetched) else { return Ok(Round::Done(Outcome::NoRemote)) };
        let theirs = match fetched {
            Ok(true) => self.git.commit_at(&remote.tracking())?,
            Ok(false) => None,
            Err(error) => return Ok(Round::Done(offline(&error))),
        };
        if let Some(outcome) = self.reason_to_stop(remote, seen.as_deref(), theirs.as_deref())? {
            return Ok(Round::Done(outcome));
        }
        let ours = self.git.tip()?;
        if self.options.dry_run {
            self.foretell(ours.as_deref(), theirs.as_deref())?;
            return Ok(Round::Done(Outcome::Shared));
        }
        if let Some(theirs) = &theirs
            && let Some(round) = self.take(remote, ours.as_deref(), theirs)?
        {
            return Ok(round);
        }
        self.send(remote, theirs.as_deref())
    }

    /// Commits hand edits; an outcome where that is as far as it goes.
    fn gather(&mut self) -> Result<Option<Outcome>, SyncError> {
        let Gathered { subjects, waiting, too_many } =
            gather::gather(self.notebook, self.git, self.options, self.watch)?;
        self.report.gathered.extend(subjects);
        self.report.waiting = waiting;
        Ok(too_many.map(|(gone, all)| Outcome::Stopped {
            why: format!("{gone} of {all} contacts are gone from the folder, which may not be meant"),
            hint: "git restore contacts, to have them back; `tickler sync --remove`, if they are to go"
                .to_owned(),
        }))
    }

    /// Where the remote's branch was when all was last shared.
    fn seen(&self, remote: &Remote) -> Result<Option<String>, GitError> {
        match self.git.commit_at(&remote.shared())? {
            Some(seen) => Ok(Some(seen)),
            None => self.git.commit_at(&remote.tracking()),
        }
    }

    /// Whether what is at the remote is not to be merged without a word.
    fn reason_to_stop(
        &self,
        remote: &Remote,
        seen: Option<&str>,
        theirs: Option<&str>,
    ) -> Result<Option<Outcome>, SyncError> {
        let stopped = |why: String, hint: &str| Ok(Some(Outcome::Stopped { why, hint: hint.to_owned() }));
        let adopt = "nothing was changed here; look at it, then `tickler sync --adopt` merges what both have";
        let Some(theirs) = theirs else {
            if self.options.adopt {
                return Ok(None);
            }
            if seen.is_some() {
                let why = format!("the branch \"{}\" is gone from {}", remote.branch, remote.address);
                return stopped(why, "`tickler sync --adopt` puts it there again");
            }
            let branches = match self.git.branches_of(remote, self.watch.may_ask) {
                Ok(branches) => branches,
                Err(error) => return Ok(Some(offline(&error))),
            };
            if branches.is_empty() {
                return Ok(None);
            }
            let why = format!(
                "{} has no branch \"{}\", but {}",
                remote.address,
                remote.branch,
                branches.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
            );
            return stopped(
                why,
                "git branch -m, to give yours the same name; or `tickler sync --adopt`, to add it there",
            );
        };
        if let Some(found) = self.newer_format(theirs)? {
            let why = format!(
                "what is at {} is of format {found}, which is newer than this tickler",
                remote.address
            );
            return stopped(why, "install a newer tickler; what you did is committed and waits");
        }
        if self.options.adopt {
            return Ok(None);
        }
        if let Some(seen) = seen
            && !self.git.holds(theirs, seen)?
        {
            let why =
                format!("{} lacks what it had: it was put back, or its history rewritten", remote.address);
            return stopped(why, adopt);
        }
        let is_unrelated = match self.git.tip()? {
            Some(ours) => self.git.merge_bases(&ours, theirs)?.is_empty(),
            None => false,
        };
        if is_unrelated {
            let why = format!("{} holds another notebook: the two have no history in common", remote.address);
            return stopped(why, adopt);
        }
        Ok(None)
    }

    /// The format of the settings there, where this program does not know it.
    fn newer_format(&self, theirs: &str) -> Result<Option<u32>, SyncError> {
        let path = format!("{}{SETTINGS_FILE}", self.git.prefix());
        let Some(file) = self.git.file_in(&self.git.tree_of(theirs)?, &path)? else { return Ok(None) };
        let bytes = self.git.blob(file.id)?;
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(None) };
        Ok(match file::parse_settings(text) {
            Err(SettingsError::Newer(newer)) => Some(newer.0),
            _ => None,
        })
    }

    /// Brings in what they have; something where the round ends with that.
    fn take(
        &mut self,
        remote: &Remote,
        ours: Option<&str>,
        theirs: &str,
    ) -> Result<Option<Round>, SyncError> {
        if let Some(ours) = ours
            && self.git.holds(ours, theirs)?
        {
            return Ok(None);
        }
        (self.watch.progress)(Stage::Merging, None);
        (self.watch.point)("merging");
        let (to, notes) = match ours {
            Some(ours) if !self.git.holds(theirs, ours)? => {
                let bases = self.git.merge_bases(ours, theirs)?;
                let meeting = meet(self.git, &bases, ours, theirs)?;
                let count = self.git.apart(theirs, ours)?.0;
                let commits = if count == 1 { "commit" } else { "commits" };
                let message = format!("sync: merge {count} {commits} of {}\n", remote.name);
                (self.git.write_commit(&meeting.tree, &[ours, theirs], &message)?, meeting.notes)
            }
            _ => (theirs.to_owned(), Vec::new()),
        };
        (self.watch.point)("merged");
        let before = ours.map(|ours| self.git.tree_of(ours)).transpose()?;
        let deltas = self.git.deltas(before.as_deref(), &self.git.tree_of(&to)?)?;
        if let Some(before) = &before
            && !self.options.remove
            && let Some((gone, all)) = arrive::too_many(self.git, before, &deltas)?
        {
            let why = format!("what came would remove {gone} of {all} contacts");
            let hint =
                format!("look at it: git log {}; `tickler sync --remove`, if they are to go", remote.name);
            return Ok(Some(Round::Done(Outcome::Stopped { why, hint })));
        }
        match arrive(self.notebook, self.git, ours, &to, &deltas, self.watch) {
            Ok(()) => {}
            Err(Late::Changed(file)) => return self.in_the_way(file).map(Some),
            Err(Late::Moved) => return Ok(Some(Round::Again)),
            Err(Late::Failed(error)) => return Err(error),
        }
        self.report.notes.extend(notes);
        self.tell_came(ours, theirs, &deltas)?;
        Ok(None)
    }

    /// How a round ends at a file that is not as the last commit has it.
    fn in_the_way(&self, file: String) -> Result<Round, SyncError> {
        let stopped = |why: String, hint: &str| Round::Done(Outcome::Stopped { why, hint: hint.to_owned() });
        if file.starts_with("../") {
            let why = format!("\"{file}\" is outside the notebook, and changed here and by others");
            return Ok(stopped(why, "commit it with git, then `tickler sync`"));
        }
        if self.git.is_ignored(&file)? && self.git.head_content(&file)?.is_none() {
            let why = format!("\"{file}\" came from others, and git is told to ignore the one that is here");
            return Ok(stopped(why, "move it away, then `tickler sync`"));
        }
        Ok(Round::Changed(file))
    }

    fn tell_came(&mut self, ours: Option<&str>, theirs: &str, deltas: &[Delta]) -> Result<(), SyncError> {
        let (came, more) = told::deltas(self.notebook, self.git, deltas, ours, theirs)?;
        self.report.came.extend(came);
        self.report.more.0 += more;
        self.report.commits.0 += self.more(theirs, ours)?;
        Ok(())
    }

    /// Sends what they lack.
    fn send(&mut self, remote: &Remote, theirs: Option<&str>) -> Result<Round, SyncError> {
        let Some(tip) = self.git.tip()? else { return Ok(Round::Done(Outcome::Shared)) };
        if theirs != Some(tip.as_str()) {
            (self.watch.progress)(Stage::Pushing, None);
            (self.watch.point)("pushing");
            let progress = |done, of| (self.watch.progress)(Stage::Pushing, Some((done, of)));
            match self.git.push(remote, &tip, self.watch.may_ask, &progress) {
                Ok(Pushed::Done) => {}
                Ok(Pushed::Late) => return Ok(Round::Again),
                Ok(Pushed::Refused(why)) => {
                    return Ok(Round::Done(Outcome::Offline {
                        why: format!("{} does not take it: {why}", remote.address),
                        hint: None,
                    }));
                }
                Err(error) => return Ok(Round::Done(offline(&error))),
            }
            (self.watch.point)("pushed");
            self.tell_went(theirs, &tip)?;
        }
        self.git.point(&remote.shared(), &tip)?;
        if !remote.is_followed {
            self.git.follow(remote)?;
        }
        state::note_good(self.notebook);
        (self.watch.point)("noted");
        if theirs != Some(tip.as_str()) {
            self.git.maintain();
        }
        Ok(Round::Done(Outcome::Shared))
    }

    fn tell_went(&mut self, theirs: Option<&str>, tip: &str) -> Result<(), SyncError> {
        let before = theirs.map(|theirs| self.git.tree_of(theirs)).transpose()?;
        let deltas = self.git.deltas(before.as_deref(), &self.git.tree_of(tip)?)?;
        (self.report.went, self.report.more.1) = told::deltas(self.notebook, self.git, &deltas, theirs, tip)?;
        self.report.commits.1 = self.more(tip, theirs)?;
        Ok(())
    }

    /// How many commits one tip has that another lacks.
    fn more(&self, tip: &str, other: Option<&str>) -> Result<usize, GitError> {
        match other {
            Some(other) => Ok(self.git.apart(tip, other)?.0),
            None => self.git.count(tip),
        }
    }

    /// Says what would come and go.
    fn foretell(&mut self, ours: Option<&str>, theirs: Option<&str>) -> Result<(), SyncError> {
        let git = self.git;
        let bases = match (ours, theirs) {
            (Some(ours), Some(theirs)) => git.merge_bases(ours, theirs)?,
            _ => Vec::new(),
        };
        let base = bases.first().map(|base| git.tree_of(base)).transpose()?;
        let tell = |side: Option<&str>, other: Option<&str>| -> Result<_, SyncError> {
            let Some(side) = side else { return Ok((Vec::new(), 0, 0)) };
            let deltas = git.deltas(base.as_deref(), &git.tree_of(side)?)?;
            let (told, more) = told::deltas(self.notebook, git, &deltas, other, side)?;
            let commits = self.more(side, other)?;
            Ok((told, more, commits))
        };
        let (came, went) = (tell(theirs, ours)?, tell(ours, theirs)?);
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && !git.holds(ours, theirs)?
            && !git.holds(theirs, ours)?
        {
            self.report.notes = meet(git, &bases, ours, theirs)?.notes;
        }
        self.report.more = (came.1, went.1);
        self.report.commits = (came.2, went.2);
        (self.report.came, self.report.went) = (came.0, went.0);
        Ok(())
    }
}

fn offline(error: &NetworkError) -> Outcome {
    Outcome::Offline { why: error.to_string(), hint: error.hint().map(str::to_owned) }
}

/// How long to wait before the next round: somewhere below a bound that doubles, so that two do not keep pace.
fn pause(round: u32) -> Duration {
    let bound = PAUSE.saturating_mul(1 << round.min(10)).min(LONGEST);
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    let share = clock.wrapping_add(std::process::id().wrapping_mul(2_654_435_761)) % 1000;
    bound * share / 1000
}
