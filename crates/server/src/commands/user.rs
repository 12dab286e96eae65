//! `user`: who may do what, and with which token.

use chrono::Utc;
use serde_json::json;

use crate::args::{Format, UserDeed};
use crate::data::Data;
use crate::failure::Failure;
use crate::names::{NotebookName, UserName};
use crate::page::{print, print_json, print_table};
use crate::people::{Role, Secret, Token, User, Users};

/// Adds, lists, resets or removes.
pub fn run(deed: UserDeed) -> Result<(), Failure> {
    match deed {
        UserDeed::Add { place, name, role, notebook, email, force } => {
            let data = Data::open(&place.data)?;
            if !data.has(&notebook) {
                return Err(Failure::no(format!("there is no notebook \"{notebook}\""))
                    .hint("to see those there are: tickler-server notebook list"));
            }
            match add(&data, &NewRole { name: &name, role, notebook: &notebook, email, force })? {
                Some(token) => print(&format!("added {name}, {role} of {notebook}\n{}", shown(&token))),
                None => print(&format!("{name} is {role} of {notebook} now\n")),
            }
            Ok(())
        }
        UserDeed::List { place, format } => list(&Users::load(&Data::open(&place.data)?)?, format),
        UserDeed::Reset { place, name } => {
            let token = reset(&Data::open(&place.data)?, &name)?;
            print(&format!("{name} has a new token; the old ones stopped working\n{}", shown(&token)));
            Ok(())
        }
        UserDeed::Remove { place, name, force } => {
            Users::change(&Data::open(&place.data)?, |users| {
                users.get(&name).ok_or_else(|| nobody(&name))?;
                for notebook in administered(users, &name) {
                    is_not_the_last(users, &name, &notebook, force)?;
                }
                users.users.retain(|user| user.name != name);
                Ok(())
            })?;
            print(&format!("removed {name}; the tokens stopped working, and what {name} wrote stays\n"));
            Ok(())
        }
    }
}

/// A role for somebody.
#[derive(Debug)]
pub struct NewRole<'a> {
    pub name: &'a UserName,
    pub role: Role,
    pub notebook: &'a NotebookName,
    /// As it stands in commits; empty where it stays as it is.
    pub email: Option<String>,
    /// Even where the notebook is without an admin then.
    pub force: bool,
}

/// Gives somebody a role. Gives the token of somebody new.
pub fn add(data: &Data, new: &NewRole<'_>) -> Result<Option<String>, Failure> {
    let (secret, token) = new_token()?;
    let email = new.email.clone();
    Users::change(data, |users| {
        if new.role != Role::Admin && administered(users, new.name).contains(new.notebook) {
            is_not_the_last(users, new.name, new.notebook, new.force)?;
        }
        if let Some(user) = users.get_mut(new.name) {
            user.roles.insert(new.notebook.clone(), new.role);
            user.email = email.unwrap_or_else(|| user.email.clone());
            return Ok(None);
        }
        users.users.push(User {
            name: new.name.clone(),
            email: email.unwrap_or_default(),
            roles: [(new.notebook.clone(), new.role)].into(),
            tokens: vec![token],
            calendars: Vec::new(),
        });
        Ok(Some(secret.to_string()))
    })
}

/// Gives somebody a new token in place of the old ones; the addresses of their calendars end, too.
pub fn reset(data: &Data, name: &UserName) -> Result<String, Failure> {
    let (secret, token) = new_token()?;
    Users::change(data, |users| {
        let user = users.get_mut(name).ok_or_else(|| nobody(name))?;
        user.tokens = vec![token];
        // Whoever had the old token may have made an address with it.
        user.calendars.clear();
        Ok(())
    })?;
    Ok(secret.to_string())
}

fn list(users: &Users, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => print_json(&json!(users.users.iter().map(value).collect::<Vec<_>>())),
        Format::Text => print_table(&["user", "roles", "email", "token since"], &rows(users)),
    }
    Ok(())
}

fn rows(users: &Users) -> Vec<Vec<String>> {
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let row = |user: &User| {
        let roles = user.roles.iter().map(|(notebook, role)| format!("{notebook} {role}"));
        let since = user.tokens.last().map(|token| token.created.clone());
        let roles = roles.collect::<Vec<_>>().join(", ");
        vec![
            user.name.to_string(),
            or_none(roles),
            or_none(user.email.clone()),
            since.unwrap_or("-".to_owned()),
        ]
    };
    users.users.iter().map(row).collect()
}

/// A user without what is secret.
fn value(user: &User) -> serde_json::Value {
    let tokens = user.tokens.iter().map(|token| json!({ "id": token.id, "created": token.created }));
    json!({
        "name": user.name,
        "email": user.email,
        "roles": user.roles,
        "tokens": tokens.collect::<Vec<_>>(),
    })
}

/// The notebooks that somebody is an admin of.
fn administered(users: &Users, name: &UserName) -> Vec<NotebookName> {
    let roles = users.get(name).into_iter().flat_map(|user| &user.roles);
    roles.filter(|(_, role)| **role == Role::Admin).map(|(notebook, _)| notebook.clone()).collect()
}

fn is_not_the_last(
    users: &Users,
    name: &UserName,
    notebook: &NotebookName,
    force: bool,
) -> Result<(), Failure> {
    let is_admin = |user: &User| user.roles.get(notebook) == Some(&Role::Admin);
    if force || users.users.iter().any(|user| user.name != *name && is_admin(user)) {
        return Ok(());
    }
    Err(Failure::no(format!("\"{name}\" is the only admin of \"{notebook}\""))
        .hint("make somebody else one first, or give --force"))
}

fn shown(token: &str) -> String {
    format!("  token  {token}\n")
}

fn new_token() -> Result<(Secret, Token), Failure> {
    let today = Utc::now().date_naive().to_string();
    Token::generate(&today).map_err(|error| Failure::new(format!("the system has no random bits: {error}")))
}

fn nobody(name: &UserName) -> Failure {
    Failure::no(format!("there is no user \"{name}\""))
        .hint("to see those there are: tickler-server user list")
}
