//! The front matter as it is written: each statement with the places of its keys, values, commas and line.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind, parse_document};

use super::lines::{line_end, line_start};

/// The statements of a TOML text, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub statements: Vec<Statement>,
}

/// A header or a pair. Places count in the TOML text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    /// Its lines, with indentation, trailing comment and line end.
    pub lines: Range<usize>,
    /// The names in it, as written there: `a.b` of `a.b = 1` and of `[a.b]`.
    pub names: Vec<Name>,
    pub kind: Kind,
    /// The names of the header that it stands below; of a header, none.
    pub scope: Vec<String>,
    /// It is part of an array of tables, which no path leads to.
    pub in_array: bool,
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// `[a]`
    Header,
    /// `[[a]]`
    ArrayHeader,
    /// `a = 1`
    Pair(Written),
}

/// One part of a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    pub name: String,
    pub span: Range<usize>,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub span: Range<usize>,
    pub shape: Shape,
}

/// What a value is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Scalar,
    List(Vec<Member>),
    Table(Vec<Member>),
}

/// An element of a list, or a pair of an inline table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// From its key, where it has one, to the end of its value.
    pub span: Range<usize>,
    /// Of a pair.
    pub names: Vec<Name>,
    pub value: Written,
    /// Where the comma after it ends.
    pub comma: Option<usize>,
}

impl Statement {
    /// The whole path of what it names.
    pub fn path(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.scope.iter().map(String::as_str).chain(self.names.iter().map(|name| name.name.as_str()))
    }

    pub fn depth(&self) -> usize {
        self.scope.len() + self.names.len()
    }

    /// Whether its path begins with `path`, or is it.
    pub fn is_at_or_below(&self, path: &[&str]) -> bool {
        self.depth() >= path.len() && self.path().zip(path).all(|(a, b)| a == *b)
    }

    /// Whether its path is `path` or a part that `path` begins with.
    pub fn is_at_or_above(&self, path: &[&str]) -> bool {
        self.depth() <= path.len() && self.path().zip(path).all(|(a, b)| a == *b)
    }

    pub fn is_header(&self) -> bool {
        !matches!(self.kind, Kind::Pair(_))
    }

    pub fn value(&self) -> Option<&Written> {
        match &self.kind {
            Kind::Pair(value) => Some(value),
            _ => None,
        }
    }
}

impl Sheet {
    /// Takes the text of a front matter apart. It must be TOML: the crate `toml` has read it.
    pub fn of(toml: &str) -> Sheet {
        let source = Source::new(toml);
        let tokens = source.lex().into_vec();
        let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
        parse_document(&tokens, &mut events, &mut ());
        events.retain(|event| {
            !matches!(
                event.kind(),
                EventKind::Whitespace | EventKind::Comment | EventKind::Newline | EventKind::Error
            )
        });
        let mut reader = Reader { toml, source, events: &events, at: 0 };
        let mut statements = Vec::new();
        let mut scope: Vec<String> = Vec::new();
        let mut arrays: Vec<Vec<String>> = Vec::new();
        let mut in_array = false;
        while let Some(mut statement) = reader.statement() {
            if statement.is_header() {
                scope = statement.names.iter().map(|name| name.name.clone()).collect();
                if statement.kind == Kind::ArrayHeader {
                    arrays.push(scope.clone());
                }
                in_array = arrays.iter().any(|array| scope.starts_with(array));
            } else {
                statement.scope.clone_from(&scope);
            }
            statement.in_array = in_array;
            statements.push(statement);
        }
        Sheet { statements }
    }

    /// Where the first header stands, counted in statements; all of them where there is none.
    pub fn root_len(&self) -> usize {
        self.statements.iter().position(Statement::is_header).unwrap_or(self.statements.len())
    }
}

