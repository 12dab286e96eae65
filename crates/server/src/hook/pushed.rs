//! The lines by which git tells a hook what is pushed.

use std::io::{self, BufRead};

use crate::names::{DeviceName, UserName};

/// A ref, and from where to where it is to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Where it is; none where it is new.
    pub old: Option<String>,
    /// Where it is to be; none where it is to go.
    pub new: Option<String>,
    /// Its full name.
    pub name: String,
}

/// What a ref is to this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The branch.
    Branch,
    /// Where a user puts work that is to be merged.
    Sync(UserName, DeviceName),
    /// Anything else.
    Other,
}

impl Pushed {
    /// What the ref is.
    pub fn place(&self) -> Place {
        if self.name == super::BRANCH {
            return Place::Branch;
        }
        let parts = self.name.strip_prefix("refs/sync/").and_then(|rest| rest.split_once('/'));
        match parts.map(|(user, device)| (UserName::new(user), DeviceName::new(device))) {
            Some((Ok(user), Ok(device))) => Place::Sync(user, device),
            _ => Place::Other,
        }
    }
}

/// Reads what git writes to a hook.
///
/// # Errors
/// What the system says.
pub fn read(from: impl BufRead) -> io::Result<Vec<Pushed>> {
    let id = |text: &str| (!text.bytes().all(|byte| byte == b'0')).then(|| text.to_owned());
    let mut all = Vec::new();
    // A ref's name is bytes; what is no text is no ref of ours either.
    for line in from.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        let mut parts = line.splitn(3, ' ');
        if let (Some(old), Some(new), Some(name)) = (parts.next(), parts.next(), parts.next()) {
            all.push(Pushed { old: id(old), new: id(new), name: name.to_owned() });
        }
    }
    Ok(all)
}
