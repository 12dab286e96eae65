//! Before a push: what may not come in is refused, with lines that say why, and nothing of it stays.

use std::io::stdin;
use std::path::Path;

use git2::{Oid, Repository};

use super::Push;
use super::arrived::Arrived;
use super::complaints::Complaints;
use super::difference::{Lost, Walk};
use super::net::Net;
use super::pushed::{self, Pushed};
use super::{commits, contacts, refs, rights};
use crate::people::{Action, may};
use crate::record::{self, Entry, Event};
use crate::settings::{Limits, Settings};

/// Looks at a push that git holds in quarantine, and notes it in the record once nothing speaks against it.
///
/// # Errors
/// Where it is refused, in lines for the pusher.
pub fn run(push: &Push, quarantine: Option<&Path>) -> Result<(), String> {
    let all = pushed::read(stdin().lock()).map_err(|error| format!("the push cannot be read: {error}"))?;
    let limits =
        Settings::load(&push.data).map_err(|_| "the server's settings cannot be read; tell its admin")?;
    let complaints = look(push, quarantine, &limits.limits, &all).map_err(|lost| lost.to_string())?;
    if !complaints.is_empty() {
        return Err(complaints.to_string());
    }
    let entries: Vec<Entry<'_>> = all.iter().map(|pushed| entry(push, pushed)).collect();
    record::append(&push.data, &entries).map_err(|error| {
        let says = tickler_core::git::disk_says(&error);
        format!("the server cannot note the push, and so takes none: {says}")
    })
}

/// Each room looks only where those before it found nothing, so that what is read is safe to read.
fn look(push: &Push, quarantine: Option<&Path>, limits: &Limits, all: &[Pushed]) -> Result<Complaints, Lost> {
    let mut complaints = Complaints::default();
    if !may(Some(push.role), Action::Write) {
        complaints.add("you may read this notebook, and not write to it; ask an admin");
        return Ok(complaints);
    }
    // git has compared every id with its bytes already.
    git2::opts::strict_hash_verification(false);
    let repository = Repository::open_bare(push.data.repository(&push.notebook))?;
    if let Some(quarantine) = quarantine {
        repository.odb()?.add_disk_alternate(&quarantine.to_string_lossy())?;
    }
    refs::check(&repository, push, all, &mut complaints)?;
    if !complaints.is_empty() {
        return Ok(complaints);
    }
    let arrived = match quarantine {
        Some(quarantine) => Arrived::look(quarantine, &mut complaints)?,
        None => Arrived::default(),
    };
    if !complaints.is_empty() {
        return Ok(complaints);
    }
    let mut walk = Walk::new(&repository);
    for pushed in all {
        let Some(new) = &pushed.new else { continue };
        let new = Oid::from_str(new)?;
        commits::check(&repository, new, (&arrived, limits), &mut walk, &mut complaints)?;
        if !complaints.is_empty() {
            break;
        }
        let net = Net::look(&repository, pushed, new, &mut walk, &mut complaints)?;
        contacts::check(&repository, &net, &mut complaints)?;
        rights::check(&repository, &net, push.role, &mut complaints)?;
    }
    Ok(complaints)
}

fn entry<'e>(push: &'e Push, pushed: &'e Pushed) -> Entry<'e> {
    Entry {
        event: Event::Accepted,
        user: &push.user,
        token: Some(&push.token),
        notebook: &push.notebook,
        reference: &pushed.name,
        old: pushed.old.as_deref(),
        new: pushed.new.as_deref(),
    }
}
