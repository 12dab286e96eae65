//! What a running server has at hand in every request.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tickler_core::git::Person;
use tokio_util::sync::CancellationToken;

use crate::api::Once;
use crate::calendar::Known;
use crate::clock::Clock;
use crate::data::Data;
use crate::failure::Failure;
use crate::git_http::{Capabilities, Permits};
use crate::hook;
use crate::names::UserName;
use crate::pages;
use crate::people::{Pace, People, Throttle};
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::tips::Tips;
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
    /// How often each writes.
    pub pace: Pace,
    /// Whose turn it is to run git.
    pub permits: Permits,
    /// Who may write to a notebook now, and when it is packed.
    pub upkeep: Upkeep,
    /// The notebooks in memory.
    pub tips: Tips,
    /// Who is logged in on the pages.
    pub sessions: Sessions,
    /// What was asked for with a key, so that it is done once.
    pub once: Once,
    /// The forms of the last while, so that none is done twice.
    pub forms: pages::Once,
    /// Cancelled when the server is to stop: answers that have no end of their own end then.
    pub stopping: CancellationToken,
    /// The calendars that were asked for.
    pub calendars: Known,
    /// What time it is.
    pub clock: Clock,
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
    pub fn new(data: Data, git: PathBuf, clock: Clock) -> Result<Arc<Server>, Failure> {
        let settings = Settings::load(&data)?;
        Ok(Arc::new(Server {
            people: People::new(&data)?,
            throttle: Throttle::new(settings.limits.failed_logins),
            pace: Pace::new(settings.limits.writes_per_minute),
            permits: Permits::new(&settings.limits),
            upkeep: Upkeep::default(),
            upstreams: Upstreams::new(&settings, &data)?,
            tips: Tips::new(&data, settings.limits.memory_mb.saturating_mul(1_000_000)),
            sessions: Sessions::default(),
            once: Once::default(),
            forms: pages::Once::default(),
            stopping: CancellationToken::new(),
            calendars: Known::default(),
            clock,
            capabilities: Capabilities::default(),
            data,
            settings,
            git,
            run: getrandom::u32().unwrap_or_else(|_| std::process::id()),
            requests: AtomicU64::new(0),
        }))
    }

    /// A user as commits have them.
    pub fn person(&self, user: &UserName) -> Person {
        let known = self.people.user(user);
        hook::named(user, known.as_ref().map(|user| user.email.as_str()))
    }

    /// The name of the next request: it stands in the log and in the answer.
    pub fn next_request(&self) -> String {
        format!("{:08x}-{}", self.run, self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
