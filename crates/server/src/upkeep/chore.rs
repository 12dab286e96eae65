//! A git process of the upkeep: it gives way to others, has its time, and ends with the server.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group, setpriority_process};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::git_http::harden;
use crate::names::NotebookName;
use crate::server::Server;

/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How much it gives way: 0 is not at all, 19 is always.
const NICENESS: i32 = 10;
/// How much of git's words is kept for the log.
const WORDS: usize = 2_000;

/// Runs git in a notebook's repository.
///
/// # Errors
/// Where it fails or takes too long, with its words.
pub async fn run(server: &Server, notebook: &NotebookName, words: &[&str]) -> Result<(), String> {
    let mut command = Command::new(&server.git);
    harden(&mut command, &server.data.repository(notebook));
    for setting in ["gc.auto=0", "pack.threads=1", "pack.windowMemory=64m", "core.fsync=committed,reference"]
    {
        command.args(["-c", setting]);
    }
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| error.to_string())?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    // Where the system does not let it, it is only less polite.
    let _ = setpriority_process(group.0, NICENESS);
    let output = timeout(PATIENCE, ended(child)).await.map_err(|_| "it took too long".to_owned())?;
    group.0 = None;
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let kept: String = said.trim().chars().take(WORDS).collect();
    Err(if kept.is_empty() { output.status.to_string() } else { kept })
}

async fn ended(child: Child) -> std::io::Result<std::process::Output> {
    child.wait_with_output().await
}

/// A process and all that it started. They end when nobody waits any more.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = kill_process_group(group, Signal::TERM);
        }
    }
}
