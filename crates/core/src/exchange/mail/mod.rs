//! Messages of electronic mail (RFC 5322) as a follow-up sees them: who wrote to whom, when, about what.

mod address;
mod away;
mod kind;
mod mbox;
pub mod mid;
mod parser;
mod report;
mod subject;
#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use mbox::{Splitter, is_mbox};
pub use subject::{base, escaped, link, shown};

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset};
use encoding_rs::WINDOWS_1252;
use mail_parser::{HeaderName, HeaderValue, Message};
use sha1::{Digest, Sha1};

use super::plain::line;

/// A message that is longer than this is cut: 64 MiB. What matters stands at its beginning.
pub const MOST_BYTES: usize = 64 << 20;

/// Longer than this, in bytes, no `Message-ID` is taken as it is.
const LONGEST_ID: usize = 250;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// `Message-ID` without its brackets; of a message that has none, one that is always the same for it.
    pub id: String,
    /// The ids of the messages that it follows, the first of the thread first.
    pub follows: Vec<String>,
    /// When it was written: `Date`, else when it was first received.
    pub at: Option<DateTime<FixedOffset>>,
    /// Who wrote it.
    pub from: Vec<Correspondent>,
    /// Who sent it for them, and to whom answers go: `Sender` and `Reply-To`.
    pub aside: Vec<Correspondent>,
    /// To whom: `To`, `Cc` and `Bcc`.
    pub to: Vec<Correspondent>,
    /// Who sent it once more, and to whom (RFC 5322, section 3.6.6).
    pub resent: Option<Resent>,
    /// `Subject`, on one line; empty where there is none.
    pub subject: String,
    /// What kind of message it is.
    pub kind: Kind,
}

/// A message that was sent once more, as it was, to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resent {
    /// By whom.
    pub from: Vec<Correspondent>,
    /// To whom.
    pub to: Vec<Correspondent>,
    /// When, where that is known.
    pub at: Option<DateTime<FixedOffset>>,
}

/// Somebody who wrote a message, or to whom it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name; empty where none is given.
    pub name: String,
    /// The address: without route, comments and needless quotes.
    pub address: String,
}

/// What came of reading a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The message.
    Letter(Box<Letter>),
    /// More of it is needed than was given.
    More,
    /// It is no message; why, in lower case without a full stop.
    Unreadable(&'static str),
}

/// Reads one message, of which `bytes` are the beginning, or all there is of it. Mostly its headers are enough.
pub fn read(bytes: &[u8], is_whole: bool) -> Reading {
    let bytes = without_envelope(bytes);
    if bytes.trim_ascii().is_empty() {
        return if is_whole { Reading::Unreadable("it is empty") } else { Reading::More };
    }
    let end = end_of_head(bytes);
    if end.is_none() && !is_whole {
        return Reading::More;
    }
    let head = head(&bytes[..end.unwrap_or(bytes.len())]);
    let Some(message) = headers(&head) else {
        return Reading::Unreadable("it has no header of a message");
    };
    let sort = kind::sort(&message);
    if sort.needs_body() && !is_whole {
        return Reading::More;
    }
    let mut letter = letter(&message);
    letter.kind = match sort.needs_body().then(|| parser::whole(bytes)).flatten() {
        Some(message) => kind::of_body(sort, &message, letter.at),
        None => kind::of_head(sort),
    };
    Reading::Letter(Box::new(letter))
}

/// A message as far as its headers tell, whatever its kind: of one that another one holds.
fn held(bytes: &[u8]) -> Option<Letter> {
    let bytes = without_envelope(bytes);
    let head = head(&bytes[..end_of_head(bytes).unwrap_or(bytes.len())]);
    headers(&head).map(|message| letter(&message))
}

/// The headers as the reader wants them. A head that is all there is may end without the blank line that it looks for;
/// one that is no UTF-8 was written before that, mostly in the encoding of western Windows.
fn head(bytes: &[u8]) -> Vec<u8> {
    let bytes = match std::str::from_utf8(bytes) {
        Ok(_) => Cow::Borrowed(bytes),
        Err(_) => Cow::Owned(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned().into_bytes()),
    };
    [&bytes, &b"\n\n"[..]].concat()
}

fn headers(head: &[u8]) -> Option<Message<'_>> {
    let message = parser::headers(head)?;
    message.parts.first().is_some_and(has_a_header).then_some(message)
}

