//! What a message is about: its subject without the marks of answers, and as a link of the log.

use mail_parser::parsers::fields::thread::thread_name;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::mid;
use crate::exchange::plain::{cut, line};
use crate::fold::fold;

/// A subject is cut after so many characters.
const LONGEST: usize = 120;

/// What all subjects of a thread have in common: without `Re:`, `Fwd:`, `AW:` and their like (RFC 5256, section 2.1),
/// without case and accents.
pub fn base(subject: &str) -> String {
    let subject = cut(subject, LONGEST);
    let subject = match subject.to_ascii_lowercase().find("(was:") {
        Some(at) if at > 0 => &subject[..at],
        _ => &subject,
    };
    fold(&line(thread_name(subject.trim()))).into_owned()
}

/// The subject as the log shows it: on one line, not too long, never empty.
pub fn shown(subject: &str) -> String {
    let subject = cut(&line(subject), LONGEST);
    if subject.is_empty() { "no subject".to_owned() } else { subject }
}

/// A link with that text to the message of that id.
pub fn link(text: &str, id: &str) -> String {
    format!("[{}]({})", escaped(text), mid::url(id))
}

/// A text of one line as Markdown that shows it as it is, in the text of a link.
pub fn escaped(text: &str) -> String {
    let with = |marks: &str| -> String {
        text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
            if marks.contains(c) {
                out.push('\\');
            }
            out.push(c);
            out
        })
    };
    // Most marks mean nothing where they stand, and are better read without.
    let ways = ["\\[]<`", "\\[]<`*&~", "\\[]<`*&~_!|"].map(with);
    let read = ways.into_iter().find(|way| reads_as(way, text));
    read.unwrap_or_else(|| with("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"))
}

/// Whether Markdown shows that text for it, and nothing else.
fn reads_as(markdown: &str, text: &str) -> bool {
    let whole = format!("x: [{markdown}](mid:x)");
    let options = Options::ENABLE_WIKILINKS | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut is_open = false;
    let mut shown = String::new();
    for event in Parser::new_ext(&whole, options) {
        match event {
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
            Event::Start(Tag::Link { link_type: LinkType::Inline, .. }) if !is_open => is_open = true,
            Event::End(TagEnd::Link) => is_open = false,
            Event::Text(part) if is_open => shown.push_str(&part),
            Event::Text(part) if &*part == "x: " => {}
            _ => return false,
        }
    }
    shown == text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_thread_has_in_common() {
        for subject in [
            "Specs",
            "Re: Specs",
            "RE: re: specs",
            "AW: Specs",
            "Fwd: Specs",
            "WG: AW: Specs",
            "Sv: Specs",
            "Re[2]: Specs",
            "[list] Re: Specs",
            "  Specs  ",
            "Specs (fwd)",
            "RV: Specs",
            "TR: Spécs",
            "Specs (was: Rooms)",
        ] {
            assert_eq!(base(subject), "specs", "{subject}");
        }
        assert_eq!(base(""), base("Re:"));
        assert_ne!(base("Specs"), base("Specs of Friday"));
    }

    #[test]
    fn a_subject_shows_as_it_is() {
        for (subject, expected) in [
            ("Re: Specs", "Re: Specs"),
            ("[list] 5 * 3 = x_y_z", "\\[list\\] 5 * 3 = x_y_z"),
            ("a *b* c", "a \\*b\\* c"),
            ("[[jane-doe]]", "\\[\\[jane-doe\\]\\]"),
            ("<b> & &amp; `x` \\", "\\<b> \\& \\&amp; \\`x\\` \\\\"),
        ] {
            assert_eq!(escaped(subject), expected);
        }
        assert_eq!(shown(" \r\n a\u{7}\tb "), "a b");
        assert_eq!(shown(""), "no subject");
    }

    proptest! {
        #[test]
        fn any_subject_shows_as_it_is(subject in "\\PC{0,40}", marks in "[a \\[\\]()!*_`<>&;~\\\\|#:]{0,30}") {
            for subject in [shown(&subject), shown(&marks)] {
                prop_assert!(reads_as(&escaped(&subject), &subject), "{:?}", subject);
            }
        }
    }
}
