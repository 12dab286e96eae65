//! The outcome for people, a Markdown table, and for programs, every figure as JSON.

use std::fmt;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::contender::Gauge;
use crate::fault::{Fault, Result};
use crate::group::{Against, Measured, Outcome, Row};
use crate::machine::Machine;
use crate::options::Options;

/// All groups measured so far.
#[derive(Default)]
pub struct Table {
    outcomes: Vec<Outcome>,
}

/// A row worked out.
struct Line {
    tickler: f64,
    gauge: Gauge,
    peer: Option<(&'static str, f64)>,
    /// Of `tickler` to the peer or the limit.
    ratio: f64,
    /// The largest ratio, or the largest figure, that is promised.
    at_most: Option<f64>,
    good: bool,
}

impl Table {
    pub fn add(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Whether every row was measured and none is over its target.
    pub fn all_good(&self) -> bool {
        self.rows().all(|(outcome, row)| work_out(outcome, row).is_ok_and(|line| line.good))
    }

    fn rows(&self) -> impl Iterator<Item = (&Outcome, &Row)> {
        self.outcomes.iter().flat_map(|outcome| outcome.rows.iter().map(move |row| (outcome, row)))
    }

    /// Writes machine, options, all figures in the order of the rounds, and the rows.
    pub fn write_json(&self, file: &Path, machine: &Machine, options: &Options) -> Result<()> {
        let groups: Vec<Value> = self.outcomes.iter().map(group_json).collect();
        let all = json!({
            "machine": machine.to_json(),
            "contacts": options.contacts,
            "rounds": options.rounds,
            "groups": groups,
        });
        fs::write(file, format!("{all:#}\n")).map_err(Fault::at(file))
    }
}

fn find<'a>(outcome: &'a Outcome, name: &str) -> Result<&'a Measured> {
    let found = outcome.measured.iter().find(|measured| measured.name == name);
    found.ok_or_else(|| Fault::new(format!("group {} has no command \"{name}\"", outcome.group)))
}

fn work_out(outcome: &Outcome, row: &Row) -> Result<Line> {
    let subject = find(outcome, row.subject)?;
    let (tickler, gauge) = (subject.median()?, subject.gauge);
    Ok(match row.against {
        Against::Peer { name, at_most } => {
            let peer = find(outcome, name)?.median()?;
            let ratio = tickler / peer;
            let good = at_most.is_none_or(|at_most| ratio <= at_most);
            Line { tickler, gauge, peer: Some((name, peer)), ratio, at_most, good }
        }
        Against::Limit(limit) => {
            let good = tickler <= limit;
            Line { tickler, gauge, peer: None, ratio: tickler / limit, at_most: Some(limit), good }
        }
    })
}

fn group_json(outcome: &Outcome) -> Value {
    let commands = outcome.measured.iter().map(|measured| {
        let unit = match measured.gauge {
            Gauge::Milliseconds => "ms",
            Gauge::Megabytes => "MB",
        };
        let (name, command) = (measured.name, &measured.command);
        match measured.median() {
            Ok(median) => {
                let figures = measured.figures.as_deref().unwrap_or_default();
                json!({"name": name, "command": command, "unit": unit, "median": median, "figures": figures})
            }
            Err(fault) => json!({"name": name, "command": command, "not_measured": fault.to_string()}),
        }
    });
    let rows = outcome.rows.iter().map(|row| match work_out(outcome, row) {
        Ok(line) => json!({
            "what": row.what, "tickler": line.tickler, "peer": line.peer.map(|(name, _)| name),
            "ratio": line.ratio, "at_most": line.at_most, "ok": line.good,
        }),
        Err(fault) => json!({"what": row.what, "not_measured": fault.to_string(), "ok": false}),
    });
    json!({"name": outcome.group, "commands": commands.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>()})
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | tickler | peer | peer's | ratio | at most | |")?;
        writeln!(f, "| --- | ---: | --- | ---: | ---: | ---: | --- |")?;
        for (outcome, row) in self.rows() {
            match work_out(outcome, row) {
                Ok(line) => writeln!(f, "| {} | {line} |", row.what)?,
                Err(fault) => {
                    let fault = fault.to_string().replace('|', "\\|");
                    writeln!(f, "| {} | | | | | | **NOT MEASURED**: {fault} |", row.what)?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tickler = figure(self.tickler, self.gauge);
        let verdict = match (self.good, self.at_most) {
            (_, None) => "",
            (true, _) => "ok",
            (false, _) => "**over**",
        };
        match self.peer {
            Some((name, peer)) => {
                let at_most = self.at_most.map_or_else(String::new, |ratio| format!("{ratio}"));
                let (peer, ratio) = (figure(peer, self.gauge), self.ratio);
                write!(f, "{tickler} | {name} | {peer} | {ratio:.3} | {at_most} | {verdict}")
            }
            None => {
                let limit = self.at_most.map_or_else(String::new, |limit| figure(limit, self.gauge));
                write!(f, "{tickler} | | | | {limit} | {verdict}")
            }
        }
    }
}

/// Three or four digits and the unit.
fn figure(figure: f64, gauge: Gauge) -> String {
    let unit = match gauge {
        Gauge::Milliseconds => "ms",
        Gauge::Megabytes => "MB",
    };
    if figure < 100.0 { format!("{figure:.1} {unit}") } else { format!("{figure:.0} {unit}") }
}
