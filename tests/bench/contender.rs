//! A command that is measured beside others, and how.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::corpus::succeeded;
use crate::fault::{Fault, Result};
use crate::machine::Peer;
use crate::sandbox::Sandbox;

/// What is measured of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    /// From starting the process to its end.
    Milliseconds,
    /// The largest resident set, as the kernel counted it, in millions of bytes.
    Megabytes,
}

/// What a command must print for its figure to mean anything; looked at in the warm-up only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    Something,
    Nothing,
    /// This line and no other.
    Line(String),
}

/// One command of a group, with what has to be done before each of its runs.
pub struct Contender<'a> {
    pub name: &'static str,
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    pub folder: PathBuf,
    pub gauge: Gauge,
    pub expect: Expect,
    /// Brings the files and caches into the state the command is to find; not part of its time.
    pub before: Box<dyn Fn() -> Result<()> + 'a>,
}

impl<'a> Contender<'a> {
    /// A command that is timed, prints something and needs nothing done before it.
    pub fn new(name: &'static str, argv: Vec<OsString>, folder: PathBuf) -> Contender<'a> {
        Contender {
            name,
            argv,
            folder,
            gauge: Gauge::Milliseconds,
            expect: Expect::Something,
            before: Box::new(|| Ok(())),
        }
    }

    pub fn expecting(self, expect: Expect) -> Contender<'a> {
        Contender { expect, ..self }
    }

    pub fn before(self, before: impl Fn() -> Result<()> + 'a) -> Contender<'a> {
        Contender { before: Box::new(before), ..self }
    }

    pub fn in_megabytes(self) -> Contender<'a> {
        Contender { gauge: Gauge::Megabytes, ..self }
    }

    /// The command line as one would read it; for the record, not for a shell.
    pub fn shown(&self) -> String {
        self.argv.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    /// The run that is thrown away, in which alone the output is read.
    pub fn warm_up(&self, sandbox: &Sandbox) -> Result<()> {
        (self.before)()?;
        let mut command = sandbox.command(&self.argv, &self.folder);
        let output = command.stdin(Stdio::null()).output().map_err(|error| self.not_started(&error))?;
        succeeded(self.name, &output)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let as_expected = match &self.expect {
            Expect::Something => !printed.trim().is_empty(),
            Expect::Nothing => printed.trim().is_empty(),
            Expect::Line(line) => printed.trim() == line,
        };
        if as_expected {
            return Ok(());
        }
        let first = printed.lines().next().unwrap_or_default();
        Err(Fault::new(format!("{} prints \"{first}\", expected {:?}", self.name, self.expect)))
    }

    /// One run that counts, its output thrown away.
    pub fn run(&self, sandbox: &Sandbox) -> Result<f64> {
        (self.before)()?;
        match self.gauge {
            Gauge::Milliseconds => {
                let mut command = sandbox.command(&self.argv, &self.folder);
                let start = Instant::now();
                self.finish(&mut command)?;
                Ok(start.elapsed().as_secs_f64() * 1e3)
            }
            Gauge::Megabytes => self.peak_memory(sandbox),
        }
    }

    /// Asks GNU time, whose own two megabytes do not count: a child's peak begins at nought, whereas a direct child of
    /// ours would inherit our size.
    fn peak_memory(&self, sandbox: &Sandbox) -> Result<f64> {
        let report = self.folder.with_extension("peak");
        let wrapper = ["time", "--quiet", "--format=%M", "--output"].map(OsString::from);
        let argv = [&wrapper[..], &[report.clone().into_os_string()], &self.argv].concat();
        self.finish(&mut sandbox.command(&argv, &self.folder))?;
        let kibibytes = fs::read_to_string(&report).map_err(Fault::at(&report))?;
        fs::remove_file(&report).map_err(Fault::at(&report))?;
        let kibibytes: f64 = kibibytes.trim().parse().map_err(Fault::at(&report))?;
        Ok(kibibytes * 1024.0 / 1e6)
    }

    fn finish(&self, command: &mut Command) -> Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().map_err(|error| self.not_started(&error))?;
        if status.success() { Ok(()) } else { Err(Fault::new(format!("{} failed, {status}", self.name))) }
    }

    /// Names the package of a program that is not there.
    fn not_started(&self, error: &io::Error) -> Fault {
        let program = match self.gauge {
            Gauge::Milliseconds => self.argv.first().map(|program| program.to_string_lossy().into_owned()),
            Gauge::Megabytes => Some("time".to_owned()),
        };
        let program = program.unwrap_or_default();
        match Peer::ALL.iter().find(|peer| peer.program() == program) {
            Some(peer) => Fault::new(format!("{program}: {error} ({})", peer.hint())),
            None => Fault::new(format!("{program}: {error}")),
        }
    }
}
