//! Edits of the front matter: a key set or taken away, texts added to a list or taken out of it.

use super::lines::{is_blank_line, line_ending};
use super::pen::{Pen, in_order};
use super::tree::{first_date_time, get, is_same_in_order, put, same, take, time_mark, tree_of};
use super::{EditError, why_broken};
use crate::contact::Value;
use crate::file::front_matter::LISTS;
use crate::file::layout::Layout;

/// Gives the key at `key` this value. A key that is there has only its value replaced; a new one goes where the
/// format's order has it. A table given as a value takes the place of the one that is there, key by key. A time
/// without seconds gets them, and a single text for a list of the format becomes a list where one is there.
///
/// # Errors
/// Where the file is broken, or would be with this value.
pub fn set(text: &str, key: &[&str], value: &Value) -> Result<String, EditError> {
    let page = Page::open(text)?;
    check_path(key)?;
    let value = page.as_listed(key, value);
    let toml = page.pen.set(page.toml, key, &value)?;
    page.finish(&toml, key, if is_empty_table(&value) { None } else { Some(&value) })
}

/// Takes the key at `key` away with its line; a table that has no key left goes too. A key that is not there
/// leaves the text as it is.
///
/// # Errors
/// Where the file is broken.
pub fn unset(text: &str, key: &[&str]) -> Result<String, EditError> {
    let page = Page::open(text)?;
    check_path(key)?;
    let toml = page.pen.unset(page.toml, key)?;
    page.finish(&toml, key, None)
}

/// Adds texts to a list of texts, each once. A lone text becomes a list.
///
/// # Errors
/// Where the file is broken, or the key is no list of texts.
pub fn add_items(text: &str, key: &[&str], items: &[String]) -> Result<String, EditError> {
    let page = Page::open(text)?;
    check_path(key)?;
    let mut list = page.texts(key)?;
    let before = list.len();
    for item in items {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
    if list.len() == before {
        return Ok(text.to_owned());
    }
    let value = Value::List(list.into_iter().map(Value::Text).collect());
    let toml = page.pen.set(page.toml, key, &value)?;
    page.finish(&toml, key, Some(&value))
}

/// Takes texts out of a list of texts, wherever they stand in it. With the last one the key goes.
///
/// # Errors
/// Where the file is broken, or the key is no list of texts.
pub fn remove_items(text: &str, key: &[&str], items: &[String]) -> Result<String, EditError> {
    let page = Page::open(text)?;
    check_path(key)?;
    let list = page.texts(key)?;
    let left: Vec<Value> =
        list.iter().filter(|item| !items.contains(item)).cloned().map(Value::Text).collect();
    if left.len() == list.len() {
        return Ok(text.to_owned());
    }
    if left.is_empty() {
        let toml = page.pen.unset(page.toml, key)?;
        return page.finish(&toml, key, None);
    }
    let value = Value::List(left);
    let toml = page.pen.set(page.toml, key, &value)?;
    page.finish(&toml, key, Some(&value))
}

/// A front matter that says this, in the format's order.
pub(super) fn fresh(keys: &[(&[&str], Value)]) -> Result<String, EditError> {
    const EMPTY: &str = "+++\n+++\n";
    let mut tree: Vec<(String, Value)> = Vec::new();
    for (key, value) in keys {
        check_path(key)?;
        put(&mut tree, key, value.clone());
    }
    let page = Page::open(EMPTY)?;
    let is_table = |value: &Value| match value {
        Value::Table(_) => true,
        Value::List(items) => !items.is_empty() && items.iter().all(|item| matches!(item, Value::Table(_))),
        _ => false,
    };
    let (tables, plain): (Vec<_>, Vec<_>) =
        in_order(&[], &tree).into_iter().cloned().partition(|(_, value)| is_table(value));
    let mut toml = String::new();
    for line in page.pen.pairs(&[], &plain)? {
        toml.push_str(&line);
        toml.push('\n');
    }
    for (key, value) in &tables {
        toml = page.pen.set(&toml, &[key], value)?;
    }
    let text = ["+++\n", &toml, "+++\n"].concat();
    if let Some(problem) = why_broken(&text, &Layout::of(&text)) {
        return Err(EditError::Unwritable(problem.message));
    }
    let said = Value::Table(tree_of(&toml));
    tree.retain(|(_, value)| !is_empty_table(value));
    if same(&said, &Value::Table(tree)) {
        Ok(text)
    } else {
        Err(EditError::Unwritable("these keys cannot stand together".to_owned()))
    }
}

fn check_path(key: &[&str]) -> Result<(), EditError> {
    if key.is_empty() { Err(EditError::Missing("no key is named".to_owned())) } else { Ok(()) }
}

/// Whether the format takes a list of texts at `key`.
pub(crate) fn takes_list(key: &[&str]) -> bool {
    matches!(key, [name] | ["prefers", name] if LISTS.contains(name))
}

fn is_empty_table(value: &Value) -> bool {
    matches!(value, Value::Table(items) if items.is_empty())
}

/// A contact file whose front matter is to be edited.
struct Page<'t> {
    text: &'t str,
    layout: Layout,
    toml: &'t str,
    tree: Vec<(String, Value)>,
    pen: Pen,
}

