//! `set`, `tag`, `assign`, `stage`, `cadence`: edits of the front matter, of one contact or of all that a query fits.

use super::value::{self, Assignment, ValueChange};
use super::{Caution, Desk, Draft, Planned, Refusal, log::known_handle};
use crate::contact::Value;
use crate::date::Date;
use crate::english;
use crate::file::edit;
use crate::notebook::{Change, Deed, Survey};
use crate::settings::StageGroup;

/// What is done to a contact's front matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Alteration {
    verb: &'static str,
    assignments: Vec<Assignment>,
    said: String,
}

fn set(key: &[&str], value: Value) -> Assignment {
    let key = key.iter().map(|part| (*part).to_owned()).collect();
    Assignment { key, change: ValueChange::Set(value) }
}

fn change(key: &str, change: ValueChange) -> Assignment {
    Assignment { key: key.split('.').map(str::to_owned).collect(), change }
}

impl Alteration {
    /// Keys and their values, as typed: `stage=nurture`, `tags+=vip`.
    ///
    /// # Errors
    /// Where one cannot be read, or the value does not fit its key.
    pub fn set(typed: &[String], desk: &Desk<'_>) -> Result<Alteration, Refusal> {
        let assignments =
            typed.iter().map(|text| Assignment::read(text, desk)).collect::<Result<Vec<_>, _>>()?;
        if assignments.is_empty() {
            return Err(Refusal::usage("nothing to set").hint("such as `stage=nurture` or `tags+=vip`"));
        }
        let said: Vec<String> = assignments.iter().map(Assignment::said).collect();
        Ok(Alteration { verb: "set", assignments, said: said.join(", ") })
    }

    /// Tags, as typed: `+vip`, `-old`.
    ///
    /// # Errors
    /// Where there is none, or one has no sign.
    pub fn tag(typed: &[String]) -> Result<Alteration, Refusal> {
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        for text in typed {
            match (text.strip_prefix('+'), text.strip_prefix('-')) {
                (Some(tag), _) if !tag.trim().is_empty() => add.push(tag.trim().to_owned()),
                (_, Some(tag)) if !tag.trim().is_empty() => remove.push(tag.trim().to_owned()),
                _ => {
                    return Err(Refusal::usage(format!("\"{text}\" is no tag to add or take away"))
                        .hint("`+vip` adds a tag, `-vip` takes it away"));
                }
            }
        }
        let assignments: Vec<Assignment> = [
            // In this order, so that a list of one tag is not gone in between.
            (!add.is_empty()).then(|| change("tags", ValueChange::Add(add))),
            (!remove.is_empty()).then(|| change("tags", ValueChange::Remove(remove))),
        ]
        .into_iter()
        .flatten()
        .collect();
        if assignments.is_empty() {
            return Err(Refusal::usage("which tags?").hint("`+vip` adds a tag, `-vip` takes it away"));
        }
        Ok(Alteration { verb: "tag", assignments, said: typed.join(" ") })
    }

    /// To whom the contact belongs; to nobody where there is no handle.
    ///
    /// # Errors
    /// Where nobody in the team has the handle.
    pub fn assign(handle: Option<&str>, desk: &Desk<'_>) -> Result<Alteration, Refusal> {
        let (what, said) = match handle.map(|handle| handle.trim_start_matches('@')) {
            Some(handle) => {
                known_handle(handle, desk)?;
                (ValueChange::Set(Value::Text(handle.to_owned())), format!("owner {handle}"))
            }
            None => (ValueChange::Unset, "owned by nobody".to_owned()),
        };
        Ok(Alteration { verb: "assign", assignments: vec![change("owner", what)], said })
    }

    /// From one owner to another; the one who had it need not be in the team any more.
    ///
    /// # Errors
    /// Where nobody in the team has the new owner's handle, or both are the same.
    pub fn hand_over(from: &str, to: &str, desk: &Desk<'_>) -> Result<Alteration, Refusal> {
        let (from, to) = (from.trim_start_matches('@'), to.trim_start_matches('@'));
        known_handle(to, desk)?;
        if from == to {
            return Err(Refusal::usage(format!("\"{from}\" would hand over to themselves")));
        }
        let assignments = vec![change("owner", ValueChange::Set(Value::Text(to.to_owned())))];
        Ok(Alteration { verb: "reassign", assignments, said: format!("from {from} to {to}") })
    }

