//! One follow-up on the due list: what it says, and how it is laid out on wide, usual and narrow terminals.

use tickler_core::contact::{Contact, Entry};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::wire::{DueRow, Flag};

use crate::plain::{clean, plain};
use crate::style::{Paint, Role};
use crate::width::{fit, pad, pad_left, width};
use crate::words;

/// From here on a follow-up stands in one line of columns.
const WIDE: usize = 130;
/// A line that is longer is no pleasure to read.
const WIDEST: usize = 190;
/// Below this, what else there is to say gets a line of its own.
const NARROW: usize = 60;

/// Where in the list a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Overdue,
    Today,
    Coming,
}

impl Group {
    pub fn of(date: Date, today: Date) -> Group {
        match date.cmp(&today) {
            std::cmp::Ordering::Less => Group::Overdue,
            std::cmp::Ordering::Equal => Group::Today,
            std::cmp::Ordering::Greater => Group::Coming,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Group::Overdue => "Overdue",
            Group::Today => "Today",
            Group::Coming => "Coming",
        }
    }

    pub fn role(self) -> Role {
        match self {
            Group::Overdue => Role::Late,
            Group::Today => Role::Today,
            Group::Coming => Role::Dim,
        }
    }
}

/// A follow-up in words, each safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub group: Group,
    name: String,
    company: String,
    /// `yesterday`, `at 10:00`, `Wed 9 Dec`.
    when: String,
    /// The same in a sentence: `on Wed 9 Dec, in 6 days`.
    when_said: String,
    via: String,
    /// What kind of reason it is, where the reason alone does not say so: `promised:`.
    lead: &'static str,
    why: String,
    /// What to know before acting.
    marks: Vec<(Role, String)>,
    /// Whose it is, `@sam`; empty where that goes without saying.
    assignee: String,
    /// The last touch.
    last: String,
}

/// What stands for a channel where nothing names one.
const ANY_WAY: &str = "any way";

impl Row {
    /// `with_assignee` says whose it is.
    pub fn new(
        due: &DueRow,
        contact: &Contact,
        last: Option<&Entry>,
        today: Date,
        with_assignee: bool,
    ) -> Row {
        let (lead, why) = reason(due, today);
        let (when, when_said) = when(due, today);
        Row {
            group: Group::of(due.date, today),
            name: clean(&contact.name).into_owned(),
            company: clean(due.company.as_deref().unwrap_or_default()).into_owned(),
            when,
            when_said,
            via: due.via.as_ref().map_or(ANY_WAY.into(), |via| clean(via.as_str()).into_owned()),
            lead,
            why,
            marks: marks(due, today),
            assignee: match &due.assignee {
                Some(assignee) if with_assignee => format!("@{}", clean(assignee)),
                _ => String::new(),
            },
            last: last_touch(last, today),
        }
    }
}

impl Row {
    /// `last: phone 13 days ago`.
    fn last_said(&self) -> String {
        if self.last == NEVER { self.last.clone() } else { format!("last: {}", self.last) }
    }

    /// What comes next, in a sentence, where nothing is due.
    pub fn announced(&self, paint: Paint) -> String {
        let company = if self.company.is_empty() { String::new() } else { format!(", {}", self.company) };
        let lead = if self.lead.is_empty() { String::new() } else { format!("{} ", self.lead) };
        format!(
            "Next is {}{company} {}, by {}: {}{}",
            paint.as_role(Role::Strong, &self.name),
            self.when_said,
            paint.as_role(Role::Way, &self.via),
            paint.as_role(Role::Accent, lead),
            self.why
        )
    }
}

