//! The body of a contact: CommonMark with task lists and wikilinks, to log, promises and links.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::body_scan;
use super::log::{self, one_line};
use super::place::Place;
use super::promise;
use crate::contact::{Entry, Link, LinkTarget, Promise};
use crate::date::Date;
use crate::problem::{Position, Problem};
use crate::settings::Settings;

/// What the body says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    /// The first level-1 heading that is not the log's.
    pub heading: Option<String>,
    /// In order of time, oldest first.
    pub log: Vec<Entry>,
    pub promises: Vec<Promise>,
    pub links: Vec<Link>,
}

/// The Markdown that bodies are written in.
pub(crate) fn options() -> Options {
    Options::ENABLE_TASKLISTS | Options::ENABLE_WIKILINKS
}

/// Reads the body, which lies at the bytes `body` of `text`.
pub(super) fn read(text: &str, body: Range<usize>, settings: &Settings, problems: &mut Vec<Problem>) -> Body {
    let mut read = match body_scan::scan(text, body.clone(), settings) {
        Some(read) => read,
        None => walk(text, body, settings, problems),
    };
    sort(&mut read.log);
    read
}

/// Reads all of CommonMark, with the crate `pulldown-cmark`; the log is in the file's order.
pub(super) fn walk(text: &str, body: Range<usize>, settings: &Settings, problems: &mut Vec<Problem>) -> Body {
    let base = body.start;
    let source = &text[body];
    let mut walk = Walk {
        source,
        settings,
        place: Place::new(text, base),
        body: Body::default(),
        problems,
        open: Vec::new(),
        heading: None,
        log_level: None,
        link: None,
    };
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        walk.event(event, range);
    }
    walk.body
}

/// Oldest first: by date, then by time (none comes before any), then by the log's own direction, which is newest
/// first unless its first entry is older than its last (format, section 3).
fn sort(log: &mut [Entry]) {
    let when = |e: &Entry| (e.date, e.time);
    let oldest_first = matches!((log.first(), log.last()), (Some(a), Some(b)) if when(a) < when(b));
    if !oldest_first {
        log.reverse();
    }
    log.sort_by_key(when);
}

/// A block that holds other blocks.
enum Open {
    Quote,
    List,
    Item(ItemBlock),
}

/// A list item, up to the end of its first paragraph.
struct ItemBlock {
    /// An item of the log itself, not of a list nested in it.
    in_log: bool,
    /// The box of a task-list item: ticked or not, and where.
    task: Option<(bool, Position)>,
    /// Where it begins.
    start: usize,
    /// The bytes of its first paragraph, as far as seen, and where it begins.
    paragraph: Option<(Range<usize>, Position)>,
    /// The first paragraph is over.
    done: bool,
    /// Of the log entry that it is, or is nested in.
    date: Option<Date>,
    /// How many links stand before it.
    links: usize,
}

struct Heading {
    level: HeadingLevel,
    text: String,
}

struct OpenLink {
    target: LinkTarget,
    text: String,
    at: Position,
}

