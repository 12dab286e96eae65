//! Commits, and where the notebook stands in git, as JSON.

use serde::Serialize;

use crate::git::{Head, Record, Status};

/// One commit of `history --format json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryRow {
    /// Its id, in full.
    pub id: String,
    /// As much of the id as tells it from others.
    pub short: String,
    /// When its author made it, with their distance from UTC: `2026-12-03T10:00:00+01:00`.
    pub date: String,
    /// The author's name, as git has it.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// The first line of the message.
    pub subject: String,
    /// The command that made it; none of what was done without tickler.
    pub verb: Option<String>,
    /// The full ids of what it takes back.
    pub undoes: Vec<String>,
    /// It is taken back itself.
    pub undone: bool,
    /// The files that it changed, from the notebook's root.
    pub files: Vec<String>,
}

impl HistoryRow {
    /// Of a commit that changed these files.
    pub fn new(record: &Record, undone: bool, files: Vec<String>) -> HistoryRow {
        HistoryRow {
            id: record.id.clone(),
            short: record.short.clone(),
            date: record.when.to_rfc3339(),
            author: record.author.clone(),
            email: record.email.clone(),
            subject: record.subject.clone(),
            verb: record.verb.clone(),
            undoes: record.undoes.clone(),
            undone,
            files,
        }
    }
}

/// `status --format json`.
#[derive(Debug, Serialize)]
pub struct StatusReport {
    /// The notebook's folder.
    pub notebook: String,
    /// How many contacts there are.
    pub contacts: usize,
    /// The files of those that are broken (format, section 8).
    pub broken: Vec<String>,
    /// Where it stands in git; none outside git.
    pub git: Option<GitReport>,
    /// Where it is shared; none outside git and where there is no remote.
    pub sharing: Option<SharingReport>,
    /// What merges left for people to settle.
    pub unsettled: UnsettledReport,
    /// An earlier deed that had been interrupted, and was finished now.
    pub finished: Option<String>,
}

/// What changed in a file since the last commit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EditRow {
    /// The file, from the notebook's root.
    pub file: String,
    /// `Jane Doe: next 2026-12-03 by phone`.
    pub what: String,
}

/// With whom a notebook is shared, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharingReport {
    /// The remote's name.
    pub remote: String,
    /// Its address, without a password.
    pub url: String,
    /// When all was last shared, by the clock of UTC; none where it never was, or where nobody knows any more.
    pub last: Option<String>,
    /// How many commits the others do not have yet; none where they have none of ours.
    pub ahead: Option<usize>,
}

/// What merges left for people to settle. Paths count from the notebook's root.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct UnsettledReport {
    /// Contacts with two values of a key, or two versions of their text.
    pub contacts: Vec<UnsettledRow>,
    /// The files with whole versions that could not be joined.
    pub versions: Vec<String>,
}

/// A contact in whose file two versions stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnsettledRow {
    /// Its file.
    pub file: String,
    /// The keys that have another value as a `[[conflict]]`.
    pub keys: Vec<String>,
    /// How many versions of its text stand as quotes that open `> [!conflict]`.
    pub quoted: u32,
}

/// Where a notebook stands in git. Paths count from its root.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct GitReport {
    /// None where a commit is checked out and no branch.
    pub branch: Option<String>,
    pub upstream: Option<UpstreamReport>,
    /// `merge`, `rebase` and so on, where one is not finished.
    pub unfinished: Option<String>,
    pub changed: Vec<String>,
    pub new: Vec<String>,
    pub removed: Vec<String>,
    pub staged: Vec<String>,
    pub conflicted: Vec<String>,
    /// What the first of the changed files say now, in the user's words.
    pub edits: Vec<EditRow>,
    /// The last deed of anybody.
    pub last: Option<HistoryRow>,
}

/// The branch that this one follows, as of the last time that it was fetched.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct UpstreamReport {
    pub name: String,
    pub ahead: usize,
    pub behind: usize,
}

impl GitReport {
    /// Of what git says, and the last deed.
    pub fn new(status: &Status, edits: Vec<EditRow>, last: Option<HistoryRow>) -> GitReport {
        let branch = match &status.head {
            Head::Branch(name) | Head::Unborn(name) => Some(name.clone()),
            Head::Detached(_) => None,
        };
        let upstream = status.upstream.as_ref().map(|upstream| UpstreamReport {
            name: upstream.name.clone(),
            ahead: upstream.ahead,
            behind: upstream.behind,
        });
        GitReport {
            branch,
            upstream,
            unfinished: status.unfinished.map(|unfinished| unfinished.to_string()),
            changed: status.changed.clone(),
            new: status.new.clone(),
            removed: status.removed.clone(),
            staged: status.staged.clone(),
            conflicted: status.conflicted.clone(),
            edits,
            last,
        }
    }
}
