//! What a push may not break: contacts that could be read before, and the settings.

use git2::{Oid, Repository, Tree};
use tickler_core::file::{self, Reading, SettingsError};
use tickler_core::problem::{Problem, Severity};
use tickler_core::settings::Settings;

use super::complaints::Complaints;
use super::difference::Lost;
use super::net::{File, Net};

/// The settings of a notebook.
pub const SETTINGS: &str = "tickler.toml";

/// Complains of what cannot be read any more.
///
/// # Errors
/// Where git cannot read what was pushed.
pub fn check(repository: &Repository, net: &Net, complaints: &mut Complaints) -> Result<(), Lost> {
    let desk = Desk { repository, settings: settings(repository, net, complaints)? };
    let mut gone = None;
    for contact in &net.contacts {
        let Some(bytes) = desk.bytes(contact.id)? else { continue };
        let errors = desk.errors(contact.stem(), &bytes);
        if let Some(first) = errors.first()
            && !desk.was_broken(net, contact)?
            && !(contact.is_new && desk.was_broken_elsewhere(net, &mut gone, contact, &bytes)?)
        {
            complaints.add(line(&contact.path, first, errors.len() - 1));
            if complaints.are_enough() {
                break;
            }
        }
    }
    Ok(())
}

/// `contacts/x.md:3:9: what is wrong; what to do about it`.
fn line(path: &str, problem: &Problem, more: usize) -> String {
    let Problem { at, message, hint, .. } = problem;
    let hint = hint.as_ref().map_or(String::new(), |hint| format!("; {hint}"));
    let more = if more > 0 { format!(" (and {more} more in this file)") } else { String::new() };
    format!("{path}:{}:{}: {message}{hint}{more}", at.line, at.column)
}

/// The settings that are pushed, as far as they can be read. Where they could be before, that is a complaint.
fn settings(repository: &Repository, net: &Net, complaints: &mut Complaints) -> Result<Settings, Lost> {
    let Some(now) = settings_in(repository, net.tree)? else { return Ok(Settings::default()) };
    let error = match read_settings(repository, now)? {
        Ok(settings) => return Ok(settings),
        Err(error) => error,
    };
    for base in &net.bases {
        if let Some(before) = settings_in(repository, *base)?
            && (before == now || read_settings(repository, before)?.is_err())
        {
            return Ok(Settings::default());
        }
    }
    match &error {
        SettingsError::Broken(problems) => {
            let errors: Vec<_> =
                problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
            if let Some(first) = errors.first() {
                complaints.add(line(SETTINGS, first, errors.len() - 1));
            }
        }
        SettingsError::Newer(newer) => {
            complaints.add(format!("{SETTINGS}: {newer}; the server has to be brought up to date first"));
        }
    }
    Ok(Settings::default())
}

/// The settings of a tree.
///
/// # Errors
/// Where git cannot read it.
pub fn settings_in(repository: &Repository, tree: Oid) -> Result<Option<Oid>, git2::Error> {
    Ok(repository.find_tree(tree)?.get_name(SETTINGS).map(|entry| entry.id()))
}

fn read_settings(repository: &Repository, id: Oid) -> Result<Result<Settings, SettingsError>, Lost> {
    let bytes = bytes_of(repository, id)?.unwrap_or_default();
    Ok(match file::decode(&bytes) {
        Ok(text) => file::parse_settings(text).map(|(settings, _)| settings),
        Err(problem) => Err(SettingsError::Broken(vec![problem])),
    })
}

/// The bytes of a file; none of one that is too large to be a contact, or no file.
///
/// # Errors
/// Where git cannot read it.
pub fn bytes_of(repository: &Repository, id: Oid) -> Result<Option<Vec<u8>>, Lost> {
    let (size, kind) = repository.odb()?.read_header(id)?;
    if kind != git2::ObjectType::Blob || size as u64 > file::MOST_BYTES {
        return Ok(None);
    }
    Ok(Some(repository.find_blob(id)?.content().to_vec()))
}

/// What contacts are read with.
struct Desk<'d> {
    repository: &'d Repository,
    settings: Settings,
}

impl Desk<'_> {
    fn bytes(&self, id: Oid) -> Result<Option<Vec<u8>>, Lost> {
        bytes_of(self.repository, id)
    }

    fn read(&self, stem: &str, bytes: &[u8]) -> Reading {
        match file::decode(bytes) {
            Ok(text) => file::parse(text, stem, &self.settings),
            Err(problem) => file::unreadable(stem, problem),
        }
    }

    /// What makes a contact a broken one (format, section 8). A slip elsewhere, in the log for example, is for `check`:
    /// it costs one entry, and must not hold up all that its writer did.
    fn errors(&self, stem: &str, bytes: &[u8]) -> Vec<Problem> {
        let Reading { contact, problems } = self.read(stem, bytes);
        if !contact.broken {
            return Vec::new();
        }
        problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect()
    }

    /// Whether it was broken already.
    fn was_broken(&self, net: &Net, contact: &File) -> Result<bool, Lost> {
        for base in &net.bases {
            if let Some(id) = self.file_in(&self.repository.find_tree(*base)?, &contact.path)
                && self.is_broken(contact.stem(), id)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it was broken already where it lay before. `gone` is found out once, when it is needed.
    fn was_broken_elsewhere(
        &self,
        net: &Net,
        gone: &mut Option<Vec<Broken>>,
        contact: &File,
        bytes: &[u8],
    ) -> Result<bool, Lost> {
        let gone = match gone {
            Some(gone) => gone,
            None => gone.insert(self.broken_gone(net)?),
        };
        let uid = self.read(contact.stem(), bytes).contact.head.uid;
        Ok(gone.iter().any(|broken| {
            broken.file.id == contact.id
                || broken.file.stem() == contact.stem()
                || uid.is_some() && broken.uid == uid
        }))
    }

    fn broken_gone(&self, net: &Net) -> Result<Vec<Broken>, Lost> {
        let mut all = Vec::new();
        for file in &net.gone {
            if self.is_broken(file.stem(), file.id)? {
                let bytes = self.bytes(file.id)?.unwrap_or_default();
                let uid = self.read(file.stem(), &bytes).contact.head.uid;
                all.push(Broken { file: file.clone(), uid });
            }
        }
        Ok(all)
    }

    fn file_in(&self, tree: &Tree<'_>, path: &str) -> Option<Oid> {
        tree.get_path(path.as_ref()).ok().map(|entry| entry.id())
    }

    fn is_broken(&self, stem: &str, id: Oid) -> Result<bool, Lost> {
        Ok(self.bytes(id)?.is_none_or(|bytes| !self.errors(stem, &bytes).is_empty()))
    }
}

/// A contact that was broken, and is not there any more.
struct Broken {
    file: File,
    uid: Option<String>,
}