/// How the reason is to be read, and the reason.
fn reason(due: &DueRow, today: Date) -> (&'static str, String) {
    let why = due.why.as_deref().map(plain).unwrap_or_default();
    let has = |flag| due.flags.contains(&flag);
    let (lead, otherwise) = match due.kind {
        Kind::Next => match (has(Flag::Asked), has(Flag::Promised)) {
            (true, true) => ("asked for and promised:", "get in touch"),
            (true, false) => ("they asked:", "get in touch"),
            (false, true) => ("promised:", "get in touch"),
            (false, false) => ("", "as planned"),
        },
        Kind::Promise => ("promised:", "see the file"),
        Kind::Reply => ("answer:", "they got in touch"),
        Kind::First => ("newly met:", "say hello"),
        Kind::Waiting => ("waiting for:", "what they promised"),
        Kind::Cadence => ("", "the next step of the cadence"),
        Kind::Rhythm => ("", "keep in touch"),
        Kind::Occasion => ("", "a day to remember"),
    };
    let why = match due.kind {
        Kind::Occasion => occasion(&why, today),
        _ => why,
    };
    (lead, if why.is_empty() { otherwise.to_owned() } else { why })
}

/// `birthday on 2026-12-06` as `birthday on Sun 6 Dec`.
fn occasion(why: &str, today: Date) -> String {
    match why.rsplit_once(" on ") {
        Some((name, date)) => match date.parse() {
            Ok(date) => format!("{} on {}", name.replace('_', " "), words::day(date, today)),
            Err(_) => why.to_owned(),
        },
        None => why.to_owned(),
    }
}

/// The day for the list, and in a sentence. Never in words of blame: it says since when, not how late.
fn when(due: &DueRow, today: Date) -> (String, String) {
    let (day, distance) = (words::day(due.date, today), words::distance(due.date, today));
    let time = due.time.map(|time| format!(" at {time}")).unwrap_or_default();
    let short = match Group::of(due.date, today) {
        Group::Today if !time.is_empty() => time.trim_start().to_owned(),
        Group::Today | Group::Overdue => distance.clone(),
        Group::Coming if distance == "tomorrow" => format!("{distance}{}", time.replace(" at", "")),
        Group::Coming => format!("{day}{}", time.replace(" at", "")),
    };
    (short, format!("on {day}{time}, {distance}"))
}

fn marks(due: &DueRow, today: Date) -> Vec<(Role, String)> {
    let mut marks = Vec::new();
    for flag in &due.flags {
        marks.push(match flag {
            // What the reason begins with.
            Flag::Asked | Flag::Promised => continue,
            Flag::Patience => (Role::Caution, format!("{} unanswered", due.unanswered)),
            Flag::MovedAway => (Role::Dim, "was away".to_owned()),
            Flag::Conflict => (Role::Caution, "two versions".to_owned()),
            Flag::Stale => (Role::Caution, "as last committed".to_owned()),
        });
    }
    let more = due.also.iter().filter(|also| also.date <= today).count();
    if more > 0 {
        marks.push((Role::Dim, format!("+{more} more")));
    }
    marks
}

/// Where there was no touch.
const NEVER: &str = "not in touch yet";

/// `phone 13 days ago, voicemail`, `their email yesterday`.
fn last_touch(entry: Option<&Entry>, today: Date) -> String {
    let Some(entry) = entry else { return NEVER.to_owned() };
    let whose = if entry.is_in() { "their " } else { "" };
    let mut text = format!("{whose}{} {}", clean(entry.channel.as_str()), words::distance(entry.date, today));
    for word in entry.words.names().filter(|word| !matches!(*word, "in" | "out" | "no-reply" | "reached")) {
        text.push_str(", ");
        text.push_str(&word.replace('-', " "));
    }
    text
}

/// Columns that rows share, so that they line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The columns there are; none where nothing is to be cut.
    width: Option<usize>,
    name: usize,
    company: usize,
    via: usize,
    last: usize,
    assignee: usize,
    when: usize,
    paint: Paint,
}

