//! The bench's command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use crate::fault::{Fault, Result};
use crate::workspace;

pub const HELP: &str = "\
How fast tickler is beside its peers on the same files.

  cargo bench -p tickler-tests --bench speed -- [OPTION…]

  --contacts N     size of the main notebook (default 100000; the targets hold for that size)
  --rounds N       timed rounds, after one that is thrown away (default 9)
  --only GROUP     only this group of rows; may be repeated (warm, edited, uncached, dropped, text, memory,
                   scale, million, small, taskwarrior, write, import, sync)
  --million        also the step to 1,000,000 contacts (takes about 6 GB of disk)
  --quick          a smoke run: 10,000 contacts and 3 rounds unless said otherwise
  --tickler PATH   this program instead of building the release binary
  --data DIR       where the notebooks are kept (default tests/bench/data)
  --json FILE      also write every single figure there

Relative paths start at the top of the workspace. Exit code: 0 all rows measured and within their targets,
1 one is over or was not measured, 2 the bench itself failed.";

/// The size for which the targets are promised.
const PROMISED: u32 = 100_000;
/// Fewer rounds than this make no figure to quote.
const ENOUGH_ROUNDS: usize = 9;
/// What `--quick` stands for.
const QUICK: u32 = 10_000;
const QUICK_ROUNDS: usize = 3;
/// Below this a hundred edited files would be most of the notebook.
const FEWEST: u32 = 1_000;

/// What this process was started for.
pub enum Request {
    Help,
    /// Neither `cargo bench` nor one of our own modes: `cargo test --all-targets` passes by.
    NotAsked,
    /// The hidden mode that lists and stats all files on two threads.
    Floor {
        folder: PathBuf,
    },
    /// The hidden mode that reads all bytes of all files.
    ReadAll {
        threads: usize,
        folder: PathBuf,
    },
    /// The hidden mode that writes all files anew.
    Rewrite {
        flush: bool,
        folder: PathBuf,
    },
    /// The hidden mode that merges contacts in memory.
    Merges,
    Measure(Options),
}

pub struct Options {
    pub contacts: u32,
    pub rounds: usize,
    /// Names of groups; empty for all of them.
    pub only: Vec<String>,
    pub million: bool,
    pub tickler: Option<PathBuf>,
    pub data: PathBuf,
    pub json: Option<PathBuf>,
}

impl Options {
    /// Whether the group `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// What keeps this run's figures from being quoted.
    pub fn cautions(&self) -> Vec<String> {
        let mut cautions = Vec::new();
        if self.contacts != PROMISED {
            cautions
                .push(format!("The targets are for {PROMISED} contacts, this run has {}.", self.contacts));
        }
        if self.rounds < ENOUGH_ROUNDS {
            cautions.push(format!("A smoke run: {} rounds, {ENOUGH_ROUNDS} are needed.", self.rounds));
        }
        cautions
    }
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Request> {
    let utf8 = |argument: OsString| {
        argument.into_string().map_err(|odd| Fault::new(format!("\"{}\" is not UTF-8", odd.display())))
    };
    let mut rest = arguments.map(utf8).collect::<Result<Vec<_>>>()?.into_iter();

    let (mut contacts, mut rounds, mut json, mut tickler) = (None, None, None, None);
    let mut data = workspace().join("tests/bench/data");
    let mut only = Vec::new();
    let (mut million, mut quick, mut asked) = (false, false, false);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| Fault::new(format!("{argument} needs a value")));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Request::Help),
            "--floor" => return Ok(Request::Floor { folder: value()?.into() }),
            "--read-all" => {
                let threads = number(&argument, &value()?)?;
                return Ok(Request::ReadAll { threads, folder: value()?.into() });
            }
            "--rewrite" => return Ok(Request::Rewrite { flush: true, folder: value()?.into() }),
            "--rewrite-unflushed" => return Ok(Request::Rewrite { flush: false, folder: value()?.into() }),
            "--merges" => return Ok(Request::Merges),
            "--bench" => asked = true,
            "--contacts" => contacts = Some(number(&argument, &value()?)?),
            "--rounds" => rounds = Some(number(&argument, &value()?)?),
            "--only" => only.push(value()?),
            "--million" => million = true,
            "--quick" => quick = true,
            "--tickler" => tickler = Some(workspace().join(value()?)),
            "--data" => data = workspace().join(value()?),
            "--json" => json = Some(workspace().join(value()?)),
            other => return Err(Fault::new(format!("\"{other}\" is no option of the bench; see --help"))),
        }
    }
    if !asked {
        return Ok(Request::NotAsked);
    }
    let contacts = contacts.unwrap_or(if quick { QUICK } else { PROMISED });
    if contacts < FEWEST {
        return Err(Fault::new(format!(
            "--contacts: {contacts} are too few to tell anything; at least {FEWEST}"
        )));
    }
    let rounds = rounds.unwrap_or(if quick { QUICK_ROUNDS } else { ENOUGH_ROUNDS });
    Ok(Request::Measure(Options { contacts, rounds, only, million, tickler, data, json }))
}

/// A number of at least one; `100_000` and `100,000` are read too.
fn number<N: FromStr + PartialOrd + From<u8>>(of: &str, text: &str) -> Result<N> {
    match text.replace([',', '_'], "").parse() {
        Ok(number) if number >= N::from(1) => Ok(number),
        _ => Err(Fault::new(format!("{of}: \"{text}\" is no number above 0"))),
    }
}
