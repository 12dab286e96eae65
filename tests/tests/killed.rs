//! Deeds that are killed at any moment: every file stays whole, and the next run finishes or forgets what was begun.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tickler_core::file;
use tickler_core::settings::Settings;
use tickler_tests::Book;

/// How many deeds are killed.
const KILLS: u32 = 300;
/// The next run and the whole notebook are looked at after so many.
const BETWEEN: u32 = 4;
/// How many contacts a deed on several changes at once.
const MANY: usize = 6;

const SETTINGS: &str = "[rhythm]\n";

/// One deed, and how to see in a notebook whether it was done.
#[derive(Debug, Clone)]
enum Attempt {
    Log(u32),
    Promise(u32),
    New(u32),
    Set(u32),
}

impl Attempt {
    /// The verbs in turn.
    fn of(number: u32) -> Attempt {
        match number % 4 {
            0 => Attempt::Log(number),
            1 => Attempt::Set(number),
            2 => Attempt::New(number),
            _ => Attempt::Promise(number),
        }
    }

    fn line(&self) -> String {
        match self {
            Attempt::Log(n) => format!("log logged phone -m 'call {n}.'"),
            Attempt::Promise(n) => format!("promise promised 'deliver {n}.'"),
            Attempt::New(n) => format!("new 'Newcomer {n}' --source fair"),
            Attempt::Set(n) => format!("set --query tag:many round={n}"),
        }
    }

    /// The text of a file that was there before, once the deed is done.
    fn applied(&self, name: &str, text: &str) -> String {
        match self {
            Attempt::Log(n) if name == "logged.md" => {
                text.replacen("## Log\n\n", &format!("## Log\n\n- 2026-12-03 phone: call {n}.\n"), 1)
            }
            Attempt::Set(n) if name.starts_with("many-") => {
                let line = text.lines().find(|line| line.starts_with("round = ")).unwrap_or("torn");
                text.replacen(line, &format!("round = {n}"), 1)
            }
            // Below the last one of its entry.
            Attempt::Promise(n) if name == "promised.md" => format!("{text}  - [ ] me: deliver {n}.\n"),
            _ => text.to_owned(),
        }
    }

    /// How often it was done, from the texts of all contacts.
    fn times(&self, contacts: &BTreeMap<String, String>) -> usize {
        let in_file = |name: &str, words: String| contacts[name].matches(&words).count();
        match self {
            Attempt::Log(n) => in_file("logged.md", format!("\n- 2026-12-03 phone: call {n}.\n")),
            Attempt::Promise(n) => in_file("promised.md", format!("] me: deliver {n}.\n")),
            Attempt::New(n) => contacts.keys().filter(|name| **name == format!("newcomer-{n}.md")).count(),
            Attempt::Set(n) => usize::from(round(contacts, 0) == *n),
        }
    }
}

/// The round that one of the many is in.
fn round(contacts: &BTreeMap<String, String>, which: usize) -> u32 {
    let text = &contacts[&format!("many-{which}.md")];
    let line = text.lines().find_map(|line| line.strip_prefix("round = "));
    line.unwrap_or_else(|| panic!("torn: {text:?}")).parse().unwrap()
}

/// The same numbers on every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        end.mul_f64((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }
}

fn contacts(book: &Book) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(book.path().join("contacts")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.ends_with(".md"));
    names.map(|name| (name.clone(), book.read(&format!("contacts/{name}")))).collect()
}

/// Every file is as it was, or as the deeds would have it that were begun since: each of them done or not.
#[track_caller]
fn are_whole(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, begun: &[Attempt]) {
    assert!(before.keys().all(|name| after.contains_key(name)), "{begun:?}: a file is gone");
    for (name, text) in after {
        let reading = file::parse(text, name, &Settings::default());
        assert_eq!(reading.problems, [], "{begun:?}: {name} is torn:\n{text}");
        let Some(old) = before.get(name) else {
            let is_new =
                |attempt: &Attempt| matches!(attempt, Attempt::New(n) if *name == format!("newcomer-{n}.md"));
            assert!(begun.iter().any(is_new), "{begun:?} made {name}");
            assert!(text.ends_with("added = 2026-12-03\n+++\n\n## Log\n"), "{name} is torn:\n{text}");
            continue;
        };
        let mut possible = vec![old.clone()];
        for attempt in begun {
            let done: Vec<String> = possible.iter().map(|text| attempt.applied(name, text)).collect();
            possible.extend(done);
        }
        assert!(possible.contains(text), "{begun:?}: {name} is\n{text}\nbefore:\n{old}");
    }
}

