//! How it stands with an upstream, for the log, the figures, the lists and those who push: also in a small file beside
//! the repository's, which is derived and may be deleted.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Local, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use tickler_core::git::{GitError, Store};

use super::SEEN;
use crate::hook::BRANCH;

/// The file, in the repository's folder.
const FILE: &str = "upstream.json";

/// How it stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It answers, and both sides have the same or soon will.
    #[default]
    Good,
    /// It cannot be reached. What is pushed here waits.
    Away,
    /// Somebody has to look: it does not let us in, refuses what we send, was rewound, or has what no notebook may have.
    Attention,
}

/// How it stands with a notebook's upstream.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// In a word.
    pub standing: Standing,
    /// Since when it is not good (RFC 3339); none where it is.
    pub since: Option<String>,
    /// How many commits are here that the upstream is not known to have.
    pub queued: usize,
    /// When both sides last had the same (RFC 3339).
    pub last_good: Option<String>,
    /// What went wrong last, where it is not good; without secrets.
    pub last_error: Option<String>,
}

impl Standing {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Good => "good",
            Standing::Away => "away",
            Standing::Attention => "needs attention",
        }
    }
}

impl State {
    /// As an earlier server left it.
    pub fn begin(repository: &Path) -> State {
        let mut state = read(repository).unwrap_or_default();
        state.queued = waiting(repository).unwrap_or(state.queued);
        state
    }

    /// Both sides have the same. Gives since when it was otherwise, if it was.
    pub fn is_good(&mut self, now: DateTime<Utc>) -> Option<String> {
        let since = self.since.take();
        *self = State { last_good: Some(text(now)), queued: self.queued, ..State::default() };
        since
    }

    /// It went wrong. Says whether that is news.
    pub fn is_not(&mut self, standing: Standing, why: &str, now: DateTime<Utc>) -> bool {
        let is_news = self.standing != standing
            || (standing == Standing::Attention && self.last_error.as_deref() != Some(why));
        if self.standing == Standing::Good || self.since.is_none() {
            self.since = Some(text(now));
        }
        self.standing = standing;
        self.last_error = Some(why.to_owned());
        is_news
    }

    /// What is said to somebody who pushes meanwhile; nothing where it is good.
    fn remark(&self, now: DateTime<Local>) -> Option<String> {
        let words = match self.standing {
            Standing::Good => return None,
            Standing::Away => "upstream away",
            Standing::Attention => "upstream needs attention",
        };
        let since = self.since.as_deref().and_then(|since| DateTime::parse_from_rfc3339(since).ok());
        let since = since.map(|since| since.with_timezone(&Local)).map_or_else(String::new, |since| {
            let is_today = since.date_naive() == now.date_naive();
            format!(" since {}", since.format(if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" }))
        });
        let wait = match self.queued {
            1 => "1 commit waits".to_owned(),
            count => format!("{count} commits wait"),
        };
        Some(format!("{words}{since}; {wait}"))
    }
}

/// What is said to somebody who pushed into a repository whose upstream is not at hand: that it is kept here and waits.
pub fn remark(repository: &Path) -> Option<String> {
    let mut state = read(repository).filter(|state| state.standing != Standing::Good)?;
    state.queued = waiting(repository).unwrap_or(state.queued);
    state.remark(Local::now())
}

/// How many commits a repository has that its upstream is not known to have.
///
/// # Errors
/// What git says.
pub fn waiting(repository: &Path) -> Result<usize, GitError> {
    let store = Store::bare(repository)?;
    match (store.commit_at(BRANCH)?, store.commit_at(SEEN)?) {
        (None, _) => Ok(0),
        (Some(tip), None) => store.count(&tip),
        (Some(tip), Some(seen)) => Ok(store.apart(&tip, &seen)?.0),
    }
}

/// Writes the file, as a whole or not at all. It is only told of, so a disk that says no is no failure.
pub fn write(repository: &Path, state: &State) {
    let aside = repository.join(format!("{FILE}.new"));
    let text = serde_json::to_string(state).unwrap_or_default() + "\n";
    let written = fs::write(&aside, text).and_then(|()| fs::rename(&aside, repository.join(FILE)));
    if let Err(error) = written {
        tracing::warn!(%error, "cannot write how it stands with an upstream");
    }
}

/// Takes the file away.
pub fn forget(repository: &Path) {
    let _ = fs::remove_file(repository.join(FILE));
}

/// How it stood when that was last written; none where the notebook has no upstream, or none yet.
pub fn read(repository: &Path) -> Option<State> {
    serde_json::from_str(&fs::read_to_string(repository.join(FILE)).ok()?).ok()
}

fn text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().into()
    }

    #[test]
    fn only_what_changes_is_news() {
        let mut state = State::default();
        let rows = [
            (Standing::Away, "refused", true, "10:00"),
            (Standing::Away, "silent", false, "10:00"),
            (Standing::Attention, "rewound", true, "10:00"),
            (Standing::Attention, "rewound", false, "10:00"),
            (Standing::Attention, "denied", true, "10:00"),
        ];
        for (minute, (standing, why, is_news, since)) in rows.into_iter().enumerate() {
            let now = at(&format!("2026-12-03T10:0{minute}:00Z"));
            assert_eq!(state.is_not(standing, why, now), is_news, "{why}");
            assert_eq!(state.since, Some(format!("2026-12-03T{since}:00Z")));
        }
        assert_eq!(state.is_good(at("2026-12-03T11:00:00Z")).as_deref(), Some("2026-12-03T10:00:00Z"));
        assert_eq!((state.standing, state.last_error.as_deref()), (Standing::Good, None));
        assert_eq!(state.is_good(at("2026-12-03T11:01:00Z")), None);
    }

    #[test]
    fn who_pushes_is_told() {
        let since: DateTime<Local> = at("2026-12-03T12:03:00Z").into();
        let state = |standing, queued| State {
            standing,
            queued,
            since: Some(since.to_rfc3339()),
            ..State::default()
        };
        let clock = since.format("%H:%M");
        let day = since.format("%Y-%m-%d");
        for (state, now, words) in [
            (state(Standing::Good, 4), since, None),
            (state(Standing::Away, 4), since, Some(format!("upstream away since {clock}; 4 commits wait"))),
            (
                state(Standing::Attention, 1),
                since + chrono::TimeDelta::days(1),
                Some(format!("upstream needs attention since {day} {clock}; 1 commit waits")),
            ),
        ] {
            assert_eq!(state.remark(now), words);
        }
    }
}
