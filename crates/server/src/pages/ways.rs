//! Ways to somebody as links that act: a tap dials, writes a mail or opens a chat.

use maud::{Markup, html};
use tickler_core::contact::{Channel, Contact};

use super::encoded;

/// The address that a browser opens for a channel; none where there is nothing to open, or nothing is known.
pub fn address(channel: &Channel, contact: &Contact) -> Option<String> {
    let phone = || contact.head.phone.iter().find_map(|phone| dialled(phone));
    match channel {
        Channel::Phone => phone().map(|number| format!("tel:{number}")),
        Channel::Text => phone().map(|number| format!("sms:{number}")),
        Channel::Email => contact.head.email.first().map(|email| mail(email)),
        Channel::Other(name) if name.eq_ignore_ascii_case("whatsapp") => {
            let abroad = |phone: &String| dialled(phone)?.strip_prefix('+').map(str::to_owned);
            contact.head.phone.iter().find_map(abroad).map(|number| format!("https://wa.me/{number}"))
        }
        _ => None,
    }
}

/// A channel as a chip, which is a link where it can act.
pub fn chip(channel: Option<&Channel>, contact: &Contact) -> Markup {
    let Some(channel) = channel else { return html! { span.chip.dim { "any way" } } };
    match address(channel, contact) {
        Some(href) => html! {
            a.chip href=(href) rel="noreferrer" { (channel) span.hidden { " " (contact.name) } }
        },
        None => html! { span.chip { (channel) } },
    }
}

/// A number as telephones take it: `+44 (0)20 7946-0000` is dialled without what only people read.
pub fn dialled(phone: &str) -> Option<String> {
    // What stands in brackets is not dialled from abroad: `+44 (0)20`.
    let phone = if phone.trim_start().starts_with('+') { phone.replace("(0)", "") } else { phone.to_owned() };
    let mut number = String::new();
    for letter in phone.trim().chars() {
        match letter {
            '0'..='9' => number.push(letter),
            '+' if number.is_empty() => number.push('+'),
            // An extension, or a remark.
            letter if letter.is_alphabetic() => break,
            _ => {}
        }
    }
    (number.trim_start_matches('+').len() >= 3).then_some(number)
}

/// A mail to that address.
pub fn mail(email: &str) -> String {
    format!("mailto:{}", encoded(email.trim()).replace("%40", "@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_without_what_only_people_read() {
        for (written, number) in [
            ("+1 214 555 0142", Some("+12145550142")),
            ("+44 (0)20 7946-0000", Some("+442079460000")),
            ("(020) 7946 0000 ext 12", Some("02079460000")),
            ("0171/123", Some("0171123")),
            ("ask Bob", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(dialled(written).as_deref(), number, "{written}");
        }
    }

    #[test]
    fn a_channel_acts_where_something_is_known() {
        let mut contact = Contact::default();
        contact.head.phone = vec!["+1 214 555 0142".to_owned()];
        contact.head.email = vec!["o'neil \"x\"@example.com".to_owned()];
        for (channel, href) in [
            ("phone", Some("tel:+12145550142")),
            ("text", Some("sms:+12145550142")),
            ("whatsapp", Some("https://wa.me/12145550142")),
            ("email", Some("mailto:o%27neil%20%22x%22@example.com")),
            ("visit", None),
        ] {
            assert_eq!(address(&Channel::from_name(channel), &contact).as_deref(), href, "{channel}");
        }
        contact.head.phone = vec!["0214 5550142".to_owned()];
        assert_eq!(address(&Channel::from_name("whatsapp"), &contact), None, "a number of no country");
    }
}
