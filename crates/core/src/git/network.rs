//! The user's own git on the network: fetch, push and clone, with its words told apart and its progress passed on.
//!
//! ssh, credential helpers, proxies and the settings of either work because it is the user's git that asks.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::program::ELSEWHERE;

/// How long git may say nothing at all before it is given up.
const SILENCE: Duration = Duration::from_secs(60);
/// The same where it may be the user who is asked.
const THINKING: Duration = Duration::from_secs(600);
/// How many lines of git's words are passed on.
const MOST_LINES: usize = 6;

/// Why the remote gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Nobody is there, or the way there is cut.
    #[error("the remote cannot be reached: {0}")]
    Unreachable(String),
    /// It does not take the name, the token or the key.
    #[error("the remote does not let us in: {0}")]
    Denied(String),
    /// It knows us, and we have no right to do that.
    #[error("the remote does not allow it: {0}")]
    Forbidden(String),
    /// It has no such repository.
    #[error("the remote has no such repository: {0}")]
    NoSuch(String),
    /// It has ids of another kind than this repository.
    #[error("the remote keeps its history in another way than tickler can read: {0}")]
    Format(String),
    /// There is no git.
    #[error("the program \"git\" is needed to reach the remote, and it is not there")]
    NoProgram,
    /// git failed at something else. These are its words.
    #[error("git failed: {0}")]
    Other(String),
}

impl NetworkError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            NetworkError::Unreachable(_) => "look at the network and at the address: git remote -v",
            NetworkError::Denied(_) => {
                "look at the user and the token or key; git keeps them in its credential helper"
            }
            NetworkError::Forbidden(_) => "ask those who keep the remote for the right to it",
            NetworkError::NoSuch(_) => "look at the address: git remote -v",
            NetworkError::Format(_) => "tickler reads repositories with SHA-1 ids and refs in files",
            NetworkError::NoProgram => "install git, or put it on the PATH",
            NetworkError::Other(_) => return None,
        })
    }

    /// Of what git said before it gave up.
    pub fn of(words: &str) -> NetworkError {
        let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        let said = reason(words);
        if has(&[
            "unexpected object format",
            "mismatched algorithms",
            "object format",
            "reftable",
            "refstorage",
        ]) {
            return NetworkError::Format(said);
        }
        if has(&[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "Permission denied (",
            "returned error: 401",
            "HTTP 401",
            "Host key verification failed",
        ]) {
            return NetworkError::Denied(said);
        }
        if has(&["returned error: 403", "HTTP 403"]) {
            return NetworkError::Forbidden(said);
        }
        if has(&[
            "does not appear to be a git repository",
            "not found",
            "returned error: 404",
            "does not exist",
        ]) {
            return NetworkError::NoSuch(said);
        }
        if has(&[
            "Could not resolve",
            "Failed to connect",
            "Couldn't connect",
            "Connection refused",
            "Connection timed out",
            "Connection reset",
            "Connection closed",
            "Network is unreachable",
            "No route to host",
            "Operation timed out",
            "Operation too slow",
            "unable to access",
            "hung up unexpectedly",
            "early EOF",
            "unable to connect",
            "silent for",
            "returned error: 5",
        ]) {
            return NetworkError::Unreachable(said);
        }
        NetworkError::Other(said)
    }
}

/// What git said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether it ended well.
    pub ok: bool,
    /// Its standard output.
    pub out: String,
    /// Its words, without the progress.
    pub words: String,
}

/// Runs git in a folder. `progress` is told of how many objects how many are there, as git counts them. With `may_ask`
/// git may ask the user at the terminal.
///
/// # Errors
/// Where there is no git.
pub(super) fn run(
    folder: &Path,
    arguments: &[&str],
    may_ask: bool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Said, NetworkError> {
    let mut command = Command::new("git");
    // A connection that stands still is one that is lost.
    command.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30"]);
    // A sync moves a few kilobytes, half of them ids that no packing makes smaller: the time is worth more.
    command.args(["-c", "core.looseCompression=0", "-c", "pack.compression=1"]);
    command.args(arguments).current_dir(folder);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").env("LANGUAGE", "C");
    // What git creates is what libgit2 can open.
    command.env("GIT_DEFAULT_HASH", "sha1").env("GIT_DEFAULT_REF_FORMAT", "files");
    // Traces would put secrets into what we pass on.
    for name in ["GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE_PACKET"] {
        command.env_remove(name);
    }
    if !may_ask {
        command.env("GIT_TERMINAL_PROMPT", "0");
        if std::env::var_os("GIT_SSH_COMMAND").is_none() && std::env::var_os("GIT_SSH").is_none() {
            command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20");
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NetworkError::NoProgram,
        _ => NetworkError::Other(error.to_string()),
    })?;
    let patience = if may_ask { THINKING } else { SILENCE };
    Ok(listen(child, patience, progress))
}

/// Listens to git until it ends, or says nothing for too long.
fn listen(mut child: Child, patience: Duration, progress: &(dyn Fn(u64, u64) + Sync)) -> Said {
    let (send, heard) = mpsc::channel::<Heard>();
    let out = child.stdout.take();
    let err = child.stderr.take();
    thread::scope(|scope| {
        let other = send.clone();
        scope.spawn(move || pass_on(out, &other, Heard::Out));
        scope.spawn(move || pass_on(err, &send, Heard::Err));
        let (mut out, mut words) = (Vec::new(), Words::default());
        let mut is_silent = false;
        loop {
            match heard.recv_timeout(patience) {
                Ok(Heard::Out(bytes)) => out.extend(bytes),
                Ok(Heard::Err(bytes)) => words.hear(&bytes, progress),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    is_silent = true;
                    let _ = child.kill();
                    break;
                }
            }
        }
        let ok = child.wait().is_ok_and(|status| status.success()) && !is_silent;
        let mut words = words.end();
        if is_silent {
            words.push_str(&format!("fatal: silent for {} s\n", patience.as_secs()));
        }
        Said { ok, out: String::from_utf8_lossy(&out).into_owned(), words }
    })
}

