//! A contact as bytes, in parts that can be read one without the other: what the index keeps of a file.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::survey::Parts;
use crate::contact::{Contact, ContactId, Entry, Link, Promise};
use crate::problem::Problem;

/// Changes with every change of what is kept; an index of another number is not read.
pub(super) const VERSION: u32 = 5;

/// How many parts stand before the problems, which are what is left.
const PARTS: usize = 5;

/// Appends the bytes of a contact and its problems to `out`: the lengths of the parts, then the parts.
pub(super) fn encode(
    contact: &Contact,
    problems: &[Problem],
    out: &mut Vec<u8>,
) -> Result<(), postcard::Error> {
    let start = out.len();
    out.extend([0; PARTS * 4]);
    let mut part = 0;
    let mut from = out.len();
    let mut end_part = |out: &mut Vec<u8>| {
        let length = (out.len() - from) as u32;
        out[start + part * 4..start + part * 4 + 4].copy_from_slice(&length.to_le_bytes());
        part += 1;
        from = out.len();
    };
    let h = &contact.head;
    // The order is that of `decode`.
    append(
        &(
            (&contact.name, h.name.is_some(), h.kind, &h.uid, &h.aliases, &h.company, &h.role, &h.source),
            (&h.address, &h.email, &h.phone, &h.links, &h.needs, &h.referred_by, &h.hot_button, &h.timezone),
            (&h.conflicts, contact.quoted, &h.custom),
        ),
        out,
    )?;
    end_part(out);
    append(
        &(
            (&h.tags, &h.owner, &h.stage, &h.value, h.added),
            (&h.prefers, &h.next, &h.away, &h.cadence, &h.dates),
        ),
        out,
    )?;
    end_part(out);
    append(&contact.log, out)?;
    end_part(out);
    append(&contact.promises, out)?;
    end_part(out);
    append(&contact.links, out)?;
    end_part(out);
    append(problems, out)
}

fn append<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), postcard::Error> {
    *out = postcard::to_extend(value, std::mem::take(out))?;
    Ok(())
}

/// The parts wanted of a contact; nothing where the bytes are damaged.
pub(super) fn decode(bytes: &[u8], id: &str, parts: Parts) -> Option<Contact> {
    let [card, plan, log, promises, links, _] = split(bytes)?;
    let mut contact = Contact { id: ContactId::new(id), ..Contact::default() };
    let h = &mut contact.head;
    if parts.card {
        let has_name: bool;
        (
            (contact.name, has_name, h.kind, h.uid, h.aliases, h.company, h.role, h.source),
            (h.address, h.email, h.phone, h.links, h.needs, h.referred_by, h.hot_button, h.timezone),
            (h.conflicts, contact.quoted, h.custom),
        ) = read(card)?;
        h.name = has_name.then(|| contact.name.clone());
    }
    if parts.plan {
        ((h.tags, h.owner, h.stage, h.value, h.added), (h.prefers, h.next, h.away, h.cadence, h.dates)) =
            read(plan)?;
    }
    if parts.log {
        contact.log = read::<Vec<Entry>>(log)?;
    }
    if parts.promises {
        contact.promises = read::<Vec<Promise>>(promises)?;
    }
    if parts.links {
        contact.links = read::<Vec<Link>>(links)?;
    }
    Some(contact)
}

/// The problems; nothing where the bytes are damaged.
pub(super) fn decode_problems(bytes: &[u8]) -> Option<Vec<Problem>> {
    read(split(bytes)?[PARTS])
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

fn split(bytes: &[u8]) -> Option<[&[u8]; PARTS + 1]> {
    let (lengths, mut rest) = bytes.split_at_checked(PARTS * 4)?;
    let mut parts: [&[u8]; PARTS + 1] = [&[]; PARTS + 1];
    for (part, length) in parts.iter_mut().zip(lengths.chunks_exact(4)) {
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        (*part, rest) = rest.split_at_checked(length)?;
    }
    parts[PARTS] = rest;
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::settings::Settings;

    #[test]
    fn what_is_kept_is_what_was_read() {
        let mut seen = 0;
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/example/contacts");
        for path in walkdir::WalkDir::new(root).into_iter().flatten().filter(|e| e.file_type().is_file()) {
            let text = std::fs::read_to_string(path.path()).unwrap();
            let mut reading = file::parse(&text, "x", &Settings::default());
            let mut bytes = vec![1, 2, 3];
            encode(&reading.contact, &reading.problems, &mut bytes).unwrap();
            let kept = &bytes[3..];
            assert_eq!(decode(kept, "x", Parts::ALL).unwrap(), reading.contact);
            assert_eq!(decode_problems(kept).unwrap(), reading.problems);
            let only_log = decode(kept, "x", Parts { log: true, ..Parts::default() }).unwrap();
            reading.contact.head = Default::default();
            assert_eq!((only_log.log, only_log.head), (reading.contact.log, reading.contact.head));
            for cut in 0..kept.len() {
                // Whatever the damage: an answer or none, no panic.
                let _ = decode(&kept[..cut], "x", Parts::ALL);
            }
            seen += 1;
        }
        assert!(seen >= 12);
    }
}
