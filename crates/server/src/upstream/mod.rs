//! Upstreams: a notebook that is shared through another git repository, and so with every server that does the same.
//!
//! Each such notebook has a task. It takes in what the upstream has, and sends what the upstream lacks. A push is
//! acknowledged before that: it is durable here, and waits where the upstream is away.

mod address;
mod adopt;
mod child;
mod judge;
mod round;
mod state;
mod take;
mod task;
mod there;
mod webhook;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

pub use address::Address;
pub use adopt::{Adopted, adopt};
pub use state::{State, read, remark};
pub use webhook::webhook;

use crate::data::Data;
use crate::failure::Failure;
use crate::names::NotebookName;
use crate::server::Server;
use crate::settings::{NotebookSettings, Settings};

/// How many notebooks speak with their upstreams at once.
const AT_ONCE: usize = 4;
/// Where the upstream's branch was when both had the same, or one held the other.
const SEEN: &str = "refs/upstream/main";
/// Where the upstream's branch was when it was last fetched, whatever came of that.
const INCOMING: &str = "refs/upstream/incoming";

/// All notebooks that have an upstream.
#[derive(Debug)]
pub struct Upstreams {
    all: BTreeMap<NotebookName, Arc<Upstream>>,
    turns: Semaphore,
}

/// A notebook's upstream.
#[derive(Debug)]
struct Upstream {
    notebook: NotebookName,
    repository: PathBuf,
    address: Address,
    /// The branch there; else the one that the upstream's `HEAD` names.
    branch: Option<String>,
    every: Duration,
    token_file: Option<PathBuf>,
    secret_file: Option<PathBuf>,
    /// Somebody pushed here.
    pushed: Notify,
    /// The upstream says that it has something new.
    called: Notify,
    state: Mutex<State>,
}

impl Upstreams {
    /// Those that the settings name.
    ///
    /// # Errors
    /// Where a setting cannot be: no such notebook, a branch that is none, a secret that others can read.
    pub fn new(settings: &Settings, data: &Data) -> Result<Upstreams, Failure> {
        let mut all = BTreeMap::new();
        for (name, of_notebook) in &settings.notebook {
            if let Some(upstream) = Upstream::new(name, of_notebook, data)? {
                all.insert(name.clone(), Arc::new(upstream));
            }
        }
        Ok(Upstreams { all, turns: Semaphore::new(AT_ONCE) })
    }

    /// Says that a notebook's branch may have moved.
    pub fn wake(&self, notebook: &NotebookName) {
        if let Some(upstream) = self.all.get(notebook) {
            upstream.pushed.notify_one();
        }
    }
}

/// Begins to share all notebooks that have an upstream. It ends with the runtime: whatever was not sent by then waits in
/// the repository for the next start.
///
/// # Errors
/// Where the data folder cannot be read.
pub fn start(server: &Arc<Server>) -> Result<(), Failure> {
    for name in server.data.notebooks()? {
        if !server.upstreams.all.contains_key(&name) {
            state::forget(&server.data.repository(&name));
        }
    }
    for upstream in server.upstreams.all.values() {
        tokio::spawn(task::run(Arc::clone(server), Arc::clone(upstream)));
    }
    Ok(())
}

/// Wakes a notebook's upstream when it is dropped: at the end of a push, however that ended.
#[derive(Debug)]
pub struct Wake(Arc<Server>, NotebookName);

impl Wake {
    /// For a push into that notebook.
    pub fn after(server: &Arc<Server>, notebook: &NotebookName) -> Wake {
        Wake(Arc::clone(server), notebook.clone())
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        self.0.upstreams.wake(&self.1);
    }
}

impl Upstream {
    /// The upstream of a notebook; none where its settings name none.
    fn new(
        name: &NotebookName,
        settings: &NotebookSettings,
        data: &Data,
    ) -> Result<Option<Upstream>, Failure> {
        let Some(address) = settings.upstream.clone() else { return Ok(None) };
        let at_fault = |what: String| Failure::new(format!("[notebook.{name}]: {what}"));
        if !data.has(name) {
            return Err(at_fault("there is no such notebook".to_owned())
                .hint(format!("to make it: tickler-server notebook add {name}")));
        }
        if let Some(branch) = &settings.upstream_branch
            && !git2::Reference::is_valid_name(&format!("refs/heads/{branch}"))
        {
            return Err(at_fault(format!("\"{branch}\" cannot be the name of a branch")));
        }
        if settings.upstream_every == 0 {
            return Err(at_fault("\"upstream_every\" is 1 second at least".to_owned()));
        }
        let within = |path: &Option<PathBuf>| path.as_ref().map(|path| data.root().join(path));
        let (token_file, secret_file) =
            (within(&settings.upstream_token_file), within(&settings.webhook_secret_file));
        for file in [&token_file, &secret_file].into_iter().flatten() {
            address::secret_in(file)?;
        }
        let repository = data.repository(name);
        Ok(Some(Upstream {
            notebook: name.clone(),
            state: Mutex::new(State::begin(&repository)),
            repository,
            address,
            branch: settings.upstream_branch.clone(),
            every: Duration::from_secs(settings.upstream_every),
            token_file,
            secret_file,
            pushed: Notify::new(),
            called: Notify::new(),
        }))
    }
}
