//! Carries a deed out: asks the user's hooks, writes, and says what was done and what comes of it.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use tickler_core::contact::Contact;
use tickler_core::file;
use tickler_core::follow_up::{Obligation, assess};
use tickler_core::notebook::{Change, Deed, Notebook, Recorded, SaveError, Saved, Saving};
use tickler_core::settings::{Settings, StageGroup};
use tickler_core::verbs::{Caution, Desk, Draft, Planned, Refusal, RefusalKind};
use tickler_core::wire::DeedReport;

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::diff::Changed;
use crate::failure::{Answer, Failure};
use crate::hooks::{self, Notice};
use crate::plain::clean;
use crate::progress::Progress;
use crate::style::{Paint, Role};
use crate::{diff, naming, words};

/// More differences than these are told in a line each, on a terminal.
const MOST_SHOWN: usize = 20;

/// Options of every verb that changes the notebook.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DeedArgs {
    /// Write the files, and leave the commit to you
    #[arg(long)]
    pub no_commit: bool,
}

/// Options of the verbs that may change more than one file.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ManyArgs {
    #[command(flatten)]
    pub deed: DeedArgs,
    /// Show what would change, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Finds the contact that the words name, lets `plan` say what becomes of its file, and does it.
pub fn on_contact(
    context: &Context,
    words: &[String],
    args: &DeedArgs,
    plan: impl FnOnce(Draft, &Desk<'_>) -> Result<Planned, Refusal>,
) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let (survey, index) = naming::one(context, &notebook, words)?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let planned = Draft::read(&survey, index).and_then(|draft| plan(draft, &desk));
    let planned = planned.map_err(|refusal| refused(context, &notebook, refusal))?;
    carry_out(context, &notebook, &planned, args)
}

/// How a deed gets where it is to be.
type Way = fn(&Notebook, &Deed, &Saving<'_>) -> Result<Saved, SaveError>;

/// Does it, and says so.
pub fn carry_out(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
) -> Result<Answer, Failure> {
    carry_out_by(context, notebook, planned, args, Notebook::save)
}

/// The same for what an editor has written to the files already.
pub fn record(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
) -> Result<Answer, Failure> {
    carry_out_by(context, notebook, planned, args, Notebook::record)
}

fn carry_out_by(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
    way: Way,
) -> Result<Answer, Failure> {
    let saved = carry_through_by(context, notebook, planned, args, way)?;
    let mut page = context.page();
    if context.format == Format::Json {
        let report = DeedReport::new(planned, saved.as_ref(), notebook.settings(), context.today);
        serde_json::to_writer_pretty(&mut page, &report)?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    match &saved {
        Some(_) => writeln!(page, "{}", clean(&planned.said))?,
        None => writeln!(page, "nothing to change: {}", clean(&planned.said))?,
    }
    if let Some(contact) = &planned.contact {
        let line = follow_up(contact, notebook.settings(), context, page.paint);
        writeln!(page, "{line}")?;
    }
    page.finish(Answer::Done)
}

/// Does it, and only says what speaks against it. Where nothing has to change, nothing is saved.
pub fn carry_through(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
) -> Result<Option<Saved>, Failure> {
    carry_through_by(context, notebook, planned, args, Notebook::save)
}

fn carry_through_by(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
    way: Way,
) -> Result<Option<Saved>, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv(&planned.deed.verb));
    }
    warn(context, &planned.cautions);
    if !planned.deed.changes.iter().any(|change| change.is_change()) {
        return Ok(None);
    }
    save(context, notebook, planned, args, way).map(Some)
}

