//! The notebooks in memory: each as its branch has it now, brought up to date by what differs from one commit to the
//! next, and the lists that many ask for, made once for each commit. Where they take too much together, those that
//! nobody asked for longest are let go of.

mod boards;
mod lists;
mod pipeline;
mod team;
mod trouble;
mod view;
mod warm;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tickler_core::git::{GitError, Store};
use tickler_core::notebook::Tip;
use tokio::sync::broadcast;

use crate::data::Data;
use crate::figures;
use crate::hook::BRANCH;
use crate::names::NotebookName;
use crate::reply::Refusal;
use crate::server::Server;
use crate::writing::Queue;

pub use boards::Boards;
pub use lists::{Due, Lists};
pub use pipeline::{Stage, add};
pub use team::Duties;
pub use view::View;
pub use warm::warm;

/// How many commits somebody who listens may be behind before the oldest are forgotten.
const HEARD: usize = 64;

/// All notebooks that were asked for.
#[derive(Debug)]
pub struct Tips {
    data: Data,
    held: Mutex<HashMap<NotebookName, Arc<Held>>>,
    clock: AtomicU64,
    /// How many bytes all of them may take.
    most: usize,
}

/// A notebook, as it is held.
pub struct Held {
    place: Mutex<Place>,
    /// What is to be written to it.
    pub queue: Queue,
    landed: broadcast::Sender<String>,
    /// When it was last asked for, by a count.
    used: AtomicU64,
    /// How much memory it takes.
    bytes: AtomicUsize,
}

/// What is known of a notebook.
#[derive(Default)]
struct Place {
    view: Option<Arc<View>>,
    /// For the look at where the branch is; opened when it is first asked for.
    store: Option<Store>,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

impl Tips {
    /// The notebooks of a data folder, which may take so many bytes together; none is read yet.
    pub fn new(data: &Data, most: usize) -> Tips {
        Tips { data: data.clone(), held: Mutex::default(), clock: AtomicU64::new(0), most }
    }

    /// The notebook as its branch has it now, today. It may have to read, so no asynchronous task may wait for it.
    ///
    /// # Errors
    /// Where there is no such notebook, or it cannot be read.
    pub fn view(&self, server: &Server, notebook: &NotebookName) -> Result<Arc<View>, Refusal> {
        let held = self.held(notebook);
        let mut place = held.place();
        let commit = self.commit(&mut place, notebook)?;
        let today = |tip: &Tip| server.clock.today(tip.notebook().settings());
        if let Some(known) = place.view.as_ref()
            && known.tip.commit() == commit
            && known.tip.today() == today(&known.tip)
        {
            return Ok(Arc::clone(known));
        }
        let tip = match place.view.as_ref() {
            Some(known) => {
                let mut tip = known.tip.clone();
                tip.follow(&commit).map(|()| {
                    tip.renew(server.clock.today(tip.notebook().settings()));
                    tip
                })
            }
            None => {
                let path = self.data.repository(notebook);
                Tip::load(&path, &commit, |notebook| server.clock.today(notebook.settings()))
            }
        };
        let tip = tip.map_err(|error| {
            tracing::error!(%notebook, %error, "the notebook cannot be read");
            Refusal::Internal
        })?;
        figures::read(if place.view.is_some() { "follow" } else { "load" });
        let is_news = place.view.as_ref().is_some_and(|old| old.tip.commit() != commit);
        let new = held.put(&mut place, tip);
        drop(place);
        if is_news {
            // Nobody may be listening.
            let _ = held.landed.send(commit);
        }
        self.account(notebook, &held, &new);
        Ok(new)
    }

    /// Hears of each commit that the branch moves to, as soon as this server sees it.
    pub fn listen(&self, notebook: &NotebookName) -> broadcast::Receiver<String> {
        self.held(notebook).landed.subscribe()
    }

    /// Puts what a writer made in place of what was known.
    pub fn replace(&self, notebook: &NotebookName, tip: Tip) -> Arc<View> {
        let held = self.held(notebook);
        let mut place = held.place();
        // Who came first has told of it.
        if let Some(known) = place.view.as_ref().filter(|known| known.tip.commit() == tip.commit()) {
            return Arc::clone(known);
        }
        let commit = tip.commit().to_owned();
        let new = held.put(&mut place, tip);
        drop(place);
        let _ = held.landed.send(commit);
        self.account(notebook, &held, &new);
        new
    }

    /// The place of a notebook.
    pub fn held(&self, notebook: &NotebookName) -> Arc<Held> {
        let mut all = self.all();
        let held = all.entry(notebook.clone()).or_insert_with(|| {
            Arc::new(Held {
                place: Mutex::default(),
                queue: Queue::default(),
                landed: broadcast::channel(HEARD).0,
                used: AtomicU64::new(0),
                bytes: AtomicUsize::new(0),
            })
        });
        held.used.store(self.clock.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Arc::clone(held)
    }

    /// Whether all that is held is within its bounds, with room for more.
    pub fn has_room(&self) -> bool {
        self.all().values().map(|held| held.bytes.load(Ordering::Relaxed)).sum::<usize>() < self.most
    }

    /// Notes how much a notebook takes, and lets go of others where all take too much.
    fn account(&self, notebook: &NotebookName, held: &Arc<Held>, view: &View) {
        let bytes = view.bytes();
        held.bytes.store(bytes, Ordering::Relaxed);
        figures::notebook(&notebook.to_string(), bytes, view.tip.survey().len());
        let mut others: Vec<(NotebookName, Arc<Held>)> = {
            let all = self.all();
            all.iter()
                .filter(|(_, other)| !Arc::ptr_eq(other, held))
                .map(|(name, other)| (name.clone(), Arc::clone(other)))
                .collect()
        };
        others.sort_by_key(|(_, other)| other.used.load(Ordering::Relaxed));
        let mut total = bytes;
        total += others.iter().map(|(_, other)| other.bytes.load(Ordering::Relaxed)).sum::<usize>();
        for (name, other) in others {
            if total <= self.most {
                return;
            }
            // Who is at work in it comes back for it.
            let Ok(mut place) = other.place.try_lock() else { continue };
            if place.view.is_none() || !other.queue.is_idle() {
                continue;
            }
            *place = Place::default();
            total -= other.bytes.swap(0, Ordering::Relaxed).min(total);
            figures::read("drop");
            figures::notebook(&name.to_string(), 0, 0);
            tracing::info!(notebook = %name, "let go of, to make room");
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<NotebookName, Arc<Held>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the branch is.
    fn commit(&self, place: &mut Place, notebook: &NotebookName) -> Result<String, Refusal> {
        let failed = |error: GitError| {
            tracing::error!(%notebook, %error, "the repository cannot be read");
            Refusal::Internal
        };
        let store = match place.store.take() {
            Some(open) => open,
            None => Store::bare(&self.data.repository(notebook)).map_err(failed)?,
        };
        let commit = store.branch_at(BRANCH).map_err(failed)?;
        place.store = Some(store);
        commit.ok_or(Refusal::NotFound)
    }
}

impl Held {
    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, place: &mut Place, tip: Tip) -> Arc<View> {
        let new = Arc::new(match &place.view {
            Some(earlier) => View::after(tip, earlier),
            None => View::new(tip),
        });
        place.view = Some(Arc::clone(&new));
        new
    }
}
