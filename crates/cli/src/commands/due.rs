//! `due`: who to follow up with, most urgent first.

use std::cmp::Ordering;
use std::io::Write;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tickler_core::contact::Contact;
use tickler_core::date::Date;
use tickler_core::follow_up::{Assessment, Obligation, Outlook, Urgency, assess};
use tickler_core::hours::{self, Hours};
use tickler_core::notebook::{Parts, Survey};
use tickler_core::period::Period;
use tickler_core::query::Query;
use tickler_core::settings::Settings;
use tickler_core::wire::{DueReport, DueRow};

use crate::args::Format;
use crate::ask;
use crate::commands::{due_text, explain};
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Who to follow up with, most urgent first: overdue and today
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  tickler                         who to follow up with today
  tickler due --within 7d         and in the week to come
  tickler due --mine --now        mine, where this is a good moment to call
  tickler due stage:proposal      only those that a query fits
  tickler due jane --explain      why Jane is due, or is not
  tickler due --format json       for scripts")]
pub struct DueArgs {
    /// Only those that this query fits, such as `tag:hotel value>10k`
    #[arg(add = crate::complete::query())]
    pub query: Vec<String>,
    #[command(flatten)]
    pub options: DueOptions,
}

/// What `due` may be told; `tickler` alone takes it too.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
pub struct DueOptions {
    /// Also what is to come within this time, such as `7d`, `2w` or `1mo`
    #[arg(long, value_name = "PERIOD")]
    pub within: Option<Period>,
    /// Also everything that is to come
    #[arg(long)]
    pub all: bool,
    /// Only what is mine to do today, or nobody's; each contact by what is mine of it
    #[arg(long)]
    pub mine: bool,
    /// Only those whose hours are open at this moment
    #[arg(long)]
    pub now: bool,
    /// At most this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Tell how the rules came to it: of all that the query fits; without a query of all on the list; with --all of
    /// every contact
    #[arg(long)]
    pub explain: bool,
    /// Show the old ones too, which fold into one line where they are many
    #[arg(long)]
    pub backlog: bool,
}

pub fn run(context: &Context, args: &DueArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let lens = Lens {
        me: if args.options.mine { Some(context.me_or_ask(&notebook)?) } else { None },
        now: args.options.now.then_some(context.now),
        today: context.today,
        until: match &args.options.within {
            _ if args.options.all => None,
            Some(period) => Some(period.after(context.today, &notebook.settings().calendar)),
            None => Some(context.today),
        },
        settings: notebook.settings(),
    };
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    if args.options.explain {
        return explain::run(context, &survey, &query, &lens, args);
    }
    match context.format {
        Format::Text => due_text::run(context, &survey, &query, &lens, args),
        Format::Json => json(context, &survey, &query, &lens, args),
        Format::Csv => csv(context, &survey, &query, &lens, args),
    }
}

/// Through what the list is looked at: whose, when, until when.
pub struct Lens<'a> {
    /// Only what is theirs to do, or nobody's.
    pub me: Option<String>,
    /// Only whose hours are open then.
    pub now: Option<DateTime<Utc>>,
    pub today: Date,
    /// The last day that is listed; none lists all.
    pub until: Option<Date>,
    pub settings: &'a Settings,
}

