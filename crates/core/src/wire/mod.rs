//! The one set of JSON shapes, for `--format json` and the API (CLI contract, JSON). Fields may be added, never
//! renamed or removed. Absent text is `null`, never `""`.

mod contact;
mod deed;
mod dupes;
mod exported;
mod figures;
mod history;
mod import;
mod mail;
mod meetings;
mod strangers;
mod sync;

pub use contact::{ContactRow, Shown};
pub use deed::DeedReport;
pub use dupes::{DupeReason, DupeRow, DupeSide, DupesReport};
pub use exported::Exported;
pub use figures::{
    ChannelRow, FiguresReport, FollowUpFigures, KindRow, MemberRow, PromiseFigures, PromiseRow, SourceRow,
    SpanRow, StageRow, StandingFigures,
};
pub use history::{
    EditRow, GitReport, HistoryRow, SharingReport, StatusReport, UnsettledReport, UnsettledRow,
    UpstreamReport,
};
pub use import::{ColumnRow, ImportReport, ImportRow, RefusalRow};
pub use mail::{AnnouncedDay, MailContact, MailCounts, MailReport, RefusedMessage};
pub use meetings::MeetingsReport;
pub use strangers::StrangerRow;
pub use sync::{MergeReport, NoteRow, RemoteReport, SharedReport, SyncReport, ToldRow};

use serde::Serialize;

use crate::contact::{Channel, Contact};
use crate::date::{Date, Time};
use crate::follow_up::{Assessment, Explained, Explanation, Kind, Obligation, Outcome};
use crate::notebook::FileProblem;
use crate::problem::Severity;
use crate::settings::Settings;

/// `due --format json`.
#[derive(Debug, Serialize)]
pub struct DueReport {
    /// The day that it was asked for.
    pub today: Date,
    /// Most urgent first.
    pub due: Vec<DueRow>,
    /// How many open contacts nothing will ever bring back, among those asked for.
    pub cracks: usize,
    /// What is wrong in the files.
    pub problems: Vec<ProblemRow>,
}

/// One follow-up.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct DueRow {
    pub id: String,
    pub name: String,
    pub company: Option<String>,
    pub owner: Option<String>,
    pub assignee: Option<String>,
    pub stage: String,
    pub value: Option<Value>,
    pub kind: Kind,
    pub date: Date,
    pub time: Option<Time>,
    /// Negative for what is still to come.
    pub days_overdue: i64,
    pub via: Option<Channel>,
    pub why: Option<String>,
    /// In the order of the alphabet.
    pub flags: Vec<Flag>,
    pub also: Vec<Also>,
    pub last_touch: Option<LastTouch>,
    pub unanswered: u32,
}

impl DueRow {
    /// The row of the first of `obligations`, the others being `also`; none where nothing is dated.
    ///
    /// `obligations` are those of `assessment`, or a selection of them in the same order.
    pub fn new(
        contact: &Contact,
        assessment: &Assessment,
        obligations: &[&Obligation],
        settings: &Settings,
        today: Date,
    ) -> Option<DueRow> {
        let (first, others) = obligations.split_first()?;
        let date = first.date?;
        Some(DueRow {
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            company: text(contact.head.company.as_deref()),
            owner: text(contact.head.owner.as_deref()),
            assignee: text(first.assignee.as_deref()),
            stage: settings.stage_of(contact.head.stage.as_deref()).to_owned(),
            value: Value::of(contact, settings),
            kind: first.kind,
            date,
            time: first.time,
            days_overdue: today.days_since(date),
            via: first.via.clone(),
            why: text(first.why.as_deref()),
            flags: flags(contact, first),
            also: others.iter().filter_map(|other| Also::new(other)).collect(),
            last_touch: LastTouch::of(contact, assessment),
            unanswered: assessment.unanswered,
        })
    }
}

/// Another obligation of the same contact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct Also {
    pub kind: Kind,
    pub date: Date,
    pub via: Option<Channel>,
    pub why: Option<String>,
}

impl Also {
    fn new(of: &Obligation) -> Option<Also> {
        Some(Also { kind: of.kind, date: of.date?, via: of.via.clone(), why: text(of.why.as_deref()) })
    }
}