    /// The stage.
    ///
    /// # Errors
    /// Where there is no such stage.
    pub fn stage(stage: &str, desk: &Desk<'_>) -> Result<Alteration, Refusal> {
        let stage = value::stage(stage, desk)?;
        let said = format!("stage {stage}");
        Ok(Alteration { verb: "stage", assignments: vec![set(&["stage"], Value::Text(stage))], said })
    }

    /// A cadence that begins on a day.
    ///
    /// # Errors
    /// Where there is no such cadence.
    pub fn cadence(name: &str, start: Date, desk: &Desk<'_>) -> Result<Alteration, Refusal> {
        let name = value::cadence(name, desk)?;
        let day = english::shown(&crate::date::When { date: start, time: None });
        let said = format!("cadence {name} from {day}");
        let assignments = vec![
            set(&["cadence", "name"], Value::Text(name)),
            set(&["cadence", "start"], Value::Date(start)),
        ];
        Ok(Alteration { verb: "cadence", assignments, said })
    }

    /// No cadence any more.
    pub fn end_cadence() -> Alteration {
        let keys = ["cadence.name", "cadence.start"];
        let assignments = keys.map(|key| change(key, ValueChange::Unset)).into();
        Alteration { verb: "cadence", assignments, said: "cadence ended".to_owned() }
    }

    /// Changes one contact.
    ///
    /// # Errors
    /// Where the file cannot be edited.
    pub fn one(&self, mut draft: Draft, desk: &Desk<'_>) -> Result<Planned, Refusal> {
        self.apply(&mut draft, desk)?;
        let name = draft.contact().name.clone();
        let cautions = self.cautions(&draft, desk);
        let subject = format!("{} {name}: {}", self.verb, self.said);
        let said = format!("{name}: {}", self.said);
        Ok(Planned { cautions, ..Planned::of(draft, self.verb, subject, said) })
    }

    fn apply(&self, draft: &mut Draft, desk: &Desk<'_>) -> Result<(), Refusal> {
        for Assignment { key, change } in &self.assignments {
            let key: Vec<&str> = key.iter().map(String::as_str).collect();
            draft.edit(desk.settings, |text| match change {
                ValueChange::Set(value) => edit::set(text, &key, value),
                ValueChange::Unset => edit::unset(text, &key),
                ValueChange::Add(items) => edit::add_items(text, &key, items),
                ValueChange::Remove(items) => edit::remove_items(text, &key, items),
            })?;
        }
        Ok(())
    }

    fn cautions(&self, draft: &Draft, desk: &Desk<'_>) -> Vec<Caution> {
        let head = &draft.contact().head;
        let mut cautions = Vec::new();
        let sets = |key: &str| self.assignments.iter().any(|a| a.key.first().is_some_and(|k| k == key));
        if self.verb == "cadence" && head.cadence.is_some() && head.next.is_some() {
            let plan = "the planned next step comes before the cadence; `tickler next ID --clear` drops it";
            cautions.push(Caution::Other(plan.to_owned()));
        }
        let stage = desk.settings.stage_of(head.stage.as_deref());
        if sets("stage") && desk.settings.stages.group(stage) == StageGroup::Stopped && self.verb == "stage" {
            let why = "`tickler stop` also logs why they asked";
            cautions.push(Caution::Other(why.to_owned()));
        }
        cautions
    }

    /// Changes all contacts of these numbers in one deed; also gives why some are left as they are. `query` is how
    /// they were found.
    pub fn many(
        &self,
        survey: &Survey<'_>,
        indexes: &[usize],
        query: &str,
        desk: &Desk<'_>,
    ) -> (Planned, Vec<Refusal>) {
        let altered = survey.each(indexes, |index| {
            let mut draft = Draft::read(survey, *index)?;
            self.apply(&mut draft, desk)?;
            Ok(draft.into_change())
        });
        let (mut changes, mut refusals, mut same): (Vec<Change>, Vec<Refusal>, usize) = Default::default();
        for result in altered {
            match result {
                Ok(change) if change.is_change() => changes.push(change),
                Ok(_) => same += 1,
                Err(refusal) => refusals.push(refusal),
            }
        }
        let contacts = match changes.len() {
            1 => "1 contact".to_owned(),
            n => format!("{n} contacts"),
        };
        let already = if same > 0 { format!(" ({same} more were so already)") } else { String::new() };
        let planned = Planned {
            said: format!("{contacts}: {}{already}", self.said),
            deed: Deed {
                verb: self.verb.to_owned(),
                subject: format!("{} {contacts} ({}): {}", self.verb, query.trim(), self.said),
                undoes: Vec::new(),
                changes,
            },
            cautions: Vec::new(),
            contact: None,
        };
        (planned, refusals)
    }
}
