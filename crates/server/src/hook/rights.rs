//! What only some may do with a push: change the settings, and remove contacts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use git2::Repository;
use tickler_core::file;
use tickler_core::settings::Settings;

use super::complaints::{Complaints, shown};
use super::contacts::{SETTINGS, bytes_of, settings_in};
use super::difference::Lost;
use super::net::{File, Net};
use crate::people::{Action, Role, may};

/// Complains of what this role may not do.
///
/// # Errors
/// Where git cannot read what was pushed.
pub fn check(
    repository: &Repository,
    net: &Net,
    role: Role,
    complaints: &mut Complaints,
) -> Result<(), Lost> {
    if !may(Some(role), Action::ChangeSettings) && changes_settings(repository, net)? {
        complaints.add(format!(
            "{SETTINGS}: only an admin may change the settings; git restore -s origin/main {SETTINGS}, or ask one"
        ));
    }
    if !may(Some(role), Action::Remove) {
        for file in removed(repository, net)? {
            let path = shown(file.path.as_bytes());
            complaints.add(format!(
                "{path}: only an admin may remove a contact; git restore -s origin/main {path}, or ask one"
            ));
        }
    }
    Ok(())
}

/// Whether the settings would be others. Where the work left the branch at several points, they have to be those of
/// each: which of them counts is for the merge to say.
fn changes_settings(repository: &Repository, net: &Net) -> Result<bool, Lost> {
    let now = settings_in(repository, net.tree)?;
    if let Some(branch) = net.branch
        && settings_in(repository, branch)? == now
    {
        return Ok(false);
    }
    for base in &net.bases {
        if settings_in(repository, *base)? != now {
            return Ok(true);
        }
    }
    Ok(net.bases.is_empty() && now.is_some())
}

/// The contacts that the branch has, and would have no more: neither there nor elsewhere.
fn removed(repository: &Repository, net: &Net) -> Result<Vec<File>, Lost> {
    let Some(branch) = net.branch else { return Ok(Vec::new()) };
    let branch = repository.find_tree(branch)?;
    let mut gone = net.gone.clone();
    gone.retain(|file| branch.get_path(file.path.as_ref()).is_ok());
    if gone.is_empty() {
        return Ok(gone);
    }
    let mut hunt = Hunt { gone, new: net.contacts.iter().filter(|file| file.is_new).cloned().collect() };
    hunt.by(|file| (file.id, file.stem().to_owned()));
    hunt.by(|file| file.id);
    hunt.by(|file| file.stem().to_owned());
    if !hunt.gone.is_empty() && !hunt.new.is_empty() {
        hunt.by_signs(|file| Signs::of(repository, file))?;
    }
    let mut gone = hunt.gone;
    if !gone.is_empty() {
        let joined = joined(repository, net)?;
        gone.retain(|file| !joined.contains(&file.stem().to_lowercase()));
    }
    Ok(gone)
}

/// The ids that contacts which stay took over: those were joined to them (`tickler merge`), so nothing is removed.
fn joined(repository: &Repository, net: &Net) -> Result<HashSet<String>, Lost> {
    let mut joined = HashSet::new();
    for file in net.contacts.iter().filter(|file| !file.is_new) {
        let [_, ids, _] = Signs::of(repository, file)?.by_kind;
        joined.extend(ids.into_iter().filter(|id| *id != file.stem().to_lowercase()));
    }
    Ok(joined)
}

/// What is gone, and what is new and not yet found to be something that is gone. A new file stands for one alone.
struct Hunt {
    gone: Vec<File>,
    new: Vec<File>,
}

