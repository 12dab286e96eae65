//! Commands measured side by side, and the rows of the table that compare them.

use crate::contender::{Contender, Gauge};
use crate::fault::{Fault, Result};
use crate::sandbox::Sandbox;

/// Contenders that take turns on the same files, and what to make of their figures.
pub struct Group<'a> {
    pub name: &'static str,
    /// Done once, before the warm-up.
    pub setup: Box<dyn Fn() -> Result<()> + 'a>,
    pub contenders: Vec<Contender<'a>>,
    pub rows: Vec<Row>,
}

/// One line of the table: a contender and what it is held against.
#[derive(Debug, Clone)]
pub struct Row {
    pub what: String,
    /// A contender's name.
    pub subject: &'static str,
    pub against: Against,
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub enum Against {
    /// At most so many times another contender of the group; no promise where `None`.
    Peer { name: &'static str, at_most: Option<f64> },
    /// At most this figure.
    Limit(f64),
}

/// A contender with all its figures, or why there are none.
pub struct Measured {
    pub name: &'static str,
    pub command: String,
    pub gauge: Gauge,
    pub figures: Result<Vec<f64>>,
}

impl Measured {
    /// The middle figure; of an even number the mean of the middle two.
    pub fn median(&self) -> Result<f64> {
        let mut sorted = self.figures.clone()?;
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
        match (sorted.get(low), sorted.get(high)) {
            (Some(low), Some(high)) => Ok(f64::midpoint(*low, *high)),
            _ => Err(Fault::new(format!("{} was never run", self.name))),
        }
    }
}

/// A group's outcome.
pub struct Outcome {
    pub group: &'static str,
    pub rows: Vec<Row>,
    pub measured: Vec<Measured>,
}

impl<'a> Group<'a> {
    /// A group without rows.
    pub fn new(
        name: &'static str,
        setup: impl Fn() -> Result<()> + 'a,
        contenders: Vec<Contender<'a>>,
    ) -> Group<'a> {
        Group { name, setup: Box::new(setup), contenders, rows: Vec::new() }
    }

    /// Adds a row that compares two contenders; without a target where `at_most` is `None`.
    pub fn compare(
        mut self,
        what: impl Into<String>,
        subject: &'static str,
        name: &'static str,
        at_most: impl Into<Option<f64>>,
    ) -> Group<'a> {
        let against = Against::Peer { name, at_most: at_most.into() };
        self.rows.push(Row { what: what.into(), subject, against });
        self
    }

    /// Adds a row that holds one contender against a fixed limit.
    pub fn limit(mut self, what: impl Into<String>, subject: &'static str, at_most: f64) -> Group<'a> {
        self.rows.push(Row { what: what.into(), subject, against: Against::Limit(at_most) });
        self
    }

    /// Runs each contender once to warm up and then all of them in turn, so many rounds.
    pub fn measure(self, rounds: usize, sandbox: &Sandbox) -> Outcome {
        let ready = (self.setup)();
        let mut figures: Vec<Result<Vec<f64>>> = self
            .contenders
            .iter()
            .map(|contender| ready.clone().and_then(|()| contender.warm_up(sandbox)).map(|()| Vec::new()))
            .collect();
        for _ in 0..rounds {
            for (contender, figures) in self.contenders.iter().zip(&mut figures) {
                let Ok(so_far) = figures else { continue };
                match contender.run(sandbox) {
                    Ok(figure) => so_far.push(figure),
                    Err(fault) => *figures = Err(fault),
                }
            }
        }
        let measured = self.contenders.iter().zip(figures).map(|(contender, figures)| Measured {
            name: contender.name,
            command: contender.shown(),
            gauge: contender.gauge,
            figures,
        });
        Outcome { group: self.name, measured: measured.collect(), rows: self.rows }
    }
}
