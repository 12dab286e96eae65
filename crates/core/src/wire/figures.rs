//! The figures of a report in JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Value;
use crate::contact::Channel;
use crate::date::Date;
use crate::follow_up::Kind;
use crate::report::{Done, Every, Figures, Promises, Reach, Stage, median};
use crate::settings::{Settings, StageGroup};

/// `report --format json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FiguresReport {
    /// The day that it was asked for, and the last that is looked at.
    pub today: Date,
    /// The first day that is looked at.
    pub since: Date,
    /// How long each of the spans is.
    pub every: Every,
    /// How many contacts the figures are of.
    pub contacts: usize,
    /// Follow-ups that were done.
    pub follow_ups: FollowUpFigures,
    /// What is to be done, as it stands today.
    pub standing: StandingFigures,
    /// From the first to the current one.
    pub spans: Vec<SpanRow>,
    /// The most used first.
    pub channels: Vec<ChannelRow>,
    /// Promises of both sides.
    pub promises: PromiseFigures,
    /// Every stage of the settings in their order, then those that only contacts name.
    pub pipeline: Vec<StageRow>,
    /// How many contacts came in.
    pub added: usize,
    /// Where these came from, the most frequent first; where nothing says so, last.
    pub sources: Vec<SourceRow>,
    /// The team in the order of the settings, then whoever else is named, then nobody.
    pub team: Vec<MemberRow>,
}

/// Follow-ups that were done, as far as the files tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct FollowUpFigures {
    pub on_time: usize,
    pub late: usize,
    /// From 0 to 1; `null` where there was none.
    pub on_time_rate: Option<f64>,
    /// The median of the late ones.
    pub days_late: Option<i64>,
    /// Touches for which the files do not tell of anything that was due by then.
    pub unmeasured: usize,
    pub kinds: Vec<KindRow>,
}

/// Follow-ups of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct KindRow {
    pub kind: Kind,
    pub on_time: usize,
    pub late: usize,
}

/// How many contacts have their follow-up when, and how many will be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct StandingFigures {
    pub late: usize,
    pub today: usize,
    pub later: usize,
    pub cracks: usize,
}

/// One week, month or year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct SpanRow {
    pub from: Date,
    /// The last day of it.
    pub until: Date,
    pub on_time: usize,
    pub late: usize,
    pub unmeasured: usize,
    pub touches: usize,
    pub added: usize,
}

/// What became of the touches by one channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct ChannelRow {
    pub channel: Channel,
    pub touches: usize,
    /// At once, such as a call that was taken.
    pub reached: usize,
    /// Later, by a touch of theirs.
    pub answered: usize,
    /// Of both, from 0 to 1; `null` where there was no touch of ours.
    pub reach_rate: Option<f64>,
    /// The median of the days until an answer.
    pub answer_days: Option<i64>,
    /// Touches of theirs.
    pub incoming: usize,
}

/// Promises of both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct PromiseFigures {
    pub ours: PromiseRow,
    pub theirs: PromiseRow,
}

/// Promises of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct PromiseRow {
    pub kept: usize,
    pub open: usize,
    pub late: usize,
    pub undated: usize,
}

/// The contacts of one stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct StageRow {
    pub stage: String,
    /// `open`, `won`, `lost` or `stopped`.
    pub group: &'static str,
    pub contacts: usize,
    /// One a currency, in the order of the alphabet.
    pub values: Vec<Value>,
}

/// How many contacts came in from one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct SourceRow {
    pub source: Option<String>,
    pub contacts: usize,
}

/// What one member of the team did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct MemberRow {
    /// The handle; `null` where nobody is named.
    pub who: Option<String>,
    pub name: Option<String>,
    pub touches: usize,
    /// In how many of the spans there was a touch.
    pub active: usize,
    pub on_time: usize,
    pub late: usize,
    /// Touches in each of the spans.
    pub spans: Vec<usize>,
}

