//! Which refs may move, and how: the branch forward, and the places for one's own work that is to be merged.

use git2::{Oid, Repository};

use super::complaints::{Complaints, shown};
use super::pushed::{Place, Pushed};
use super::{BRANCH, Push};
use crate::people::{Action, Role, may};

/// The most refs of one push. A client moves the branch, or one place of its own.
const MOST: usize = 16;

/// Checks what is to move, and where to.
///
/// # Errors
/// What libgit2 says.
pub fn check(
    repository: &Repository,
    push: &Push,
    all: &[Pushed],
    complaints: &mut Complaints,
) -> Result<(), git2::Error> {
    if all.len() > MOST {
        complaints.add(format!("a push of {} refs; push the branch alone: git push origin main", all.len()));
        return Ok(());
    }
    let branch = tip(repository)?;
    for pushed in all {
        let wrong = match misplaced(push, pushed) {
            Some(wrong) => Some(wrong),
            None => moved_wrongly(repository, push.role, branch, pushed)?.map(str::to_owned),
        };
        if let Some(wrong) = wrong {
            complaints.add(format!("{}: {wrong}", shown(pushed.name.as_bytes())));
        }
    }
    Ok(())
}

/// Where the branch is at this moment.
///
/// # Errors
/// What libgit2 says.
pub fn tip(repository: &Repository) -> Result<Option<Oid>, git2::Error> {
    match repository.refname_to_id(BRANCH) {
        Ok(id) => Ok(Some(id)),
        Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why nobody, or not this user, pushes to such a ref.
fn misplaced(push: &Push, pushed: &Pushed) -> Option<String> {
    let own = &push.user;
    match pushed.place() {
        Place::Other if pushed.name == format!("refs/sync/{own}/here") => {
            Some("nobody pushes there; it shows the place of work that is to be merged".to_owned())
        }
        Place::Other => {
            Some("a notebook has the branch \"main\" alone; push that: git push origin main".to_owned())
        }
        Place::Sync(user, _) if user != *own => {
            Some(format!("that is for the work of \"{user}\" alone; yours goes to refs/sync/{own}/"))
        }
        Place::Branch if pushed.new.is_none() => Some("the branch cannot be deleted".to_owned()),
        Place::Sync(..) if pushed.new.is_none() => {
            Some("it cannot be deleted; it goes when the work is merged".to_owned())
        }
        Place::Branch | Place::Sync(..) => None,
    }
}

fn moved_wrongly(
    repository: &Repository,
    role: Role,
    branch: Option<Oid>,
    pushed: &Pushed,
) -> Result<Option<&'static str>, git2::Error> {
    let Some(new) = &pushed.new else { return Ok(None) };
    let new = Oid::from_str(new)?;
    if repository.find_commit(new).is_err() {
        return Ok(Some("that is no commit"));
    }
    // What the pusher takes for the old place is compared by git when it moves the ref; a wrong one moves nothing.
    if let Some(old) = pushed.old.as_deref().map(Oid::from_str).transpose()?
        && repository.find_commit(old).is_ok()
        && old != new
        && !repository.graph_descendant_of(new, old)?
    {
        return Ok(Some(
            "this would undo commits that are there; fetch and merge them, and push without --force",
        ));
    }
    match branch {
        None if !may(Some(role), Action::ChangeSettings) => {
            Ok(Some("the notebook is empty, and only an admin pushes its beginning; ask one"))
        }
        None => Ok(None),
        Some(tip) if tip == new => Ok(None),
        Some(tip) => match repository.merge_base(tip, new) {
            Ok(_) => Ok(None),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(Some(
                "it has no history in common with the notebook; clone that, and copy your files over",
            )),
            Err(error) => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::Data;
    use crate::names::{NotebookName, UserName};

    #[test]
    fn places() {
        let folder = std::env::temp_dir().join(format!("tickler-refs-{}", std::process::id()));
        let data = Data::create(Path::new(&folder), "").unwrap();
        let push = Push {
            data,
            notebook: NotebookName::new("main").unwrap(),
            user: UserName::new("ann").unwrap(),
            role: Role::Editor,
            token: "t".to_owned(),
        };
        for (name, is_deletion, said) in [
            ("refs/heads/main", false, None),
            ("refs/sync/ann/laptop", false, None),
            ("refs/heads/main", true, Some("cannot be deleted")),
            ("refs/sync/ann/laptop", true, Some("cannot be deleted")),
            ("refs/sync/ann/here", false, Some("nobody pushes there")),
            ("refs/sync/bob/laptop", false, Some("of \"bob\" alone; yours goes to refs/sync/ann/")),
            ("refs/sync/bob/here", false, Some("branch \"main\" alone")),
            ("refs/sync/ann", false, Some("branch \"main\" alone")),
            ("refs/sync/ann/a/b", false, Some("branch \"main\" alone")),
            ("refs/sync/ann/-a", false, Some("branch \"main\" alone")),
            ("refs/sync/ann/Laptop", false, Some("branch \"main\" alone")),
            ("refs/sync/../heads/main", false, Some("branch \"main\" alone")),
            ("refs/heads/main2", false, Some("branch \"main\" alone")),
            ("refs/heads/--upload-pack=x", false, Some("branch \"main\" alone")),
            ("refs/tags/v1", false, Some("branch \"main\" alone")),
            ("refs/notes/commits", true, Some("branch \"main\" alone")),
            ("refs/replace/da39a3ee5e6b4b0d3255bfef95601890afd80709", false, Some("branch \"main\" alone")),
            ("HEAD", false, Some("branch \"main\" alone")),
        ] {
            let new = (!is_deletion).then(|| "1".repeat(40));
            let wrong = misplaced(&push, &Pushed { old: None, new, name: name.to_owned() });
            match (said, &wrong) {
                (None, None) => {}
                (Some(said), Some(wrong)) => assert!(wrong.contains(said), "{name}: {wrong}"),
                _ => panic!("{name}: {wrong:?}"),
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
