//! What git knows of the user (CLI contract, Habits).

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
