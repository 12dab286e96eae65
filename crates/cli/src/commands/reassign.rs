//! `reassign`: a colleague's contacts to another one, with a brief for each.

use std::io::Write;

use tickler_core::answer::search;
use tickler_core::contact::{Contact, Promiser};
use tickler_core::notebook::{Parts, Survey};
use tickler_core::verbs::Alteration;

use crate::args::{Format, unmark_query};
use crate::commands::brief::{gather, no_csv};
use crate::commands::brief_text;
use crate::commands::set::report;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_through, refused, rehearse};
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::style::Role;
use crate::{ask, complete, words};

/// Hand the contacts of one owner over to another, with a brief for each
///
/// What the one promised in person stays theirs, and is named.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler reassign --from pat --to sam
  tickler reassign --from pat --to sam tag:hotel -stage:won --dry-run")]
pub struct ReassignArgs {
    /// Whose contacts; may have left the team
    #[arg(long, value_name = "HANDLE", add = complete::handles())]
    from: String,
    /// Whose they become
    #[arg(long, value_name = "HANDLE", add = complete::handles())]
    to: String,
    /// Only those of them that the query fits
    #[arg(value_name = "QUERY", add = complete::query())]
    query: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &ReassignArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("reassign"));
    }
    let notebook = context.notebook()?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let from = args.from.trim_start_matches('@');
    let to = args.to.trim_start_matches('@');
    let alteration =
        Alteration::hand_over(from, to, &desk).map_err(|refusal| refused(context, &notebook, refusal))?;
    let survey = context.survey(&notebook);
    let query = ask::query(context, &notebook, &args.query)?;
    ask::report_broken(context, &survey)?;
    let plan = Parts { plan: true, ..Parts::NONE };
    let indexes = search(&survey, &query, plan, |row, subject| {
        let is_theirs = subject.contact().head.owner.as_deref() == Some(from);
        (is_theirs && !row.broken).then_some(row.index)
    });
    let asked = unmark_query(&args.query);
    if indexes.is_empty() {
        return Err(nothing(&survey, from, &asked));
    }
    let asked = if asked.trim().is_empty() { format!("owner:{from}") } else { asked };
    let (planned, refusals) = alteration.many(&survey, &indexes, &asked, &desk);
    report(context, &notebook, &refusals);
    promised_in_person(context, &survey, &indexes, from);
    if args.many.dry_run {
        return rehearse(context, &notebook, &planned);
    }
    carry_through(context, &notebook, &planned, &args.many.deed)?;
    let handed: Vec<usize> = indexes
        .into_iter()
        .filter(|index| planned.deed.changes.iter().any(|change| change.file == survey.path(*index)))
        .collect();
    let contacts: Vec<Contact> = handed
        .iter()
        .map(|index| {
            let mut contact = survey.contact(*index, Parts::ALL);
            contact.head.owner = Some(to.to_owned());
            contact
        })
        .collect();
    let briefs = gather(context, &survey, &contacts, &handed);
    let mut page = context.page();
    if context.format == Format::Json {
        serde_json::to_writer_pretty(&mut page, &briefs)?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    writeln!(page, "{}", clean(&planned.said))?;
    for brief in &briefs {
        writeln!(page, "\n{}\n", page.paint(Role::Dim, "—".repeat(20)))?;
        brief_text::write(&mut page, brief, context.today)?;
    }
    page.finish(Answer::Done)
}

fn nothing(survey: &Survey<'_>, from: &str, asked: &str) -> Failure {
    let mut owners =
        survey.search(Parts { plan: true, ..Parts::NONE }, |_, contact| contact.head.owner.clone());
    owners.sort();
    owners.dedup();
    if !owners.iter().any(|owner| owner == from) {
        let failure = Failure::no(format!("nothing is owned by \"{}\"", clean(from)));
        return match owners.as_slice() {
            [] => failure.hint("no contact has an owner; `tickler assign` gives them one"),
            _ => failure.hint(format!("the owners are {}", clean(&owners.join(", ")))),
        };
    }
    Failure::no(format!("no contact of \"{}\" fits \"{}\"", clean(from), clean(asked)))
}

/// Names what the one who hands over promised in person, since that stays theirs.
fn promised_in_person(context: &Context, survey: &Survey<'_>, indexes: &[usize], from: &str) {
    let paint = context.stderr_paint();
    for index in indexes {
        let contact = survey.contact(*index, Parts { card: true, promises: true, ..Parts::NONE });
        let theirs = |who: &Promiser| matches!(who, Promiser::Member(handle) if handle == from);
        for promise in contact.promises.iter().filter(|promise| !promise.kept && theirs(&promise.who)) {
            let by =
                promise.by.map(|by| format!(" by {}", words::day(by, context.today))).unwrap_or_default();
            let what = format!("@{from} promised {} in person: {}{by}", contact.name, promise.text);
            anstream::eprintln!(
                "{} {}; it stays theirs",
                paint.as_role(Role::Caution, "note:"),
                clean(&what)
            );
        }
    }
}
