//! Links that follow: what files say instead, once contacts have another id or lie in another folder.

use std::collections::{HashMap, HashSet};

use super::{Desk, Draft, Refusal};
use crate::contact::{Contact, LinkTarget, Value};
use crate::file::{edit, percent_decoded};
use crate::fold::fold;
use crate::notebook::{CONTACTS_DIR, Parts, Survey};

/// Folders beside `contacts`: a path that names one counts from the notebook's root, however deep its file lies, as
/// it does where links are read.
const BESIDE: [&str; 3] = ["files", "templates", "conflicts"];

/// One contact that is called another way, lies elsewhere, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Renaming {
    /// Its number in the survey.
    pub index: usize,
    /// Its id before and after.
    pub id: [String; 2],
    /// Its file before and after, from the notebook's root.
    pub file: [String; 2],
    /// No other file has the name that its file has until now.
    pub alone: bool,
}

/// Leads links to where contacts will be.
pub(super) struct Follow {
    renamings: Vec<Renaming>,
    /// File to file.
    files: HashMap<String, String>,
    /// What a wikilink says, as it is written, to what it will say.
    ids: HashMap<String, String>,
    /// The same, case and accents aside, where nobody else is called so.
    folded: HashMap<String, String>,
    /// Folded names of files to the new files, where the name is one file's alone.
    stems: HashMap<String, String>,
    /// Folded names of all files that move.
    wanted: HashSet<String>,
}

impl Follow {
    /// Of these contacts; `is_other` says whether a folded name is anybody else's too.
    pub fn new(renamings: Vec<Renaming>, is_other: impl Fn(&str) -> bool) -> Follow {
        let mut follow = Follow {
            renamings: Vec::new(),
            files: HashMap::new(),
            ids: HashMap::new(),
            folded: HashMap::new(),
            stems: HashMap::new(),
            wanted: HashSet::new(),
        };
        for renaming in &renamings {
            let ([old, new], [from, to]) = (&renaming.id, &renaming.file);
            let name = fold(stem(from)).into_owned();
            if from != to {
                follow.files.insert(from.clone(), to.clone());
            }
            follow.ids.insert(old.clone(), new.clone());
            let folded = fold(old).into_owned();
            if !is_other(&folded) {
                follow.folded.insert(folded, new.clone());
            }
            if renaming.alone {
                follow.stems.insert(name.clone(), to.clone());
                // A link may give the folder too, though it means nothing.
                let (from, to) = (below(from), below(to));
                if from.contains('/') {
                    follow.folded.entry(fold(from).into_owned()).or_insert_with(|| to.to_owned());
                }
            }
            follow.wanted.insert(name);
        }
        follow.renamings = renamings;
        follow
    }

    /// The others that mention one of them, changed to follow; and those whose files cannot be.
    pub fn others(&self, survey: &Survey<'_>, desk: &Desk<'_>) -> (Vec<Draft>, Vec<Refusal>) {
        let parts = Parts { links: true, ..Parts::HEAD };
        let found = survey.search(parts, |row, contact| {
            let moves = self.renamings.iter().any(|renaming| renaming.index == row.index);
            (!moves && !row.broken && self.is_mentioned(contact)).then_some(row.index)
        });
        let (mut drafts, mut refusals) = (Vec::new(), Vec::new());
        for index in found {
            match Draft::read(survey, index).and_then(|draft| self.followed(draft, desk)) {
                Ok(draft) if draft.is_changed() => drafts.push(draft),
                Ok(_) => {}
                Err(refusal) => refusals.push(refusal),
            }
        }
        (drafts, refusals)
    }

    fn is_mentioned(&self, contact: &Contact) -> bool {
        let links = contact.links.iter().filter_map(|link| match &link.target {
            LinkTarget::Contact(id) => Some(id.as_str()),
            LinkTarget::File(_) => None,
        });
        let last = |name: &str| fold(name.rsplit('/').next().unwrap_or(name).trim()).into_owned();
        links.chain(contact.head.referred_by.as_deref()).any(|name| self.wanted.contains(&last(name)))
    }

