//! `merge-file`: merges two versions of one file by tickler's rules, for git's merge driver and for other tools.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tickler_core::file::{self, SettingsError};
use tickler_core::git::disk_says;
use tickler_core::merge::files::BlobId;
use tickler_core::merge::{self, Kind, Merged};
use tickler_core::notebook::{CONFLICTS_DIR, Notebook, OpenError, SETTINGS_FILE};
use tickler_core::settings::Settings;
use tickler_core::wire::MergeReport;

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::style::Role;
use crate::{notes, words};

/// How much of a version's name is in a file's.
const SHORT: usize = 8;
/// Nobody keeps more versions of one file.
const MOST_BESIDE: usize = 1_000;

/// Merge two versions of one file, and write the result into OURS
///
/// The rules are those of `tickler sync`: a contact is merged key by key and entry by entry, and where both changed the
/// same thing, both versions stay in the file. `tickler git-setup` has git use it for every merge of its own.
///
/// It ends with 0 where the files are merged, also where something needs a look, which is told on standard error. It
/// ends with 3 where they cannot be, and then OURS is as it was.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler merge-file base.md ours.md theirs.md
  tickler merge-file /dev/null ours.md theirs.md --path contacts/jane-doe.md")]
pub struct MergeFileArgs {
    /// What both came from; an empty file, or one that is not there, where they have nothing in common
    #[arg(value_hint = clap::ValueHint::FilePath)]
    base: PathBuf,
    /// One version; the result is written here
    #[arg(value_hint = clap::ValueHint::FilePath)]
    ours: PathBuf,
    /// The other version
    #[arg(value_hint = clap::ValueHint::FilePath)]
    theirs: PathBuf,
    /// The file that they are versions of, where it is not OURS: tells the kind, and the notebook with its settings
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    path: Option<PathBuf>,
    /// Called by git: OURS is a temporary file, so that nothing is kept beside it
    #[arg(long, requires = "path")]
    driver: bool,
}

pub fn run(context: &Context, args: &MergeFileArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("merge-file"));
    }
    let ours = read(&args.ours)?.ok_or_else(|| missing(&args.ours))?;
    let theirs = read(&args.theirs)?.ok_or_else(|| missing(&args.theirs))?;
    let base = read(&args.base)?.filter(|bytes| !bytes.is_empty());
    let place = Place::of(args.path.as_ref().unwrap_or(&args.ours))?;
    let kind = place.kind();
    if kind == Kind::Settings {
        [&ours, &theirs].into_iter().try_for_each(|bytes| not_newer(bytes))?;
    }
    let settings = place.settings()?;
    let merged = merge::merge(kind, base.as_deref(), &ours, &theirs, &settings);
    let beside = if args.driver { &place.path } else { &args.ours };
    // Before the result: what is set aside stands nowhere else.
    let kept = keep_aside(&merged, &place, beside)?;
    if merged.content != ours {
        replace(&args.ours, &merged.content).map_err(|error| unwritable(&args.ours, &error))?;
    }
    say(context, &merged, &place, &kept);
    if context.format == Format::Json {
        let mut page = context.page();
        serde_json::to_writer_pretty(&mut page, &MergeReport::new(&place.file, &merged, kept))?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    Ok(Answer::Done)
}

/// The file that is merged, and where it lies.
struct Place {
    /// From the root of the file system.
    path: PathBuf,
    /// The notebook's folder; none where there is no notebook above.
    root: Option<PathBuf>,
    /// The file's path from there, else as it was given.
    file: String,
}

impl Place {
    fn of(given: &Path) -> Result<Place, Failure> {
        let path = std::path::absolute(given).map_err(|error| unreadable(given, &error))?;
        let root = path.parent().and_then(Notebook::find);
        let file = root.as_deref().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(given);
        let file = file.to_string_lossy().into_owned();
        Ok(Place { path, root, file })
    }

    /// What the file is. Outside a notebook nobody keeps templates, so there all Markdown is a contact.
    fn kind(&self) -> Kind {
        let name = self.path.file_name().unwrap_or_default();
        match &self.root {
            Some(_) => Kind::of(&self.file),
            None if name == SETTINGS_FILE => Kind::Settings,
            None if self.path.extension().is_some_and(|extension| extension == "md") => Kind::Contact,
            None => Kind::Other,
        }
    }

    /// The notebook's settings; the defaults where there are none that can be read.
    fn settings(&self) -> Result<Settings, Failure> {
        match self.root.as_deref().map(Notebook::open) {
            Some(Ok(notebook)) => Ok(notebook.settings().clone()),
            Some(Err(error @ OpenError::Newer(_))) => Err(newer(error.to_string())),
            Some(Err(_)) | None => Ok(Settings::default()),
        }
    }
}

