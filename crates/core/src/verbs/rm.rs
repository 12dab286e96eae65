//! `rm`: a contact goes.

use super::follow::{Follow, Renaming};
use super::{Caution, Desk, Planned, Refusal, mv};
use crate::notebook::{Change, Deed, Parts, Survey};
use crate::ties::Tie;

/// Removes the contact's file, broken or not; says who mentions it.
///
/// # Errors
/// Where the file cannot be read as text, so that its removal could not be taken back.
pub fn rm(survey: &Survey<'_>, index: usize, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let file = survey.path(index);
    let Some(text) = survey.text(index) else {
        return Err(Refusal::notebook(format!("\"{file}\" cannot be read as text, so it is left as it is"))
            .hint("remove it yourself; git has it if it was ever committed"));
    };
    let contact = survey.contact(index, Parts::ALL);
    let name = contact.name.clone();
    let mut changes = vec![Change::remove(file.clone(), text)];
    let mut cautions = Vec::new();
    let tied = |tie: Tie| {
        let all = survey.neighbours(&contact);
        all.into_iter()
            .filter(move |other| other.ties.contains(&tie))
            .map(|other| other.id)
            .collect::<Vec<_>>()
    };
    for (tie, what) in [(Tie::LinkedFrom, "links to them"), (Tie::Referred, "was referred by them")] {
        let ids = tied(tie);
        if !ids.is_empty() {
            cautions.push(Caution::Other(format!("who {what}: {}", ids.join(", "))));
        }
    }
    // Where two files had the name, the one that stays goes by its name alone from now on.
    let freed: Vec<Renaming> = mv::freed(survey, index);
    if !freed.is_empty() {
        let (drafts, refusals) = Follow::new(freed, |_| false).others(survey, desk);
        let left = |refusal: Refusal| Caution::Other(refusal.message);
        cautions.extend(refusals.into_iter().map(left));
        changes
            .extend(drafts.into_iter().filter(|draft| draft.file() != file).map(super::Draft::into_change));
    }
    Ok(Planned {
        deed: Deed { verb: "rm".to_owned(), subject: format!("rm {name}"), undoes: Vec::new(), changes },
        said: format!("{name} is removed ({file}); `tickler undo` brings them back"),
        cautions,
        contact: None,
    })
}
