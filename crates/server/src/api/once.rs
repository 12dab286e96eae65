//! `Idempotency-Key`: what is asked for twice with one key is done once, and answered twice. What was done is kept in
//! memory for a day, and in the commit that it made, so that it holds when the server was ended in between.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use warp::http::HeaderName;

use super::answer::Answer;
use super::past;
use super::problem::{Kind, Problem};
use crate::asked::Asked;
use crate::names::NotebookName;
use crate::reply::{Refusal, Reply};
use crate::seat::{Seat, blocking};

/// How long a key is known, in seconds.
const DAY: i64 = 24 * 60 * 60;
/// How many keys are known at once. What each costs is some hundred bytes.
const MOST: usize = 100_000;
/// How many bytes of answers are kept. Of older ones only the commit is, from which they can be made again.
const ANSWERS: usize = 4 << 20;
/// When to ask again for what is under way.
const SOON: Duration = Duration::from_secs(1);

/// All keys that are known.
#[derive(Debug, Default)]
pub struct Once {
    table: Mutex<Table>,
    /// The notebooks whose newest commits were looked through.
    recalled: Mutex<HashSet<NotebookName>>,
}

/// What tells one key of one user for one address from all others, and what was sent with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    key: [u8; 16],
    sent: [u8; 8],
}

/// What came of a key.
#[derive(Debug, Clone)]
enum State {
    UnderWay,
    Answered(Arc<Answer>),
    /// As much as a commit tells of it.
    Done([u8; 20]),
}

#[derive(Debug)]
struct Entry {
    sent: [u8; 8],
    /// In seconds.
    since: i64,
    state: State,
}

#[derive(Debug, Default)]
struct Table {
    entries: HashMap<[u8; 16], Entry>,
    /// From the oldest on.
    order: VecDeque<([u8; 16], i64)>,
    /// Those with whole answers, from the oldest on.
    answered: VecDeque<[u8; 16]>,
    bytes: usize,
}

impl Mark {
    /// Of a key, whose it is, where it was used, and with which body.
    pub fn new(user: &str, address: &str, key: &str, body: &[u8]) -> Mark {
        let mut hash = Sha256::new();
        for part in [user, address, key] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let (mut mark, hash, sent) =
            (Mark { key: [0; 16], sent: [0; 8] }, hash.finalize(), Sha256::digest(body));
        mark.key.copy_from_slice(&hash[..16]);
        mark.sent.copy_from_slice(&sent[..8]);
        mark
    }

    /// As a commit keeps it.
    pub fn text(&self) -> String {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        format!("{}-{}", hex(&self.key), hex(&self.sent))
    }

    /// As a commit has kept it.
    pub fn of_text(text: &str) -> Option<Mark> {
        let (key, sent) = text.trim().split_once('-')?;
        let bytes = |hex: &str| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok();
        Some(Mark { key: bytes(key)?.try_into().ok()?, sent: bytes(sent)?.try_into().ok()? })
    }
}

/// Does something, or tells what came of it before. `work` is given what the commit has to keep. It goes on where the
/// asker has left.
///
/// # Errors
/// What `work` says; where the key was used for something else, or the same is under way.
pub async fn once<W>(
    seat: Seat,
    bytes: Vec<u8>,
    work: impl FnOnce(Seat, Vec<u8>, Option<String>) -> W,
) -> Result<Reply, Refusal>
where
    W: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    let Some(key) = key_of(&seat.asked)? else { return Ok(work(seat, bytes, None).await?.reply()) };
    let mark = Mark::new(seat.visitor.user.as_str(), &seat.asked.path, &key, &bytes);
    let server = Arc::clone(&seat.server);
    recall(&seat).await?;
    let now = server.clock.now().timestamp();
    let again = match server.once.begin(mark, now)? {
        None => None,
        Some(State::Answered(answer)) => Some((*answer).clone()),
        Some(State::Done(commit)) => {
            let seat = seat.clone();
            Some(blocking(move || past::answer(&seat, &data_encoding::HEXLOWER.encode(&commit))).await?)
        }
        Some(State::UnderWay) => {
            let problem = Problem::new(Kind::UnderWay, "what was asked for with this key is under way");
            return Err(Problem { wait: Some(SOON), ..problem }.into());
        }
    };
    if let Some(answer) = again {
        return Ok(answer.with(HeaderName::from_static("idempotent-replayed"), "true").reply());
    }
    let begun = Begun { server: Arc::clone(&server), mark, is_done: false };
    let work = work(seat, bytes, Some(mark.text()));
    let done = tokio::spawn(async move {
        let mut begun = begun;
        let answer = work.await?;
        begun.server.once.end(mark, &answer);
        begun.is_done = true;
        Ok(answer)
    });
    let answer = done.await.map_err(|error| {
        tracing::error!(%error, "a deed ended in a defect");
        Refusal::Internal
    })?;
    answer.map(Answer::reply)
}

