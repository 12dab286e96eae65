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

/// A program and its arguments.
pub type Argv = Vec<OsString>;

/// One command of a group, with what has to be done before each of its runs.
pub struct Contender<'a> {
    pub name: &'static str,
    /// What is run, one program after the other; asked for anew each time, before the clock starts.
    pub programs: Box<dyn Fn() -> Vec<Argv> + 'a>,
    pub folder: PathBuf,
    pub gauge: Gauge,
    pub expect: Expect,
    /// Brings the files and caches into the state the command is to find; not part of its time.
    pub before: Box<dyn Fn() -> Result<()> + 'a>,
}

impl<'a> Contender<'a> {
    /// A command that is timed, prints something and needs nothing done before it.
    pub fn new(name: &'static str, argv: Argv, folder: PathBuf) -> Contender<'a> {
        Contender::of(name, folder, move || vec![argv.clone()])
    }

    /// The same with other words each time, or with several programs.
    pub fn of(name: &'static str, folder: PathBuf, programs: impl Fn() -> Vec<Argv> + 'a) -> Contender<'a> {
        Contender {
            name,
            programs: Box::new(programs),
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
        let one = |argv: Argv| argv.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        (self.programs)().into_iter().map(one).collect::<Vec<_>>().join(" && ")
    }

    /// The run that is thrown away, in which alone the output is read.
    pub fn warm_up(&self, sandbox: &Sandbox) -> Result<()> {
        (self.before)()?;
        let mut printed = String::new();
        for argv in (self.programs)() {
            let mut command = sandbox.command(&argv, &self.folder);
            let output = command.stdin(Stdio::null()).output();
            let output = output.map_err(|error| self.not_started(&argv, &error))?;
            succeeded(self.name, &output)?;
            printed.push_str(&String::from_utf8_lossy(&output.stdout));
        }
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
        let programs = (self.programs)();
        match (self.gauge, programs.as_slice()) {
            (Gauge::Milliseconds, programs) => {
                let mut commands: Vec<_> =
                    programs.iter().map(|argv| (argv, sandbox.command(argv, &self.folder))).collect();
                let start = Instant::now();
                commands.iter_mut().try_for_each(|(argv, command)| self.finish(argv, command))?;
                Ok(start.elapsed().as_secs_f64() * 1e3)
            }
            (Gauge::Megabytes, [argv]) => self.peak_memory(argv, sandbox),
            (Gauge::Megabytes, _) => {
                Err(Fault::new(format!("{}: the memory of one program only", self.name)))
            }
        }
    }

    /// Asks GNU time, whose own two megabytes do not count: a child's peak begins at nought, whereas a direct child of
    /// ours would inherit our size.
    fn peak_memory(&self, argv: &[OsString], sandbox: &Sandbox) -> Result<f64> {
        let report = self.folder.with_extension("peak");
        let wrapper = ["time", "--quiet", "--format=%M", "--output"].map(OsString::from);
        let argv = [&wrapper[..], &[report.clone().into_os_string()], argv].concat();
        self.finish(&argv, &mut sandbox.command(&argv, &self.folder))?;
        let kibibytes = fs::read_to_string(&report).map_err(Fault::at(&report))?;
        fs::remove_file(&report).map_err(Fault::at(&report))?;
        let kibibytes: f64 = kibibytes.trim().parse().map_err(Fault::at(&report))?;
        Ok(kibibytes * 1024.0 / 1e6)
    }

    fn finish(&self, argv: &[OsString], command: &mut Command) -> Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().map_err(|error| self.not_started(argv, &error))?;
        if status.success() { Ok(()) } else { Err(Fault::new(format!("{} failed, {status}", self.name))) }
    }

    /// Names the package of a program that is not there.
    fn not_started(&self, argv: &[OsString], error: &io::Error) -> Fault {
        let program = argv.first().map(|program| program.to_string_lossy().into_owned()).unwrap_or_default();
        match Peer::ALL.iter().find(|peer| peer.program() == program) {
            Some(peer) => Fault::new(format!("{program}: {error} ({})", peer.hint())),
            None => Fault::new(format!("{program}: {error}")),
        }
    }
}
