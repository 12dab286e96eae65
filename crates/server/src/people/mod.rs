//! Who somebody is, and what they may do.

mod may;
mod throttle;
mod token;
mod users;

pub use may::{Action, Role, may};
pub use throttle::{Throttle, counted_as};
pub use token::{Secret, Token};
pub use users::{People, User, Users};

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

    /// Whether the user may do that in this notebook.
    pub fn may(&self, notebook: &NotebookName, action: Action) -> bool {
        may(self.role(notebook), action)
    }
}
