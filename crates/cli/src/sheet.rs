//! A page of labels and what belongs to them, wrapped to the terminal: `brief`, `show`.

use std::io::{self, Write};

use crate::page::Page;
use crate::spans::{self, Span, span};
use crate::style::Role;
use crate::width::{fit, pad, width};

/// What stands before a label.
const INDENT: usize = 2;
/// The columns of a label.
const LABEL: usize = 12;
/// Longer lines are hard to read, however wide the terminal.
const WIDEST: usize = 100;

/// A page with labels on the left.
pub struct Sheet<'p> {
    page: &'p mut Page,
    most: Option<usize>,
    last_label: String,
}

impl<'p> Sheet<'p> {
    pub fn new(page: &'p mut Page) -> Sheet<'p> {
        let most = page.width.map(|columns| columns.min(WIDEST));
        Sheet { page, most, last_label: String::new() }
    }

    /// Whole lines from the left edge.
    pub fn text(&mut self, spans: &[Span]) -> io::Result<()> {
        self.indented(0, spans)
    }

    /// Whole lines, `indent` columns in.
    pub fn indented(&mut self, indent: usize, spans: &[Span]) -> io::Result<()> {
        let most = self.most.map(|most| most.saturating_sub(indent));
        for line in spans::wrap(spans, most) {
            let line = spans::paint(&line, self.page.paint);
            writeln!(self.page, "{:indent$}{}", "", line.trim_end())?;
        }
        Ok(())
    }

    /// A mark at the left edge, and lines that hang under their own beginning.
    pub fn hanging(&mut self, mark: &str, spans: &[Span]) -> io::Result<()> {
        let indent = width(mark) + 1;
        let most = self.most.map(|most| most.saturating_sub(indent).max(10));
        for (at, line) in spans::wrap(spans, most).iter().enumerate() {
            let line = spans::paint(line, self.page.paint);
            let before = if at == 0 { mark } else { "" };
            writeln!(self.page, "{} {}", pad(before, indent - 1), line.trim_end())?;
        }
        Ok(())
    }

    /// An empty line.
    pub fn gap(&mut self) -> io::Result<()> {
        self.last_label.clear();
        writeln!(self.page)
    }

    /// A label and what belongs to it. A label that was the last one's too is not repeated.
    pub fn row(&mut self, label: &str, spans: &[Span]) -> io::Result<()> {
        self.hung(label, "", spans, None)
    }

    /// The same in plain text; nothing where the text is empty.
    pub fn plain(&mut self, label: &str, text: &str) -> io::Result<()> {
        if text.trim().is_empty() { Ok(()) } else { self.row(label, &[span(Role::Plain, text)]) }
    }

    /// The same with something hung out before the text, under which it is wrapped; of a text that takes more than
    /// `lines` lines of a terminal the rest is left out.
    pub fn hung(&mut self, label: &str, mark: &str, spans: &[Span], lines: Option<usize>) -> io::Result<()> {
        let shown = if self.last_label == label { "" } else { label };
        let shown = self.page.paint(Role::Dim, pad(shown, LABEL)).to_string();
        let hang = if mark.is_empty() { 0 } else { width(mark) + 1 };
        let indent = INDENT + LABEL + hang;
        let most = self.most.map(|most| most.saturating_sub(indent).max(10));
        let mut wrapped = spans::wrap(spans, most);
        if let (Some(lines), Some(most)) = (lines, most)
            && wrapped.len() > lines
        {
            wrapped.truncate(lines);
            if let Some(last) = wrapped.last_mut().and_then(|line| line.last_mut()) {
                let longer = format!("{} …", last.text);
                last.text = if width(&longer) <= most { longer } else { fit(&longer, most).into_owned() };
            }
        }
        for (at, line) in wrapped.iter().enumerate() {
            let line = spans::paint(line, self.page.paint);
            match (at, hang) {
                (0, 0) => writeln!(self.page, "{:INDENT$}{shown}{}", "", line.trim_end())?,
                (0, _) => writeln!(self.page, "{:INDENT$}{shown}{mark} {}", "", line.trim_end())?,
                _ => writeln!(self.page, "{:indent$}{}", "", line.trim_end())?,
            }
        }
        self.last_label = label.to_owned();
        Ok(())
    }
}
