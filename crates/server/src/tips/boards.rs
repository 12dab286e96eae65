//! What the pages that go over everybody show, made once for each commit, and only where somebody looks.

use std::sync::OnceLock;

use tickler_core::answer;
use tickler_core::notebook::Tip;
use tickler_core::query::Query;
use tickler_core::wire::FiguresReport;

use super::pipeline::Pipeline;
use super::team::Team;
use super::trouble::Trouble;

/// Each is made when it is first asked for.
#[derive(Default)]
pub struct Boards {
    pipeline: OnceLock<Pipeline>,
    team: OnceLock<Team>,
    trouble: OnceLock<Trouble>,
    report: OnceLock<FiguresReport>,
}

impl Boards {
    /// By stage.
    pub fn pipeline(&self, tip: &Tip) -> &Pipeline {
        self.pipeline.get_or_init(|| Pipeline::of(&tip.survey()))
    }

    /// Who covers what.
    pub fn team(&self, tip: &Tip) -> &Team {
        self.team.get_or_init(|| Team::of(&tip.survey()))
    }

    /// All that is wrong.
    pub fn trouble(&self, tip: &Tip) -> &Trouble {
        self.trouble.get_or_init(|| Trouble::of(&tip.survey()))
    }

    /// The figures of everybody over the last weeks.
    pub fn report(&self, tip: &Tip) -> &FiguresReport {
        let everybody = || Query::everybody(tip.today());
        self.report.get_or_init(|| answer::report(&tip.survey(), &everybody(), None))
    }
}
