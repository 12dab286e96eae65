//! What a command says when it fails, and how it ends.

use std::fmt;
use std::process::ExitCode;

/// A failure in words: what is wrong, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    code: u8,
}

impl Failure {
    /// The data folder, the disk or git says no.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), hint: None, code: 2 }
    }

    /// What was asked for cannot be, as things stand.
    pub fn no(message: impl Into<String>) -> Failure {
        Failure { code: 1, ..Failure::new(message) }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong, alone.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether nothing is broken, and what was asked for just cannot be, as things stand.
    pub fn is_no(&self) -> bool {
        self.code == 1
    }

    /// The code that the program ends with.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<tickler_core::git::GitError> for Failure {
    fn from(error: tickler_core::git::GitError) -> Failure {
        let failure = Failure::new(error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
