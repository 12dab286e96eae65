//! Paper: a contact's text to a [`Contact`] and its problems, with exact places (format, sections 2 to 4).
//!
//! Reading never fails: whatever the text, there is a contact, and a list of what is wrong with it.

pub(crate) mod body;
mod body_scan;
pub mod edit;
mod front_matter;
mod keys;
pub mod layout;
pub mod locate;
mod log;
mod note;
mod place;
mod promise;
mod prose;
mod settings;
mod toml_scan;
mod toml_value;

pub(crate) use body::{links_of, percent_decoded};
pub use front_matter::{KEYS, known_subkeys};
pub use keys::one_slip_from;
pub(crate) use log::one_line;
pub use log::{channel_hint, clock};
pub use note::note_of;
pub use prose::prose;
pub use settings::{NewerFormat, SettingsError, parse_settings};

#[cfg(test)]
mod tests;

use crate::contact::{Contact, ContactId};
use crate::problem::{Position, Problem};
use crate::settings::Settings;
use layout::Layout;

/// The largest file that is read as a contact, in bytes: 4 MiB, a thousand times the usual.
pub const MOST_BYTES: u64 = 4 << 20;

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The contact; of a broken file, what could be made out.
    pub contact: Contact,
    /// What is wrong, in the file's order.
    pub problems: Vec<Problem>,
}

/// Reads the text of the contact file `stem.md`.
pub fn parse(text: &str, stem: &str, settings: &Settings) -> Reading {
    let mut problems = Vec::new();
    let layout = Layout::of(text);
    let (head, broken) = front_matter::read(text, &layout, settings, &mut problems);
    if !layout.has_front_matter() && is_yaml(&text[layout.body.clone()]) {
        problems.push(
            Problem::warning(Position { line: 1, column: 1 }, "YAML front matter is not read")
                .width(3)
                .hint("write the keys as TOML between two lines `+++`"),
        );
    }
    let quoted = quoted(&text[layout.body.clone()]);
    let body = body::read(text, layout.body, settings, &mut problems);
    let name = head.name.clone().or(body.heading).unwrap_or_else(|| name_from(stem));
    problems.sort_by_key(|p| p.at);
    limit(&mut problems);
    let contact = Contact {
        id: ContactId::new(stem),
        name,
        head,
        log: body.log,
        promises: body.promises,
        links: body.links,
        quoted,
        broken,
        stale: false,
    };
    Reading { contact, problems }
}

/// How many quotes a merge left in the body because both sides had changed the same lines.
fn quoted(body: &str) -> u32 {
    const MARK: &str = "> [!conflict]";
    // Nearly no file has one.
    if memchr::memmem::find(body.as_bytes(), MARK.as_bytes()).is_none() {
        return 0;
    }
    body.lines().filter(|line| line.trim_start().starts_with(MARK)).count() as u32
}

/// Nobody reads more than the first hundred problems of one file.
fn limit(problems: &mut Vec<Problem>) {
    const MOST: usize = 100;
    if problems.len() > MOST {
        let more = problems.len() - MOST;
        problems.truncate(MOST);
        let at = problems[MOST - 1].at;
        problems.push(Problem::error(at, format!("and {more} more problems in this file")));
    }
}

/// A file that cannot even be read as text: a broken contact with one problem.
pub fn unreadable(stem: &str, problem: Problem) -> Reading {
    let contact =
        Contact { id: ContactId::new(stem), name: name_from(stem), broken: true, ..Contact::default() };
    Reading { contact, problems: vec![problem] }
}

/// The file's bytes as text, or what is wrong with them.
pub fn decode(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let at = Position::of(good, good.len());
        let byte = bytes.get(good.len()).copied().unwrap_or_default();
        Problem::error(at, format!("not UTF-8: byte 0x{byte:02x} begins no character"))
            .hint("save the file as UTF-8 in your editor")
    })
}

/// `jane-doe` as `jane doe` (format, section 2, `name`).
fn name_from(stem: &str) -> String {
    stem.replace(['-', '_'], " ")
}

fn is_yaml(body: &str) -> bool {
    let mut lines = body.lines();
    lines.next().map(str::trim_end) == Some("---")
        && lines.next().is_some_and(|line| line.contains(':'))
        && lines.any(|line| line.trim_end() == "---")
}
