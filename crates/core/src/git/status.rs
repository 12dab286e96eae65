//! Where a work tree stands: its branch, what is under way, what differs from the last commit.

use std::fmt;

use git2::{ErrorClass, ErrorCode, RepositoryState, StatusOptions};

use super::changed::MANY;
use super::{Git, GitError, program, ready};

/// Where the work tree stands. Paths count from the notebook's root; what lies outside it is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What is checked out.
    pub head: Head,
    /// What the user is in the middle of.
    pub unfinished: Option<Unfinished>,
    /// Files that differ from what is staged or committed.
    pub changed: Vec<String>,
    /// Files that git does not know, without those it is told to ignore.
    pub new: Vec<String>,
    /// Files that git knows and that are gone.
    pub removed: Vec<String>,
    /// Files whose staged state differs from the last commit.
    pub staged: Vec<String>,
    /// Files with both sides of a merge that is not settled.
    pub conflicted: Vec<String>,
    /// The branch that this one follows, as it was known at the last fetch.
    pub upstream: Option<Upstream>,
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// A branch, by its short name.
    Branch(String),
    /// A branch without a commit yet, by its short name.
    Unborn(String),
    /// A commit without a branch, by its full id.
    Detached(String),
}

/// The branch that another one follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its short name, such as `origin/main`.
    pub name: String,
    /// How many commits the branch has that this one lacks.
    pub ahead: usize,
    /// How many commits this one has that the branch lacks.
    pub behind: usize,
}

/// What a user may be in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// `git merge`.
    Merge,
    /// `git rebase`.
    Rebase,
    /// `git cherry-pick`.
    CherryPick,
    /// `git revert`.
    Revert,
    /// `git am`.
    Patches,
    /// `git bisect`.
    Bisect,
}

impl Unfinished {
    pub(super) fn of(state: RepositoryState) -> Option<Unfinished> {
        Some(match state {
            RepositoryState::Clean => return None,
            RepositoryState::Merge => Unfinished::Merge,
            RepositoryState::Revert | RepositoryState::RevertSequence => Unfinished::Revert,
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Unfinished::CherryPick,
            RepositoryState::Bisect => Unfinished::Bisect,
            RepositoryState::ApplyMailbox => Unfinished::Patches,
            RepositoryState::Rebase
            | RepositoryState::RebaseInteractive
            | RepositoryState::RebaseMerge
            | RepositoryState::ApplyMailboxOrRebase => Unfinished::Rebase,
        })
    }

    /// Whether a commit would become part of it. A bisection only looks at commits.
    pub(super) fn forbids_commits(self) -> bool {
        self != Unfinished::Bisect
    }

    /// How to end it.
    pub fn hint(self) -> &'static str {
        match self {
            Unfinished::Merge => "git merge --continue, or git merge --abort",
            Unfinished::Rebase => "git rebase --continue, or git rebase --abort",
            Unfinished::CherryPick => "git cherry-pick --continue, or git cherry-pick --abort",
            Unfinished::Revert => "git revert --continue, or git revert --abort",
            Unfinished::Patches => "git am --continue, or git am --abort",
            Unfinished::Bisect => "git bisect reset",
        }
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unfinished::Merge => "merge",
            Unfinished::Rebase => "rebase",
            Unfinished::CherryPick => "cherry-pick",
            Unfinished::Revert => "revert",
            Unfinished::Patches => "series of patches",
            Unfinished::Bisect => "bisection",
        })
    }
}

