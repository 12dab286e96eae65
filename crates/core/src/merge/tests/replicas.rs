//! Replicas that work side by side and exchange what they did, in any order, as git keeps it: a commit knows what it
//! builds on, and what both sides of a merge build on is its base.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::edits::{Edit, apply, contact, edits};
use super::people;
use super::*;

/// All commits that there are, in the order in which they were made.
#[derive(Default)]
struct History {
    /// Content, and all commits that it builds on, itself too.
    commits: Vec<(Vec<u8>, BTreeSet<usize>)>,
    /// What came of several bases.
    known: BTreeMap<Vec<usize>, Vec<u8>>,
}

impl History {
    fn commit(&mut self, content: Vec<u8>, mut past: BTreeSet<usize>) -> usize {
        let id = self.commits.len();
        past.insert(id);
        self.commits.push((content, past));
        id
    }

    /// What comes of two commits: the later, where one builds on the other, else their merge. Whoever merges makes a
    /// commit of its own.
    fn join(&mut self, a: usize, b: usize) -> usize {
        if self.commits[a].1.contains(&b) {
            return a;
        }
        if self.commits[b].1.contains(&a) {
            return b;
        }
        let content = self.merge(a, b);
        let past = self.commits[a].1.union(&self.commits[b].1).copied().collect();
        self.commit(content, past)
    }

    /// The commits that both build on and that no other such commit builds on.
    fn bases(&self, a: usize, b: usize) -> Vec<usize> {
        let shared: BTreeSet<usize> = self.commits[a].1.intersection(&self.commits[b].1).copied().collect();
        let is_best =
            |id: &usize| !shared.iter().any(|other| other != id && self.commits[*other].1.contains(id));
        shared.iter().copied().filter(is_best).collect()
    }

    /// What both say together.
    fn merge(&mut self, a: usize, b: usize) -> Vec<u8> {
        let base = self.base(&self.bases(a, b), 0);
        let [a, b] = [a, b].map(|id| &self.commits[id].0);
        merge(Kind::Contact, base.as_deref(), a, b, &Settings::default()).content
    }

    /// What both sides are compared with. More than one base are merged first, by the same rules.
    fn base(&mut self, bases: &[usize], depth: usize) -> Option<Vec<u8>> {
        const DEPTH: usize = 8;
        let (first, others) = bases.split_first()?;
        if let Some(known) = self.known.get(bases) {
            return Some(known.clone());
        }
        let mut text = self.commits[*first].0.clone();
        for other in others {
            let below = if depth < DEPTH { self.bases(*first, *other) } else { Vec::new() };
            let below = self.base(&below, depth + 1);
            let other = &self.commits[*other].0;
            text = merge(Kind::Contact, below.as_deref(), &text, other, &Settings::default()).content;
        }
        self.known.insert(bases.to_vec(), text.clone());
        Some(text)
    }
}

#[derive(Debug, Clone)]
enum Step {
    Work(usize, Deed),
    /// Takes what the other has now.
    Fetch(usize, usize),
    /// Each takes what the other had before.
    Cross(usize, usize),
    /// Each takes what the next one had before, all at once.
    Round,
}

/// Steps of up to five replicas.
fn steps(work: BoxedStrategy<Deed>) -> impl Strategy<Value = (usize, Vec<Step>)> {
    (3..6usize).prop_flat_map(move |count| {
        let two = move || (0..count, 1..count).prop_map(move |(at, other)| (at, (at + other) % count));
        let step = prop_oneof![
            4 => (0..count, work.clone()).prop_map(|(at, work)| Step::Work(at, work)),
            2 => two().prop_map(|(at, other)| Step::Fetch(at, other)),
            2 => two().prop_map(|(at, other)| Step::Cross(at, other)),
            1 => Just(Step::Round),
        ];
        (Just(count), prop::collection::vec(step, 2..9))
    })
}

/// Takes the steps, then exchanges everything; all then hold the same bytes.
fn converge(base: String, count: usize, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut history = History::default();
    let root = history.commit(base.into_bytes(), BTreeSet::new());
    let mut heads = vec![root; count];
    for step in steps {
        match step {
            Step::Work(at, deed) => {
                let (content, past) = history.commits[heads[*at]].clone();
                let text = done(std::str::from_utf8(&content).unwrap(), deed);
                heads[*at] = history.commit(text.into_bytes(), past);
            }
            Step::Fetch(at, other) => heads[*at] = history.join(heads[*at], heads[*other]),
            Step::Cross(one, other) => {
                let (a, b) = (heads[*one], heads[*other]);
                (heads[*one], heads[*other]) = (history.join(a, b), history.join(b, a));
                let [one, other] = [*one, *other].map(|at| &history.commits[heads[at]].0);
                prop_assert_eq!(one, other, "two that exchanged hold the same bytes");
            }
            Step::Round => {
                let before = heads.clone();
                for at in 0..count {
                    heads[at] = history.join(before[at], before[(at + 1) % count]);
                }
            }
        }
    }
    // As it goes through a server: each brings what it has to what is there, then all take it from there.
    let mut shared = heads[0];
    for head in heads.iter().skip(1) {
        shared = history.join(shared, *head);
    }
    // One that gathers everything by itself meanwhile, in another order.
    let alone = heads.iter().rev().copied().reduce(|all, head| history.join(all, head)).unwrap_or(root);
    for head in &mut heads {
        *head = history.join(*head, shared);
        let (content, other) = (history.merge(*head, alone), history.merge(alone, *head));
        prop_assert_eq!(content, other, "replicas that exchanged everything hold the same bytes");
    }
    let contents: BTreeSet<&Vec<u8>> = heads.iter().map(|head| &history.commits[*head].0).collect();
    prop_assert_eq!(contents.len(), 1, "replicas that exchanged everything hold the same bytes");
    Ok(())
}

/// What is done in either of two ways.
#[derive(Debug, Clone)]
enum Deed {
    Edit(Vec<Edit>),
    Day(Vec<people::Deed>),
}

fn done(text: &str, deed: &Deed) -> String {
    match deed {
        Deed::Edit(edits) => apply(text, edits),
        Deed::Day(deeds) => people::work(text, deeds),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn replicas_that_exchanged_everything_agree(
        (base, (count, steps)) in prop_oneof![
            2 => (contact(), steps(edits().prop_map(Deed::Edit).boxed())),
            1 => (people::contact(), steps(people::deeds().prop_map(Deed::Day).boxed())),
        ]
    ) {
        converge(base, count, &steps)?;
    }
}
