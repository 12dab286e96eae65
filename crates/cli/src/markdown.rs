//! Markdown for the terminal: headings, lists, boxes to tick, quotes, code and links as wrapped text.
//!
//! Every word goes through [`span`], which leaves nothing for a terminal to obey.

use std::io;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::plain::clean;
use crate::sheet::Sheet;
use crate::spans::{Span, span};
use crate::style::Role;

/// Deeper nesting is shown no deeper: there is no room for it.
const DEEPEST: usize = 12;

/// Writes the body of a contact. A first heading that only repeats `title` is left out.
pub fn write(sheet: &mut Sheet<'_>, markdown: &str, title: &str) -> io::Result<()> {
    let options = Options::ENABLE_TASKLISTS
        | Options::ENABLE_WIKILINKS
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH;
    let mut out = Renderer {
        sheet,
        title,
        is_first: true,
        is_blank: true,
        wants_gap: false,
        roles: vec![Role::Plain],
        inline: Vec::new(),
        nests: Vec::new(),
        mark: None,
        links: Vec::new(),
        in_heading: false,
        code: None,
    };
    for event in Parser::new_ext(markdown, options) {
        out.event(event)?;
    }
    out.flush()
}

/// Something that moves text in.
enum Nest {
    Quote,
    /// The number of the next item, where they are numbered.
    List(Option<u64>),
    Item,
}

struct Renderer<'s, 'p> {
    sheet: &'s mut Sheet<'p>,
    title: &'s str,
    is_first: bool,
    /// Nothing is written yet.
    is_blank: bool,
    wants_gap: bool,
    roles: Vec<Role>,
    inline: Vec<Span>,
    nests: Vec<Nest>,
    /// What stands before the next text: a bullet, a number, a box.
    mark: Option<String>,
    links: Vec<Option<String>>,
    in_heading: bool,
    code: Option<String>,
}