/// What to know about a follow-up before acting on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// They asked for it.
    Asked,
    /// A merge set something aside.
    Conflict,
    /// They are away, so it was moved.
    MovedAway,
    /// Several tries went unanswered.
    Patience,
    /// It was promised to them.
    Promised,
    /// The committed version stands in for a broken file.
    Stale,
}

impl Flag {
    /// The name that the contract gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Flag::Asked => "asked",
            Flag::Conflict => "conflict",
            Flag::MovedAway => "moved-away",
            Flag::Patience => "patience",
            Flag::Promised => "promised",
            Flag::Stale => "stale",
        }
    }
}

/// The flags of one obligation of a contact, in the order of the alphabet.
pub fn flags(contact: &Contact, obligation: &Obligation) -> Vec<Flag> {
    [
        (Flag::Asked, obligation.asked),
        (Flag::Conflict, !contact.head.conflicts.is_empty()),
        (Flag::MovedAway, obligation.moved_away),
        (Flag::Patience, obligation.patience),
        (Flag::Promised, obligation.promised),
        (Flag::Stale, contact.stale),
    ]
    .into_iter()
    .filter_map(|(flag, there)| there.then_some(flag))
    .collect()
}

/// What a customer is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// How much; a whole number is written as one.
    #[serde(serialize_with = "crate::contact::serialize_amount")]
    pub amount: f64,
    /// The currency: the contact's, else the notebook's.
    pub currency: String,
}

impl Value {
    /// What the contact is worth, where its file says so.
    pub fn of(contact: &Contact, settings: &Settings) -> Option<Value> {
        let value = contact.head.value.as_ref()?;
        let currency = value.currency.as_ref().unwrap_or(&settings.currency).clone();
        Some(Value { amount: value.amount, currency })
    }
}

/// How the last touch went.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct LastTouch {
    pub date: Date,
    pub channel: Channel,
    /// `in` or `out`.
    pub direction: &'static str,
    pub reached: bool,
}

impl LastTouch {
    /// The last touch of the contact, where there was one.
    pub fn of(contact: &Contact, assessment: &Assessment) -> Option<LastTouch> {
        let entry = contact.log.get(assessment.last_touch?)?;
        Some(LastTouch {
            date: entry.date,
            channel: entry.channel.clone(),
            direction: if entry.is_in() { "in" } else { "out" },
            reached: entry.is_reached(),
        })
    }
}

/// One problem of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct ProblemRow {
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub severity: Severity,
    pub message: String,
    pub hint: Option<String>,
}

impl From<FileProblem> for ProblemRow {
    fn from(FileProblem { file, problem }: FileProblem) -> ProblemRow {
        ProblemRow {
            file,
            line: problem.at.line,
            column: problem.at.column,
            severity: problem.severity,
            message: problem.message,
            hint: problem.hint,
        }
    }
}

/// `cracks --format json`.
#[derive(Debug, Serialize)]
pub struct CracksReport {
    /// The day that it was asked for.
    pub today: Date,
    /// By id.
    pub cracks: Vec<CrackRow>,
}

/// An open contact that nothing will ever bring back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct CrackRow {
    pub id: String,
    pub name: String,
    pub company: Option<String>,
    pub owner: Option<String>,
    pub stage: String,
    pub value: Option<Value>,
    pub last_touch: Option<LastTouch>,
    pub unanswered: u32,
    /// Open promises that nothing dates.
    pub undated: Vec<Undated>,
}

/// A promise that nothing dates: it makes nobody due.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Undated {
    /// `promise` for ours, `waiting` for theirs.
    pub kind: Kind,
    /// What was promised.
    pub why: Option<String>,
}

impl CrackRow {
    /// The row of a contact that is a crack.
    pub fn new(contact: &Contact, assessment: &Assessment, settings: &Settings) -> CrackRow {
        CrackRow {
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            company: text(contact.head.company.as_deref()),
            owner: text(contact.head.owner.as_deref()),
            stage: settings.stage_of(contact.head.stage.as_deref()).to_owned(),
            value: Value::of(contact, settings),
            last_touch: LastTouch::of(contact, assessment),
            unanswered: assessment.unanswered,
            undated: assessment
                .undated
                .iter()
                .map(|promise| Undated { kind: promise.kind, why: text(promise.why.as_deref()) })
                .collect(),
        }
    }
}

