//! From the text of a query to its words, with the place of each.

use std::fmt;
use std::ops::Range;

use super::error::{Mistake, shown};

/// How a key is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// `:`, what one would mean by it: contains, is among, is.
    Fits,
    /// `=`, exactly.
    Is,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Op {
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Fits => ":",
            Op::Is => "=",
            Op::Less => "<",
            Op::AtMost => "<=",
            Op::More => ">",
            Op::AtLeast => ">=",
        }
    }

    /// Whether it asks for more or less rather than for the same.
    pub fn compares(self) -> bool {
        !matches!(self, Op::Fits | Op::Is)
    }

    /// The comparison seen from the other side: an older age is an earlier day.
    pub fn flipped(self) -> Op {
        match self {
            Op::Less => Op::More,
            Op::More => Op::Less,
            Op::AtMost => Op::AtLeast,
            Op::AtLeast => Op::AtMost,
            same => same,
        }
    }
}

/// A text of the query and the bytes it stands at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spanned {
    pub text: String,
    pub span: Range<usize>,
}

/// `key:value` as written; without a key, a word of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    pub key: Option<Spanned>,
    pub op: Op,
    /// None for `key:` alone.
    pub value: Option<Spanned>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    View(String),
    Term(Written),
}

/// Reads tokens one by one; a query is never split as a whole, so a mistake near its start ends the work.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

