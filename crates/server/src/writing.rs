//! The one way in which pages and the API write: a deed of the core's `verbs`, planned on the branch as it is, and
//! done by compare-and-swap; where somebody was quicker, planned anew. Deeds that wait for the same notebook are done
//! together: each on top of the one before, each with a commit of its own, flushed at once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tickler_core::git::{GitError, Person};
use tickler_core::notebook::{Publishing, Survey, Tip, TipError, Unpublished};
use tickler_core::verbs::{self, Desk, Planned};
use tokio::sync::oneshot;

use crate::asked::Asked;
use crate::figures;
use crate::hook::{self, BRANCH};
use crate::names::NotebookName;
use crate::people::Visitor;
use crate::reply::Refusal;
use crate::server::Server;
use crate::tips::{Held, View};
use crate::upkeep::Writing;

/// How often deeds are planned anew where somebody else moved the branch.
const TRIES: u32 = 50;
/// The most deeds that are done together, so that the first of them need not wait long.
const TOGETHER: usize = 64;

/// How a deed came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By a form of a page.
    Web,
    /// By the API.
    Api,
}

impl Via {
    fn word(self) -> &'static str {
        match self {
            Via::Web => "web",
            Via::Api => "api",
        }
    }
}

/// How a deed came, and by which its commit is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// How it came.
    pub via: Via,
    /// What its commit keeps of an `Idempotency-Key`, so that one who asks again after a crash is told what was done.
    pub once: Option<String>,
}

impl From<Via> for Manner {
    fn from(via: Via) -> Manner {
        Manner { via, once: None }
    }
}

/// The trailer that keeps [`Manner::once`].
pub const ONCE: &str = "Idempotency";

/// What was done.
pub struct Written {
    /// As it was planned, on what was there then.
    pub planned: Planned,
    /// Its commit; none where nothing had to change.
    pub commit: Option<String>,
    /// The notebook as it is now: others may have written since, but never before.
    pub view: Arc<View>,
}

/// Plans a deed and does it. `plan` may be asked more than once. The visitor's right is looked at before.
///
/// # Errors
/// What `plan` says; where the visitor writes too often, or the notebook cannot be read or written.
pub async fn write(
    server: &Arc<Server>,
    asked: &Asked,
    visitor: &Visitor,
    notebook: &NotebookName,
    manner: impl Into<Manner>,
    plan: impl FnMut(&Survey<'_>, &Desk<'_>) -> Result<Planned, verbs::Refusal> + Send + 'static,
) -> Result<Written, Refusal> {
    server.pace.note(&visitor.user).map_err(Refusal::TooManyWrites)?;
    let right = server.upkeep.writing(server, notebook).await?;
    let (answer, answered) = oneshot::channel();
    let waiting = Waiting {
        plan: Box::new(plan),
        visitor: visitor.clone(),
        author: server.person(&visitor.user),
        manner: manner.into(),
        request: asked.trace.id.clone(),
        answer,
        _right: right,
    };
    let held = server.tips.held(notebook);
    if held.queue.add(waiting) {
        let (server, notebook) = (Arc::clone(server), notebook.clone());
        tokio::task::spawn_blocking(move || work_off(&server, &notebook, &held));
    }
    let written = answered.await.map_err(|_| {
        tracing::error!("a deed ended in a defect");
        Refusal::Internal
    })??;
    server.upstreams.wake(notebook);
    Ok(written)
}

type Plan = Box<dyn FnMut(&Survey<'_>, &Desk<'_>) -> Result<Planned, verbs::Refusal> + Send>;

/// A deed whose turn it is not yet.
pub struct Waiting {
    plan: Plan,
    visitor: Visitor,
    author: Person,
    manner: Manner,
    request: String,
    answer: oneshot::Sender<Result<Written, Refusal>>,
    _right: Writing,
}

/// The deeds that wait for one notebook.
#[derive(Default)]
pub struct Queue(Mutex<Line>);

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    /// Somebody works them off.
    is_served: bool,
}

impl Queue {
    /// Puts a deed at the end. Says whether the caller has to see to it that they are worked off.
    fn add(&self, deed: Waiting) -> bool {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        line.waiting.push_back(deed);
        !std::mem::replace(&mut line.is_served, true)
    }

