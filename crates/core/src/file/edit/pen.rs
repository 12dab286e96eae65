//! Writes into the text of a front matter: values in their place, new keys where they belong, tables and lists.

use super::EditError;
use super::find::{Found, Home, find, home, order};
use super::lines::{self, Splice, is_blank_line, line_end, line_ending, splice};
use super::literal;
use super::series;
use super::sheet::{Kind, Shape, Sheet, Statement};
use super::steps::{Step, step};
use super::tree::{get, same, time_mark, tree_of};
use crate::contact::Value;

/// How things are written in one file.
pub(crate) struct Pen {
    /// What ends lines where no line is there to tell.
    pub ending: &'static str,
    /// What stands between day and time in the file's date-times.
    pub mark: char,
}

impl Pen {
    /// What stands between day and time: as in the value that is replaced, else as in the file.
    fn mark(&self, old: Option<&str>) -> char {
        old.and_then(time_mark).unwrap_or(self.mark)
    }

    fn ending_at(&self, toml: &str, at: usize) -> &'static str {
        if toml.contains('\n') { line_ending(toml, at) } else { self.ending }
    }

    /// The text with this value at `key`.
    pub fn set(&self, toml: &str, key: &[&str], value: &Value) -> Result<String, EditError> {
        let tree = tree_of(toml);
        let old = get(&tree, key);
        if old.is_some_and(|old| same(old, value)) {
            return Ok(toml.to_owned());
        }
        if let Value::Table(items) = value {
            match old {
                _ if items.is_empty() => return self.unset(toml, key),
                Some(Value::Table(old)) => return self.set_table(toml, key, old, items),
                None if key.len() == 1 => return self.new_table(toml, key[0], items),
                _ => {}
            }
        }
        let sheet = Sheet::of(toml);
        let written = match find(&sheet, key) {
            Found::Pair(_, written) | Found::Member { value: written, .. } => written,
            Found::Nothing => return self.insert(toml, &sheet, key, value),
            Found::Blocked(name) => {
                return Err(EditError::Unwritable(format!("\"{name}\" has no keys of its own")));
            }
            Found::Members { .. } | Found::Statements(_) => {
                let toml = self.unset(toml, key)?;
                return self.set(&toml, key, value);
            }
        };
        match (old, value) {
            (Some(Value::List(old)), Value::List(new)) if matches!(written.shape, Shape::List(_)) => {
                let is_one_line = |span: &std::ops::Range<usize>| !toml[span.clone()].contains('\n');
                let was_short =
                    is_one_line(&written.span) && !is_long_line(toml, written.span.start, old.len());
                let toml = self.set_list(toml, key, old.clone(), new)?;
                Ok(if was_short { self.broken_up(toml, key) } else { toml })
            }
            _ => {
                let like = &toml[written.span.clone()];
                let new = literal::write(value, Some(like), self.mark(Some(like)))?;
                let toml = splice(toml, vec![Splice { range: written.span.clone(), new }]);
                Ok(if matches!(value, Value::List(_)) { self.broken_up(toml, key) } else { toml })
            }
        }
    }

    /// The list at `key` with an item a line, where it has become too long for one.
    fn broken_up(&self, toml: String, key: &[&str]) -> String {
        let sheet = Sheet::of(&toml);
        let Found::Pair(_, list) = find(&sheet, key) else { return toml };
        let members = series::members(list);
        if !is_long_line(&toml, list.span.start, members.len()) {
            return toml;
        }
        let items = members.iter().map(|member| &toml[member.span.clone()]);
        let new = literal::one_a_line(items, self.ending_at(&toml, list.span.start));
        splice(&toml, vec![Splice { range: list.span.clone(), new }])
    }

    fn insert(&self, toml: &str, sheet: &Sheet, key: &[&str], value: &Value) -> Result<String, EditError> {
        let Some((last, table)) = key.split_last() else { return Ok(toml.to_owned()) };
        if let (Value::List(items), []) = (value, table)
            && !items.is_empty()
            && items.iter().all(|item| matches!(item, Value::Table(_)))
        {
            return self.new_tables(toml, last, items);
        }
        let pair = |names: &str, at: usize| {
            literal::pair(names, value, self.mark, self.ending_at(toml, at.saturating_sub(1)))
        };
        let splices = match home(sheet, key) {
            Home::After(statement, names) => {
                let prefix = match (names, statement.names.get(names.len())) {
                    ([first, ..], Some(next)) => &toml[first.span.start..next.span.start],
                    _ => "",
                };
                let at = statement.lines.end;
                let is_pair = !statement.is_header();
                let indent = if is_pair { indent_of(toml, statement) } else { "" };
                let line = pair(&format!("{prefix}{}", literal::name(last)), at)?;
                vec![Splice::insert(at, format!("{indent}{line}{}", self.ending_at(toml, at - 1)))]
            }
            Home::Top => {
                let line = pair(&literal::name(last), 0)?;
                vec![self.insert_at_top(toml, sheet, &line)]
            }
            Home::Inside { within, after, names } => {
                if !matches!(within.shape, Shape::Table(_)) {
                    let table = table.join(".");
                    return Err(EditError::Unwritable(format!("\"{table}\" has no keys of its own")));
                }
                let names: Vec<String> = names.iter().map(|name| literal::name(name)).collect();
                let pair = format!("{} = {}", names.join("."), literal::write(value, None, self.mark)?);
                series::insert(toml, within, after, &pair, self.ending_at(toml, within.span.start))
            }
            Home::New => {
                let names: Vec<String> = table.iter().map(|name| literal::name(name)).collect();
                let lines = [format!("[{}]", names.join(".")), pair(&literal::name(last), toml.len())?];
                let is_below = |s: &&Statement| s.is_header() && !s.in_array && s.is_at_or_below(table);
                let Some(deeper) = sheet.statements.iter().find(is_below) else {
                    return Ok(self.append(toml, &lines));
                };
                vec![self.insert_before(toml, deeper, &lines)]
            }
        };
        Ok(splice(toml, splices))
    }

    /// The first key of a front matter that has none outside of its tables: before the first header with the
    /// comments above it.
    fn insert_at_top(&self, toml: &str, sheet: &Sheet, line: &str) -> Splice {
        let ending = self.ending_at(toml, 0);
        let Some(header) = sheet.statements.first() else {
            let at = if toml.trim().is_empty() { 0 } else { line_end(toml, toml.trim_end().len()) };
            return Splice::insert(at, format!("{line}{ending}"));
        };
        let at = above_comments(toml, header.lines.start);
        Splice::insert(at, format!("{line}{ending}{ending}"))
    }

    /// The header of a table and its first key before the header of a table in it, where the table has had its
    /// place so far.
    fn insert_before(&self, toml: &str, header: &Statement, lines: &[String]) -> Splice {
        let ending = self.ending_at(toml, header.lines.start);
        let at = above_comments(toml, header.lines.start);
        // The blank line before it stands after the new table too, as it is.
        let gap = match at.checked_sub(1) {
            Some(above) if is_blank_line(toml, above) => &toml[lines::line_start(toml, above)..at],
            _ => "",
        };
        Splice::insert(at, format!("{}{ending}{gap}", lines.join(ending)))
    }

    /// These lines at the end, after a blank one if there is anything before.
    fn append(&self, toml: &str, lines: &[String]) -> String {
        let (at, ending) = match toml.trim_end() {
            "" => (0, self.ending_at(toml, 0)),
            said => (line_end(toml, said.len()), self.ending_at(toml, said.len())),
        };
        let mut new = if at == 0 { String::new() } else { ending.to_owned() };
        for line in lines {
            new.push_str(line);
            new.push_str(ending);
        }
        splice(toml, vec![Splice::insert(at, new)])
    }

    fn new_table(&self, toml: &str, name: &str, items: &[(String, Value)]) -> Result<String, EditError> {
        let mut lines = vec![format!("[{}]", literal::name(name))];
        lines.extend(self.pairs(&[name], items)?);
        Ok(self.append(toml, &lines))
    }

    fn new_tables(&self, toml: &str, name: &str, tables: &[Value]) -> Result<String, EditError> {
        let mut toml = toml.to_owned();
        for table in tables {
            let Value::Table(items) = table else { continue };
            let mut lines = vec![format!("[[{}]]", literal::name(name))];
            lines.extend(self.pairs(&[name], items)?);
            toml = self.append(&toml, &lines);
        }
        Ok(toml)
    }

    /// A line for each, known keys in the format's order.
    pub fn pairs(&self, table: &[&str], items: &[(String, Value)]) -> Result<Vec<String>, EditError> {
        let write = |(key, value): &(String, Value)| {
            literal::pair(&literal::name(key), value, self.mark, self.ending)
        };
        in_order(table, items).into_iter().map(write).collect()
    }

    /// Key by key; what is new comes before what goes, so that the table never is empty in between.
    fn set_table(
        &self,
        toml: &str,
        path: &[&str],
        old: &[(String, Value)],
        items: &[(String, Value)],
    ) -> Result<String, EditError> {
        let at = |key: &'_ str| path.iter().map(|name| (*name).to_owned()).chain([key.to_owned()]).collect();
        let mut toml = toml.to_owned();
        for (key, value) in in_order(path, items) {
            let path: Vec<String> = at(key);
            toml = self.set(&toml, &path.iter().map(String::as_str).collect::<Vec<_>>(), value)?;
        }
        for (key, _) in old.iter().filter(|(key, _)| !items.iter().any(|(other, _)| other == key)) {
            let path: Vec<String> = at(key);
            toml = self.unset(&toml, &path.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Ok(toml)
    }

    /// One list made another, item by item, so that layout and comments stay.
    fn set_list(
        &self,
        toml: &str,
        key: &[&str],
        mut old: Vec<Value>,
        new: &[Value],
    ) -> Result<String, EditError> {
        let mut toml = toml.to_owned();
        let between = self.mark;
        while let Some(step) = step(&old, new) {
            let sheet = Sheet::of(&toml);
            let (Found::Pair(_, list) | Found::Member { value: list, .. }) = find(&sheet, key) else { break };
            let ending = self.ending_at(&toml, list.span.start);
            let splices = match step {
                Step::Insert(at) => {
                    old.insert(at, new[at].clone());
                    let item = literal::write(&new[at], None, between)?;
                    series::insert(&toml, list, at.checked_sub(1), &item, ending)
                }
                Step::Remove(at) => {
                    old.remove(at);
                    series::remove(&toml, list, at)
                }
                Step::Replace(at) => {
                    old[at] = new[at].clone();
                    let Some(member) = series::members(list).get(at) else { break };
                    let like = toml.get(member.span.clone());
                    let new = literal::write(&new[at], like, between)?;
                    vec![Splice { range: member.span.clone(), new }]
                }
            };
            toml = splice(&toml, splices);
        }
        Ok(toml)
    }

    /// The text without what is at `key`.
    pub fn unset(&self, toml: &str, key: &[&str]) -> Result<String, EditError> {
        let tree = tree_of(toml);
        if get(&tree, key).is_none() {
            return Ok(toml.to_owned());
        }
        // The outermost table that would have nothing left goes as a whole.
        let mut key = key;
        while let [table @ .., _] = key
            && !table.is_empty()
            && matches!(get(&tree, table), Some(Value::Table(items)) if items.len() == 1)
        {
            key = table;
        }
        let sheet = Sheet::of(toml);
        let splices = match find(&sheet, key) {
            Found::Nothing => return Ok(toml.to_owned()),
            Found::Blocked(name) => {
                return Err(EditError::Unwritable(format!("\"{name}\" is a list of tables")));
            }
            Found::Pair(statement, _) => remove_pair(toml, &sheet, statement),
            Found::Member { within, index, .. } => series::remove(toml, within, index),
            Found::Members { within, indexes } => {
                let first = series::remove(toml, within, indexes[0]);
                return self.unset(&splice(toml, first), key);
            }
            Found::Statements(statements) => {
                statements.into_iter().map(|s| remove_statement(toml, s)).collect()
            }
        };
        Ok(splice(toml, splices))
    }
}

/// Where the comments begin that stand right above the line at `at`.
fn above_comments(toml: &str, mut at: usize) -> usize {
    while at > 0 {
        let above = lines::line_start(toml, at - 1);
        if !toml[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    at
}

/// The lines of a pair; with the last one below a header the header, with the last one before all headers the
/// blank line that kept it apart from them.
fn remove_pair(toml: &str, sheet: &Sheet, statement: &Statement) -> Vec<Splice> {
    let lines = statement.lines.clone();
    let at = sheet.statements.partition_point(|other| other.lines.start < lines.start);
    let is_last_below = sheet.statements.get(at + 1).is_none_or(Statement::is_header);
    match at.checked_sub(1).map(|before| &sheet.statements[before]) {
        // The table is still there, made by the header of a table in it.
        Some(header) if is_last_below && header.kind == Kind::Header && !header.in_array => {
            vec![remove_statement(toml, header), Splice::delete(lines)]
        }
        Some(_) => vec![Splice::delete(lines)],
        None => {
            let is_apart = lines.start == 0 || is_blank_line(toml, lines.start - 1);
            let has_gap = lines.end < toml.len() && is_blank_line(toml, lines.end);
            let end =
                if is_last_below && is_apart && has_gap { line_end(toml, lines.end) } else { lines.end };
            vec![Splice::delete(lines.start..end)]
        }
    }
}

/// The lines of a statement; with a header the blank line before it, if what follows stands apart without it.
fn remove_statement(toml: &str, statement: &Statement) -> Splice {
    let lines = statement.lines.clone();
    if statement.is_header() && lines.start > 0 && is_blank_line(toml, lines.start - 1) {
        return Splice::delete(lines::line_start(toml, lines.start - 1)..lines.end);
    }
    Splice::delete(lines)
}

/// Whether the line there is long, and of a list of so many items.
fn is_long_line(toml: &str, at: usize, items: usize) -> bool {
    literal::is_long(&toml[lines::line_start(toml, at)..lines::content_end(toml, at)], items)
}

fn indent_of<'t>(toml: &'t str, statement: &Statement) -> &'t str {
    let line = &toml[statement.lines.clone()];
    &line[..line.len() - line.trim_start().len()]
}

/// Known keys in the format's order, then the others in their own.
pub(super) fn in_order<'i>(table: &[&str], items: &'i [(String, Value)]) -> Vec<&'i (String, Value)> {
    let order = order(table);
    let mut items: Vec<&(String, Value)> = items.iter().collect();
    items.sort_by_key(|(key, _)| order.iter().position(|known| known == key).unwrap_or(order.len()));
    items
}
