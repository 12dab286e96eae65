//! Why a command could not answer, folded once to words and an exit code (CLI contract, Exit codes).

use std::io;
use std::process::ExitCode;

use crate::style::{Paint, Role};

/// What a command ends with when all went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 0: done.
    Done,
    /// 1: the answer is no, nothing fitted, or `check` found an error.
    No,
}

impl Answer {
    pub fn exit_code(self) -> ExitCode {
        match self {
            Answer::Done => ExitCode::SUCCESS,
            Answer::No => ExitCode::from(1),
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
    /// Whole lines below the message, as they are: a source line, a list of names.
    details: String,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// 1: nothing fitted.
    No,
    /// 2: wrong usage.
    Usage,
    /// 3: the notebook failed.
    Notebook,
    /// 0: whoever reads our output has seen enough (`| head`).
    Unread,
}

impl Failure {
    pub fn no(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::No, message: message.into(), details: String::new(), hint: None }
    }

    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Usage, ..Failure::no(message) }
    }

    pub fn notebook(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Notebook, ..Failure::no(message) }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with whole lines to show below the message.
    #[must_use]
    pub fn details(mut self, lines: impl Into<String>) -> Failure {
        self.details = lines.into();
        self
    }

    /// Says it on standard error.
    pub fn report(&self) -> ExitCode {
        // Whether standard error takes colour is anstream's to decide.
        let paint = Paint { on: true };
        if self.kind != Kind::Unread {
            anstream::eprintln!("{} {}", paint.as_role(Role::Error, "tickler:"), self.message);
            if !self.details.is_empty() {
                anstream::eprintln!("{}", self.details.trim_end());
            }
            if let Some(hint) = &self.hint {
                anstream::eprintln!("{} {hint}", paint.as_role(Role::Good, "hint:"));
            }
        }
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self.kind {
            Kind::Unread => 0,
            Kind::No => 1,
            Kind::Usage => 2,
            Kind::Notebook => 3,
        }
    }

    /// The exit code, the message, the details and the hint, for tests.
    #[cfg(test)]
    pub fn parts(&self) -> (u8, &str, &str, &str) {
        (self.code(), &self.message, &self.details, self.hint.as_deref().unwrap_or_default())
    }
}

impl From<io::Error> for Failure {
    /// Writing the answer failed.
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure { kind: Kind::Unread, ..Failure::no("") },
            _ => Failure::notebook(format!("cannot write the answer: {error}")),
        }
    }
}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Failure {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Failure::notebook(format!("cannot write the answer: {other:?}")),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        io::Error::from(error).into()
    }
}
