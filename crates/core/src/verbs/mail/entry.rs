//! The entry of a thread on one day: `16:20 email in: [Re: Specs](mid:c) [09:40](mid:b) [09:12](mid:a)`. The newest
//! message gives the entry its time, direction and subject; the earlier ones follow, each by its time, so that the
//! entry itself tells where any further message belongs, in whatever order they come.

use super::{Post, What};
use crate::contact::{Channel, Entry, Word, Words};
use crate::date::{Date, Time};
use crate::exchange::mail::{base, link, mid, shown};
use crate::exchange::plain;
use crate::file::links_of;
use crate::fold::fold;

/// An entry of the log, as far as messages are concerned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// The entry as it stands in the log; none where it is new.
    pub there: Option<Entry>,
    pub date: Date,
    pub time: Option<Time>,
    pub channel: Channel,
    pub words: Words,
    pub who: Option<String>,
    pub text: String,
    /// The messages that it names.
    pub ids: Vec<String>,
    /// The bases of the subjects that it names.
    bases: Vec<String>,
}

impl Slot {
    /// An entry that stands in the log.
    pub fn of(entry: &Entry) -> Slot {
        let ids: Vec<String> = mid::all(&entry.text).collect();
        let bases = if ids.is_empty() { Vec::new() } else { bases(&entry.text) };
        Slot {
            there: Some(entry.clone()),
            date: entry.date,
            time: entry.time,
            channel: entry.channel.clone(),
            words: entry.words,
            who: entry.who.clone(),
            text: entry.text.clone(),
            ids,
            bases,
        }
    }

    /// A new one.
    pub fn new(post: &Post) -> Slot {
        let subject = shown(&post.subject);
        let link = link(&subject, &post.id);
        let is_note = matches!(post.what, What::Automatic(_));
        Slot {
            there: None,
            date: post.date,
            time: Some(post.time),
            channel: if is_note { Channel::Note } else { Channel::Email },
            words: match post.what {
                What::Automatic(_) => Words::default(),
                What::Bounce => of_words(&[Word::Bounced]),
                What::Touch if post.is_out => Words::default(),
                What::Touch => of_words(&[Word::In]),
            },
            who: post.who.clone(),
            text: if is_note { format!("automatic reply: {link}") } else { link },
            ids: vec![post.id.clone()],
            bases: vec![base(&subject)],
        }
    }

    /// Whether it is of the thread of that message, on the message's day; by what they are about.
    pub fn is_about(&self, post: &Post) -> bool {
        self.is_thread_on(post.date) && self.bases.contains(&base(&shown(&post.subject)))
    }

    /// The same, since the message follows one that it names.
    pub fn is_followed_by(&self, post: &Post) -> bool {
        self.is_thread_on(post.date) && post.follows.iter().any(|id| self.ids.contains(id))
    }

    fn is_thread_on(&self, date: Date) -> bool {
        self.date == date && self.channel == Channel::Email && !self.ids.is_empty()
    }

    /// Whether somebody logged that message by hand: an entry of its day and direction whose text has its subject.
    pub fn stands_for(&self, post: &Post) -> bool {
        /// A shorter subject may stand in a text by chance.
        const TELLING: usize = 4;
        let may = self.date == post.date
            && self.channel == Channel::Email
            && self.ids.is_empty()
            && self.words.has(Word::In) != post.is_out;
        let base = if may { base(&post.subject) } else { String::new() };
        base.chars().count() >= TELLING && fold(&plain::plain(&self.text)).contains(&base)
    }

    /// Adds a message to the thread.
    pub fn add(&mut self, post: &Post) {
        let is_in = !post.is_out;
        let last_in = self.words.has(Word::In);
        let any_in = last_in || self.words.has(Word::Reached) || is_in;
        let id = self.ids.first().cloned().unwrap_or_default();
        let is_last = (Some(post.time), post.is_out, &post.id) > (self.time, !last_in, &id);
        match Links::of(&self.text) {
            Some(links) if is_last => {
                let head = link(&shown(&post.subject), &post.id);
                let before = self.time.map(|time| time.to_string()).unwrap_or_default();
                self.text = links.with(&head, before, id);
            }
            Some(links) => self.text = links.with(links.head, post.time.to_string(), post.id.clone()),
            // What somebody has put in other words stays; the message is only added.
            None => {
                self.text = format!("{} {}", self.text.trim_end(), link(&post.time.to_string(), &post.id));
            }
        }
        if is_last {
            self.time = Some(post.time);
            self.who.clone_from(&post.who);
        }
        let now_in = if is_last { is_in } else { last_in };
        self.words = direction(self.words, now_in, any_in, is_last);
        if post.what == What::Bounce {
            self.words.insert(Word::Bounced);
        }
        self.bases.push(base(&shown(&post.subject)));
        self.ids = mid::all(&self.text).collect();
    }
}

/// The words with the direction of the last message: theirs, or ours, which reached where one of theirs came.
fn direction(words: Words, last_in: bool, any_in: bool, is_last: bool) -> Words {
    let is_dropped = |word: Word| {
        // An answer that was not needed may be now.
        matches!(word, Word::In | Word::Out | Word::Reached) || is_last && word == Word::NoReply
    };
    let mut kept = Words::default();
    for (_, word) in Word::ALL.into_iter().filter(|(_, word)| words.has(*word) && !is_dropped(*word)) {
        kept.insert(word);
    }
    match (last_in, any_in) {
        (true, _) => kept.insert(Word::In),
        (false, true) => kept.insert(Word::Reached),
        (false, false) => {}
    }
    kept
}

fn of_words(all: &[Word]) -> Words {
    let mut words = Words::default();
    all.iter().for_each(|word| words.insert(*word));
    words
}

/// A text that is links to messages and nothing else: the first by its subject, the others by their times.
struct Links<'t> {
    head: &'t str,
    /// Times and ids.
    others: Vec<(String, String)>,
}

impl<'t> Links<'t> {
    /// None where the text says anything else.
    fn of(text: &'t str) -> Option<Links<'t>> {
        let links = links_of(text);
        let (first, rest) = links.split_first()?;
        let mut end = first.span.end;
        let mut others = Vec::with_capacity(rest.len());
        for link in rest {
            Time::scan(&link.text).flatten()?;
            let is_next = text.get(end..link.span.start) == Some(" ");
            others.push((link.text.clone(), mid::all(&link.target).next().filter(|_| is_next)?));
            end = link.span.end;
        }
        let is_all = first.span.start == 0 && end == text.len() && first.target.starts_with("mid:");
        is_all.then(|| Links { head: &text[first.span.clone()], others })
    }

    /// The text with that head, and one more message among the others: the latest first.
    fn with(&self, head: &str, time: String, id: String) -> String {
        let mut others: Vec<(String, String)> = self.others.iter().cloned().chain([(time, id)]).collect();
        others.sort_by(|a, b| b.cmp(a));
        let links = others.iter().map(|(time, id)| link(time, id));
        std::iter::once(head.to_owned()).chain(links).collect::<Vec<_>>().join(" ")
    }
}

/// What the links to messages of a text are about: their texts, but for times.
fn bases(text: &str) -> Vec<String> {
    let of_messages = links_of(text).into_iter().filter(|link| link.target.starts_with("mid:"));
    // Only the first may be a subject that looks like a time.
    let is_subject = |at: usize, text: &str| at == 0 || Time::scan(text).flatten().is_none();
    let subjects = of_messages.enumerate().filter(|(at, link)| is_subject(*at, &link.text));
    subjects.map(|(_, link)| base(&link.text)).collect()
}
