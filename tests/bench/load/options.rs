//! The bench's command line.

use std::path::PathBuf;
use std::str::FromStr;

/// A part of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Clone,
    Sync,
    Memory,
    Kill,
    Pages,
    Append,
    Resident,
}

impl Part {
    pub const ALL: [Part; 7] =
        [Part::Clone, Part::Sync, Part::Memory, Part::Kill, Part::Pages, Part::Append, Part::Resident];

    fn word(self) -> &'static str {
        match self {
            Part::Clone => "clone",
            Part::Sync => "sync",
            Part::Memory => "memory",
            Part::Kill => "kill",
            Part::Pages => "pages",
            Part::Append => "append",
            Part::Resident => "resident",
        }
    }
}

/// What this process was started for.
pub enum Request {
    Help,
    /// Not by `cargo bench`: `cargo test --all-targets` passes by.
    NotAsked,
    Measure(Options),
}

#[derive(Clone)]
pub struct Options {
    pub contacts: u32,
    /// The size of the large notebook.
    pub large: u32,
    pub readers: usize,
    pub clients: usize,
    pub seconds: u64,
    /// Clones, and kills, where said.
    pub rounds: Option<usize>,
    pub only: Vec<Part>,
    pub data: PathBuf,
}

impl Options {
    /// The same with the large notebook.
    pub fn with_large(&self) -> Options {
        Options { contacts: self.large, ..self.clone() }
    }

    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Request, String> {
    let memory = PathBuf::from("/dev/shm");
    let mut options = Options {
        contacts: 10_000,
        large: 100_000,
        readers: 16,
        clients: 8,
        seconds: 20,
        rounds: None,
        only: Vec::new(),
        data: if memory.is_dir() { memory } else { std::env::temp_dir() },
    };
    let mut asked = false;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--help" | "-h" => return Ok(Request::Help),
            "--bench" => asked = true,
            "--contacts" => options.contacts = number(&word, &value()?)?,
            "--large" => options.large = number(&word, &value()?)?,
            "--readers" => options.readers = number(&word, &value()?)?,
            "--clients" => options.clients = number(&word, &value()?)?,
            "--seconds" => options.seconds = number(&word, &value()?)?,
            "--rounds" => options.rounds = Some(number(&word, &value()?)?),
            "--data" => options.data = value()?.into(),
            "--only" => {
                let name = value()?;
                let part = Part::ALL.into_iter().find(|part| part.word() == name);
                options.only.push(part.ok_or_else(|| format!("--only: no part \"{name}\"; see --help"))?);
            }
            other => return Err(format!("\"{other}\" is no option of the bench; see --help")),
        }
    }
    Ok(if asked { Request::Measure(options) } else { Request::NotAsked })
}

fn number<N: FromStr + PartialOrd + From<u8>>(of: &str, text: &str) -> Result<N, String> {
    match text.parse() {
        Ok(number) if number >= N::from(1) => Ok(number),
        _ => Err(format!("{of}: \"{text}\" is no number above 0")),
    }
}
