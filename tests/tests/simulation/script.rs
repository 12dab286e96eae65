//! What happens in one run: who does what in which order, all of it from one number.

use tickler_tests::Dice;

use super::edits::Edit;

/// Something that somebody does.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its place in the whole script, which also names what it writes.
    pub number: usize,
    pub who: usize,
    pub what: What,
    /// For what else is left to chance: which contact, which line.
    pub seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A contact's file in an editor.
    Edit(Edit),
    /// A verb of tickler's.
    Deed(Deed),
    /// A file of its own, written by hand; several people may write of the same person.
    NewFile,
    /// A contact's file gets another name, or another folder.
    MoveFile,
    RemoveFile,
    /// A line in a file that is no contact.
    OtherFile,
    Sync,
    /// A sync right after the last keystroke.
    HastySync,
    /// A sync that is killed at a point, which is one of them by this number.
    KilledSync(usize),
    /// The remote is out of reach from here.
    Cut,
    Heal,
    /// `git commit`, `git pull` and `git push` by somebody who does not sync.
    PlainGit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Log,
    Next,
    Set,
    Tag,
    Untag,
    Stage,
    Promise,
    Kept,
    New,
    Mv,
    Rm,
    Undo,
    Tidy,
}

/// How often each deed is done in a hundred times.
const DEEDS: [(Deed, usize); 13] = [
    (Deed::Log, 34),
    (Deed::Next, 10),
    (Deed::Set, 10),
    (Deed::Tag, 8),
    (Deed::Untag, 4),
    (Deed::Stage, 4),
    (Deed::Promise, 7),
    (Deed::Kept, 5),
    (Deed::New, 6),
    (Deed::Mv, 4),
    (Deed::Rm, 2),
    (Deed::Undo, 5),
    (Deed::Tidy, 1),
];

/// A run before it is run.
#[derive(Debug, Clone)]
pub struct Script {
    pub seed: u64,
    pub people: usize,
    /// Whether somebody breaks front matters, so that whole versions may have to be set aside.
    pub is_wild: bool,
    pub actions: Vec<Action>,
}

impl Script {
    pub fn of(seed: u64) -> Script {
        let mut dice = Dice::of(seed);
        let people = 2 + dice.below(4);
        let is_wild = dice.one_in(6);
        let length = 20 + dice.below(30);
        let actions = (0..length).map(|number| Action {
            number,
            who: dice.below(people),
            what: what(&mut dice, is_wild),
            seed: dice.roll(),
        });
        let actions = actions.collect();
        Script { seed, people, is_wild, actions }
    }
}

fn what(dice: &mut Dice, is_wild: bool) -> What {
    match dice.below(100) {
        0..44 if is_wild && dice.one_in(8) => {
            What::Edit(if dice.one_in(2) { Edit::Break } else { Edit::Mend })
        }
        0..44 => What::Edit(weighted(&Edit::WEIGHTS, dice)),
        44..60 => What::Deed(weighted(&DEEDS, dice)),
        60..62 => What::NewFile,
        62..65 => What::MoveFile,
        65..66 => What::RemoveFile,
        66..68 => What::OtherFile,
        68..85 => What::Sync,
        85..87 => What::HastySync,
        87..93 => What::KilledSync(dice.below(1 << 16)),
        93..95 => What::Cut,
        95..98 => What::Heal,
        _ => What::PlainGit,
    }
}

fn weighted<T: Copy>(weights: &[(T, usize)], dice: &mut Dice) -> T {
    let all = weights.iter().map(|(_, weight)| weight).sum();
    let mut at = dice.below(all);
    for (item, weight) in weights {
        if at < *weight {
            return *item;
        }
        at -= weight;
    }
    weights[0].0
}