impl Layout {
    /// A layout for these rows.
    pub fn new(rows: &[Row], columns: Option<usize>, paint: Paint) -> Layout {
        let widest = |text: fn(&Row) -> &str, most: usize| {
            rows.iter().map(|row| width(text(row)).min(most)).max().unwrap_or_default()
        };
        Layout {
            width: columns.map(|columns| columns.min(WIDEST)),
            name: widest(|row| &row.name, 24),
            company: widest(|row| &row.company, 26),
            via: widest(|row| &row.via, 10),
            last: widest(|row| &row.last, 28),
            assignee: widest(|row| &row.assignee, 12),
            when: widest(|row| &row.when, 16),
            paint,
        }
    }

    /// The row, in as many lines as it takes; each ends with a line break.
    pub fn lines(&self, row: &Row) -> String {
        match self.width {
            None => self.uncut(row),
            Some(columns) if columns >= WIDE => self.wide(row, columns),
            Some(columns) if columns >= NARROW => self.usual(row, columns),
            Some(columns) => self.narrow(row, columns),
        }
    }

    /// Everything in one line, for pipes: the columns of known width first, then what may be long.
    fn uncut(&self, row: &Row) -> String {
        let mut line = format!(
            "  {}  {}  {}  {}  {}",
            self.paint.as_role(Role::Strong, pad(&row.name, self.name)),
            pad(&row.company, self.company),
            self.paint.as_role(row.group.role(), pad(&row.when, self.when)),
            self.paint.as_role(Role::Way, pad(&row.via, self.via)),
            self.reason(row, usize::MAX),
        );
        for (_, mark) in &row.marks {
            line.push_str(&format!("  [{mark}]"));
        }
        if !row.assignee.is_empty() {
            line.push_str(&format!("  {}", row.assignee));
        }
        line.push_str(&format!("  ({})\n", row.last_said()));
        line
    }

    /// One line of columns.
    fn wide(&self, row: &Row, columns: usize) -> String {
        let taken = [self.name, self.company, self.via, self.last, self.assignee, self.when];
        let taken: usize = taken.into_iter().filter(|column| *column > 0).map(|column| column + 2).sum();
        let room = columns.saturating_sub(taken + 2).max(20);
        let mut line = format!(
            "  {}  {}  {}  {}",
            self.paint.as_role(Role::Strong, pad(&fit(&row.name, self.name), self.name)),
            pad(&fit(&row.company, self.company), self.company),
            self.way(row),
            self.reason_and_marks(row, room, false),
        );
        if self.assignee > 0 {
            let assignee = pad(&fit(&row.assignee, self.assignee), self.assignee);
            line.push_str(&format!("  {}", self.paint.as_role(Role::Dim, assignee)));
        }
        let last = pad(&fit(&row.last, self.last), self.last);
        let when = pad_left(&fit(&row.when, self.when), self.when);
        let when = self.paint.as_role(row.group.role(), when);
        line.push_str(&format!("  {}  {when}\n", self.paint.as_role(Role::Dim, last)));
        line
    }

    /// Two lines: who, the last touch and when; by what, why, and what to know.
    fn usual(&self, row: &Row, columns: usize) -> String {
        let mut right = width(&row.when);
        if self.assignee > 0 {
            right = self.when + 2 + width(&row.assignee);
        }
        let room = columns.saturating_sub(2 + right + 2);
        let name = fit(&row.name, room).into_owned();
        let mut left = room - width(&name);
        let mut line = format!("  {}", self.paint.as_role(Role::Strong, &name));
        if !row.company.is_empty() && left > 6 {
            let company = fit(&row.company, left - 2);
            left -= 2 + width(&company);
            line.push_str(&format!(", {company}"));
        }
        let last = row.last_said();
        if left >= 3 + width(&last).min(20) {
            let last = fit(&last, left - 3);
            left -= 3 + width(&last);
            line.push_str(&format!(
                "{}{}",
                self.paint.as_role(Role::Dim, " · "),
                self.paint.as_role(Role::Dim, last)
            ));
        }
        line.push_str(&format!("{:left$}  ", ""));
        if self.assignee > 0 {
            line.push_str(&self.paint.as_role(Role::Dim, &row.assignee).to_string());
            line.push_str(&" ".repeat(self.when - width(&fit(&row.when, self.when)) + 2));
        }
        line.push_str(&self.paint.as_role(row.group.role(), &row.when).to_string());
        let room = columns.saturating_sub(4 + self.via + 2);
        format!("{line}\n    {}  {}\n", self.way(row), self.reason_and_marks(row, room, true))
    }

