//! Where mail lies: Maildir, MH, mbox, single files and standard input, walked through and read message by message.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use tickler_core::exchange::mail::{self, MOST_BYTES, Reading, Splitter};
use tickler_core::git::disk_says;

use crate::failure::Failure;
use crate::intake::STDIN;
use crate::progress::Progress;

/// The headers of nearly every message fit in here, and nearly always they are enough.
const HEAD: usize = 32 << 10;
/// An mbox is read in pieces of this size.
const PIECE: usize = 1 << 20;

/// What was found beside messages.
#[derive(Debug, Default)]
pub struct Walked {
    /// Drafts and deleted messages, by the flags of their files.
    pub set_aside: usize,
    /// Folders of drafts, of what was deleted, and of junk.
    pub folders: Vec<PathBuf>,
}

/// Reads all messages in these places, and gives each with the words that name it. A folder of drafts, junk or deleted
/// mail is only read where it is itself one of the places.
///
/// # Errors
/// Where one of the places cannot be read at all.
pub fn each(places: &[PathBuf], take: &mut dyn FnMut(&str, Reading)) -> Result<Walked, Failure> {
    let progress = Progress::new("reading messages", None);
    let mut take = |place: &str, reading: Reading| {
        progress.add(1);
        take(place, reading);
    };
    let mut walked = Walked::default();
    for place in places {
        let read = if place.as_os_str() == STDIN {
            standard_input(&mut io::stdin().lock(), &mut take)
        } else if place.is_dir() {
            folder(place, &mut walked, &mut take)
        } else {
            File::open(place).and_then(|mut file| messages(&shown(place), &mut file, &mut take))
        };
        read.map_err(|error| {
            Failure::notebook(format!("cannot read \"{}\": {}", place.display(), disk_says(&error)))
                .hint("`-` reads standard input")
        })?;
    }
    Ok(walked)
}

/// A folder with all that is in it.
fn folder(folder: &Path, walked: &mut Walked, take: &mut dyn FnMut(&str, Reading)) -> io::Result<()> {
    let entries = listed(folder)?;
    let has_mail = is_maildir(&entries);
    for (name, (path, is_dir)) in &entries {
        if *is_dir {
            match name.as_str() {
                "cur" | "new" if has_mail => maildir(path, walked, take),
                "tmp" if has_mail => Ok(()),
                _ if is_put_away(name) => {
                    walked.folders.push(path.clone());
                    Ok(())
                }
                _ if name.starts_with('.') && !listed(path).is_ok_and(|inside| is_maildir(&inside)) => Ok(()),
                _ => self::folder(path, walked, take),
            }
            // What cannot be looked into is named, and the rest is read.
            .unwrap_or_else(|_| take(&shown(path), Reading::Unreadable("it cannot be read")));
        } else if !has_mail {
            if is_put_away(name) && begins_an_mbox(path) {
                walked.folders.push(path.clone());
            } else if is_message(name) || begins_an_mbox(path) {
                one(path, take);
            }
        }
    }
    Ok(())
}

/// What lies in a folder, by name: where, and whether it is a folder.
fn listed(folder: &Path) -> io::Result<BTreeMap<String, (PathBuf, bool)>> {
    let entries = std::fs::read_dir(folder)?.flatten();
    // A link to a folder could lead in a circle; one to a file cannot.
    let kind = |entry: &std::fs::DirEntry| {
        let kind = entry.file_type().ok()?;
        (kind.is_dir() || kind.is_file() || entry.path().is_file()).then_some(kind.is_dir())
    };
    let all = entries.filter_map(|entry| {
        Some((entry.file_name().to_string_lossy().into_owned(), (entry.path(), kind(&entry)?)))
    });
    Ok(all.collect())
}

fn is_maildir(entries: &BTreeMap<String, (PathBuf, bool)>) -> bool {
    ["cur", "new"].iter().any(|name| entries.get(*name).is_some_and(|(_, is_dir)| *is_dir))
}

/// The messages of a Maildir's `cur` or `new`.
fn maildir(folder: &Path, walked: &mut Walked, take: &mut dyn FnMut(&str, Reading)) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        // `…:2,DS`; where a file system has no colons, another mark.
        let flags = name.rfind("2,").filter(|at| name[..*at].ends_with([':', ';', '!', '-']));
        if flags.is_some_and(|at| name[at + 2..].contains(['D', 'T'])) {
            walked.set_aside += 1;
            continue;
        }
        one(&entry.path(), take);
    }
    Ok(())
}