impl FiguresReport {
    /// Of those figures.
    pub fn new(figures: &Figures, settings: &Settings) -> FiguresReport {
        let stretch = figures.stretch();
        let spans = stretch.spans().zip(&figures.spans).map(|((from, until), span)| SpanRow {
            from,
            until,
            on_time: span.done.on_time,
            late: span.done.late,
            unmeasured: span.unmeasured,
            touches: span.touches,
            added: span.added,
        });
        FiguresReport {
            today: stretch.last(),
            since: stretch.first(),
            every: stretch.every(),
            contacts: figures.contacts,
            follow_ups: follow_ups(figures),
            standing: StandingFigures {
                late: figures.standing.late,
                today: figures.standing.today,
                later: figures.standing.later,
                cracks: figures.standing.cracks,
            },
            spans: spans.collect(),
            channels: channels(&figures.channels),
            promises: PromiseFigures { ours: promises(figures.ours), theirs: promises(figures.theirs) },
            pipeline: pipeline(&figures.stages, settings),
            added: figures.sources.values().sum(),
            sources: sources(&figures.sources),
            team: team(figures, settings),
        }
    }
}

fn follow_ups(figures: &Figures) -> FollowUpFigures {
    let Done { on_time, late } = figures.done();
    FollowUpFigures {
        on_time,
        late,
        on_time_rate: rate(on_time, on_time + late),
        days_late: median(&figures.days_late),
        unmeasured: figures.spans.iter().map(|span| span.unmeasured).sum(),
        kinds: figures
            .kinds
            .iter()
            .map(|(kind, done)| KindRow { kind: *kind, on_time: done.on_time, late: done.late })
            .collect(),
    }
}

fn channels(of: &BTreeMap<Channel, Reach>) -> Vec<ChannelRow> {
    let row = |(channel, reach): (&Channel, &Reach)| ChannelRow {
        channel: channel.clone(),
        touches: reach.out,
        reached: reach.reached,
        answered: reach.answered,
        reach_rate: rate(reach.reached + reach.answered, reach.out),
        answer_days: median(&reach.answer_days),
        incoming: reach.incoming,
    };
    let mut rows: Vec<ChannelRow> = of.iter().map(row).collect();
    // The sort is stable: equal ones stay in the format's order.
    rows.sort_by_key(|row| std::cmp::Reverse((row.touches, row.incoming)));
    rows
}

fn promises(of: Promises) -> PromiseRow {
    PromiseRow { kept: of.kept, open: of.open, late: of.late, undated: of.undated }
}

fn pipeline(of: &BTreeMap<String, Stage>, settings: &Settings) -> Vec<StageRow> {
    let configured: Vec<&str> = settings.stages.all().collect();
    let others = of.keys().map(String::as_str).filter(|name| !configured.contains(name));
    let row = |name: &str| {
        let stage = of.get(name);
        let values = stage.into_iter().flat_map(Stage::values);
        StageRow {
            stage: name.to_owned(),
            group: match settings.stages.group(name) {
                StageGroup::Open => "open",
                StageGroup::Won => "won",
                StageGroup::Lost => "lost",
                StageGroup::Stopped => "stopped",
            },
            contacts: stage.map_or(0, |stage| stage.contacts),
            values: values
                .map(|(currency, amount)| Value { amount, currency: currency.to_owned() })
                .collect(),
        }
    };
    configured.iter().copied().chain(others).map(row).collect()
}

fn sources(of: &BTreeMap<Option<String>, usize>) -> Vec<SourceRow> {
    let mut rows: Vec<SourceRow> = of
        .iter()
        .map(|(source, contacts)| SourceRow { source: source.clone(), contacts: *contacts })
        .collect();
    rows.sort_by_key(|row| (row.source.is_none(), std::cmp::Reverse(row.contacts)));
    rows
}

fn team(figures: &Figures, settings: &Settings) -> Vec<MemberRow> {
    let known = settings.team.iter().map(|member| Some(member.handle.clone()));
    let is_known = |who: &&Option<String>| who.as_deref().is_some_and(|who| settings.member(who).is_some());
    let others = figures.team.keys().filter(|who| who.is_some() && !is_known(who)).cloned();
    let nobody = figures.team.contains_key(&None).then_some(None);
    let row = |who: Option<String>| {
        let member = figures.team.get(&who).cloned().unwrap_or_default();
        let mut spans = member.touches.clone();
        spans.resize(figures.spans.len(), 0);
        MemberRow {
            name: who.as_deref().and_then(|who| settings.member(who)).and_then(|member| member.name.clone()),
            touches: member.total(),
            active: member.active(),
            on_time: member.done.on_time,
            late: member.done.late,
            spans,
            who,
        }
    };
    known.chain(others).chain(nobody).map(row).collect()
}

/// From 0 to 1, to the thousandth.
fn rate(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 1000.0).round() / 1000.0)
}
