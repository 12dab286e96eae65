//! A deed becomes a commit: the last commit's tree with just the deed's files changed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use git2::build::TreeUpdateBuilder;
use git2::{Commit, ErrorCode, FileMode, Oid, Repository, Tree};

use super::index::{self, Draft, IndexChange};
use super::trees::{self, Entry, Folders};
use super::{Git, GitError, Ready, filters, flush, program, ready};

/// From so many files on, a commit's objects become one pack instead of a file each.
const PACKED: usize = 50;
/// How often a commit is made anew where somebody else moves the branch.
const TRIES: usize = 20;
/// How long to wait before that.
const PAUSE: Duration = Duration::from_millis(20);

/// What a file is after a deed. Its mode stays that of the last commit; a new one is not executable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState<'a> {
    /// From the notebook's root.
    pub path: &'a str,
    /// The bytes that are on disk; none where the file is gone.
    pub content: Option<&'a [u8]>,
}

/// A commit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit<'a> {
    /// The whole message, trailers and all. White space at its end becomes one line feed.
    pub message: String,
    /// The files that it changes, each named once.
    pub files: Vec<FileState<'a>>,
}

/// The commit that is now the branch's last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its id, in full.
    pub id: String,
    /// The first letters of it that name it alone.
    pub short: String,
    /// The commit is made, but the index could not be brought up to date, so `git status` tells of changes back to
    /// what was before; `git reset` mends it.
    pub index_is_behind: bool,
}

