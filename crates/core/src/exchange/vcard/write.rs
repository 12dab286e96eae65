//! A contact as a card.

use sha1::{Digest, Sha1};

use super::KEPT;
use super::line::{Line, spaced};
use super::name::{self, Name};
use super::said::{self, Said, says};
use super::three;
use crate::contact::{Contact, ContactKind, Head, Value};
use crate::identity;

/// The version of the cards that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// 3.0 (RFC 2426), which older programs read.
    V3,
    /// 4.0 (RFC 6350).
    #[default]
    V4,
}

/// No line is longer, in octets without its end (RFC 6350, section 3.2).
const WIDTH: usize = 75;

/// The contact as a card, lines ended by CRLF. `note` is what the card says in plain text. The same contact gives the
/// same bytes. What only tickler knows (the log, promises, the stage, what comes next) is not in it.
pub fn write(contact: &Contact, note: &str, version: Version) -> String {
    let mut out = String::with_capacity(512);
    let mut groups = 0;
    fold(&mut out, "BEGIN:VCARD");
    fold(&mut out, if version == Version::V4 { "VERSION:4.0" } else { "VERSION:3.0" });
    let lines = lines(contact, note);
    for line in if version == Version::V3 { three::card(lines) } else { lines } {
        grouped(&mut out, line, &mut groups);
    }
    fold(&mut out, "END:VCARD");
    out
}

/// The lines of a card of vCard 4.0.
fn lines(contact: &Contact, note: &str) -> Vec<Line> {
    let head = &contact.head;
    let name = spaced(&contact.name);
    let mut kept = Kept::of(head);
    let mut lines = vec![Line::raw("UID", uid(contact))];
    if head.kind == ContactKind::Org {
        lines.push(Line::raw("KIND", "org"));
    }
    lines.push(Line::text("FN", &name));
    let other = |text: &String| *text != name;
    lines.extend(kept.each(list(custom(head, "other_names")).filter(other).map(Said::Name)));
    lines.extend(kept.name(&name, head.kind));
    let preferred = |mut found: Vec<Line>, count: usize| {
        if let Some(first) = found.first_mut().filter(|_| count > 1) {
            *first = std::mem::take(first).with("PREF", &["1"]);
        }
        found
    };
    lines.extend(kept.listed(items(custom(head, "nickname")).map(Said::Nickname).collect()));
    lines.extend(companies(head).into_iter().flat_map(|one| kept.lines(&one)));
    lines.extend(texts(&head.role, head, "other_roles").map(Said::Role).flat_map(|one| kept.lines(&one)));
    lines.extend(preferred(kept.each(each(&head.email).map(Said::Email)), head.email.len()));
    lines.extend(preferred(kept.each(each(&head.phone).map(Said::Phone)), head.phone.len()));
    // What stands on several lines of an envelope.
    let on_one = |text: &String| text.trim().lines().map(str::trim).collect::<Vec<_>>().join(", ");
    let address = head.address.as_ref().map(on_one);
    let addresses: Vec<Said> = texts(&address, head, "other_addresses").map(Said::Address).collect();
    let found: Vec<Line> = addresses.iter().flat_map(|one| kept.lines(one)).collect();
    lines.extend(preferred(found, addresses.len()));
    lines.extend(each(&head.links).map(Said::Link).flat_map(|one| kept.lines(&one)));
    lines.extend(head.dates.iter().flat_map(|(key, day)| kept.lines(&Said::Day(key.clone(), *day))));
    lines.extend(head.timezone.iter().flat_map(|zone| kept.lines(&Said::Timezone(spaced(zone)))));
    lines.extend(list(custom(head, "related")).map(Said::Related).flat_map(|one| kept.lines(&one)));
    lines.extend(kept.listed(each(&head.tags).map(Said::Tag).collect()));
    if !note.trim().is_empty() {
        lines.push(Line::text("NOTE", note));
    }
    lines.extend(kept.rest());
    lines
}

