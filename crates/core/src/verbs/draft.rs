//! A contact whose file is being changed: the text as it was read, and as it is so far.

use super::Refusal;
use crate::contact::{Contact, ContactId};
use crate::file::edit::EditError;
use crate::file::{self, Reading};
use crate::notebook::{Change, Survey};
use crate::problem::Severity;
use crate::settings::Settings;

/// A contact whose file is being changed.
#[derive(Debug, Clone)]
pub struct Draft {
    file: String,
    before: Option<String>,
    text: String,
    contact: Contact,
}

impl Draft {
    /// Reads the contact of that number in the survey, as its file is at this moment.
    ///
    /// # Errors
    /// Where the file is broken (format, section 8) or gone.
    pub fn read(survey: &Survey<'_>, index: usize) -> Result<Draft, Refusal> {
        let file = survey.path(index);
        let Some(text) = survey.text(index) else {
            let first = first_error(survey.problems_of(index));
            return Err(match first {
                Some(problem) => Refusal::broken(&file, Some(problem)),
                None => Refusal::notebook(format!("\"{file}\" cannot be read any more")),
            });
        };
        Draft::of(file, Some(text.clone()), text, survey.id(index).into_owned(), survey.notebook().settings())
    }

    /// A file that is not there yet.
    pub fn new(
        file: String,
        text: String,
        id: impl Into<String>,
        settings: &Settings,
    ) -> Result<Draft, Refusal> {
        Draft::of(file, None, text, id.into(), settings)
    }

    fn of(
        file: String,
        before: Option<String>,
        text: String,
        id: String,
        settings: &Settings,
    ) -> Result<Draft, Refusal> {
        let Reading { contact, problems } = file::parse(&text, stem(&file), settings);
        if contact.broken {
            return Err(Refusal::broken(&file, first_error(problems)));
        }
        let contact = Contact { id: ContactId::new(id), ..contact };
        Ok(Draft { file, before, text, contact })
    }

    /// The file, from the notebook's root.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The contact as the text is so far.
    pub fn contact(&self) -> &Contact {
        &self.contact
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is not what was read.
    pub fn is_changed(&self) -> bool {
        self.before.as_deref() != Some(&self.text)
    }

    /// Changes the text.
    ///
    /// # Errors
    /// Where the edit cannot be made; the text stays as it is so far.
    pub fn edit(
        &mut self,
        settings: &Settings,
        edit: impl FnOnce(&str) -> Result<String, EditError>,
    ) -> Result<(), Refusal> {
        let text = edit(&self.text).map_err(|error| Refusal::edit(&self.file, error))?;
        if text != self.text {
            let contact = file::parse(&text, stem(&self.file), settings).contact;
            self.contact = Contact { id: self.contact.id.clone(), ..contact };
            self.text = text;
        }
        Ok(())
    }

    /// The change that this comes to.
    pub fn into_change(self) -> Change {
        Change { file: self.file, before: self.before, after: Some(self.text) }
    }
}

fn first_error(problems: Vec<crate::problem::Problem>) -> Option<crate::problem::Problem> {
    problems.into_iter().find(|problem| problem.severity == Severity::Error)
}

/// The file's name without `.md`.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}
