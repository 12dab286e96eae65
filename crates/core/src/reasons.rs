//! Valid business reasons to get in touch: which hold today, for whom, and which were not used yet (CLI contract,
//! `reasons`; format, section 7).
//!
//! A reason counts as **used** with a contact where an out touch, on or after the reason's first day, says it: the
//! touch's text holds the reason's text, or what stands before its first colon where that is at least two words
//! (`winter price list: panels cost less` is used by "told her about the winter price list"). Case and accents do
//! not count. A plan (`next.why`) that names it does not use it up: it is what the plan is for.

use crate::contact::{Contact, Entry};
use crate::date::Date;
use crate::fold::fold;
use crate::query::{Context, Query, QueryError, Subject};
use crate::settings::{Reason, Settings, StageGroup};

/// The reasons that hold on one day.
#[derive(Debug)]
pub struct Reasons<'s> {
    holding: Vec<Holding<'s>>,
    today: Date,
}

#[derive(Debug)]
struct Holding<'s> {
    reason: &'s Reason,
    query: Query,
    /// What a log would say of it, folded: the whole, and the short form where there is one.
    said: Vec<String>,
}

/// A `for` that is no query, and which reason it stands in, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenReason {
    /// The number of the `[[reason]]`, from 0.
    pub index: usize,
    /// The mistake.
    pub error: QueryError,
}

impl<'s> Reasons<'s> {
    /// The reasons of the settings that hold on the day of `context`. Those whose `for` is no query fit nobody, and
    /// are told beside.
    pub fn holding(settings: &'s Settings, context: &Context<'_>) -> (Reasons<'s>, Vec<BrokenReason>) {
        let mut holding = Vec::new();
        let mut broken = Vec::new();
        for (index, reason) in settings.reasons.iter().enumerate() {
            if !holds(reason, context.today) {
                continue;
            }
            match Query::parse(reason.query.as_deref().unwrap_or_default(), context) {
                Ok(query) => holding.push(Holding { reason, query, said: said(&reason.text) }),
                Err(error) => broken.push(BrokenReason { index, error }),
            }
        }
        (Reasons { holding, today: context.today }, broken)
    }

    /// Every reason that holds, in the order of the settings.
    pub fn all(&self) -> impl Iterator<Item = &'s Reason> {
        self.holding.iter().map(|holding| holding.reason)
    }

    /// How many hold.
    pub fn len(&self) -> usize {
        self.holding.len()
    }

    /// Whether none holds.
    pub fn is_empty(&self) -> bool {
        self.holding.is_empty()
    }

    /// The reasons that fit the contact and were not used with it yet, as numbers into [`Reasons::all`]. None for a
    /// contact that asked us to stop.
    pub fn unused(&self, subject: &Subject<'_>) -> Vec<usize> {
        if subject.assessment().group == StageGroup::Stopped {
            return Vec::new();
        }
        let contact = subject.contact();
        let fits = |holding: &Holding<'_>| {
            holding.query.matches(subject) && !is_used(contact, holding.reason, &holding.said, self.today)
        };
        self.holding.iter().enumerate().filter(|(_, h)| fits(h)).map(|(index, _)| index).collect()
    }

    /// The reason of that number.
    pub fn get(&self, index: usize) -> Option<&'s Reason> {
        self.holding.get(index).map(|holding| holding.reason)
    }
}

/// Whether `day` lies in the reason's days.
pub fn holds(reason: &Reason, day: Date) -> bool {
    reason.from.is_none_or(|from| from <= day) && reason.until.is_none_or(|until| day <= until)
}

fn said(text: &str) -> Vec<String> {
    let whole = squeezed(text);
    let short = whole.split(':').next().unwrap_or_default().trim().to_owned();
    let mut said = vec![whole];
    if short.split(' ').count() > 1 && !said.contains(&short) {
        said.push(short);
    }
    said.retain(|text| !text.is_empty());
    said
}

fn is_used(contact: &Contact, reason: &Reason, said: &[String], today: Date) -> bool {
    let in_its_days =
        |entry: &&Entry| entry.date <= today && reason.from.is_none_or(|from| from <= entry.date);
    contact
        .log
        .iter()
        .rev()
        .take_while(|entry| entry.date > today || in_its_days(entry))
        .filter(in_its_days)
        .any(|entry| {
            entry.is_out_touch() && !entry.text.is_empty() && {
                let text = squeezed(&entry.text);
                said.iter().any(|said| text.contains(said))
            }
        })
}

/// Folded, and with single spaces.
fn squeezed(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::follow_up::assess;

    const SETTINGS: &str = r#"
[[reason]]
text = "winter price list: panels cost less"
from = 2026-12-01
until = 2027-01-31
for = "tag:hotel"
[[reason]]
text = "News: a new wall"
[[reason]]
text = "autumn fair"
until = 2026-11-30
[[reason]]
text = "broken"
for = "stage:nowhere"
"#;

    fn unused(head: &str, log: &str) -> Vec<String> {
        let (settings, _) = file::parse_settings(SETTINGS).unwrap();
        let today = "2026-12-03".parse().unwrap();
        let (reasons, broken) =
            Reasons::holding(&settings, &Context { settings: &settings, today, me: None });
        assert_eq!(broken.iter().map(|b| b.index).collect::<Vec<_>>(), [3]);
        let text = format!("+++\n{head}\n+++\n## Log\n\n{log}\n");
        let contact = file::parse(&text, "jane", &settings).contact;
        let assess = |contact: &Contact| assess(contact, &settings, today);
        let subject = Subject::new(&contact, &assess, &|_| None);
        reasons.unused(&subject).into_iter().filter_map(|i| reasons.get(i)).map(|r| r.text.clone()).collect()
    }

    #[test]
    fn a_reason_holds_in_its_days_for_whom_it_fits() {
        assert_eq!(
            unused("tags = \"hotel\"", ""),
            ["winter price list: panels cost less", "News: a new wall"]
        );
        assert_eq!(unused("", ""), ["News: a new wall"]);
        assert_eq!(unused("stage = \"stopped\"", ""), [""; 0]);
    }

    #[test]
    fn a_reason_is_used_once_it_was_said() {
        for (log, used) in [
            ("- 2026-12-02 email: the Winter  Price List, as promised", true),
            ("- 2026-12-02 email: winter price list: panels cost less", true),
            ("- 2026-12-02 email in: where is the winter price list?", false),
            ("- 2026-12-02 note: send the winter price list", false),
            ("- 2025-12-02 email: the winter price list of last year", false),
            ("- 2026-12-04 email: winter price list, tomorrow", false),
            ("- 2026-12-02 email: winter prices", false),
        ] {
            assert_eq!(unused("tags = \"hotel\"", log).len(), if used { 1 } else { 2 }, "{log}");
        }
        // One word before the colon is too little to tell.
        assert_eq!(unused("", "- 2026-12-02 phone: no news").len(), 1);
        assert_eq!(unused("", "- 2026-12-02 phone: news: a new wall").len(), 0);
    }
}
