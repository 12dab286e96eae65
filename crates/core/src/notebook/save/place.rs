//! Puts new contents in the place of a file: written aside in the same folder, flushed, then exchanged for what is
//! there, which is looked at once more and put back where it is not what was read (format, section 9).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::SaveError;
use super::deed::Change;

/// One file on its way to its new state.
#[derive(Debug)]
pub(super) struct Step<'s> {
    /// The file, from the notebook's root.
    pub file: &'s str,
    /// Where it stands.
    pub path: PathBuf,
    /// What is written aside; once it is exchanged, what stood there before.
    pub aside: PathBuf,
    /// The bytes that were read; none where there was no file.
    pub before: Option<&'s [u8]>,
    /// The bytes to be; none where the file goes.
    pub after: Option<&'s [u8]>,
    /// A file that is new may be run.
    pub executable: bool,
}

impl<'s> Step<'s> {
    /// Of a change below `root`, nothing done yet.
    pub fn of(root: &Path, change: &'s Change) -> Step<'s> {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        Step::new(root, &change.file, before.map(str::as_bytes), after.map(str::as_bytes))
    }

    /// Of the file at that path below `root`, nothing done yet.
    pub fn new(root: &Path, file: &'s str, before: Option<&'s [u8]>, after: Option<&'s [u8]>) -> Step<'s> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let path = root.join(file);
        // Hidden, so that nobody reads it as a contact; short, so that a long name does not make it too long.
        let name = format!(".tickler-{}-{}.tmp", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Step { file, aside: path.with_file_name(name), path, before, after, executable: false }
    }

    /// When it comes among the steps of a deed: new files, then changed ones, then those that go.
    pub fn phase(&self) -> usize {
        match (&self.before, &self.after) {
            (None, _) => 0,
            (Some(_), Some(_)) => 1,
            (Some(_), None) => 2,
        }
    }

    /// Refuses what must not be written to: symbolic links on the way, what is no file, what is read-only.
    pub fn is_allowed(&self, root: &Path) -> Result<(), SaveError> {
        let mut path = root.to_owned();
        for part in Path::new(self.file).components() {
            path.push(part);
            let Ok(found) = fs::symlink_metadata(&path) else { break };
            if found.is_symlink() {
                let link = path.strip_prefix(root).unwrap_or(&path);
                return Err(SaveError::Link(link.display().to_string()));
            }
            if path == self.path && !found.is_file() {
                return Err(SaveError::InTheWay(self.file.to_owned()));
            }
            if path == self.path && self.before.is_some() && found.mode() & 0o222 == 0 {
                return Err(SaveError::ReadOnly(self.file.to_owned()));
            }
        }
        Ok(())
    }

    /// Writes the new text aside, with the mode of the file that it is for. `flush` it too, unless somebody else
    /// does that for many at once.
    pub fn write_aside(&self, flush: bool) -> io::Result<()> {
        let Some(after) = &self.after else { return Ok(()) };
        let mut file = OpenOptions::new().write(true).create_new(true).open(&self.aside)?;
        file.write_all(after)?;
        if let Ok(found) = fs::symlink_metadata(&self.path) {
            file.set_permissions(found.permissions())?;
            // In a folder that several people share, a file stays its owner's where we may do that.
            let own = file.metadata()?;
            if (own.uid(), own.gid()) != (found.uid(), found.gid()) {
                let _ = fchown(&file, Some(found.uid()), Some(found.gid()));
            }
        } else if self.executable {
            let mut permissions = file.metadata()?.permissions();
            let mode = permissions.mode();
            // Whoever may read it may run it.
            permissions.set_mode(mode | (mode & 0o444) >> 2);
            file.set_permissions(permissions)?;
        }
        if flush { file.sync_all() } else { Ok(()) }
    }

    /// Puts the new state in place. Where the file is not as it was read, all stays as it is.
    pub fn place(&self) -> Result<(), SaveError> {
        let disk = |error: io::Error| SaveError::disk(self.file, error);
        match (&self.before, &self.after) {
            (Some(before), Some(_)) => {
                exchange(&self.aside, &self.path).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => SaveError::Gone(self.file.to_owned()),
                    _ => disk(error),
                })?;
                if holds(&self.aside, before) {
                    return Ok(());
                }
                exchange(&self.aside, &self.path).map_err(disk)?;
                Err(SaveError::Changed(self.file.to_owned()))
            }
            (None, Some(_)) => move_to_free(&self.aside, &self.path).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => SaveError::Exists(self.file.to_owned()),
                _ => disk(error),
            }),
            (Some(before), None) => {
                move_to_free(&self.path, &self.aside).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => SaveError::Gone(self.file.to_owned()),
                    _ => disk(error),
                })?;
                if holds(&self.aside, before) {
                    return Ok(());
                }
                move_to_free(&self.aside, &self.path).map_err(disk)?;
                Err(SaveError::Changed(self.file.to_owned()))
            }
            (None, None) => Ok(()),
        }
    }

    /// Takes a placed state back, unless somebody wrote to the file since.
    pub fn take_back(&self) {
        match (&self.before, &self.after) {
            (Some(_), Some(after)) if holds(&self.path, after) => {
                let _ = exchange(&self.aside, &self.path);
                // Written in the moment between: that is worth more than what we take back.
                if !holds(&self.aside, after) {
                    let _ = exchange(&self.aside, &self.path);
                }
            }
            (None, Some(after)) if holds(&self.path, after) => {
                let _ = move_to_free(&self.path, &self.aside);
            }
            (Some(_), None) => {
                let _ = move_to_free(&self.aside, &self.path);
            }
            _ => {}
        }
    }

    /// Removes what lies aside.
    pub fn clear(&self) {
        let _ = fs::remove_file(&self.aside);
    }

    /// Flushes the folder, so that what was renamed in it stays renamed.
    pub fn flush_folder(&self) {
        if let Some(folder) = self.path.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
    }
}

