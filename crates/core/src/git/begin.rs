//! What git knows of the user (CLI contract, Habits), and a new notebook's repository.

use std::path::Path;

/// git's `user.email`, as it holds in the folder `root`: the repository's own, else the user's.
///
/// Reads several files, so it is only to be asked where the answer is needed.
pub fn user_email(root: &Path) -> Option<String> {
    let config = match git2::Repository::discover(root).and_then(|repository| repository.config()) {
        Ok(config) => config,
        Err(_) => git2::Config::open_default().ok()?,
    };
    config.get_string("user.email").ok().filter(|email| !email.is_empty())
}

/// What became of a new notebook in git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// A repository with a first commit.
    Committed,
    /// A repository without a commit: git does not know who the user is.
    NoIdentity,
    /// The folder lies in a work tree already; it was left alone.
    Inside,
}

/// Makes a repository in `root` whose first commit holds `files`, given by their paths from there. The branch is
/// called `main`. Inside the work tree of another repository it does nothing.
///
/// # Errors
/// What libgit2 says.
pub fn begin(root: &Path, files: &[String], message: &str) -> Result<Begun, git2::Error> {
    if is_inside_work_tree(root) {
        return Ok(Begun::Inside);
    }
    let mut options = git2::RepositoryInitOptions::new();
    options.initial_head("main").no_reinit(true).external_template(false);
    let repository = git2::Repository::init_opts(root, &options)?;
    let (Ok(author), Ok(committer)) = (repository.author_from_env(), repository.committer_from_env()) else {
        return Ok(Begun::NoIdentity);
    };
    let mut index = repository.index()?;
    for file in files {
        index.add_path(Path::new(file))?;
    }
    index.write()?;
    let tree = repository.find_tree(index.write_tree()?)?;
    repository.commit(Some("HEAD"), &author, &committer, message, &tree, &[])?;
    Ok(Begun::Committed)
}

/// Whether the folder lies in the work tree of a repository.
pub fn is_inside_work_tree(dir: &Path) -> bool {
    git2::Repository::discover(dir).is_ok_and(|repository| !repository.is_bare())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_email_of_the_repository_comes_first() {
        let dir = std::env::temp_dir().join(format!("tickler-git-{}", std::process::id()));
        let repository = git2::Repository::init(&dir).unwrap();
        repository.config().unwrap().set_str("user.email", "pat@acme.example").unwrap();
        let email = user_email(&dir);
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(email.as_deref(), Some("pat@acme.example"));
    }
}
