//! What every row needs: the program, its notebooks, and the states a row finds them in.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use crate::contender::Contender;
use crate::corpus::{Corpus, succeeded};
use crate::fault::{Fault, Result};
use crate::options::Options;
use crate::sandbox::Sandbox;

/// The day that the generated notebooks are laid out around.
const TODAY: &str = "2026-12-01";

/// A run of the bench.
pub struct Bench {
    pub sandbox: Sandbox,
    pub data: PathBuf,
    pub tickler: PathBuf,
    /// This very program, for its hidden modes.
    itself: PathBuf,
}

impl Bench {
    pub fn new(options: &Options, tickler: PathBuf) -> Result<Bench> {
        fs::create_dir_all(&options.data).map_err(Fault::at(&options.data))?;
        let data = options.data.canonicalize().map_err(Fault::at(&options.data))?;
        Ok(Bench { sandbox: Sandbox::new(&data)?, data, tickler, itself: env::current_exe()? })
    }

    /// A command of tickler on a notebook.
    pub fn tickler<'a>(&self, name: &'static str, corpus: &Corpus, arguments: &[&str]) -> Contender<'a> {
        Contender::new(name, self.tickler_argv(corpus, arguments), corpus.notebook())
    }

    /// A hidden mode of this program on a notebook's contacts.
    pub fn itself<'a>(&self, name: &'static str, corpus: &Corpus, mode: &[&str]) -> Contender<'a> {
        let mut argv = vec![self.itself.clone().into_os_string()];
        argv.extend(mode.iter().map(OsString::from));
        argv.push(corpus.contacts_folder().into_os_string());
        Contender::new(name, argv, corpus.notebook())
    }

    /// Another program in a notebook's top folder.
    pub fn peer<'a>(&self, name: &'static str, corpus: &Corpus, argv: &[&str]) -> Contender<'a> {
        Contender::new(name, argv.iter().map(OsString::from).collect(), corpus.notebook())
    }

    /// The notebook as committed, and tickler's index of it new, looked at once more and left to itself.
    pub fn settle(&self, corpus: &Corpus) -> Result<()> {
        corpus.make_ready(&self.sandbox)?;
        self.index_anew(corpus)
    }

    /// Tickler's index of the notebook as it is now. The second run finds all of it old enough to be trusted.
    pub fn index_anew(&self, corpus: &Corpus) -> Result<()> {
        corpus.forget_index()?;
        for _ in 0..2 {
            let argv = self.tickler_argv(corpus, &["due"]);
            let output = self.sandbox.command(&argv, &corpus.notebook()).output();
            succeeded("tickler due", &output.map_err(Fault::at(&self.tickler))?)?;
        }
        if corpus.has_index() {
            Ok(())
        } else {
            Err(Fault::new("tickler wrote no index (.tickler is empty)"))
        }
    }

    /// Empties the kernel's caches of files and folders.
    pub fn drop_page_cache(&self) -> Result<()> {
        rustix::fs::sync();
        fs::write("/proc/sys/vm/drop_caches", "3")
            .map_err(|error| Fault::new(format!("the page cache cannot be dropped ({error}): run as root")))
    }

    /// The program and its arguments, for a notebook and the day it is laid out around.
    pub fn tickler_argv(&self, corpus: &Corpus, arguments: &[&str]) -> Vec<OsString> {
        let mut argv = vec![
            self.tickler.clone().into_os_string(),
            "--dir".into(),
            corpus.notebook().into_os_string(),
            "--today".into(),
            TODAY.into(),
        ];
        argv.extend(arguments.iter().map(OsString::from));
        argv
    }
}
