//! Joining: a copy of a team's notebook, made aside and moved into place when it is whole; and the first sharing of
//! one's own.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{Options, Report, Stage, SyncError, Watch, state, sync};
use crate::git::{Cloning, Found, Git, GitError, NetworkError, disk_says, ignore_cache, is_empty};
use crate::notebook::{Notebook, OpenError, SETTINGS_FILE};

/// How many names are told of what is there instead.
const MOST_NAMES: usize = 5;

/// A notebook that was joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The notebook's folder.
    pub root: PathBuf,
    /// How many contacts it has.
    pub contacts: usize,
    /// The branch that is checked out.
    pub branch: String,
}

/// Why a notebook could not be joined. The folder is not there then; what came already is kept for the next try.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// Something has the folder's name.
    #[error("\"{}\" is there already, and not empty", .0.display())]
    Exists(PathBuf),
    /// It was joined before.
    #[error("\"{}\" is a notebook already", .0.display())]
    Joined(PathBuf),
    /// The address does not say what the folder is to be called.
    #[error("\"{0}\" has no name that a folder could have")]
    NoName(String),
    /// Another tickler joins into the same folder.
    #[error("another tickler is joining into \"{}\"", .0.display())]
    Busy(PathBuf),
    /// The remote has no commit yet.
    #[error("{0} is empty: there is no notebook in it yet")]
    Empty(String),
    /// The remote has something else already.
    #[error("{0} is not empty")]
    NotEmpty(String),
    /// The remote has something else.
    #[error("{address} is no notebook: it has no {SETTINGS_FILE}, but {names}")]
    NotANotebook {
        /// The remote's address.
        address: String,
        /// What it has.
        names: String,
    },
    /// It is of a newer format.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The remote gave no answer.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// git says no.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Sharing says no.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The disk says no.
    #[error("cannot write \"{}\": {}", .path.display(), disk_says(.error))]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl JoinError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            JoinError::Exists(_) => "name another folder: tickler join URL FOLDER".to_owned(),
            JoinError::Joined(_) => "`tickler sync`, in it".to_owned(),
            JoinError::NoName(_) => "name the folder: tickler join URL FOLDER".to_owned(),
            JoinError::Busy(_) => "wait for it to end".to_owned(),
            JoinError::Empty(address) => format!("to begin there: tickler init --remote {address}"),
            JoinError::NotEmpty(address) => format!("to have what is there: tickler join {address}"),
            JoinError::NotANotebook { .. } => "look at the address".to_owned(),
            JoinError::Network(NetworkError::Unreachable(_)) => {
                "look at the network and at the address; run it again, and it goes on from here".to_owned()
            }
            JoinError::Network(NetworkError::NoSuch(_)) => "look at the address".to_owned(),
            JoinError::Network(error) => return error.hint().map(str::to_owned),
            JoinError::Git(error) => return error.hint(),
            JoinError::Sync(error) => return error.hint(),
            JoinError::Open(_) | JoinError::Disk { .. } => return None,
        })
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> JoinError {
    let path = path.to_owned();
    move |error| JoinError::Disk { path, error }
}

/// Copies the notebook at an address into `dir`, or into a folder of its name in `here`. `program` is what git's merge
/// is to run for contacts.
///
/// # Errors
/// Where there is no such notebook, the remote cannot be reached, or the folder is in use.
pub fn join(
    address: &str,
    dir: Option<&Path>,
    here: &Path,
    program: &Path,
    watch: &Watch<'_>,
) -> Result<Joined, JoinError> {
    let target = match dir {
        Some(dir) => here.join(dir),
        None => here.join(name_of(address).ok_or_else(|| JoinError::NoName(address.to_owned()))?),
    };
    is_free(&target)?;
    let address = absolute(address, here);
    let folder = beside(&target)?;
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let lock = File::open(&folder).map_err(at(&folder))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(JoinError::Busy(target)),
        // Without locks on this file system nobody can tell.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    let cloning = Cloning { folder: &folder, address: &address, may_ask: watch.may_ask };
    match copy(&cloning, program, watch) {
        Ok((notebook, branch)) => {
            (watch.point)("moving");
            fs::rename(&folder, &target).map_err(at(&target))?;
            let root = target.join(notebook);
            let contacts = contacts(&root)?;
            Ok(Joined { root, contacts, branch })
        }
        Err(error) => {
            // What came is kept where another try may go on from it.
            if !matches!(error, JoinError::Network(NetworkError::Unreachable(_)) | JoinError::Disk { .. }) {
                let _ = fs::remove_dir_all(&folder);
            }
            Err(error)
        }
    }
}

/// Shares a notebook with a remote that is still empty.
///
/// # Errors
/// Where the remote has something already or cannot be reached; nothing is set up then.
pub fn share(
    notebook: &Notebook,
    address: &str,
    here: &Path,
    program: &Path,
    watch: &Watch<'_>,
) -> Result<Report, JoinError> {
    let address = absolute(address, here);
    let git = Git::open(notebook.root())?.ok_or(SyncError::NoGit)?;
    let is_ours = git.remote()?.is_some_and(|remote| remote.address == address);
    if !is_ours && !is_empty(notebook.root(), &address, watch.may_ask)? {
        return Err(JoinError::NotEmpty(address));
    }
    git.add_remote(&address)?;
    git.set_up_driver(program)?;
    Ok(sync(notebook, Options::default(), watch)?)
}

