//! Writing a backup: aside, proved, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::Utc;
use tickler_core::git::Store;

use super::bundle::{bundle, refs, unbundle};
use super::{FORMAT, Listed, MANIFEST, Manifest, Saved};
use crate::data::{Data, at, private, put_in_place, write_private};
use crate::failure::Failure;
use crate::hook::BRANCH;

/// Writes all of a data folder into one file. `progress` is told what is done now.
///
/// # Errors
/// Where the file would lie in the data folder, another backup writes it, git fails or finds something wrong, or the
/// disk says no. The file is as it was then.
pub fn write(data: &Data, program: &Path, to: &Path, progress: &dyn Fn(&str)) -> Result<Manifest, Failure> {
    let to = std::path::absolute(to).map_err(|error| at(to, &error))?;
    if to.starts_with(data.root()) {
        return Err(Failure::no("a backup inside the data folder would be lost with it")
            .hint("name a file elsewhere, on another disk at best"));
    }
    let work = Work::beside(&to)?;
    let folder = work.folder.join("files");
    private(&folder.join("notebooks"))?;
    // The record first, so that it tells of nothing that the bundles lack.
    let mut paths = copies(data, &folder)?;
    let mut manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        notebooks: Vec::new(),
        files: Vec::new(),
    };
    for name in data.notebooks()? {
        progress(&format!("bundling {name}"));
        let repository = data.repository(&name);
        let refs = refs(&repository)?;
        let tip = refs.get(BRANCH).cloned().unwrap_or_default();
        let store = Store::bare(&repository)?;
        let contacts = store.contacts_in(&store.tree_of(&tip)?)?;
        let saved = Saved { name, tip, contacts };
        let file = folder.join(saved.bundle());
        bundle(program, &repository, &refs, &work.folder, &file)?;
        progress(&format!("proving {}", saved.name));
        let proof = work.folder.join("proof.git");
        unbundle(program, &file, &saved.tip, &proof)?;
        fs::remove_dir_all(&proof).map_err(|error| at(&proof, &error))?;
        paths.push(saved.bundle());
        manifest.notebooks.push(saved);
    }
    progress("writing");
    for path in paths {
        let file = folder.join(&path);
        manifest.files.push(Listed::of(path, &file).map_err(|error| at(&file, &error))?);
    }
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| Failure::new(error.to_string()))?;
    write_private(&folder.join(MANIFEST), &text)?;
    let whole = work.folder.join("whole.tar");
    pack(&folder, &manifest, &whole)
        .and_then(|()| put_in_place(&whole, &to))
        .map_err(|error| at(&to, &error))?;
    Ok(manifest)
}

/// Copies the small files. Gives their paths.
fn copies(data: &Data, folder: &Path) -> Result<Vec<String>, Failure> {
    let record = data.record_folder().join("pushes.jsonl");
    let mut paths = Vec::new();
    for (from, path) in
        [(record, "record/pushes.jsonl"), (data.users(), "users.toml"), (data.settings(), "server.toml")]
    {
        let to = folder.join(path);
        to.parent().map_or(Ok(()), private)?;
        match fs::read_to_string(&from) {
            // A line that is being written now is not of the backup.
            Ok(text) if path.ends_with(".jsonl") => {
                write_private(&to, &text[..text.rfind('\n').map_or(0, |end| end + 1)])?;
            }
            Ok(text) => write_private(&to, &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(at(&from, &error)),
        }
        paths.push(path.to_owned());
    }
    Ok(paths)
}

/// Packs the files, the manifest first, and flushes the whole.
fn pack(folder: &Path, manifest: &Manifest, to: &Path) -> io::Result<()> {
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(to)?;
    let mut tar = tar::Builder::new(io::BufWriter::new(file));
    let paths = std::iter::once(MANIFEST).chain(manifest.files.iter().map(|file| file.path.as_str()));
    for path in paths {
        let file = File::open(folder.join(path))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(file.metadata()?.len());
        header.set_mode(0o600);
        header.set_mtime(Utc::now().timestamp().unsigned_abs());
        tar.append_data(&mut header, path, file)?;
    }
    let mut writer = tar.into_inner()?;
    writer.flush()?;
    writer.get_ref().sync_all()
}

/// A folder beside the file, which goes in the end. Only one backup at a time has it.
struct Work {
    folder: PathBuf,
    _held: File,
}

impl Work {
    fn beside(file: &Path) -> Result<Work, Failure> {
        let name = file.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| !file.is_dir()) else {
            return Err(Failure::no(format!("\"{}\" is no name for a file", file.display())));
        };
        let folder = file.with_file_name(format!(".{name}.part"));
        private(&folder)?;
        let lock = folder.join("lock");
        let held = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&lock);
        let held = held.map_err(|error| at(&lock, &error))?;
        if held.try_lock().is_err() {
            return Err(Failure::no(format!("another backup is writing \"{}\"", file.display())));
        }
        // What one left that was killed.
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path != lock {
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.map_err(|error| at(&path, &error))?;
            }
        }
        Ok(Work { folder, _held: held })
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
