//! Sending: to the branch itself, or to a server that merges. The latter says where its branch is then, so that others
//! who push never stand in the way, and mostly nothing has to be fetched.

use super::round::{Round, Run, offline};
use super::{Outcome, Stage, SyncError, state};
use crate::git::{GitError, HandedIn, NetworkError, Pushed, Refusal, Remote};

/// What a run knows of a server that merges.
#[derive(Default)]
pub(super) struct Server {
    /// The name by which it merges our work; none where it does not, or nobody knows.
    pub user: Option<String>,
    /// Hand edits were gathered, and nothing was taken since: a file that changes meanwhile ends the round as it is
    /// written.
    pub has_looked: bool,
    /// The commit that it was sent last.
    pub handed: Option<String>,
    /// The commit of which it says that the branch holds it.
    pub landed: Option<String>,
    /// What it was sent without a word of what became of it, and where its branch was known to be.
    untold: Option<(String, Option<String>)>,
    /// It was asked for the name in this run.
    is_asked: bool,
    /// This clone took another name as a device in this run.
    is_renamed: bool,
    /// It does not merge at once; what is left goes to the branch as with any other remote.
    is_over: bool,
    /// How the run ends, and what the server has against the work, once what others did is here.
    refused: Option<(Outcome, Vec<String>)>,
}

impl Server {
    /// As this clone remembers it.
    pub(super) fn of(user: Option<String>) -> Server {
        Server { user, ..Server::default() }
    }
}

