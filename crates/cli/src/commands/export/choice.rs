//! Whom an export of contacts is of and where it goes: the options that every kind has, and the way of each.

use std::io::Write;
use std::path::PathBuf;

use tickler_core::answer::{Leaving, leaving};
use tickler_core::notebook::{Notebook, Survey};

use crate::ask;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::outlet::Outlet;
use crate::progress::Progress;
use crate::style::Role;
use crate::words;

/// As many contacts are in memory at a time.
const AT_ONCE: usize = 1_000;

/// Options of every export of contacts.
#[derive(Debug, clap::Args)]
pub struct ChoiceArgs {
    /// Only those that this query fits, such as `tag:hotel value>10k`
    #[arg(add = crate::complete::query())]
    query: Vec<String>,
    /// Also those who asked to be left alone
    #[arg(long)]
    all: bool,
    /// The file to write, instead of standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

/// An export that has begun: whom it is of is known, and where it goes is open.
pub struct Choice<'s, 'n> {
    /// All contacts.
    pub survey: &'s Survey<'n>,
    /// The numbers of those that leave.
    pub contacts: Vec<usize>,
    /// Where the text goes.
    pub out: Outlet,
    to_file: bool,
}

impl ChoiceArgs {
    /// Asks whom the export is of, hands that to `write`, and says who was left out.
    pub fn export(
        &self,
        context: &Context,
        notebook: &Notebook,
        write: impl FnOnce(&mut Choice<'_, '_>) -> Result<(), Failure>,
    ) -> Result<Answer, Failure> {
        let query = ask::query(context, notebook, &self.query)?;
        let survey = context.survey(notebook);
        ask::report_broken(context, &survey)?;
        let Leaving { contacts, stopped, broken } = leaving(&survey, &query, self.all);
        let count = contacts.len();
        let out = Outlet::open(context, self.output.as_deref())?;
        let mut choice = Choice { survey: &survey, contacts, out, to_file: self.output.is_some() };
        write(&mut choice)?;
        let answer = if count == 0 { Answer::No } else { Answer::Done };
        let answer = choice.out.finish(answer)?;
        self.tell(context, count, stopped, broken);
        Ok(answer)
    }

    /// Says on standard error what went where, and who was left out.
    fn tell(&self, context: &Context, count: usize, stopped: usize, broken: usize) {
        let mut told = Vec::new();
        match &self.output {
            Some(file) if count > 0 => {
                told.push(format!(
                    "{} in \"{}\"",
                    words::count(count, "contact", "contacts"),
                    file.display()
                ));
            }
            None if count > 0 => {}
            _ => told.push("nobody fits that query".to_owned()),
        }
        let mut without = Vec::new();
        if stopped > 0 {
            without.push(format!("{} who asked to be left alone", words::number(stopped)));
        }
        if broken > 0 {
            without.push(format!("{} that cannot be read", words::count(broken, "file", "files")));
        }
        if !without.is_empty() {
            told.push(format!("without {}; `--all` takes all along", without.join(" and ")));
        }
        if !told.is_empty() {
            anstream::eprintln!("{}", context.stderr_paint().as_role(Role::Dim, told.join("; ")));
        }
    }
}

impl Choice<'_, '_> {
    /// Writes what `text` makes of each contact, in their order, with `between` between any two.
    pub fn each(&mut self, between: &[u8], text: impl Fn(usize) -> Vec<u8> + Sync) -> Result<(), Failure> {
        // A terminal that shows the contacts themselves needs no other line.
        let progress = self.to_file.then(|| Progress::new("writing", Some(self.contacts.len() as u64)));
        let mut is_first = true;
        for some in self.contacts.chunks(AT_ONCE) {
            for text in self.survey.each(some, |index| text(*index)) {
                if !std::mem::take(&mut is_first) {
                    self.out.write_all(between)?;
                }
                self.out.write_all(&text)?;
            }
            if let Some(progress) = &progress {
                progress.add(some.len() as u64);
            }
        }
        Ok(())
    }
}
