//! Queries: who is asked for, in words and `key:value` terms (CLI contract, Query). A query is parsed once against
//! the settings and a day, and then matched against any number of contacts.

mod day;
mod error;
mod keys;
mod matching;
mod parse;
mod term;
mod token;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use crate::contact::{Contact, Value};
use crate::date::Date;
use crate::fold::Needle;
use crate::settings::Settings;

use self::keys::{FlagKey, Key, NameKey, NumberKey, TextKey};
use self::term::{NameTest, Test, TextTest};

pub use self::error::QueryError;
pub use self::keys::keys;
pub use self::matching::Subject;

/// What a query is read against: its names by the settings, its days from today, `owner:me` by who asks.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The notebook's settings.
    pub settings: &'a Settings,
    /// The user's local date.
    pub today: Date,
    /// The handle of who asks, where it is known.
    pub me: Option<&'a str>,
}

/// A question that a contact matches or not (CLI contract, Query). The default, as the empty text, matches all.
///
/// Its `Display` is a query that asks the same on the same day: views are written out, and the terms that are
/// quick to answer come first.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    root: Node,
    today: Date,
    needs: Needs,
}

/// The parts of a contact that a query reads, so that a caller decodes no others. The id and whether the file is
/// broken are always at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Of [`Contact::head`] and the name, who it is: whatever no rule reads.
    pub card: bool,
    /// Of [`Contact::head`] what the rules read.
    pub plan: bool,
    /// [`Contact::log`].
    pub log: bool,
    /// [`Contact::promises`].
    pub promises: bool,
    /// [`Contact::links`].
    pub links: bool,
    /// [`Subject::assessment`], and with it whatever the rules read.
    pub assessment: bool,
    /// The whole text of the file.
    pub text: bool,
}

impl Query {
    /// The query that all contacts match, as the empty text is one.
    pub fn everybody(today: Date) -> Query {
        Query { root: Node::All(Vec::new()), today, needs: Needs::default() }
    }

    /// Reads a query (CLI contract, Query).
    ///
    /// # Errors
    /// The first mistake, with its place in the query or in the view that the query leads to.
    pub fn parse(text: &str, context: &Context<'_>) -> Result<Query, QueryError> {
        let mut root = parse::parse(text, context)?;
        root.sort();
        let mut needs = Needs::default();
        root.each(&mut |term| needs = needs.and(term.test.needs()));
        Ok(Query { root, today: context.today, needs })
    }

    /// Whether the contact is one that the query asks for.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.root.matches(subject, self.today)
    }

    /// Whether the contact is one that the query asks for, as far as that can be told where only the parts `have`
    /// of it are at hand.
    pub fn settled(&self, subject: &Subject<'_>, have: Needs) -> Option<bool> {
        self.root.settled(subject, self.today, have)
    }

    /// What the query reads of a contact.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// Whether it asks for nothing, and so matches all.
    pub fn is_empty(&self) -> bool {
        self.root == Node::All(Vec::new())
    }

    /// The contacts that the query asks after by name, in `knows:` and `referred_by:`: what was typed, folded.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.root.each(&mut |term| names.extend(term.name()));
        names
    }

    /// The query in which each name that it asks after stands for all names of that contact too, which `others` gives
    /// (format, section 2, `aliases`).
    #[must_use]
    pub fn with_names(&self, others: &dyn Fn(&str) -> Vec<String>) -> Query {
        let mut query = self.clone();
        query.root.each_mut(&mut |term| {
            let Some(names) = term.name().map(|name| others(&name)).filter(|names| !names.is_empty()) else {
                return;
            };
            if let Test::Text(_, test) = &mut term.test {
                let names = names.iter().map(|name| Needle::new(name)).collect();
                *test = TextTest::OrNamed(Box::new(test.clone()), names);
            }
        });
        query
    }

    /// The keys of the query that are not the format's. Each is a key of the user's own, or a mistake where
    /// [`has_key`] is false of every contact.
    pub fn unknown_keys(&self) -> Vec<&str> {
        let mut keys = BTreeSet::new();
        self.root.each(&mut |term| match &term.test {
            Test::Custom(key, _) | Test::Has(Key::Custom(key)) => {
                keys.insert(key.as_str());
            }
            _ => {}
        });
        keys.into_iter().collect()
    }
}

