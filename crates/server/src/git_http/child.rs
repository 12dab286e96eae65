//! A git process of ours: with an environment and settings of its own, bounded, and gone when nobody waits for it.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::time::Instant;

use super::Service;
use crate::figures::Running;
use crate::names::NotebookName;
use crate::people::{Role, Visitor};
use crate::server::Server;

/// How long processes that were told to end may take.
const GRACE: Duration = Duration::from_secs(5);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(20);
/// By which a process is known that an earlier server left behind.
pub const MARK: &str = "TICKLER_SERVER_CHILD";

/// Settings that hold whatever the repository's own say.
const SETTINGS: [&str; 23] = [
    "receive.fsckObjects=true",
    "receive.denyNonFastForwards=true",
    "receive.denyDeletes=true",
    "receive.denyCurrentBranch=refuse",
    "receive.autogc=false",
    "receive.advertisePushOptions=false",
    // A small push stays loose objects: a pack for each would save nothing, and upkeep packs them later.
    "receive.unpackLimit=100",
    "receive.hideRefs=refs/sync",
    "receive.hideRefs=refs/upstream",
    "gc.auto=0",
    "maintenance.auto=false",
    "uploadpack.allowFilter=false",
    "uploadpack.hideRefs=refs/",
    "uploadpack.hideRefs=!refs/heads/main",
    "core.fsync=committed,reference",
    "core.bigFileThreshold=1m",
    // However large a pack grows, only so much of it is in memory.
    "core.packedGitWindowSize=16m",
    "core.packedGitLimit=256m",
    "core.deltaBaseCacheLimit=64m",
    "pack.threads=1",
    // Folders' lists are mostly ids, which no packing makes smaller; upkeep packs what stays.
    "core.looseCompression=0",
    "pack.compression=1",
    "pack.windowMemory=64m",
];

/// For whom a git process runs, and on what.
#[derive(Debug, Clone, Copy)]
pub struct Errand<'a> {
    /// The service.
    pub service: Service,
    /// The notebook.
    pub notebook: &'a NotebookName,
    /// The user.
    pub visitor: &'a Visitor,
    /// What the user is in the notebook.
    pub role: Role,
    /// The version of the protocol that the client asks for.
    pub protocol: Option<&'a str>,
    /// How long it may take.
    pub wall: Duration,
}

/// A git process that is at work. Dropped before its end, it is ended with all that it started.
#[derive(Debug)]
pub struct Worker {
    child: Option<Child>,
    until: Instant,
    _running: Running,
}

/// How a git process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Good,
    /// It gave up by itself, and has said why.
    Failed,
    /// Something else ended it, or it took too long: what it printed may be half of it.
    Cut,
}

impl Worker {
    /// Starts git for that errand. `words` are its arguments behind the service's name.
    ///
    /// # Errors
    /// What the system says.
    pub fn start(server: &Server, errand: &Errand<'_>, words: &[&str]) -> std::io::Result<Worker> {
        let repository = server.data.repository(errand.notebook);
        let mut command = Command::new(&server.git);
        harden(&mut command, &repository);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let user = &errand.visitor.user;
        let most = server.settings.limits.push_bytes;
        command.arg("-c").arg(format!("core.hooksPath={}", server.data.hooks().display()));
        command.arg("-c").arg(format!("receive.maxInputSize={most}"));
        command.arg("-c").arg(format!("receive.hideRefs=!refs/sync/{user}"));
        command.arg("-c").arg(format!("uploadpack.hideRefs=!refs/sync/{user}/here"));
        command.arg(errand.service.word()).arg("--stateless-rpc").args(words).arg(".");
        command.env("TICKLER_USER", user.as_str()).env("TICKLER_ROLE", errand.role.as_str());
        command.env("TICKLER_TOKEN_ID", &errand.visitor.token);
        command.env("TICKLER_DATA", server.data.root()).env("TICKLER_NOTEBOOK", errand.notebook.as_str());
        if let Some(protocol) = errand.protocol {
            command.env("GIT_PROTOCOL", protocol);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn()?;
        // git starts nothing before it has read something, and nothing is written before this; so the bounds hold for
        // all that it starts.
        bound(&child, errand.wall, most);
        Ok(Worker {
            child: Some(child),
            until: Instant::now() + errand.wall,
            _running: Running::new(errand.service.word()),
        })
    }

    /// Its three streams.
    pub fn streams(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>) {
        let Some(child) = &mut self.child else { return (None, None, None) };
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    }

    /// Until when it may take.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Waits for its end.
    pub async fn end(mut self) -> End {
        let Some(child) = &mut self.child else { return End::Cut };
        let Ok(Ok(status)) = tokio::time::timeout_at(self.until, child.wait()).await else { return End::Cut };
        self.child = None;
        match status {
            status if status.success() => End::Good,
            status if status.signal().is_some() => End::Cut,
            _ => End::Failed,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        let Some(group) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) else { return };
        let _ = kill_process_group(group, Signal::TERM);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // The number of a group is nobody else's as long as one of the group is there.
                let all = async {
                    let _ = child.wait().await;
                    while test_kill_process_group(group).is_ok() {
                        tokio::time::sleep(LOOK).await;
                    }
                };
                if tokio::time::timeout(GRACE, all).await.is_err() {
                    let _ = kill_process_group(group, Signal::KILL);
                    let _ = child.wait().await;
                }
            });
        }
    }
}

/// An environment of its own, in a process group of its own.
pub fn harden(command: &mut Command, repository: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", "/nonexistent").env("LC_ALL", "C");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_REPLACE_OBJECTS", "1").env(MARK, "1");
    command.current_dir(repository).process_group(0);
}

/// Bounds on what a process, and each that it starts, may use.
#[cfg(target_os = "linux")]
fn bound(child: &Child, wall: Duration, push: u64) {
    use rustix::process::{Resource, Rlimit, prlimit};
    const MEMORY: u64 = 512 << 20;
    const FILE: u64 = 256 << 20;
    const FILES: u64 = 256;
    /// In seconds: what waits for a slow line uses none.
    const CPU: u64 = 120;
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if pid.is_none() {
        return;
    }
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, wall.as_secs().clamp(1, CPU)),
        // A push that leaves out what its changes are against is written with that.
        (Resource::Fsize, FILE.max(push.saturating_mul(4))),
        (Resource::Nofile, FILES),
    ];
    for (resource, most) in limits {
        let _ = prlimit(pid, resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

/// Other systems know no bounds that can be set on a process from outside; there the clock is the bound.
#[cfg(not(target_os = "linux"))]
fn bound(_child: &Child, _wall: Duration, _push: u64) {}
