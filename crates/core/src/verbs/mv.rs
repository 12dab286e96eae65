//! `mv`: a contact gets another id, or lies in another folder, and all links to it follow.

#[cfg(test)]
mod tests;

use super::follow::{self, Follow, Renaming, stem};
use super::{Caution, Desk, Draft, Planned, Refusal, name};
use crate::file::edit;
use crate::fold::fold;
use crate::notebook::{CONTACTS_DIR, Change, Deed, Parts, Survey, letter};

/// Where a contact is to be, as typed: `jane-lee`, `acme/jane-lee`, `acme/`.
struct Goal {
    /// The folder below `contacts`; none where it was not said.
    folder: Option<String>,
    id: String,
}

/// Moves the contact of that number to `new`: an id, or a folder and an id. What others say of it follows.
///
/// # Errors
/// Where `new` makes no file name, is somebody else's or the same, or the file is broken.
pub fn mv(survey: &Survey<'_>, index: usize, new: &str, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let renaming = renaming(survey, index, new)?;
    let [from, to] = renaming.file.clone();
    let [old, id] = renaming.id.clone();
    let mut draft = Draft::read(survey, index)?;
    let name = draft.contact().name.clone();
    let mut renamings = freed_by(survey, &renaming);
    renamings.push(renaming);
    let others = folded_names(survey, &[index]);
    let follow = Follow::new(renamings, |name| others.contains(name));
    let before = draft.text().to_owned();
    draft = follow.followed(draft, desk)?;
    rename_aliases(&mut draft, &old, &id, desk)?;
    let (drafts, refusals) = follow.others(survey, desk);
    let mut cautions: Vec<Caution> = refusals.into_iter().map(|r| Caution::Other(r.message)).collect();
    cautions.extend(broken_mentions(survey, index, stem(&from)));
    let followed = follow::said(drafts.len());
    let mut changes = vec![Change::remove(from, before), Change::add(to.clone(), draft.text())];
    changes.extend(drafts.into_iter().map(Draft::into_change));
    let subject = if old == id { format!("mv {name}: to {to}") } else { format!("mv {name}: {old} to {id}") };
    Ok(Planned {
        deed: Deed { verb: "mv".to_owned(), subject, undoes: Vec::new(), changes },
        said: format!("{name} is {to}{followed}"),
        cautions,
        contact: None,
    })
}

impl Goal {
    fn read(typed: &str, stem: &str) -> Result<Goal, Refusal> {
        let typed = typed.trim();
        let path = typed.strip_suffix(".md").unwrap_or(typed);
        let (path, is_whole) = match path.strip_prefix(CONTACTS_DIR).and_then(|rest| rest.strip_prefix('/')) {
            Some(rest) => (rest, true),
            None => (path, false),
        };
        let (folder, id) = match path.rsplit_once('/') {
            Some((folder, "")) => (Some(folder), stem),
            Some((folder, id)) => (Some(folder), id),
            None if is_whole && path.is_empty() => (Some(""), stem),
            None => (is_whole.then_some(""), path),
        };
        let parts =
            folder.filter(|folder| !folder.is_empty()).into_iter().flat_map(|folder| folder.split('/'));
        for part in parts.chain([id]) {
            if let Some(why) = name::unfit(part) {
                let refusal = Refusal::usage(format!("\"{part}\" makes no file name: {why}"));
                return Err(
                    refusal.hint("name an id such as `jane-lee`, or a folder and an id: `acme/jane-lee`")
                );
            }
        }
        Ok(Goal { folder: folder.map(str::to_owned), id: id.to_owned() })
    }
}

