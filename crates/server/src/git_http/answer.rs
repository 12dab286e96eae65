//! What git says to a request, passed on while it says it, and what it complains of, put into the log.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::io::{AsyncReadExt, copy, sink};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::{Instant, timeout_at};

use super::Service;
use super::body::Unfed;
use super::child::{End, Errand, Worker};
use super::permits::Permit;
use crate::upkeep::Writing;
use crate::upstream::Wake;

/// How much of what git prints is passed on at once.
const CHUNK: usize = 64 << 10;
/// The most of git's complaints that are kept for the log.
const WORDS: u64 = 4 << 10;
/// How long a push that came in half may take to end by itself, which it does as its standard input ends. It clears up
/// then; a signal reaches it and what it started at once, and the one may still write where the other clears up.
const CLEARING: Duration = Duration::from_secs(1);
/// What every token begins with.
const SECRET: &str = "tickler_";

/// What git says, for as long as somebody listens.
///
/// Where nobody does any more, git is ended. But a push that came in as a whole is carried to its end, so that nothing
/// is cut off in the midst of a change.
pub struct Answer {
    at_work: Option<AtWork>,
    service: Service,
    body: Told,
    has_spoken: bool,
}

struct AtWork {
    worker: Worker,
    stdout: ChildStdout,
    held: Held,
}

/// What is held for as long as git is at work.
pub struct Held {
    /// Its turn.
    pub _permit: Permit,
    /// The right to write, which keeps upkeep away.
    pub _writing: Option<Writing>,
    /// The upstream is to hear of it.
    pub _wake: Option<Wake>,
}

/// What became of the request's body.
#[derive(Debug)]
enum Told {
    /// It is still being read, as far as is known.
    NotYet(Receiver<Unfed>),
    /// All of it was taken.
    Taken,
    /// It was not.
    Refused,
}

/// Why an answer ends before its time.
#[derive(Debug)]
pub enum Broken {
    /// The body is refused.
    Refused(Unfed),
    /// git was ended, or took too long, or failed without a word.
    Cut,
    /// What the system says.
    Failed(std::io::Error),
}

impl From<Broken> for std::io::Error {
    fn from(broken: Broken) -> std::io::Error {
        match broken {
            Broken::Failed(error) => error,
            Broken::Refused(_) | Broken::Cut => std::io::ErrorKind::ConnectionAborted.into(),
        }
    }
}

impl Answer {
    /// What that process says on its standard output. `told` says why the body is refused, and closes where it is not.
    pub fn new(
        service: Service,
        worker: Worker,
        stdout: ChildStdout,
        told: Receiver<Unfed>,
        held: Held,
    ) -> Answer {
        let at_work = Some(AtWork { worker, stdout, held });
        Answer { at_work, service, body: Told::NotYet(told), has_spoken: false }
    }

    /// The next piece; none once git has ended.
    ///
    /// # Errors
    /// Where the rest cannot be believed: the body was refused, or git was cut off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Broken> {
        let Some(at_work) = &mut self.at_work else { return Ok(None) };
        let mut chunk = Vec::with_capacity(CHUNK);
        let until = at_work.worker.until();
        let count = tokio::select! {
            biased;
            refusal = self.body.refusal() => return Err(Broken::Refused(refusal)),
            read = timeout_at(until, at_work.stdout.read_buf(&mut chunk)) => {
                read.map_err(|_| Broken::Cut)?.map_err(Broken::Failed)?
            }
        };
        if count > 0 {
            self.has_spoken = true;
            return Ok(Some(chunk.into()));
        }
        let Some(AtWork { worker, .. }) = self.at_work.take() else { return Ok(None) };
        match worker.end().await {
            End::Good => Ok(None),
            // It has told the client what is wrong, in the words of the protocol.
            End::Failed if self.has_spoken => Ok(None),
            End::Failed | End::Cut => Err(Broken::Cut),
        }
    }

    /// All that is still to come, behind a first piece.
    pub fn into_stream(self, first: Bytes) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
        stream::unfold((Some(first), Some(self)), |(first, answer)| async move {
            let mut answer = answer?;
            if first.is_some() {
                return first.map(|first| (Ok(first), (None, Some(answer))));
            }
            match answer.next().await {
                Ok(chunk) => chunk.map(|chunk| (Ok(chunk), (None, Some(answer)))),
                Err(broken) => Some((Err(broken.into()), (None, None))),
            }
        })
    }
}

impl Told {
    /// Waits until the body is refused, which may be for ever.
    async fn refusal(&mut self) -> Unfed {
        if let Told::NotYet(told) = self {
            match told.await {
                Ok(refusal) => {
                    *self = Told::Refused;
                    return refusal;
                }
                Err(_) => *self = Told::Taken,
            }
        }
        std::future::pending().await
    }

    /// Whether git has all of it.
    fn is_taken(&mut self) -> bool {
        match self {
            Told::NotYet(told) => matches!(told.try_recv(), Err(TryRecvError::Closed)),
            Told::Taken => true,
            Told::Refused => false,
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let Some(AtWork { worker, mut stdout, held }) = self.at_work.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if self.service == Service::UploadPack {
            return;
        }
        let until = if self.body.is_taken() { worker.until() } else { Instant::now() + CLEARING };
        runtime.spawn(async move {
            let end = async {
                let _ = copy(&mut stdout, &mut sink()).await;
                worker.end().await
            };
            let _ = timeout_at(until, end).await;
            drop(held);
        });
    }
}

/// Puts git's complaints into the log, with whose they are.
pub fn note_complaints(errand: &Errand<'_>, stderr: Option<ChildStderr>) {
    let Some(mut stderr) = stderr else { return };
    let (service, user, notebook) =
        (errand.service, errand.visitor.user.to_string(), errand.notebook.to_string());
    tokio::spawn(async move {
        let mut said = Vec::new();
        let _ = (&mut stderr).take(WORDS).read_to_end(&mut said).await;
        let words = presentable(&String::from_utf8_lossy(&said));
        if !words.is_empty() {
            tracing::warn!(service = service.word(), user, notebook, words, "git complains");
        }
        let _ = copy(&mut stderr, &mut sink()).await;
    });
}

/// Words on one line, without what a terminal would take for orders, and without secrets: git repeats what it was sent.
fn presentable(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let line: String = lines.join("; ").chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let mut parts = line.split(SECRET);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(SECRET);
        shown.push('…');
        shown.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_come_on_one_line_and_without_secrets() {
        for (said, shown) in [
            ("", ""),
            ("fatal: early EOF\n", "fatal: early EOF"),
            ("error: one\n\n  fatal: two\r\n", "error: one; fatal: two"),
            ("fatal: no \u{1b}[2Jref", "fatal: no ?[2Jref"),
            ("want tickler_abcd1234_WXYZ, tickler_9", "want tickler_…, tickler_…"),
        ] {
            assert_eq!(presentable(said), shown);
        }
    }
}