struct Walk<'a> {
    source: &'a str,
    settings: &'a Settings,
    place: Place<'a>,
    body: Body,
    problems: &'a mut Vec<Problem>,
    open: Vec<Open>,
    heading: Option<Heading>,
    /// The level of the log's heading, while below it.
    log_level: Option<HeadingLevel>,
    link: Option<OpenLink>,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::TaskListMarker(kept) => {
                let at = self.place.position(range.start);
                if let Some(Open::Item(item)) = self.open.last_mut() {
                    item.task = Some((kept, at));
                    item.start = range.end;
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut self.heading {
                    heading.text.push_str(&text);
                }
                if let Some(link) = &mut self.link {
                    link.text.push_str(&text);
                }
                self.inline(range);
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(link) = &mut self.link {
                    link.text.push(' ');
                }
                self.inline(range);
            }
            Event::Html(_) | Event::Rule => self.end_paragraph(),
            Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_) => self.inline(range),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_paragraph();
                if self.open.is_empty() {
                    self.heading = Some(Heading { level, text: String::new() });
                }
            }
            Tag::List(_) => {
                self.end_paragraph();
                self.open.push(Open::List);
            }
            Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.open.push(Open::Quote);
            }
            Tag::Item => {
                let in_log = self.log_level.is_some() && self.open.len() == 1;
                let date = self.date();
                let links = self.body.links.len();
                self.open.push(Open::Item(ItemBlock {
                    in_log,
                    task: None,
                    start: range.start,
                    paragraph: None,
                    done: false,
                    date,
                    links,
                }));
            }
            // The first paragraph of a loose list's item; what comes before it was no paragraph.
            Tag::Paragraph => {}
            Tag::Link { link_type, dest_url, .. } => {
                self.inline(range.clone());
                // An address in angle brackets leads out of the notebook.
                if !matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    self.start_link(&dest_url, matches!(link_type, LinkType::WikiLink { .. }), &range);
                }
            }
            Tag::Image { link_type, dest_url, .. } => {
                self.inline(range.clone());
                // `![[a.png]]` shows a file that is found by its name, wherever it lies.
                let is_found = matches!(link_type, LinkType::WikiLink { .. });
                if !is_found || is_material(&dest_url) {
                    self.start_link(&dest_url, false, &range);
                }
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                self.inline(range);
            }
            _ => self.end_paragraph(),
        }
    }

    fn end(&mut self, tag: TagEnd, _range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                if let Some(heading) = self.heading.take() {
                    self.end_heading(heading);
                }
            }
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Item => {
                self.end_paragraph();
                self.open.pop();
            }
            TagEnd::List(_) | TagEnd::BlockQuote(_) => {
                self.open.pop();
            }
            TagEnd::Link | TagEnd::Image => {
                if let Some(link) = self.link.take() {
                    let sent = self.date();
                    let OpenLink { target, text, at } = link;
                    self.body.links.push(Link { target, text: one_line(&text), sent, at });
                }
            }
            _ => {}
        }
    }

    fn end_heading(&mut self, Heading { level, text }: Heading) {
        let text = text.trim();
        if text.eq_ignore_ascii_case("log") {
            self.log_level = Some(level);
            return;
        }
        if self.log_level.is_some_and(|log| level <= log) {
            self.log_level = None;
        }
        if level == HeadingLevel::H1 && self.body.heading.is_none() && !text.is_empty() {
            self.body.heading = Some(one_line(text));
        }
    }

    /// The day of the log entry that the walk is in.
    fn date(&self) -> Option<Date> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Item(item) => Some(item.date),
            _ => None,
        })?
    }

    /// A piece of running text.
    fn inline(&mut self, range: Range<usize>) {
        if let Some(Open::Item(item)) = self.open.last_mut()
            && !item.done
        {
            match &mut item.paragraph {
                Some((paragraph, _)) => paragraph.end = paragraph.end.max(range.end),
                None => {
                    let at = self.place.mark(range.start);
                    item.paragraph = Some((range, at));
                }
            }
        }
    }

    /// The first paragraph of the innermost item is over, if it was not yet.
    fn end_paragraph(&mut self) {
        let Some(Open::Item(item)) = self.open.last_mut() else { return };
        if std::mem::replace(&mut item.done, true) {
            return;
        }
        let (range, at) = match item.paragraph.take() {
            Some(paragraph) => paragraph,
            None => (item.start..item.start, self.place.position(item.start)),
        };
        let paragraph = self.source.get(range.clone()).unwrap_or_default();
        if let Some((kept, box_at)) = item.task {
            let made = item.date;
            let (promise, problem) =
                promise::read(paragraph, range.start, box_at, kept, made, &mut self.place);
            self.body.promises.push(promise);
            self.problems.extend(problem);
        } else if item.in_log {
            match log::read(paragraph, range.start, at, self.settings, &mut self.place) {
                log::Item::Entry(entry) => {
                    item.date = Some(entry.date);
                    // The links of an entry's own text were read before its date was.
                    self.body.links[item.links..].iter_mut().for_each(|link| link.sent = item.date);
                    self.body.log.push(entry);
                }
                log::Item::Spoiled(problem) | log::Item::Other(problem) => self.problems.push(problem),
            }
        }
    }

    fn start_link(&mut self, destination: &str, is_wikilink: bool, range: &Range<usize>) {
        // A link in the alternative text of an image, or the other way round, adds nothing.
        if self.link.is_none()
            && let Some(target) = target_of(destination, is_wikilink)
        {
            let at = self.place.position(range.start);
            self.link = Some(OpenLink { target, text: String::new(), at });
        }
    }
}

/// A link in a line of text, wherever it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Where it stands in the line.
    pub span: Range<usize>,
    /// What it shows.
    pub text: String,
    /// Where it leads.
    pub target: String,
}

/// All links in one line of text.
pub(crate) fn links_of(line: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut open: Option<Shown> = None;
    for (event, span) in Parser::new_ext(line, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                open = Some(Shown { span, text: String::new(), target: dest_url.to_string() });
            }
            Event::End(TagEnd::Link) => found.extend(open.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(link) = &mut open {
                    link.text.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

/// What in the notebook a link leads to, if anything.
fn target_of(destination: &str, is_wikilink: bool) -> Option<LinkTarget> {
    let path = destination.split(['#', '?']).next().unwrap_or_default().trim();
    if is_wikilink {
        let id = path.strip_suffix(".md").unwrap_or(path);
        return (!id.is_empty() && !is_attachment(id)).then(|| LinkTarget::Contact(id.to_owned()));
    }
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return None;
    }
    let path = percent_decoded(path);
    let mut inside = path.as_str();
    while let Some(rest) = inside.strip_prefix("../").or_else(|| inside.strip_prefix("./")) {
        inside = rest;
    }
    let climbs = inside.len() < path.len();
    if is_material(inside) {
        return Some(LinkTarget::File(inside.to_owned()));
    }
    match inside.rsplit('/').next().unwrap_or_default().strip_suffix(".md") {
        Some(id) => Some(LinkTarget::Contact(id.to_owned())),
        None => (!climbs).then(|| LinkTarget::File(format!("contacts/{inside}"))),
    }
}

/// Whether a path from the notebook's root leads to a file that is no contact.
fn is_material(path: &str) -> bool {
    matches!(path.split('/').next(), Some("files" | "templates" | "conflicts"))
}

/// Whether a wikilink names a picture, a recording or a drawing, as Obsidian writes these.
fn is_attachment(name: &str) -> bool {
    const ENDS: [&str; 22] = [
        "png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "pdf", "canvas", "base", "mp3", "wav",
        "m4a", "ogg", "flac", "3gp", "mp4", "webm", "mov", "mkv", "ogv",
    ];
    name.rsplit_once('.').is_some_and(|(_, end)| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// `%20` and its like as the bytes they stand for; what is no UTF-8 then stays as it is.
pub(crate) fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}