    /// The next that are done together; with none left, nobody works them off any more.
    fn next(&self) -> Vec<Waiting> {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = line.waiting.len().min(TOGETHER);
        line.is_served = count > 0;
        line.waiting.drain(..count).collect()
    }

    /// Whether nobody writes, or is about to.
    pub fn is_idle(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_served
    }
}

/// Does the deeds that wait, until there are none.
fn work_off(server: &Server, notebook: &NotebookName, held: &Held) {
    loop {
        let deeds = held.queue.next();
        if deeds.is_empty() {
            return;
        }
        // Whoever waits for an answer learns of it by the answer's end.
        if catch_unwind(AssertUnwindSafe(|| together(server, notebook, deeds))).is_err() {
            tracing::error!(%notebook, "deeds ended in a defect");
        }
    }
}

/// What became of a deed's plan: the deed and its commit, or why there is none.
type Outcome = Result<(Planned, Option<String>), Refusal>;

/// Does these deeds, and answers each.
fn together(server: &Server, notebook: &NotebookName, mut deeds: Vec<Waiting>) {
    for round in 0..TRIES {
        let view = match server.tips.view(server, notebook) {
            Ok(view) => view,
            Err(refusal) => return refuse(deeds, &refusal),
        };
        let mut tip = view.tip.clone();
        let mut unpublished = Unpublished::on(&tip);
        let outcomes: Vec<Outcome> =
            deeds.iter_mut().map(|deed| deed.add(server, &mut tip, &mut unpublished)).collect();
        let is_news = !unpublished.is_empty();
        match tip.publish(BRANCH, &unpublished) {
            Ok(()) => {
                figures::written(outcomes.len());
                let view = if is_news { server.tips.replace(notebook, tip) } else { view };
                for (deed, outcome) in deeds.into_iter().zip(outcomes) {
                    let view = Arc::clone(&view);
                    let written = outcome.map(|(planned, commit)| Written { planned, commit, view });
                    // Who asked may be gone.
                    let _ = deed.answer.send(written);
                }
                return;
            }
            Err(TipError::Git(GitError::Moved)) => {
                std::thread::sleep(Duration::from_millis(u64::from(round % 10)));
            }
            Err(error) => {
                tracing::error!(%notebook, %error, "deeds cannot be written");
                return refuse(deeds, &Refusal::Internal);
            }
        }
    }
    refuse(deeds, &Refusal::Busy(Duration::from_secs(1)));
}

fn refuse(deeds: Vec<Waiting>, refusal: &Refusal) {
    for deed in deeds {
        let _ = deed.answer.send(Err(refusal.clone()));
    }
}

impl Waiting {
    /// Plans it on what is there, and adds its commit. Where it comes to nothing, the next one goes on from the same.
    fn add(&mut self, server: &Server, tip: &mut Tip, unpublished: &mut Unpublished) -> Outcome {
        let settings = tip.notebook().settings();
        let me = self.visitor.handle(settings, &self.author.email);
        let time = server.clock.time(settings);
        let desk = Desk { settings, today: tip.today(), time, me: me.as_deref() };
        let plan = &mut self.plan;
        let planned = catch_unwind(AssertUnwindSafe(|| plan(&tip.survey(), &desk))).map_err(|_| {
            tracing::error!(request = self.request, "a deed ended in a defect");
            Refusal::Internal
        })?;
        let planned = planned.map_err(|refusal| Refusal::Deed(Box::new(refusal)))?;
        let mut trailers = vec![
            ("Via", self.manner.via.word()),
            ("Token-Id", &*self.visitor.token),
            ("Request-Id", &*self.request),
        ];
        trailers.extend(self.manner.once.as_deref().map(|once| (ONCE, once)));
        let committer = hook::server();
        let how = Publishing { author: &self.author, committer: &committer, trailers: &trailers };
        let commit = tip.add(&planned.deed, &how, unpublished).map_err(|error| {
            tracing::error!(request = self.request, %error, "a deed cannot be written");
            Refusal::Internal
        })?;
        Ok((planned, commit))
    }
}
