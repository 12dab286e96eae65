//! What a running server has at hand in every request.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::data::Data;
use crate::failure::Failure;
use crate::git_http::{Capabilities, Permits};
use crate::people::{People, Throttle};
use crate::settings::Settings;
use crate::upkeep::Upkeep;
use crate::upstream::Upstreams;

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// Where everything is.
    pub data: Data,
    /// How it is set.
    pub settings: Settings,
    /// Who is known to it.
    pub people: People,
    /// Who failed to log in.
    pub throttle: Throttle,
    /// Whose turn it is to run git.
    pub permits: Permits,
    /// Who may write to a notebook now, and when it is packed.
    pub upkeep: Upkeep,
    /// The notebooks that are shared through another repository.
    pub upstreams: Upstreams,
    /// What git can do for those who fetch.
    pub capabilities: Capabilities,
    /// The program `git`.
    pub git: PathBuf,
    /// By which this run is told from others in the log, and how many requests it had.
    run: u32,
    requests: AtomicU64,
}

impl Server {
    /// A server on a data folder.
    ///
    /// # Errors
    /// Where the settings or the users are wrong, or there is no git.
    pub fn new(data: Data, git: PathBuf) -> Result<Arc<Server>, Failure> {
        let settings = Settings::load(&data)?;
        Ok(Arc::new(Server {
            people: People::new(&data)?,
            throttle: Throttle::new(settings.limits.failed_logins),
            permits: Permits::new(&settings.limits),
            upkeep: Upkeep::default(),
            upstreams: Upstreams::new(&settings, &data)?,
            capabilities: Capabilities::default(),
            data,
            settings,
            git,
            run: getrandom::u32().unwrap_or_else(|_| std::process::id()),
            requests: AtomicU64::new(0),
        }))
    }

    /// The name of the next request: it stands in the log and in the answer.
    pub fn next_request(&self) -> String {
        format!("{:08x}-{}", self.run, self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
