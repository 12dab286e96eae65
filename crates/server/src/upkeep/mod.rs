//! What keeps the repositories of a server in order: what a dead server left is swept before this one serves, what
//! waits to be merged lands, loose objects are packed, and git looks over all of it now and then.
//!
//! Whoever writes to a notebook holds a shared right to it meanwhile. Packing needs none, since git may write while it
//! goes on; what clears away objects takes the right alone, and only where nobody writes.

mod chore;
mod leftover;
mod pack;
mod sweep;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::data::Data;
use crate::failure::Failure;
use crate::hook;
use crate::names::NotebookName;
use crate::notebooks;
use crate::reply::Refusal;
use crate::server::Server;

/// How often what waits to be merged is looked for. It lands when it is pushed; this is for what could not.
const LAND_EVERY: Duration = Duration::from_secs(30);
/// How old what a broken push left must be before it is swept, where the server cannot know that its git is gone.
const STALE: Duration = Duration::from_secs(3600);
/// After so many pushes the notebooks are looked at out of turn.
const MANY_PUSHES: usize = 500;

/// Who may write to which notebook now.
#[derive(Debug, Default)]
pub struct Upkeep {
    rights: Mutex<HashMap<NotebookName, Arc<RwLock<()>>>>,
    pushes: AtomicUsize,
    many: Notify,
}

/// The right to write to a notebook, which others may have too, for as long as it is kept.
#[derive(Debug)]
pub struct Writing(#[expect(dead_code, reason = "it is there to be dropped")] OwnedRwLockReadGuard<()>);

impl Upkeep {
    /// The right to write to a notebook; waits while it is cleared up.
    ///
    /// # Errors
    /// Where that takes too long.
    pub async fn writing(&self, server: &Server, notebook: &NotebookName) -> Result<Writing, Refusal> {
        if self.pushes.fetch_add(1, Ordering::Relaxed) % MANY_PUSHES == MANY_PUSHES - 1 {
            self.many.notify_one();
        }
        let patience = Duration::from_secs(server.settings.limits.queue_seconds);
        let right = timeout(patience, self.right(notebook).read_owned()).await;
        right.map(Writing).map_err(|_| Refusal::Busy(Duration::from_secs(5)))
    }

    /// The right to a notebook alone; none where somebody writes.
    fn alone(&self, notebook: &NotebookName) -> Option<OwnedRwLockWriteGuard<()>> {
        self.right(notebook).try_write_owned().ok()
    }

    fn right(&self, notebook: &NotebookName) -> Arc<RwLock<()>> {
        let mut rights = self.rights.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rights.entry(notebook.clone()).or_default())
    }
}

/// Brings what a dead server left in order. Nobody else serves the folder now. What is wrong with one notebook is
/// logged, and holds up no other.
///
/// # Errors
/// Where the folder cannot be read.
pub fn before_serving(data: &Data) -> Result<(), Failure> {
    let (ended, strangers) = leftover::end_all(data.root());
    if ended > 0 {
        tracing::info!(ended, "ended the git processes that an earlier server left");
    }
    sweep::asides(data);
    for notebook in data.notebooks()? {
        let repository = data.repository(&notebook);
        // Who works in a repository by hand has locks of their own there.
        let age = if leftover::IS_KNOWN && !strangers.contains(&repository) { Duration::ZERO } else { STALE };
        let swept = sweep::repository(&repository, age);
        if swept > 0 {
            tracing::info!(%notebook, swept, "swept what was left half done");
        }
        if let Err(error) = notebooks::set_up(data, &repository) {
            tracing::error!(%notebook, %error, "the settings of the repository cannot be written");
        }
        land(data, &notebook);
    }
    Ok(())
}

/// Keeps all in order, for as long as the server runs.
pub async fn run(server: Arc<Server>) {
    tokio::join!(landing(&server), packing(&server));
}

/// Lets what waits land, and sweeps what broken pushes left.
async fn landing(server: &Arc<Server>) {
    let mut times = times(LAND_EVERY);
    times.tick().await;
    loop {
        times.tick().await;
        for notebook in names(server) {
            let Ok(writing) = server.upkeep.writing(server, &notebook).await else { continue };
            let (data, name) = (server.data.clone(), notebook.clone());
            let done = tokio::task::spawn_blocking(move || {
                land(&data, &name);
                sweep::repository(&data.repository(&name), STALE);
                drop(writing);
            });
            if let Err(error) = done.await {
                tracing::error!(%error, "what waits could not be looked at");
            }
            server.upstreams.wake(&notebook);
        }
    }
}

/// Packs what has many parts, clears away, and checks.
async fn packing(server: &Arc<Server>) {
    let mut times = times(Duration::from_secs(server.settings.upkeep.look_seconds.max(1)));
    loop {
        tokio::select! {
            _ = times.tick() => {}
            () = server.upkeep.many.notified() => {}
        }
        for notebook in names(server) {
            pack::look_after(server, &notebook).await;
        }
    }
}

fn times(every: Duration) -> tokio::time::Interval {
    let mut times = interval(every);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times
}

fn names(server: &Server) -> Vec<NotebookName> {
    server.data.notebooks().unwrap_or_else(|error| {
        tracing::error!(%error, "the notebooks cannot be listed");
        Vec::new()
    })
}

fn land(data: &Data, notebook: &NotebookName) {
    match hook::land_waiting(data, notebook) {
        Ok(0) => {}
        Ok(count) => tracing::info!(%notebook, count, "what was waiting landed"),
        Err(error) => tracing::error!(%notebook, %error, "what waits cannot land"),
    }
}