impl Git {
    /// Looks at every file of the notebook, as `git status` does.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn status(&self) -> Result<Status, GitError> {
        let head = self.head()?;
        let upstream = match &head {
            Head::Branch(_) => self.upstream()?,
            _ => None,
        };
        let unfinished = Unfinished::of(self.repository.state());
        let mut status = Status {
            head,
            unfinished,
            upstream,
            changed: Vec::new(),
            new: Vec::new(),
            removed: Vec::new(),
            staged: Vec::new(),
            conflicted: Vec::new(),
        };
        self.look_at_files(&mut status)?;
        Ok(status)
    }

    fn look_at_files(&self, status: &mut Status) -> Result<(), GitError> {
        // Nothing is staged then, and there is no conflict.
        let Some(paths) = self.seen()?.filter(|paths| paths.len() <= MANY) else {
            return self.look_by_libgit2(status);
        };
        let root = self.work_tree.join(&self.prefix);
        for path in paths {
            let list = match std::fs::read(root.join(&path)) {
                Err(_) => &mut status.removed,
                Ok(bytes) => match self.is_committed(&path, &bytes)? {
                    Some(true) => continue,
                    Some(false) => &mut status.changed,
                    None => &mut status.new,
                },
            };
            list.push(path);
        }
        Ok(())
    }

    fn look_by_libgit2(&self, status: &mut Status) -> Result<(), GitError> {
        let mut options = StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
        if !self.prefix.is_empty() {
            options.disable_pathspec_match(true).pathspec(&self.prefix);
        }
        let statuses = match self.repository.statuses(Some(&mut options)) {
            Ok(statuses) => statuses,
            // An index that libgit2 does not read.
            Err(error) if error.class() == ErrorClass::Index => return self.ask_about_files(status),
            Err(error) => return Err(error.into()),
        };
        for entry in statuses.iter() {
            // A name that is not UTF-8 is none of a notebook's.
            let Some(path) = entry.path().ok().and_then(|path| self.in_notebook(path)) else { continue };
            let kind = entry.status();
            let lists = [
                (kind.is_conflicted(), &mut status.conflicted),
                (kind.is_wt_new(), &mut status.new),
                (kind.is_wt_deleted(), &mut status.removed),
                (
                    kind.is_wt_modified() || kind.is_wt_typechange() || kind.is_wt_renamed(),
                    &mut status.changed,
                ),
                (
                    kind.is_index_new()
                        || kind.is_index_modified()
                        || kind.is_index_deleted()
                        || kind.is_index_renamed()
                        || kind.is_index_typechange(),
                    &mut status.staged,
                ),
            ];
            for (_, list) in lists.into_iter().filter(|(is_so, _)| *is_so) {
                list.push(path.to_owned());
            }
        }
        Ok(())
    }

    /// The same from the user's git.
    fn ask_about_files(&self, status: &mut Status) -> Result<(), GitError> {
        let place = format!("{}{}", program::LITERAL, self.prefix);
        let words = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", &place];
        let output = program::ask(self, "to read its index", words, &[])?;
        for line in String::from_utf8_lossy(&output).split_terminator('\0') {
            let Some((kind, path)) = line.split_at_checked(3) else { continue };
            let Some(path) = self.in_notebook(path) else { continue };
            if is_conflict(kind) {
                status.conflicted.push(path.to_owned());
                continue;
            }
            let (staged, on_disk) = kind.split_at(1);
            let lists = [
                (kind == "?? ", &mut status.new),
                (on_disk.starts_with('D'), &mut status.removed),
                (on_disk.starts_with(['M', 'T']), &mut status.changed),
                (!staged.starts_with([' ', '?']), &mut status.staged),
            ];
            for (_, list) in lists.into_iter().filter(|(is_so, _)| *is_so) {
                list.push(path.to_owned());
            }
        }
        Ok(())
    }

    /// What is checked out.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn head(&self) -> Result<Head, GitError> {
        let short = |name: &str| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned();
        match self.repository.head() {
            Ok(head) if head.is_branch() => Ok(Head::Branch(short(head.name()?))),
            Ok(head) => Ok(Head::Detached(head.peel_to_commit()?.id().to_string())),
            Err(error) if error.code() == ErrorCode::UnbornBranch => {
                Ok(Head::Unborn(short(&ready::branch(&self.repository)?)))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn upstream(&self) -> Result<Option<Upstream>, GitError> {
        let head = self.repository.head()?;
        let ours = head.peel_to_commit()?.id();
        let upstream = match git2::Branch::wrap(head).upstream() {
            Ok(upstream) => upstream,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let theirs = upstream.get().peel_to_commit()?.id();
        let (ahead, behind) = self.repository.graph_ahead_behind(ours, theirs)?;
        let name = String::from_utf8_lossy(upstream.name_bytes()?).into_owned();
        Ok(Some(Upstream { name, ahead, behind }))
    }
}

/// Whether the two letters of `git status` tell of a conflict.
fn is_conflict(kind: &str) -> bool {
    kind.contains('U') || matches!(kind, "AA " | "DD ")
}
