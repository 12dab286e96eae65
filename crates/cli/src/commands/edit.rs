//! `edit`: a contact's file in the editor, then the check, then the commit.
//!
//! The text before is kept aside while the editor is at work, and stays there wherever it might be missed: whatever an
//! editor does, nothing is lost.

use tickler_core::file;
use tickler_core::git::Git;
use tickler_core::notebook::{Aside, Notebook, Survey};
use tickler_core::problem::{Problem, Severity};
use tickler_core::verbs::{self, Caution, Edited};

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::commands::history::failed;
use crate::context::Context;
use crate::deed::{DeedArgs, record, recover};
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::style::Role;
use crate::{complete, editor, naming};

/// Open a contact's file in your editor, then check it and commit it
///
/// The editor is `editor` of your own settings, else VISUAL, else EDITOR. Where the file has a new mistake afterwards
/// it is shown, and you choose: edit again, go back, or keep it as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler edit jane                any part of a name that fits one contact alone
  tickler edit jane --no-commit    leave the commit to you")]
pub struct EditArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone
    #[arg(required = true, value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn run(context: &Context, args: &EditArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("edit"));
    }
    let notebook = context.notebook()?;
    recover(context, &notebook)?;
    let survey = context.survey(&notebook);
    let index = naming::contact(context, &survey, &args.contact)?;
    Editing::begin(context, &notebook, &survey, index)?.run(args)
}

/// One file on its way through the editor.
struct Editing<'a> {
    context: &'a Context,
    notebook: &'a Notebook,
    id: String,
    /// From the notebook's root.
    file: String,
    before: Vec<u8>,
    /// What the last commit had when the editor was opened.
    committed: Option<Vec<u8>>,
    git: Option<Git>,
    /// Where to open it: at the first error.
    line: Option<u32>,
}

/// What the user wants done with a file that has a new mistake in it.
enum Choice {
    Again,
    Back,
    Keep,
}

