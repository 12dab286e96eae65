//! What a contact's file says in prose: its body without the log.

use super::edit::outline::Outline;
use super::layout::Layout;

/// The body without the heading and the entries of the log, Markdown as written; what else stands below that heading
/// stays. Empty where there is none.
pub fn prose(text: &str) -> String {
    let body = Layout::of(text).body;
    let outline = Outline::of(text, body.clone());
    let headings = outline.headings.iter().map(|heading| heading.start..heading.end);
    let mut log: Vec<_> = headings.chain(outline.items.iter().map(|item| item.start..item.end)).collect();
    log.sort_by_key(|part| part.start);
    let mut kept: Vec<&str> = Vec::new();
    let mut from = body.start;
    for part in log {
        kept.push(&text[from..part.start.max(from)]);
        from = part.end.max(from);
    }
    kept.push(&text[from..body.end]);
    let kept = kept.into_iter().map(str::trim).filter(|part| !part.is_empty());
    kept.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_left_out() {
        for (text, said) in [
            ("", ""),
            ("+++\nname = \"Jane\"\n+++\n", ""),
            ("+++\n+++\n\nMet [[bob]].\n\n- a list\n- of two\n", "Met [[bob]].\n\n- a list\n- of two"),
            (
                "# Jane\n\nMet.\n\n## Log\n\n- 2026-11-20 phone: hi\n  - [ ] send it\n- 2026-11-18 email\n",
                "# Jane\n\nMet.",
            ),
            (
                "Met.\r\n\r\n## Log\r\n\r\n- 2026-11-20 phone\r\n\r\n## Family\r\n\r\nTwo sons.\r\n",
                "Met.\r\n\n## Family\r\n\r\nTwo sons.",
            ),
            ("## Log\n\nOld entries are on paper.\n\n- 2026-11-20 phone\n", "Old entries are on paper."),
            ("Log\n===\n\n- 2026-11-20 phone:\n  more\n\n  and more\n\nAfter.\n", "After."),
        ] {
            let said = said.replace("\r\n\n", "\n\n");
            assert_eq!(prose(text), said, "{text:?}");
        }
    }
}
