//! People who share a notebook and do whatever people do, many times over, each time another story that one number
//! tells: in the end all have the same, and nothing that anybody wrote is lost.
//!
//! `TICKLER_SIM_SEEDS=from..to` runs others than the first two hundred; a failure says which one to run again.

mod contacts;
mod edits;
mod script;
mod shrink;
mod tokens;
mod verdict;
mod world;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tickler_tests::Team;

use script::{Action, Script};
use world::{Counts, World};

/// How many seeds a run of the tests has.
const SEEDS: Range<u64> = 0..200;
/// Others that once found something wrong: entries that changed places on one side and words on the other, a contact
/// renamed that had grown far beyond what it was, one id in two folders.
const ONCE_WRONG: [u64; 3] = [225, 248, 482];
/// After so many failures the rest is not run.
const ENOUGH: usize = 10;

#[test]
fn everybody_has_the_same_in_the_end_and_nothing_is_lost() {
    let seeds = seeds();
    let template = contacts::template();
    let counts = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while failed.lock().unwrap().len() < ENOUGH {
                    let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                    let script = Script::of(*seed);
                    match run(&script, &script.actions, &template) {
                        Ok(found) => counts.lock().unwrap().push(found),
                        Err(failure) => failed.lock().unwrap().push((script, failure)),
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    if let Some((script, failure)) = failed.first() {
        let all: String = failed.iter().map(|(script, failure)| failure.line(script.seed)).collect();
        panic!("{}\nall that failed:\n{all}", shrink::told(script, failure.clone(), &template));
    }
    is_worth_something(&counts.into_inner().unwrap());
}

/// What went wrong in a run, and what had been done.
#[derive(Debug, Clone)]
pub struct Failure {
    pub wrong: String,
    pub trace: Vec<String>,
}

impl Failure {
    /// In one line.
    fn line(&self, seed: u64) -> String {
        let first = self.wrong.lines().next().unwrap_or_default();
        format!("  {seed}: {}\n", first.chars().take(200).collect::<String>())
    }
}

/// Runs these actions of a script, and looks at what comes of them.
fn run(script: &Script, actions: &[Action], template: &Team) -> Result<Counts, Failure> {
    let mut world = World::of(script, template);
    let wrong = catch_unwind(AssertUnwindSafe(|| {
        actions.iter().try_for_each(|action| world.act(action))?;
        verdict::verdict(&mut world, script)
    }));
    let wrong = wrong.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        Err(said.unwrap_or_else(|| "it panicked".to_owned()))
    });
    match wrong {
        Ok(()) => Ok(world.counts),
        Err(wrong) => Err(Failure { wrong, trace: world.trace.clone() }),
    }
}

fn seeds() -> Vec<u64> {
    let Ok(said) = std::env::var("TICKLER_SIM_SEEDS") else { return SEEDS.chain(ONCE_WRONG).collect() };
    let range = said.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    let range: Option<Range<u64>> = range;
    range
        .map(Iterator::collect)
        .unwrap_or_else(|| panic!("TICKLER_SIM_SEEDS is {said:?}, and not like 0..200"))
}

/// The runs had in them what they are for. A few of one's own choice need not.
fn is_worth_something(counts: &[Counts]) {
    let sum = |of: fn(&Counts) -> usize| counts.iter().map(of).sum::<usize>();
    let said = format!(
        "{} runs: {} syncs, {} of them killed, {} offline, {} with something to look at; {} by git alone; {} merges, \
         {} words, {} versions set aside",
        counts.len(),
        sum(|c| c.syncs),
        sum(|c| c.killed),
        sum(|c| c.offline),
        sum(|c| c.to_look_at),
        sum(|c| c.plain_gits),
        sum(|c| c.merges),
        sum(|c| c.tokens),
        sum(|c| c.set_aside),
    );
    println!("{said}");
    if (counts.len() as u64) < SEEDS.end {
        return;
    }
    let each = [sum(|c| c.killed), sum(|c| c.offline), sum(|c| c.to_look_at), sum(|c| c.plain_gits)];
    assert!(each.iter().all(|number| *number > counts.len() / 50), "{said}");
    assert!(sum(|c| c.merges) > counts.len() && sum(|c| c.tokens) > 5 * counts.len(), "{said}");
}
