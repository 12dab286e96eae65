//! The users of a server, `users.toml` in the data folder: read anew whenever it changed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Calendar, Role, Token, Visitor, token};
use crate::data::{Data, at, write_private};
use crate::failure::Failure;
use crate::names::{NotebookName, UserName};

/// What `users.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    /// Everybody.
    #[serde(default, rename = "user")]
    pub users: Vec<User>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// By which they log in.
    pub name: UserName,
    /// As it stands in commits that the server makes for them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// What they may do, by notebook.
    #[serde(default)]
    pub roles: BTreeMap<NotebookName, Role>,
    /// Their tokens.
    #[serde(default, rename = "token")]
    pub tokens: Vec<Token>,
    /// The secret addresses of their calendars.
    #[serde(default, rename = "calendar", skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Calendar>,
}

impl User {
    fn as_visitor(&self, token: &Token) -> Visitor {
        Visitor {
            user: self.name.clone(),
            token: token.id.clone(),
            roles: self.roles.iter().map(|(notebook, role)| (notebook.clone(), *role)).collect(),
        }
    }
}

impl Users {
    /// Reads the users of a data folder; without the file there is nobody.
    ///
    /// # Errors
    /// Where it cannot be read or is wrong.
    pub fn load(data: &Data) -> Result<Users, Failure> {
        let path = data.users();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Users::default()),
            Err(error) => return Err(at(&path, &error)),
        };
        toml::from_str(&text)
            .map_err(|error| Failure::new(format!("{}: {}", path.display(), error.message())))
    }

    /// Changes the users of a data folder, which nobody else does meanwhile.
    ///
    /// # Errors
    /// What `change` says; what the disk says.
    pub fn change<T>(
        data: &Data,
        change: impl FnOnce(&mut Users) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let _held = data.hold_users()?;
        let mut users = Users::load(data)?;
        let said = change(&mut users)?;
        let text = toml::to_string(&users).map_err(|error| Failure::new(error.to_string()))?;
        write_private(&data.users(), &text)?;
        Ok(said)
    }

    /// The user of that name.
    pub fn get(&self, name: &UserName) -> Option<&User> {
        self.users.iter().find(|user| user.name == *name)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &UserName) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.name == *name)
    }

    /// Whose token this is. Compares one hash, whether there is such a token or not.
    fn visitor(&self, text: &str) -> Option<Visitor> {
        let id = token::id_of(text);
        let found = self.users.iter().find_map(|user| {
            user.tokens.iter().find(|token| Some(token.id.as_str()) == id).map(|token| (user, token))
        });
        let Some((user, token)) = found else {
            Token::nobodys().is(text);
            return None;
        };
        token.is(text).then(|| user.as_visitor(token))
    }
}

/// The users as a running server knows them.
#[derive(Debug)]
pub struct People {
    data: Data,
    known: Mutex<(Stamp, Users)>,
    /// When a token was last shown to this server, by its public part.
    used: Mutex<HashMap<String, Instant>>,
}

/// By which a changed file is known: its number, size, and times of modification and of change.
type Stamp = Option<(u64, u64, (i64, i64), (i64, i64))>;