/// The lines that a contact keeps of other programs' cards.
struct Kept {
    lines: Vec<(Line, Vec<Said>)>,
}

impl Kept {
    fn of(head: &Head) -> Kept {
        let texts = match custom(head, KEPT) {
            Some(Value::List(items)) => items.iter().map(Value::to_string).collect(),
            Some(value) => vec![value.to_string()],
            None => Vec::new(),
        };
        let lines = texts.iter().filter_map(|text| Line::parse(text));
        Kept { lines: lines.map(|line| (line.clone(), says(&line))).collect() }
    }

    /// The kept lines that say these, else plain ones.
    fn each(&mut self, all: impl Iterator<Item = Said>) -> Vec<Line> {
        let all: Vec<Said> = all.collect();
        all.iter().flat_map(|said| self.lines_but(said, &all)).collect()
    }

    /// The kept lines that say this, else the plain one.
    fn lines(&mut self, said: &Said) -> Vec<Line> {
        self.lines_but(said, &[])
    }

    /// The same, without those that say one of the others to the letter.
    fn lines_but(&mut self, said: &Said, all: &[Said]) -> Vec<Line> {
        let is_others = |kept: &Said| kept != said && all.contains(kept);
        let fits = |line: &(Line, Vec<Said>)| matches!(line.1.as_slice(), [kept] if same(kept, said) && !is_others(kept));
        let mut found: Vec<(Line, Vec<Said>)> = self.lines.extract_if(.., |line| fits(line)).collect();
        // Of one number in two ways of writing, the one that the contact has is meant.
        let first =
            found.iter().find(|(_, kept)| kept.as_slice() == std::slice::from_ref(said)).or(found.first());
        if let Some(one) = first.map(|(_, kept)| kept.clone()) {
            found.retain(|(_, kept)| *kept == one);
        }
        let found: Vec<Line> = found.into_iter().map(|(line, _)| line).collect();
        if found.is_empty() { said::line(std::slice::from_ref(said)).into_iter().collect() } else { found }
    }

    /// The kept lines that list some of these and no others, and one of all the others.
    fn listed(&mut self, mut all: Vec<Said>) -> Vec<Line> {
        let fits = |(_, says): &mut (Line, Vec<Said>)| {
            !says.is_empty() && says.iter().all(|said| all.contains(said))
        };
        let found: Vec<(Line, Vec<Said>)> = self.lines.extract_if(.., fits).collect();
        all.retain(|said| !found.iter().any(|(_, says)| says.contains(said)));
        found.into_iter().map(|(line, _)| line).chain(said::line(&all)).collect()
    }

    /// The parts of the name: what is kept where it still holds, else what the name itself gives.
    fn name(&mut self, shown: &str, kind: ContactKind) -> Vec<Line> {
        let found = self.lines.extract_if(.., |(line, _)| line.name == "N");
        let found: Vec<Line> = found.filter_map(|(line, _)| name::still(line, shown)).collect();
        match kind {
            _ if !found.is_empty() => found,
            ContactKind::Org => Vec::new(),
            ContactKind::Person => vec![Name::split(shown).line()],
        }
    }

    /// What no key stands for, in the order of the alphabet. What a key stands for that has another value now is gone.
    fn rest(self) -> Vec<Line> {
        let is_ours = |line: &Line| matches!(line.name.as_str(), "BEGIN" | "END" | "VERSION" | "UID");
        let others = self.lines.into_iter().filter(|(line, says)| says.is_empty() && !is_ours(line));
        let mut lines: Vec<Line> = others.map(|(line, _)| line).collect();
        lines.sort_by_cached_key(Line::to_string);
        lines
    }
}