impl Renderer<'_, '_> {
    fn event(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                match &mut self.code {
                    Some(code) => code.push_str(&text),
                    None => self.push(&text),
                }
                Ok(())
            }
            Event::Code(code) => {
                self.inline.push(span(Role::Command, &code));
                Ok(())
            }
            Event::SoftBreak => {
                self.push(" ");
                Ok(())
            }
            Event::HardBreak => {
                let mark = self.mark.clone().map(|mark| " ".repeat(crate::width::width(&mark)));
                self.flush()?;
                self.mark = mark;
                Ok(())
            }
            Event::TaskListMarker(done) => {
                self.mark = Some(if done { "☑" } else { "☐" }.to_owned());
                Ok(())
            }
            Event::Rule => {
                self.flush()?;
                self.gap()?;
                self.sheet.text(&[span(Role::Dim, "* * *")])?;
                self.wants_gap = true;
                Ok(())
            }
            // Comments and raw HTML are shown as they stand: nothing of the file is hidden.
            Event::Html(html) | Event::InlineHtml(html) => {
                self.inline.push(span(Role::Dim, &html));
                Ok(())
            }
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text);
                Ok(())
            }
        }
    }

    fn push(&mut self, text: &str) {
        let role = self.roles.last().copied().unwrap_or(Role::Plain);
        self.inline.push(span(role, text));
    }

    fn start(&mut self, tag: Tag<'_>) -> io::Result<()> {
        match tag {
            Tag::Paragraph if self.inline.is_empty() => {}
            Tag::Paragraph => self.flush()?,
            Tag::Heading { .. } => {
                self.flush()?;
                self.in_heading = true;
                self.roles.push(Role::Strong);
            }
            Tag::BlockQuote(_) => {
                self.flush()?;
                self.nests.push(Nest::Quote);
            }
            Tag::List(first) => {
                self.flush()?;
                // A list within an item belongs to it.
                self.wants_gap &= self.nests.is_empty();
                self.nests.push(Nest::List(first));
            }
            Tag::Item => {
                self.flush()?;
                let mark = match self.nests.iter_mut().rev().find(|nest| matches!(nest, Nest::List(_))) {
                    Some(Nest::List(Some(number))) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "-".to_owned(),
                };
                self.mark = Some(mark);
                self.nests.push(Nest::Item);
            }
            Tag::CodeBlock(kind) => {
                self.flush()?;
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    self.inline.push(span(Role::Dim, &language));
                    self.flush()?;
                }
                self.code = Some(String::new());
            }
            Tag::Emphasis | Tag::Strikethrough => {
                self.roles.push(self.roles.last().copied().unwrap_or(Role::Plain))
            }
            Tag::Strong => self.roles.push(Role::Strong),
            Tag::Link { link_type, dest_url, .. } => {
                // A wikilink is its own address, and so is an address in angle brackets.
                let shows_itself =
                    matches!(link_type, LinkType::WikiLink { .. } | LinkType::Autolink | LinkType::Email);
                self.links.push((!shows_itself).then(|| dest_url.to_string()));
                self.roles.push(Role::Way);
            }
            Tag::Image { dest_url, .. } => {
                self.links.push(Some(dest_url.to_string()));
                self.roles.push(Role::Way);
            }
            Tag::TableRow | Tag::TableHead => self.flush()?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> io::Result<()> {
        match tag {
            TagEnd::Paragraph => {
                self.flush()?;
                self.wants_gap = !self.nests.iter().any(|nest| matches!(nest, Nest::List(_)));
            }
            TagEnd::Heading(_) => {
                self.roles.pop();
                self.in_heading = false;
                let text: String = self.inline.iter().map(|span| span.text.as_str()).collect();
                if self.is_first && text.trim() == clean(self.title).trim() {
                    self.inline.clear();
                } else {
                    self.wants_gap = true;
                    self.flush()?;
                    self.wants_gap = true;
                }
                self.is_first = false;
            }
            TagEnd::BlockQuote(_) => {
                self.flush()?;
                self.nests.pop();
                self.wants_gap = true;
            }
            TagEnd::List(_) => {
                self.flush()?;
                self.nests.pop();
                self.wants_gap = self.nests.is_empty();
            }
            TagEnd::Item => {
                self.flush()?;
                self.mark = None;
                self.nests.pop();
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.gap()?;
                let indent = self.indent() + 4;
                for line in code.lines() {
                    // The white space of code means something.
                    let blanks = line.len() - line.trim_start().len();
                    self.sheet
                        .indented(indent + blanks.min(40), &[span(Role::Command, line.trim_start())])?;
                }
                self.wants_gap = true;
            }
            TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Strong => {
                self.roles.pop();
            }
            TagEnd::Link | TagEnd::Image => {
                self.roles.pop();
                if let Some(url) = self.links.pop().flatten() {
                    self.inline.push(span(Role::Dim, format!(" ({url})")));
                }
            }
            TagEnd::TableCell => self.push("  "),
            TagEnd::TableRow | TagEnd::TableHead => self.flush()?,
            TagEnd::Table | TagEnd::HtmlBlock => {
                self.flush()?;
                self.wants_gap = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn indent(&self) -> usize {
        let nests = self.nests.iter().filter(|nest| !matches!(nest, Nest::List(_))).count();
        nests.min(DEEPEST) * 2
    }

    fn gap(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.wants_gap) && !self.is_blank {
            self.sheet.gap()?;
        }
        self.is_blank = false;
        self.is_first = false;
        Ok(())
    }

    /// Writes the text so far as a block of its own.
    fn flush(&mut self) -> io::Result<()> {
        let inline = std::mem::take(&mut self.inline);
        let mark = self.mark.take();
        if inline.iter().all(|span| span.text.trim().is_empty()) && mark.is_none() {
            return Ok(());
        }
        if self.is_first && self.in_heading {
            self.inline = inline;
            return Ok(());
        }
        self.gap()?;
        let indent = self.indent();
        match mark {
            Some(mark) => self.sheet.hanging(&format!("{:1$}{mark}", "", indent.saturating_sub(2)), &inline),
            None => self.sheet.indented(indent, &inline),
        }
    }
}
