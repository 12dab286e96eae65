//! The fixed environment in which every measured command runs.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, Result};

const GITCONFIG: &str = "\
[user]
\tname = Bench
\temail = bench@example.com
[safe]
\tdirectory = *
";

/// A home with nothing but git's settings, and an environment with nothing but `PATH`, a home, a language and UTC: no
/// `TICKLER_ME`, no ripgrep settings, no aliases. Git runs as its users run it, optional locks included.
pub struct Sandbox {
    home: PathBuf,
}

impl Sandbox {
    /// Makes the home anew in `data`.
    pub fn new(data: &Path) -> Result<Sandbox> {
        let home = data.join("home");
        if home.exists() {
            fs::remove_dir_all(&home).map_err(Fault::at(&home))?;
        }
        fs::create_dir_all(&home).map_err(Fault::at(&home))?;
        fs::write(home.join(".gitconfig"), GITCONFIG).map_err(Fault::at(&home))?;
        Ok(Sandbox { home })
    }

    /// Git's settings in that home.
    pub fn gitconfig(&self) -> PathBuf {
        self.home.join(".gitconfig")
    }

    /// The command `argv`, program first, to be started in `folder`.
    pub fn command(&self, argv: &[OsString], folder: &Path) -> Command {
        let (program, arguments) =
            argv.split_first().map_or((OsString::new(), &[][..]), |(p, a)| (p.clone(), a));
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC");
        command
    }
}