/// Whether a kept line's value is still this one; numbers and addresses may be written another way.
fn same(kept: &Said, now: &Said) -> bool {
    match (kept, now) {
        (Said::Email(a), Said::Email(b)) => {
            a == b || identity::email(a).is_some_and(|a| Some(a) == identity::email(b))
        }
        (Said::Phone(a), Said::Phone(b)) => {
            let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            a == b || (!bare(a).is_empty() && bare(a) == bare(b))
        }
        // Of further companies only the name has a key.
        (Said::Company(a, _), Said::Company(b, unit)) if unit == ANY => a == b,
        (a, b) => a == b,
    }
}

/// Stands for any part of a company.
const ANY: &str = "\0";

/// The company, with its part; then the others.
fn companies(head: &Head) -> Vec<Said> {
    let department = custom(head, "department").map(|value| spaced(&value.to_string())).unwrap_or_default();
    let company = head.company.as_deref().map(spaced).unwrap_or_default();
    let first = (!company.is_empty() || !department.is_empty()).then_some(Said::Company(company, department));
    first
        .into_iter()
        .chain(list(custom(head, "other_companies")).map(|name| Said::Company(name, ANY.to_owned())))
        .collect()
}

fn texts<'c>(
    one: &'c Option<String>,
    head: &'c Head,
    others: &str,
) -> impl Iterator<Item = String> + use<'c> {
    let one = one.iter().map(|text| spaced(text)).filter(|text| !text.is_empty());
    one.chain(list(custom(head, others)))
}

fn each(items: &[String]) -> impl Iterator<Item = String> {
    items.iter().map(|text| spaced(text)).filter(|text| !text.is_empty())
}

fn custom<'c>(head: &'c Head, key: &str) -> Option<&'c Value> {
    head.custom.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

fn list(value: Option<&Value>) -> impl Iterator<Item = String> + use<> {
    let items: Vec<String> = match value {
        Some(Value::List(items)) => items.iter().map(Value::to_string).collect(),
        Some(value) => vec![value.to_string()],
        None => Vec::new(),
    };
    items.into_iter().map(|text| spaced(&text)).filter(|text| !text.is_empty())
}

/// Names between commas.
fn items(value: Option<&Value>) -> impl Iterator<Item = String> + use<> {
    list(value).flat_map(|text| text.split(", ").map(str::to_owned).collect::<Vec<_>>())
}

/// The contact's identity, as a URN where it can be one; else one that is made of the id.
fn uid(contact: &Contact) -> String {
    let own = contact.head.uid.as_deref().map(str::trim).filter(|uid| !uid.is_empty());
    let uid = own.map_or_else(|| uid_of(contact.id.as_str()), str::to_owned);
    if is_uuid(&uid) { format!("urn:uuid:{uid}") } else { super::line::escape(&uid) }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// The identity that a contact without one has in cards: the same for the same id, of the form of version 5 (RFC 9562).
pub fn uid_of(id: &str) -> String {
    let mut hash: Vec<u8> = Sha1::digest(format!("tickler id {id}")).to_vec();
    hash[6] = hash[6] & 0x0f | 0x50;
    hash[8] = hash[8] & 0x3f | 0x80;
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Writes a line, and labels of it as lines of the same group, as Apple and Google have them.
fn grouped(out: &mut String, mut line: Line, groups: &mut usize) {
    let labels: Vec<(&str, String)> = [("X-ABLabel", "X-ABLABEL"), ("X-ABADR", "X-ABADR")]
        .into_iter()
        .filter_map(|(name, param)| Some((name, line.take(param).into_iter().next()?)))
        .filter(|(_, text)| !text.trim().is_empty())
        .collect();
    if !labels.is_empty() && line.group.is_none() {
        *groups += 1;
        line.group = Some(format!("item{groups}"));
    }
    let group = line.group.clone();
    fold(out, &line.to_string());
    for (name, text) in labels {
        fold(out, &Line { group: group.clone(), ..Line::text(name, &text) }.to_string());
    }
}

/// Writes a line, folded between characters.
fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars().filter(|c| !c.is_control() || *c == '\t') {
        if width + c.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}