/// Shows what would change, and changes nothing.
pub fn rehearse(context: &Context, notebook: &Notebook, planned: &Planned) -> Result<Answer, Failure> {
    warn(context, &planned.cautions);
    let mut page = context.page();
    if context.format == Format::Json {
        let report = DeedReport::new(planned, None, notebook.settings(), context.today);
        serde_json::to_writer_pretty(&mut page, &report)?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    let changed = changed(&planned.deed.changes);
    // A pipe is cut nowhere; on a terminal nobody reads the differences of hundreds of files.
    if page.width.is_some() && changed.len() > MOST_SHOWN {
        write!(page, "{}", diff::summary(&changed, MOST_SHOWN, true, page.width, page.paint))?;
    } else {
        for changed in changed {
            write!(page, "{}", diff::difference(changed, page.paint))?;
        }
    }
    writeln!(page, "would be done: {}; nothing was changed", clean(&planned.said))?;
    page.finish(Answer::Done)
}

/// The changes as differences. A file that comes as another one goes is that one, renamed: it has its name in another
/// folder, or it is the only one of its kind.
fn changed(changes: &[Change]) -> Vec<Changed<'_>> {
    let name = |change: &Change| change.file.rsplit('/').next().unwrap_or(&change.file).to_owned();
    let gone: Vec<&Change> = changes.iter().filter(|change| change.after.is_none()).collect();
    let come = changes.iter().filter(|change| change.before.is_none()).count();
    let by_name: HashMap<String, &Change> = gone.iter().map(|change| (name(change), *change)).collect();
    let origin = |change: &Change| {
        let only = (gone.len() == 1 && come == 1).then(|| gone[0]);
        by_name.get(&name(change)).copied().or(only).filter(|_| change.before.is_none())
    };
    let moved: HashSet<&str> = changes.iter().filter_map(origin).map(|gone| gone.file.as_str()).collect();
    let stays = |change: &&Change| {
        change.is_change() && !(change.after.is_none() && moved.contains(change.file.as_str()))
    };
    let shown = changes.iter().filter(stays);
    let of = |change| {
        let from = origin(change);
        let before = from.map_or(change.before.as_deref(), |from| from.before.as_deref());
        let from = from.map(|from| from.file.as_str());
        Changed { file: &change.file, from, before, after: change.after.as_deref() }
    };
    shown.map(of).collect()
}

fn save(
    context: &Context,
    notebook: &Notebook,
    planned: &Planned,
    args: &DeedArgs,
    way: Way,
) -> Result<Saved, Failure> {
    let me = context.me(notebook);
    let hooks = &context.user.hooks;
    let changes = if hooks.is_empty() { Vec::new() } else { noticed(&planned.deed, notebook.settings()) };
    let notice = Notice {
        verb: &planned.deed.verb,
        subject: &planned.deed.subject,
        notebook: notebook.root(),
        today: context.today,
        me: me.as_deref(),
        commit: None,
        changes: &changes.iter().map(Noticed::change).collect::<Vec<_>>(),
    };
    hooks::ask(hooks, &notice)?;
    let total = planned.deed.changes.len() as u64;
    let progress = Progress::new("writing", Some(total));
    let paint = context.stderr_paint();
    let waiting = || {
        let wait = "waiting for another program that is at work in git's index …";
        anstream::eprintln!("{}", paint.as_role(Role::Dim, wait));
    };
    let saving = Saving { commit: !args.no_commit, waiting: &waiting, progress: &|_| progress.add(1) };
    let saved = way(notebook, &planned.deed, &saving).map_err(|error| unsaved(&error))?;
    drop(progress);
    if let Some(finished) = &saved.finished {
        note_finished(context, finished);
    }
    let commit = match &saved.recorded {
        Recorded::Commit { id, .. } => Some(id.as_str()),
        Recorded::Outside | Recorded::Unasked => None,
    };
    hooks::tell(hooks, &Notice { commit, ..notice }, paint);
    Ok(saved)
}

/// Finishes a deed that a killed run had begun, before anything is planned on top of it, and says so.
pub fn recover(context: &Context, notebook: &Notebook) -> Result<(), Failure> {
    if let Some(finished) = notebook.recover().map_err(|error| unsaved(&error))? {
        note_finished(context, &finished);
    }
    Ok(())
}

