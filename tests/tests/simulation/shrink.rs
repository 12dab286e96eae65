//! A run that failed, made as short as time allows, and told so that it can be run again.

use std::time::{Duration, Instant};

use tickler_tests::Team;

use super::script::{Action, Script};
use super::{Failure, run};

/// How long it may take to find a shorter one.
const PATIENCE: Duration = Duration::from_secs(90);

/// The failure in words, with the shortest story found that fails too.
pub fn told(script: &Script, failure: Failure, template: &Team) -> String {
    let began = Instant::now();
    let fails = |actions: &[Action]| match began.elapsed() < PATIENCE {
        true => run(script, actions, template).err(),
        false => None,
    };
    let (actions, failure) = shortest(script.actions.clone(), failure, fails);
    format!(
        "seed {} failed. To run it again:\n  TICKLER_SIM_SEEDS={}..{} cargo test -p tickler-tests --test simulation\n\
         {} people{}, {} of {} actions are needed:\n{}\n{}",
        script.seed,
        script.seed,
        script.seed + 1,
        script.people,
        if script.is_wild { ", wild" } else { "" },
        actions.len(),
        script.actions.len(),
        failure.trace.join("\n"),
        failure.wrong,
    )
}

/// Leaves out ever smaller parts, as long as what is left fails.
fn shortest(
    mut actions: Vec<Action>,
    mut failure: Failure,
    fails: impl Fn(&[Action]) -> Option<Failure>,
) -> (Vec<Action>, Failure) {
    let mut part = actions.len().div_ceil(2);
    while part > 0 {
        let mut start = 0;
        while start < actions.len() {
            let end = (start + part).min(actions.len());
            let left = [&actions[..start], &actions[end..]].concat();
            match fails(&left) {
                Some(found) => (actions, failure) = (left, found),
                None => start = end,
            }
        }
        part /= 2;
    }
    (actions, failure)
}

#[test]
fn a_story_is_made_as_short_as_it_can_be() {
    let actions = Script::of(3).actions;
    let wanted = [actions[2].number, actions[11].number];
    let fails = |some: &[Action]| {
        let has = |number| some.iter().any(|action| action.number == number);
        wanted.iter().all(|number| has(*number)).then(|| Failure { wrong: String::new(), trace: Vec::new() })
    };
    let failure = Failure { wrong: String::new(), trace: Vec::new() };
    let (short, _) = shortest(actions, failure, fails);
    assert_eq!(short.iter().map(|action| action.number).collect::<Vec<_>>(), wanted);
}
