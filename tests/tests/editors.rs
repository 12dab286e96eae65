//! Editors that save while syncs bring changes to the same files, in the ways that editors save: nothing is lost.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tickler_tests::{Dice, Ran, Team};

/// How many saves there are.
const SAVES: usize = 500;
/// How many files are open in editors, each with lines of its own below.
const FILES: usize = 9;

/// How an editor saves.
#[derive(Debug, Clone, Copy)]
enum Saving {
    /// The new text beside it, then renamed over it.
    Renamed,
    /// As vim does with a backup: the old file gets another name, and a new one its own.
    Moved,
    /// Cut to nothing, then written in pieces.
    Truncated,
    /// At the end, in one write, as a shell does.
    Appended,
}

impl Saving {
    const ALL: [Saving; 4] = [Saving::Renamed, Saving::Moved, Saving::Truncated, Saving::Appended];

    /// Adds a line to what is in the file at this moment, as an editor that reads a file again when it changed on
    /// disk. None where the file is not there just now.
    fn save(self, path: &Path, line: &str) -> Option<()> {
        if matches!(self, Saving::Appended) {
            return File::options().append(true).open(path).ok()?.write_all(line.as_bytes()).ok();
        }
        let text = fs::read_to_string(path).ok()? + line;
        match self {
            Saving::Renamed => {
                let beside = path.with_extension("md.tmp");
                fs::write(&beside, &text).ok()?;
                fs::rename(beside, path).ok()
            }
            Saving::Moved => {
                let backup = path.with_extension("md~");
                fs::rename(path, &backup).ok()?;
                fs::write(path, &text).ok()?;
                fs::remove_file(backup).ok()
            }
            Saving::Truncated => {
                let mut file = File::create(path).ok()?;
                for piece in text.as_bytes().chunks(64) {
                    file.write_all(piece).ok()?;
                }
                Some(())
            }
            Saving::Appended => None,
        }
    }
}

fn name(number: usize) -> String {
    format!("contacts/person-{number}.md")
}

/// What one save adds.
fn line(number: usize) -> String {
    format!("Saved as save{number}x.\n")
}

fn text_of(number: usize) -> String {
    let more: String = (0..20).map(|line| format!("Line {line} of a text of some length.\n")).collect();
    format!(
        "+++\nname = \"Person {number}\"\nuid = \"u{number}\"\n+++\n\n## Log\n\n- 2026-11-02 event: the fair\n\n\
         ## Notes\n\n{more}\n"
    )
}

#[track_caller]
fn ends_well(ran: &Ran) {
    // A file that changes again and again is nothing to lose, but something to look at.
    assert!([0, 1].contains(&ran.code), "[{}] {}{}", ran.code, ran.out, ran.err);
}

#[test]
fn editors_that_save_during_a_sync_lose_nothing() {
    let names: Vec<String> = (0..FILES).map(name).collect();
    let texts: Vec<String> = (0..FILES).map(text_of).collect();
    let files: Vec<(&str, &str)> = names.iter().zip(&texts).map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let team = Team::new("editors", &["pat", "sam"], &files);
    let paths: Vec<PathBuf> = names.iter().map(|name| team.book(0).path().join(name)).collect();
    let is_over = AtomicBool::new(false);
    let syncs = AtomicUsize::new(0);
    let came = AtomicUsize::new(0);
    let mut put_off = 0;
    std::thread::scope(|scope| {
        // Sam changes the same files and syncs, then Pat, without end.
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let round = syncs.fetch_add(1, Ordering::Relaxed);
                let sam = team.book(1);
                for name in &names {
                    let entry = format!("## Log\n\n- 2026-11-20 note: round{round}x\n");
                    sam.write(name, sam.read(name).replacen("## Log\n\n", &entry, 1));
                }
                sam.settle();
                ends_well(&sam.run("sync"));
                let ran = team.book(0).run("sync");
                ends_well(&ran);
                came.fetch_add(usize::from(ran.out.contains("came ")), Ordering::Relaxed);
            }
        });
        // One editor at a time, so that whatever is lost is lost by a sync.
        let mut dice = Dice::of(0xED17);
        let mut number = 0;
        let mut tries = 0;
        while number < SAVES {
            tries += 1;
            assert!(tries < 20 * SAVES, "the files are hardly ever there");
            let (Some(path), Some(saving)) = (dice.pick(&paths), dice.pick(&Saving::ALL)) else { continue };
            if saving.save(path, &line(number)).is_some() {
                number += 1;
            } else {
                put_off += 1;
            }
            std::thread::sleep(Duration::from_millis(dice.roll() % 60));
        }
        is_over.store(true, Ordering::Relaxed);
    });
    println!("{syncs:?} syncs, {came:?} of Pat's brought something, {put_off} saves were put off");
    assert!(came.load(Ordering::Relaxed) >= 5, "hardly a sync brought anything: {came:?} of {syncs:?}");
    team.settle();
    team.agree();
    let all: String = names.iter().map(|name| team.book(1).read(name)).collect();
    let lost: Vec<usize> = (0..SAVES).filter(|number| !all.contains(&line(*number))).collect();
    assert_eq!(lost, [0_usize; 0], "these saves are gone");
}