/// Says that a deed which a killed run had begun is done now.
fn note_finished(context: &Context, subject: &str) {
    let note = format!("an interrupted run had begun \"{}\"; it is finished now", clean(subject));
    anstream::eprintln!("{} {note}", context.stderr_paint().as_role(Role::Caution, "note:"));
}

/// A change as hooks are told of it.
struct Noticed<'d> {
    change: &'d Change,
    id: &'d str,
    name: Option<String>,
}

impl Noticed<'_> {
    fn change(&self) -> hooks::Change<'_> {
        hooks::Change {
            file: &self.change.file,
            id: self.id,
            name: self.name.as_deref(),
            before: self.change.before.as_deref(),
            after: self.change.after.as_deref(),
        }
    }
}

fn noticed<'d>(deed: &'d Deed, settings: &Settings) -> Vec<Noticed<'d>> {
    let of = |change: &'d Change| {
        let file = change.file.rsplit('/').next().unwrap_or(&change.file);
        let id = file.strip_suffix(".md").unwrap_or(file);
        let text = change.after.as_ref().or(change.before.as_ref());
        let name = text.map(|text| file::parse(text, id, settings).contact.name);
        Noticed { change, id, name }
    };
    deed.changes.iter().filter(|change| change.is_change()).map(of).collect()
}

/// Says what speaks against it, on standard error.
fn warn(context: &Context, cautions: &[Caution]) {
    let paint = context.stderr_paint();
    for caution in cautions {
        anstream::eprintln!("{} {}", paint.as_role(Role::Caution, "warning:"), clean(&caution.to_string()));
    }
}

/// `follow-up: Wed 9 Dec 14:00 (in 6 days) by phone: walk through page 3`.
pub fn follow_up(contact: &Contact, settings: &Settings, context: &Context, paint: Paint) -> String {
    let assessment = assess(contact, settings, context.today);
    match assessment.follow_up() {
        Some(obligation) => {
            let text = obligation_in_words(obligation, context);
            format!("{} {text}", paint.as_role(Role::Dim, "follow-up:"))
        }
        None if assessment.group == StageGroup::Stopped => {
            paint.as_role(Role::Dim, "no follow-up: they asked us to stop").to_string()
        }
        None if assessment.crack => {
            let id = clean(contact.id.as_str()).into_owned();
            let way = paint.as_role(Role::Command, format!("tickler next {id} DATE")).to_string();
            format!("{} nothing will bring this contact back; plan a step: {way}", {
                paint.as_role(Role::Caution, "no follow-up:")
            })
        }
        None => paint.as_role(Role::Dim, "no follow-up").to_string(),
    }
}

fn obligation_in_words(obligation: &Obligation, context: &Context) -> String {
    let day = match obligation.date {
        Some(date) => {
            let time = obligation.time.map(|time| format!(" {time}")).unwrap_or_default();
            let distance = words::distance(date, context.today);
            format!("{}{time} ({distance})", words::day(date, context.today))
        }
        None => "some day".to_owned(),
    };
    let via = obligation.via.as_ref().map(|via| format!(" by {via}")).unwrap_or_default();
    let why = match &obligation.why {
        Some(why) => format!(": {}", clean(why)),
        None => format!(": {}", obligation.kind),
    };
    format!("{day}{via}{why}")
}

/// A refusal as the command line tells it.
pub fn refused(context: &Context, notebook: &Notebook, refusal: Refusal) -> Failure {
    let failure = match refusal.kind {
        RefusalKind::No => Failure::no(refusal.message),
        RefusalKind::Usage => Failure::usage(refusal.message),
        RefusalKind::Notebook => Failure::notebook(refusal.message),
    };
    let mut details = refusal.details.iter().map(|line| clean(line).into_owned()).collect::<Vec<_>>();
    if let Some(problem) = &refusal.problem {
        let (file, problem) = &**problem;
        details.push(context.problem(notebook, file, problem, context.stderr_paint()));
    }
    let failure = failure.details(details.join("\n"));
    match refusal.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Why nothing was saved.
pub fn unsaved(error: &SaveError) -> Failure {
    let failure = Failure::notebook(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
