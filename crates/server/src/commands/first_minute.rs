//! The first minute of a server: from nothing to a notebook, and a user whose token is shown once.
//!
//! It may be cut short anywhere. A mark stands in the data folder until the token was shown: a start that finds the
//! mark and a user gives that user a new token, since nobody knows the old one.

use std::fs;
use std::net::SocketAddr;

use tickler_core::notebook::Beginning;

use super::user::{self, NewRole};
use crate::data::{Data, at, write_private};
use crate::failure::Failure;
use crate::names::{NotebookName, UserName};
use crate::notebooks;
use crate::page::print;
use crate::people::{Role, Users};

/// Makes a first notebook and a first user where there is none. Gives the token that is to be shown.
///
/// # Errors
/// What the disk says.
pub fn begin(data: &Data, example: bool) -> Result<Option<String>, Failure> {
    let mark = data.first_minute();
    let has_users = data.users().is_file();
    if has_users && !mark.is_file() {
        return Ok(None);
    }
    write_private(&mark, "")?;
    let (name, main) = names()?;
    if !data.has(&main) {
        let beginning = if example { Beginning::Example } else { Beginning::Empty };
        notebooks::begin(data, &main, beginning)?;
    }
    if has_users && Users::load(data)?.get(&name).is_some() {
        return user::reset(data, &name).map(Some);
    }
    if has_users {
        return Ok(None);
    }
    user::add(data, &NewRole { name: &name, role: Role::Admin, notebook: &main, email: None, force: false })
}

/// Shows the token, and how to begin with it.
///
/// # Errors
/// What the disk says.
pub fn show(data: &Data, token: &str, scheme: &str, address: SocketAddr) -> Result<(), Failure> {
    let host = match address.ip().is_unspecified() {
        true => format!("HOST:{}", address.port()),
        false => address.to_string(),
    };
    print(&format!(
        "
  user   admin
  token  {token}

The token is shown this once. To join, with the token as the password:

  tickler join {scheme}://admin@{host}/main.git

To have git keep it, so that it is asked for once: git config --global credential.helper store
To let somebody else in: tickler-server user add NAME --role editor --data \"{}\"
",
        data.root().display()
    ));
    ended(data)
}

/// Takes the mark away.
///
/// # Errors
/// What the disk says.
pub fn ended(data: &Data) -> Result<(), Failure> {
    let mark = data.first_minute();
    match fs::remove_file(&mark) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(&mark, &error)),
        _ => Ok(()),
    }
}

fn names() -> Result<(UserName, NotebookName), Failure> {
    let failed = |error: crate::names::NameError| Failure::new(error.to_string());
    Ok((UserName::new("admin").map_err(failed)?, NotebookName::new("main").map_err(failed)?))
}
