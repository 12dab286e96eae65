//! From the words of a query to its tree: `not` binds closest, then "and", then `or`.

use std::ops::Range;

use super::error::{Mistake, QueryError, near, shown};
use super::term::Test;
use super::token::{Token, Tokens};
use super::{Context, Node, Term};

/// How deep parentheses and views may be nested. Every level is one of the program's own calls, here and when
/// contacts are matched.
const DEEPEST: usize = 100;

/// How many views one query may lead to: views of views could double with each line of the settings.
const MOST_VIEWS: usize = 1000;

/// Reads a query and all the views that it leads to.
pub(super) fn parse(text: &str, context: &Context<'_>) -> Result<Node, QueryError> {
    let mut views = Views { open: Vec::new(), read: 0 };
    Parser::new(text, context, &mut views, 0).whole()
}

/// The views on the way to the text that is being read, and how many were read in all.
struct Views {
    open: Vec<String>,
    read: usize,
}

/// What went wrong: here, or in the text of a view, where it has its place already.
enum Wrong {
    Here(Mistake),
    InView(Box<QueryError>),
}

impl From<Mistake> for Wrong {
    fn from(mistake: Mistake) -> Wrong {
        Wrong::Here(mistake)
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    /// The token read last and not yet used.
    next: Option<(Token, Range<usize>)>,
    context: &'a Context<'a>,
    views: &'a mut Views,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, context: &'a Context<'a>, views: &'a mut Views, depth: usize) -> Parser<'a> {
        Parser { text, tokens: Tokens::new(text), next: None, context, views, depth }
    }

    fn whole(mut self) -> Result<Node, QueryError> {
        let text = self.text;
        self.root().map_err(|wrong| match wrong {
            Wrong::Here(mistake) => mistake.in_text(text, self.views.open.last().map(String::as_str)),
            Wrong::InView(error) => *error,
        })
    }

    fn root(&mut self) -> Result<Node, Wrong> {
        self.advance()?;
        if self.next.is_none() {
            return Ok(Node::All(Vec::new()));
        }
        let node = self.either()?;
        match self.next.take() {
            // Everything else begins a term, so `either` would have gone on.
            Some((_, span)) => Err(Mistake::new(span, "this \")\" closes nothing").into()),
            None => Ok(node),
        }
    }

    fn advance(&mut self) -> Result<(), Mistake> {
        self.next = self.tokens.read()?;
        Ok(())
    }

    fn peek(&self) -> Option<&Token> {
        self.next.as_ref().map(|(token, _)| token)
    }

    /// Where the token at hand stands; at the end, the place after the last.
    fn here(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.next.as_ref().map_or(end..end, |(_, span)| span.clone())
    }

    /// `a b or c`.
    fn either(&mut self) -> Result<Node, Wrong> {
        let mut nodes = vec![self.both("at the start")?];
        while self.peek() == Some(&Token::Or) {
            self.advance()?;
            nodes.push(self.both("after \"or\"")?);
        }
        Ok(Node::any(nodes))
    }

    /// `a b`, `a and b`.
    fn both(&mut self, place: &str) -> Result<Node, Wrong> {
        let mut nodes = vec![self.negated(place)?];
        loop {
            match self.peek() {
                None | Some(Token::Or | Token::Close) => return Ok(Node::all(nodes)),
                Some(Token::And) => {
                    self.advance()?;
                    nodes.push(self.negated("after \"and\"")?);
                }
                Some(_) => nodes.push(self.negated("")?),
            }
        }
    }

    /// `not a`, `-a`. A loop, so that any number of them costs no depth.
    fn negated(&mut self, place: &str) -> Result<Node, Wrong> {
        let (mut negate, mut place) = (false, place);
        while self.peek() == Some(&Token::Not) {
            (negate, place) = (!negate, "after \"not\"");
            self.advance()?;
        }
        let node = self.single(place)?;
        Ok(if negate { Node::not(node) } else { node })
    }

    fn single(&mut self, place: &str) -> Result<Node, Wrong> {
        let span = self.here();
        let node = match self.next.take() {
            Some((Token::Open, span)) => return self.group(span),
            Some((Token::Term(written), _)) => {
                let test = Test::new(&written, self.context)?;
                Node::Term(Box::new(Term { written: written.to_string(), test }))
            }
            Some((Token::View(name), span)) => self.view(&name, span)?,
            None => return Err(missing(span, place).into()),
            Some((token, span)) => {
                let stop =
                    Mistake::new(span.clone(), format!("a term is missing before \"{}\"", &self.text[span]));
                return Err(match token {
                    Token::Close => stop,
                    _ => stop.hint("put quotes around the word to look for it"),
                }
                .into());
            }
        };
        self.advance()?;
        Ok(node)
    }

    fn group(&mut self, open: Range<usize>) -> Result<Node, Wrong> {
        if self.depth == DEEPEST {
            return Err(Mistake::new(open, format!("more than {DEEPEST} levels deep")).into());
        }
        self.depth += 1;
        self.advance()?;
        let node = match self.peek() {
            Some(Token::Close) => Node::All(Vec::new()),
            None => return Err(unclosed(open)),
            Some(_) => self.either()?,
        };
        if self.peek() != Some(&Token::Close) {
            return Err(unclosed(open));
        }
        self.advance()?;
        self.depth -= 1;
        Ok(node)
    }

    /// The query of a view, in place of its name.
    fn view(&mut self, name: &str, span: Range<usize>) -> Result<Node, Wrong> {
        let settings = self.context.settings;
        let Some(query) = settings.view(name) else {
            let names = settings.views.iter().map(|(name, _)| name.as_str());
            let all = names.clone().map(|n| format!("`@{n}`")).collect::<Vec<_>>().join(", ");
            let hint = if name == "me" || settings.member(name).is_some() {
                format!("`owner:{name}` asks whose they are")
            } else {
                match near(name, names) {
                    Some(meant) => format!("did you mean `@{meant}`?"),
                    None if all.is_empty() => "tickler.toml names no view yet".to_owned(),
                    None => format!("one of {all}"),
                }
            };
            return Err(Mistake::new(span, format!("no view \"{}\"", shown(name))).hint(hint).into());
        };
        if let Some(at) = self.views.open.iter().position(|open| open == name) {
            let round = [&self.views.open[at..], &[name.to_owned()]].concat();
            let round = round.iter().map(|n| format!("@{n}")).collect::<Vec<_>>().join(" → ");
            return Err(Mistake::new(span, format!("the view leads to itself: {round}")).into());
        }
        self.views.read += 1;
        if self.views.read > MOST_VIEWS {
            return Err(Mistake::new(span, format!("more than {MOST_VIEWS} views in one query")).into());
        }
        if self.depth == DEEPEST {
            return Err(Mistake::new(span, format!("more than {DEEPEST} levels deep")).into());
        }
        self.views.open.push(name.to_owned());
        let node = Parser::new(query, self.context, self.views, self.depth + 1)
            .whole()
            .map_err(|error| Wrong::InView(Box::new(error)))?;
        self.views.open.pop();
        Ok(node)
    }
}

fn missing(span: Range<usize>, place: &str) -> Mistake {
    Mistake::new(span, format!("nothing {place}"))
}

fn unclosed(open: Range<usize>) -> Wrong {
    Mistake::new(open, "this \"(\" is never closed")
        .hint("close it with `)`, or put quotes around it to look for it")
        .into()
}
