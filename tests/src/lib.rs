//! End-to-end tests: the real binaries on real notebooks.

mod book;
pub mod browser;
mod dice;
pub mod http;
pub mod raw;
pub mod server;
pub mod session;
pub mod talk;
pub mod team;

pub use book::Book;
pub use browser::Browser;
pub use dice::Dice;
pub use server::Serving;
pub use session::Session;
pub use team::Team;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The workspace's root.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The `tickler` binary of this profile, built once.
///
/// # Panics
/// Where it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| built("tickler"))
}

/// The `tickler-server` binary of this profile, built once.
///
/// # Panics
/// Where it cannot be built.
pub fn server_binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| built("tickler-server"))
}

fn built(package: &str) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--package", package]).current_dir(workspace());
    // cargo tells a test these of its package. To the build scripts of dependencies they would look like news, and much
    // would be built anew each time.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|kind| name.to_string_lossy().starts_with(kind)) {
            build.env_remove(name);
        }
    }
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    assert!(build.status().is_ok_and(|status| status.success()), "{package} does not build");
    binaries().join(format!("{package}{}", std::env::consts::EXE_SUFFIX))
}

/// The folder that the binaries of this profile lie in. A test lies in `deps` below it.
pub(crate) fn binaries() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.parent().unwrap_or(Path::new("."));
    if folder.ends_with("deps") { folder.parent().unwrap_or(folder).to_owned() } else { folder.to_owned() }
}

/// Runs a program to its end.
///
/// # Panics
/// Where it cannot be started.
pub fn ran(mut command: Command) -> Ran {
    match command.output() {
        Ok(output) => Ran {
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        },
        Err(error) => panic!("{command:?} does not start: {error}"),
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

/// `tickler` in a clean world: no home to speak of, no settings, no colour, UTC.
#[derive(Debug)]
pub struct Tickler {
    command: Command,
}

impl Tickler {
    /// With these words, as a shell would split them at spaces.
    pub fn new(line: &str) -> Tickler {
        let mut command = Command::new(binary());
        command.args(line.split_whitespace()).env_clear();
        command.env("HOME", "/nonexistent").env("TZ", "UTC").env("NO_COLOR", "1").stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        Tickler { command }
    }

    /// With these words, as a shell would split them: quotes hold spaces.
    ///
    /// # Panics
    /// Where a quote does not end.
    pub fn typed(line: &str) -> Tickler {
        let Some(words) = shlex::split(line) else { panic!("a quote of `{line}` does not end") };
        words.iter().fold(Tickler::new(""), Tickler::word)
    }

    /// With one more word, spaces and all.
    #[must_use]
    pub fn word(mut self, word: impl AsRef<std::ffi::OsStr>) -> Tickler {
        self.command.arg(word);
        self
    }

    /// In that notebook, on the day of the worked example's story.
    #[must_use]
    pub fn notebook(self, dir: impl AsRef<Path>) -> Tickler {
        let dir = dir.as_ref().to_owned();
        self.env("TICKLER_DIR", dir).env("TICKLER_TODAY", "2026-12-03")
    }

    /// In the worked example.
    #[must_use]
    pub fn example(self) -> Tickler {
        self.notebook(workspace().join("docs/example"))
    }

    /// On a terminal of that many columns.
    #[must_use]
    pub fn columns(self, columns: usize) -> Tickler {
        self.env("COLUMNS", columns.to_string())
    }

    /// With that environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Tickler {
        self.command.env(name, value);
        self
    }

    /// Started in that folder.
    #[must_use]
    pub fn within(mut self, dir: impl AsRef<Path>) -> Tickler {
        self.command.current_dir(dir);
        self
    }

    /// The command, to start it in ways of one's own.
    pub fn command(self) -> Command {
        self.command
    }

    /// Runs it.
    ///
    /// # Panics
    /// Where it cannot be started.
    pub fn run(self) -> Ran {
        ran(self.command)
    }
}

/// A notebook in a folder of its own, which goes when it is dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty notebook; `name` tells it from those of other tests.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("tickler-test-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let scratch = Scratch(dir);
        scratch.write("tickler.toml", "");
        scratch
    }

    /// With a file, by its path from the root.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        assert!(made.and_then(|()| std::fs::write(&path, text)).is_ok(), "cannot write {}", path.display());
    }

    /// An empty notebook in a repository of Pat's, with nothing committed yet.
    ///
    /// # Panics
    /// Where git fails.
    pub fn in_git(name: &str) -> Scratch {
        let scratch = Scratch::new(name);
        scratch.git(&["init", "--quiet", "--initial-branch=main", "--template="]);
        // What the machine's own settings say must not matter.
        for (key, value) in [
            ("user.name", "Pat"),
            ("user.email", "pat@acme.example"),
            ("commit.gpgsign", "false"),
            ("core.hooksPath", ".git/hooks"),
            ("core.autocrlf", "false"),
        ] {
            scratch.git(&["config", key, value]);
        }
        scratch.write(".gitignore", "/.tickler/\n");
        scratch
    }

    /// What git says to these words; it must not fail.
    ///
    /// # Panics
    /// Where it does.
    #[track_caller]
    pub fn git(&self, words: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(words).current_dir(&self.0);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("TZ", "UTC");
        match command.output() {
            Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
            Ok(output) => panic!("git {words:?}: {}", String::from_utf8_lossy(&output.stderr)),
            Err(error) => panic!("git does not start: {error}"),
        }
    }

    /// The text of a file, by its path from the root; none where there is none.
    pub fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.0.join(path)).ok()
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Compares an answer with the one that is kept in `tests/museum`. `UPDATE_MUSEUM=1` keeps the answers anew.
///
/// # Panics
/// Where they differ.
pub fn exhibit(name: &str, answer: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("museum").join(name);
    if std::env::var_os("UPDATE_MUSEUM").is_some() {
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        assert!(made.and_then(|()| std::fs::write(&path, answer)).is_ok(), "cannot write {}", path.display());
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == answer,
        "{name} is not as it was (UPDATE_MUSEUM=1 keeps it anew):\n{answer}\n--- was:\n{kept}"
    );
}
