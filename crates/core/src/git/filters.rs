//! What git's filters make of a file on its way into the repository.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use git2::{ErrorClass, ObjectType, Odb, Oid, Repository};

use super::{Git, GitError, graph, program};
use crate::merge::files::BlobId;

/// What attributes say of files on their way into git that only the user's git can do.
const INWARD: [&str; 2] = ["filter", "working-tree-encoding"];
/// What they say of files on their way out that changes their bytes.
const OUTWARD: [&str; 4] = ["filter", "working-tree-encoding", "eol", "ident"];

/// The id that a file of these bytes would have; nothing is written. The path counts from the work tree's root.
pub(super) fn id(git: &Git, path: &str, bytes: &[u8]) -> Result<Oid, GitError> {
    if need_program(git, std::iter::once(path))? {
        return program::hash(git, path, bytes, false);
    }
    if !may_change(bytes) {
        return Ok(Oid::hash_object(ObjectType::Blob, bytes)?);
    }
    // A store in memory takes what libgit2 can only filter on its way into a store.
    let store = Odb::new()?;
    store.add_new_mempack_backend(1)?;
    let aside = Repository::open(git.repository.path())?;
    aside.set_odb(&store)?;
    match filtered(&aside, path, bytes) {
        // Attributes are looked for in the index too, and libgit2 does not read every index.
        Err(GitError::Git(error)) if error.class() == ErrorClass::Index => {
            program::hash(git, path, bytes, false)
        }
        result => result,
    }
}

/// Writes a file's bytes through the filters into `store`, and gives the id of what came of it.
pub(super) fn write(git: &Git, store: &Repository, path: &str, bytes: &[u8]) -> Result<Oid, GitError> {
    if !may_change(bytes) {
        return Ok(store.blob(bytes)?);
    }
    match filtered(store, path, bytes) {
        Err(GitError::Git(error)) if error.class() == ErrorClass::Index => {
            program::hash(git, path, bytes, true)
        }
        result => result,
    }
}

fn filtered(store: &Repository, path: &str, bytes: &[u8]) -> Result<Oid, GitError> {
    let mut writer = store.blob_writer(Some(Path::new(path)))?;
    writer.write_all(bytes).map_err(GitError::at(Path::new(path)))?;
    Ok(writer.commit()?)
}

/// libgit2 filters line ends and `$Id$`. What has neither stays as it is, whatever the attributes say.
fn may_change(bytes: &[u8]) -> bool {
    memchr::memchr(b'\r', bytes).is_some() || memchr::memmem::find(bytes, b"$Id").is_some()
}

/// Whether only the user's git can do to one of these paths what its attributes ask for: a program of the user's own
/// (encryption, large files), or another encoding.
pub(super) fn need_program<'p>(git: &Git, paths: impl Iterator<Item = &'p str>) -> Result<bool, GitError> {
    let mut sources = Sources::of(git, &INWARD);
    let paths: Vec<&str> = paths.filter(|path| sources.speak(path)).collect();
    if paths.is_empty() {
        return Ok(false);
    }
    let config = git.repository.config()?;
    let is_set = |driver: &str, key| config.get_entry(&format!("filter.{driver}.{key}")).is_ok();
    let is_value = |value: &str| !matches!(value, "unspecified" | "set" | "unset");
    let values = program::attributes(git, &paths, ["filter", "working-tree-encoding"])?;
    Ok(values.iter().any(|[driver, encoding]| {
        is_value(driver) && (is_set(driver, "clean") || is_set(driver, "process")) || is_value(encoding)
    }))
}

/// Files as git puts them on disk.
pub struct Outward<'g> {
    git: &'g Git,
    /// The settings speak of line ends for every file.
    always: bool,
    sources: Sources<'g>,
}

impl Git {
    /// Files as this repository puts them on disk.
    ///
    /// # Errors
    /// What libgit2 says of the settings.
    pub fn outward(&self) -> Result<Outward<'_>, GitError> {
        let config = self.repository.config()?.snapshot()?;
        let is_set = |key, value| config.get_str(key).is_ok_and(|set| set.eq_ignore_ascii_case(value));
        let always = config.get_bool("core.autocrlf").unwrap_or(false) || is_set("core.eol", "crlf");
        Ok(Outward { git: self, always, sources: Sources::of(self, &OUTWARD) })
    }
}

impl Outward<'_> {
    /// A blob's bytes as they stand on disk, once they have gone through git's filters. The path counts from the work
    /// tree's root.
    ///
    /// # Errors
    /// Where there is no such blob, or a filter is needed and fails.
    pub fn bytes(&mut self, path: &str, id: BlobId) -> Result<Vec<u8>, GitError> {
        if self.always || self.sources.speak(path) {
            return program::on_disk(self.git, path, &graph::oid(id)?.to_string());
        }
        self.git.blob(id)
    }
}

/// The files that attributes may stand in.
///
/// libgit2 reads the whole index for the attributes of one path. Few people have attributes that matter here, so their
/// files are searched for the words first.
struct Sources<'g> {
    git: &'g Git,
    words: &'static [&'static str],
    /// Whether a file that is not in the work tree speaks of them.
    outside: bool,
    /// The same for folders of the work tree, each with those that it lies in.
    folders: HashMap<String, bool>,
}

impl<'g> Sources<'g> {
    fn of(git: &'g Git, words: &'static [&'static str]) -> Sources<'g> {
        let mut files = vec![git.repository.commondir().join("info/attributes")];
        files.extend(git.repository.config().and_then(|config| config.get_path("core.attributesFile")));
        // Where that is not set, the file stands beside the user's settings, which may be in either place.
        let beside = |path: PathBuf, name: &str| path.parent().map(|folder| folder.join(name));
        files.extend(git2::Config::find_xdg().ok().and_then(|path| beside(path, "attributes")));
        files
            .extend(git2::Config::find_global().ok().and_then(|path| beside(path, ".config/git/attributes")));
        let outside = files.iter().any(|file| speaks_of(file, words));
        Sources { git, words, outside, folders: HashMap::new() }
    }

    /// Whether any file that holds for this path has the words.
    fn speak(&mut self, path: &str) -> bool {
        self.outside || self.folder_speaks(path.rsplit_once('/').map_or("", |(folder, _)| folder))
    }

    fn folder_speaks(&mut self, folder: &str) -> bool {
        if let Some(known) = self.folders.get(folder) {
            return *known;
        }
        let parent = folder.rsplit_once('/').map(|(parent, _)| parent);
        let parent = parent.or((!folder.is_empty()).then_some(""));
        let speaks = parent.is_some_and(|parent| self.folder_speaks(parent))
            || speaks_of(&self.git.work_tree.join(folder).join(".gitattributes"), self.words);
        self.folders.insert(folder.to_owned(), speaks);
        speaks
    }
}

fn speaks_of(file: &Path, words: &[&str]) -> bool {
    let has = |text: &[u8], word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    fs::read(file).is_ok_and(|text| words.iter().any(|word| has(&text, word)))
}