fn book() -> Book {
    let head = "+++\nadded = 2026-11-01\n+++\n\n## Log\n\n";
    let mut files = vec![
        ("tickler.toml".to_owned(), SETTINGS.to_owned()),
        ("contacts/logged.md".to_owned(), format!("{head}- 2026-11-02 event: the fair\n")),
        ("contacts/promised.md".to_owned(), format!("{head}- 2026-12-03 note: promised\n")),
    ];
    for which in 0..MANY {
        let text = "+++\ntags = [\"many\"]\nround = 0\n+++\n\nText that must not be lost.\n".to_owned();
        files.push((format!("contacts/many-{which}.md"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Book::git("killed", &files)
}

/// How long each kind of deed takes, undisturbed: the longest of three.
fn lengths(book: &Book) -> [Duration; 4] {
    let mut longest = [Duration::ZERO; 4];
    for number in 1_000..1_012 {
        let began = Instant::now();
        let ran = book.run(&Attempt::of(number).line());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let length = &mut longest[number as usize % 4];
        *length = began.elapsed().max(*length);
    }
    longest
}

#[test]
fn killed_at_any_moment_nothing_is_torn_lost_or_done_twice() {
    let book = book();
    let lengths = lengths(&book);
    let mut dice = Dice(0x5EED_0F71_C41E);
    let mut attempts: Vec<(Attempt, bool)> = Vec::new();
    let mut killed = 0;
    let (mut done_though_killed, mut finished) = (0, 0);
    let mut before = contacts(&book);
    for number in 1..=KILLS {
        let attempt = Attempt::of(number);
        let mut command = book.tickler(&attempt.line()).command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(dice.below(lengths[number as usize % 4]));
        // It may have ended by itself.
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        killed += u32::from(output.status.code().is_none());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), None | Some(0)), "{attempt:?} after a kill: {said}");
        let after = contacts(&book);
        finished += u32::from(said.contains("it is finished now"));
        // A run first finishes what one that was killed had begun; one that ended well left nothing to finish.
        let unfinished = attempts.iter().rev().take_while(|(_, acknowledged)| !acknowledged);
        let mut begun: Vec<Attempt> = unfinished.map(|(attempt, _)| attempt.clone()).collect();
        begun.reverse();
        begun.push(attempt.clone());
        are_whole(&before, &after, &begun);
        attempts.push((attempt, output.status.success()));
        before = after;
        if number % BETWEEN == 0 {
            finished += next_run_is_clean(&book, number);
            let now = contacts(&book);
            done_though_killed += account(&attempts, &now);
            attempts.clear();
            before = now;
        }
    }
    println!(
        "{killed} of {KILLS} were killed, {finished} finished by a later run, {done_though_killed} done though killed"
    );
    assert!(killed >= KILLS / 3, "only {killed} of {KILLS} kills hit");
    assert!(finished > 0 && done_though_killed > 0, "no kill fell into the midst of a deed");
}

/// The next run succeeds, and nothing is left behind; gives 1 where it had to finish something.
#[track_caller]
fn next_run_is_clean(book: &Book, number: u32) -> u32 {
    let ran = book.run(&format!("log logged note -m 'after {number}.'"));
    assert_eq!(ran.code, 0, "after {number}: {}", ran.err);
    let text = book.read("contacts/logged.md");
    assert_eq!(text.matches(&format!(" note: after {number}.\n")).count(), 1, "{text}");
    book.stands("");
    u32::from(ran.err.contains("it is finished now"))
}

/// Nothing that was acknowledged is lost, nothing is there twice, and what is done of several is done of all. Gives
/// how many were done though they were killed.
#[track_caller]
fn account(attempts: &[(Attempt, bool)], now: &BTreeMap<String, String>) -> usize {
    let rounds: Vec<u32> = (0..MANY).map(|which| round(now, which)).collect();
    assert!(rounds.windows(2).all(|pair| pair[0] == pair[1]), "half done: {rounds:?}");
    for (name, text) in now {
        assert_eq!(file::parse(text, name, &Settings::default()).problems, [], "{name}:\n{text}");
    }
    let mut done_though_killed = 0;
    for (attempt, acknowledged) in attempts {
        let times = attempt.times(now);
        assert!(times <= 1, "{attempt:?} was done {times} times");
        assert!(times == 1 || !acknowledged, "{attempt:?} was acknowledged and is lost");
        done_though_killed += usize::from(times == 1 && !acknowledged);
    }
    done_though_killed
}
