//! The data folder: where each thing lies in it, and who may use it now.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::names::NotebookName;

/// How long a server that is gone may seem to be there.
const LINGERING: Duration = Duration::from_secs(3);

/// The data folder of a server. It holds everything: notebooks, users, settings, the record of pushes.
#[derive(Debug, Clone)]
pub struct Data {
    root: PathBuf,
}

impl Data {
    /// The data folder at that path, which must be there.
    ///
    /// # Errors
    /// Where it is not, is no data folder, or is another user's.
    pub fn open(root: &Path) -> Result<Data, Failure> {
        let data = Data::at(root)?;
        if !data.settings().is_file() {
            return Err(Failure::new(format!("\"{}\" is no data folder of a server", root.display()))
                .hint(format!("to make one: tickler-server serve --data {}", root.display())));
        }
        data.is_ours()?;
        Ok(data)
    }

    /// Makes a data folder of an empty or new one, with these settings. One that is there already stays as it is.
    /// The settings come first, so that what a first start that was cut short left is one too.
    ///
    /// # Errors
    /// Where something else is in the folder, it is another user's, or the disk says no.
    pub fn create(root: &Path, settings: &str) -> Result<Data, Failure> {
        let data = Data::at(root)?;
        let is_new = !data.settings().is_file();
        private(&data.root)?;
        data.is_ours()?;
        if is_new {
            data.is_empty()?;
            write_private(&data.settings(), settings)?;
        }
        for path in [&data.root, &data.settings(), &data.users()] {
            close(path).map_err(|error| at(path, &error))?;
        }
        for folder in [data.notebooks_folder(), data.record_folder(), data.hooks()] {
            private(&folder)?;
        }
        Ok(data)
    }

    /// The data folder that is to be at that path.
    ///
    /// # Errors
    /// Where the path leads nowhere.
    pub fn at(root: &Path) -> Result<Data, Failure> {
        Ok(Data { root: std::path::absolute(root).map_err(|error| at(root, &error))? })
    }

    /// What another user writes into it the server could not read.
    fn is_ours(&self) -> Result<(), Failure> {
        let owner = fs::metadata(&self.root).map_err(|error| at(&self.root, &error))?.uid();
        if owner == rustix::process::geteuid().as_raw() {
            return Ok(());
        }
        Err(Failure::new(format!("\"{}\" belongs to another user", self.root.display()))
            .hint(format!("run this as that user: sudo -u '#{owner}' tickler-server …")))
    }

    fn is_empty(&self) -> Result<(), Failure> {
        // What a start left that was killed, and what the root of a file system has.
        let is_nothing = |name: &str| name.starts_with("server.new-") || name == "lost+found";
        for entry in fs::read_dir(&self.root).map_err(|error| at(&self.root, &error))? {
            let name = entry.map_err(|error| at(&self.root, &error))?.file_name();
            if !name.to_str().is_some_and(is_nothing) {
                return Err(Failure::no(format!(
                    "\"{}\" is not empty, and no data folder",
                    self.root.display()
                ))
                .hint("name an empty folder, or one that is not there yet"));
            }
        }
        Ok(())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("server.toml")
    }

    /// The users.
    pub fn users(&self) -> PathBuf {
        self.root.join("users.toml")
    }

    /// A mark that stands here until the first token was shown.
    pub fn first_minute(&self) -> PathBuf {
        self.root.join("first-minute")
    }

    /// The hooks that git runs.
    pub fn hooks(&self) -> PathBuf {
        self.root.join("hooks")
    }

    /// Where hooks tell a running server what they did.
    pub fn figures(&self) -> PathBuf {
        self.root.join("figures.socket")
    }

    /// The folder of the record of pushes.
    pub fn record_folder(&self) -> PathBuf {
        self.root.join("record")
    }

    /// The folder of all notebooks.
    pub fn notebooks_folder(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The repository of a notebook, whether it is there or not.
    pub fn repository(&self, notebook: &NotebookName) -> PathBuf {
        self.notebooks_folder().join(format!("{notebook}.git"))
    }

    /// Whether there is such a notebook.
    pub fn has(&self, notebook: &NotebookName) -> bool {
        self.repository(notebook).join("HEAD").is_file()
    }

    /// The names of all notebooks, in order.
    ///
    /// # Errors
    /// What the disk says.
    pub fn notebooks(&self) -> Result<Vec<NotebookName>, Failure> {
        let folder = self.notebooks_folder();
        let entries = fs::read_dir(&folder).map_err(|error| at(&folder, &error))?;
        let mut names: Vec<NotebookName> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                NotebookName::new(name.to_str()?.strip_suffix(".git")?).ok()
            })
            .filter(|name| self.has(name))
            .collect();
        names.sort();
        Ok(names)
    }

    /// The right to serve, for as long as the file is kept open.
    ///
    /// # Errors
    /// Where another server has it.
    pub fn hold_serving(&self) -> Result<File, Failure> {
        let begun = Instant::now();
        loop {
            if let Some(held) = self.hold("serving.lock", false)? {
                return Ok(held);
            }
            // A process that a killed server was about to start has its files for a moment longer.
            if begun.elapsed() > LINGERING {
                return Err(Failure::no(format!("another server is at work on \"{}\"", self.root.display()))
                    .hint("stop it, or name another folder"));
            }
            std::thread::sleep(LINGERING / 100);
        }
    }

    /// The right to change the users, or the settings, waited for.
    ///
    /// # Errors
    /// What the disk says.
    pub fn hold_users(&self) -> Result<Option<File>, Failure> {
        self.hold("users.lock", true)
    }

    fn hold(&self, name: &str, wait: bool) -> Result<Option<File>, Failure> {
        let path = self.root.join(name);
        let open = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = open.map_err(|error| at(&path, &error))?;
        if wait {
            return file.lock().map(|()| Some(file)).map_err(|error| at(&path, &error));
        }
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(at(&path, &error)),
        }
    }
}

/// Makes a folder that nobody else may look into.
///
/// # Errors
/// What the disk says.
pub fn private(folder: &Path) -> Result<(), Failure> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| at(folder, &error))
}

/// Takes from others the right to what somebody made by hand. What is not there needs none.
fn close(path: &Path) -> io::Result<()> {
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode() & 0o777,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))
}

/// Writes a file that nobody else may read: aside, flushed, then renamed, so that it is there as a whole or as before.
///
/// # Errors
/// What the disk says.
pub fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let aside = path.with_extension(format!("new-{}", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&aside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        put_in_place(&aside, path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&aside);
        at(path, &error)
    })
}

/// Gives what was made aside its name, and has the disk remember it.
///
/// # Errors
/// What the disk says.
pub fn put_in_place(aside: &Path, path: &Path) -> io::Result<()> {
    fs::rename(aside, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// What the disk says of a path.
pub fn at(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot use \"{}\": {}", path.display(), tickler_core::git::disk_says(error)))
}