impl Hunt {
    /// Pairs what has the same key.
    fn by<K: Hash + Eq>(&mut self, key: impl Fn(&File) -> K) {
        let mut new: HashMap<K, Vec<File>> = HashMap::new();
        for file in self.new.drain(..) {
            new.entry(key(&file)).or_default().push(file);
        }
        self.gone.retain(|file| new.get_mut(&key(file)).and_then(Vec::pop).is_none());
        self.new = new.into_values().flatten().collect();
        self.new.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// Pairs what has a sign in common: the surest sign first.
    fn by_signs(&mut self, signs: impl Fn(&File) -> Result<Signs, Lost>) -> Result<(), Lost> {
        let new = self.new.iter().map(&signs).collect::<Result<Vec<_>, _>>()?;
        let gone = self.gone.iter().map(&signs).collect::<Result<Vec<_>, _>>()?;
        let mut free: BTreeSet<usize> = (0..new.len()).collect();
        let mut found = HashSet::new();
        for kind in 0..new.first().map_or(0, |signs| signs.by_kind.len()) {
            let mut by_sign: HashMap<&str, Vec<usize>> = HashMap::new();
            for (at, signs) in new.iter().enumerate() {
                signs.by_kind[kind].iter().for_each(|sign| by_sign.entry(sign).or_default().push(at));
            }
            for (at, signs) in
                gone.iter().enumerate().filter(|(at, _)| !found.contains(at)).collect::<Vec<_>>()
            {
                let mut candidates =
                    signs.by_kind[kind].iter().filter_map(|sign| by_sign.get(sign.as_str())).flatten();
                if let Some(it) = candidates.find(|it| free.contains(it) && !signs.contradict(&new[**it])) {
                    free.remove(it);
                    found.insert(at);
                }
            }
        }
        let mut at = 0;
        self.gone.retain(|_| {
            at += 1;
            !found.contains(&(at - 1))
        });
        Ok(())
    }
}

/// By what a contact is known under another name.
struct Signs {
    /// Its `uid`; its id, and those that it had before; its addresses and its name.
    by_kind: [Vec<String>; 3],
}

impl Signs {
    fn of(repository: &Repository, file: &File) -> Result<Signs, Lost> {
        let bytes = bytes_of(repository, file.id)?.unwrap_or_default();
        let text = file::decode(&bytes).unwrap_or_default();
        let head = file::parse(text, file.stem(), &Settings::default()).contact.head;
        let plain = |text: &String| text.trim().to_lowercase();
        let ids = head.aliases.iter().map(plain).chain([file.stem().to_lowercase()]).collect();
        let person = head.email.iter().chain(&head.name).map(plain).filter(|sign| !sign.is_empty()).collect();
        Ok(Signs { by_kind: [head.uid.into_iter().collect(), ids, person] })
    }

    /// Two people for sure.
    fn contradict(&self, other: &Signs) -> bool {
        let [uid, other] = [&self.by_kind[0], &other.by_kind[0]];
        !uid.is_empty() && !other.is_empty() && uid != other
    }
}

#[cfg(test)]
mod tests {
    use git2::Oid;

    use super::*;

    fn file(path: &str, content: u8) -> File {
        File { path: path.to_owned(), id: Oid::from_bytes(&[content; 20]).unwrap(), is_new: true }
    }

    fn left(gone: &[(&str, u8)], new: &[(&str, u8)]) -> Vec<String> {
        let files = |rows: &[(&str, u8)]| rows.iter().map(|(path, content)| file(path, *content)).collect();
        let mut hunt = Hunt { gone: files(gone), new: files(new) };
        hunt.by(|file| (file.id, file.stem().to_owned()));
        hunt.by(|file| file.id);
        hunt.by(|file| file.stem().to_owned());
        hunt.gone.into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn a_new_file_stands_for_one_that_is_gone() {
        assert_eq!(left(&[("contacts/a.md", 1)], &[]), ["contacts/a.md"]);
        assert!(left(&[("contacts/a.md", 1)], &[("contacts/x/a.md", 2)]).is_empty());
        assert!(left(&[("contacts/a.md", 1)], &[("contacts/b.md", 1)]).is_empty());
        assert_eq!(left(&[("contacts/a.md", 1)], &[("contacts/b.md", 2)]), ["contacts/a.md"]);
        // Ten empty files are not all of them the one that is new.
        let two = [("contacts/a.md", 1), ("contacts/b.md", 1)];
        assert_eq!(left(&two, &[("contacts/c.md", 1)]).len(), 1);
        assert_eq!(left(&two, &[("contacts/x/b.md", 1)]), ["contacts/a.md"]);
    }

    #[test]
    fn a_contact_is_known_by_its_surest_sign() {
        let signs = |uid: &str, ids: &[&str], person: &[&str]| -> Signs {
            let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            Signs {
                by_kind: [
                    own(&[uid]).into_iter().filter(|uid| !uid.is_empty()).collect(),
                    own(ids),
                    own(person),
                ],
            }
        };
        let left = |gone: Signs, new: Signs| {
            let mut hunt = Hunt { gone: vec![file("contacts/a.md", 1)], new: vec![file("contacts/b.md", 2)] };
            let both = [gone, new];
            let of = |file: &File| {
                let Signs { by_kind } = &both[usize::from(file.path == "contacts/b.md")];
                Ok(Signs { by_kind: by_kind.clone() })
            };
            hunt.by_signs(of).unwrap();
            hunt.gone.len()
        };
        assert_eq!(left(signs("u", &["a"], &[]), signs("u", &["b"], &[])), 0);
        assert_eq!(left(signs("", &["a"], &[]), signs("", &["b", "a"], &[])), 0);
        assert_eq!(left(signs("", &["a"], &["a@x"]), signs("v", &["b"], &["a@x"])), 0);
        assert_eq!(left(signs("u", &["a"], &["a@x"]), signs("v", &["b", "a"], &["a@x"])), 1);
        assert_eq!(left(signs("", &["a"], &[]), signs("", &["b"], &[])), 1);
    }
}