/// What the headers say.
fn letter(message: &Message<'_>) -> Letter {
    let all = |names: &[HeaderName<'static>]| -> Vec<Correspondent> {
        names.iter().flat_map(|name| correspondents(message, name)).collect()
    };
    let from = all(&[HeaderName::From]);
    let to = all(&[HeaderName::To, HeaderName::Cc, HeaderName::Bcc]);
    let subject = line(message.subject().unwrap_or_default());
    let date = message.date().filter(|date| date.is_valid()).and_then(moment);
    // Old ways of writing a date, such as years of two digits.
    let old_date = || DateTime::parse_from_rfc2822(message.header_raw(HeaderName::Date)?.trim()).ok();
    let received = || message.received_all().filter_map(mail_parser::Received::date).last();
    let received = || received().filter(mail_parser::DateTime::is_valid).and_then(|at| moment(&at));
    let at = date.or_else(old_date).or_else(received);
    let given = ids(message.header(HeaderName::MessageId)).into_iter().next();
    let mut follows = ids(message.header(HeaderName::References));
    for id in ids(message.header(HeaderName::InReplyTo)) {
        if !follows.contains(&id) {
            follows.push(id);
        }
    }
    let resent = all(&[HeaderName::ResentTo, HeaderName::ResentCc, HeaderName::ResentBcc]);
    let resent_at = message.resent_date().as_datetime().filter(|date| date.is_valid());
    let resent = (!resent.is_empty()).then(|| Resent {
        from: all(&[HeaderName::ResentFrom, HeaderName::ResentSender]),
        to: resent,
        at: resent_at.and_then(moment),
    });
    Letter {
        id: given.unwrap_or_else(|| made_up_id(at, &from, &to, &subject)),
        follows,
        at,
        aside: all(&[HeaderName::Sender, HeaderName::ReplyTo]),
        from,
        to,
        resent,
        subject,
        kind: Kind::Personal,
    }
}

fn correspondents(message: &Message<'_>, name: &HeaderName<'static>) -> Vec<Correspondent> {
    let headers = message.headers().iter().filter(|header| header.name == *name);
    let all = headers.filter_map(|header| header.value.as_address()).flat_map(|address| address.iter());
    all.filter_map(|one| {
        let (name, address) =
            address::settled(one.name().unwrap_or_default(), one.address().unwrap_or_default())?;
        Some(Correspondent { name: line(&name), address })
    })
    .collect()
}

/// The ids of a header, without those that cannot be any.
fn ids(value: Option<&HeaderValue<'_>>) -> Vec<String> {
    let each: Vec<&str> = match value {
        Some(HeaderValue::Text(id)) => id.split_whitespace().collect(),
        Some(HeaderValue::TextList(ids)) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    let plain =
        |id: &str| id.chars().filter(|c| !c.is_whitespace() && !"<>".contains(*c)).collect::<String>();
    let can_be = |id: &String| !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control);
    each.into_iter().map(plain).filter(can_be).collect()
}

/// The id of a message that has none: of the same message it is the same each time.
fn made_up_id(
    at: Option<DateTime<FixedOffset>>,
    from: &[Correspondent],
    to: &[Correspondent],
    subject: &str,
) -> String {
    let mut hash = Sha1::new();
    let at = at.map(|at| at.timestamp().to_string()).unwrap_or_default();
    hash.update(at);
    for one in from.iter().chain(to) {
        hash.update(b"\0");
        hash.update(one.address.to_lowercase());
    }
    hash.update(b"\0\0");
    hash.update(subject);
    let digits: String = hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}@no-id.invalid")
}

fn moment(at: &mail_parser::DateTime) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(&at.to_rfc3339()).ok()
}

fn has_a_header(part: &mail_parser::MessagePart<'_>) -> bool {
    let known = |header: &mail_parser::Header<'_>| {
        let is_address = matches!(header.value, HeaderValue::Address(_));
        is_address
            || matches!(header.name, HeaderName::Date | HeaderName::MessageId | HeaderName::Received)
            || header.name == HeaderName::Subject
    };
    part.headers.iter().any(known)
}

/// The message without the line of an mbox, or of a program that delivers, before it, and without a byte order mark.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_envelope = bytes.starts_with(b"From ") || bytes.starts_with(b">From ");
    match memchr::memchr(b'\n', bytes).filter(|_| is_envelope) {
        Some(end) => &bytes[end + 1..],
        None => bytes,
    }
}

/// Where the blank line after the headers ends.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte)).unwrap_or(0);
    memchr::memchr_iter(b'\n', &bytes[start..]).map(|at| start + at + 1).find_map(|next| {
        match &bytes[next..] {
            [b'\n', ..] => Some(next + 1),
            [b'\r', b'\n', ..] => Some(next + 2),
            _ => None,
        }
    })
}
