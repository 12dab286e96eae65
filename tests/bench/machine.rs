//! The machine and the programs that a table was made with: without them its figures mean nothing.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::thread;

use serde_json::Value;

use crate::bench::Bench;
use crate::fault::Result;
use crate::sandbox::Sandbox;
use crate::workspace;

/// A program that the bench needs beside cargo and tickler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    Git,
    Ripgrep,
    Taskwarrior,
    Time,
    Python,
}

impl Peer {
    pub const ALL: [Peer; 5] = [Peer::Git, Peer::Ripgrep, Peer::Taskwarrior, Peer::Time, Peer::Python];

    /// The name it is started by.
    pub fn program(self) -> &'static str {
        match self {
            Peer::Git => "git",
            Peer::Ripgrep => "rg",
            Peer::Taskwarrior => "task",
            Peer::Time => "time",
            Peer::Python => "python3",
        }
    }

    /// What to do where it is missing, on Debian.
    pub fn hint(self) -> String {
        let package = match self {
            Peer::Ripgrep => "ripgrep",
            Peer::Taskwarrior => "taskwarrior",
            Peer::Git | Peer::Time | Peer::Python => self.program(),
        };
        format!("apt install {package}")
    }
}

/// Facts to print above the table.
pub struct Machine {
    facts: Vec<(&'static str, String)>,
    peers: Vec<(Peer, Option<String>)>,
}

impl Machine {
    /// Looks at the machine as it is now.
    pub fn look(bench: &Bench) -> Result<Machine> {
        let sandbox = &bench.sandbox;
        let ask = |argv: &[&str]| first_line(sandbox, argv).unwrap_or_else(|| "unknown".to_owned());
        let data = bench.data.to_string_lossy();
        let tickler = bench.tickler.to_string_lossy();
        let cores = thread::available_parallelism()?;
        let facts = vec![
            ("processor", format!("{cores} cores, {}", field("/proc/cpuinfo", "model name"))),
            ("memory", field("/proc/meminfo", "MemTotal")),
            ("kernel", ask(&["uname", "-sr"])),
            ("file system", ask(&["sh", "-c", "df --output=fstype \"$0\" | tail -n 1", &*data])),
            ("load before", fs::read_to_string("/proc/loadavg")?.trim().to_owned()),
            ("tickler", format!("{} ({})", ask(&[&*tickler, "--version"]), revision(sandbox))),
        ];
        let peers = Peer::ALL.map(|peer| (peer, first_line(sandbox, &[peer.program(), "--version"])));
        Ok(Machine { facts, peers: peers.into() })
    }

    /// Whether the program is there.
    pub fn has(&self, peer: Peer) -> bool {
        self.peers.iter().any(|(known, version)| *known == peer && version.is_some())
    }

    pub fn to_json(&self) -> Value {
        self.lines().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
    }

    fn lines(&self) -> impl Iterator<Item = (&str, String)> {
        let facts = self.facts.iter().map(|(name, value)| (*name, value.clone()));
        let peers = self.peers.iter().map(|(peer, version)| {
            let missing = || format!("MISSING: {}", peer.hint());
            (peer.program(), version.clone().unwrap_or_else(missing))
        });
        facts.chain(peers)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().try_for_each(|(name, value)| writeln!(f, "- {name}: {value}"))
    }
}

/// The first line that a program prints; `None` where it is missing or fails.
fn first_line(sandbox: &Sandbox, argv: &[&str]) -> Option<String> {
    let argv: Vec<OsString> = argv.iter().map(OsString::from).collect();
    let output =
        sandbox.command(&argv, &workspace()).output().ok().filter(|output| output.status.success())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// The commit measured, marked where the tree differs from it.
fn revision(sandbox: &Sandbox) -> String {
    let described = first_line(sandbox, &["git", "describe", "--always", "--dirty"]);
    described.unwrap_or_else(|| "no commit".to_owned())
}

/// The first value of `name: value` in a file of the kernel.
fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let value = text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name);
    value.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}
