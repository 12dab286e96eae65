//! A contact as `export json` tells it: all that its file holds.

use serde::Serialize;

use super::ContactRow;
use crate::contact::{Channel, Contact, Entry, Link, LinkTarget, Promise, Promiser};
use crate::date::{Date, Time};

/// One contact of `export json`: what `list --format json` tells, and all the rest of its file.
#[derive(Debug, Serialize)]
pub struct Exported<'a> {
    /// What its keys and the rules say.
    #[serde(flatten)]
    contact: ContactRow<'a>,
    /// The entries of the log, oldest first; those with an error are in `text` alone.
    log: Vec<LogRow<'a>>,
    /// The promises of both sides, kept and open, in the file's order.
    promises: Vec<PromiseRow<'a>>,
    /// Where its links lead, in the file's order.
    links_to: Vec<LinkRow<'a>>,
    /// What stands below the front matter, but for the log; Markdown.
    prose: String,
    /// The file as it is; none where it is no text.
    text: Option<String>,
}

/// One entry of the log.
#[derive(Debug, Serialize)]
struct LogRow<'a> {
    date: Date,
    time: Option<Time>,
    channel: &'a Channel,
    /// `in` or `out`.
    direction: &'static str,
    /// How it went, such as `voicemail`, but for the direction.
    words: Vec<&'static str>,
    /// The team member.
    who: Option<&'a str>,
    /// It came through to them.
    reached: bool,
    text: Option<&'a str>,
}

/// One promise.
#[derive(Debug, Serialize)]
struct PromiseRow<'a> {
    kept: bool,
    /// `me` for the contact's owner, `them`, or the handle of a team member.
    who: &'a str,
    text: &'a str,
    by: Option<Date>,
    /// The day of the entry that it stands in.
    made: Option<Date>,
}

/// Where a link leads.
#[derive(Debug, Serialize)]
struct LinkRow<'a> {
    /// A contact's id.
    contact: Option<&'a str>,
    /// A file, from the notebook's root.
    file: Option<&'a str>,
    text: &'a str,
    /// The day of the entry that it stands in.
    sent: Option<Date>,
}

/// The keys of [`Exported`] beside those of [`ContactRow`].
const TAKEN: [&str; 5] = ["log", "promises", "links_to", "prose", "text"];

impl<'a> Exported<'a> {
    /// The contact with the text of its file, of which `prose` is a part.
    pub fn new(
        contact: &'a Contact,
        row: ContactRow<'a>,
        prose: String,
        text: Option<String>,
    ) -> Exported<'a> {
        Exported {
            contact: row.without(&TAKEN),
            log: contact.log.iter().map(LogRow::of).collect(),
            promises: contact.promises.iter().map(PromiseRow::of).collect(),
            links_to: contact.links.iter().map(LinkRow::of).collect(),
            prose,
            text,
        }
    }
}

impl LogRow<'_> {
    fn of(entry: &Entry) -> LogRow<'_> {
        let words = entry.words.names().filter(|word| !["in", "out"].contains(word));
        LogRow {
            date: entry.date,
            time: entry.time,
            channel: &entry.channel,
            direction: if entry.is_in() { "in" } else { "out" },
            words: words.collect(),
            who: entry.who.as_deref(),
            reached: entry.is_reached(),
            text: Some(entry.text.as_str()).filter(|text| !text.is_empty()),
        }
    }
}

impl PromiseRow<'_> {
    fn of(promise: &Promise) -> PromiseRow<'_> {
        PromiseRow {
            kept: promise.kept,
            who: match &promise.who {
                Promiser::Me => "me",
                Promiser::Them => "them",
                Promiser::Member(handle) => handle,
            },
            text: &promise.text,
            by: promise.by,
            made: promise.made,
        }
    }
}

impl LinkRow<'_> {
    fn of(link: &Link) -> LinkRow<'_> {
        let (contact, file) = match &link.target {
            LinkTarget::Contact(id) => (Some(id.as_str()), None),
            LinkTarget::File(path) => (None, Some(path.as_str())),
        };
        LinkRow { contact, file, text: &link.text, sent: link.sent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::follow_up::assess;
    use crate::settings::Settings;

    #[test]
    fn nothing_of_the_file_is_left_behind() {
        let text = "+++\nname = \"Jane\"\ndog = \"Rex\"\nlog = \"mine\"\n+++\n\nKnows [[bob|Bob]].\n\n## Log\n\n\
                    - 2026-11-20 09:30 phone voicemail @pat: said I would call\n\
                    - 2026-11-18 email in no-reply: thanks\n\
                    - 2026-11-10 email: sent the [specs](../files/spec.pdf)\n\
                    \x20 - [ ] them: read page 3 by 2026-12-01\n  - [x] @sam: send the list\n";
        let settings = Settings::default();
        let contact = file::parse(text, "jane-doe", &settings).contact;
        let assessment = assess(&contact, &settings, "2026-12-03".parse().unwrap());
        let row = ContactRow::new(&contact, &assessment, &settings, "contacts/jane-doe.md".into());
        let told = Exported::new(&contact, row, file::prose(text), Some(text.to_owned()));
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(json.matches("\"log\":").count(), 1, "a key of the user's own is in the text alone");
        let told: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(told["dog"], "Rex");
        assert_eq!(told["prose"], "Knows [[bob|Bob]].");
        assert_eq!(told["text"], text);
        assert_eq!(
            told["log"],
            serde_json::json!([
                {"date": "2026-11-10", "time": null, "channel": "email", "direction": "out", "words": [], "who": null,
                 "reached": false, "text": "sent the [specs](../files/spec.pdf)"},
                {"date": "2026-11-18", "time": null, "channel": "email", "direction": "in", "words": ["no-reply"],
                 "who": null, "reached": true, "text": "thanks"},
                {"date": "2026-11-20", "time": "09:30", "channel": "phone", "direction": "out",
                 "words": ["voicemail"], "who": "pat", "reached": false, "text": "said I would call"},
            ])
        );
        assert_eq!(
            told["promises"],
            serde_json::json!([
                {"kept": false, "who": "them", "text": "read page 3", "by": "2026-12-01", "made": "2026-11-10"},
                {"kept": true, "who": "sam", "text": "send the list", "by": null, "made": "2026-11-10"},
            ])
        );
        assert_eq!(
            told["links_to"],
            serde_json::json!([
                {"contact": "bob", "file": null, "text": "Bob", "sent": null},
                {"contact": null, "file": "files/spec.pdf", "text": "specs", "sent": "2026-11-10"},
            ])
        );
    }
}
