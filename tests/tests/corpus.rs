//! What the fuzzers found worth keeping, replayed: no panic, and what must hold for any input holds.

#[path = "../fuzz/checks.rs"]
mod checks;
#[path = "../fuzz/exchange.rs"]
mod exchange;

use std::fs;
use std::path::Path;

use tickler_tests::Dice;

fn replay(folder: &str, check: fn(&[u8])) {
    replay_those(folder, &[], check);
}

/// Of a folder, the files whose names end so.
fn replay_those(folder: &str, endings: &[&str], check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the corpus is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !endings.is_empty() && !endings.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        // Shown where the test fails, so that one knows which file did it.
        println!("{}", entry.path().display());
        check(&fs::read(entry.path()).expect("a file of the corpus can be read"));
        count += 1;
    }
    assert!(count >= 10, "{count} files are no corpus");
}

#[test]
fn contact_files() {
    replay("read", checks::read);
}

#[test]
fn edits() {
    replay("read", checks::edit);
}

#[test]
fn queries() {
    replay("query", checks::query);
}

#[test]
fn sheets() {
    replay_those("exchange", &[".csv", ".txt"], exchange::csv);
}

#[test]
fn cards() {
    replay_those("exchange", &[".vcf"], exchange::vcard);
}

#[test]
fn letters() {
    replay("mail", exchange::mail);
}

#[test]
fn calendars() {
    replay("ics", exchange::ics);
}

/// Files of the corpus with bytes changed, cut out, doubled and mixed: what the fuzzers do, for a moment in each run.
/// `FUZZ_ROUNDS` has it go on for longer.
fn damaged(folder: &str, endings: &[&str], check: fn(&[u8])) {
    let rounds: u64 = std::env::var("FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(400);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the corpus is there").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)));
    files.sort();
    let texts: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).expect("it can be read")).collect();
    for round in 0..rounds {
        let mut dice = Dice::of(round);
        let mut bytes = dice.pick(&texts).cloned().unwrap_or_default();
        for _ in 0..=dice.below(6) {
            damage(&mut bytes, &texts, &mut dice);
        }
        // Shown where the test fails.
        println!("round {round}");
        check(&bytes);
    }
}

/// Does one thing to the bytes.
fn damage(bytes: &mut Vec<u8>, texts: &[Vec<u8>], dice: &mut Dice) {
    const WORDS: [&str; 16] = [
        "\"",
        "\r\n",
        "\n",
        ",",
        ";",
        ":",
        "\\",
        "=\r\n",
        "\0",
        "\u{1b}",
        "\u{202e}",
        "+++\n",
        "- [ ] x\n",
        "BEGIN:VCARD\r\n",
        "END:VCARD\r\n",
        "é",
    ];
    let at = dice.below(bytes.len() + 1);
    let end = (at + dice.below(40)).min(bytes.len());
    match dice.below(5) {
        0 => {
            bytes.drain(at..end);
        }
        1 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        2 => {
            let word = dice.pick(&WORDS).copied().unwrap_or_default();
            bytes.splice(at..at, word.bytes());
        }
        3 if at < bytes.len() => bytes[at] = dice.roll().to_le_bytes()[0],
        _ => {
            let other = dice.pick(texts).cloned().unwrap_or_default();
            let from = dice.below(other.len() + 1);
            bytes.splice(at..end, other[from..].iter().copied().take(60));
        }
    }
}

#[test]
fn damaged_sheets() {
    damaged("exchange", &[".csv", ".txt"], exchange::csv);
}

#[test]
fn damaged_cards() {
    damaged("exchange", &[".vcf"], exchange::vcard);
}

#[test]
fn damaged_letters() {
    damaged("mail", &[".eml", ".mbox"], exchange::mail);
}

#[test]
fn damaged_calendars() {
    damaged("ics", &[".ics"], exchange::ics);
}