impl Run<'_> {
    /// In whose name work is sent before anything is asked for; none where it is not, or there is none.
    pub(super) fn goes_first(&self, remote: &Remote) -> Result<Option<String>, GitError> {
        let server = &self.server;
        if self.options.dry_run || self.options.adopt || server.is_over || server.refused.is_some() {
            return Ok(None);
        }
        let Some(user) = &server.user else { return Ok(None) };
        let (tip, known) = (self.git.tip()?, self.git.commit_at(&remote.tracking())?);
        let (Some(tip), Some(known)) = (tip, known) else { return Ok(None) };
        if server.handed.as_ref() == Some(&tip) || self.git.holds(&known, &tip)? {
            return Ok(None);
        }
        // Where it was seen to lack what it had, somebody has to decide first.
        let shared = self.git.commit_at(&remote.shared())?;
        let is_rewound = shared.map(|shared| self.git.holds(&known, &shared)).transpose()? == Some(false);
        Ok((!is_rewound).then(|| user.clone()))
    }

    /// Has the server merge what is here. The round ends with that, or the next one looks at what came of it.
    pub(super) fn hand_in(
        &mut self,
        remote: &Remote,
        user: &str,
        seen: Option<&str>,
        theirs: Option<&str>,
    ) -> Result<Round, SyncError> {
        let Some(tip) = self.git.tip()? else { return Ok(Round::Done(Outcome::Shared)) };
        let watch = self.watch;
        (watch.progress)(Stage::Pushing, None);
        (watch.point)("pushing");
        let progress = |done, of| (watch.progress)(Stage::Pushing, Some((done, of)));
        match self.git.hand_in(remote, user, &tip, watch.may_ask, &progress) {
            Ok(HandedIn::Landed { was, now }) => {
                (watch.point)("pushed");
                self.server.handed = Some(tip.clone());
                self.server.landed = Some(tip.clone());
                self.tell_went(theirs, &tip)?;
                if now == tip {
                    return self.landed(remote, &tip, was.as_deref(), seen);
                }
            }
            Ok(answer @ (HandedIn::Kept | HandedIn::Silent)) => {
                self.server.handed = Some(tip.clone());
                self.server.untold = Some((tip, theirs.map(str::to_owned)));
                self.server.is_over = true;
                // It may have become a remote like any other.
                if answer == HandedIn::Silent {
                    self.ask(remote);
                }
            }
            Ok(HandedIn::Taken) if self.server.is_renamed => self.server.is_over = true,
            Ok(HandedIn::Taken) => {
                self.git.rename_device(remote);
                self.server.is_renamed = true;
            }
            Ok(HandedIn::Refused(refusal)) => {
                // The token may be somebody else's now.
                if !self.ask(remote) || self.server.user.as_deref() == Some(user) {
                    self.server.refused = Some(refused(remote, &refusal, true));
                }
            }
            // Who may not send may still have what others did.
            Err(error @ (NetworkError::Forbidden(_) | NetworkError::Other(_))) => {
                self.server.refused = Some((offline(&error), Vec::new()));
            }
            Err(error) => return Ok(Round::Done(offline(&error))),
        }
        Ok(Round::Next)
    }

    /// The branch there is where ours is: there is nothing to fetch.
    fn landed(
        &mut self,
        remote: &Remote,
        tip: &str,
        was: Option<&str>,
        seen: Option<&str>,
    ) -> Result<Round, SyncError> {
        if let Some(outcome) = self.reason_to_stop(remote, seen, Some(tip))? {
            return Ok(Round::Done(outcome));
        }
        if let Some(was) = was
            && self.git.holds(tip, was)?
        {
            self.tell_given_back(remote, was)?;
        }
        self.git.point(&remote.tracking(), tip)?;
        self.shared(remote, tip)
    }

    /// Asks the remote whether it merges, once in a run. Says whether it answered.
    fn ask(&mut self, remote: &Remote) -> bool {
        if self.server.is_asked {
            return false;
        }
        self.server.is_asked = true;
        let answer = self.git.ask_merged_as(remote, self.watch.may_ask);
        if let Ok(user) = &answer {
            self.server.user.clone_from(user);
        }
        answer.is_ok()
    }

    /// Sends what they lack.
    pub(super) fn send(
        &mut self,
        remote: &Remote,
        seen: Option<&str>,
        theirs: Option<&str>,
    ) -> Result<Round, SyncError> {
        let Some(tip) = self.git.tip()? else { return Ok(Round::Done(Outcome::Shared)) };
        if theirs == Some(tip.as_str()) {
            return self.shared(remote, &tip);
        }
        if let Some((outcome, faults)) = self.server.refused.take() {
            self.report.faults = faults;
            return Ok(Round::Done(outcome));
        }
        if let Some(user) = self.server.user.clone()
            && theirs.is_some()
            && !self.server.is_over
        {
            return self.hand_in(remote, &user, seen, theirs);
        }
        self.push(remote, &tip, theirs)
    }

    /// Sends it to the branch itself.
    fn push(&mut self, remote: &Remote, tip: &str, theirs: Option<&str>) -> Result<Round, SyncError> {
        let watch = self.watch;
        (watch.progress)(Stage::Pushing, None);
        (watch.point)("pushing");
        let progress = |done, of| (watch.progress)(Stage::Pushing, Some((done, of)));
        match self.git.push(remote, tip, watch.may_ask, &progress) {
            Ok(Pushed::Done) => {}
            Ok(Pushed::Late) => {
                let is_news = self.server.user.is_none() && self.ask(remote) && self.server.user.is_some();
                return Ok(if is_news { Round::Next } else { Round::Again });
            }
            Ok(Pushed::Refused(refusal)) => {
                let (outcome, faults) = refused(remote, &refusal, self.server.user.is_some());
                self.report.faults = faults;
                return Ok(Round::Done(outcome));
            }
            Err(error) => return Ok(Round::Done(offline(&error))),
        }
        (watch.point)("pushed");
        self.server.handed = Some(tip.to_owned());
        self.server.untold = None;
        self.tell_went(theirs, tip)?;
        self.shared(remote, tip)
    }

    /// Both sides are at this commit, and both know it.
    fn shared(&mut self, remote: &Remote, tip: &str) -> Result<Round, SyncError> {
        if let Some((sent, known)) = self.server.untold.take() {
            self.tell_went(known.as_deref(), &sent)?;
        }
        self.git.point(&remote.shared(), tip)?;
        if !remote.is_followed {
            self.git.follow(remote)?;
        }
        state::note_good(self.notebook);
        (self.watch.point)("noted");
        if self.server.handed.is_some() {
            self.git.maintain();
        }
        Ok(Round::Done(Outcome::Shared))
    }
}

/// How a sync ends whose work the remote does not take, and what it has against that, line by line. Where it says so of
/// the work itself, time alone changes nothing.
fn refused(remote: &Remote, refusal: &Refusal, merges: bool) -> (Outcome, Vec<String>) {
    if refusal.is_by_hook() && (merges || refusal.names_a_place()) && !refusal.said.is_empty() {
        let why = format!("{} does not take what was done here; it is committed and waits", remote.address);
        let hint = "mend what is named, then `tickler sync`".to_owned();
        return (Outcome::Stopped { why, hint }, refusal.said.clone());
    }
    let why = format!("{} does not take it: {}", remote.address, refusal.in_a_line());
    (Outcome::Offline { why, hint: None }, Vec::new())
}