fn renaming(survey: &Survey<'_>, index: usize, new: &str) -> Result<Renaming, Refusal> {
    let from = survey.path(index);
    let old_stem = stem(&from).to_owned();
    let goal = Goal::read(new, &old_stem)?;
    let namesakes = survey.namesakes(index);
    if goal.id != old_stem
        && let Some((other, is_alias)) = holder(survey, index, &goal.id)
    {
        let what = if is_alias { "an earlier id" } else { "the id" };
        return Err(Refusal::no(format!("\"{}\" is {what} of {other}", goal.id)).hint("take another id"));
    }
    let folder = goal.folder.unwrap_or_else(|| match from.rsplit_once('/') {
        Some(_) if survey.is_in_letter(index) => letter(&goal.id),
        Some((folder, _)) => {
            folder.strip_prefix(CONTACTS_DIR).unwrap_or(folder).trim_start_matches('/').to_owned()
        }
        None => String::new(),
    });
    let path = if folder.is_empty() { goal.id.clone() } else { format!("{folder}/{}", goal.id) };
    let to = format!("{CONTACTS_DIR}/{path}.md");
    if to == from {
        return Err(Refusal::no(format!("it is \"{to}\" already")).hint("name another id, or another folder"));
    }
    // Where another file keeps the name, the id is still the path.
    let is_shared = goal.id == old_stem && !namesakes.is_empty();
    let id = if is_shared { path } else { goal.id };
    Ok(Renaming {
        index,
        id: [survey.id(index).into_owned(), id],
        file: [from, to],
        alone: namesakes.is_empty(),
    })
}

/// Who else has an id, case and accents aside: by its file's name, or as an earlier one.
fn holder(survey: &Survey<'_>, index: usize, id: &str) -> Option<(String, bool)> {
    let wanted = fold(id).into_owned();
    let found = survey.search(Parts::HEAD, |row, contact| {
        let stem = row.id.rsplit('/').next().unwrap_or(&row.id);
        let is_id = *fold(stem) == wanted;
        let is_alias = || contact.head.aliases.iter().any(|alias| *fold(alias) == wanted);
        (row.index != index && (is_id || is_alias())).then(|| (row.id.to_string(), !is_id))
    });
    found.into_iter().next()
}

/// Every name of all but these, folded.
pub(super) fn folded_names(survey: &Survey<'_>, but: &[usize]) -> std::collections::HashSet<String> {
    let names = survey.search(Parts::HEAD, |row, contact| {
        let aliases = contact.head.aliases.iter().map(|alias| fold(alias).into_owned());
        let names = aliases.chain([fold(&row.id).into_owned()]).collect::<Vec<_>>();
        (!but.contains(&row.index)).then_some(names)
    });
    names.into_iter().flatten().collect()
}

/// The one whose file alone has a name, once the contact of that number is gone: its id is no path any more.
pub(super) fn freed(survey: &Survey<'_>, index: usize) -> Vec<Renaming> {
    let [other] = survey.namesakes(index)[..] else { return Vec::new() };
    let (id, file) = (survey.id(other).into_owned(), survey.path(other));
    if !id.contains('/') {
        return Vec::new();
    }
    let stem = survey.file_stem(other);
    vec![Renaming { index: other, id: [id, stem], file: [file.clone(), file], alone: false }]
}

fn freed_by(survey: &Survey<'_>, renaming: &Renaming) -> Vec<Renaming> {
    let [from, to] = &renaming.file;
    if stem(from) == stem(to) { Vec::new() } else { freed(survey, renaming.index) }
}

/// The old id becomes an alias; the new one is none any more.
pub(super) fn rename_aliases(
    draft: &mut Draft,
    old: &str,
    new: &str,
    desk: &Desk<'_>,
) -> Result<(), Refusal> {
    let aliases = draft.contact().head.aliases.clone();
    let gone: Vec<String> = aliases.into_iter().filter(|alias| fold(alias) == fold(new)).collect();
    if fold(old) != fold(new) {
        draft.edit(desk.settings, |text| edit::add_items(text, &["aliases"], &[old.to_owned()]))?;
    }
    if !gone.is_empty() {
        draft.edit(desk.settings, |text| edit::remove_items(text, &["aliases"], &gone))?;
    }
    Ok(())
}

/// Broken files that seem to mention the old name; they are never rewritten (format, section 8).
pub(super) fn broken_mentions(survey: &Survey<'_>, index: usize, old: &str) -> Vec<Caution> {
    let signs = [format!("[[{old}"), format!("{old}.md"), format!("\"{old}\"")];
    let mentions = |other: &usize| {
        let text = survey.text(*other).unwrap_or_default();
        *other != index && signs.iter().any(|sign| text.contains(sign))
    };
    let say = |other| {
        Caution::Other(format!("\"{}\" is broken and left as it is; it mentions {old}", survey.path(other)))
    };
    survey.broken().filter(mentions).map(say).collect()
}
