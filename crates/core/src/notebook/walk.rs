//! Which files there are: a folder that did not change since the index was written keeps its names, any other is
//! listed again.

use std::collections::HashMap;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use walkdir::WalkDir;

use super::CONTACTS_DIR;
use super::disk;
use super::index::{Dir, Index};
use super::survey::FileProblem;
use super::work;
use crate::problem::{Position, Problem};

/// The files of a notebook, folder by folder.
#[derive(Default)]
pub(super) struct Plan {
    /// By path.
    pub dirs: Vec<Dir>,
    /// What is in each folder, in the same order.
    pub contents: Vec<Contents>,
    /// The names of the files, each ended by a zero byte; those of the index come first.
    pub names: String,
    /// How many files stand in folders that were listed, and will be again unless the index is written.
    pub listed: usize,
    /// A folder came, went or was listed.
    pub changed: bool,
    /// What is wrong with folders and with things that are no files.
    pub problems: Vec<FileProblem>,
}

impl Plan {
    /// The path of a contact file from the notebook's root.
    pub fn path(&self, dir: u32, stem: &str) -> String {
        match self.dirs.get(dir as usize).map_or("", |dir| &dir.path) {
            "" => format!("{CONTACTS_DIR}/{stem}.md"),
            dir => format!("{CONTACTS_DIR}/{dir}/{stem}.md"),
        }
    }
}

/// The files of one folder, by name.
pub(super) enum Contents {
    /// Those of these rows of the index.
    Kept(Range<usize>),
    /// These.
    Listed(Vec<Listed>),
}

/// A file that was listed.
pub(super) struct Listed {
    /// Where its name begins in [`Plan::names`].
    pub name: u32,
    /// The length of the name, without the zero byte.
    pub name_len: u16,
    /// Its row in the index.
    pub row: Option<usize>,
}

/// Finds the files below `contacts`, which is open as `top`. `now` gives the time of the file system.
pub(super) fn plan(
    root: &Path,
    top: BorrowedFd<'_>,
    index: Option<&mut Index>,
    now: &dyn Fn() -> i64,
) -> Plan {
    let mut plan = Plan::default();
    let mut found: Vec<(Dir, Vec<String>, Option<usize>)> = Vec::new();
    let mut wanted: Vec<(String, Option<usize>)> = Vec::new();
    let mut kept: Vec<(Dir, usize)> = Vec::new();
    match &index {
        None => wanted.push((String::new(), None)),
        Some(index) => {
            // A folder that is gone may have left a symbolic link, and what lies below that is not ours.
            let mut gone: Vec<&str> = Vec::new();
            for (at, dir) in index.dirs.iter().enumerate() {
                if gone.iter().any(|gone| is_below(&dir.path, gone)) {
                    continue;
                }
                match disk::open_dir(top, &dir.path).and_then(disk::stamp) {
                    Ok(stamp) if stamp == dir.stamp && !dir.volatile => kept.push((dir.clone(), at)),
                    Ok(_) => wanted.push((dir.path.clone(), Some(at))),
                    Err(_) => {
                        gone.push(&dir.path);
                        wanted.push((dir.path.clone(), Some(at)));
                    }
                }
            }
        }
    }
    plan.changed = !wanted.is_empty();
    let known: HashMap<&str, ()> = match &index {
        Some(index) => index.dirs.iter().map(|dir| (dir.path.as_str(), ())).collect(),
        None => HashMap::new(),
    };
    while !wanted.is_empty() {
        let now = now();
        let listings =
            work::each(&wanted, wanted.len().min(work::cores()), |(path, _)| list(root, top, path, now));
        let mut next = Vec::new();
        for ((path, at), listing) in wanted.drain(..).zip(listings) {
            plan.problems.extend(listing.problems);
            next.extend(
                listing.folders.into_iter().filter(|p| !known.contains_key(p.as_str())).map(|p| (p, None)),
            );
            if let Some((stamp, volatile)) = listing.state {
                found.push((Dir { path, stamp, volatile }, listing.files, at));
            }
        }
        wanted = next;
    }
    drop(known);
    finish(plan, kept, found, index)
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Puts kept and listed folders in order, and finds the index's row of each listed file.
fn finish(
    mut plan: Plan,
    kept: Vec<(Dir, usize)>,
    found: Vec<(Dir, Vec<String>, Option<usize>)>,
    mut index: Option<&mut Index>,
) -> Plan {
    plan.names = index.as_mut().map(|index| std::mem::take(&mut index.names)).unwrap_or_default();
    let index = index.map(|index| &*index);
    let rows_of = |at: usize| index.map_or(0..0, |index| index.rows_of[at].clone());
    let mut all: Vec<(Dir, Contents)> =
        kept.into_iter().map(|(dir, at)| (dir, Contents::Kept(rows_of(at)))).collect();
    for (dir, files, at) in found {
        plan.listed += files.len();
        let mut rows = at.map(rows_of).unwrap_or(0..0).peekable();
        let mut listed = Vec::with_capacity(files.len());
        for file in files {
            let name_of = |at: usize| {
                let row = index.and_then(|index| index.row(at));
                row.and_then(|row| {
                    plan.names.get(row.name as usize..row.name as usize + usize::from(row.name_len))
                })
            };
            // Both are sorted by name.
            while rows.next_if(|at| name_of(*at).is_some_and(|name| name < file.as_str())).is_some() {}
            let row = rows.next_if(|at| name_of(*at) == Some(file.as_str()));
            let name = plan.names.len() as u32;
            plan.names.push_str(&file);
            plan.names.push('\0');
            listed.push(Listed { name, name_len: file.len() as u16, row });
        }
        all.push((dir, Contents::Listed(listed)));
    }
    all.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    (plan.dirs, plan.contents) = all.into_iter().unzip();
    plan
}

/// A name that says Markdown in another way than the format does. Any other file may lie beside the contacts.
fn is_nearly_contact(name: &str) -> bool {
    let end = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, end)| end);
    end.eq_ignore_ascii_case("md")
        || end.eq_ignore_ascii_case("markdown")
        || end.eq_ignore_ascii_case("mdown")
}