const QUOTES: [char; 3] = ['"', '“', '„'];

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Reads on to the first character that `ends`.
    fn until(&mut self, ends: impl Fn(char) -> bool) -> Spanned {
        let start = self.at;
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
        Spanned { text: self.text[start..self.at].to_owned(), span: start..self.at }
    }

    /// The next token and where it stands; nothing at the end of the query.
    pub fn read(&mut self) -> Result<Option<(Token, Range<usize>)>, Mistake> {
        self.until(|c| !c.is_whitespace());
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let token = match first {
            '(' | ')' => {
                self.at += 1;
                if first == '(' { Token::Open } else { Token::Close }
            }
            '-' => {
                self.at += 1;
                if self.peek().is_none_or(|c| c.is_whitespace() || c == ')') {
                    return Err(Mistake::new(start..self.at, "\"-\" stands alone")
                        .hint("put it right before what should not be, as in `-tag:hotel`"));
                }
                Token::Not
            }
            '@' => {
                self.at += 1;
                let name = self.text_or_quoted(Place::Value)?;
                if name.text.is_empty() {
                    return Err(Mistake::new(start..self.at, "\"@\" stands alone")
                        .hint("the name of a view follows it, as in `@hot`"));
                }
                Token::View(name.text)
            }
            _ => self.word_or_term(start)?,
        };
        Ok(Some((token, start..self.at)))
    }

    fn word_or_term(&mut self, start: usize) -> Result<Token, Mistake> {
        let quoted = self.peek().is_some_and(|c| QUOTES.contains(&c));
        let word = self.text_or_quoted(Place::WordOrKey)?;
        if let Some(op) = self.op(&word)? {
            if word.text.is_empty() {
                return Err(Mistake::new(start..self.at, format!("no key before \"{}\"", op.as_str()))
                    .hint("no space stands between key and value, as in `value>=10k`"));
            }
            let after_op = self.at;
            let quoted = self.peek().is_some_and(|c| QUOTES.contains(&c));
            let value = self.text_or_quoted(Place::Value)?;
            if let Some('(') = self.peek() {
                return Err(Mistake::new(self.at..self.at + 1, "a parenthesis inside a term").hint(format!(
                    "repeat the key, as in `({0}:a or {0}:b)`, or put the value in quotes",
                    shown(&word.text)
                )));
            }
            let value = (quoted || !value.text.is_empty()).then_some(value);
            if value.as_ref().is_none_or(|v| v.text.is_empty()) && op != Op::Fits {
                let key = shown(&word.text);
                return Err(Mistake::new(start..after_op, format!("nothing after \"{}\"", op.as_str()))
                    .hint(format!("`{key}:` asks whether it is there at all, `-{key}:` whether it is not")));
            }
            let value = value.filter(|v| !v.text.is_empty());
            return Ok(Token::Term(Written { key: Some(word), op, value }));
        }
        if quoted {
            return Ok(Token::Term(Written { key: None, op: Op::Fits, value: Some(word) }));
        }
        match word.text.to_ascii_lowercase().as_str() {
            "and" => return Ok(Token::And),
            "or" => return Ok(Token::Or),
            "not" => return Ok(Token::Not),
            "&" | "&&" => return Err(foreign(&word, "and")),
            "|" | "||" => return Err(foreign(&word, "or")),
            "!" => return Err(foreign(&word, "not")),
            _ => {}
        }
        match self.peek() {
            Some('(') => Err(Mistake::new(self.at..self.at + 1, "a parenthesis inside a word")
                .hint("put a space before it, or the whole in quotes")),
            _ => Ok(Token::Term(Written { key: None, op: Op::Fits, value: Some(word) })),
        }
    }

    /// The comparison that follows a key directly. `word` is what stands before it.
    fn op(&mut self, word: &Spanned) -> Result<Option<Op>, Mistake> {
        let start = self.at;
        let signs = self.rest().find(|c| !matches!(c, ':' | '=' | '<' | '>')).unwrap_or(self.rest().len());
        let signs = &self.rest()[..signs];
        let (op, width) = match signs.as_bytes() {
            [] => return Ok(None),
            [b'<', b'=', ..] => (Op::AtMost, 2),
            [b'>', b'=', ..] => (Op::AtLeast, 2),
            [b'<', ..] => (Op::Less, 1),
            [b'>', ..] => (Op::More, 1),
            [b'=', ..] => (Op::Is, 1),
            _ => (Op::Fits, 1),
        };
        let not = if self.text[..start].ends_with('!') { "!" } else { "" };
        if op != Op::Fits && signs.len() > width || !not.is_empty() {
            let key = word.text.trim_end_matches('!');
            let wrong = format!("{not}{signs}");
            let hint = match wrong.as_str() {
                "!=" | "!:" | "<>" => format!("put a minus before it, as in `-{}:…`", shown(key)),
                "==" => "write one \"=\"".to_owned(),
                "=>" => "write \">=\"".to_owned(),
                "=<" => "write \"<=\"".to_owned(),
                _ => "put a value that begins like this in quotes".to_owned(),
            };
            return Err(Mistake::new(
                start - not.len()..start + signs.len(),
                format!("no such comparison as \"{}\"", shown(&wrong)),
            )
            .hint(hint));
        }
        self.at += width;
        Ok(Some(op))
    }

    fn text_or_quoted(&mut self, place: Place) -> Result<Spanned, Mistake> {
        if self.peek().is_some_and(|c| QUOTES.contains(&c)) {
            return self.quoted(place);
        }
        let word = self.until(|c| place.ends(c));
        match self.peek() {
            Some('"') => Err(Mistake::new(self.at..self.at + 1, "a quote inside a word")
                .hint("quotes go around the whole of it; `\\\"` inside them stands for one")),
            _ => Ok(word),
        }
    }

    /// A text in quotes, which curly ones may be: phones put them unasked.
    fn quoted(&mut self, place: Place) -> Result<Spanned, Mistake> {
        let start = self.at;
        let straight = self.peek() == Some('"');
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' if chars.peek().is_some_and(|(_, c)| matches!(c, '\\' | '"' | '“' | '”')) => {
                    text.extend(chars.next().map(|(_, c)| c));
                }
                '"' if straight => return self.end_quote(start, offset + 1, text, place),
                '”' | '“' if !straight => {
                    return self.end_quote(start, offset + c.len_utf8(), text, place);
                }
                _ => text.push(c),
            }
        }
        let width = self.peek().map_or(0, char::len_utf8);
        Err(Mistake::new(start..start + width, "this quote is never closed")
            .hint("end it with another quote"))
    }

    fn end_quote(
        &mut self,
        start: usize,
        width: usize,
        text: String,
        place: Place,
    ) -> Result<Spanned, Mistake> {
        self.at = start + width;
        match self.peek() {
            Some(c) if !place.ends(c) || c == '"' => {
                Err(Mistake::new(self.at..self.at + c.len_utf8(), "no space after the closing quote")
                    .hint("`\\\"` stands for a quote inside quotes"))
            }
            _ => Ok(Spanned { text, span: start..self.at }),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    WordOrKey,
    Value,
}

impl Place {
    /// Whether `c` ends an unquoted text here. A value may hold what would end a key: `links:https://…`.
    fn ends(self, c: char) -> bool {
        c.is_whitespace()
            || matches!(c, '(' | ')' | '"')
            || self == Place::WordOrKey && matches!(c, ':' | '=' | '<' | '>')
    }
}

fn foreign(word: &Spanned, ours: &str) -> Mistake {
    Mistake::new(word.span.clone(), format!("\"{}\" means nothing here", word.text))
        .hint(format!("write `{ours}`, or quotes around it to look for it"))
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(key) = &self.key {
            write!(f, "{}{}", Quoted(&key.text), self.op.as_str())?;
        }
        match &self.value {
            Some(value) => write!(f, "{}", Quoted(&value.text)),
            None => Ok(()),
        }
    }
}

/// A text as a query must write it: in quotes where something in it would mean something else.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '+' | '-' | '@');
        let keyword = ["and", "or", "not"].iter().any(|k| self.0.eq_ignore_ascii_case(k));
        if !self.0.is_empty() && self.0.chars().all(plain) && !self.0.starts_with(['-', '@']) && !keyword {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        f.write_str("\"")
    }
}
