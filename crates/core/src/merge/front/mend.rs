//! The merged text by edits of one side, for what cannot be put together from both.

use super::values::{Tree, is_same};
use crate::contact::Value;
use crate::file::edit::EditError;
use crate::file::edit::find::{Found, find};
use crate::file::edit::pen::Pen;
use crate::file::edit::sheet::Sheet;
use crate::file::edit::tree::get;

/// More keys than this are not edited one by one.
const MOST: usize = 200;

/// What has to be done to a text.
pub(super) struct Steps<'v>(Vec<(Vec<String>, Option<&'v Value>)>);

impl<'v> Steps<'v> {
    /// The way from what `old` says to what `new` says. New keys come before those that go, so that no table is
    /// empty in between.
    pub fn between(old: &Tree, new: &'v Tree) -> Steps<'v> {
        let mut steps = Steps(Vec::new());
        steps.sets(&[], old, new);
        steps.unsets(&[], old, new);
        steps
    }

    /// The way from one value at `path` to another.
    pub fn at(path: &[String], old: &Value, new: &'v Value) -> Steps<'v> {
        let mut steps = Steps(Vec::new());
        match (old, new) {
            (Value::Table(old), Value::Table(new)) => {
                steps.sets(path, old, new);
                steps.unsets(path, old, new);
            }
            _ => steps.0.push((path.to_vec(), Some(new))),
        }
        steps
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes the steps.
    ///
    /// # Errors
    /// Where one of them cannot be taken, or they are too many.
    pub fn take(&self, toml: &str, pen: &Pen) -> Result<String, EditError> {
        if self.len() > MOST {
            return Err(EditError::Unsafe(format!("{} keys are too many to edit", self.len())));
        }
        let mut toml = toml.to_owned();
        for (path, value) in &self.0 {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            toml = match value {
                Some(Value::Table(items)) if items.is_empty() => set_empty(&toml, &path, pen)?,
                Some(value) => pen.set(&toml, &path, value)?,
                None => pen.unset(&toml, &path)?,
            };
        }
        Ok(toml)
    }

    fn sets(&mut self, path: &[String], old: &Tree, new: &'v Tree) {
        for (key, value) in new {
            let path = [path, std::slice::from_ref(key)].concat();
            match (get(old, &[key]), value) {
                (Some(Value::Table(old)), Value::Table(new)) if !new.is_empty() => self.sets(&path, old, new),
                (there, value) if is_same(there, Some(value)) => {}
                _ => self.0.push((path, Some(value))),
            }
        }
    }

    fn unsets(&mut self, path: &[String], old: &Tree, new: &Tree) {
        for (key, value) in old {
            let path = [path, std::slice::from_ref(key)].concat();
            match (value, get(new, &[key])) {
                (_, None) => self.0.push((path, None)),
                (Value::Table(old), Some(Value::Table(new))) if !new.is_empty() => {
                    self.unsets(&path, old, new)
                }
                _ => {}
            }
        }
    }
}

/// Gives the key a table without keys, which the pen would take away.
fn set_empty(toml: &str, path: &[&str], pen: &Pen) -> Result<String, EditError> {
    let mut toml = pen.set(toml, path, &Value::Boolean(true))?;
    let sheet = Sheet::of(&toml);
    if let Found::Pair(_, written) | Found::Member { value: written, .. } = find(&sheet, path) {
        toml.replace_range(written.span.clone(), "{}");
    }
    Ok(toml)
}