    /// The file with all that it says of them changed: its links, and who referred it.
    pub fn followed(&self, mut draft: Draft, desk: &Desk<'_>) -> Result<Draft, Refusal> {
        let file = draft.file().to_owned();
        draft.edit(desk.settings, |text| Ok(self.links(&file, text)))?;
        let referrer = draft.contact().head.referred_by.clone();
        if let Some(new) = referrer.as_deref().and_then(|name| self.referrer(name)) {
            let new = Value::Text(new);
            draft.edit(desk.settings, |text| edit::set(text, &["referred_by"], &new))?;
        }
        Ok(draft)
    }

    /// What a `referred_by` will say. A person's name stays one, though it may read like an id.
    fn referrer(&self, name: &str) -> Option<String> {
        let name = name.trim();
        let is_id =
            self.ids.contains_key(name) || !name.contains(|c: char| c.is_whitespace() || c.is_uppercase());
        if is_id { self.target(name) } else { None }
    }

    /// The text of `file` with all its links changed.
    pub fn links(&self, file: &str, text: &str) -> String {
        let text = edit::relink(text, &|id| self.target(id));
        self.paths(file, &text)
    }

    /// The text of `file` with the paths in its links changed; wikilinks stay.
    pub fn paths(&self, file: &str, text: &str) -> String {
        if !text.contains("](") && !text.contains("]:") {
            return text.to_owned();
        }
        let to = self.files.get(file).map_or(file, String::as_str);
        edit::redirect(text, &|destination| self.destination(file, to, destination))
    }

    /// What a wikilink will say.
    fn target(&self, id: &str) -> Option<String> {
        let new = self.ids.get(id).or_else(|| self.folded.get(&*fold(id)))?;
        (new != id).then(|| new.clone())
    }

    /// Where a Markdown link in `from`, which will be the file `to`, will lead.
    fn destination(&self, from: &str, to: &str, destination: &str) -> Option<String> {
        let (path, part) = destination.split_at(destination.find(['#', '?']).unwrap_or(destination.len()));
        if path.trim().is_empty() || path.starts_with('/') || path.contains(':') {
            return None;
        }
        let path_read = percent_decoded(path);
        let place = Place::of(folder(from), &path_read);
        let target = place.inside().and_then(|file| self.file(&file));
        if target.is_none() && folder(from) == folder(to) {
            return None;
        }
        let new = match target {
            Some(file) => Place::of("", &file).seen_from(folder(to)),
            None => place.seen_from(folder(to)),
        };
        let dot = if path.starts_with("./") && !new.starts_with("../") { "./" } else { "" };
        Some(format!("{dot}{}{part}", encoded(&new, path.contains('%'))))
    }

    /// The new file of the contact whose file a link names; its folder may be wrong, as long as the name is clear.
    fn file(&self, file: &str) -> Option<String> {
        if let Some(new) = self.files.get(file) {
            return Some(new.clone());
        }
        let is_contact =
            file.ends_with(".md") && !BESIDE.contains(&file.split('/').next().unwrap_or_default());
        is_contact.then(|| self.stems.get(&*fold(stem(file))).cloned())?
    }
}

/// How many others follow, at the end of a line.
pub(super) fn said(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => "; 1 contact that mentions them follows".to_owned(),
        n => format!("; {n} contacts that mention them follow"),
    }
}

/// A place in the notebook: folders and a name from its root, or so many folders above it.
#[derive(Debug, PartialEq)]
struct Place<'p> {
    above: usize,
    parts: Vec<&'p str>,
}

