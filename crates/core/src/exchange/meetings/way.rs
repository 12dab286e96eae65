//! By what people met: in a room, by video or by phone, as far as the event tells.

use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarFeatureType, ICalendarParameterName,
    ICalendarParameterValue, ICalendarProperty,
};

use super::event::text;
use crate::contact::Channel;

/// Where video calls are held; also the hosts below these.
const HOSTS: [&str; 22] = [
    "zoom.us",
    "zoom.com",
    "zoomgov.com",
    "meet.google.com",
    "hangouts.google.com",
    "teams.microsoft.com",
    "teams.live.com",
    "teams.cloud.microsoft",
    "meet.lync.com",
    "join.skype.com",
    "webex.com",
    "whereby.com",
    "meet.jit.si",
    "8x8.vc",
    "gotomeeting.com",
    "gotomeet.me",
    "meet.goto.com",
    "around.co",
    "chime.aws",
    "bluejeans.com",
    "facetime.apple.com",
    "livestorm.co",
];

/// Properties by which Google, Microsoft and Apple say that there is a video call.
const MARKS: [&str; 5] = [
    "X-GOOGLE-CONFERENCE",
    "X-GOOGLE-HANGOUT",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
];

/// `video`, `phone`, or `meeting` where neither is said.
pub(super) fn channel(event: &ICalendarComponent) -> Channel {
    let conferences = || event.entries.iter().filter(|entry| entry.name == ICalendarProperty::Conference);
    let location = text(event, &ICalendarProperty::Location);
    let is_marked = event.entries.iter().any(|entry| match &entry.name {
        ICalendarProperty::Other(name) => {
            MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark)) && value(entry).contains("://")
        }
        _ => false,
    });
    let is_video = is_marked
        || conferences()
            .any(|entry| has(entry, &ICalendarFeatureType::Video) || leads_to_video(value(entry)))
        || names_video(location)
        || [&ICalendarProperty::Url, &ICalendarProperty::Description]
            .iter()
            .any(|name| leads_to_video(text(event, name)));
    if is_video {
        return Channel::Video;
    }
    let is_phone = conferences().any(|entry| {
        has(entry, &ICalendarFeatureType::Phone) || value(entry).to_ascii_lowercase().starts_with("tel:")
    });
    if is_phone || is_number(location) { Channel::Phone } else { Channel::Meeting }
}

fn value(entry: &ICalendarEntry) -> &str {
    entry.values.first().and_then(|value| value.as_text()).unwrap_or_default()
}

fn has(entry: &ICalendarEntry, feature: &ICalendarFeatureType) -> bool {
    entry
        .parameters(&ICalendarParameterName::Feature)
        .any(|value| matches!(value, ICalendarParameterValue::Feature(one) if one == feature))
}

/// Whether a link in the text leads to a video call. Mail programs wrap links into links of their own.
fn leads_to_video(text: &str) -> bool {
    ["://", "%3A%2F%2F", "%3a%2f%2f"].iter().any(|mark| text.split(mark).skip(1).any(is_host))
}

/// The same, where the scheme may be missing: a place says `zoom.us/j/123`.
fn names_video(place: &str) -> bool {
    leads_to_video(place) || place.split(|c: char| c.is_whitespace() || ",;<>()".contains(c)).any(is_host)
}

/// Whether the text begins with a host of video calls.
fn is_host(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').unwrap_or(text.len());
    let host = text[..end].trim_end_matches('.').to_ascii_lowercase();
    let is =
        |known: &str| host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    HOSTS.iter().any(|known| is(known)) || host.starts_with("jitsi.") || host.starts_with("bbb.")
}

/// Whether a place is a phone number.
fn is_number(place: &str) -> bool {
    let place = place.trim();
    let is_tel = place.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    is_tel
        || (place.starts_with('+')
            && place.chars().filter(char::is_ascii_digit).count() >= 7
            && place.chars().all(|c| c.is_ascii_digit() || "+ ()-./".contains(c)))
}

#[cfg(test)]
mod tests {
    use calcard::{Entry, Parser};

    use super::*;

    #[test]
    fn how_people_met() {
        for (line, expected) in [
            ("LOCATION:Room 5", Channel::Meeting),
            ("LOCATION:https://acme.zoom.us/j/123?pwd=1", Channel::Video),
            ("LOCATION:zoom.us/j/123", Channel::Video),
            ("LOCATION:Room 5\\; https://Meet.Google.com/abc", Channel::Video),
            ("LOCATION:notzoom.us/x", Channel::Meeting),
            ("LOCATION:+1 (555) 010-0000", Channel::Phone),
            ("LOCATION:tel:+15550100", Channel::Phone),
            ("LOCATION:+1 floor", Channel::Meeting),
            ("DESCRIPTION:about zoom.us prices", Channel::Meeting),
            ("DESCRIPTION:Join: https://teams.microsoft.com/l/meetup-join/19", Channel::Video),
            ("DESCRIPTION:https://x.example/?url=https%3A%2F%2Fteams.microsoft.com%2Fl", Channel::Video),
            ("DESCRIPTION:see https://acme.example/webex.com", Channel::Meeting),
            ("URL:https://meet.jit.si/acme", Channel::Video),
            ("X-GOOGLE-CONFERENCE:https://meet.google.com/abc", Channel::Video),
            ("X-MICROSOFT-SKYPETEAMSMEETINGURL:https://x.example/1", Channel::Video),
            ("X-MICROSOFT-SKYPETEAMSMEETINGURL:", Channel::Meeting),
            ("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO:https://x.example/1", Channel::Video),
            ("CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+15550100", Channel::Phone),
            ("CONFERENCE;VALUE=URI:https://chime.aws/1", Channel::Video),
            ("CONFERENCE;VALUE=URI:tel:+15550100,,,1#", Channel::Phone),
            ("SUMMARY:call", Channel::Meeting),
        ] {
            let text = format!("BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\n");
            let Entry::ICalendar(read) = Parser::new(&text).entry() else { panic!("{line}") };
            assert_eq!(channel(&read.components[0]), expected, "{line}");
        }
    }
}