impl Lens<'_> {
    /// The obligations of a contact that are seen, the first of them being what it is listed for. None where the
    /// contact is not to be seen.
    pub fn obligations<'a>(&self, contact: &Contact, assessment: &'a Assessment) -> Vec<&'a Obligation> {
        let is_mine = |obligation: &&Obligation| match (&self.me, &obligation.assignee) {
            (Some(me), Some(assignee)) => me == assignee,
            _ => true,
        };
        let seen: Vec<&Obligation> = assessment.obligations.iter().filter(is_mine).collect();
        if seen.is_empty() || self.now.is_some_and(|now| !self.is_open(contact, now)) {
            Vec::new()
        } else {
            seen
        }
    }

    /// Whether the contact is a crack, and one to tell of.
    fn sees_crack(&self, contact: &Contact, assessment: &Assessment) -> bool {
        let is_mine = match (&self.me, &contact.head.owner) {
            (Some(me), Some(owner)) => me == owner,
            _ => true,
        };
        assessment.crack && is_mine
    }

    /// Whether the day is listed.
    pub fn lists(&self, date: Date) -> bool {
        self.until.is_none_or(|until| date <= until)
    }

    /// Whether it sees less than the whole list.
    pub fn is_partial(&self) -> bool {
        self.me.is_some() || self.now.is_some()
    }

    /// Whether the contact likes to hear from us at that moment (format, section 6).
    fn is_open(&self, contact: &Contact, at: DateTime<Utc>) -> bool {
        let zone = |name: &str| name.parse::<Tz>().ok();
        let tz = contact.head.timezone.as_deref().and_then(zone).or_else(|| zone(&self.settings.timezone));
        // Hours that cannot be read are a problem of the file, and `check` tells of it.
        let hours: Option<Hours> = contact.head.prefers.hours.as_deref().and_then(|hours| hours.parse().ok());
        hours::is_open(hours.as_ref(), tz.unwrap_or(Tz::UTC), at, &self.settings.calendar)
    }
}

/// A contact that has something to be done, with its place in the list.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Its number in the survey.
    pub index: usize,
    pub urgency: Urgency,
}

/// Everything that is due on any day, in no order, and how many cracks there are among what the query fits.
pub fn candidates(survey: &Survey<'_>, query: &Query, lens: &Lens<'_>) -> (Vec<Candidate>, usize) {
    if query.is_empty() && !lens.is_partial() {
        // The survey knows this much of everyone without opening a contact.
        let candidate =
            |index, outlook: &Outlook| outlook.urgency().map(|urgency| Candidate { index, urgency });
        let cracks = survey.outlooks(|_, outlook| outlook.crack.then_some(())).len();
        return (survey.outlooks(candidate), cracks);
    }
    let found = ask::search(survey, query, Parts::RULES, |row, subject| {
        let (contact, assessment) = (subject.contact(), subject.assessment());
        match urgency(contact, assessment, &lens.obligations(contact, assessment)) {
            Some(urgency) => Some(Some(Candidate { index: row.index, urgency })),
            None => lens.sees_crack(contact, assessment).then_some(None),
        }
    });
    let cracks = found.iter().filter(|candidate| candidate.is_none()).count();
    (found.into_iter().flatten().collect(), cracks)
}

/// What places a contact in the list that is listed for the first of `obligations`.
fn urgency(contact: &Contact, assessment: &Assessment, obligations: &[&Obligation]) -> Option<Urgency> {
    let date = obligations.first()?.date?;
    Urgency::of(&contact.head, assessment).map(|urgency| Urgency { date, ..urgency })
}

/// Puts the most urgent first, what is equally urgent by id (format, section 5).
pub fn sort(candidates: &mut [Candidate], survey: &Survey<'_>, today: Date) {
    candidates.sort_unstable_by(|a, b| order(a, b, survey, today));
}

/// Whether `a` stands before `b` in the list.
pub fn order(a: &Candidate, b: &Candidate, survey: &Survey<'_>, today: Date) -> Ordering {
    a.urgency.cmp(&b.urgency, today).then_with(|| survey.id(a.index).cmp(&survey.id(b.index)))
}

