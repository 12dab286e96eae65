//! How follow-ups stand on the due list: one line of columns on wide terminals and in pipes, two lines on usual
//! ones, a short paragraph on narrow ones.

use std::borrow::Cow;

use crate::rows::{ANY_WAY, Row};
use crate::style::{Paint, Role};
use crate::width::{fit, pad, pad_left, width};

/// From here on a follow-up stands in one line of columns.
const WIDE: usize = 130;
/// A line that is longer is no pleasure to read.
const WIDEST: usize = 190;
/// Below this, what else there is to say gets a line of its own.
const NARROW: usize = 60;

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
        let mut layout = Layout {
            width: columns.map(|columns| columns.min(WIDEST)),
            name: widest(|row| &row.name, 24),
            company: widest(|row| &row.company, 26),
            via: widest(|row| &row.via, 10),
            last: widest(|row| &row.last, 28),
            assignee: widest(|row| &row.assignee, 12),
            when: widest(|row| &row.when, 16),
            paint,
        };
        layout.make_room();
        layout
    }

    /// In one line of columns the reason needs room; what can be looked up elsewhere makes way first.
    fn make_room(&mut self) {
        const ENOUGH: usize = 40;
        let Some(columns) = self.width.filter(|columns| *columns >= WIDE) else { return };
        let narrowed = |column: usize, missing: usize, least: usize| {
            column.saturating_sub(missing).max(column.min(least))
        };
        let missing = |layout: &Layout| ENOUGH.saturating_sub(layout.room(columns));
        self.last = narrowed(self.last, missing(self), 16);
        self.company = narrowed(self.company, missing(self), 16);
        self.name = narrowed(self.name, missing(self), 14);
    }

    /// What a line of that many columns leaves for the reason.
    fn room(&self, columns: usize) -> usize {
        let taken = [self.name, self.company, self.via, self.last, self.when].map(|column| column + 2);
        let assignee = if self.assignee > 0 { self.assignee + 2 } else { 0 };
        columns.saturating_sub(taken.iter().sum::<usize>() + assignee + 2)
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
        let room = self.room(columns);
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
        let marks = marks.join(" · ");
        // Marks never take more than half of the room.
        let shown = fit(&marks, room.saturating_sub(2) / 2);
        let gap = if marks.is_empty() { 0 } else { 2 };
        let most = room.saturating_sub(width(&shown) + gap);
        let mut text = self.reason(row, most);
        if ends_line && marks.is_empty() {
            return text;
        }
        let filling = room.saturating_sub(reason_width(row, most) + width(&shown));
        text.push_str(&" ".repeat(filling));
        if shown == marks {
            let between = self.paint.as_role(Role::Dim, " · ").to_string();
            let painted: Vec<String> =
                row.marks.iter().map(|(role, mark)| self.paint.as_role(*role, mark).to_string()).collect();
            text.push_str(&painted.join(&between));
        } else {
            text.push_str(&self.paint.as_role(Role::Caution, shown).to_string());
        }
        text
    }

    /// The reason in at most `most` columns, with its lead in colour.
    fn reason(&self, row: &Row, most: usize) -> String {
        let (lead, why) = reason_in(row, most);
        match (lead.is_empty(), why.is_empty()) {
            (true, _) => why.into_owned(),
            (false, true) => self.paint.as_role(Role::Accent, lead).to_string(),
            (false, false) => format!("{} {why}", self.paint.as_role(Role::Accent, lead)),
        }
    }
}

/// The lead and the reason, cut to stand side by side in `most` columns.
fn reason_in(row: &Row, most: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    if row.lead.is_empty() {
        return (Cow::Borrowed(""), fit(&row.why, most));
    }
    let lead = fit(row.lead, most);
    let why = fit(&row.why, most.saturating_sub(width(&lead) + 1));
    (lead, why)
}

/// How many columns the reason takes of `most`.
fn reason_width(row: &Row, most: usize) -> usize {
    let (lead, why) = reason_in(row, most);
    let gap = if lead.is_empty() || why.is_empty() { 0 } else { 1 };
    width(&lead) + gap + width(&why)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Group;

    fn row(name: &str, why: &str, when: &str) -> Row {
        Row {
            group: Group::Overdue,
            name: name.into(),
            company: "株式会社 Ünïcode & Søns of the Very Long Name".into(),
            when: when.into(),
            via: "whatsapp-business".into(),
            lead: "asked for and promised:",
            why: why.into(),
            marks: vec![(Role::Caution, "11 unanswered".into()), (Role::Dim, "+3 more".into())],
            assignee: "@samantha".into(),
            last: "their whatsapp 12 months ago, no answer".into(),
        }
    }

    #[test]
    fn every_line_fits_whatever_stands_in_it() {
        let long = "佐藤 👩‍🔧 ".repeat(30);
        let rows =
            [row(&long, &long, "Wed 9 Dec 10:00"), row("", "", "today"), row("Jane", "x", "yesterday")];
        for columns in [20, 30, 40, 59, 60, 61, 80, 129, 130, 140, 190] {
            let layout = Layout::new(&rows, Some(columns), Paint::default());
            for line in
                rows.iter().flat_map(|row| layout.lines(row).lines().map(str::to_owned).collect::<Vec<_>>())
            {
                assert!(width(&line) <= columns, "{columns} < {}: {line}", width(&line));
            }
        }
        let uncut = Layout::new(&rows, None, Paint::default()).lines(&rows[0]);
        assert!(uncut.contains(&long) && uncut.lines().count() == 1);
    }
}
