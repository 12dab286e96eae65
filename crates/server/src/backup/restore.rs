//! A data folder of a backup: made aside, proved, then renamed.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::bundle::unbundle;
use super::{FORMAT, Listed, MANIFEST, Manifest, digest};
use crate::data::{Data, at, private, put_in_place};
use crate::failure::Failure;
use crate::notebooks;
use crate::people::Users;
use crate::settings::Settings;

/// The longest manifest, in bytes.
const LONGEST: u64 = 4 << 20;

/// Makes a data folder of a backup, where there is nothing yet. `progress` is told what is done now.
///
/// # Errors
/// Where something is there, the backup is damaged or of a newer form, or the disk says no. Nothing is there then.
pub fn restore(from: &Path, program: &Path, to: &Path, progress: &dyn Fn(&str)) -> Result<Manifest, Failure> {
    let to = std::path::absolute(to).map_err(|error| at(to, &error))?;
    is_free(&to)?;
    let aside = Aside::beside(&to)?;
    progress("unpacking");
    let manifest = unpack(from, &aside.0)?;
    // The hooks of the repositories are to lead to where the folder will be.
    let at_last = Data::at(&to)?;
    for notebook in &manifest.notebooks {
        progress(&format!("restoring {}", notebook.name));
        let bundle = aside.0.join(notebook.bundle());
        let repository = aside.0.join(format!("notebooks/{}.git", notebook.name));
        unbundle(program, &bundle, &notebook.tip, &repository)?;
        notebooks::set_up(&at_last, &repository)?;
        fs::remove_file(&bundle).map_err(|error| at(&bundle, &error))?;
    }
    // They must be readable before anybody relies on them; this also makes the folders that a backup lacks.
    let data = Data::create(&aside.0, "")?;
    Users::load(&data)?;
    Settings::load(&data)?;
    put_in_place(&aside.0, &to).map_err(|error| {
        at(&to, &error).hint("where it is the root of a file system, name a folder below it")
    })?;
    Ok(manifest)
}

fn is_free(to: &Path) -> Result<(), Failure> {
    let is_taken = match fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(at(to, &error)),
    };
    if !is_taken {
        return Ok(());
    }
    Err(Failure::no(format!(
        "\"{}\" is not empty, and nothing is ever restored over something",
        to.display()
    ))
    .hint("name a folder that is not there yet; the old one can be moved away, or stay"))
}

/// Unpacks what the manifest lists, and nothing else.
fn unpack(from: &Path, to: &Path) -> Result<Manifest, Failure> {
    let broken = |what: &str| {
        Failure::new(format!("\"{}\" is no whole backup: {what}", from.display())).hint("take another one")
    };
    let torn = |error: io::Error| broken(&error.to_string());
    let file = File::open(from).map_err(|error| at(from, &error))?;
    let mut tar = tar::Archive::new(BufReader::new(file));
    let mut entries = tar.entries().map_err(torn)?;
    let first = entries.next().ok_or_else(|| broken("it is empty"))?.map_err(torn)?;
    if first.path_bytes().as_ref() != MANIFEST.as_bytes() {
        return Err(broken("its manifest does not come first"));
    }
    let mut text = String::new();
    first.take(LONGEST).read_to_string(&mut text).map_err(torn)?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| broken(&error.to_string()))?;
    if manifest.format > FORMAT {
        return Err(Failure::no(format!("a newer server wrote this backup: {}", manifest.version))
            .hint("restore it with that version, or a newer one"));
    }
    let mut missing: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for entry in entries {
        let entry = entry.map_err(torn)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Some(listed) =
            manifest.files.iter().find(|file| file.path == path && missing.contains(path.as_str()))
        else {
            return Err(broken(&format!("\"{path}\" does not belong to it")));
        };
        take_out(entry, listed, to).map_err(torn)?;
        missing.remove(path.as_str());
    }
    let bundles = manifest.notebooks.iter().map(|notebook| notebook.bundle());
    let lacks = bundles.chain(["users.toml".to_owned(), "server.toml".to_owned()]);
    let mut lacks = lacks.filter(|path| !manifest.files.iter().any(|file| file.path == *path));
    match missing.first().map(|path| (*path).to_owned()).or_else(|| lacks.next()) {
        Some(path) => Err(broken(&format!("\"{path}\" is missing"))),
        None => Ok(manifest),
    }
}

fn take_out(entry: impl Read, listed: &Listed, to: &Path) -> io::Result<()> {
    let wrong = |what: &str| io::Error::other(format!("\"{}\" {what}", listed.path));
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    if !listed.path.split('/').all(is_plain) {
        return Err(wrong("is no path of a backup"));
    }
    let path = to.join(&listed.path);
    if let Some(folder) = path.parent() {
        private(folder).map_err(|failure| wrong(failure.message()))?;
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
    let (size, sha256) = digest(entry.take(listed.size + 1), &mut file)?;
    if (size, &sha256) != (listed.size, &listed.sha256) {
        return Err(wrong("is damaged"));
    }
    file.sync_all()
}

/// A folder beside the one that is to be, which goes where it does not become that.
struct Aside(PathBuf);

impl Aside {
    fn beside(to: &Path) -> Result<Aside, Failure> {
        let Some(name) = to.file_name().and_then(|name| name.to_str()) else {
            return Err(Failure::no(format!("\"{}\" is no name for a folder", to.display())));
        };
        let folder = to.with_file_name(format!(".{name}.part-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        private(&folder)?;
        Ok(Aside(folder))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