enum Heard {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

fn pass_on(stream: Option<impl Read>, send: &mpsc::Sender<Heard>, as_what: fn(Vec<u8>) -> Heard) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 8192];
    while let Ok(count) = stream.read(&mut buffer) {
        if count == 0 || send.send(as_what(buffer[..count].to_vec())).is_err() {
            return;
        }
    }
}

/// git's words as they come: lines of progress are passed on, the others kept.
#[derive(Default)]
struct Words {
    kept: String,
    line: Vec<u8>,
}

impl Words {
    fn hear(&mut self, bytes: &[u8], progress: &(dyn Fn(u64, u64) + Sync)) {
        for byte in bytes {
            if !matches!(byte, b'\n' | b'\r') {
                self.line.push(*byte);
                continue;
            }
            let line = String::from_utf8_lossy(&self.line).into_owned();
            self.line.clear();
            match counts(&line) {
                Some((done, of)) => progress(done, of),
                None => self.keep(&line),
            }
        }
    }

    fn keep(&mut self, line: &str) {
        // What a remote says must not steer the terminal.
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        if !line.trim().is_empty() {
            self.kept.push_str(line.trim_end());
            self.kept.push('\n');
        }
    }

    fn end(mut self) -> String {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        self.keep(&line);
        self.kept
    }
}

/// The counts of `Receiving objects:  45% (9/20), 1 MiB`.
fn counts(line: &str) -> Option<(u64, u64)> {
    let (_, rest) = line.split_once("% (")?;
    let (counts, _) = rest.split_once(')')?;
    let (done, of) = counts.split_once('/')?;
    Some((done.parse().ok()?, of.parse().ok()?))
}

/// The lines that say why, in one, without the words in front of them and without passwords.
fn reason(words: &str) -> String {
    let marks = ["fatal: ", "error: ", "remote: "];
    let lines: Vec<&str> = words.lines().collect();
    let telling: Vec<&str> = lines
        .iter()
        .filter_map(|line| marks.iter().find_map(|mark| line.strip_prefix(mark)))
        .filter(|line| !line.trim().is_empty())
        .collect();
    let telling = if telling.is_empty() { lines } else { telling };
    let said: Vec<&str> =
        telling.into_iter().take(MOST_LINES).map(|line| line.trim_end_matches('.')).collect();
    without_password(&said.join("; "))
}

/// Takes what stands between `://` and `@` out of every address.
pub fn without_password(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|c: char| c == '/' || c.is_whitespace() || "'\"".contains(c));
        let host = &after[..end.unwrap_or(after.len())];
        let skip = host.rfind('@').map_or(0, |at| at + 1);
        rest = &after[skip..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        type Kind = fn(String) -> NetworkError;
        let rows: [(&str, Kind); 9] = [
            ("fatal: unable to access 'http://h/': Could not resolve host: h\n", NetworkError::Unreachable),
            (
                "ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.\n",
                NetworkError::Unreachable,
            ),
            ("fatal: Authentication failed for 'http://h/'\n", NetworkError::Denied),
            (
                "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.\n",
                NetworkError::Denied,
            ),
            (
                "fatal: unable to access 'http://h/': The requested URL returned error: 403\n",
                NetworkError::Forbidden,
            ),
            ("fatal: repository 'http://h/x/' not found\n", NetworkError::NoSuch),
            ("fatal: '/x' does not appear to be a git repository\n", NetworkError::NoSuch),
            ("fatal: mismatched algorithms: client sha1; server sha256\n", NetworkError::Format),
            ("fatal: something else\n", NetworkError::Other),
        ];
        for (words, kind) in rows {
            let found = NetworkError::of(words);
            assert_eq!(
                std::mem::discriminant(&found),
                std::mem::discriminant(&kind(String::new())),
                "{words}"
            );
        }
    }

    #[test]
    fn passwords_are_not_told() {
        for (text, told) in [
            ("http://pat:secret@h/x", "http://h/x"),
            ("at 'https://tok@h.example/a@b' and ssh://git@h", "at 'https://h.example/a@b' and ssh://h"),
            ("git@h:x", "git@h:x"),
            ("/folder", "/folder"),
        ] {
            assert_eq!(without_password(text), told);
        }
        assert_eq!(reason("fatal: no 'http://a:b@h/'.\n"), "no 'http://h/'");
    }

    #[test]
    fn progress_is_passed_on_and_not_kept() {
        let mut words = Words::default();
        let seen = std::sync::Mutex::new(Vec::new());
        let note = |done, of| seen.lock().unwrap().push((done, of));
        words.hear(b"Receiving objects:  50% (1/2)\rReceiving objects: 100% (2/2), done.\nremo", &note);
        words.hear(b"te: hello\x1b[2J\nlast", &note);
        assert_eq!(*seen.lock().unwrap(), [(1, 2), (2, 2)]);
        assert_eq!(words.end(), "remote: hello[2J\nlast\n");
    }
}
