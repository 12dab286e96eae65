//! The secret addresses of calendar feeds: 256 random bits a user and notebook, of which only a hash is kept.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::{Action, Role, Secret, User, Users, Visitor, may};
use crate::data::Data;
use crate::failure::Failure;
use crate::names::{NotebookName, UserName};

/// A calendar's address as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Whose follow-ups it shows.
    pub notebook: NotebookName,
    /// SHA-256 of the secret, in hexadecimal digits.
    pub sha256: String,
    /// The day it was made.
    pub created: String,
}

/// Gives a user's calendar of a notebook a new secret address, which ends the one before. `created` is today.
///
/// # Errors
/// Where there is no such user, they may not read the notebook, or the disk says no.
pub fn renew_calendar(
    data: &Data,
    user: &UserName,
    notebook: &NotebookName,
    created: &str,
) -> Result<Secret, Failure> {
    let secret =
        Secret::random().map_err(|error| Failure::new(format!("the system has no random bits: {error}")))?;
    let calendar = Calendar {
        notebook: notebook.clone(),
        sha256: hash(&secret.to_string()),
        created: created.to_owned(),
    };
    change(data, user, |user| {
        if !may(user.roles.get(notebook).copied(), Action::Read) {
            return Err(Failure::no(format!("\"{}\" has no role in \"{notebook}\"", user.name)));
        }
        user.calendars.retain(|one| one.notebook != *notebook);
        user.calendars.push(calendar);
        Ok(())
    })?;
    Ok(secret)
}

/// Ends the address of a user's calendar of a notebook. Gives whether there was one.
///
/// # Errors
/// Where there is no such user, or the disk says no.
pub fn end_calendar(data: &Data, user: &UserName, notebook: &NotebookName) -> Result<bool, Failure> {
    change(data, user, |user| {
        let before = user.calendars.len();
        user.calendars.retain(|one| one.notebook != *notebook);
        Ok(user.calendars.len() < before)
    })
}

fn change<T>(
    data: &Data,
    name: &UserName,
    change: impl FnOnce(&mut User) -> Result<T, Failure>,
) -> Result<T, Failure> {
    Users::change(data, |users| {
        let user = users.get_mut(name).ok_or_else(|| Failure::no(format!("there is no user \"{name}\"")))?;
        change(user)
    })
}

impl User {
    /// Their calendar of a notebook, where it has an address.
    pub fn calendar(&self, notebook: &NotebookName) -> Option<&Calendar> {
        self.calendars.iter().find(|one| one.notebook == *notebook)
    }
}

impl Users {
    /// Whose calendar of that notebook has this secret, where they still may read there. Takes as long for a wrong
    /// secret as for a right one: every hash is compared, each in constant time.
    pub(super) fn calendar_owner(&self, notebook: &NotebookName, secret: &str) -> Option<(&User, Role)> {
        let shown = hash(secret);
        let owners = self.users.iter().filter_map(|user| Some((user, user.calendar(notebook)?)));
        let mut found = u32::MAX;
        for (number, (_, calendar)) in (0..).zip(owners.clone()) {
            let is_it: Choice = shown.as_bytes().ct_eq(calendar.sha256.as_bytes());
            found = u32::conditional_select(&found, &number, is_it);
        }
        let (user, _) = owners.into_iter().nth(usize::try_from(found).ok()?)?;
        let role = user.roles.get(notebook).copied().filter(|role| may(Some(*role), Action::Read))?;
        Some((user, role))
    }

    /// The visitor whose calendar it is; they may see that notebook only.
    pub(super) fn calendar_visitor(&self, notebook: &NotebookName, secret: &str) -> Option<Visitor> {
        let (user, role) = self.calendar_owner(notebook, secret)?;
        Some(Visitor {
            user: user.name.clone(),
            token: String::new(),
            roles: vec![(notebook.clone(), role.min(Role::Viewer))],
        })
    }
}

fn hash(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::people::People;

    #[test]
    fn a_secret_opens_its_own_calendar_until_it_is_renewed_or_ended() {
        let folder = std::env::temp_dir().join(format!("tickler-calendars-{}", std::process::id()));
        let data = Data::create(&folder, "").unwrap();
        let text = "[[user]]\nname = \"pat\"\nroles = { main = \"admin\", other = \"viewer\" }\n\n\
                    [[user]]\nname = \"sam\"\nroles = { main = \"viewer\" }\n";
        crate::data::write_private(&data.users(), text).unwrap();
        let [main, other] = ["main", "other"].map(|name| NotebookName::new(name).unwrap());
        let [pat, sam] = ["pat", "sam"].map(|name| UserName::new(name).unwrap());
        let people = People::new(&data).unwrap();
        let renew = |user, notebook| renew_calendar(&data, user, notebook, "2026-12-03").unwrap().to_string();
        let who = |notebook, secret: &str| {
            people.calendar_visitor(notebook, secret).map(|visitor| visitor.user.to_string())
        };

        let pats = renew(&pat, &main);
        let sams = renew(&sam, &main);
        let pats_other = renew(&pat, &other);
        assert_eq!(pats.len(), 52, "256 bits in base 32");
        assert_eq!(who(&main, &pats).as_deref(), Some("pat"));
        assert_eq!(who(&main, &sams).as_deref(), Some("sam"));
        assert_eq!(who(&other, &pats_other).as_deref(), Some("pat"));
        for (notebook, wrong) in
            [(&main, ""), (&main, &pats[1..]), (&other, &*pats), (&main, &pats_other), (&other, &sams)]
        {
            assert_eq!(who(notebook, wrong), None, "{notebook} {wrong}");
        }
        let visitor = people.calendar_visitor(&main, &pats).unwrap();
        assert_eq!(visitor.roles, [(main.clone(), Role::Viewer)], "an address may less than its user");
        assert!(!fs::read_to_string(data.users()).unwrap().contains(&pats));
        assert_eq!(people.calendar_of(&pat, &main).as_deref(), Some("2026-12-03"));

        let renewed = renew(&pat, &main);
        assert_eq!(who(&main, &pats), None);
        assert_eq!(who(&main, &renewed).as_deref(), Some("pat"));
        assert_eq!(who(&other, &pats_other).as_deref(), Some("pat"));
        assert!(end_calendar(&data, &pat, &main).unwrap());
        assert!(!end_calendar(&data, &pat, &main).unwrap());
        assert_eq!((who(&main, &renewed), people.calendar_of(&pat, &main)), (None, None));

        // With the role the calendar ends.
        assert!(renew_calendar(&data, &sam, &other, "2026-12-03").is_err());
        Users::change(&data, |users| {
            users.get_mut(&sam).unwrap().roles.clear();
            Ok(())
        })
        .unwrap();
        assert_eq!(who(&main, &sams), None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