/// The rows of the list in full, and the number of cracks.
fn rows(survey: &Survey<'_>, query: &Query, lens: &Lens<'_>, limit: Option<usize>) -> (Vec<DueRow>, usize) {
    let found = ask::search(survey, query, Parts::ALL, |_, subject| {
        let (contact, assessment) = (subject.contact(), subject.assessment());
        let obligations = lens.obligations(contact, assessment);
        match urgency(contact, assessment, &obligations) {
            Some(urgency) if lens.lists(urgency.date) => {
                let row = DueRow::new(contact, assessment, &obligations, lens.settings, lens.today)?;
                Some(Some((urgency, row)))
            }
            Some(_) => None,
            None => lens.sees_crack(contact, assessment).then_some(None),
        }
    });
    let cracks = found.iter().filter(|row| row.is_none()).count();
    let mut rows: Vec<(Urgency, DueRow)> = found.into_iter().flatten().collect();
    rows.sort_unstable_by(|(a, a_row), (b, b_row)| {
        a.cmp(b, lens.today).then_with(|| a_row.id.cmp(&b_row.id))
    });
    rows.truncate(limit.unwrap_or(usize::MAX));
    (rows.into_iter().map(|(_, row)| row).collect(), cracks)
}

fn json(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let (due, cracks) = rows(survey, query, lens, args.options.limit);
    let answer = answer(survey, query, due.is_empty());
    let problems = survey.problems().into_iter().map(Into::into).collect();
    let mut page = context.page();
    serde_json::to_writer_pretty(&mut page, &DueReport { today: context.today, due, cracks, problems })?;
    writeln!(page)?;
    page.finish(answer)
}

fn csv(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let (due, _) = rows(survey, query, lens, args.options.limit);
    let answer = answer(survey, query, due.is_empty());
    let mut page = context.page();
    let mut out = csv::Writer::from_writer(&mut page);
    out.write_record([
        "id",
        "name",
        "company",
        "owner",
        "assignee",
        "stage",
        "value",
        "currency",
        "kind",
        "date",
        "time",
        "days_overdue",
        "via",
        "why",
        "flags",
        "last_touch",
        "last_channel",
        "last_direction",
        "last_reached",
        "unanswered",
    ])?;
    for row in &due {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let last = row.last_touch.as_ref();
        let flags: Vec<&str> = row.flags.iter().map(|flag| flag.as_str()).collect();
        out.write_record([
            row.id.clone(),
            row.name.clone(),
            text(&row.company),
            text(&row.owner),
            text(&row.assignee),
            row.stage.clone(),
            row.value.as_ref().map(|value| value.amount.to_string()).unwrap_or_default(),
            row.value.as_ref().map(|value| value.currency.clone()).unwrap_or_default(),
            row.kind.to_string(),
            row.date.to_string(),
            row.time.map(|time| time.to_string()).unwrap_or_default(),
            row.days_overdue.to_string(),
            row.via.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(&row.why),
            flags.join(" "),
            last.map(|last| last.date.to_string()).unwrap_or_default(),
            last.map(|last| last.channel.to_string()).unwrap_or_default(),
            last.map(|last| last.direction.to_owned()).unwrap_or_default(),
            last.map(|last| last.reached.to_string()).unwrap_or_default(),
            row.unanswered.to_string(),
        ])?;
    }
    out.flush()?;
    drop(out);
    page.finish(answer)
}

/// Nobody due is good news; a query that fits nobody at all is most likely a slip.
pub fn answer(survey: &Survey<'_>, query: &Query, is_empty: bool) -> Answer {
    let fits_nobody =
        || ask::search(survey, query, Parts::default(), |_, _| Some(())).is_empty() && !survey.is_empty();
    if is_empty && !query.is_empty() && fits_nobody() { Answer::No } else { Answer::Done }
}

/// The contact of that number, what the rules say of it, and its row in the list.
pub fn load(survey: &Survey<'_>, lens: &Lens<'_>, index: usize) -> Option<(Contact, Assessment, DueRow)> {
    let contact = survey.contact(index, Parts::ALL);
    let assessment = assess(&contact, lens.settings, lens.today);
    let row = DueRow::new(
        &contact,
        &assessment,
        &lens.obligations(&contact, &assessment),
        lens.settings,
        lens.today,
    )?;
    Some((contact, assessment, row))
}