/// What is in one folder.
#[derive(Default)]
struct Listing {
    /// The folder's stamp before it was listed, and whether it can be trusted next time; none where it is gone.
    state: Option<(disk::Stamp, bool)>,
    files: Vec<String>,
    folders: Vec<String>,
    problems: Vec<FileProblem>,
}

fn list(root: &Path, top: BorrowedFd<'_>, path: &str, now: i64) -> Listing {
    let mut listing = Listing::default();
    let shown = if path.is_empty() { CONTACTS_DIR.to_owned() } else { format!("{CONTACTS_DIR}/{path}") };
    let problem = |file: String, problem: Problem| FileProblem { file, problem };
    let stamp = match disk::open_dir(top.as_fd(), path).and_then(disk::stamp) {
        Ok(stamp) => stamp,
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let p = Problem::error(Position::default(), "this folder may not be read: permission denied");
            let hint = "its contacts are missing from every answer; give yourself the right to read it";
            listing.problems.push(problem(shown, p.hint(hint)));
            listing.state = Some((disk::Stamp::default(), true));
            return listing;
        }
        Err(_) => return listing,
    };
    let walk =
        WalkDir::new(root.join(CONTACTS_DIR).join(path)).min_depth(1).max_depth(1).follow_root_links(true);
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            // Gone since it was seen, and what is gone holds no contact.
            Err(error) if error.io_error().is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound) => {
                continue;
            }
            Err(error) => {
                let p = Problem::error(Position::default(), format!("cannot be listed: {error}"));
                listing.problems.push(problem(shown.clone(), p));
                continue;
            }
        };
        let name = match entry.file_name().to_str() {
            Some(name) if name.starts_with('.') => continue,
            Some(name) => name,
            None => {
                let name = entry.file_name().to_string_lossy();
                let p =
                    Problem::error(Position::default(), "the file's name is not UTF-8, so it is not read");
                listing.problems.push(problem(format!("{shown}/{name}"), p.hint("rename it")));
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() {
            listing.folders.push(if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") });
        } else if kind.is_file() && name.len() > 3 && name.ends_with(".md") {
            listing.files.push(name.to_owned());
        } else if kind.is_file() && is_nearly_contact(name) {
            let p = Problem::warning(Position::default(), "not read: a contact's file name ends in `.md`");
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            listing
                .problems
                .push(problem(format!("{shown}/{name}"), p.hint(format!("rename it to {stem}.md"))));
        } else if kind.is_symlink() {
            let p = Problem::warning(Position::default(), "a symbolic link is never read as a contact");
            let hint = "put the file itself here, or delete the link";
            listing.problems.push(problem(format!("{shown}/{name}"), p.hint(hint)));
        }
    }
    listing.files.sort_unstable();
    // What is odd is said again at every survey, so such a folder is listed again.
    let volatile = stamp.is_fresh(now) || !listing.problems.is_empty();
    listing.state = Some((stamp, volatile));
    listing
}