struct Reader<'a> {
    toml: &'a str,
    source: Source<'a>,
    events: &'a [Event],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<EventKind> {
        self.events.get(self.at).map(Event::kind)
    }

    fn next(&mut self) -> Option<Event> {
        let event = self.events.get(self.at).copied();
        self.at += 1;
        event
    }

    fn eat(&mut self, kind: EventKind) -> Option<Range<usize>> {
        (self.peek() == Some(kind)).then(|| self.next().map(|event| range(&event))).flatten()
    }

    fn statement(&mut self) -> Option<Statement> {
        let first = range(self.events.get(self.at)?);
        let (names, kind, end) = match self.peek()? {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                let open = self.next()?.kind();
                let names = self.names();
                let close = self.next()?;
                let kind = if open == EventKind::StdTableOpen { Kind::Header } else { Kind::ArrayHeader };
                (names, kind, range(&close).end)
            }
            _ => {
                let names = self.names();
                self.eat(EventKind::KeyValSep)?;
                let value = self.value()?;
                let end = value.span.end;
                (names, Kind::Pair(value), end)
            }
        };
        let lines = line_start(self.toml, first.start)..line_end(self.toml, end);
        Some(Statement { lines, names, kind, scope: Vec::new(), in_array: false })
    }

    fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while self.peek() == Some(EventKind::SimpleKey) {
            let Some(event) = self.next() else { break };
            let mut name = Cow::Borrowed("");
            if let Some(raw) = self.source.get(event) {
                raw.decode_key(&mut name, &mut ());
            }
            names.push(Name { name: name.into_owned(), span: range(&event) });
            self.eat(EventKind::KeySep);
        }
        names
    }

    fn value(&mut self) -> Option<Written> {
        let event = self.next()?;
        let start = range(&event).start;
        let (shape, end) = match event.kind() {
            EventKind::ArrayOpen => {
                let members = self.members(EventKind::ArrayClose)?;
                (Shape::List(members.0), members.1)
            }
            EventKind::InlineTableOpen => {
                let members = self.members(EventKind::InlineTableClose)?;
                (Shape::Table(members.0), members.1)
            }
            _ => (Shape::Scalar, range(&event).end),
        };
        Some(Written { span: start..end, shape })
    }

    /// The members up to the closing mark, and where that ends.
    fn members(&mut self, close: EventKind) -> Option<(Vec<Member>, usize)> {
        let mut members = Vec::new();
        loop {
            if let Some(end) = self.eat(close) {
                return Some((members, end.end));
            }
            let names = self.names();
            self.eat(EventKind::KeyValSep);
            let value = self.value()?;
            let start = names.first().map_or(value.span.start, |name| name.span.start);
            let comma = self.eat(EventKind::ValueSep).map(|comma| comma.end);
            members.push(Member { span: start..value.span.end, names, value, comma });
        }
    }
}

fn range(event: &Event) -> Range<usize> {
    event.span().start()..event.span().end()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each statement as `scope|path|value|line`.
    fn told(toml: &str) -> Vec<String> {
        let describe = |value: &Written| match &value.shape {
            Shape::Scalar => toml[value.span.clone()].to_owned(),
            Shape::List(members) | Shape::Table(members) => {
                let all: Vec<_> = members
                    .iter()
                    .map(|m| format!("{}{}", &toml[m.span.clone()], if m.comma.is_some() { ";" } else { "" }))
                    .collect();
                format!("<{}>", all.join(" "))
            }
        };
        let line = |s: &Statement| {
            let path: Vec<_> = s.path().collect();
            let value = s.value().map_or(format!("{:?}", s.kind), describe);
            let array = if s.in_array { "*" } else { "" };
            format!("{array}{}|{value}|{}", path.join("/"), toml[s.lines.clone()].trim_end())
        };
        Sheet::of(toml).statements.iter().map(line).collect()
    }

    #[test]
    fn statements_and_their_places() {
        let toml = "# head\n  a = 1 # one\r\n\"b c\".'d' = [\n 1, # x\n {e = 2,},\n]\n[t.u]\nv = {}\n[[w]]\nx = 1\n[w.y]\nz=1\n[n]\n";
        assert_eq!(
            told(toml),
            [
                "a|1|  a = 1 # one",
                "b c/d|<1; {e = 2,};>|\"b c\".'d' = [\n 1, # x\n {e = 2,},\n]",
                "t/u|Header|[t.u]",
                "t/u/v|<>|v = {}",
                "*w|ArrayHeader|[[w]]",
                "*w/x|1|x = 1",
                "*w/y|Header|[w.y]",
                "*w/y/z|1|z=1",
                "n|Header|[n]",
            ]
        );
        assert_eq!(Sheet::of(toml).root_len(), 2);
    }
}