/// A key whose work has begun. Where that comes to nothing, so does the key: it may be used again.
struct Begun {
    server: Arc<crate::server::Server>,
    mark: Mark,
    is_done: bool,
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.is_done {
            self.server.once.table().entries.remove(&self.mark.key);
        }
    }
}

/// The key that a request shows: 1 to 255 plain characters, in quotes or not.
fn key_of(asked: &Asked) -> Result<Option<String>, Refusal> {
    let name = HeaderName::from_static("idempotency-key");
    if !asked.headers.contains_key(&name) {
        return Ok(None);
    }
    let said = asked.header(name).map(str::trim).unwrap_or_default();
    let key = said.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(said);
    if (1..=255).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Ok(Some(key.to_owned()));
    }
    Err(Refusal::Bad("an Idempotency-Key is 1 to 255 plain characters, such as a UUID"))
}

/// Looks once through the newest commits of the seat's notebook for keys of before the server's start.
async fn recall(seat: &Seat) -> Result<(), Refusal> {
    let (server, notebook) = (Arc::clone(&seat.server), seat.notebook.clone());
    if server.once.recalled().contains(&notebook) {
        return Ok(());
    }
    blocking(move || {
        // Held until all are known, so that nobody goes on without.
        let mut recalled = server.once.recalled();
        if recalled.contains(&notebook) {
            return Ok(());
        }
        let found = past::marks(&server.data.repository(&notebook)).map_err(|error| {
            tracing::error!(%notebook, %error, "the newest commits cannot be read");
            Refusal::Internal
        })?;
        let now = server.clock.now().timestamp();
        let mut table = server.once.table();
        for (mark, commit) in found {
            table.add(mark, now, State::Done(commit));
        }
        recalled.insert(notebook);
        Ok(())
    })
    .await
}

impl Once {
    /// Takes a key: nothing where it is new, and then its work is under way; else what came of it.
    fn begin(&self, mark: Mark, now: i64) -> Result<Option<State>, Refusal> {
        let mut table = self.table();
        table.forget(now);
        match table.entries.get(&mark.key) {
            None => {
                table.add(mark, now, State::UnderWay);
                Ok(None)
            }
            Some(entry) if entry.sent == mark.sent => Ok(Some(entry.state.clone())),
            Some(_) => {
                let problem = Problem::new(Kind::KeyUsed, "this key was used with another body");
                Err(problem.hint("take a new key for what is new").into())
            }
        }
    }