impl<'t> Page<'t> {
    fn open(text: &'t str) -> Result<Page<'t>, EditError> {
        let layout = Layout::of(text);
        if let Some(problem) = why_broken(text, &layout) {
            return Err(EditError::Broken(problem));
        }
        let toml = &text[layout.front_matter.clone()];
        let tree = tree_of(toml);
        let mark = first_date_time(&tree).and_then(time_mark).unwrap_or('T');
        Ok(Page { text, toml, tree, pen: Pen { ending: line_ending(text, 0), mark }, layout })
    }

    /// The text with this front matter, if it says nothing but what the old one said and `value` at `key`.
    fn finish(&self, toml: &str, key: &[&str], value: Option<&Value>) -> Result<String, EditError> {
        if toml == self.toml {
            return Ok(self.text.to_owned());
        }
        let (text, layout, ending) = (self.text, &self.layout, self.pen.ending);
        let new = if layout.has_front_matter() {
            let front = &layout.front_matter;
            [&text[..front.start], toml, &text[front.end..]].concat()
        } else {
            let body = &text[layout.body.clone()];
            let gap = if body.is_empty() || is_blank_line(body, 0) { "" } else { ending };
            [&text[layout.bom.clone()], "+++", ending, toml, "+++", ending, gap, body].concat()
        };
        self.check(&new, key, value)?;
        Ok(new)
    }

    fn check(&self, new: &str, key: &[&str], value: Option<&Value>) -> Result<(), EditError> {
        let layout = Layout::of(new);
        if let Some(problem) = why_broken(new, &layout) {
            return Err(EditError::Unwritable(problem.message));
        }
        let mut before = self.tree.clone();
        let mut after = tree_of(&new[layout.front_matter.clone()]);
        let is_set = match (get(&after, key), value) {
            (None, None) => true,
            (Some(there), Some(value)) => same(there, value),
            _ => false,
        };
        take(&mut before, key);
        take(&mut after, key);
        let body = &new[layout.body];
        let old_body = &self.text[self.layout.body.clone()];
        let body_stays = match body.strip_suffix(old_body) {
            Some(gap) => gap.is_empty() || !self.layout.has_front_matter() && gap.trim().is_empty(),
            None => false,
        };
        if is_set && body_stays && is_same_in_order(&before, &after) {
            return Ok(());
        }
        Err(EditError::Unsafe(format!(
            "\"{}\" cannot be changed without changing something else",
            key.join(".")
        )))
    }

    /// The texts at `key`; none where it is not there.
    fn texts(&self, key: &[&str]) -> Result<Vec<String>, EditError> {
        let wrong = || EditError::Unwritable(format!("\"{}\" is no list of texts", key.join(".")));
        match get(&self.tree, key) {
            None => Ok(Vec::new()),
            Some(Value::Text(text)) => Ok(vec![text.clone()]),
            Some(Value::List(items)) => items
                .iter()
                .map(|item| match item {
                    Value::Text(text) => Ok(text.clone()),
                    _ => Err(wrong()),
                })
                .collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// A single text where the format takes a list and one is there: a list of it.
    fn as_listed(&self, key: &[&str], value: &Value) -> Value {
        match (value, get(&self.tree, key)) {
            (Value::Text(_), Some(Value::List(_))) if takes_list(key) => Value::List(vec![value.clone()]),
            _ => value.clone(),
        }
    }
}