impl Ready<'_> {
    /// Makes the commits, one upon the other, and moves the branch to the last. The files are on disk already. Their
    /// entries of the index are brought up to date; what else is staged or changed stays as it is.
    ///
    /// New files that git is told to ignore are left out, and so is a commit that changes nothing. If nothing is
    /// left, there is none.
    ///
    /// The commits are safe on disk when this returns. Where the user's own git makes the commit, because of hooks
    /// for example, several become one, with the last message.
    ///
    /// # Errors
    /// Where a hook refuses, the branch does not hold still, the disk is full. The branch is then where it was, and
    /// the index too; only objects that nothing names may be left. A disk that fails at the very last, when all that
    /// is left is to flush the branch, is an error too.
    pub fn commit(self, commits: &[NewCommit<'_>]) -> Result<Option<Committed>, GitError> {
        let git = self.git;
        let commits = git.wanted(commits)?;
        let paths = commits.iter().flat_map(|commit| &commit.files).map(|(path, _)| path.as_str());
        let by_program = match self.by_program {
            None if filters::need_program(git, paths)? => Some(program::FOR_FILTERS),
            reason => reason,
        };
        let (id, index_is_behind) = match by_program {
            Some(reason) => (program::commit(self, reason, &commits)?, false),
            None => self.make(&commits)?,
        };
        let Some(id) = id else { return Ok(None) };
        Ok(Some(Committed { id: id.to_string(), short: git.short(id)?, index_is_behind }))
    }

    /// Makes the commits with libgit2, and says whether the index is behind.
    fn make(self, commits: &[Wanted<'_>]) -> Result<(Option<Oid>, bool), GitError> {
        for _ in 0..TRIES {
            match self.try_once(commits) {
                Err(GitError::Git(error)) if is_race(&error) => std::thread::sleep(PAUSE),
                Err(error) => return Err(error),
                Ok((id, draft)) => {
                    // The branch has moved: whatever happens now, the deed is done. The index goes first, so that
                    // there is next to no time in which a crash would leave it behind.
                    let published = draft.publish(self.git, self.lock);
                    let repository = &self.git.repository;
                    flush::reference(repository, &ready::branch(repository)?)?;
                    return Ok((id, published.is_err()));
                }
            }
        }
        Err(GitError::Moved)
    }

    /// Makes the commits and moves the branch, unless somebody else was quicker. The index is still to be put in place.
    fn try_once(&self, commits: &[Wanted<'_>]) -> Result<(Option<Oid>, Draft), GitError> {
        let repository = &self.git.repository;
        let branch = ready::branch(repository)?;
        let old = trees::head(repository)?.map(|commit| commit.id());
        let (made, draft) = if commits.iter().map(|commit| commit.files.len()).sum::<usize>() > PACKED {
            let made = flush::as_pack(repository, |aside| self.write_all(aside, old, commits))?;
            let draft = index::draft(self.git, &self.lock, &made.index)?;
            (made, draft)
        } else {
            let made = self.write_all(repository, old, commits)?;
            let store = repository.commondir().join("objects");
            // A large index takes about as long to write as the disk takes to flush.
            let (flushed, draft) = std::thread::scope(|scope| {
                let flushing = scope.spawn(|| flush::loose(&store, &made.objects));
                let draft = index::draft(self.git, &self.lock, &made.index);
                (flushing.join(), draft)
            });
            flushed.unwrap_or_else(|_| Err(GitError::at(&store)(std::io::ErrorKind::Other.into())))?;
            let draft = draft?;
            (made, draft)
        };
        let Some(new) = made.last.filter(|new| Some(*new) != old) else {
            return Ok((None, draft));
        };
        let words = commits.last().map_or("", |commit| commit.message.lines().next().unwrap_or_default());
        let log = match old {
            Some(_) => format!("commit: {words}"),
            None => format!("commit (initial): {words}"),
        };
        self.lock.announce(&branch, new, draft.path())?;
        match old {
            Some(old) => repository.reference_matching(&branch, new, true, old, &log)?,
            None => repository.reference(&branch, new, false, &log)?,
        };
        Ok((Some(new), draft))
    }

    /// Writes the objects of all commits into `store`.
    fn write_all(
        &self,
        store: &Repository,
        old: Option<Oid>,
        commits: &[Wanted<'_>],
    ) -> Result<Made, GitError> {
        let mut parent = old.map(|id| store.find_commit(id)).transpose()?;
        let mut made = Made { last: old, objects: BTreeSet::new(), index: BTreeMap::new() };
        for commit in commits {
            let base = parent.as_ref().map(Commit::tree).transpose()?;
            let tree = write_tree(self.git, store, base.as_ref(), commit, &mut made)?;
            if base.is_some_and(|base| base.id() == tree.id()) {
                continue;
            }
            let parents: Vec<&Commit<'_>> = parent.iter().collect();
            let id = store.commit(None, &self.author, &self.committer, &commit.message, &tree, &parents)?;
            made.objects.insert(id);
            made.last = Some(id);
            parent = Some(store.find_commit(id)?);
        }
        Ok(made)
    }
}

/// A commit to be made, its paths counted from the work tree's root.
pub(super) struct Wanted<'a> {
    /// Ends with a line feed.
    pub message: String,
    pub files: Vec<(String, Option<&'a [u8]>)>,
}

/// What was written.
struct Made {
    /// The last commit; none on a branch that still has none.
    last: Option<Oid>,
    /// All new objects, and some that were there.
    objects: BTreeSet<Oid>,
    /// What the index is to say, by path.
    index: BTreeMap<String, IndexChange>,
}

/// Writes the blobs and trees of one commit.
fn write_tree<'r>(
    git: &Git,
    store: &'r Repository,
    base: Option<&Tree<'r>>,
    commit: &Wanted<'_>,
    made: &mut Made,
) -> Result<Tree<'r>, GitError> {
    let mut known = Folders::of(store, base.cloned());
    let mut update = TreeUpdateBuilder::new();
    for (path, content) in &commit.files {
        let before = known.entry(path)?;
        let Some(bytes) = content else {
            if before.is_some_and(Entry::is_file) {
                update.remove(path.as_str());
            }
            made.index.insert(path.clone(), IndexChange::Remove);
            continue;
        };
        let mode = match before.map(|entry| entry.mode) {
            Some(0o100_755) => FileMode::BlobExecutable,
            _ => FileMode::Blob,
        };
        let id = filters::write(git, store, path, bytes)?;
        update.upsert(path.as_str(), id, mode);
        made.objects.insert(id);
        let stat = index::FileStat::of(&git.work_tree.join(path), bytes);
        made.index.insert(path.clone(), IndexChange::Set { id, mode: u32::from(mode), stat });
    }
    let tree = match base {
        Some(base) => base.clone(),
        None => store.find_tree(store.treebuilder(None)?.write()?)?,
    };
    let tree = store.find_tree(update.create_updated(store, &tree)?)?;
    note_trees(&tree, commit, made);
    Ok(tree)
}

/// Notes the trees on the way to each file, which may be new.
fn note_trees(tree: &Tree<'_>, commit: &Wanted<'_>, made: &mut Made) {
    made.objects.insert(tree.id());
    let mut folders = BTreeSet::new();
    for (path, _) in &commit.files {
        folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    made.objects
        .extend(folders.into_iter().filter_map(|folder| Some(tree.get_path(folder.as_ref()).ok()?.id())));
}

/// Whether somebody else was quicker, or is at work.
fn is_race(error: &git2::Error) -> bool {
    matches!(error.code(), ErrorCode::Modified | ErrorCode::Locked | ErrorCode::Exists)
}

impl Git {
    /// The commits without the new files that git is told to ignore.
    fn wanted<'a>(&self, commits: &'a [NewCommit<'a>]) -> Result<Vec<Wanted<'a>>, GitError> {
        let mut known = Folders::of_head(&self.repository)?;
        let mut wanted = Vec::new();
        for commit in commits {
            let mut files = Vec::new();
            for file in &commit.files {
                let path = self.in_work_tree(file.path);
                if known.entry(&path)?.is_none() && self.repository.is_path_ignored(&path)? {
                    continue;
                }
                files.push((path, file.content));
            }
            files.sort_by(|a, b| a.0.cmp(&b.0));
            if !files.is_empty() {
                let message = format!("{}\n", commit.message.trim_end());
                wanted.push(Wanted { message, files });
            }
        }
        Ok(wanted)
    }
}