    /// Keeps what came of it.
    fn end(&self, mark: Mark, answer: &Answer) {
        let mut table = self.table();
        let Some(entry) = table.entries.get_mut(&mark.key) else { return };
        entry.state = State::Answered(Arc::new(answer.clone()));
        table.bytes += answer.body.len();
        table.answered.push_back(mark.key);
        table.shorten();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recalled(&self) -> MutexGuard<'_, HashSet<NotebookName>> {
        self.recalled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn add(&mut self, mark: Mark, since: i64, state: State) {
        let old = self.entries.insert(mark.key, Entry { sent: mark.sent, since, state });
        debug_assert!(old.is_none() || matches!(old, Some(Entry { state: State::Done(_), .. })));
        self.order.push_back((mark.key, since));
    }

    /// Forgets what is a day old, and the oldest where there are too many.
    fn forget(&mut self, now: i64) {
        while let Some((key, since)) = self.order.front().copied() {
            if since + DAY > now && self.order.len() < MOST {
                break;
            }
            self.order.pop_front();
            // The key may have been used anew since, or its work may be under way still.
            let is_it = |entry: &Entry| entry.since == since && !matches!(entry.state, State::UnderWay);
            if self.entries.get(&key).is_some_and(is_it)
                && let Some(Entry { state: State::Answered(answer), .. }) = self.entries.remove(&key)
            {
                self.bytes = self.bytes.saturating_sub(answer.body.len());
            }
        }
        while self.answered.front().is_some_and(|key| !self.entries.contains_key(key)) {
            self.answered.pop_front();
        }
    }

    /// Keeps only the commits of the oldest answers, where there are too many bytes of them.
    fn shorten(&mut self) {
        while self.bytes > ANSWERS {
            let Some(key) = self.answered.pop_front() else { break };
            let Some(entry) = self.entries.get_mut(&key) else { continue };
            let State::Answered(answer) = &entry.state else { continue };
            self.bytes = self.bytes.saturating_sub(answer.body.len());
            match answer.commit.as_deref().and_then(past::id) {
                Some(commit) => entry.state = State::Done(commit),
                // It changed nothing, so it may be done again.
                None => drop(self.entries.remove(&key)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use warp::http::StatusCode;

    use super::*;

    fn mark(key: &str, body: &str) -> Mark {
        Mark::new("pat", "/main/x", key, body.as_bytes())
    }

    fn answer(length: usize, commit: Option<&str>) -> Answer {
        let commit = commit.map(str::to_owned);
        Answer { status: StatusCode::OK, headers: Vec::new(), body: vec![b'x'; length], commit }
    }

    #[test]
    fn a_mark_is_of_its_user_address_and_key() {
        let one = Mark::new("pat", "/main/x", "k", b"");
        for (user, address, key) in
            [("sam", "/main/x", "k"), ("pat", "/main/y", "k"), ("pat", "/main/xk", "")]
        {
            assert_ne!(Mark::new(user, address, key, b"").key, one.key, "{user} {address} {key}");
        }
        assert_eq!(Mark::of_text(&one.text()), Some(one));
        for text in ["", "-", "ab-cd", &one.text()[1..]] {
            assert_eq!(Mark::of_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_key_is_used_once_a_day() {
        let once = Once::default();
        let begin = |mark, now| match once.begin(mark, now) {
            Ok(None) => "new",
            Ok(Some(State::UnderWay)) => "under way",
            Ok(Some(State::Answered(_))) => "answered",
            Ok(Some(State::Done(_))) => "done",
            Err(_) => "refused",
        };
        assert_eq!(begin(mark("a", "1"), 0), "new");
        assert_eq!(begin(mark("a", "1"), 1), "under way");
        once.end(mark("a", "1"), &answer(3, None));
        for (sent, now, expected) in [
            (mark("a", "1"), 2, "answered"),
            (mark("a", "2"), 3, "refused"),
            (mark("b", "1"), 4, "new"),
            (mark("a", "1"), DAY - 1, "answered"),
            (mark("a", "2"), DAY, "new"),
        ] {
            assert_eq!(begin(sent, now), expected, "{now}");
        }
    }

    #[test]
    fn old_answers_shrink_to_their_commits() {
        let once = Once::default();
        let commit = "12".repeat(20);
        for (key, commit) in [("a", Some(commit.as_str())), ("b", None), ("c", None)] {
            assert!(once.begin(mark(key, ""), 0).unwrap().is_none());
            once.end(mark(key, ""), &answer(ANSWERS / 2 - 10, commit));
        }
        assert!(matches!(once.begin(mark("a", ""), 1), Ok(Some(State::Done([0x12, ..])))));
        assert!(matches!(once.begin(mark("b", ""), 1), Ok(Some(State::Answered(_)))));
        for key in ["d", "e"] {
            once.begin(mark(key, ""), 1).unwrap();
            once.end(mark(key, ""), &answer(ANSWERS / 2 - 10, None));
        }
        assert!(
            matches!(once.begin(mark("b", ""), 1), Ok(None)),
            "it changed nothing, so it may be done again"
        );
        assert!(once.table().bytes <= ANSWERS);
    }

    #[test]
    fn there_is_an_end_to_how_many_are_known() {
        let once = Once::default();
        for number in 0..MOST + 10 {
            let mark = mark(&number.to_string(), "");
            once.begin(mark, number as i64 / 1000).unwrap();
            once.end(mark, &answer(0, None));
        }
        let table = once.table();
        assert!(table.entries.len() <= MOST && table.order.len() <= MOST + 1);
    }
}
