//! One follow-up on the due list: what it says, and how it is laid out on wide, usual and narrow terminals.

use tickler_core::contact::{Contact, Entry};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::wire::{DueRow, Flag};

use crate::plain::{clean, plain};
use crate::style::{Paint, Role};
use crate::width::{fit, pad, pad_left, width, wrap};
use crate::words;

/// From here on a follow-up stands in one line of columns.
const WIDE: usize = 110;
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
    /// The same at length: `Wed 2 Dec, yesterday`.
    when_long: String,
    via: String,
    /// What kind of reason it is, where the reason alone does not say so: `promised:`.
    lead: &'static str,
    why: String,
    /// What to know before acting.
    marks: Vec<(Role, String)>,
    /// The last touch.
    last: String,
}

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
        let (when, when_long) = when(due, today);
        Row {
            group: Group::of(due.date, today),
            name: clean(&contact.name).into_owned(),
            company: clean(due.company.as_deref().unwrap_or_default()).into_owned(),
            when,
            when_long,
            via: due.via.as_ref().map_or("any way".into(), |via| clean(via.as_str()).into_owned()),
            lead,
            why,
            marks: marks(due, today, with_assignee),
            last: last_touch(last, today),
        }
    }
}

impl Row {
    /// What comes next, in a sentence, where nothing is due.
    pub fn announced(&self, paint: Paint) -> String {
        let company = if self.company.is_empty() { String::new() } else { format!(", {}", self.company) };
        let lead = if self.lead.is_empty() { String::new() } else { format!("{} ", self.lead) };
        format!(
            "Next is {}{company} on {}, by {}: {}{}",
            paint.as_role(Role::Strong, &self.name),
            self.when_long,
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

/// The day, short and long. Never in words of blame: it says since when, not how late.
fn when(due: &DueRow, today: Date) -> (String, String) {
    let (day, distance) = (words::day(due.date, today), words::distance(due.date, today));
    let time = due.time.map(|time| format!("at {time}"));
    match Group::of(due.date, today) {
        Group::Overdue => (distance.clone(), format!("{day}, {distance}")),
        Group::Today => {
            let short = time.unwrap_or_else(|| "today".to_owned());
            (short.clone(), short)
        }
        Group::Coming => {
            let short = match &time {
                Some(time) => format!("{day} {time}"),
                None => day,
            };
            (short.clone(), format!("{short}, {distance}"))
        }
    }
}

fn marks(due: &DueRow, today: Date, with_assignee: bool) -> Vec<(Role, String)> {
    let mut marks = Vec::new();
    for flag in &due.flags {
        marks.push(match flag {
            // What the reason begins with.
            Flag::Asked | Flag::Promised => continue,
            Flag::Patience => (Role::Caution, format!("{} unanswered", due.unanswered)),
            Flag::MovedAway => (Role::Dim, "was away".to_owned()),
            Flag::Conflict => (Role::Caution, "two versions to settle".to_owned()),
            Flag::Stale => (Role::Caution, "as last committed".to_owned()),
        });
    }
    let more = due.also.iter().filter(|also| also.date <= today).count();
    if more > 0 {
        marks.push((Role::Dim, format!("+{more} more")));
    }
    if with_assignee && let Some(assignee) = &due.assignee {
        marks.push((Role::Dim, format!("@{}", clean(assignee))));
    }
    marks
}

/// `phone 13 days ago, voicemail`.
fn last_touch(entry: Option<&Entry>, today: Date) -> String {
    let Some(entry) = entry else { return "never in touch yet".to_owned() };
    let from = if entry.is_in() { " from them" } else { "" };
    let mut text = format!("{}{from} {}", clean(entry.channel.as_str()), words::distance(entry.date, today));
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
    when: usize,
    paint: Paint,
}

impl Layout {
    /// A layout for these rows.
    pub fn new(rows: &[Row], columns: Option<usize>, paint: Paint) -> Layout {
        let widest = |text: fn(&Row) -> &str, most: usize| {
            rows.iter().map(|row| width(text(row)).min(most)).max().unwrap_or_default()
        };
        let most = if columns.is_some() { usize::MAX } else { 40 };
        Layout {
            width: columns,
            name: widest(|row| &row.name, most.min(24)),
            company: widest(|row| &row.company, most.min(26)),
            via: widest(|row| &row.via, 10),
            last: widest(|row| &row.last, most.min(30)),
            when: widest(
                if columns.is_some_and(|c| c >= 130) { |row| &row.when_long } else { |row| &row.when },
                24,
            ),
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
            pad(&row.name, self.name),
            pad(&row.company, self.company),
            pad(&row.when, self.when),
            pad(&row.via, self.via),
            self.reason(row, usize::MAX),
        );
        for (_, mark) in &row.marks {
            line.push_str(&format!("  [{mark}]"));
        }
        line.push_str(&format!("  (last: {})\n", row.last));
        line
    }

    /// One line of columns.
    fn wide(&self, row: &Row, columns: usize) -> String {
        let marks = width(&plain_marks(row));
        let fixed = 2 + self.name + 2 + self.company + 2 + self.via + 2 + 2 + self.last + 2 + self.when;
        let room = columns.saturating_sub(fixed);
        let gap = if marks > 0 { 2 } else { 0 };
        let why = room.saturating_sub(marks + gap).max(12);
        let reason = self.reason(row, why);
        let filling = room.saturating_sub(reason_width(row, why) + marks + gap);
        let when = if columns >= 130 { &row.when_long } else { &row.when };
        format!(
            "  {}  {}  {}  {reason}{:gap$}{}{:filling$}  {}  {}\n",
            self.paint.as_role(Role::Strong, pad(&fit(&row.name, self.name), self.name)),
            pad(&fit(&row.company, self.company), self.company),
            self.paint.as_role(Role::Way, pad(&fit(&row.via, self.via), self.via)),
            "",
            self.marks(row),
            "",
            self.paint.as_role(Role::Dim, pad(&fit(&row.last, self.last), self.last)),
            self.paint.as_role(row.group.role(), pad_left(&fit(when, self.when), self.when)),
        )
    }

    /// Two lines: who and when; by what, why, and what to know.
    fn usual(&self, row: &Row, columns: usize) -> String {
        let when = width(&row.when);
        let room = columns.saturating_sub(2 + when + 2);
        let name = fit(&row.name, room).into_owned();
        let mut left = room - width(&name);
        let mut line = format!("  {}", self.paint.as_role(Role::Strong, &name));
        if !row.company.is_empty() && left > 6 {
            let company = fit(&row.company, left - 2);
            left -= 2 + width(&company);
            line.push_str(&format!(", {company}"));
        }
        if left > 12 {
            let last = format!("last: {}", row.last);
            let last = fit(&last, left - 3);
            left -= 3 + width(&last);
            line.push_str(&format!(" · {}", self.paint.as_role(Role::Dim, last)));
        }
        line.push_str(&format!("{:left$}  {}\n", "", self.paint.as_role(row.group.role(), &row.when)));

        let marks = width(&plain_marks(row));
        let gap = if marks > 0 { 2 } else { 0 };
        let room = columns.saturating_sub(4 + self.via + 2);
        let why = room.saturating_sub(marks + gap).max(12);
        let filling = room.saturating_sub(reason_width(row, why) + marks);
        line.push_str(&format!(
            "    {}  {}",
            self.paint.as_role(Role::Way, pad(&fit(&row.via, self.via), self.via)),
            self.reason(row, why)
        ));
        if marks > 0 {
            line.push_str(&format!("{:filling$}{}", "", self.marks(row)));
        }
        line.push('\n');
        line
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
        let reason = self.reason(row, room);
        lines.push_str(&format!("  {} {reason}\n", self.paint.as_role(Role::Way, &via)));
        let mut rest: Vec<String> = row.marks.iter().map(|(_, mark)| mark.clone()).collect();
        rest.insert(0, format!("last: {}", row.last));
        if !row.company.is_empty() {
            rest.insert(0, row.company.clone());
        }
        for line in wrap(&rest.join(" · "), columns.saturating_sub(2)).into_iter().take(2) {
            lines.push_str(&format!("  {}\n", self.paint.as_role(Role::Dim, line)));
        }
        lines
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

    fn marks(&self, row: &Row) -> String {
        let marks: Vec<String> =
            row.marks.iter().map(|(role, mark)| self.paint.as_role(*role, mark).to_string()).collect();
        marks.join(" · ")
    }
}

fn plain_marks(row: &Row) -> String {
    let marks: Vec<&str> = row.marks.iter().map(|(_, mark)| mark.as_str()).collect();
    marks.join(" · ")
}

/// How many columns the reason takes of `most`.
fn reason_width(row: &Row, most: usize) -> usize {
    let whole = width(&row.why) + if row.lead.is_empty() { 0 } else { width(row.lead) + 1 };
    if whole <= most { whole } else { width(&Layout::PLAIN.reason(row, most)) }
}

impl Layout {
    const PLAIN: Layout =
        Layout { width: None, name: 0, company: 0, via: 0, last: 0, when: 0, paint: Paint { on: false } };
}
