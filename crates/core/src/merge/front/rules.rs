//! Which of two values stays where both sides gave a key another one (`docs/merge.md`, Front matter).

use std::cmp::Reverse;

use super::Sheet;
use crate::contact::Value;
use crate::date::Date;
use crate::file::edit::find::order;
use crate::file::edit::literal;
use crate::merge::Lead;
use crate::settings::{Settings, StageGroup};

/// What the rules have to know.
pub(in crate::merge) struct Rules<'r> {
    pub sheet: Sheet,
    pub lead: Lead,
    pub settings: &'r Settings,
    /// Whether the merged log has an out touch or a conversation on that day or after it.
    pub is_fulfilled: &'r dyn Fn(Date) -> bool,
}

impl Rules<'_> {
    /// Whether the table at that path is merged as one, since its keys mean something only together.
    pub fn is_one_value(&self, path: &[&str]) -> bool {
        self.sheet == Sheet::Contact && matches!(path, ["next" | "away" | "cadence"])
    }

    /// Whether `a` stays and not `b`. The two are never the same.
    pub fn first_wins(&self, path: &[&str], a: &Value, b: &Value) -> bool {
        let greater = || self.lead.takes_first(|| plain(a) >= plain(b));
        if self.sheet == Sheet::Settings {
            return greater();
        }
        let by = |order: std::cmp::Ordering| if order.is_eq() { greater() } else { order.is_gt() };
        match path {
            ["stage"] if self.lead != Lead::Bytes => by(self.is_stopped(a).cmp(&self.is_stopped(b))),
            _ if self.lead != Lead::Bytes => greater(),
            ["stage"] => by(self.rank(a).cmp(&self.rank(b))),
            ["added"] => by(when(a).map(Reverse).cmp(&when(b).map(Reverse))),
            ["next"] => by(self.sooner(on(a, "on"), on(b, "on"))),
            ["away"] => by(on(a, "until").cmp(&on(b, "until"))),
            ["cadence"] => by(on(a, "start").cmp(&on(b, "start"))),
            _ => greater(),
        }
    }

    fn is_stopped(&self, stage: &Value) -> bool {
        self.rank(stage).is_some_and(|(rank, _)| rank == 3)
    }

    /// Stopped before lost before won before the later open one; last what no setting names.
    fn rank(&self, stage: &Value) -> Option<(u8, usize)> {
        let Value::Text(stage) = stage else { return None };
        let stages = &self.settings.stages;
        match stages.group(stage) {
            StageGroup::Stopped => Some((3, 0)),
            StageGroup::Lost => Some((2, 0)),
            StageGroup::Won => Some((1, 0)),
            StageGroup::Open => stages.open.iter().position(|open| open == stage).map(|at| (0, at)),
        }
    }

    /// Greater is the plan that stays: the earlier one that has not been fulfilled, else the later.
    fn sooner(&self, a: Option<Moment>, b: Option<Moment>) -> std::cmp::Ordering {
        match (&a, &b) {
            (Some(one), Some(other)) if (self.is_fulfilled)(one.min(other).0) => a.cmp(&b),
            (Some(_), Some(_)) => b.cmp(&a),
            _ => a.cmp(&b),
        }
    }
}

/// A day, and the time on it as it sorts; a day alone comes before any time.
type Moment = (Date, String);

/// The day of a date with or without a time.
fn when(value: &Value) -> Option<Moment> {
    match value {
        Value::Date(date) => Some((*date, String::new())),
        Value::DateTime(written) => Some((Date::scan(written.as_bytes())??, plain(value))),
        _ => None,
    }
}

/// The day at a key of a table.
fn on(table: &Value, key: &str) -> Option<Moment> {
    let Value::Table(items) = table else { return None };
    items.iter().find(|(name, _)| name == key).and_then(|(_, value)| when(value))
}

/// A path with dots, as TOML writes it.
pub(super) fn dotted(path: &[&str]) -> String {
    path.iter().map(|name| literal::name(name)).collect::<Vec<_>>().join(".")
}

/// The value as TOML on one line, the same for all ways of writing it: by this values are compared.
pub(super) fn plain(value: &Value) -> String {
    literal::write(&sorted(value), None, 'T').unwrap_or_else(|_| value.to_string())
}

/// As a value stands under `other`: a text as it is, anything else as TOML.
pub(super) fn told(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => plain(other),
    }
}

/// With the keys of tables in the format's order, others sorted behind them, and date-times written in one way.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::DateTime(written) => Value::DateTime(written.replacen(['t', ' '], "T", 1)),
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        Value::Table(items) => {
            let mut items: Vec<_> = items.iter().map(|(key, item)| (key.clone(), sorted(item))).collect();
            items.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
            Value::Table(items)
        }
        other => other.clone(),
    }
}

/// Where the format has the key in the tables that are set aside as one, or in `[[conflict]]`.
fn rank(key: &str) -> usize {
    let known = ["next", "away", "cadence"].into_iter().flat_map(|table| order(&[table]));
    ["key", "other"].iter().chain(known).position(|name| *name == key).unwrap_or(usize::MAX)
}