impl<'p> Place<'p> {
    /// Where `path` leads from that folder.
    fn of(folder: &'p str, path: &'p str) -> Place<'p> {
        let inside = path.trim_start_matches("../").trim_start_matches("./").trim_start_matches("../");
        let is_beside = inside.split('/').next().is_some_and(|first| BESIDE.contains(&first));
        let mut place = Place { above: 0, parts: Vec::new() };
        let start = if is_beside { "" } else { folder };
        let rest = if is_beside { inside } else { path };
        for part in start.split('/').chain(rest.split('/')) {
            match part {
                "" | "." => {}
                ".." if place.parts.pop().is_none() => place.above += 1,
                ".." => {}
                part => place.parts.push(part),
            }
        }
        place
    }

    /// The file, from the notebook's root; none where it lies outside.
    fn inside(&self) -> Option<String> {
        (self.above == 0).then(|| self.parts.join("/"))
    }

    /// The path that leads there from a folder of the notebook.
    fn seen_from(&self, folder: &str) -> String {
        let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        let same = if self.above > 0 {
            0
        } else {
            folder.iter().zip(&self.parts).take_while(|(one, other)| one == other).count()
        };
        let up = "../".repeat(folder.len() - same + self.above);
        format!("{up}{}", self.parts[same..].join("/"))
    }
}

/// A path as a link writes it: what would be read as something else is put as its code, blanks where the link did so.
fn encoded(path: &str, blanks: bool) -> String {
    let path = path.replace('%', "%25").replace('#', "%23").replace('?', "%3F");
    if blanks { path.replace(' ', "%20") } else { path }
}

fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file's name without `.md`.
pub(super) fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

/// `contacts/acme/jane.md` as `acme/jane`.
fn below(file: &str) -> &str {
    let path = file.strip_prefix(CONTACTS_DIR).and_then(|path| path.strip_prefix('/')).unwrap_or(file);
    path.strip_suffix(".md").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow() -> Follow {
        let jane = Renaming {
            index: 0,
            id: ["jane-doe", "jane-lee"].map(str::to_owned),
            file: ["contacts/jane-doe.md", "contacts/acme/jane-lee.md"].map(str::to_owned),
            alone: true,
        };
        Follow::new(vec![jane], |name| name == "bob")
    }

    #[test]
    fn links_of_others_follow() {
        for (before, after) in [
            ("[[jane-doe]]", "[[jane-lee]]"),
            ("[[Jane-Doé|Jane]] [[jane-doe.md#x]]", "[[jane-lee|Jane]] [[jane-lee.md#x]]"),
            ("`[[jane-doe]]` [[jane]] [[bob]]", "`[[jane-doe]]` [[jane]] [[bob]]"),
            ("[x](jane-doe.md)", "[x](acme/jane-lee.md)"),
            ("[x](./jane-doe.md#a)", "[x](./acme/jane-lee.md#a)"),
            ("[x](wrong/jane-doe.md)", "[x](acme/jane-lee.md)"),
            (
                "[x](../files/jane-doe.md) [y](http://x.example/jane-doe.md)",
                "[x](../files/jane-doe.md) [y](http://x.example/jane-doe.md)",
            ),
            ("[x][r]\n\n[r]: jane-doe.md\n", "[x][r]\n\n[r]: acme/jane-lee.md\n"),
        ] {
            assert_eq!(follow().links("contacts/bob.md", before), after, "{before}");
        }
    }

    #[test]
    fn its_own_links_still_lead_there() {
        for (before, after) in [
            ("[[jane-doe]] [me](jane-doe.md)", "[[jane-lee]] [me](jane-lee.md)"),
            ("[s](../files/a%20b.pdf)", "[s](../../files/a%20b.pdf)"),
            ("[s](<../files/a b.pdf>)", "[s](<../../files/a b.pdf>)"),
            ("[b](bob.md) ![p](photo.png)", "[b](../bob.md) ![p](../photo.png)"),
            ("[a](acme/ann.md) [o](../../out.txt) [t](#top)", "[a](ann.md) [o](../../../out.txt) [t](#top)"),
            (
                "<mailto:jane@x.example> [w](https://x.example/a/../b)",
                "<mailto:jane@x.example> [w](https://x.example/a/../b)",
            ),
        ] {
            assert_eq!(follow().links("contacts/jane-doe.md", before), after, "{before}");
        }
    }
}
