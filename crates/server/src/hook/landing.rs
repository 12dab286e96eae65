//! Work that waits in `refs/sync/USER/DEVICE` lands on the branch, and the ref goes.

use tickler_core::git::{GitError, Person, Store};
use tickler_core::sync::{Landed, Landing, land};

use super::pushed::{Place, Pushed};
use crate::data::Data;
use crate::failure::Failure;
use crate::figures::{self, Told};
use crate::names::{NotebookName, UserName};
use crate::people::Users;
use crate::record::{self, Entry, Event};

/// The branch of a notebook.
pub const BRANCH: &str = "refs/heads/main";
/// Where mail for those without an address goes (RFC 2606): git wants one of everybody.
const NOWHERE: &str = "tickler.invalid";

/// Lets one ref's commit land, with the token that it was pushed with, where that is known.
///
/// # Errors
/// What git says; the ref stays then.
pub fn land_one(
    data: &Data,
    notebook: &NotebookName,
    name: &str,
    commit: &str,
    token: Option<&str>,
) -> Result<Landed, Failure> {
    let store = Store::bare(&data.repository(notebook))?;
    let pushed = Pushed { old: None, new: None, name: name.to_owned() };
    let Place::Sync(user, _) = pushed.place() else {
        return Err(Failure::no(format!("\"{name}\" is not for merging")));
    };
    let author = person(data, &user);
    let message = format!("sync: merge the work of {user}\n\nVia: sync\n");
    let committer = server();
    let landing =
        Landing { branch: BRANCH, commit, author: &author, committer: &committer, message: &message };
    let landed = land(&store, &landing)?;
    note_landed(data, notebook, (&user, token), landed.from.as_deref(), &landed.to);
    figures::tell(data, Told::Landed);
    if !landed.notes.is_empty() {
        figures::tell(data, Told::Noted);
    }
    match store.forget(name, commit) {
        // Somebody sent more meanwhile; that lands by itself.
        Ok(()) | Err(GitError::Moved) => Ok(landed),
        Err(error) => Err(error.into()),
    }
}

/// Notes in the record where the branch is now. That it was accepted stands there already, so where this cannot be
/// written nothing is undone.
pub fn note_landed(
    data: &Data,
    notebook: &NotebookName,
    (user, token): (&UserName, Option<&str>),
    old: Option<&str>,
    new: &str,
) {
    let entry = Entry { event: Event::Landed, user, token, notebook, reference: BRANCH, old, new: Some(new) };
    if let Err(error) = record::append(data, &[entry]) {
        tracing::error!(%error, "the record of pushes cannot be written");
    }
}

/// Lets all that waits in a notebook land. Gives how much did.
///
/// # Errors
/// What git says of the first that did not.
pub fn land_waiting(data: &Data, notebook: &NotebookName) -> Result<usize, Failure> {
    let waiting = Store::bare(&data.repository(notebook))?.references("refs/sync/")?;
    let mut count = 0;
    for (name, commit) in waiting.iter().filter(|(name, _)| !name.ends_with("/here")) {
        land_one(data, notebook, name, commit, None)?;
        count += 1;
    }
    Ok(count)
}

/// A user as commits have them.
fn person(data: &Data, user: &UserName) -> Person {
    let users = Users::load(data).ok();
    named(user, users.as_ref().and_then(|users| users.get(user)).map(|user| user.email.as_str()))
}

/// A user with that address as commits have them.
pub fn named(user: &UserName, email: Option<&str>) -> Person {
    let email = email.filter(|email| !email.is_empty()).map(str::to_owned);
    Person { name: user.to_string(), email: email.unwrap_or_else(|| format!("{user}@{NOWHERE}")) }
}

/// The server as commits have it.
pub fn server() -> Person {
    Person { name: "tickler-server".to_owned(), email: format!("server@{NOWHERE}") }
}