/// The text in lower case and without accents, as queries compare it.
pub fn folded(text: &str) -> Cow<'_, str> {
    crate::fold::fold(text)
}

/// Whether the contact has a key of the user's own by that name, as [`Query::unknown_keys`] gives it.
pub fn has_key(contact: &Contact, name: &str) -> bool {
    own_key(contact, name).is_some()
}

/// What the contact says below a key of the user's own, with or without `custom.` before its name.
pub fn own_key<'a>(contact: &'a Contact, name: &str) -> Option<&'a Value> {
    matching::custom(&contact.head, name)
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Node::All(nodes) if nodes.is_empty() => Ok(()),
            root => root.fmt(f),
        }
    }
}

/// A query as a tree. An `All` holds no `All`, an `Any` no `Any`, a `Not` no `Not`, and neither of the first two
/// holds just one node: so each question has one tree, and its depth is that of the parentheses.
#[derive(Debug, Clone, PartialEq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Term(Box<Term>),
}

/// One `key:value`, or a word.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    /// As a query would write it.
    written: String,
    test: Test,
}

impl Term {
    /// The contact that it asks after, folded.
    fn name(&self) -> Option<String> {
        match &self.test {
            Test::Text(TextKey::Knows | TextKey::ReferredBy, test) => match test {
                TextTest::Contains(needle) => Some(needle.folded().to_owned()),
                TextTest::Exact(exact) => Some(folded(exact).into_owned()),
                TextTest::OrNamed(..) => None,
            },
            _ => None,
        }
    }
}

impl Node {
    fn all(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.swap_remove(0) } else { Node::All(flat) }
    }

    fn any(nodes: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.swap_remove(0) } else { Node::Any(flat) }
    }

    fn not(node: Node) -> Node {
        match node {
            Node::Not(inner) => *inner,
            other => Node::Not(Box::new(other)),
        }
    }

    fn matches(&self, subject: &Subject<'_>, today: Date) -> bool {
        match self {
            Node::All(nodes) => nodes.iter().all(|node| node.matches(subject, today)),
            Node::Any(nodes) => nodes.iter().any(|node| node.matches(subject, today)),
            Node::Not(node) => !node.matches(subject, today),
            Node::Term(term) => term.test.matches(subject, today),
        }
    }

    fn settled(&self, subject: &Subject<'_>, today: Date, have: Needs) -> Option<bool> {
        // Each node is an answer, or none; one answer may settle the whole.
        let among = |nodes: &[Node], settling: bool| {
            let mut all = true;
            for node in nodes {
                match node.settled(subject, today, have) {
                    Some(answer) if answer == settling => return Some(settling),
                    Some(_) => {}
                    None => all = false,
                }
            }
            all.then_some(!settling)
        };
        match self {
            Node::All(nodes) => among(nodes, false),
            Node::Any(nodes) => among(nodes, true),
            Node::Not(node) => node.settled(subject, today, have).map(|answer| !answer),
            Node::Term(term) => {
                let needs = term.test.needs();
                (needs.and(have) == have).then(|| term.test.matches(subject, today))
            }
        }
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Term)) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| node.each(visit)),
            Node::Not(node) => node.each(visit),
            Node::Term(term) => visit(term),
        }
    }

    fn each_mut(&mut self, change: &mut dyn FnMut(&mut Term)) {
        match self {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(|node| node.each_mut(change)),
            Node::Not(node) => node.each_mut(change),
            Node::Term(term) => change(term),
        }
    }

    /// Puts what is quick to answer before what is slow, so that most contacts are settled without the slow, and
    /// gives the cost of the whole. The sort keeps the order of what costs the same.
    fn sort(&mut self) -> u8 {
        match self {
            Node::All(nodes) | Node::Any(nodes) => {
                let mut costs: Vec<(u8, Node)> =
                    nodes.drain(..).map(|mut node| (node.sort(), node)).collect();
                costs.sort_by_key(|(cost, _)| *cost);
                let most = costs.last().map_or(0, |(cost, _)| *cost);
                nodes.extend(costs.into_iter().map(|(_, node)| node));
                most
            }
            Node::Not(node) => node.sort(),
            Node::Term(term) => term.test.cost(),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, nodes: &[Node], between: &str| {
            for (i, node) in nodes.iter().enumerate() {
                f.write_str(if i == 0 { "" } else { between })?;
                match node {
                    Node::Any(_) => write!(f, "({node})")?,
                    _ => node.fmt(f)?,
                }
            }
            Ok(())
        };
        match self {
            Node::All(nodes) if nodes.is_empty() => f.write_str("()"),
            Node::All(nodes) => list(f, nodes, " "),
            Node::Any(nodes) => list(f, nodes, " or "),
            Node::Not(node) => match **node {
                Node::Term(_) => write!(f, "-{node}"),
                Node::All(ref nodes) if nodes.is_empty() => f.write_str("-()"),
                _ => write!(f, "-({node})"),
            },
            Node::Term(term) => f.write_str(&term.written),
        }
    }
}

