//! Who covers what: for each person of the team the contacts, what is due, what is promised, and the last touch.

use std::collections::BTreeMap;

use tickler_core::contact::{Contact, Promiser};
use tickler_core::date::Date;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::settings::{Settings, StageGroup};

/// The duties of all.
pub struct Team {
    /// By handle: whoever owns a contact, touched one or promised something, and all of the team.
    pub members: BTreeMap<String, Duties>,
    /// What is nobody's.
    pub nobody: Duties,
}

/// What somebody has to look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Duties {
    /// Contacts of open stages.
    pub open: usize,
    /// Customers.
    pub won: usize,
    /// Contacts to follow up with by today, those that are late among them.
    pub due: usize,
    /// Those that are late.
    pub late: usize,
    /// Promises that they made and did not keep yet.
    pub promises: usize,
    /// The day of their last touch with anybody.
    pub last: Option<Date>,
}

impl Team {
    /// Of all contacts of that survey.
    pub fn of(survey: &Survey<'_>) -> Team {
        let (settings, today) = (survey.notebook().settings(), survey.today());
        let counted = survey.search(Parts::RULES, |row, contact| {
            let due = survey.outlook(row.index).due;
            Some(count(contact, due, settings, today))
        });
        let mut members: BTreeMap<String, Duties> =
            settings.team.iter().map(|member| (member.handle.clone(), Duties::default())).collect();
        let mut nobody = Duties::default();
        for (who, duties) in counted.into_iter().flatten() {
            match who {
                Some(handle) => members.entry(handle).or_default().add(duties),
                None => nobody.add(duties),
            }
        }
        Team { members, nobody }
    }
}

impl Duties {
    fn add(&mut self, more: Duties) {
        self.open += more.open;
        self.won += more.won;
        self.due += more.due;
        self.late += more.late;
        self.promises += more.promises;
        self.last = self.last.max(more.last);
    }
}

/// What one contact gives to whom.
fn count(
    contact: &Contact,
    due: Option<Date>,
    settings: &Settings,
    today: Date,
) -> Vec<(Option<String>, Duties)> {
    let owner = contact.head.owner.as_ref().filter(|owner| !owner.is_empty());
    let group = settings.stages.group(settings.stage_of(contact.head.stage.as_deref()));
    let own = Duties {
        open: usize::from(group == StageGroup::Open),
        won: usize::from(group == StageGroup::Won),
        due: usize::from(due.is_some_and(|due| due <= today)),
        late: usize::from(due.is_some_and(|due| due < today)),
        ..Duties::default()
    };
    let mut all = vec![(owner.cloned(), own)];
    let mut note = |who: Option<&String>, duties: Duties| match all
        .iter_mut()
        .find(|(known, _)| known.as_ref() == who)
    {
        Some((_, known)) => known.add(duties),
        None => all.push((who.cloned(), duties)),
    };
    if group != StageGroup::Stopped {
        for promise in contact.promises.iter().filter(|promise| !promise.kept) {
            let who = match &promise.who {
                Promiser::Me => owner,
                Promiser::Member(handle) => Some(handle),
                Promiser::Them => continue,
            };
            note(who, Duties { promises: 1, ..Duties::default() });
        }
    }
    for entry in contact.log.iter().filter(|entry| entry.is_touch() && entry.date <= today) {
        note(entry.who.as_ref().or(owner), Duties { last: Some(entry.date), ..Duties::default() });
    }
    all
}

#[cfg(test)]
mod tests {
    use tickler_core::file;

    use super::*;

    #[test]
    fn what_a_contact_gives_to_whom() {
        let settings = Settings::default();
        let today: Date = "2026-12-03".parse().unwrap();
        let text = "+++\nname = \"Jane\"\nowner = \"pat\"\n+++\n## Log\n- 2026-11-20 phone @sam: hello\n  \
                    - [ ] me: send it\n  - [ ] @kim: install it\n  - [ ] them: read it\n- 2026-11-10 email: sent\n\
                    - 2026-12-09 phone: to come\n- 2026-12-01 note: x\n";
        let contact = file::parse(text, "jane", &settings).contact;
        let date = |text: &str| Some(text.parse::<Date>().unwrap());
        let due = date("2026-12-01");
        let mut counted = count(&contact, due, &settings, today);
        counted.sort_by(|(a, _), (b, _)| a.cmp(b));
        let pat = Duties { open: 1, due: 1, late: 1, promises: 1, last: date("2026-11-10"), won: 0 };
        assert_eq!(
            counted,
            [
                (Some("kim".to_owned()), Duties { promises: 1, ..Duties::default() }),
                (Some("pat".to_owned()), pat),
                (Some("sam".to_owned()), Duties { last: date("2026-11-20"), ..Duties::default() }),
            ]
        );
    }

    #[test]
    fn who_asked_us_to_stop_is_owed_nothing() {
        let settings = Settings::default();
        let text = "+++\nstage = \"stopped\"\n+++\n## Log\n- 2026-11-20 phone\n  - [ ] me: send it\n";
        let contact = file::parse(text, "x", &settings).contact;
        let counted = count(&contact, None, &settings, "2026-12-03".parse().unwrap());
        let last = "2026-11-20".parse().ok();
        assert_eq!(counted, [(None, Duties { last, ..Duties::default() })]);
    }
}
