//! `merge`: two contacts that are one person become one file, and all links lead there.

mod level;
#[cfg(test)]
mod tests;

use super::follow::{self, Follow, Renaming, stem};
use super::{Caution, Desk, Draft, Planned, Refusal, mv};
use crate::contact::Value;
use crate::file::edit;
use crate::likeness::{self, NOT_SAME};
use crate::merge::{self, Note};
use crate::notebook::{Change, Deed, Parts, Survey};
use crate::settings::{Settings, StageGroup};
use crate::ties::is_named;

/// Joins the contact of number `from` to that of number `into`, whose word stands where the two say different things,
/// with the other's under `[[conflict]]` (format, section 2). A stopped stage stands whoever has it. The file of `from`
/// goes, its id becomes an alias, and what others say of it follows.
///
/// # Errors
/// Where both are one, or one of the files is broken.
pub fn join(survey: &Survey<'_>, into: usize, from: usize, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    if into == from {
        return Err(Refusal::no(format!("both are {}", survey.id(into))).hint("name two contacts"));
    }
    let stays = Draft::read(survey, into)?;
    let goes = Draft::read(survey, from)?;
    let (file, gone) = (stays.file().to_owned(), goes.file().to_owned());
    let (name, other) = (stays.contact().name.clone(), goes.contact().name.clone());
    let before = goes.text().to_owned();
    let named = has_name(&stays).then(|| name.clone());
    let mut cautions: Vec<Caution> = stopped(&stays, &goes, desk.settings).into_iter().collect();

    let renamings = renamings(survey, into, from);
    let [old, id] = renamings.last().map(|renaming| renaming.id.clone()).unwrap_or_default();
    let others = mv::folded_names(survey, &[into, from]);
    let follow = Follow::new(renamings, |name| others.contains(name));
    let (mut stays, mut goes) = level::level(stays, goes, desk)?;
    stays = follow.followed(stays, desk)?;
    goes = follow.followed(goes, desk)?;

    let Some(joined) = merge::onto(stays.text(), goes.text(), desk.settings) else {
        let refusal = Refusal::notebook(format!("\"{file}\" and \"{gone}\" cannot be joined"));
        return Err(
            refusal.hint("nothing was changed; join them in an editor, and remove the one that is left")
        );
    };
    stays.edit(desk.settings, |_| Ok(joined.text))?;
    mv::rename_aliases(&mut stays, &old, &id, desk)?;
    if let Some(name) = named.filter(|name| *name != stays.contact().name) {
        stays.edit(desk.settings, |text| edit::set(text, &["name"], &Value::Text(name)))?;
    }

    cautions.extend(joined.notes.iter().map(|note| said_of(note, &id)));
    let (mut drafts, mut refusals) = follow.others(survey, desk);
    drafts.retain(|draft| draft.file() != file);
    refusals.retain(|refusal| refusal.problem.as_ref().is_none_or(|problem| problem.0 != file));
    cautions.extend(refusals.into_iter().map(|refusal| Caution::Other(refusal.message)));
    cautions.extend(mv::broken_mentions(survey, from, stem(&gone)));

    let followed = follow::said(drafts.len());
    let said = format!("{other} ({old}) is one with {name} ({id}) now{followed}");
    let contact = stays.contact().clone();
    let mut changes = vec![stays.into_change(), Change::remove(gone, before)];
    changes.extend(drafts.into_iter().map(Draft::into_change));
    let subject = format!("merge {name}: {old} into {id}");
    Ok(Planned {
        deed: Deed { verb: "merge".to_owned(), subject, undoes: Vec::new(), changes },
        said,
        cautions,
        contact: Some(contact),
    })
}

/// Marks two contacts as not the same, though they look alike, so that `dupes` passes over them: `not_same_as` of the
/// first names the other.
///
/// # Errors
/// Where both are one, or the first one's file is broken.
pub fn not_same(survey: &Survey<'_>, one: usize, other: usize, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    if one == other {
        return Err(Refusal::no(format!("both are {}", survey.id(one))).hint("name two contacts"));
    }
    let mut draft = Draft::read(survey, one)?;
    let id = survey.id(other).into_owned();
    let there = survey.contact(other, Parts::HEAD);
    if !likeness::not_same(draft.contact()).iter().any(|known| is_named(&there, known)) {
        draft.edit(desk.settings, |text| edit::add_items(text, &[NOT_SAME], std::slice::from_ref(&id)))?;
    }
    let name = draft.contact().name.clone();
    let said = format!("{name} ({}) is not {} ({id})", draft.contact().id, there.name);
    // What comes next with them is another matter.
    Ok(Planned {
        contact: None,
        ..Planned::of(draft, "dupes", format!("dupes {name}: not the same as {id}"), said)
    })
}

/// What is called otherwise afterwards: first a namesake of the one that goes, whose id is no path any more, last the
/// one that goes itself.
fn renamings(survey: &Survey<'_>, into: usize, from: usize) -> Vec<Renaming> {
    let mut renamings = mv::freed(survey, from);
    let freed = renamings.iter().find(|renaming| renaming.index == into);
    let id = freed.map_or_else(|| survey.id(into).into_owned(), |renaming| renaming.id[1].clone());
    renamings.push(Renaming {
        index: from,
        id: [survey.id(from).into_owned(), id],
        file: [survey.path(from), survey.path(into)],
        alone: survey.namesakes(from).is_empty(),
    });
    renamings
}

/// Whether the contact has a name of its own, and not only its file's.
fn has_name(draft: &Draft) -> bool {
    let contact = draft.contact();
    contact.head.name.is_some() || contact.name != stem(draft.file()).replace(['-', '_'], " ")
}

/// Says so where only one of the two asked us to stop.
fn stopped(stays: &Draft, goes: &Draft, settings: &Settings) -> Option<Caution> {
    let [one, other] = [stays, goes].map(|draft| is_stopped(draft, settings));
    let who = &(if one { stays } else { goes }).contact().id;
    (one != other).then(|| Caution::Other(format!("{who} asked us to stop, so that holds for both")))
}

fn is_stopped(draft: &Draft, settings: &Settings) -> bool {
    let stage = settings.stage_of(draft.contact().head.stage.as_deref());
    settings.stages.group(stage) == StageGroup::Stopped
}

/// What somebody should look at, with the way to settle it.
fn said_of(note: &Note, id: &str) -> Caution {
    Caution::Other(match note {
        Note::Value { key, kept, other } => format!(
            "{key}: \"{kept}\" stands, \"{other}\" is under [[conflict]]; keep what is right with `tickler edit {id}`"
        ),
        Note::Prose { line } => format!("two versions of the text stand, the other as a quote: {line}"),
        Note::Entry { line } => format!("two versions of an entry stand in the log: {line}"),
        Note::Apart { why } => why.clone(),
    })
}
