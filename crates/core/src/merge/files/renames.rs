//! Which new file of a side is one that the base had elsewhere: by its bytes, its name, its `uid`, its
//! alias, who it is, or its lines.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::Kind;
use super::{BlobId, Desk, Side, added};

/// Beyond so many files, gone or new, nobody looks into them: it was no renaming of a few.
const MOST_LOOKED_INTO: usize = 1_000;

/// Files of the base, and where one side has them now.
#[derive(Debug, Default)]
pub(super) struct Renames<'d> {
    to: BTreeMap<&'d str, &'d str>,
    targets: BTreeSet<&'d str>,
}

impl<'d> Renames<'d> {
    /// Where the side has what was at that path.
    pub fn target(&self, old: &str) -> Option<&'d str> {
        self.to.get(old).copied()
    }

    /// Whether the side has there what was elsewhere.
    pub fn is_target(&self, new: &str) -> bool {
        self.targets.contains(new)
    }

    fn add(&mut self, old: &'d str, new: &'d str) {
        self.to.insert(old, new);
        self.targets.insert(new);
    }
}

/// The renames of both sides, as far as they matter: of files that the other side touched too.
pub(super) fn find<'d, E>(
    desk: &Desk<'_, E>,
    a: &Side<'d>,
    b: &Side<'d>,
) -> Result<(Renames<'d>, Renames<'d>), E> {
    let (mut of_a, mut of_b) = (of_one(desk, a, b)?, of_one(desk, b, a)?);
    let also_a = learnt(desk, (a, &of_a), (b, &of_b))?;
    let also_b = learnt(desk, (b, &of_b), (a, &of_a))?;
    also_a.into_iter().for_each(|(old, new)| of_a.add(old, new));
    also_b.into_iter().for_each(|(old, new)| of_b.add(old, new));
    Ok((of_a, of_b))
}

fn of_one<'d, E>(desk: &Desk<'_, E>, side: &Side<'d>, other: &Side<'d>) -> Result<Renames<'d>, E> {
    let gone: Vec<Lead<'d>> = side
        .values()
        .filter(|delta| delta.after.is_none() && other.contains_key(delta.path.as_str()))
        .filter_map(|delta| Some((delta.path.as_str(), delta.before.filter(|file| file.is_plain())?)))
        .map(|(path, file)| Lead::new(desk, path, file.id))
        .collect();
    if gone.is_empty() {
        return Ok(Renames::default());
    }
    let shelf = format!("{}conflicts/", desk.source.prefix);
    let new: Vec<Lead<'d>> = added(side)
        .filter(|(path, file)| file.is_plain() && !path.starts_with(&shelf))
        .map(|(path, file)| Lead::new(desk, path, file.id))
        .collect();
    let mut hunt = Hunt { desk, gone, new, found: Renames::default() };
    hunt.by(|lead| (lead.id, lead.name()));
    hunt.by(|lead| lead.id);
    hunt.by_name()?;
    if !hunt.gone.is_empty() && hunt.new.len() <= MOST_LOOKED_INTO && hunt.gone.len() <= MOST_LOOKED_INTO {
        hunt.by_content()?;
    }
    Ok(hunt.found)
}

/// What one side did not see of itself, and the other side shows: a file is gone on both, one has it anew at some
/// path, and the other has at this very path what may well be the same.
fn learnt<'d, E>(
    desk: &Desk<'_, E>,
    (side, own): (&Side<'d>, &Renames<'d>),
    (other, others): (&Side<'d>, &Renames<'d>),
) -> Result<Vec<(&'d str, &'d str)>, E> {
    let mut pairs = Vec::new();
    for (old, new) in &others.to {
        let is_gone = side.get(old).is_some_and(|delta| delta.after.is_none());
        if !is_gone || own.to.contains_key(old) || own.targets.contains(new) {
            continue;
        }
        let at = |side: &Side<'d>| side.get(new).and_then(|delta| delta.after.filter(|file| file.is_plain()));
        let (Some(here), Some(there)) = (at(side), at(other)) else { continue };
        let (here, there) = ((desk.source.read)(here.id)?, (desk.source.read)(there.id)?);
        let is_one = desk.kind(new) == Kind::Contact && desk.are_one(new, &here, &there);
        if is_one || here == there || is_alike(&lines(&here), &lines(&there)) {
            pairs.push((*old, *new));
        }
    }
    Ok(pairs)
}

/// A file that is gone, or new.
#[derive(Debug, Clone, Copy)]
struct Lead<'d> {
    path: &'d str,
    id: BlobId,
    kind: Kind,
}

impl<'d> Lead<'d> {
    fn new<E>(desk: &Desk<'_, E>, path: &'d str, id: BlobId) -> Lead<'d> {
        Lead { path, id, kind: desk.kind(path) }
    }

    fn name(&self) -> &'d str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    fn id_of_contact(&self) -> &'d str {
        self.name().strip_suffix(".md").unwrap_or(self.name())
    }
}

/// What is not paired yet, each list in the order of its paths.
struct Hunt<'h, 'd, E> {
    desk: &'h Desk<'h, E>,
    gone: Vec<Lead<'d>>,
    new: Vec<Lead<'d>>,
    found: Renames<'d>,
}