/// Refuses settings of a format that this tickler does not know.
fn not_newer(bytes: &[u8]) -> Result<(), Failure> {
    match file::decode(bytes).map(file::parse_settings) {
        Ok(Err(SettingsError::Newer(error))) => Err(newer(error.to_string())),
        _ => Ok(()),
    }
}

fn newer(message: String) -> Failure {
    Failure::notebook(message).hint("a newer tickler wrote it: update this one; nothing was merged")
}

/// Writes the versions that could not be joined, and gives their paths as they are to be told.
fn keep_aside(merged: &Merged, place: &Place, beside: &Path) -> Result<Vec<String>, Failure> {
    let keep = |version: &Vec<u8>| {
        let root = place.root.as_deref().unwrap_or(Path::new(""));
        let names: Vec<String> = match &place.root {
            Some(_) => aside_names(&place.file, version),
            None => beside_names(&beside.to_string_lossy()).collect(),
        };
        let free = names.iter().find(|name| is_free(&root.join(name), version));
        let name = free.ok_or_else(|| Failure::notebook(format!("\"{}\" is in the way", names[0])))?;
        let path = root.join(name);
        write_aside(&path, version).map_err(|error| unwritable(&path, &error))?;
        Ok(name.clone())
    };
    merged.aside.iter().map(keep).collect()
}

/// `conflicts/jane-doe-1f0a9c3e.md`: the file's id, and the first 8 of what git calls the version; all of them where
/// somebody has changed the file of that name.
fn aside_names(file: &str, version: &[u8]) -> Vec<String> {
    let file = Path::new(file);
    let id = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let hash: String = BlobId::of(version).0.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hash[..SHORT], &hash].map(|hash| format!("{CONFLICTS_DIR}/{id}-{hash}{ending}")).into()
}

/// `ours.md.other`, `ours.md.other-2` and so on.
fn beside_names(path: &str) -> impl Iterator<Item = String> {
    let more = (2..MOST_BESIDE).map(move |number| format!("-{number}"));
    let path = format!("{path}.other");
    std::iter::once(String::new()).chain(more).map(move |number| format!("{path}{number}"))
}

/// Whether the version may have that path: nothing is there, or the very same.
fn is_free(path: &Path, version: &[u8]) -> bool {
    match fs::read(path) {
        Ok(there) => there == version,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Writes a file whole or not at all. One that is there has these bytes already.
fn write_aside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    replace(path, bytes)
}

/// Puts the bytes in the file's place in one step, with its mode where it is there.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Of a link, what it leads to.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let draft = path.with_file_name(format!(".tickler-{}-merge.tmp", uuid::Uuid::new_v4()));
    let written = write_draft(&draft, &path, bytes).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_draft(draft: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(draft)?;
    file.write_all(bytes)?;
    if let Ok(there) = fs::metadata(path) {
        file.set_permissions(there.permissions())?;
    }
    file.sync_all()
}

/// What needs a look, on standard error: git and its users read it there.
fn say(context: &Context, merged: &Merged, place: &Place, kept: &[String]) {
    let paint = context.stderr_paint();
    let aside = (!kept.is_empty()).then(|| words::list(kept));
    let told = merged.notes.iter().map(|note| notes::line(&place.file, note, aside.as_deref()));
    for line in told {
        anstream::eprintln!("{}", paint.as_role(Role::Caution, line));
    }
}

/// The bytes of a file; none where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn missing(path: &Path) -> Failure {
    Failure::notebook(format!("there is no file \"{}\"", path.display())).hint("nothing was merged")
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::notebook(format!("cannot read \"{}\": {}", path.display(), disk_says(error)))
        .hint("nothing was merged")
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::notebook(format!("cannot write \"{}\": {}", path.display(), disk_says(error)))
        .hint("nothing was merged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_aside_are_named_as_git_names_them() {
        // `printf hello | git hash-object --stdin` says this.
        const HELLO: &str = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        for (file, start, ending) in [
            ("contacts/j/jane-doe.md", "conflicts/jane-doe-", ".md"),
            ("tickler.toml", "conflicts/tickler-", ".toml"),
            ("files/list", "conflicts/list-", ""),
        ] {
            let named = |hash: &str| format!("{start}{hash}{ending}");
            assert_eq!(aside_names(file, b"hello"), [named("b6fc4c62"), named(HELLO)]);
        }
        let beside: Vec<String> = beside_names("a.md").take(2).collect();
        assert_eq!(beside, ["a.md.other", "a.md.other-2"]);
    }

    #[test]
    fn outside_a_notebook_markdown_is_a_contact() {
        for (path, kind) in [
            ("/nowhere/jane.md", Kind::Contact),
            ("/nowhere/tickler.toml", Kind::Settings),
            ("/nowhere/list.csv", Kind::Other),
        ] {
            assert_eq!(Place::of(Path::new(path)).unwrap().kind(), kind, "{path}");
        }
    }
}
