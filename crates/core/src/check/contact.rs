//! What one contact says that only the day, the settings or the other files can prove wrong.

use crate::contact::{Contact, LinkTarget, Promiser};
use crate::date::Date;
use crate::file::locate::{Step, in_contact};
use crate::hours::Hours;
use crate::notebook::Survey;
use crate::problem::{Position, Problem, nearest};
use crate::settings::StageGroup;

use super::names::Names;
use super::overlooked;

/// How long a `YYYY-MM-DD` is.
const DATE: usize = 10;

/// Nobody reads more problems of one file's promises, and to find their places takes time.
const MOST: usize = 100;

/// All that a contact is checked against.
pub(super) struct Checker<'a> {
    pub survey: &'a Survey<'a>,
    pub names: &'a Names,
    pub today: Date,
}

impl Checker<'_> {
    /// The problems of the contact of that number, beside those that its file alone has.
    pub fn check(&self, index: usize, contact: &Contact) -> Vec<Problem> {
        let mut found = Vec::new();
        self.head(index, contact, &mut found);
        self.log(index, contact, &mut found);
        let text = self.survey.text(index).unwrap_or_default();
        self.promises(index, contact, &text, &mut found);
        self.links(index, contact, &mut found);
        if !contact.broken {
            let settings = self.survey.notebook().settings();
            found.extend(overlooked::lines(&text, contact, settings, &self.survey.problems_of(index)));
        }
        found
    }

    fn head(&self, index: usize, contact: &Contact, found: &mut Vec<Problem>) {
        let head = &contact.head;
        let mut place = |path: &[Step<'_>], problem: Problem| {
            found.push(match self.survey.text(index).as_deref().and_then(|text| in_contact(text, path)) {
                Some(spot) => spot.place(problem),
                None => problem,
            });
        };
        let anywhere = Position::default();
        if let Some(name) = head.referred_by.as_deref().filter(|name| !self.names.has(name)) {
            let near = self.names.nearest(name);
            // With a space or a capital letter it is somebody's name, and no id.
            let is_id = !name.contains(|c: char| c.is_whitespace() || c.is_uppercase()) && !name.is_empty();
            if is_id || near.is_some() {
                let problem =
                    Problem::warning(anywhere, format!("`referred_by`: no contact is called \"{name}\""));
                place(
                    &[Step::Key("referred_by")],
                    problem.hint(self.hint(near, "a name with a capital letter is free text")),
                );
            }
        }
        for (at, alias) in head.aliases.iter().enumerate() {
            if let Some((other, is_id)) = self.names.clash(alias, index) {
                let what = if is_id { "the id" } else { "an alias too" };
                let message = format!("the alias \"{alias}\" is {what} of {}", self.survey.path(other));
                let problem = Problem::warning(anywhere, message).hint("take it away from one of them");
                place(&[Step::Key("aliases"), Step::At(at)], problem);
            }
        }
        for (at, conflict) in head.conflicts.iter().enumerate() {
            let message = format!("a merge set the other `{}` aside", conflict.key);
            let problem = Problem::warning(anywhere, message)
                .hint(format!("choose, write the right `{}`, and delete this table", conflict.key));
            place(&[Step::Key("conflict"), Step::At(at), Step::Key("key")], problem);
        }
        if let Some(hours) = &head.prefers.hours
            && let Err(error) = hours.parse::<Hours>()
        {
            let problem = Problem::error(anywhere, format!("`hours`: {}", error.message))
                .hint("write it as \"Tue-Thu 14:00-16:00, Fri 9:00-12:00\"");
            let text = self.survey.text(index).unwrap_or_default();
            let path = [Step::Key("prefers"), Step::Key("hours")];
            found.push(match in_contact(&text, &path) {
                Some(spot) => spot.place_within(error.offset..word_end(hours, error.offset), problem),
                None => problem,
            });
        }
    }

    fn hint(&self, near: Option<&str>, otherwise: &str) -> String {
        match near {
            Some(id) => format!("did you mean `{id}`?"),
            None => otherwise.to_owned(),
        }
    }

    fn log(&self, index: usize, contact: &Contact, found: &mut Vec<Problem>) {
        let team = &self.survey.notebook().settings().team;
        for entry in &contact.log {
            if entry.date > self.today {
                let problem = Problem::warning(entry.at, format!("{} has not come yet", entry.date))
                    .hint("the log is for what happened; a plan goes to `[next]`");
                found.push(problem.width(DATE));
            }
            if let Some(who) = entry.who.as_deref().filter(|_| !team.is_empty()) {
                found.extend(self.stranger(index, who, entry.at));
            }
        }
    }

    fn promises(&self, index: usize, contact: &Contact, text: &str, found: &mut Vec<Problem>) {
        let settings = self.survey.notebook().settings();
        let stage = settings.stage_of(contact.head.stage.as_deref());
        let is_stopped = settings.stages.group(stage) == StageGroup::Stopped;
        for promise in contact.promises.iter().filter(|promise| !promise.kept) {
            if let Promiser::Member(handle) = &promise.who
                && !settings.team.is_empty()
            {
                found.extend(self.stranger(index, handle, promise.at));
            }
            if found.len() > MOST {
                break;
            }
            found.extend(overlooked::promiser(text, promise, &contact.name));
            let is_dated = promise.by.is_some();
            if let Some(problem) = overlooked::deadline(text, promise, self.today).filter(|_| !is_dated) {
                found.push(problem);
            } else if promise.by.is_none() && promise.made.is_none() && !is_stopped {
                let problem = Problem::warning(promise.at, "a promise without a day is never due")
                    .hint(format!("add a day, such as `by {}`", self.today.plus_days(7)));
                found.push(problem.width(3));
            }
        }
    }

    /// A handle that nobody in the team has.
    fn stranger(&self, index: usize, handle: &str, at: Position) -> Option<Problem> {
        let settings = self.survey.notebook().settings();
        if settings.member(handle).is_some() {
            return None;
        }
        let team = || settings.team.iter().map(|member| member.handle.as_str());
        let hint = match nearest(handle, team()) {
            Some(meant) => format!("did you mean `@{meant}`?"),
            None => format!("the team is {}", team().map(|h| format!("@{h}")).collect::<Vec<_>>().join(", ")),
        };
        let text = self.survey.text(index).unwrap_or_default();
        let (at, width) = find_in_line(&text, at, &format!("@{handle}"));
        let message = format!("nobody in the team has the handle \"@{handle}\"");
        Some(Problem::warning(at, message).hint(hint).width(width))
    }

    fn links(&self, index: usize, contact: &Contact, found: &mut Vec<Problem>) {
        let mut text = None;
        for link in &contact.links {
            let problem = match &link.target {
                LinkTarget::Contact(id) if !self.names.has(id) && !self.names.has(last(id)) => {
                    let hint =
                        self.hint(self.names.nearest(id), "make that contact, or take the brackets away");
                    Problem::warning(link.at, format!("no contact is called \"{id}\"")).hint(hint)
                }
                LinkTarget::File(path) if !self.survey.notebook().has_file(path) => {
                    Problem::warning(link.at, format!("there is no file {path}"))
                        .hint("put it there, or correct the link")
                }
                _ => continue,
            };
            let text = text.get_or_insert_with(|| self.survey.text(index).unwrap_or_default());
            found.push(problem.width(link_width(text, link.at)));
        }
    }
}

/// `acme/jane-doe` by its file name.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where `word` first stands on the line of `at`, from there on, and how many characters it covers; else `at`.
pub(super) fn find_in_line(text: &str, at: Position, word: &str) -> (Position, usize) {
    let line = text.lines().nth(at.line.saturating_sub(1) as usize).unwrap_or_default();
    let rest: String = line.chars().skip(at.column.saturating_sub(1) as usize).collect();
    match rest.find(word) {
        Some(found) => {
            let before = rest[..found].chars().count() as u32;
            (Position { line: at.line, column: at.column + before }, word.chars().count())
        }
        None => (at, 0),
    }
}

/// How many characters the link takes that begins at `at`; 0 where it runs over the line.
fn link_width(text: &str, at: Position) -> usize {
    let line = text.lines().nth(at.line.saturating_sub(1) as usize).unwrap_or_default();
    let rest: String = line.chars().skip(at.column.saturating_sub(1) as usize).collect();
    let end = if rest.starts_with("[[") {
        rest.find("]]").map(|end| end + 2)
    } else {
        rest.find(')').map(|end| end + 1)
    };
    end.map_or(0, |end| rest[..end].chars().count())
}

/// The end of the word that begins at byte `start`.
fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len())
}