impl<'d, E> Hunt<'_, 'd, E> {
    /// Pairs what has the same key, in the order of paths.
    fn by<K: Ord>(&mut self, key: impl Fn(&Lead<'d>) -> K) {
        let mut new: BTreeMap<K, Vec<&'d str>> = BTreeMap::new();
        for lead in self.new.iter().rev() {
            new.entry(key(lead)).or_default().push(lead.path);
        }
        for lead in &self.gone {
            if let Some(path) = new.get_mut(&key(lead)).and_then(Vec::pop) {
                self.found.add(lead.path, path);
            }
        }
        self.forget_found();
    }

    /// Pairs contacts that kept their file's name and went to another folder.
    fn by_name(&mut self) -> Result<(), E> {
        let contacts = |leads: &[Lead<'d>]| -> Vec<Lead<'d>> {
            leads.iter().filter(|lead| lead.kind == Kind::Contact).copied().collect()
        };
        let mut named: BTreeMap<&str, Vec<Lead<'d>>> = BTreeMap::new();
        for new in contacts(&self.new) {
            named.entry(new.name()).or_default().push(new);
        }
        for gone in contacts(&self.gone) {
            for new in named.get(gone.name()).into_iter().flatten() {
                if !self.found.is_target(new.path) && !self.facts(&gone)?.contradict(&self.facts(new)?) {
                    self.found.add(gone.path, new.path);
                    break;
                }
            }
        }
        self.forget_found();
        Ok(())
    }

    /// Pairs contacts of one `uid`, then one that has the other's name as its alias, then those of one person, then what
    /// has at least half of its lines in common; the most alike first.
    fn by_content(&mut self) -> Result<(), E> {
        let gone = self.gone.iter().map(|lead| self.facts(lead)).collect::<Result<Vec<_>, E>>()?;
        let new = self.new.iter().map(|lead| self.facts(lead)).collect::<Result<Vec<_>, E>>()?;
        let mut pairs = Vec::new();
        for (old, before) in self.gone.iter().zip(&gone) {
            for (lead, after) in self.new.iter().zip(&new) {
                if lead.kind == old.kind
                    && let Some(likeness) = before.likeness(after)
                {
                    pairs.push((std::cmp::Reverse(likeness), old.path, lead.path));
                }
            }
        }
        pairs.sort_unstable();
        for (_, old, new) in pairs {
            if self.found.target(old).is_none() && !self.found.is_target(new) {
                self.found.add(old, new);
            }
        }
        self.forget_found();
        Ok(())
    }

    fn facts(&self, lead: &Lead<'d>) -> Result<Facts, E> {
        let bytes = (self.desk.source.read)(lead.id)?;
        let mut facts = Facts { lines: lines(&bytes), id: plain(lead.id_of_contact()), ..Facts::default() };
        if lead.kind == Kind::Contact
            && let Some(contact) = self.desk.contact(lead.path, &bytes)
        {
            let aside = contact.head.conflicts.into_iter().filter(|conflict| conflict.key == "uid");
            facts.uids = contact
                .head
                .uid
                .into_iter()
                .chain(aside.map(|conflict| conflict.other.to_string()))
                .collect();
            facts.aliases = contact.head.aliases.iter().map(|alias| plain(alias)).collect();
            facts.signs =
                contact.head.email.iter().chain(&contact.head.name).map(|sign| plain(sign)).collect();
        }
        Ok(facts)
    }

    fn forget_found(&mut self) {
        self.gone.retain(|lead| self.found.target(lead.path).is_none());
        self.new.retain(|lead| !self.found.is_target(lead.path));
    }
}

/// What tells whether two files are versions of one.
#[derive(Default)]
struct Facts {
    /// The file's name without its end.
    id: String,
    /// Its `uid`, and those that a merge set aside: it is who it was merged of.
    uids: BTreeSet<String>,
    /// Earlier ids of the contact, which `mv` writes down.
    aliases: BTreeSet<String>,
    /// Its addresses, and its name as far as it is written.
    signs: BTreeSet<String>,
    lines: Vec<u64>,
}

/// Why two files may be versions of one, the surest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Lines,
    Person,
    Alias,
    Uid,
}

impl Facts {
    /// Two people for sure.
    fn contradict(&self, other: &Facts) -> bool {
        !self.uids.is_empty() && !other.uids.is_empty() && self.uids.is_disjoint(&other.uids)
    }

    /// What speaks most for `later` being this one, and how many lines they have in common; none where it is too
    /// little.
    fn likeness(&self, later: &Facts) -> Option<(Sign, usize)> {
        let sign = if !self.uids.is_disjoint(&later.uids) {
            Sign::Uid
        } else if self.contradict(later) {
            return None;
        } else if later.aliases.contains(&self.id) {
            Sign::Alias
        } else if !self.signs.is_disjoint(&later.signs) {
            Sign::Person
        } else if is_alike(&self.lines, &later.lines) {
            Sign::Lines
        } else {
            return None;
        };
        Some((sign, in_common(&self.lines, &later.lines)))
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The lines that say something, as sorted hashes. What nearly every contact has says nothing of which one it is.
fn lines(bytes: &[u8]) -> Vec<u64> {
    let says = |line: &str| {
        line.chars().any(char::is_alphanumeric)
            && !line.trim_start_matches('#').trim().eq_ignore_ascii_case("log")
    };
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<u64> = text.lines().map(str::trim).filter(|line| says(line)).map(hash).collect();
    lines.sort_unstable();
    lines
}

fn hash(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

/// At least half of the lines of either are the same.
fn is_alike(one: &[u64], two: &[u64]) -> bool {
    let most = one.len().max(two.len());
    most > 0 && in_common(one, two) * 2 >= most
}

/// How many of two sorted lists are the same.
fn in_common(one: &[u64], two: &[u64]) -> usize {
    let (mut one, mut two) = (one.iter().peekable(), two.iter().peekable());
    let mut count = 0;
    while let (Some(left), Some(right)) = (one.peek(), two.peek()) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(two.next()),
            std::cmp::Ordering::Equal => {
                count += 1;
                one.next();
                two.next();
            }
        }
    }
    count
}
