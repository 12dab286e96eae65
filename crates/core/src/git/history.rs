//! What history says: which commits changed a file or the notebook, and how.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};

use chrono::{DateTime, FixedOffset};
use git2::{Commit, Delta, DiffFindOptions, DiffOptions, ErrorCode, ObjectType, Oid};

use super::{GitError, Store, differences, trees};

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id, in full.
    pub id: String,
    /// The first letters of it that name it alone.
    pub short: String,
    /// When its author made it.
    pub when: DateTime<FixedOffset>,
    /// Its author's name.
    pub author: String,
    /// Its author's address.
    pub email: String,
    /// The first line of its message.
    pub subject: String,
    /// The deed that made it, from the trailer `Tickler-Verb`.
    pub verb: Option<String>,
    /// By which way it came to a server, from the trailer `Via`: `web`, `api`.
    pub via: Option<String>,
    /// The full ids of the commits that it takes back, from the trailers `Tickler-Undoes`.
    pub undoes: Vec<String>,
    /// In the history of one file: the path that the file has in this commit.
    pub path: Option<String>,
}

/// What a commit did to a file of the notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// From the notebook's root.
    pub path: String,
    /// Its bytes before, as the repository has them; none where it was not there.
    pub before: Option<Vec<u8>>,
    /// Its bytes after; none where it is gone.
    pub after: Option<Vec<u8>>,
}

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Files of the notebook, in order of their paths.
    pub files: Vec<Change>,
    /// How many files it changed that lie elsewhere, or are no plain files.
    pub others: usize,
}