impl<'a> Editing<'a> {
    fn begin(
        context: &'a Context,
        notebook: &'a Notebook,
        survey: &Survey<'_>,
        index: usize,
    ) -> Result<Editing<'a>, Failure> {
        let file = survey.path(index);
        let before = notebook.bytes(&file).map_err(|error| unreadable(&file, &error))?;
        let before = before.ok_or_else(|| Failure::notebook(format!("\"{file}\" is gone")))?;
        let git = Git::open(notebook.root()).map_err(|error| failed(&error))?;
        let committed = head(git.as_ref(), &file)?;
        let line = first_error(&survey.problems_of(index));
        Ok(Editing {
            context,
            notebook,
            id: survey.id(index).into_owned(),
            file,
            before,
            committed,
            git,
            line,
        })
    }

    fn run(mut self, args: &EditArgs) -> Result<Answer, Failure> {
        let aside = self.keep(&self.before)?;
        loop {
            let path = self.notebook.root().join(&self.file);
            let ended = editor::edit(&path, self.line, &self.context.user);
            let after = self.notebook.bytes(&self.file).map_err(|error| unreadable(&self.file, &error))?;
            let Some(after) = after else { return self.gone(aside, ended) };
            if let Err(failure) = ended {
                if after == self.before {
                    aside.forget();
                } else {
                    self.note(&format!(
                        "\"{}\" is as the editor left it; what it was is in \"{}\"",
                        self.file, aside.file
                    ));
                }
                return Err(failure);
            }
            let is_committed = match &self.git {
                Some(git) if self.was_overtaken()? => {
                    git.is_committed(&self.file, &after).map_err(|error| failed(&error))? == Some(true)
                }
                _ => false,
            };
            if after == self.before || is_committed {
                aside.forget();
                return self.unchanged();
            }
            let (edited, problems) = match file::decode(&after) {
                Ok(text) => {
                    let edited = self.edited(text, args)?;
                    let problems = edited.problems.clone();
                    (Some(edited).filter(|edited| !edited.has_new_errors), problems)
                }
                Err(problem) => (None, vec![problem]),
            };
            self.show(&problems);
            if let Some(edited) = edited {
                return self.commit(&edited, args, aside);
            }
            match self.choose()? {
                Choice::Again => self.line = first_error(&problems),
                Choice::Back => return self.back(&after, aside),
                Choice::Keep => {
                    return Err(Failure::no(format!(
                        "\"{}\" has mistakes; it is kept, and nothing was committed",
                        self.file
                    ))
                    .hint(format!(
                        "`tickler edit {}` mends it; what it was is in \"{}\"",
                        clean(&self.id),
                        aside.file
                    )));
                }
            }
        }
    }

    /// What the editor made of it, as a deed. Where another deed came between, the commit is against that one.
    fn edited(&self, after: &str, args: &EditArgs) -> Result<Edited, Failure> {
        let me = self.context.me(self.notebook);
        let desk = self.context.desk(self.notebook, me.as_deref());
        let before = std::str::from_utf8(&self.before).ok();
        let mut edited = verbs::edited(&self.file, &self.id, before, after, &desk);
        if self.was_overtaken()? {
            let head = head(self.git.as_ref(), &self.file)?;
            edited.planned.cautions.push(Caution::Other(format!(
                "\"{}\" was changed by another commit while you edited; what you wrote stands in its place{}",
                self.file,
                if args.deed.no_commit { "" } else { ", and `tickler history` has both" }
            )));
            if let Some(change) = edited.planned.deed.changes.first_mut() {
                change.before = head.and_then(|head| String::from_utf8(head).ok());
            }
        }
        Ok(edited)
    }

    /// Whether somebody committed another text of the file while the editor was open.
    fn was_overtaken(&self) -> Result<bool, Failure> {
        Ok(head(self.git.as_ref(), &self.file)? != self.committed)
    }

    fn commit(&self, edited: &Edited, args: &EditArgs, aside: Aside) -> Result<Answer, Failure> {
        match record(self.context, self.notebook, &edited.planned, &args.deed) {
            Ok(answer) => {
                aside.forget();
                Ok(answer)
            }
            Err(failure) => {
                self.note(&format!(
                    "\"{}\" is as you left it, in no commit; what it was is in \"{}\"",
                    self.file, aside.file
                ));
                Err(failure)
            }
        }
    }

    fn unchanged(&self) -> Result<Answer, Failure> {
        use std::io::Write;
        let mut page = self.context.page();
        if self.context.format == Format::Json {
            let said = serde_json::json!({
                "verb": "edit", "subject": null, "commit": null, "files": [], "warnings": [], "follow_up": null,
            });
            serde_json::to_writer_pretty(&mut page, &said)?;
            writeln!(page)?;
        } else {
            writeln!(page, "nothing to change: \"{}\" is as it was", clean(&self.file))?;
        }
        page.finish(Answer::Done)
    }

    /// The editor left no file.
    fn gone(&self, aside: Aside, ended: Result<(), Failure>) -> Result<Answer, Failure> {
        let put = self.notebook.put_back(&self.file, &self.before);
        put.map_err(|error| {
            Failure::notebook(format!(
                "the editor removed \"{}\", and it cannot be put back: {error}",
                self.file
            ))
            .hint(format!("it is in \"{}\"", aside.file))
        })?;
        aside.forget();
        ended?;
        Err(Failure::no(format!("the editor removed \"{}\"; it is back as it was", self.file))
            .hint(format!("`tickler rm {}` removes a contact", clean(&self.id))))
    }

    /// Goes back to the text before; what the editor made of it is kept aside.
    fn back(&self, after: &[u8], aside: Aside) -> Result<Answer, Failure> {
        let kept = self.keep(after)?;
        self.notebook.put_back(&self.file, &self.before).map_err(|error| {
            Failure::notebook(format!("cannot write \"{}\": {error}", self.file))
                .hint(format!("what it was is in \"{}\"", aside.file))
        })?;
        aside.forget();
        Err(Failure::no(format!("\"{}\" is back as it was", self.file))
            .hint(format!("what you wrote is in \"{}\"", kept.file)))
    }

    fn keep(&self, bytes: &[u8]) -> Result<Aside, Failure> {
        self.notebook.keep_aside(&self.file, bytes).map_err(|error| {
            Failure::notebook(format!("cannot keep the text of \"{}\" in \".tickler\": {error}", self.file))
                .hint("make the notebook's folder writable; the editor was not opened")
        })
    }

    /// Asks what to do; who is no terminal keeps the file.
    fn choose(&self) -> Result<Choice, Failure> {
        loop {
            let Some(answer) = naming::answer("(e)dit again, (u)ndo my edit, (k)eep it as it is? ")? else {
                return Ok(Choice::Keep);
            };
            match answer.trim().to_lowercase().as_str() {
                "e" | "edit" => return Ok(Choice::Again),
                "u" | "undo" => return Ok(Choice::Back),
                "k" | "keep" => return Ok(Choice::Keep),
                other => anstream::eprintln!("There is no {}.", clean(other)),
            }
        }
    }

    fn show(&self, problems: &[Problem]) {
        let paint = self.context.stderr_paint();
        for problem in problems {
            anstream::eprint!("{}", self.context.problem(self.notebook, &self.file, problem, paint));
        }
    }

    fn note(&self, text: &str) {
        let paint = self.context.stderr_paint();
        anstream::eprintln!("{} {}", paint.as_role(Role::Caution, "note:"), clean(text));
    }
}

/// What the last commit has of the file.
fn head(git: Option<&Git>, file: &str) -> Result<Option<Vec<u8>>, Failure> {
    git.map_or(Ok(None), |git| git.head_content(file)).map_err(|error| failed(&error))
}

fn first_error(problems: &[Problem]) -> Option<u32> {
    let first = problems.iter().find(|problem| problem.severity == Severity::Error);
    first.map(|problem| problem.at.line).filter(|line| *line > 0)
}

fn unreadable(file: &str, error: &std::io::Error) -> Failure {
    Failure::notebook(format!("cannot read \"{file}\": {error}"))
}
