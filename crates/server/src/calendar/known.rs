//! The tags of the calendars that were asked for: calendars ask again and again, and mostly nothing has changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tickler_core::date::Date;

use crate::names::{NotebookName, UserName};

/// How many are kept in mind; beyond that all are made anew.
const MOST: usize = 10_000;

/// What a calendar was made of. Of the same things the same bytes are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The notebook's commit.
    pub commit: String,
    /// The day.
    pub today: Date,
    /// Whose handle.
    pub me: Option<String>,
    /// The address of the pages in it.
    pub link: Option<String>,
}

/// The tag of each user's calendar as it was last made.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<(NotebookName, UserName), (Made, String)>>);

impl Known {
    /// The tag of a calendar that is made of these.
    pub fn tag(&self, notebook: &NotebookName, user: &UserName, made: &Made) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, tag) = all.get(&(notebook.clone(), user.clone()))?;
        (of == made).then(|| tag.clone())
    }

    /// Keeps a tag in mind.
    pub fn note(&self, notebook: &NotebookName, user: &UserName, made: Made, tag: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert((notebook.clone(), user.clone()), (made, tag.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_of_what_it_was_made_of() {
        let (main, pat) = (NotebookName::new("main").unwrap(), UserName::new("pat").unwrap());
        let made = |commit: &str, today: &str, link: &str| Made {
            commit: commit.to_owned(),
            today: today.parse().unwrap(),
            me: None,
            link: Some(link.to_owned()),
        };
        let known = Known::default();
        let first = made("a", "2026-12-03", "http://h");
        known.note(&main, &pat, first.clone(), "\"1\"");
        assert_eq!(known.tag(&main, &pat, &first).as_deref(), Some("\"1\""));
        for other in [
            made("b", "2026-12-03", "http://h"),
            made("a", "2026-12-04", "http://h"),
            made("a", "2026-12-03", "https://h"),
            Made { me: Some("pat".to_owned()), ..first.clone() },
        ] {
            assert_eq!(known.tag(&main, &pat, &other), None);
        }
        let sam = UserName::new("sam").unwrap();
        assert_eq!(known.tag(&main, &sam, &first), None);
    }
}
