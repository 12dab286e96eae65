//! Contacts by stage: how many, worth what, and the ones that matter most.

use std::cmp::Ordering;

use tickler_core::date::Date;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::settings::StageGroup;
use tickler_core::wire::Value;

/// How many of a stage are shown.
const TOP: usize = 6;

/// All stages: those of the settings in their order, then those that the settings do not know.
pub struct Pipeline {
    /// Also those with nobody in them.
    pub stages: Vec<Stage>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// Its group.
    pub group: StageGroup,
    /// Whether the settings know it.
    pub is_known: bool,
    /// How many contacts stand there.
    pub count: usize,
    /// How many of them are late.
    pub late: usize,
    /// What they are worth, the notebook's currency first, then by currency.
    pub sums: Vec<Value>,
    /// The numbers of the first few: the most valuable, then the most urgent.
    pub top: Vec<usize>,
}

/// One contact, as the stages count it.
struct One {
    index: usize,
    /// The stage's number in the settings, or its name.
    stage: Result<usize, String>,
    value: Option<Value>,
    due: Option<Date>,
}

impl Pipeline {
    /// Of all contacts of that survey.
    pub fn of(survey: &Survey<'_>) -> Pipeline {
        let settings = survey.notebook().settings();
        let names: Vec<&str> = settings.stages.all().collect();
        let plan = Parts { plan: true, ..Parts::NONE };
        let mut all = survey.search(plan, |row, contact| {
            let stage = settings.stage_of(contact.head.stage.as_deref());
            let place = names.iter().position(|name| *name == stage);
            let stage = place.ok_or_else(|| stage.to_owned());
            let due = survey.outlook(row.index).due;
            Some(One { index: row.index, stage, value: Value::of(contact, settings), due })
        });
        let mut strange: Vec<String> = all.iter().filter_map(|one| one.stage.clone().err()).collect();
        strange.sort_unstable();
        strange.dedup();
        all.sort_by(order);
        let known = names.iter().map(|name| ((*name).to_owned(), true));
        let mut stages: Vec<Stage> = known
            .chain(strange.into_iter().map(|name| (name, false)))
            .map(|(name, is_known)| Stage {
                group: settings.stages.group(&name),
                name,
                is_known,
                count: 0,
                late: 0,
                sums: Vec::new(),
                top: Vec::new(),
            })
            .collect();
        for one in all {
            let found = match &one.stage {
                Ok(place) => stages.get_mut(*place),
                Err(name) => stages.iter_mut().find(|stage| !stage.is_known && stage.name == *name),
            };
            if let Some(stage) = found {
                stage.take(one, survey.today());
            }
        }
        for stage in &mut stages {
            stage.sums.sort_by_key(|sum| (sum.currency != settings.currency, sum.currency.clone()));
        }
        Pipeline { stages }
    }
}

impl Stage {
    fn take(&mut self, one: One, today: Date) {
        self.count += 1;
        self.late += usize::from(one.due.is_some_and(|due| due < today));
        if self.top.len() < TOP {
            self.top.push(one.index);
        }
        add(&mut self.sums, one.value);
    }
}

/// Adds amounts of one currency up.
pub fn add(sums: &mut Vec<Value>, value: Option<Value>) {
    let Some(value) = value else { return };
    match sums.iter_mut().find(|sum| sum.currency == value.currency) {
        Some(sum) => sum.amount += value.amount,
        None => sums.push(value),
    }
}

/// The most valuable first, whatever the currency, then the most urgent.
fn order(a: &One, b: &One) -> Ordering {
    let amount = |one: &One| one.value.as_ref().map_or(0.0, |value| value.amount);
    let due = |one: &One| one.due.unwrap_or(Date::MAX);
    amount(b).total_cmp(&amount(a)).then_with(|| due(a).cmp(&due(b))).then_with(|| a.index.cmp(&b.index))
}
