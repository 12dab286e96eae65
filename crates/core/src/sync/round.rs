//! The rounds of a sync: gather, fetch, merge, write, move the branch, push; again where somebody was quicker.
//!
//! At every step the next sync may take over: what is committed is safe, what is fetched is git's, what is merged is
//! nobody's until the files and then the branch have it, and what is pushed is pushed as a whole or not at all.
//! Where the server merges, what is to be sent goes first, and only what the others did comes back.

use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, SystemTime};

use super::arrive::{self, Late, arrive};
use super::gather::{self, Gathered};
use super::meet::meet;
use super::send::Server;
use super::{Options, Outcome, Report, Stage, SyncError, Watch};
use crate::git::{Git, GitError, NetworkError, Remote};
use crate::notebook::Notebook;

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
    let user = remote.as_ref().map(|remote| git.merged_as(remote)).transpose()?.flatten();
    let server = Server::of(user);
    let mut run = Run { notebook, git: &git, options, watch, report, server };
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
            Round::Next => late += 1,
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
pub(super) enum Round {
    Done(Outcome),
    /// Somebody was quicker.
    Again,
    /// More is known than before.
    Next,
    /// This file changed meanwhile.
    Changed(String),
}

/// What came of hand edits: an outcome where the sync ends with them.
type Gathering = Result<Option<Outcome>, SyncError>;

pub(super) struct Run<'a> {
    pub notebook: &'a Notebook,
    pub git: &'a Git,
    pub options: Options,
    pub watch: &'a Watch<'a>,
    pub report: Report,
    pub server: Server,
}

impl Run<'_> {
    fn round(&mut self, remote: Option<&Remote>) -> Result<Round, SyncError> {
        let seen = remote.map(|remote| self.seen(remote)).transpose()?.flatten();
        // Where the server merges, what there is to send decides whether anything has to be fetched.
        let looks_first = self.server.user.is_some() && !self.server.has_looked;
        if looks_first {
            self.server.has_looked = true;
            if let Some(outcome) = self.gather()? {
                return Ok(Round::Done(outcome));
            }
        }
        if let Some(remote) = remote
            && let Some(user) = self.goes_first(remote)?
        {
            let known = self.git.commit_at(&remote.tracking())?;
            return self.hand_in(remote, &user, seen.as_deref(), known.as_deref());
        }
        let looks = !std::mem::take(&mut self.server.has_looked);
        let (gathered, fetched) = self.look_and_fetch(remote, looks);
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
        self.send(remote, seen.as_deref(), theirs.as_deref())
    }

    /// The remote is asked while the files are looked at, where they were not before; what came is looked at when hand
    /// edits are safe.
    fn look_and_fetch(
        &mut self,
        remote: Option<&Remote>,
        looks: bool,
    ) -> (Gathering, Option<Result<bool, NetworkError>>) {
        let watch = self.watch;
        let is_known = self.server.user.is_some();
        let fetching = remote.map(|remote| self.git.fetching(remote, is_known));
        let both = thread::scope(|scope| {
            let fetched = fetching.map(|fetching| {
                scope.spawn(move || {
                    let progress = |done, of| (watch.progress)(Stage::Fetching, Some((done, of)));
                    fetching.run(watch.may_ask, &progress)
                })
            });
            let gathered = if looks { self.gather() } else { Ok(None) };
            (watch.progress)(Stage::Fetching, None);
            (watch.point)("fetching");
            (gathered, fetched.map(|fetched| fetched.join().unwrap_or_else(|panic| resume_unwind(panic))))
        });
        (watch.point)("fetched");
        both
    }

    /// Commits hand edits; an outcome where that is as far as it goes.
    fn gather(&mut self) -> Gathering {
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
        let landings = self.landings(ours, theirs)?;
        self.report.notes.extend(notes);
        self.tell_landings(remote, &landings)?;
        self.tell_came(ours, theirs, &deltas, landings.len())?;
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
}

pub(super) fn offline(error: &NetworkError) -> Outcome {
    Outcome::Offline { why: error.to_string(), hint: error.hint().map(str::to_owned) }
}

/// How long to wait before the next round: somewhere below a bound that doubles, so that two do not keep pace.
fn pause(round: u32) -> Duration {
    let bound = PAUSE.saturating_mul(1 << round.min(10)).min(LONGEST);
    let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    let share = clock.wrapping_add(std::process::id().wrapping_mul(2_654_435_761)) % 1000;
    bound * share / 1000
}
