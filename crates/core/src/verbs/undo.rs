//! `undo`: takes deeds back, as a deed of its own, and leaves alone what was done since.

mod later;

use std::collections::BTreeMap;

use super::{Caution, Planned, Refusal};
use crate::contact::{Contact, ContactId};
use crate::file;
use crate::git::{self, Changes, Git, GitError, Record};
use crate::notebook::{CONTACTS_DIR, Change, Deed, Notebook};
use later::{Later, Without, without};

/// A number of fewer digits counts deeds; with so many it is the beginning of a commit's id.
const ID_DIGITS: usize = 4;
/// How many subjects stand in one line.
const MOST_SAID: usize = 3;
const VERB: &str = "undo";

/// Which deeds are to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// So many of the user's own, from the last.
    Last(usize),
    /// The one whose commit's id begins so.
    One(String),
}

impl Which {
    /// Reads `3` or `f3a2c1d`. Up to three digits are a number; four and more hexadecimal digits are an id.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn read(text: &str) -> Result<Which, Refusal> {
        let count = text.parse::<usize>().ok().filter(|_| text.len() < ID_DIGITS);
        let is_id = (ID_DIGITS..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        match count {
            Some(0) => Err(Refusal::usage("0 deeds are none").hint("`tickler undo` takes back the last one")),
            Some(count) => Ok(Which::Last(count)),
            None if is_id => Ok(Which::One(text.to_ascii_lowercase())),
            None => {
                Err(Refusal::usage(format!("\"{text}\" is neither a number of deeds nor the id of a commit"))
                    .hint("ids have at least four digits; `tickler history` shows them"))
            }
        }
    }
}

/// Takes deeds back: what they changed becomes what it was before, and all else stays, also what was done to the same
/// files since.
///
/// # Errors
/// Where there is nothing to take back, or later work changed the very same things.
pub fn undo(notebook: &Notebook, git: &Git, which: &Which) -> Result<Planned, Refusal> {
    let records = match which {
        Which::Last(count) => last(git, *count)?,
        Which::One(id) => vec![one(git, id)?],
    };
    let mut ground = Ground { notebook, git, files: BTreeMap::new() };
    let mut cautions = Vec::new();
    for record in &records {
        let changes = git.changes_of(&record.id).map_err(refused)?;
        if changes.others > 0 {
            let what =
                format!("\"{}\" also changed what is no file of this notebook; that stays", record.subject);
            cautions.push(Caution::Other(what));
        }
        ground.take_back(record, changes)?;
    }
    let changes = ground.into_changes()?;
    let contact = match changes.as_slice() {
        [one] => contact(notebook, one),
        _ => None,
    };
    let subject = subject(&records);
    let said = match subject.split_once(": ") {
        Some((head, rest)) => {
            let head = head.replacen("undo", "took back", 1).replacen("redo", "did again", 1);
            format!("{head}: {rest}")
        }
        None => subject.clone(),
    };
    let undoes = records.into_iter().map(|record| record.id).collect();
    let deed = Deed { verb: VERB.to_owned(), subject, undoes, changes };
    Ok(Planned { deed, said, cautions, contact })
}

/// The user's own last deeds that still stand.
fn last(git: &Git, count: usize) -> Result<Vec<Record>, Refusal> {
    let me = git.author_email().map_err(refused)?;
    let records = git.standing(count, |record| record.email.eq_ignore_ascii_case(&me)).map_err(refused)?;
    match records.len() {
        0 => Err(Refusal::no("there is nothing of yours to take back")
            .hint("`tickler history` shows what was done; with its id, a deed of anybody can be taken back")),
        found if found < count => Err(Refusal::no(format!("only {found} of your deeds can be taken back"))
            .hint(format!("`tickler undo {found}` takes them all back"))),
        _ => Ok(records),
    }
}

