//! A server's notebooks: making a new one, and what each needs before it is served.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use git2::{Repository, TreeWalkMode, TreeWalkResult};
use tickler_core::git::{GitError, Store};
use tickler_core::merge::files::Content;
use tickler_core::notebook::{Beginning, SETTINGS_FILE, beginning};

use crate::data::{Data, at, put_in_place};
use crate::failure::Failure;
use crate::git;
use crate::hook::{self, BRANCH};
use crate::names::{NotebookName, UserName};

/// What stands before the process's number in the name of a repository that is not whole yet.
pub const ASIDE: &str = ".new-";

/// Makes a notebook that begins so.
///
/// # Errors
/// Where there is one of that name, or the disk says no.
pub fn begin(data: &Data, name: &NotebookName, beginning_: Beginning) -> Result<(), Failure> {
    make(data, name, |_, store| {
        let files: BTreeMap<String, Option<Content>> = beginning(beginning_)
            .into_iter()
            .map(|(path, text)| {
                (path, Some(Content::New { bytes: text.as_bytes().to_vec(), mode: 0o100_644 }))
            })
            .collect();
        let tree = store.write_tree(None, &files)?;
        let server = hook::server();
        let commit = store.write_commit_as(&tree, &[], (&server, &server), "init: a new notebook\n")?;
        Ok(store.swing(BRANCH, None, &commit, "init")?)
    })
}

/// Makes a notebook of the branch `main` of another repository, or else of its `master`, or of what is checked out
/// there, with all its history. Gives that branch's name.
///
/// # Errors
/// Where there is one of that name, git cannot fetch, what it fetched is no notebook, or the disk says no.
pub fn take_over(data: &Data, program: &Path, name: &NotebookName, from: &str) -> Result<String, Failure> {
    let shown = git::without_passwords(from);
    make(data, name, |folder, store| {
        let listed = git::run_as_user(
            program,
            folder,
            &["ls-remote", "--symref", "--", from, "HEAD", "refs/heads/*"],
        )?;
        let Some(branch) = main_branch(&listed) else {
            return Err(Failure::no(format!("\"{shown}\" has no branch with commits")));
        };
        let refspec = format!("+{branch}:{BRANCH}");
        git::run_as_user(program, folder, &["fetch", "--quiet", "--no-tags", "--", from, &refspec])?;
        let short = branch.trim_start_matches("refs/heads/").to_owned();
        if folder.join("shallow").exists() {
            return Err(Failure::no(format!("\"{shown}\" has only the end of its history"))
                .hint("git fetch --unshallow, there"));
        }
        let tip = store.commit_at(BRANCH)?.unwrap_or_default();
        if !store.is_in(&store.tree_of(&tip)?, SETTINGS_FILE)? {
            return Err(Failure::no(format!(
                "\"{shown}\" is no notebook: there is no {SETTINGS_FILE} at the root of its branch \"{short}\""
            ))
            .hint("a notebook in a folder of a larger repository: git subtree split makes a branch of it"));
        }
        Ok(short)
    })
}

/// The branch that holds a notebook, of what `git ls-remote --symref` lists.
fn main_branch(listed: &str) -> Option<&str> {
    let lines = || listed.lines().filter_map(|line| line.split_once('\t'));
    let has = |branch: &str| lines().any(|(_, name)| name == branch);
    let head = lines().find_map(|(to, name)| to.strip_prefix("ref: ").filter(|_| name == "HEAD"));
    [Some(BRANCH), Some("refs/heads/master"), head].into_iter().flatten().find(|branch| has(branch))
}

/// What of a notebook no push could bring: names that some system could not have, links and repositories of others.
/// A line each.
///
/// # Errors
/// What git says.
pub fn oddities(data: &Data, notebook: &NotebookName) -> Result<Vec<String>, Failure> {
    let path = data.repository(notebook);
    let Some(tip) = Store::bare(&path)?.commit_at(BRANCH)? else { return Ok(Vec::new()) };
    let repository = Repository::open_bare(&path).map_err(GitError::from)?;
    let mut odd = Vec::new();
    let look = |folder: &str, entry: &git2::TreeEntry<'_>| {
        let name = String::from_utf8_lossy(entry.name_bytes());
        let fault = hook::danger(entry.name_bytes()).or_else(|| hook::fault(&name)).map(|fault| fault.what);
        let what = match entry.filemode_raw() {
            0o120_000 => Some("it is a link"),
            0o160_000 => Some("it is a repository of its own"),
            _ => fault,
        };
        odd.extend(what.map(|what| format!("{}: {what}", format!("{folder}{name}").escape_debug())));
        TreeWalkResult::Ok
    };
    let tree = git2::Oid::from_str(&tip).and_then(|tip| repository.find_commit(tip)?.tree());
    tree.and_then(|tree| tree.walk(TreeWalkMode::PreOrder, look)).map_err(GitError::from)?;
    Ok(odd)
}

