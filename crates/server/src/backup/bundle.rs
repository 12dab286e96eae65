//! A notebook as one file: a git bundle of all that it keeps, and a repository of such a bundle.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::Repository;
use tickler_core::git::{GitError, Store};

use crate::data::at;
use crate::failure::Failure;
use crate::git;
use crate::hook::BRANCH;

/// The refs of a repository that are kept, by their names. The places for work that is to be merged are made again for
/// each user who comes.
pub fn refs(repository: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let all = Store::bare(repository)?.references("refs/")?;
    let refs: BTreeMap<_, _> = all.into_iter().filter(|(name, _)| !name.ends_with("/here")).collect();
    if refs.contains_key(BRANCH) {
        return Ok(refs);
    }
    Err(Failure::new(format!("\"{}\" has no branch \"main\"", repository.display()))
        .hint("to see what is wrong: tickler-server check"))
}

/// Writes a bundle of a repository at these refs, whatever is pushed meanwhile. `work` is a folder for that alone.
pub fn bundle(
    program: &Path,
    repository: &Path,
    refs: &BTreeMap<String, String>,
    work: &Path,
    to: &Path,
) -> Result<(), Failure> {
    // git looks at each ref more than once while it writes a bundle, and leaves out one that moved. So it writes that
    // of a repository whose objects are the same, and whose refs stay.
    let still = work.join("still.git");
    Store::create(&still)?;
    let objects = format!("{}\n", repository.join("objects").display());
    let lines: String = refs.iter().map(|(name, id)| format!("{id} {name}\n")).collect();
    for (path, text) in [("objects/info/alternates", objects), ("packed-refs", lines)] {
        let path = still.join(path);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(&path, text)).map_err(|error| at(&path, &error))?;
    }
    let file = to.display().to_string();
    git::run(program, &still, &["bundle", "create", "--quiet", &file, "--all"])?;
    git::run(program, &still, &["bundle", "verify", "--quiet", &file])?;
    fs::remove_dir_all(&still).map_err(|error| at(&still, &error))
}

/// Makes a repository of a bundle, has git check every object, and asks that its branch is at `tip`.
pub fn unbundle(program: &Path, bundle: &Path, tip: &str, to: &Path) -> Result<(), Failure> {
    let store = Store::create(to)?;
    let file = bundle.display().to_string();
    git::run(
        program,
        to,
        &["-c", "gc.auto=0", "fetch", "--quiet", "--no-tags", "--", &file, "+refs/*:refs/*"],
    )?;
    let _ = fs::remove_file(to.join("FETCH_HEAD"));
    git::run(program, to, &git::FSCK)?;
    let found = store.commit_at(BRANCH)?;
    if found.as_deref() != Some(tip) {
        return Err(Failure::new(format!("the bundle \"{file}\" does not hold what it should")));
    }
    Repository::open_bare(to).and_then(|repository| repository.set_head(BRANCH)).map_err(GitError::from)?;
    Ok(())
}
