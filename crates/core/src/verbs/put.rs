//! A whole text of a contact, put in place of the one that is there: what the edit form of a page sends, and a `PUT`
//! of the API. Where somebody was quicker, both changes are joined (`docs/merge.md`), so nobody's work is lost.

use similar::{Algorithm, DiffOp};

use super::edit::edited;
use super::{Desk, Edited, Planned, Refusal};
use crate::file;
use crate::merge::files::BlobId;
use crate::merge::{Kind, Note, merge};
use crate::notebook::{CONFLICTS_DIR, Change, Survey};
use crate::problem::{Problem, Severity};

/// What comes of a text that was put in place of another.
#[derive(Debug, Clone)]
pub struct Put {
    /// The deed.
    pub planned: Planned,
    /// The text as it will be: the one that was put, or what the merge made of it and the one that is there.
    pub text: String,
    /// What is wrong in that text, in its order.
    pub problems: Vec<Problem>,
    /// Whether there is an error among them that was not there before.
    pub has_new_errors: bool,
    /// Whether somebody had changed the file since the text was begun, so that both were joined.
    pub is_merged: bool,
    /// What the merge could not decide so that nobody has to look.
    pub notes: Vec<Note>,
    /// The files that whole versions are kept in which could not be joined, from the notebook's root; mostly none.
    pub aside: Vec<String>,
}

/// Puts `text` in place of the text of that contact. `base` is what it was made from: where the file is another by
/// now, the two are merged.
///
/// # Errors
/// Where the file that is there is no text; where `text` is larger than a contact may be, or would break a contact
/// that was whole (format, section 8). All errors of `text` are told, in `details`, as `line:column: message`.
pub fn put(
    survey: &Survey<'_>,
    index: usize,
    base: &[u8],
    text: &str,
    desk: &Desk<'_>,
) -> Result<Put, Refusal> {
    let (path, id) = (survey.path(index), survey.id(index));
    if text.len() as u64 > file::MOST_BYTES {
        return Err(Refusal::usage("the text is larger than 4 MiB").hint("keep long material in `files/`"));
    }
    let there = survey.text(index).ok_or_else(|| {
        let error = |problem: &Problem| problem.severity == Severity::Error;
        Refusal::broken(&path, survey.problems_of(index).into_iter().find(error))
    })?;
    let of = Of { path: &path, id: &id, there: &there };
    of.refuse_broken(text, desk)?;
    let is_merged = there.as_bytes() != base && there != text;
    if !is_merged {
        return Ok(of.put(text.to_owned(), desk));
    }
    let merged = merge(Kind::Contact, Some(base), there.as_bytes(), text.as_bytes(), desk.settings);
    let content = String::from_utf8(merged.content)
        .map_err(|_| Refusal::notebook(format!("\"{path}\" and the new text cannot be joined")))?;
    let mut put = Put { is_merged, notes: merged.notes, ..of.put(content, desk) };
    for version in merged.aside {
        let place = place(survey, of.stem(), &version);
        let after = Some(String::from_utf8_lossy(&version).into_owned());
        put.planned.deed.changes.push(Change { file: place.clone(), before: None, after });
        put.aside.push(place);
    }
    Ok(put)
}

/// The contact that is put.
struct Of<'a> {
    path: &'a str,
    id: &'a str,
    there: &'a str,
}

impl Of<'_> {
    fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        name.strip_suffix(".md").unwrap_or(name)
    }

    fn put(&self, text: String, desk: &Desk<'_>) -> Put {
        let Edited { planned, problems, has_new_errors } =
            edited(self.path, self.id, Some(self.there), &text, desk);
        let (notes, aside) = (Vec::new(), Vec::new());
        Put { planned, text, problems, has_new_errors, is_merged: false, notes, aside }
    }

    /// A file that is broken already may stay so, so that it can be mended step by step.
    fn refuse_broken(&self, text: &str, desk: &Desk<'_>) -> Result<(), Refusal> {
        let new = file::parse(text, self.stem(), desk.settings);
        if !new.contact.broken || file::parse(self.there, self.stem(), desk.settings).contact.broken {
            return Ok(());
        }
        let mut errors = new.problems.into_iter().filter(|problem| problem.severity == Severity::Error);
        let lines =
            |problem: &Problem| format!("{}:{}: {}", problem.at.line, problem.at.column, problem.message);
        let first = errors.next();
        let details = first.iter().map(lines).chain(errors.map(|problem| lines(&problem))).collect();
        let problem = first.map(|problem| Box::new((self.path.to_owned(), problem)));
        let refusal = Refusal::usage("with this text the contact could not be read any more");
        let hint = "mend it and send it again; what is there is as it was";
        Err(Refusal { problem, ..refusal.details(details).hint(hint) })
    }
}

/// Where a whole version of a contact is kept: its name has git's id of it, so that the same one is kept once.
fn place(survey: &Survey<'_>, stem: &str, version: &[u8]) -> String {
    const SHORT: usize = 8;
    let is_taken = |path: &str| survey.notebook().has_file(path);
    let shelf = if is_taken(CONFLICTS_DIR) { format!("{CONFLICTS_DIR}-2") } else { CONFLICTS_DIR.to_owned() };
    let id = BlobId::of(version).hex();
    let names = [format!("{shelf}/{stem}-{}.md", &id[..SHORT]), format!("{shelf}/{stem}-{id}.md")];
    let more = (2..1000).map(|number| format!("{shelf}/{stem}-{id}-{number}.md"));
    let free = names.iter().cloned().chain(more).find(|name| !is_taken(name));
    free.unwrap_or_else(|| names[1].clone())
}

/// `text` with the line ends of `of`: a browser sends all lines of a form's text with the same end, whatever the file
/// has. Lines that are the same in both keep theirs; new ones get what most lines of `of` have.
pub fn in_line_ends_of(text: &str, of: &str) -> String {
    let (new, old) = (lines(text), lines(of));
    let count = |end: &str| old.iter().filter(|line| line.end == end).count();
    let end = if count("\r\n") > count("\n") { "\r\n" } else { "\n" };
    let words = |lines: &[Line<'_>]| lines.iter().map(|line| line.text.to_owned()).collect::<Vec<_>>();
    let mut ends: Vec<&str> = new.iter().map(|line| if line.end.is_empty() { "" } else { end }).collect();
    if old.iter().any(|line| !line.end.is_empty() && line.end != end) {
        for op in similar::capture_diff_slices(Algorithm::Myers, &words(&old), &words(&new)) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                for at in 0..len {
                    let (theirs, ours) = (old[old_index + at].end, new[new_index + at].end);
                    if !theirs.is_empty() && !ours.is_empty() {
                        ends[new_index + at] = theirs;
                    }
                }
            }
        }
    }
    new.iter().zip(ends).flat_map(|(line, end)| [line.text, end]).collect()
}

/// A line without its end, and the end.
struct Line<'t> {
    text: &'t str,
    end: &'t str,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let length = if rest[at..].starts_with("\r\n") { 2 } else { (rest.len() - at).min(1) };
        lines.push(Line { text: &rest[..at], end: &rest[at..at + length] });
        rest = &rest[at + length..];
    }
    lines
}

#[cfg(test)]
mod tests;