/// Makes a repository aside, has it filled, and gives it its name once it is whole.
fn make<T>(
    data: &Data,
    name: &NotebookName,
    fill: impl FnOnce(&Path, &Store) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if data.has(name) {
        return Err(Failure::no(format!("there is a notebook \"{name}\" already")));
    }
    let aside = data.notebooks_folder().join(format!("{ASIDE}{}-{name}.git", std::process::id()));
    let _ = fs::remove_dir_all(&aside);
    let made = Store::create(&aside).map_err(Failure::from).and_then(|store| {
        let said = fill(&aside, &store)?;
        set_up(data, &aside)?;
        let path = data.repository(name);
        put_in_place(&aside, &path).map_err(|error| at(&path, &error))?;
        Ok(said)
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&aside);
    }
    made
}

/// Sets what a repository's own settings must say. git never packs by itself, since the upkeep does; and who pushes
/// past the server, by the repository's path, meets the same hooks.
///
/// # Errors
/// What git says.
pub fn set_up(data: &Data, repository: &Path) -> Result<(), GitError> {
    let mut config = Repository::open_bare(repository)?.config()?.open_level(git2::ConfigLevel::Local)?;
    let hooks = data.hooks().display().to_string();
    for (key, value) in [
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("receive.autogc", "false"),
        ("core.hooksPath", &hooks),
    ] {
        if config.get_string(key).ok().as_deref() != Some(value) {
            config.set_str(key, value)?;
        }
    }
    Ok(())
}

/// Links the hooks to this program.
///
/// # Errors
/// What the disk says.
pub fn set_hooks(data: &Data, program: &Path) -> Result<(), Failure> {
    let folder = data.hooks();
    for name in hook::NAMES {
        let path = folder.join(name);
        if fs::read_link(&path).is_ok_and(|target| target == program) {
            continue;
        }
        let aside = folder.join(format!("{name}.new"));
        let _ = fs::remove_file(&aside);
        symlink(program, &aside)
            .and_then(|()| fs::rename(&aside, &path))
            .map_err(|error| at(&path, &error))?;
    }
    Ok(())
}

/// Sees to it that a user finds the place for work that is to be merged.
///
/// # Errors
/// What git says.
pub fn show_place(data: &Data, notebook: &NotebookName, user: &UserName) -> Result<(), GitError> {
    let store = Store::bare(&data.repository(notebook))?;
    let place = format!("refs/sync/{user}/here");
    if store.commit_at(&place)?.is_some() {
        return Ok(());
    }
    let Some(tip) = store.commit_at(BRANCH)? else { return Ok(()) };
    match store.swing(&place, None, &tip, "here") {
        Ok(()) | Err(GitError::Moved) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What there is to say of a notebook in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// How many contacts it has.
    pub contacts: usize,
    /// How many bytes its repository takes.
    pub bytes: u64,
    /// When it changed last, in seconds since 1970; none where it has no commit.
    pub changed: Option<i64>,
}

/// Looks at a notebook.
///
/// # Errors
/// What git says.
pub fn glance(data: &Data, notebook: &NotebookName) -> Result<Glance, Failure> {
    let path = data.repository(notebook);
    let store = Store::bare(&path)?;
    let (mut contacts, mut changed) = (0, None);
    if let Some(tip) = store.commit_at(BRANCH)? {
        contacts = store.contacts_in(&store.tree_of(&tip)?)?;
        let time =
            || Repository::open_bare(&path)?.find_commit(git2::Oid::from_str(&tip)?).map(|it| it.time());
        changed = Some(time().map_err(GitError::from)?.seconds());
    }
    let files = walkdir::WalkDir::new(&path).into_iter().flatten().filter_map(|entry| entry.metadata().ok());
    let bytes = files.filter(fs::Metadata::is_file).map(|file| file.len()).sum();
    Ok(Glance { contacts, bytes, changed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_branch_is_found() {
        for (listed, found) in [
            ("ref: refs/heads/main\tHEAD\n1\tHEAD\n1\trefs/heads/main\n2\trefs/heads/master\n", Some(BRANCH)),
            ("ref: refs/heads/x\tHEAD\n1\tHEAD\n1\trefs/heads/x\n2\trefs/heads/main\n", Some(BRANCH)),
            ("ref: refs/heads/x\tHEAD\n1\tHEAD\n1\trefs/heads/x\n", Some("refs/heads/x")),
            ("ref: refs/heads/x\tHEAD\n2\trefs/heads/master\n", Some("refs/heads/master")),
            ("2\trefs/heads/other\n", None),
            ("", None),
        ] {
            assert_eq!(main_branch(listed), found, "{listed}");
        }
    }
}
