//! Why a deed is not done.

use std::fmt;

use crate::english::Misread;
use crate::file::edit::EditError;
use crate::problem::Problem;

/// What kind of no it is, for exit codes and HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The answer is no: nothing fits, or a wish of theirs speaks against it.
    No,
    /// It was asked for wrongly.
    Usage,
    /// The notebook is not fit for it: a broken file.
    Notebook,
}

/// Why a deed is not done, and what to do about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// What kind of no.
    pub kind: RefusalKind,
    /// Why: lower case, no full stop.
    pub message: String,
    /// Whole lines that show it: what there is to choose from.
    pub details: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The problem of a file that is behind it, with the file from the notebook's root.
    pub problem: Option<Box<(String, Problem)>>,
}

impl Refusal {
    /// The answer is no.
    pub fn no(message: impl Into<String>) -> Refusal {
        Refusal {
            kind: RefusalKind::No,
            message: message.into(),
            details: Vec::new(),
            hint: None,
            problem: None,
        }
    }

    /// It was asked for wrongly.
    pub fn usage(message: impl Into<String>) -> Refusal {
        Refusal { kind: RefusalKind::Usage, ..Refusal::no(message) }
    }

    /// The notebook is not fit for it.
    pub fn notebook(message: impl Into<String>) -> Refusal {
        Refusal { kind: RefusalKind::Notebook, ..Refusal::no(message) }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Refusal {
        Refusal { hint: Some(hint.into()), ..self }
    }

    /// The same, with whole lines to show.
    #[must_use]
    pub fn details(self, details: Vec<String>) -> Refusal {
        Refusal { details, ..self }
    }

    /// The file is broken, and so is left alone (format, section 8).
    pub fn broken(file: &str, problem: Option<Problem>) -> Refusal {
        let refusal = Refusal::notebook(format!("\"{file}\" is broken, so it is left as it is"));
        let refusal = refusal.hint("mend it in an editor first; `tickler check` shows what is wrong");
        Refusal { problem: problem.map(|problem| Box::new((file.to_owned(), problem))), ..refusal }
    }

    /// No day was said by what `name` says one, an option or a key.
    pub fn misread(name: &str, misread: &Misread) -> Refusal {
        let message =
            if name.is_empty() { misread.message.clone() } else { format!("{name}: {}", misread.message) };
        Refusal::usage(message).hint(misread.advice())
    }

    /// An edit of that file cannot be made.
    pub fn edit(file: &str, error: EditError) -> Refusal {
        match error {
            EditError::Broken(problem) => Refusal::broken(file, Some(problem)),
            EditError::Unwritable(_) => Refusal::usage(error.to_string()),
            EditError::Missing(_) => Refusal::no(error.to_string()),
            EditError::Unsafe(_) => Refusal::notebook(format!("\"{file}\": {error}"))
                .hint("nothing was written; make the change in an editor"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