    /// Who and when; by what and why; what else there is to say.
    fn narrow(&self, row: &Row, columns: usize) -> String {
        let room = columns.saturating_sub(width(&row.when) + 2);
        let name = fit(&row.name, room);
        let filling = room - width(&name);
        let mut lines = format!(
            "{}{:filling$}  {}\n",
            self.paint.as_role(Role::Strong, &name),
            "",
            self.paint.as_role(row.group.role(), &row.when)
        );
        let via = fit(&row.via, self.via);
        let room = columns.saturating_sub(2 + width(&via) + 1);
        lines.push_str(&format!("  {} {}\n", self.paint.as_role(Role::Way, &via), self.reason(row, room)));
        let marks = row.marks.iter().map(|(_, mark)| mark.as_str());
        let rest = [row.company.as_str(), &row.last].into_iter().chain(marks).chain([row.assignee.as_str()]);
        for line in flow(rest.filter(|item| !item.is_empty()), columns.saturating_sub(2)) {
            lines.push_str(&format!("  {}\n", self.paint.as_role(Role::Dim, line)));
        }
        lines
    }

    /// By what, in its column.
    fn way(&self, row: &Row) -> String {
        let role = if row.via == ANY_WAY { Role::Dim } else { Role::Way };
        self.paint.as_role(role, pad(&fit(&row.via, self.via), self.via)).to_string()
    }

    /// The reason, and the marks on the right of it, in `room` columns; filled up with spaces unless it is the
    /// end of a line.
    fn reason_and_marks(&self, row: &Row, room: usize, ends_line: bool) -> String {
        let marks: Vec<&str> = row.marks.iter().map(|(_, mark)| mark.as_str()).collect();
        let taken = match width(&marks.join(" · ")) {
            0 => 0,
            marks => marks + 2,
        };
        let most = room.saturating_sub(taken).max(16);
        let filling = room.saturating_sub(reason_width(row, most) + taken);
        let mut text = self.reason(row, most);
        if marks.is_empty() {
            if !ends_line {
                text.push_str(&" ".repeat(filling));
            }
            return text;
        }
        let painted: Vec<String> =
            row.marks.iter().map(|(role, mark)| self.paint.as_role(*role, mark).to_string()).collect();
        format!("{text}{:filling$}  {}", "", painted.join(&self.paint.as_role(Role::Dim, " · ").to_string()))
    }

    /// The reason in at most `most` columns, with its lead in colour.
    fn reason(&self, row: &Row, most: usize) -> String {
        if row.lead.is_empty() {
            return fit(&row.why, most).into_owned();
        }
        let lead = fit(row.lead, most);
        let why = fit(&row.why, most.saturating_sub(width(&lead) + 1));
        format!("{} {why}", self.paint.as_role(Role::Accent, lead))
    }
}

/// How many columns the reason takes of `most`.
fn reason_width(row: &Row, most: usize) -> usize {
    if row.lead.is_empty() {
        return width(&fit(&row.why, most));
    }
    let lead = width(&fit(row.lead, most));
    lead + 1 + width(&fit(&row.why, most.saturating_sub(lead + 1)))
}

/// Items on lines of at most `most` columns, broken between items where that is possible.
fn flow<'a>(items: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(item) <= most => {
                line.push_str(" · ");
                line.push_str(item);
            }
            _ => lines.push(fit(item, most).into_owned()),
        }
    }
    lines
}
