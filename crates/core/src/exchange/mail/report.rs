//! Messages that say what became of another one (RFC 3464), and what programs wrote before there was a rule.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::{Kind, Letter, address};

/// What the report says: a bounce only where a delivery failed for good.
pub(super) fn read(message: &Message<'_>, failed_header: &str) -> Kind {
    let statuses: Vec<String> = message
        .parts
        .iter()
        .filter(|part| is_of(part, "message", &["delivery-status", "global-delivery-status"]))
        .map(|part| String::from_utf8_lossy(part.contents()).into_owned())
        .collect();
    let text = message.text_bodies().filter_map(MessagePart::text_contents).collect::<Vec<_>>().join("\n");
    let fields = if statuses.is_empty() { text.clone() } else { statuses.join("\n\n") };
    let recipients = recipients(&fields);
    let mut failed: Vec<String> =
        recipients.iter().filter(|one| one.has_failed).flat_map(|one| one.addresses.clone()).collect();
    failed.extend(failed_header.split(',').filter_map(settled));
    failed.dedup();
    if failed.is_empty() {
        return if recipients.is_empty() { Kind::Bulk } else { Kind::Receipt };
    }
    Kind::Bounce { failed, original: original(message, &text).map(Box::new) }
}

/// One recipient of which a report tells.
struct Recipient {
    /// As it was written to, and as it was passed on.
    addresses: Vec<String>,
    has_failed: bool,
}

/// The recipients of a report's fields: one a block of lines.
fn recipients(fields: &str) -> Vec<Recipient> {
    let fields = fields.replace("\r\n", "\n");
    let mut all = Vec::new();
    for block in fields.split("\n\n") {
        let mut addresses = Vec::new();
        let mut action = None;
        for (name, value) in block.lines().filter_map(|line| line.split_once(':')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "final-recipient" | "original-recipient" => {
                    let value = value.split_once(';').map_or(value, |(_, address)| address);
                    addresses.extend(settled(value).filter(|address| !addresses.contains(address)));
                }
                "action" => action = Some(value.trim().to_ascii_lowercase()),
                _ => {}
            }
        }
        if !addresses.is_empty() {
            let has_failed = action.is_none_or(|action| action.starts_with("failed"));
            all.push(Recipient { addresses, has_failed });
        }
    }
    all
}

fn settled(written: &str) -> Option<String> {
    address::settled("", written.split('(').next().unwrap_or_default()).map(|(_, address)| address)
}

/// The message that the report is of, from the copy in it.
fn original(message: &Message<'_>, text: &str) -> Option<Letter> {
    let copy = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => Some(inner.raw_message().to_vec()),
        _ if is_of(part, "text", &["rfc822-headers"]) || is_of(part, "message", &["rfc822-headers"]) => {
            Some(part.contents().to_vec())
        }
        _ => None,
    });
    super::held(&copy.or_else(|| quoted(text))?).filter(|letter| letter.at.is_some() || !letter.to.is_empty())
}

/// Headers that stand in the text of a report: the block of lines with a `Message-ID`.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let text = text.replace("\r\n", "\n");
    let block = text.split("\n\n").find(|block| {
        block.lines().any(|line| line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("message-id:")))
    })?;
    let block = block.trim_start_matches(['\n', '-']);
    Some(format!("{block}\n\n").into_bytes())
}

fn is_of(part: &MessagePart<'_>, kind: &str, subtypes: &[&str]) -> bool {
    part.content_type().is_some_and(|there| {
        there.ctype().eq_ignore_ascii_case(kind)
            && there.subtype().is_some_and(|sub| subtypes.iter().any(|one| one.eq_ignore_ascii_case(sub)))
    })
}
