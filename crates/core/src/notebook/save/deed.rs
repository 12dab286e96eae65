//! A deed: what one command changes, as texts before and after, and what it is called.

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file, from the notebook's root, with `/`.
    pub file: String,
    /// Its text as it was read; none where the file is new.
    pub before: Option<String>,
    /// Its text to be; none where the file goes.
    pub after: Option<String>,
}

impl Change {
    /// A file that gets another text.
    pub fn edit(file: impl Into<String>, before: impl Into<String>, after: impl Into<String>) -> Change {
        Change { file: file.into(), before: Some(before.into()), after: Some(after.into()) }
    }

    /// A new file.
    pub fn add(file: impl Into<String>, after: impl Into<String>) -> Change {
        Change { file: file.into(), before: None, after: Some(after.into()) }
    }

    /// A file that goes.
    pub fn remove(file: impl Into<String>, before: impl Into<String>) -> Change {
        Change { file: file.into(), before: Some(before.into()), after: None }
    }

    /// Whether anything changes.
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

/// What one command changes. It is done as a whole, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deed {
    /// The command.
    pub verb: String,
    /// What is done in the user's words, one line: `log Jane Doe: phone, voicemail`.
    pub subject: String,
    /// The commits that it takes back, by their whole ids.
    pub undoes: Vec<String>,
    /// The files.
    pub changes: Vec<Change>,
}

impl Deed {
    /// The commit's message: the subject, and trailers by which the program knows its own deeds again.
    pub fn message(&self) -> String {
        let mut message = format!("{}\n\nTickler-Verb: {}\n", self.subject, self.verb);
        for id in &self.undoes {
            message.push_str(&format!("Tickler-Undoes: {id}\n"));
        }
        message
    }
}
