//! A content line of a card (RFC 6350, section 3.3) in one form, whatever the version that it was read from.
//!
//! The value stays as it is written, escapes and all, so that a property that nothing here knows comes out as it went
//! in. That is why the crate `calcard`, which reads values and writes them anew, only judges the result (see the tests).

use std::fmt;

/// A content line, unfolded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// What stands before the dot: `item1`.
    pub group: Option<String>,
    /// The property, in capitals: `TEL`.
    pub name: String,
    /// Its parameters, in the file's order.
    pub params: Vec<Param>,
    /// The value as written, without line breaks.
    pub value: String,
}

/// A parameter of a line: `TYPE=work,voice`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Param {
    /// In capitals: `TYPE`.
    pub name: String,
    /// Its values, plain.
    pub values: Vec<String>,
}

impl Line {
    /// A line with that value, which is written as it stands.
    pub fn raw(name: &str, value: impl Into<String>) -> Line {
        Line { group: None, name: name.to_owned(), params: Vec::new(), value: value.into() }
    }

    /// A line whose value is one text.
    pub fn text(name: &str, text: &str) -> Line {
        Line::raw(name, escape(text))
    }

    /// A line whose value has parts, each a text.
    pub fn parts(name: &str, parts: &[&str]) -> Line {
        let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
        Line::raw(name, parts.join(";"))
    }

    /// Reads an unfolded line; none where it is no content line.
    pub fn parse(text: &str) -> Option<Line> {
        let colon = find(text, ':', 0)?;
        let (head, value) = (&text[..colon], &text[colon + 1..]);
        let mut pieces = pieces(head, ';');
        let named = pieces.next()?.trim();
        let (group, name) = match named.rsplit_once('.') {
            Some((group, name)) => (Some(group.to_owned()), name),
            None => (None, named),
        };
        if !is_token(name) || !group.as_deref().is_none_or(is_token) {
            return None;
        }
        let params = pieces.filter_map(Param::parse).collect();
        Some(Line { group, name: name.to_ascii_uppercase(), params, value: value.to_owned() })
    }

    /// The line with one more parameter.
    pub fn with(mut self, name: &str, values: &[&str]) -> Line {
        if !values.is_empty() {
            let values = values.iter().map(|value| (*value).to_owned()).collect();
            self.params.push(Param { name: name.to_owned(), values });
        }
        self
    }

    /// The values of a parameter, of all that have that name.
    pub fn param<'l>(&'l self, name: &'l str) -> impl Iterator<Item = &'l str> {
        self.params
            .iter()
            .filter(move |param| param.name == name)
            .flat_map(|param| param.values.iter())
            .map(String::as_str)
    }

    /// Takes a parameter away and gives its values.
    pub fn take(&mut self, name: &str) -> Vec<String> {
        let mut taken = Vec::new();
        self.params.retain_mut(|param| {
            let is_it = param.name == name;
            if is_it {
                taken.append(&mut param.values);
            }
            !is_it
        });
        taken
    }

    /// The value as one text, on as many lines as it has.
    pub fn plain(&self) -> String {
        unescape(&self.value)
    }

    /// The parts of the value, and the values of each: `Stevenson;John;Philip,Paul`.
    pub fn components(&self) -> Vec<Vec<String>> {
        split(&self.value, ';').map(list).collect()
    }
}

impl fmt::Display for Line {
    /// As it stands in a card, unfolded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(group) = &self.group {
            write!(f, "{group}.")?;
        }
        f.write_str(&self.name)?;
        for param in &self.params {
            write!(f, ";{param}")?;
        }
        write!(f, ":{}", self.value)
    }
}

impl Param {
    /// `NAME=value,"value"`; a bare word of vCard 2.1 is a `TYPE`.
    fn parse(text: &str) -> Option<Param> {
        let text = text.trim();
        let Some((name, values)) = text.split_once('=') else {
            return (!text.is_empty())
                .then(|| Param { name: "TYPE".to_owned(), values: vec![unquote(text)] });
        };
        let name = name.trim().to_ascii_uppercase();
        let values: Vec<String> = pieces(values, ',').map(|value| unquote(value.trim())).collect();
        // Some write a list of types into one pair of quotes, as the RFC's own examples do, and labels as values are.
        let values = match name.as_str() {
            "TYPE" => {
                values.iter().flat_map(|value| value.split(',')).map(|one| one.trim().to_owned()).collect()
            }
            "LABEL" => values.iter().map(|value| unescape(value).trim_matches('\\').to_owned()).collect(),
            _ => values,
        };
        is_token(&name).then_some(Param { name, values })
    }
}

impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (at, value) in self.values.iter().enumerate() {
            f.write_str(if at == 0 { "=" } else { "," })?;
            // A backslash before the quote that ends it has some readers go on behind it.
            let value = caret(value.trim_end_matches('\\'));
            // Blanks at the ends would go where it is read again.
            if value.contains([':', ';', ',', ' ', '\t']) {
                write!(f, "\"{value}\"")?
            } else {
                f.write_str(&value)?
            }
        }
        Ok(())
    }
}

/// Whether it may be the name of a property, a parameter or a group.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Where the mark stands first outside quotes, from that byte on.
fn find(text: &str, mark: char, from: usize) -> Option<usize> {
    let mut quoted = false;
    text[from..].char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == mark && !quoted).then_some(from + at)
    })
}

/// The pieces between marks outside quotes.
fn pieces(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let begin = from?;
        let end = find(text, mark, begin);
        from = end.map(|at| at + mark.len_utf8());
        Some(&text[begin..end.unwrap_or(text.len())])
    })
}

/// A value of a parameter without its quotes and carets (RFC 6868).
fn unquote(text: &str) -> String {
    let text = text.replace('"', "");
    if !text.contains('^') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('^', Some('n')) => '\n',
            ('^', Some('\'')) => '"',
            ('^', Some('^')) => '^',
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push(meant);
        chars.next();
    }
    out
}

/// A value of a parameter with carets for what may not stand in it (RFC 6868).
fn caret(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\n' => out.push_str("^n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A text as a value, or a part of one (RFC 6350, section 3.4).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            // What steers a terminal says nothing.
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// The text that a value, or a part of one, says. What the standard gives no meaning keeps its backslash, but for the
/// marks that Google and Apple escape too.
pub fn unescape(value: &str) -> String {
    if !value.contains('\\') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('\\', Some('n' | 'N')) => '\n',
            ('\\', Some(next @ ('\\' | ',' | ';' | ':' | '"'))) => *next,
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push(meant);
        chars.next();
    }
    out
}

/// The parts between marks that no backslash escapes, as written.
pub fn split(value: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let end = text.char_indices().find_map(|(at, c)| {
            let ends = c == mark && !escaped;
            escaped = c == '\\' && !escaped;
            ends.then_some(at)
        });
        rest = end.map(|at| &text[at + mark.len_utf8()..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// The values of a list, plain, without those that are empty.
pub fn list(value: &str) -> Vec<String> {
    split(value, ',').map(|one| unescape(one).trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// The text on one line, with single blanks.
pub fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_written() {
        for (text, written) in [
            ("TEL:1", "TEL:1"),
            ("tel;cell;PREF:1", "TEL;TYPE=cell;TYPE=PREF:1"),
            (
                "item1.TEL;type=\"work,voice\";X-a=\"b:c;d\":1;ext=2",
                "item1.TEL;TYPE=work,voice;X-A=\"b:c;d\":1;ext=2",
            ),
            ("ADR;LABEL=\"a^nb^'c^^\":;;x", "ADR;LABEL=a^nb^'c^^:;;x"),
            ("ADR;LABEL=\\\"a\\nb\\, c\\\":;;x", "ADR;LABEL=\"a^nb, c\":;;x"),
            ("NOTE:a:b;c", "NOTE:a:b;c"),
            ("N:", "N:"),
        ] {
            let line = Line::parse(text).unwrap();
            assert_eq!(line.to_string(), written);
            assert_eq!(Line::parse(written), Some(line), "{written}");
        }
        for none in ["", "no colon", ":x", "two words:x", "a b.TEL:1", "TEL;X=\"open:1"] {
            assert_eq!(Line::parse(none), None, "{none}");
        }
    }

    #[test]
    fn texts_are_escaped_and_read_back() {
        for (text, written) in [("a, b; c\\d\ne:f", "a\\, b\\; c\\\\d\\ne:f"), ("", ""), ("\\n", "\\\\n")] {
            assert_eq!(escape(text), written);
            assert_eq!(unescape(written), text);
        }
        assert_eq!(unescape("http\\://x \\\"a\\\" C:\\temp\\N\\"), "http://x \"a\" C:\\temp\n\\");
    }

    #[test]
    fn values_have_parts() {
        let line = Line::raw("N", "Stevenson\\;x;John;Philip,Paul,;;");
        assert_eq!(
            line.components(),
            [vec!["Stevenson;x"], vec!["John"], vec!["Philip", "Paul"], vec![], vec![]]
        );
    }
}