/// Whether the file holds just these bytes.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|found| found == bytes)
}

/// Makes two files change places.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => exchange_by_hand(one, other),
        Err(error) => Err(error.into()),
    }
}

/// The same on a file system that cannot do it in one step: there is always a whole file of the name `other`.
fn exchange_by_hand(one: &Path, other: &Path) -> io::Result<()> {
    let kept = one.with_extension("kept");
    if fs::hard_link(other, &kept).is_err() {
        fs::copy(other, &kept)?;
    }
    fs::rename(one, other)?;
    fs::rename(&kept, one)
}

/// Renames a file to a name that nothing has yet.
pub(super) fn move_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            if fs::symlink_metadata(to).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::tests::Folder;

    fn step<'s>(folder: &Folder, before: Option<&'s str>, after: Option<&'s str>) -> Step<'s> {
        Step::new(folder.path(), "a.md", before.map(str::as_bytes), after.map(str::as_bytes))
    }

    /// Does the step and says what stands there afterwards, and what lies aside.
    fn done(step: &Step) -> (Result<(), SaveError>, Option<String>) {
        step.write_aside(true).unwrap();
        let result = step.place();
        step.clear();
        (result, fs::read_to_string(&step.path).ok())
    }

    #[test]
    fn what_is_there_and_what_was_read_must_agree() {
        let folder = Folder::new("place");
        let file = folder.path().join("a.md");
        for (there, before, after, error, left) in [
            (Some("old"), Some("old"), Some("new"), None, Some("new")),
            (Some("else"), Some("old"), Some("new"), Some("changed"), Some("else")),
            (None, Some("old"), Some("new"), Some("gone"), None),
            (None, None, Some("new"), None, Some("new")),
            (Some("else"), None, Some("new"), Some("exists"), Some("else")),
            (Some("old"), Some("old"), None, None, None),
            (Some("else"), Some("old"), None, Some("changed"), Some("else")),
        ] {
            let _ = fs::remove_file(&file);
            there.into_iter().for_each(|text| fs::write(&file, text).unwrap());
            let (result, found) = done(&step(&folder, before, after));
            let kind = result.err().map(|error| match error {
                SaveError::Changed(_) => "changed",
                SaveError::Gone(_) => "gone",
                SaveError::Exists(_) => "exists",
                other => panic!("{other:?}"),
            });
            assert_eq!((kind, found.as_deref()), (error, left), "{there:?} {before:?} {after:?}");
            assert_eq!(folder.names().len(), usize::from(left.is_some()), "nothing lies about");
        }
    }

    #[test]
    fn the_mode_stays() {
        let folder = Folder::new("mode");
        let file = folder.path().join("a.md");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        let (result, _) = done(&step(&folder, Some("old"), Some("new")));
        assert!(result.is_ok());
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o664);
    }

    #[test]
    fn links_and_read_only_files_are_refused() {
        let folder = Folder::new("links");
        let file = folder.path().join("a.md");
        let step = step(&folder, Some("old"), Some("new"));
        fs::write(folder.path().join("b.md"), "old").unwrap();
        std::os::unix::fs::symlink("b.md", &file).unwrap();
        assert!(matches!(step.is_allowed(folder.path()), Err(SaveError::Link(_))));
        fs::remove_file(&file).unwrap();
        fs::write(&file, "old").unwrap();
        assert!(step.is_allowed(folder.path()).is_ok());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(step.is_allowed(folder.path()), Err(SaveError::ReadOnly(_))));
    }

    #[test]
    fn a_step_is_taken_back_unless_somebody_wrote_since() {
        let folder = Folder::new("back");
        let file = folder.path().join("a.md");
        for (before, after) in [(Some("old"), Some("new")), (None, Some("new")), (Some("old"), None)] {
            for meanwhile in [None, Some("editor's")] {
                let _ = fs::remove_file(&file);
                before.into_iter().for_each(|text| fs::write(&file, text).unwrap());
                let step = step(&folder, before, after);
                step.write_aside(false).unwrap();
                step.place().unwrap();
                meanwhile.into_iter().for_each(|text| fs::write(&file, text).unwrap());
                step.take_back();
                step.clear();
                let found = fs::read_to_string(&file).ok();
                assert_eq!(found.as_deref(), meanwhile.or(before), "{before:?} {after:?}");
            }
        }
    }

    #[test]
    fn exchange_works_by_hand_too() {
        let folder = Folder::new("by-hand");
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(&one, "1").unwrap();
        fs::write(&other, "2").unwrap();
        exchange_by_hand(&one, &other).unwrap();
        assert!(holds(&one, b"2") && holds(&other, b"1"));
        assert_eq!(folder.names().len(), 2);
    }
}