impl People {
    /// The users of a data folder.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn new(data: &Data) -> Result<People, Failure> {
        let stamp = stamp(data);
        Ok(People {
            data: data.clone(),
            known: Mutex::new((stamp, Users::load(data)?)),
            used: Mutex::default(),
        })
    }

    /// Whose token this is; nobody's where it is wrong.
    pub fn visitor(&self, text: &str) -> Option<Visitor> {
        let visitor = self.with(|users| users.visitor(text))?;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(&visitor.token) {
            Some(last) => *last = Instant::now(),
            None => drop(used.insert(visitor.token.clone(), Instant::now())),
        }
        Some(visitor)
    }

    /// How long ago a token was last shown, by its public part; nothing where it was not since the server started.
    pub fn used(&self, token: &str) -> Option<Duration> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.get(token).map(Instant::elapsed)
    }

    /// What is known of a user.
    pub fn user(&self, name: &UserName) -> Option<User> {
        self.with(|users| users.get(name).cloned())
    }

    /// Who has which role in a notebook, by name.
    pub fn of_notebook(&self, notebook: &NotebookName) -> Vec<(UserName, Role)> {
        let mut found: Vec<(UserName, Role)> = self.with(|users| {
            let role = |user: &User| Some((user.name.clone(), *user.roles.get(notebook)?));
            users.users.iter().filter_map(role).collect()
        });
        found.sort();
        found
    }

    /// A user who has a token with that public part: whoever logged in with it may go on.
    pub fn holder(&self, user: &UserName, token: &str) -> Option<Visitor> {
        self.with(|users| {
            let user = users.get(user)?;
            user.tokens.iter().find(|one| one.id == token).map(|token| user.as_visitor(token))
        })
    }

    /// Whose calendar of that notebook has this secret. They may read that notebook, and no more.
    pub fn calendar_visitor(&self, notebook: &NotebookName, secret: &str) -> Option<Visitor> {
        self.with(|users| users.calendar_visitor(notebook, secret))
    }

    /// The day on which the address of a user's calendar was made; none where there is no address.
    pub fn calendar_of(&self, user: &UserName, notebook: &NotebookName) -> Option<String> {
        self.with(|users| users.get(user)?.calendar(notebook).map(|calendar| calendar.created.clone()))
    }

    fn with<T>(&self, ask: impl FnOnce(&Users) -> T) -> T {
        let now = stamp(&self.data);
        // What a thread left that panicked is whole: it is replaced in one go.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != now {
            match Users::load(&self.data) {
                Ok(users) => known.1 = users,
                Err(error) => tracing::error!(%error, "the users cannot be read; those known before stay"),
            }
            // A broken file is complained of once, and read again when it changes.
            known.0 = now;
        }
        ask(&known.1)
    }
}

fn stamp(data: &Data) -> Stamp {
    let file = fs::metadata(data.users()).ok()?;
    Some((file.ino(), file.size(), (file.mtime(), file.mtime_nsec()), (file.ctime(), file.ctime_nsec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(names: &[&str]) -> (Users, Vec<String>) {
        let mut secrets = Vec::new();
        let users = names.iter().map(|name| {
            let (secret, token) = Token::generate("2026-11-23").unwrap();
            secrets.push(secret.to_string());
            let roles = [(NotebookName::new("main").unwrap(), Role::Editor)].into();
            User {
                name: UserName::new(name).unwrap(),
                email: String::new(),
                roles,
                tokens: vec![token],
                calendars: Vec::new(),
            }
        });
        (Users { users: users.collect() }, secrets)
    }

    #[test]
    fn each_token_is_its_users_alone() {
        let (users, secrets) = users(&["pat", "sam"]);
        let who = |text: &str| users.visitor(text).map(|visitor| visitor.user.to_string());
        assert_eq!(who(&secrets[0]).as_deref(), Some("pat"));
        assert_eq!(who(&secrets[1]).as_deref(), Some("sam"));
        let (_, others) = self::users(&["kim"]);
        let forged = token::forged(&secrets[0]);
        assert_eq!(token::id_of(&forged), token::id_of(&secrets[0]));
        for wrong in ["", "tickler_", &others[0], &forged] {
            assert_eq!(who(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_changed_file_holds_from_the_next_request_and_a_broken_one_changes_nothing() {
        let folder = std::env::temp_dir().join(format!("tickler-people-{}", std::process::id()));
        let data = Data::create(&folder, "").unwrap();
        let (both, secrets) = users(&["pat", "sam"]);
        let write = |text: &str| write_private(&data.users(), text).unwrap();
        write(&toml::to_string(&both).unwrap());
        let people = People::new(&data).unwrap();
        let known = || secrets.iter().filter(|secret| people.visitor(secret).is_some()).count();
        assert_eq!(known(), 2);
        write("user = 1");
        assert_eq!(known(), 2);
        write(&toml::to_string(&Users { users: both.users[..1].to_vec() }).unwrap());
        assert_eq!(known(), 1);
        fs::remove_file(data.users()).unwrap();
        assert_eq!(known(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