impl Store {
    /// The commits that changed a file, given by its path from the notebook's root, or anything in the notebook; the
    /// newest first, and no more than `limit`. A file is followed to the names that it had before. Of merges, only
    /// those are told that are like none of the sides.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn history(&self, path: Option<&str>, limit: Option<usize>) -> Result<Vec<Record>, GitError> {
        let Some(head) = trees::head(&self.repository)? else { return Ok(Vec::new()) };
        let start = match path {
            Some(path) => self.in_work_tree(path),
            None => self.prefix.trim_end_matches('/').to_owned(),
        };
        let mut walk = Walk::new(self, path.is_some());
        walk.push(head, start);
        let mut records = Vec::new();
        while limit.is_none_or(|limit| records.len() < limit) {
            let Some((commit, place)) = walk.next()? else { break };
            let mut record = self.record_of(&commit)?;
            record.path = path.and_then(|_| self.in_notebook(&place)).map(str::to_owned);
            records.push(record);
        }
        Ok(records)
    }

    /// The one commit whose id begins with these hexadecimal digits.
    ///
    /// # Errors
    /// Where there is none, or several.
    pub fn record(&self, prefix: &str) -> Result<Record, GitError> {
        let no_such = || GitError::NoSuchCommit(prefix.to_owned());
        let is_hex = (4..=40).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex {
            return Err(no_such());
        }
        let found = match self.repository.find_commit_by_prefix(prefix) {
            Ok(commit) => commit,
            Err(error) if error.code() == ErrorCode::Ambiguous => self.among_ambiguous(prefix)?,
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
                return Err(no_such());
            }
            Err(error) => return Err(error.into()),
        };
        self.record_of(&found)
    }

    /// Of objects whose ids begin so, the only one that is a commit.
    fn among_ambiguous(&self, prefix: &str) -> Result<Commit<'_>, GitError> {
        let store = self.repository.odb()?;
        let mut found = HashSet::new();
        store.foreach(|id| {
            let is_commit = || store.read_header(*id).is_ok_and(|(_, kind)| kind == ObjectType::Commit);
            if id.to_string().starts_with(&prefix.to_ascii_lowercase()) && is_commit() {
                found.insert(*id);
            }
            true
        })?;
        match found.into_iter().collect::<Vec<_>>().as_slice() {
            [] => Err(GitError::NoSuchCommit(prefix.to_owned())),
            [id] => Ok(self.repository.find_commit(*id)?),
            _ => Err(GitError::Ambiguous(prefix.to_owned())),
        }
    }

    /// The first letters of an id that name its object alone.
    pub(super) fn short(&self, id: Oid) -> Result<String, GitError> {
        let short = self.repository.find_object(id, None)?.short_id()?;
        Ok(String::from_utf8_lossy(&short).into_owned())
    }

    /// What the commit with this full id did, compared with its first parent.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn changes_of(&self, id: &str) -> Result<Changes, GitError> {
        let mut changes = Changes::default();
        for (path, before, after) in self.deltas_of(id)? {
            match (self.in_notebook(&path), self.plain(before), self.plain(after)) {
                (Some(path), Ok(before), Ok(after)) => {
                    changes.files.push(Change { path: path.to_owned(), before, after });
                }
                _ => changes.others += 1,
            }
        }
        changes.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    /// The paths of the notebook's files that the commit with this full id changed, without reading them.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn paths_of(&self, id: &str) -> Result<Vec<String>, GitError> {
        let deltas = self.deltas_of(id)?;
        let mut paths: Vec<String> =
            deltas.iter().filter_map(|(path, ..)| self.in_notebook(path)).map(str::to_owned).collect();
        paths.sort();
        Ok(paths)
    }

    /// Each path that a commit changed, with its blobs before and after.
    #[allow(clippy::type_complexity, reason = "a row of a table")]
    fn deltas_of(&self, id: &str) -> Result<Vec<(String, Option<Blob>, Option<Blob>)>, GitError> {
        let no_such = |_| GitError::NoSuchCommit(id.to_owned());
        let commit = self.repository.find_commit(Oid::from_str(id).map_err(no_such)?).map_err(no_such)?;
        let before = commit.parents().next().map(|parent| parent.tree_id());
        let found = differences::between(&self.repository, before, Some(commit.tree_id()))?;
        let side = |entry: trees::Entry| Blob { id: entry.id, is_file: entry.is_file() };
        Ok(found
            .into_iter()
            .map(|difference| {
                let path = String::from_utf8_lossy(&difference.path).into_owned();
                (path, difference.before.map(side), difference.after.map(side))
            })
            .collect())
    }

    /// The bytes of a plain file; an error where it is something else.
    fn plain(&self, blob: Option<Blob>) -> Result<Option<Vec<u8>>, GitError> {
        let Some(blob) = blob else { return Ok(None) };
        if !blob.is_file {
            return Err(GitError::Git(git2::Error::from_str("not a plain file")));
        }
        Ok(Some(self.repository.find_blob(blob.id)?.content().to_vec()))
    }

    fn record_of(&self, commit: &Commit<'_>) -> Result<Record, GitError> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let author = commit.author();
        let trailers = git2::message_trailers_bytes(commit.message_bytes())?;
        let values = |key: &str| -> Vec<String> {
            let of_key = trailers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key.as_bytes()));
            of_key.map(|(_, value)| text(value).trim().to_owned()).collect()
        };
        Ok(Record {
            id: commit.id().to_string(),
            short: self.short(commit.id())?,
            when: moment(author.when()),
            author: text(author.name_bytes()),
            email: text(author.email_bytes()),
            subject: text(commit.message_bytes()).lines().next().unwrap_or_default().to_owned(),
            verb: values("Tickler-Verb").into_iter().next(),
            via: values("Via").into_iter().next(),
            undoes: values("Tickler-Undoes"),
            path: None,
        })
    }
}

/// A file in one of two trees.
#[derive(Debug, Clone, Copy)]
struct Blob {
    id: Oid,
    is_file: bool,
}

/// A moment as git keeps it: seconds since 1970 and minutes from UTC. What no calendar has is the beginning of 1970.
fn moment(time: git2::Time) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(time.offset_minutes().saturating_mul(60));
    let moment = DateTime::from_timestamp(time.seconds(), 0).unwrap_or_default();
    match zone {
        Some(zone) => moment.with_timezone(&zone),
        None => moment.fixed_offset(),
    }
}

