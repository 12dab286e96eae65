//! git as a client of an upstream: bounded in time, with its secret in its environment, and gone when nobody waits.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tickler_core::git::Said;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::git_http::harden;

/// How long a process that was told to end may take.
const GRACE: Duration = Duration::from_secs(5);
/// The most that git says, in bytes.
const WORDS: u64 = 8 << 20;

/// Settings that hold whatever the repository's own say.
const SETTINGS: [&str; 15] = [
    "core.hooksPath=/dev/null",
    "core.fsync=committed,reference",
    "fetch.fsckObjects=true",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
    // What opens one host is not shown to another one.
    "http.followRedirects=false",
    "credential.helper=",
    "protocol.allow=never",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.file.allow=always",
    "pack.threads=1",
];

/// What of our own environment git needs on the network.
const ON_THE_WAY: [&str; 9] = [
    "SSH_AUTH_SOCK",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "GIT_SSL_CAINFO",
];

/// Runs git in a repository to its end. `header` is a setting and its value that nobody may see.
pub async fn run(
    git: &Path,
    repository: &Path,
    header: Option<&(String, String)>,
    words: &[&str],
    patience: Duration,
) -> Said {
    let mut command = Command::new(git);
    harden(&mut command, repository);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args(words);
    for name in ON_THE_WAY {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20");
    if let Some((key, value)) = header {
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", key).env("GIT_CONFIG_VALUE_0", value);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    match command.spawn() {
        Ok(child) => listen(Client(Some(child)), patience).await,
        Err(error) => {
            Said { ok: false, out: String::new(), words: format!("fatal: git does not start: {error}") }
        }
    }
}

async fn listen(mut client: Client, patience: Duration) -> Said {
    let Some(child) = &mut client.0 else {
        return Said { ok: false, out: String::new(), words: String::new() };
    };
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let ended = tokio::time::timeout(patience, async {
        let (out, words, ended) = tokio::join!(heard(out), heard(err), child.wait());
        (out, words, ended.is_ok_and(|status| status.success()))
    })
    .await;
    match ended {
        Ok((out, words, ok)) => {
            client.0 = None;
            // What an upstream says must not steer a terminal that shows the log.
            let words = words.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            Said { ok, out, words }
        }
        Err(_) => {
            let words = format!("fatal: silent for {} s\n", patience.as_secs());
            Said { ok: false, out: String::new(), words }
        }
    }
}

async fn heard(stream: Option<impl tokio::io::AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let mut bytes = Vec::new();
    let _ = (&mut stream).take(WORDS).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A git process. Dropped before its end, it is ended with all that it started.
struct Client(Option<Child>);

impl Drop for Client {
    fn drop(&mut self) {
        let Some(mut child) = self.0.take() else { return };
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let signal = move |signal| group.map(|group| kill_process_group(group, signal));
        // git takes its locks away when it is asked to end.
        signal(Signal::TERM);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
                    signal(Signal::KILL);
                    let _ = child.wait().await;
                }
            });
        }
    }
}
