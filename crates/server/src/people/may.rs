//! Who may do what: the one function that decides.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What a user is in a notebook. Each may do what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Writes contacts, templates and files.
    Editor,
    /// Changes the settings and removes contacts for good, too.
    Admin,
}

impl Role {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that somebody wants to do in a notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See that it is there, and read it.
    Read,
    /// Change contacts, templates and files.
    Write,
    /// Change `tickler.toml`.
    ChangeSettings,
    /// Remove a contact for good.
    Remove,
    /// Read the server's own figures.
    ReadMetrics,
}

/// Whether somebody with this role in a notebook, or with none, may do that there.
pub fn may(role: Option<Role>, action: Action) -> bool {
    let needed = match action {
        Action::Read => Role::Viewer,
        Action::Write => Role::Editor,
        Action::ChangeSettings | Action::Remove | Action::ReadMetrics => Role::Admin,
    };
    role.is_some_and(|role| role >= needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_is_said_of_it() {
        use Action::{ChangeSettings, Read, ReadMetrics, Remove, Write};
        let rows: [(Action, [bool; 4]); 5] = [
            //               nobody viewer editor admin
            (Read, [false, true, true, true]),
            (Write, [false, false, true, true]),
            (ChangeSettings, [false, false, false, true]),
            (Remove, [false, false, false, true]),
            (ReadMetrics, [false, false, false, true]),
        ];
        for (action, answers) in rows {
            let roles = [None, Some(Role::Viewer), Some(Role::Editor), Some(Role::Admin)];
            assert_eq!(roles.map(|role| may(role, action)), answers, "{action:?}");
        }
    }
}
