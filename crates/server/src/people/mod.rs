//! Who somebody is, and what they may do.

mod calendar;
mod may;
mod own;
mod pace;
mod throttle;
mod token;
mod users;

pub use calendar::{Calendar, end_calendar, renew_calendar};
pub use may::{Action, Role, may};
pub use own::{MOST_NOTE, MOST_TOKENS, add_token, revoke_token};
pub use pace::Pace;
pub use throttle::{Throttle, counted_as};
pub use token::{Secret, Token};
pub use users::{People, User, Users};

use tickler_core::settings::Settings;

use crate::names::{NotebookName, UserName};

/// Somebody whose token is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The user.
    pub user: UserName,
    /// The public part of the token.
    pub token: String,
    /// What the user may do in each notebook.
    pub roles: Vec<(NotebookName, Role)>,
}

impl Visitor {
    /// The role in a notebook; none where the user is not of it.
    pub fn role(&self, notebook: &NotebookName) -> Option<Role> {
        self.roles.iter().find(|(name, _)| name == notebook).map(|(_, role)| *role)
    }

    /// Whether the user may do that in any notebook: what concerns the server as a whole.
    pub fn may_somewhere(&self, action: Action) -> bool {
        self.roles.iter().any(|(_, role)| may(Some(*role), action))
    }

    /// The user's handle in a notebook's team: the one that is their name, else the one with their address.
    pub fn handle(&self, settings: &Settings, email: &str) -> Option<String> {
        let team = &settings.team;
        let named = team.iter().find(|member| member.handle == self.user.as_str());
        let found =
            named.or_else(|| team.iter().find(|member| member.email.iter().any(|one| one == email)))?;
        Some(found.handle.clone())
    }

    /// Whether the user may do that in this notebook.
    pub fn may(&self, notebook: &NotebookName, action: Action) -> bool {
        may(self.role(notebook), action)
    }
}