/// The deed of that id.
fn one(git: &Git, id: &str) -> Result<Record, Refusal> {
    let record = git.record(id).map_err(|error| {
        let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
        match error {
            GitError::NoSuchCommit(_) if is_number => Refusal::no(error.to_string())
                .hint("a number of deeds has at most three digits; `tickler history` shows the ids"),
            GitError::NoSuchCommit(_) => {
                Refusal::no(error.to_string()).hint("`tickler history` shows the ids")
            }
            GitError::Ambiguous(_) => Refusal { kind: super::RefusalKind::No, ..refused(error) },
            _ => refused(error),
        }
    })?;
    let short = &record.short;
    if !git.is_reached(&record.id).map_err(refused)? {
        return Err(Refusal::no(format!("{short} is not in the history of this branch"))
            .hint("`tickler history` shows what is"));
    }
    if record.verb.is_none() {
        return Err(Refusal::no(format!("{short} \"{}\" was not done by tickler", record.subject))
            .hint(format!("`git revert {short}` takes it back")));
    }
    if let Some(by) = git.taken_back_by(&record.id).map_err(refused)? {
        return Err(Refusal::no(format!(
            "{short} \"{}\" is taken back already, by {}",
            record.subject, by.short
        ))
        .hint(format!("`tickler undo {}` does it again", by.short)));
    }
    Ok(record)
}

/// What git says, as a reason not to do it.
fn refused(error: GitError) -> Refusal {
    let refusal = Refusal::notebook(error.to_string());
    match error.hint() {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    }
}

/// The files, as they are when the deeds so far are taken back.
struct Ground<'a> {
    notebook: &'a Notebook,
    git: &'a Git,
    files: BTreeMap<String, Standing>,
}

/// One file.
struct Standing {
    /// As it is on disk.
    on_disk: Option<Vec<u8>>,
    /// As it is to be, with git's ends of lines.
    now: Option<Vec<u8>>,
    /// The lines end as on Windows on disk, and not in git.
    windows: bool,
}

impl Ground<'_> {
    fn take_back(&mut self, record: &Record, changes: Changes) -> Result<(), Refusal> {
        if changes.files.is_empty() {
            return Err(Refusal::no(format!("\"{}\" changed no file of this notebook", record.subject)));
        }
        for change in changes.files {
            let standing = match self.files.remove(&change.path) {
                Some(standing) => standing,
                None => self.look(&change.path, change.after.as_deref())?,
            };
            let now = self.without(record, &change, &standing)?;
            self.files.insert(change.path, Standing { now, ..standing });
        }
        Ok(())
    }

    /// The file as it stands, without what the deed did to it.
    fn without(
        &self,
        record: &Record,
        change: &git::Change,
        standing: &Standing,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        if standing.now == change.after {
            return Ok(change.before.clone());
        }
        let later = Later {
            path: &change.path,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            now: standing.now.as_deref(),
        };
        let (path, subject) = (&change.path, &record.subject);
        let why = match without(&later, self.notebook.settings()) {
            Without::Text(text) => return Ok(Some(text)),
            Without::Same => {
                format!("nothing of \"{subject}\" is left to take back: later work on \"{path}\" changed it")
            }
            Without::Entangled => {
                format!("\"{subject}\" cannot be taken back: later work on \"{path}\" stands on it")
            }
        };
        Err(self.built_on(record, path, standing.on_disk.as_deref(), why)?)
    }

    /// The file on disk, where the deed left `after` in git.
    fn look(&self, path: &str, after: Option<&[u8]>) -> Result<Standing, Refusal> {
        let on_disk = self
            .notebook
            .bytes(path)
            .map_err(|error| Refusal::notebook(format!("cannot read \"{path}\": {error}")))?;
        let unix = on_disk.as_deref().map(without_returns);
        let windows = on_disk.as_deref() != after && unix.as_deref() == after;
        Ok(Standing { now: if windows { unix } else { on_disk.clone() }, on_disk, windows })
    }

    /// Why the deed cannot be taken back, and what was done to that file since.
    fn built_on(
        &self,
        record: &Record,
        path: &str,
        on_disk: Option<&[u8]>,
        why: String,
    ) -> Result<Refusal, Refusal> {
        let later = self.git.until(Some(path), &record.id).map_err(refused)?;
        let mut lines: Vec<String> = later
            .iter()
            .map(|later| format!("  {}  {}, by {}", later.short, later.subject, later.author))
            .collect();
        let is_committed = match on_disk {
            Some(bytes) => self.git.is_committed(path, bytes).map_err(refused)? == Some(true),
            None => self.git.head_content(path).map_err(refused)?.is_none(),
        };
        if !is_committed {
            lines.insert(0, "  changed by hand since, in no commit yet".to_owned());
        }
        let hint = match later.first() {
            Some(later) if is_committed && later.verb.is_some() => {
                format!(
                    "take back what came later first, such as `tickler undo {}`, or mend it in an editor",
                    later.short
                )
            }
            _ => "nothing was changed; mend it in an editor".to_owned(),
        };
        Ok(Refusal::no(why).details(lines).hint(hint))
    }

    fn into_changes(self) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        for (file, standing) in self.files {
            let text = |bytes: Option<Vec<u8>>| bytes.map(String::from_utf8).transpose();
            let after = match standing.windows {
                true => standing.now.as_deref().map(with_returns),
                false => standing.now,
            };
            let (Ok(before), Ok(after)) = (text(standing.on_disk), text(after)) else {
                return Err(Refusal::notebook(format!("\"{file}\" is not UTF-8, so it is left as it is"))
                    .hint("`git revert` restores any file, byte for byte"));
            };
            changes.push(Change { file, before, after });
        }
        Ok(changes)
    }
}

fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            out.push(*byte);
        }
    }
    out
}

fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

/// The contact of a file that is there again, or still.
fn contact(notebook: &Notebook, change: &Change) -> Option<Contact> {
    let below = change.file.strip_prefix(CONTACTS_DIR)?.strip_suffix(".md")?;
    let stem = below.rsplit('/').next()?;
    let contact = file::parse(change.after.as_deref()?, stem, notebook.settings()).contact;
    (!contact.broken).then(|| Contact { id: ContactId::new(stem), ..contact })
}

/// `undo: log Jane Doe: phone`, `undo 2 deeds: log Jane Doe: phone; stop Bob: moved`; taking back an undo is
/// `redo: log Jane Doe: phone`.
fn subject(records: &[Record]) -> String {
    let [one] = records else {
        let mut said: Vec<&str> =
            records.iter().take(MOST_SAID).map(|record| record.subject.as_str()).collect();
        if records.len() > MOST_SAID {
            said.push("…");
        }
        return format!("undo {} deeds: {}", records.len(), said.join("; "));
    };
    let subject = one.subject.as_str();
    let turned = |from: &str, to: &str| {
        let rest = subject.strip_prefix(from)?;
        (one.verb.as_deref() == Some(VERB) && rest.starts_with([':', ' '])).then(|| format!("{to}{rest}"))
    };
    turned("undo", "redo").or_else(|| turned("redo", "undo")).unwrap_or_else(|| format!("undo: {subject}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_ids_are_told_apart() {
        for (text, read) in [
            ("1", Ok(Which::Last(1))),
            ("999", Ok(Which::Last(999))),
            ("1000", Ok(Which::One("1000".into()))),
            ("0042", Ok(Which::One("0042".into()))),
            ("F3a2C1d", Ok(Which::One("f3a2c1d".into()))),
            ("0", Err("0 deeds are none")),
            ("f3a", Err("\"f3a\" is neither a number of deeds nor the id of a commit")),
            ("-1", Err("\"-1\" is neither a number of deeds nor the id of a commit")),
            ("jane", Err("\"jane\" is neither a number of deeds nor the id of a commit")),
            ("", Err("\"\" is neither a number of deeds nor the id of a commit")),
        ] {
            let found = Which::read(text).map_err(|refusal| refusal.message);
            assert_eq!(found, read.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn subjects_say_what_is_taken_back() {
        let record = |verb: &str, subject: &str| Record {
            id: String::new(),
            short: String::new(),
            when: Default::default(),
            author: String::new(),
            email: String::new(),
            subject: subject.to_owned(),
            verb: Some(verb.to_owned()),
            via: None,
            undoes: Vec::new(),
            path: None,
        };
        for (records, said) in [
            (vec![("log", "log Jane Doe: phone")], "undo: log Jane Doe: phone"),
            (vec![("log", "undo the harm")], "undo: undo the harm"),
            (vec![("undo", "undo: log Jane Doe: phone")], "redo: log Jane Doe: phone"),
            (vec![("undo", "redo: log Jane Doe: phone")], "undo: log Jane Doe: phone"),
            (vec![("undo", "undo 2 deeds: a; b")], "redo 2 deeds: a; b"),
            (vec![("log", "b"), ("log", "a")], "undo 2 deeds: b; a"),
            (vec![("log", "d"), ("log", "c"), ("log", "b"), ("log", "a")], "undo 4 deeds: d; c; b; …"),
        ] {
            let records: Vec<Record> = records.into_iter().map(|(verb, what)| record(verb, what)).collect();
            assert_eq!(subject(&records), said);
        }
    }

    #[test]
    fn ends_of_lines_come_and_go() {
        assert_eq!(without_returns(b"a\r\nb\rc\r"), b"a\nb\rc\r");
        assert_eq!(with_returns(b"a\nb"), b"a\r\nb");
    }
}
