//! One run: look at the upstream, take in what it has, send what it lacks, and begin anew where somebody was quicker.

use std::path::Path;
use std::time::Duration;

use tickler_core::git::{GitError, NetworkError, Pushed, Store};

use super::take::{Sides, Untaken, take};
use super::there::{There, Way};
use super::{INCOMING, SEEN, Upstream, task};
use crate::server::Server;

/// How often a run begins anew where somebody was quicker.
const TRIES: u32 = 12;
/// The longest wait before the second time, and before any.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);
/// Where a repository keeps the name by which its server is known to an upstream that is a tickler server.
const DEVICE: &str = "tickler.device";

/// What a run did, in commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// What came from the upstream.
    pub came: usize,
    /// What went there.
    pub went: usize,
}

/// Why a run did not end with both sides the same.
#[derive(Debug)]
pub enum Stop {
    /// The upstream is away; it will be asked again.
    Away(String),
    /// It is there, and others are quicker again and again.
    Busy,
    /// Somebody has to look.
    Attention(String),
}

/// Runs once. After it both sides have the same, but for what came meanwhile.
///
/// # Errors
/// Where that could not be had. All that is here stays here.
pub async fn run(server: &Server, upstream: &Upstream) -> Result<Done, Stop> {
    let way = Way::new(&server.git, upstream).map_err(Stop::Attention)?;
    let mut done = Done::default();
    // What is fetched hangs by nothing until it has landed, so nobody may prune meanwhile.
    let _writing = server.upkeep.writing(server, &upstream.notebook).await.map_err(|_| Stop::Busy)?;
    for round in 0..TRIES {
        if round > 0 {
            tokio::time::sleep(task::jitter(LONGEST.min(PAUSE * 2_u32.saturating_pow(round)))).await;
        }
        let there = way.look().await?;
        done.came += receive(&way, upstream, &there).await?;
        let sides = within(upstream, Sides::of).await?;
        let Some(ours) = sides.ours.clone().filter(|ours| sides.seen.as_ref() != Some(ours)) else {
            return Ok(done);
        };
        let waiting = within(upstream, super::state::waiting).await?;
        if send(&way, upstream, &there, &sides, &ours).await? {
            done.went += waiting;
            return Ok(done);
        }
    }
    Err(Stop::Busy)
}

/// Fetches and takes in what is new there. Gives how many commits.
async fn receive(way: &Way<'_>, upstream: &Upstream, there: &There) -> Result<usize, Stop> {
    let sides = within(upstream, Sides::of).await?;
    let Some(tip) = &there.tip else {
        let Some(seen) = sides.seen else { return Ok(0) };
        within(upstream, |repository| Store::bare(repository)?.drop_reference(INCOMING)).await?;
        let seen = seen.get(..8).unwrap_or_default().to_owned();
        return Err(Stop::Attention(format!("its branch \"{}\" is gone; it was at {seen}", there.branch)));
    };
    if sides.seen.as_ref() == Some(tip) && sides.is_held {
        return Ok(0);
    }
    way.fetch(there).await?;
    within(upstream, take).await
}

/// Sends our branch. False where somebody was quicker, or what was sent has to be fetched back.
async fn send(
    way: &Way<'_>,
    upstream: &Upstream,
    there: &There,
    sides: &Sides,
    ours: &str,
) -> Result<bool, Stop> {
    let to = match &there.place {
        Some(place) if there.tip.is_some() => format!("{place}/{}", within(upstream, device).await?),
        _ => format!("refs/heads/{}", there.branch),
    };
    let is_branch = to.starts_with("refs/heads/");
    match way.push(ours, &to).await? {
        (Pushed::Done, now) if is_branch || now.as_deref() == Some(ours) => {
            let (ours, seen) = (ours.to_owned(), sides.seen.clone());
            within(upstream, move |repository| {
                let store = Store::bare(repository)?;
                // In this order, so that what was last fetched never seems older than what was last seen.
                store.point(INCOMING, &ours)?;
                store.swing(SEEN, seen.as_deref(), &ours, "sent")
            })
            .await?;
            Ok(true)
        }
        // It was merged there, or will be in a moment.
        (Pushed::Done | Pushed::Late, _) => Ok(false),
        (Pushed::Refused(refusal), _) => {
            Err(Stop::Attention(format!("it refuses what we send: {}", refusal.in_a_line())))
        }
    }
}

/// The name of this repository to a tickler server; a new one where it has none.
fn device(repository: &Path) -> Result<String, GitError> {
    let store = Store::bare(repository)?;
    if let Some(name) = store.own_setting(DEVICE)? {
        return Ok(name);
    }
    let name = format!("server-{:08x}", getrandom::u32().unwrap_or_else(|_| std::process::id()));
    store.set_own_setting(DEVICE, &name)?;
    Ok(name)
}

/// Does what reads or writes the repository where it holds nobody up.
async fn within<T: Send + 'static, E: Into<Stop> + Send + 'static>(
    upstream: &Upstream,
    work: impl FnOnce(&Path) -> Result<T, E> + Send + 'static,
) -> Result<T, Stop> {
    let repository = upstream.repository.clone();
    match tokio::task::spawn_blocking(move || work(&repository)).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => Err(Stop::Attention(format!("a thread broke: {error}"))),
    }
}

impl From<NetworkError> for Stop {
    fn from(error: NetworkError) -> Stop {
        match error {
            // A client that an earlier run left behind is still at it.
            NetworkError::Other(words) if words.contains("cannot lock ref") => Stop::Busy,
            // What is there is no history that git vouches for.
            NetworkError::Other(words) if words.contains("fsck error") => Stop::Attention(words),
            NetworkError::Denied(_) | NetworkError::NoSuch(_) | NetworkError::Format(_) => {
                Stop::Attention(error.to_string().replace("the remote", "it"))
            }
            error => Stop::Away(error.to_string().replace("the remote", "it")),
        }
    }
}

impl From<GitError> for Stop {
    fn from(error: GitError) -> Stop {
        match error {
            GitError::Moved => Stop::Busy,
            error => Stop::Attention(error.to_string()),
        }
    }
}

impl From<Untaken> for Stop {
    fn from(untaken: Untaken) -> Stop {
        match untaken {
            Untaken::Attention(why) => Stop::Attention(why),
            Untaken::Git(error) => error.into(),
        }
    }
}