/// Makes the copy. Gives the notebook's folder in it, and the branch.
fn copy(cloning: &Cloning<'_>, program: &Path, watch: &Watch<'_>) -> Result<(PathBuf, String), JoinError> {
    let folder = cloning.folder;
    (watch.progress)(Stage::Fetching, None);
    cloning.begin()?;
    (watch.point)("begun");
    let Found { branch, merged_as } = cloning.look()?;
    let branch = branch.ok_or_else(|| JoinError::Empty(cloning.address.to_owned()))?;
    cloning.fetch(&|done, of| (watch.progress)(Stage::Fetching, Some((done, of))))?;
    (watch.point)("copied");
    (watch.progress)(Stage::Writing, None);
    cloning.check_out(&branch, &|done, of| (watch.progress)(Stage::Writing, Some((done, of))))?;
    (watch.point)("checked-out");
    let inside = notebook_in(folder).ok_or_else(|| JoinError::NotANotebook {
        address: cloning.address.to_owned(),
        names: names(folder),
    })?;
    let root = folder.join(&inside);
    // Broken settings can be mended in a copy; a newer format can not.
    if let Err(error @ OpenError::Newer(_)) = Notebook::open(&root) {
        return Err(error.into());
    }
    ignore_cache(folder)?;
    let git = Git::open(&root)?.ok_or(SyncError::NoGit)?;
    git.set_up_driver(program)?;
    if let (Some(remote), Some(tip)) = (git.remote()?, git.tip()?) {
        git.point(&remote.shared(), &tip)?;
        git.note_merged_as(&remote, merged_as.as_deref());
    }
    if let Ok(notebook) = Notebook::open(&root) {
        state::note_good(&notebook);
    }
    Ok((inside, branch))
}

fn contacts(root: &Path) -> Result<usize, JoinError> {
    let git = Git::open(root)?.ok_or(SyncError::NoGit)?;
    Ok(match git.tip()? {
        Some(tip) => git.contacts_in(&git.tree_of(&tip)?)?,
        None => 0,
    })
}

/// The folder of the notebook in a work tree: the root, or the only one below it.
fn notebook_in(folder: &Path) -> Option<PathBuf> {
    if folder.join(SETTINGS_FILE).is_file() {
        return Some(PathBuf::new());
    }
    let walk = walkdir::WalkDir::new(folder).min_depth(2).max_depth(3).sort_by_file_name();
    let mut found =
        walk.into_iter().filter_map(Result::ok).filter(|entry| entry.file_name() == SETTINGS_FILE);
    let first = found.next()?;
    let inside = first.path().parent()?.strip_prefix(folder).ok()?;
    found.next().is_none().then(|| inside.to_owned())
}

fn names(folder: &Path) -> String {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != ".git")
        .collect();
    names.sort();
    if names.len() > MOST_NAMES {
        names.truncate(MOST_NAMES);
        names.push("…".to_owned());
    }
    if names.is_empty() { "no file at all".to_owned() } else { names.join(", ") }
}

/// Whether the folder may become the notebook.
fn is_free(target: &Path) -> Result<(), JoinError> {
    if target.join(SETTINGS_FILE).is_file() {
        return Err(JoinError::Joined(target.to_owned()));
    }
    let is_used = match fs::read_dir(target) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if is_used { Err(JoinError::Exists(target.to_owned())) } else { Ok(()) }
}

/// Where a copy is made until it is whole: in the same folder, so that it can be moved.
fn beside(target: &Path) -> Result<PathBuf, JoinError> {
    let name = target.file_name().ok_or_else(|| JoinError::NoName(target.display().to_string()))?;
    Ok(target.with_file_name(format!(".{}.joining", name.to_string_lossy())))
}

/// The folder's name that an address suggests: `crm` of `https://example.com/team/crm.git`.
fn name_of(address: &str) -> Option<&str> {
    let address = address.trim_end_matches('/');
    let address = address.strip_suffix("/.git").unwrap_or(address);
    let name = address.rsplit(['/', ':', '\\']).next()?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    let is_name = !name.is_empty() && !name.starts_with(['.', '-']);
    is_name.then_some(name)
}

/// A folder on this machine by its whole path: git takes a remote's address from other folders than the user does.
fn absolute(address: &str, here: &Path) -> String {
    match fs::canonicalize(here.join(address)) {
        Ok(path) => path.display().to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_suggest_names() {
        for (address, name) in [
            ("https://example.com/team/crm.git", Some("crm")),
            ("https://example.com/team/crm/", Some("crm")),
            ("git@example.com:crm.git", Some("crm")),
            ("git@example.com:team/crm", Some("crm")),
            ("/srv/git/crm", Some("crm")),
            ("../crm/.git", Some("crm")),
            ("..", None),
            ("/", None),
            ("--upload-pack=x", None),
        ] {
            assert_eq!(name_of(address), name, "{address}");
        }
    }
}