impl Needs {
    /// What either needs.
    #[must_use]
    pub fn and(self, other: Needs) -> Needs {
        Needs {
            card: self.card || other.card,
            plan: self.plan || other.plan,
            log: self.log || other.log,
            promises: self.promises || other.promises,
            links: self.links || other.links,
            assessment: self.assessment || other.assessment,
            text: self.text || other.text,
        }
    }
}

impl Test {
    fn needs(&self) -> Needs {
        let none = Needs::default();
        let (card, plan) = (Needs { card: true, ..none }, Needs { plan: true, ..none });
        match self {
            Test::Text(key, _) | Test::Has(Key::Text(key)) => match key {
                TextKey::File => Needs { text: true, ..none },
                TextKey::Promise => Needs { promises: true, ..none },
                TextKey::Knows => Needs { links: true, ..card },
                TextKey::Hours
                | TextKey::Permission
                | TextKey::NextWhy
                | TextKey::AwayWhy
                | TextKey::Dates => plan,
                _ => card,
            },
            Test::Name(NameKey::Channel, _) | Test::Has(Key::Name(NameKey::Channel)) => {
                Needs { assessment: true, ..plan }
            }
            Test::Name(NameKey::Id, _) | Test::Has(Key::Name(NameKey::Id)) => card,
            Test::Name(..) | Test::Has(Key::Name(_)) => plan,
            Test::Number(NumberKey::Unanswered, ..) | Test::Has(Key::Number(NumberKey::Unanswered)) => {
                Needs { log: true, ..none }
            }
            Test::Number(..) | Test::Has(Key::Number(_)) => plan,
            Test::Day(key, _) | Test::Has(Key::Day(key)) => match key {
                keys::DayKey::Due => Needs { assessment: true, ..none },
                keys::DayKey::Last | keys::DayKey::Reached => Needs { log: true, ..none },
                _ => plan,
            },
            Test::Flag(FlagKey::Broken, _) => none,
            Test::Flag(FlagKey::Crack | FlagKey::Overdue, _) | Test::DueKind(_) => {
                Needs { assessment: true, ..none }
            }
            Test::PromiseBy(_) => Needs { promises: true, ..none },
            _ => card.and(plan),
        }
    }

    /// How slow it is to answer, next to others.
    fn cost(&self) -> u8 {
        let needs = self.needs();
        match self {
            _ if needs.text => 5,
            _ if needs.assessment => 4,
            _ if needs.log || needs.promises || needs.links => 3,
            Test::Word(_) | Test::Text(..) | Test::Custom(..) | Test::Phone(_) => 2,
            Test::Name(_, NameTest::Exact(_)) => 1,
            _ => 0,
        }
    }
}