/// One file in a folder; where it cannot be read that is said, and the others are read all the same.
fn one(path: &Path, take: &mut dyn FnMut(&str, Reading)) {
    let name = shown(path);
    if File::open(path).and_then(|mut file| messages(&name, &mut file, take)).is_err() {
        take(&name, Reading::Unreadable("it cannot be read"));
    }
}

/// What another program passes on. A search that found nothing is no fault.
fn standard_input(from: &mut dyn BufRead, take: &mut dyn FnMut(&str, Reading)) -> io::Result<()> {
    if from.fill_buf()?.is_empty() {
        return Ok(());
    }
    messages("standard input", &mut *from, take)
}

/// The message, or the mbox, that comes from there.
fn messages(name: &str, from: &mut dyn Read, take: &mut dyn FnMut(&str, Reading)) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(HEAD);
    from.take(HEAD as u64).read_to_end(&mut bytes)?;
    if mail::is_mbox(&bytes) {
        return mbox(name, &bytes, from, take);
    }
    let mut reading = mail::read(&bytes, bytes.len() < HEAD);
    if reading == Reading::More {
        let room = MOST_BYTES - bytes.len();
        from.take(room as u64).read_to_end(&mut bytes)?;
        reading = mail::read(&bytes, true);
    }
    take(name, reading);
    Ok(())
}

/// An mbox, whose beginning was read already.
fn mbox(
    name: &str,
    beginning: &[u8],
    from: &mut dyn Read,
    take: &mut dyn FnMut(&str, Reading),
) -> io::Result<()> {
    let mut number = 0;
    let mut found = |message: &[u8]| {
        number += 1;
        take(&format!("{name}: message {number}"), mail::read(message, true));
    };
    let mut splitter = Splitter::new(MOST_BYTES);
    splitter.feed(beginning, &mut found);
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => splitter.feed(&piece[..read], &mut found),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    splitter.finish(&mut found);
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A message of its own in a file: a number as in MH, or by its ending.
fn is_message(name: &str) -> bool {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    is_number || name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("eml"))
}

fn begins_an_mbox(path: &Path) -> bool {
    let mut beginning = [0; 5];
    File::open(path).and_then(|mut file| file.read_exact(&mut beginning)).is_ok() && mail::is_mbox(&beginning)
}

/// Folders of drafts, of what was deleted and of junk, as programs name them; those of other languages as IMAP writes
/// them too (RFC 3501, section 5.1.3).
const PUT_AWAY: [&str; 30] = [
    "draft",
    "drafts",
    "trash",
    "bin",
    "spam",
    "junk",
    "junk mail",
    "junk e-mail",
    "junk email",
    "bulk mail",
    "deleted",
    "deleted items",
    "deleted messages",
    "outbox",
    "unsent messages",
    "templates",
    "entwürfe",
    "entw&apw-rfe",
    "papierkorb",
    "gelöschte elemente",
    "gel&apy-schte elemente",
    "gel&apy-scht",
    "brouillons",
    "corbeille",
    "ind&aok-sirables",
    "borradores",
    "papelera",
    "correo no deseado",
    "bozze",
    "cestino",
];

/// `Trash`, `.Trash`, `.INBOX.Trash`, `Trash.2026`, `Trash.sbd`.
fn is_put_away(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(['.', '/']).any(|part| PUT_AWAY.contains(&part.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_away_has_many_names() {
        for name in
            ["Trash", ".Trash", ".INBOX.Drafts", "[Gmail].Spam", "Deleted Items", "Junk.sbd", ".Entw&APw-rfe"]
        {
            assert!(is_put_away(name), "{name}");
        }
        for name in ["Sent", "INBOX", ".Trashcan makers", "Archive.2026", "cur"] {
            assert!(!is_put_away(name), "{name}");
        }
    }

    #[test]
    fn messages_by_their_names() {
        for (name, is) in
            [("12", true), ("a.eml", true), ("A.EML", true), (",12", false), ("x.msf", false), ("", false)]
        {
            assert_eq!(is_message(name), is, "{name}");
        }
    }
}
