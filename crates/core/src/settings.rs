//! The settings that a team shares (format, section 7), as plain data.

use crate::contact::Channel;
use crate::date::{Calendar, Date};
use crate::period::{Period, Unit};

/// The settings of a notebook: `tickler.toml`, with the format's defaults where it is silent.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `timezone`: an IANA name.
    pub timezone: String,
    /// `currency`.
    pub currency: String,
    /// `country` (ISO 3166, two letters): where phone numbers are of that do not say it.
    pub country: Option<String>,
    /// `channels`: those beside the built-in ones.
    pub channels: Vec<String>,
    /// `[stages]`.
    pub stages: Stages,
    /// `[rhythm]`, in the file's order.
    pub rhythm: Vec<(RhythmOf, Period)>,
    /// `first.within`.
    pub first_within: Period,
    /// `reply.within`.
    pub reply_within: Period,
    /// `promise.within`.
    pub promise_within: Period,
    /// `waiting.grace`.
    pub waiting_grace: Period,
    /// `waiting.within`.
    pub waiting_within: Period,
    /// `patience.unanswered`.
    pub patience_unanswered: u32,
    /// `patience.wait`.
    pub patience_wait: Period,
    /// `patience.gap`.
    pub patience_gap: Period,
    /// `occasion.lead`.
    pub occasion_lead: Period,
    /// `occasion.grace`.
    pub occasion_grace: Period,
    /// `calendar.workdays` and `calendar.holidays`.
    pub calendar: Calendar,
    /// `calendar.after_away`.
    pub after_away: Period,
    /// `[team.HANDLE]`, in the file's order.
    pub team: Vec<Member>,
    /// `[cadence.NAME]`, in the file's order.
    pub cadences: Vec<Cadence>,
    /// `[[reason]]`, in the file's order.
    pub reasons: Vec<Reason>,
    /// `[view]`: name and query, in the file's order.
    pub views: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            timezone: "UTC".into(),
            currency: "USD".into(),
            country: None,
            channels: Vec::new(),
            stages: Stages::default(),
            rhythm: vec![
                (RhythmOf::Stage("nurture".into()), Period::new(90, Unit::Day)),
                (RhythmOf::Stage("on-hold".into()), Period::new(3, Unit::Month)),
                (RhythmOf::Stage("won".into()), Period::new(6, Unit::Month)),
            ],
            first_within: Period::new(24, Unit::Hour),
            reply_within: Period::new(1, Unit::Day),
            promise_within: Period::new(2, Unit::Day),
            waiting_grace: Period::new(1, Unit::Day),
            waiting_within: Period::new(7, Unit::Day),
            patience_unanswered: 4,
            patience_wait: Period::new(60, Unit::Day),
            patience_gap: Period::new(2, Unit::Day),
            occasion_lead: Period::new(3, Unit::Day),
            occasion_grace: Period::new(4, Unit::Day),
            calendar: Calendar::default(),
            after_away: Period::new(1, Unit::Day),
            team: Vec::new(),
            cadences: Vec::new(),
            reasons: Vec::new(),
            views: Vec::new(),
        }
    }
}

impl Settings {
    /// The stage of a contact: its own, else the first open one.
    pub fn stage_of<'a>(&'a self, stage: Option<&'a str>) -> &'a str {
        stage.or(self.stages.open.first().map(String::as_str)).unwrap_or("new")
    }

    /// Whether the channel is built in or one of `channels`.
    pub fn knows_channel(&self, channel: &Channel) -> bool {
        match channel {
            Channel::Other(name) => self.channels.iter().any(|c| c == &**name),
            _ => true,
        }
    }

    /// The names of all channels, built-in ones first.
    pub fn channel_names(&self) -> impl Iterator<Item = &str> {
        Channel::NAMES.into_iter().chain(self.channels.iter().map(String::as_str))
    }

    /// The team member of that handle.
    pub fn member(&self, handle: &str) -> Option<&Member> {
        self.team.iter().find(|m| m.handle == handle)
    }

