//! Why a command could not answer, folded once to words and an exit code (CLI contract, Exit codes).

use std::process::ExitCode;

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
}

impl Failure {
    pub fn no(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::No, message: message.into(), hint: None }
    }

    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Usage, ..Failure::no(message) }
    }

    pub fn notebook(message: impl Into<String>) -> Failure {
        Failure { kind: Kind::Notebook, ..Failure::no(message) }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on standard error.
    pub fn report(&self) -> ExitCode {
        anstream::eprintln!("tickler: {}", self.message);
        if let Some(hint) = &self.hint {
            anstream::eprintln!("{hint}");
        }
        ExitCode::from(match self.kind {
            Kind::No => 1,
            Kind::Usage => 2,
            Kind::Notebook => 3,
        })
    }
}