/// A walk over the commits that changed what is at one path, the newest first.
struct Walk<'g> {
    git: &'g Store,
    /// A file is followed to its earlier names.
    follows: bool,
    waiting: BinaryHeap<Waiting<'g>>,
    seen: HashSet<(Oid, String)>,
    /// What a tree has at a path: most commits share most trees.
    known: HashMap<(Oid, String), Option<Oid>>,
}

/// A commit to be looked at, and the path to look at there.
struct Waiting<'g> {
    /// When it was committed, in seconds since 1970.
    time: i64,
    /// Its place in line, for commits of one second: who was found first comes first.
    order: u64,
    commit: Commit<'g>,
    path: String,
}

impl<'g> Walk<'g> {
    fn new(git: &'g Store, follows: bool) -> Walk<'g> {
        Walk { git, follows, waiting: BinaryHeap::new(), seen: HashSet::new(), known: HashMap::new() }
    }

    fn push(&mut self, commit: Commit<'g>, path: String) {
        if self.seen.insert((commit.id(), path.clone())) {
            let order = u64::MAX - self.seen.len() as u64;
            self.waiting.push(Waiting { time: commit.time().seconds(), order, commit, path });
        }
    }

    /// The next commit that changed it, with the path it has there.
    fn next(&mut self) -> Result<Option<(Commit<'g>, String)>, GitError> {
        while let Some(Waiting { commit, path, .. }) = self.waiting.pop() {
            let here = self.at(commit.tree_id(), &path)?;
            let mut parents = Vec::new();
            for parent in commit.parents() {
                let there = self.at(parent.tree_id(), &path)?;
                parents.push((parent, there));
            }
            // Like one of its parents: whatever happened, happened there.
            if let Some(same) = parents.iter().position(|(_, there)| *there == here) {
                let (parent, _) = parents.swap_remove(same);
                self.push(parent, path);
                continue;
            }
            for (parent, there) in &parents {
                // A new file may be an old one under another name, or one that was there before and was gone.
                let is_new = self.follows && here.is_some() && there.is_none();
                let before = if is_new { self.earlier_name(&commit, parent, &path)? } else { None };
                self.push(parent.clone(), before.unwrap_or_else(|| path.clone()));
            }
            if here.is_some() || !parents.is_empty() {
                return Ok(Some((commit, path)));
            }
        }
        Ok(None)
    }

    /// What the tree has at that path.
    fn at(&mut self, tree: Oid, path: &str) -> Result<Option<Oid>, GitError> {
        if path.is_empty() {
            return Ok(Some(tree));
        }
        let (name, rest) = path.split_once('/').unwrap_or((path, ""));
        let key = (tree, path.to_owned());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let entry =
            self.git.repository.find_tree(tree)?.get_name(name).map(|entry| (entry.id(), entry.kind()));
        let found = match entry {
            Some((id, _)) if rest.is_empty() => Some(id),
            Some((id, Some(ObjectType::Tree))) => self.at(id, rest)?,
            _ => None,
        };
        self.known.insert(key, found);
        Ok(found)
    }

    /// The path in the parent of the file that the commit made this one from.
    fn earlier_name(
        &self,
        commit: &Commit<'_>,
        parent: &Commit<'_>,
        path: &str,
    ) -> Result<Option<String>, GitError> {
        let mut options = DiffOptions::new();
        let mut diff = self.git.repository.diff_tree_to_tree(
            Some(&parent.tree()?),
            Some(&commit.tree()?),
            Some(&mut options),
        )?;
        diff.find_similar(Some(DiffFindOptions::new().renames(true).rename_limit(1_000)))?;
        let renamed = diff.deltas().find(|delta| {
            delta.status() == Delta::Renamed && delta.new_file().path_bytes() == Some(path.as_bytes())
        });
        let name = renamed.and_then(|delta| delta.old_file().path_bytes().map(<[u8]>::to_vec));
        Ok(name.and_then(|name| String::from_utf8(name).ok()))
    }
}

impl Ord for Waiting<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time, self.order).cmp(&(other.time, other.order))
    }
}

impl PartialOrd for Waiting<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting<'_> {}
