//! Who was asked to an event, and who asked.

use calcard::icalendar::{ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarProperty};

use super::Attendee;
use crate::exchange::plain::line;

/// Addresses of things that calendars ask to meetings: rooms, devices, other calendars.
const THINGS: [&str; 3] =
    ["@resource.calendar.google.com", "@group.calendar.google.com", "@import.calendar.google.com"];

/// Everybody, each once: those who were asked, then who asked.
pub(super) fn of(event: &ICalendarComponent) -> Vec<Attendee> {
    let named = |name: ICalendarProperty| event.entries.iter().filter(move |entry| entry.name == name);
    let mut all: Vec<Attendee> = Vec::new();
    for entry in named(ICalendarProperty::Attendee).chain(named(ICalendarProperty::Organizer)) {
        let Some(attendee) = attendee(entry) else { continue };
        match all.iter_mut().find(|one| one.address.eq_ignore_ascii_case(&attendee.address)) {
            // Who asks is mostly asked too, and says there whether they come.
            Some(known) if known.name.is_empty() => known.name = attendee.name,
            Some(_) => {}
            None => all.push(attendee),
        }
    }
    all
}

fn attendee(entry: &ICalendarEntry) -> Option<Attendee> {
    let text = |name| entry.parameter(&name).and_then(|value| value.as_text());
    let said = entry.values.first().and_then(|value| value.as_text()).unwrap_or_default();
    let (said_name, said) = parted(said);
    let given = text(ICalendarParameterName::Email).and_then(address);
    let address = given.or_else(|| address(said))?;
    let name = line(text(ICalendarParameterName::Cn).unwrap_or(said_name));
    let answer = text(ICalendarParameterName::Partstat)
        // As calendars of before 1998 say it.
        .or_else(|| text(ICalendarParameterName::Other("STATUS".to_owned())))
        .unwrap_or_default();
    let kind = text(ICalendarParameterName::Cutype).unwrap_or_default();
    let is = |text: &str, names: &[&str]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
    let lower = address.to_lowercase();
    Some(Attendee {
        name: if name.contains('@') { String::new() } else { name },
        declined: is(answer, &["DECLINED", "DELEGATED"]),
        is_person: !is(kind, &["ROOM", "RESOURCE", "GROUP"])
            && !THINGS.iter().any(|end| lower.ends_with(end)),
        address,
    })
}

/// `Jane Doe <jane@acme.example>` as its name and its address.
fn parted(said: &str) -> (&str, &str) {
    match said.split_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?.0))) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", said),
    }
}

/// The address, without the scheme and what may follow it; none where it is none.
fn address(said: &str) -> Option<String> {
    let said = said.trim();
    let rest = said.split_once(':').map_or(Some(said), |(scheme, rest)| {
        scheme.trim().eq_ignore_ascii_case("mailto").then_some(rest.trim())
    })?;
    let rest = rest.split('?').next().unwrap_or(rest);
    let rest = if rest.contains('%') { unescaped(rest) } else { rest.to_owned() };
    let (local, domain) = rest.split_once('@')?;
    let is_word = |text: &str| {
        !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/')
    };
    (is_word(local) && is_word(domain) && !domain.contains('@')).then_some(rest)
}

/// The text with its `%2B` as what they stand for; where that is no text, as it is.
fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        (rest, _) = match code.filter(|_| *first == b'%') {
            Some(code) => (&after[2..], out.push(code)),
            None => (after, out.push(*first)),
        };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_calendars_write_them() {
        for (said, expected) in [
            ("mailto:jane@acme.example", Some("jane@acme.example")),
            ("MAILTO:Jane@Acme.example", Some("Jane@Acme.example")),
            ("mailto: jane@acme.example", Some("jane@acme.example")),
            ("jane@acme.example", Some("jane@acme.example")),
            ("mailto:jane%2Bwork@acme.example?subject=hello", Some("jane+work@acme.example")),
            ("mailto:100%@acme.example", Some("100%@acme.example")),
            ("invalid:nomail", None),
            ("urn:uuid:1234", None),
            ("/principals/users/jane@acme", None),
            ("mailto:", None),
            ("mailto:a b@acme.example", None),
            ("a@b@c", None),
        ] {
            assert_eq!(address(said).as_deref(), expected, "{said}");
        }
        assert_eq!(parted("Jane Doe <jane@acme.example>"), ("Jane Doe", "jane@acme.example"));
    }
}
