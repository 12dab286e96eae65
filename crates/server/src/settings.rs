//! The server's settings, `server.toml` in the data folder, with their defaults.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::calendar::PublicUrl;
use crate::data::{Data, at};
use crate::failure::Failure;
use crate::names::NotebookName;
use crate::upstream::Address;

/// The settings of a new server: every key as a comment, with its default.
pub const NEW_SETTINGS: &str = include_str!("new.toml");

/// What `server.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the server is found from outside: for the links in calendars.
    pub public_url: Option<PublicUrl>,
    /// How much of everything.
    pub limits: Limits,
    /// When the repositories are packed and looked over.
    pub upkeep: UpkeepSettings,
    /// What is particular to one notebook.
    pub notebook: BTreeMap<NotebookName, NotebookSettings>,
}

/// What is particular to one notebook.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotebookSettings {
    /// The address of the git repository that this notebook is shared through.
    pub upstream: Option<Address>,
    /// The branch there; else the one that its `HEAD` names, else `main`.
    pub upstream_branch: Option<String>,
    /// How often it is asked for what is new, in seconds.
    pub upstream_every: u64,
    /// The file with the token for it, from the data folder.
    pub upstream_token_file: Option<PathBuf>,
    /// The file with the secret by which its webhook is known, from the data folder.
    pub webhook_secret_file: Option<PathBuf>,
}

impl Default for NotebookSettings {
    fn default() -> NotebookSettings {
        NotebookSettings {
            upstream: None,
            upstream_branch: None,
            upstream_every: 60,
            upstream_token_file: None,
            webhook_secret_file: None,
        }
    }
}

/// How much of everything. Sizes in bytes, times in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The most connections at once, and from one address.
    pub connections: usize,
    pub connections_per_address: usize,
    /// How long a client may take for the head of a request.
    pub header_seconds: u64,
    /// How long a body may stand still.
    pub body_idle_seconds: u64,
    /// How long what is under way may take after SIGTERM.
    pub stop_seconds: u64,
    /// The most bytes of a push, as sent and unpacked from gzip.
    pub push_bytes: u64,
    /// The most bytes of any other git request, unpacked.
    pub request_bytes: u64,
    /// The most bytes of a text file, and of one below `files`.
    pub text_bytes: u64,
    pub file_bytes: u64,
    /// The most commits of a push.
    pub push_commits: usize,
    /// The most pushes and fetches at once, in all and of one user; how long one waits for its turn.
    pub pushes: usize,
    pub fetches: usize,
    pub per_user: usize,
    pub queue_seconds: u64,
    /// How long a git process may take.
    pub git_seconds: u64,
    /// Failed logins from one address, or of one user, in a quarter of an hour.
    pub failed_logins: u32,
    /// What a user may write in a minute on pages and by the API; 0 is without a bound.
    pub writes_per_minute: u32,
    /// How much memory the notebooks may take together for pages and the API, in megabytes.
    pub memory_mb: usize,
}

/// When the repositories are packed and looked over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpkeepSettings {
    /// How often each is looked at, in seconds.
    pub look_seconds: u64,
    /// With more loose objects, or more packs, one is packed.
    pub loose_objects: usize,
    pub packs: usize,
    /// How often what nothing leads to is cleared away, once it is two weeks old.
    pub gc_hours: u64,
    /// How often git checks every object.
    pub fsck_hours: u64,
}

impl Default for UpkeepSettings {
    fn default() -> UpkeepSettings {
        UpkeepSettings { look_seconds: 300, loose_objects: 2_000, packs: 20, gc_hours: 24, fsck_hours: 168 }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 256,
            connections_per_address: 64,
            header_seconds: 10,
            body_idle_seconds: 20,
            stop_seconds: 30,
            push_bytes: 64 << 20,
            request_bytes: 16 << 20,
            text_bytes: 1 << 20,
            file_bytes: 25 << 20,
            push_commits: 5_000,
            pushes: 4,
            fetches: 8,
            per_user: 4,
            queue_seconds: 30,
            git_seconds: 600,
            failed_logins: 10,
            writes_per_minute: 0,
            memory_mb: 1_000,
        }
    }
}

impl Settings {
    /// Reads the settings of a data folder.
    ///
    /// # Errors
    /// Where they cannot be read or are wrong; with the place.
    pub fn load(data: &Data) -> Result<Settings, Failure> {
        let path = data.settings();
        let text = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Failure::new(format!("{}:{line}: {}", path.display(), error.message()))
                .hint("every key with its default is in docs/server.md; nothing was changed")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_new_server_are_the_defaults() {
        assert_eq!(toml::from_str::<Settings>(NEW_SETTINGS).unwrap(), Settings::default());
        let uncommented: String = NEW_SETTINGS
            .lines()
            .map(|line| format!("{}\n", line.strip_prefix("#: ").unwrap_or(line)))
            .collect();
        assert_eq!(toml::from_str::<Settings>(&uncommented).unwrap(), Settings::default());
        for key in keys() {
            assert!(NEW_SETTINGS.contains(&format!("#: {key} = ")), "{key}");
        }
    }

    /// All keys of numbers.
    fn keys() -> Vec<String> {
        let debug = format!("{:?}{:?}", Limits::default(), UpkeepSettings::default());
        let pairs = debug.split(['{', ',']).filter_map(|part| part.split_once(':'));
        pairs.map(|(key, _)| key.trim().to_owned()).collect()
    }

    #[test]
    fn the_handbook_has_every_key_with_its_default() {
        let handbook = include_str!("../../../docs/server.md");
        for line in NEW_SETTINGS.lines().filter_map(|line| line.strip_prefix("#: ")) {
            let (key, default) = line.split_once(" = ").unwrap();
            assert!(handbook.contains(&format!("| `{key}` | {default} |")), "{key}, {default}");
        }
        let rows = handbook.lines().filter(|line| line.starts_with("| `") && line.contains('_'));
        for key in rows.filter_map(|line| line.split('`').nth(1)).filter(|key| !key.contains(' ')) {
            assert!(NEW_SETTINGS.contains(&format!("{key} = ")) || key.starts_with("tickler_"), "{key}");
        }
    }
}