    /// The cadence of that name.
    pub fn cadence(&self, name: &str) -> Option<&Cadence> {
        self.cadences.iter().find(|c| c.name == name)
    }

    /// The query of the view of that name.
    pub fn view(&self, name: &str) -> Option<&str> {
        self.views.iter().find(|(n, _)| n == name).map(|(_, q)| q.as_str())
    }
}

/// `[stages]`: the names of each group.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages {
    /// Still being worked on; the first is the stage of a contact without one, later ones are further on.
    pub open: Vec<String>,
    /// Customers.
    pub won: Vec<String>,
    /// Not now, or never.
    pub lost: Vec<String>,
    /// They asked not to be contacted.
    pub stopped: Vec<String>,
}

impl Default for Stages {
    fn default() -> Stages {
        let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        Stages {
            open: list(&["new", "contacted", "nurture", "qualified", "proposal", "on-hold"]),
            won: list(&["won"]),
            lost: list(&["lost"]),
            stopped: list(&["stopped"]),
        }
    }
}

/// The group of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageGroup {
    /// Being worked on.
    Open,
    /// A customer.
    Won,
    /// Gone, for now.
    Lost,
    /// Never to be contacted.
    Stopped,
}

impl Stages {
    /// The group of a stage. One that is not configured counts as open, so that a slip of the pen loses no lead;
    /// `check` reports it.
    pub fn group(&self, stage: &str) -> StageGroup {
        let among = |names: &[String]| names.iter().any(|n| n == stage);
        if among(&self.stopped) {
            StageGroup::Stopped
        } else if among(&self.won) {
            StageGroup::Won
        } else if among(&self.lost) {
            StageGroup::Lost
        } else {
            StageGroup::Open
        }
    }

    /// Every configured stage: open, won, lost, stopped.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        [&self.open, &self.won, &self.lost, &self.stopped].into_iter().flatten().map(String::as_str)
    }
}

/// What a configured rhythm is for.
#[derive(Debug, Clone, PartialEq)]
pub enum RhythmOf {
    /// Contacts of this stage.
    Stage(String),
    /// Contacts that carry this tag: the key `"tag:NAME"`.
    Tag(String),
}

/// `[team.HANDLE]`: somebody who owns contacts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Member {
    /// The handle.
    pub handle: String,
    /// `name`.
    pub name: Option<String>,
    /// `email`: recognised in git authors.
    pub email: Vec<String>,
    /// `timezone`: an IANA name.
    pub timezone: Option<String>,
    /// `away`.
    pub away: Vec<Absence>,
}

impl Member {
    /// The absence that `day` lies in.
    pub fn absence(&self, day: Date) -> Option<&Absence> {
        self.away.iter().find(|a| a.from.is_none_or(|f| f <= day) && a.until.is_none_or(|u| day <= u))
    }
}

/// When a team member is away, and who stands in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Absence {
    /// The first day; absent: always so far.
    pub from: Option<Date>,
    /// The last day, inclusive; absent: until further notice.
    pub until: Option<Date>,
    /// The handle of who stands in.
    pub cover: Option<String>,
}

/// `[cadence.NAME]`: a planned series of touches.
#[derive(Debug, Clone, PartialEq)]
pub struct Cadence {
    /// The name.
    pub name: String,
    /// `until = "reply"`: a touch that reached ends it.
    pub until_reply: bool,
    /// `steps`.
    pub steps: Vec<Step>,
}

/// A step of a [`Cadence`].
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `after`: from the previous step's actual date.
    pub after: Period,
    /// `via`.
    pub via: Option<Channel>,
    /// `why`.
    pub why: Option<String>,
    /// `template`.
    pub template: Option<String>,
}

/// `[[reason]]`: a valid business reason to get in touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// `text`.
    pub text: String,
    /// `from`: the first day it holds.
    pub from: Option<Date>,
    /// `until`: the last day it holds, inclusive.
    pub until: Option<Date>,
    /// `for`: a query; absent: everyone.
    pub query: Option<String>,
}
