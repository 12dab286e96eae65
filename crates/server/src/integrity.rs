//! What is wrong in a data folder: git's own check of every object, every contact read, users, settings, hooks, and
//! who may look into it. Nothing is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid, Repository, Tree, TreeWalkMode, TreeWalkResult};
use tickler_core::file;
use tickler_core::git::{GitError, Store};
use tickler_core::notebook::SETTINGS_FILE;
use tickler_core::problem::{Problem, Severity};
use tickler_core::settings::Settings as NotebookSettings;

use crate::data::Data;
use crate::failure::Failure;
use crate::git;
use crate::hook::{self, BRANCH};
use crate::names::NotebookName;
use crate::people::Users;
use crate::settings::Settings;

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    /// A line each: where, and what.
    pub faults: Vec<String>,
    /// How many contacts were read.
    pub contacts: usize,
}

/// Checks the folder itself: its rights, users, settings, hooks and the record of pushes.
pub fn folder(data: &Data, notebooks: &[NotebookName]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rights = |path: &Path, most: u32| {
        let Ok(metadata) = fs::metadata(path) else { return };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & !most != 0 {
            let path = path.display();
            faults
                .push(format!("{path}: others may use it: its mode is {mode:03o}, and {most:03o} is enough"));
        }
    };
    rights(data.root(), 0o700);
    rights(&data.users(), 0o600);
    rights(&data.settings(), 0o600);
    match Users::load(data) {
        Err(failure) => faults.push(failure.message().to_owned()),
        Ok(users) => {
            for user in &users.users {
                let lost = user.roles.keys().filter(|notebook| !notebooks.contains(notebook));
                faults.extend(lost.map(|notebook| {
                    format!("users.toml: \"{}\" has a role in \"{notebook}\", which is not there", user.name)
                }));
            }
        }
    }
    match Settings::load(data) {
        Err(failure) => faults.push(failure.message().to_owned()),
        Ok(settings) => {
            let lost = settings.notebook.keys().filter(|notebook| !notebooks.contains(notebook));
            faults.extend(lost.map(|notebook| format!("server.toml: there is no notebook \"{notebook}\"")));
        }
    }
    for name in hook::NAMES {
        let path = data.hooks().join(name);
        let is_program =
            |path: PathBuf| fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o100 != 0);
        if !fs::read_link(&path).is_ok_and(is_program) {
            faults.push(format!(
                "hooks/{name}: it leads to no program; the next start of the server mends that"
            ));
        }
    }
    faults.extend(record(data));
    faults
}

/// Lines of the record that are none. The last one may have been cut short by a power cut.
fn record(data: &Data) -> Vec<String> {
    let Ok(text) = fs::read_to_string(data.record_folder().join("pushes.jsonl")) else { return Vec::new() };
    let lines = text.lines().enumerate();
    let broken = lines.filter(|(_, line)| serde_json::from_str::<serde_json::Value>(line).is_err());
    broken.map(|(at, _)| format!("record/pushes.jsonl:{}: no record of a push", at + 1)).collect()
}

/// Checks a notebook: git's own check, and each contact of the branch.
pub fn notebook(data: &Data, program: &Path, name: &NotebookName) -> Report {
    let mut report = Report::default();
    let repository = data.repository(name);
    match git::faults(program, &repository) {
        Ok(lines) => report.faults.extend(lines.into_iter().map(|line| format!("git: {line}"))),
        Err(failure) => report.faults.push(failure.message().to_owned()),
    }
    if let Err(failure) = contacts(&repository, &mut report) {
        report.faults.push(failure.message().to_owned());
    }
    report.faults.iter_mut().for_each(|fault| *fault = format!("{name}: {fault}"));
    report
}

fn contacts(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let Some(tip) = Store::bare(path)?.commit_at(BRANCH)? else {
        return Err(Failure::new("it has no branch \"main\""));
    };
    let repository = Repository::open_bare(path).map_err(GitError::from)?;
    let tree =
        Oid::from_str(&tip).and_then(|tip| repository.find_commit(tip)?.tree()).map_err(GitError::from)?;
    let settings = settings(&repository, &tree, report);
    for (path, id) in files(&tree).map_err(GitError::from)? {
        report.contacts += 1;
        let blob = match repository.find_blob(id) {
            Ok(blob) => blob,
            Err(error) => {
                report.faults.push(format!("{path}: it cannot be read: {}", error.message()));
                continue;
            }
        };
        let Ok(text) = std::str::from_utf8(blob.content()) else {
            report.faults.push(format!("{path}: it is not UTF-8"));
            continue;
        };
        let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
        let problems = file::parse(text, stem, &settings).problems;
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        report.faults.extend(errors.map(|problem| said(&path, problem)));
    }
    Ok(())
}

/// The notebook's own settings; the defaults where they cannot be read.
fn settings(repository: &Repository, tree: &Tree<'_>, report: &mut Report) -> NotebookSettings {
    let blob = tree.get_name(SETTINGS_FILE).and_then(|entry| repository.find_blob(entry.id()).ok());
    let text = blob.and_then(|blob| String::from_utf8(blob.content().to_vec()).ok());
    let Some(text) = text else {
        report.faults.push(format!("{SETTINGS_FILE}: it is not there, or no text"));
        return NotebookSettings::default();
    };
    match file::parse_settings(&text) {
        Ok((settings, problems)) => {
            let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
            report.faults.extend(errors.map(|problem| said(SETTINGS_FILE, problem)));
            settings
        }
        Err(error) => {
            report.faults.push(format!("{SETTINGS_FILE}: {error}"));
            NotebookSettings::default()
        }
    }
}

/// The files `.md` below `contacts`, but those of hidden folders.
fn files(tree: &Tree<'_>) -> Result<Vec<(String, Oid)>, git2::Error> {
    let mut found = Vec::new();
    tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
        let name = entry.name().unwrap_or_default();
        let is_outside = folder.is_empty() && name != "contacts";
        match entry.kind() {
            Some(ObjectType::Tree) if is_outside || name.starts_with('.') => return TreeWalkResult::Skip,
            Some(ObjectType::Blob)
                if !folder.is_empty() && name.ends_with(".md") && !name.starts_with('.') =>
            {
                found.push((format!("{folder}{name}"), entry.id()));
            }
            _ => {}
        }
        TreeWalkResult::Ok
    })?;
    Ok(found)
}

fn said(path: &str, problem: &Problem) -> String {
    format!("{path}:{}:{}: {}", problem.at.line, problem.at.column, problem.message)
}
