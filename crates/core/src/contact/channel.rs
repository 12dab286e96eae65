//! By what a contact is touched, and how it went: the vocabulary of the log (format, section 3).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// By what a contact is touched (format, section 3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Channel {
    Phone,
    Email,
    Text,
    Chat,
    Letter,
    Card,
    Gift,
    Meeting,
    Video,
    Visit,
    Event,
    Social,
    Note,
    Skip,
    /// One that the settings add, or one that nothing knows (a problem of the file then).
    Other(Box<str>),
}

impl Channel {
    /// The built-in channels, as written, in the format's order.
    pub const NAMES: [&str; 14] = [
        "phone", "email", "text", "chat", "letter", "card", "gift", "meeting", "video", "visit", "event",
        "social", "note", "skip",
    ];

    const BUILT_IN: [Channel; 14] = [
        Channel::Phone,
        Channel::Email,
        Channel::Text,
        Channel::Chat,
        Channel::Letter,
        Channel::Card,
        Channel::Gift,
        Channel::Meeting,
        Channel::Video,
        Channel::Visit,
        Channel::Event,
        Channel::Social,
        Channel::Note,
        Channel::Skip,
    ];

    /// The channel of that name, in any case; a name that is not built in gives [`Channel::Other`].
    pub fn from_name(name: &str) -> Channel {
        match Channel::NAMES.iter().position(|n| n.eq_ignore_ascii_case(name)) {
            Some(at) => Channel::BUILT_IN[at].clone(),
            None => Channel::Other(name.into()),
        }
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        match self {
            Channel::Other(name) => name,
            built_in => {
                let at = Channel::BUILT_IN.iter().position(|c| c == built_in).unwrap_or_default();
                Channel::NAMES[at]
            }
        }
    }

    /// `note` and `skip` are no touch (format, section 3).
    pub fn is_touch(&self) -> bool {
        !matches!(self, Channel::Note | Channel::Skip)
    }

    /// Whether two people speak with each other by it: phone, meeting, visit, video, event.
    pub fn is_talk(&self) -> bool {
        matches!(self, Channel::Phone | Channel::Meeting | Channel::Visit | Channel::Video | Channel::Event)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Channel {
    /// By name for people; as its number, and the name where it is not built in, for the index.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            return s.serialize_str(self.as_str());
        }
        match Channel::BUILT_IN.iter().position(|c| c == self) {
            Some(number) => (number as u8, "").serialize(s),
            None => (u8::MAX, self.as_str()).serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Channel, D::Error> {
        if d.is_human_readable() {
            return Ok(Channel::from_name(&String::deserialize(d)?));
        }
        let (number, name) = <(u8, &str)>::deserialize(d)?;
        Ok(Channel::BUILT_IN.get(usize::from(number)).cloned().unwrap_or_else(|| Channel::Other(name.into())))
    }
}

/// A word of a log entry (format, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Word {
    In,
    Out,
    Reached,
    Voicemail,
    NoAnswer,
    Busy,
    NoShow,
    Cancelled,
    Bounced,
    NoReply,
}

impl Word {
    /// Every word, as written, in the format's order.
    pub const ALL: [(&str, Word); 10] = [
        ("in", Word::In),
        ("out", Word::Out),
        ("reached", Word::Reached),
        ("voicemail", Word::Voicemail),
        ("no-answer", Word::NoAnswer),
        ("busy", Word::Busy),
        ("no-show", Word::NoShow),
        ("cancelled", Word::Cancelled),
        ("bounced", Word::Bounced),
        ("no-reply", Word::NoReply),
    ];

    /// The word as written, in any case.
    pub fn from_name(name: &str) -> Option<Word> {
        Word::ALL.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, w)| *w)
    }
}

/// The words of one log entry, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(u16);

impl Words {
    /// Adds a word.
    pub fn insert(&mut self, word: Word) {
        self.0 |= 1 << word as u16;
    }

    /// Whether the word is there.
    pub fn has(self, word: Word) -> bool {
        self.0 & (1 << word as u16) != 0
    }

    /// The words as written, in the format's order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Word::ALL.into_iter().filter(move |(_, w)| self.has(*w)).map(|(n, _)| n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_by_name() {
        for (name, channel) in Channel::NAMES.into_iter().zip(Channel::BUILT_IN) {
            assert_eq!(Channel::from_name(name), channel);
            assert_eq!(channel.as_str(), name);
        }
        assert_eq!(Channel::from_name("Phone"), Channel::Phone);
        assert_eq!(Channel::from_name("fax").as_str(), "fax");
    }

    #[test]
    fn words_are_a_set() {
        let mut words = Words::default();
        words.insert(Word::NoReply);
        words.insert(Word::In);
        assert_eq!(words.names().collect::<Vec<_>>(), ["in", "no-reply"]);
        assert!(!words.has(Word::Out));
    }
}