/// `due --explain --format json`.
#[derive(Debug, Serialize)]
pub struct ExplainReport {
    /// The day that it was asked for.
    pub today: Date,
    /// In the order of the due list, those who are not due last.
    pub explain: Vec<ExplainRow>,
}

/// How the rules came to their answer for one contact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct ExplainRow {
    pub id: String,
    pub name: String,
    pub obligations: Vec<ExplainedRow>,
    pub notes: Vec<String>,
}

/// One obligation's story.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct ExplainedRow {
    pub kind: Kind,
    /// `follow-up`, `also`, `undated` or `dropped`.
    pub outcome: &'static str,
    pub date: Option<Date>,
    pub made: String,
    pub changes: Vec<String>,
}

impl ExplainRow {
    /// The story of one contact.
    pub fn new(contact: &Contact, explanation: Explanation) -> ExplainRow {
        let Explanation { obligations, notes, .. } = explanation;
        let row = |Explained { kind, made, changes, outcome, date }| ExplainedRow {
            kind,
            outcome: outcome_name(outcome),
            date,
            made,
            changes,
        };
        ExplainRow {
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            obligations: obligations.into_iter().map(row).collect(),
            notes,
        }
    }
}

/// What became of an obligation, in one word.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::FollowUp => "follow-up",
        Outcome::Also => "also",
        Outcome::Undated => "undated",
        Outcome::Dropped => "dropped",
    }
}

/// Text that is there, or nothing.
fn text(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::follow_up::assess;

    fn row(text: &str, settings: &Settings) -> serde_json::Value {
        let contact = file::parse(text, "jane-doe", settings).contact;
        let today = "2026-12-03".parse().unwrap();
        let assessment = assess(&contact, settings, today);
        let obligations: Vec<&Obligation> = assessment.obligations.iter().collect();
        serde_json::to_value(DueRow::new(&contact, &assessment, &obligations, settings, today)).unwrap()
    }

    #[test]
    fn the_contract_s_example() {
        let text = "+++\nname = \"Jane Doe\"\ncompany = \"Acme Hotels\"\nowner = \"pat\"\nstage = \"nurture\"\n\
                    value = 25000\n[next]\non = 2026-12-03\nvia = \"phone\"\nwhy = \"page 3\"\npromised = true\n+++\n\
                    ## Log\n- 2026-11-20 phone voicemail: hello\n- 2026-11-18 email in: specs\n\
                    - 2026-11-10 email: sent\n  - [ ] them: read pages 3-5 by 2026-12-02\n";
        assert_eq!(
            row(text, &Settings::default()),
            serde_json::json!({
                "id": "jane-doe", "name": "Jane Doe", "company": "Acme Hotels", "owner": "pat", "assignee": "pat",
                "stage": "nurture", "value": {"amount": 25000, "currency": "USD"}, "kind": "next",
                "date": "2026-12-03", "time": null, "days_overdue": 0, "via": "phone", "why": "page 3",
                "flags": ["promised"],
                "also": [{"kind": "waiting", "date": "2026-12-03", "via": null, "why": "read pages 3-5"}],
                "last_touch": {"date": "2026-11-20", "channel": "phone", "direction": "out", "reached": false},
                "unanswered": 1
            })
        );
    }

    #[test]
    fn absent_text_is_null_and_amounts_keep_their_fraction() {
        let row = row(
            "+++\ncompany = \"\"\nvalue = \"12.5 EUR\"\nnext.on = 2026-12-08T09:30:00\n+++\n",
            &Settings::default(),
        );
        assert_eq!(row["company"], serde_json::Value::Null);
        assert_eq!(row["why"], serde_json::Value::Null);
        assert_eq!(row["last_touch"], serde_json::Value::Null);
        assert_eq!(row["value"], serde_json::json!({"amount": 12.5, "currency": "EUR"}));
        assert_eq!(
            (&row["days_overdue"], &row["time"]),
            (&serde_json::json!(-5), &serde_json::json!("09:30"))
        );
        assert_eq!(row["stage"], "new");
    }
}
