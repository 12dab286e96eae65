//! Text that people wrote, as HTML in which nothing acts: no markup of theirs, no pictures from elsewhere, and links
//! only to where a reader may want to go. Two walls stand one behind the other: what is made of Markdown is made of
//! events that are all looked at, and what comes out is cleaned once more.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};
use maud::{Markup, PreEscaped};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::encoded;

/// The schemes that a link may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Folders of a notebook whose Markdown is no contact's.
const ELSEWHERE: [&str; 3] = ["files", "templates", "conflicts"];

/// Markdown of a notebook as HTML. Headings go down two levels, since the page has its own above them.
pub fn shown(text: &str, notebook: &str) -> Markup {
    render(text, notebook, false)
}

/// The same for text that stands in a line: without paragraphs of its own.
pub fn inline(text: &str, notebook: &str) -> Markup {
    render(text, notebook, true)
}

/// What the Markdown says, without its marks.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Text(said) | Event::Code(said) | Event::Html(said) | Event::InlineHtml(said) => {
                out.push_str(&said);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                out.push(' ')
            }
            _ => {}
        }
    }
    out.trim_end().to_owned()
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_WIKILINKS
}

fn render(text: &str, notebook: &str, is_inline: bool) -> Markup {
    let mut links = Vec::new();
    let events = Parser::new_ext(text, options()).filter_map(|event| {
        let is_paragraph = matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
        if is_inline && is_paragraph { None } else { harmless(event, notebook, &mut links) }
    });
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    PreEscaped(cleaner().clean(&out).to_string())
}

/// The event as it may be shown. `links` says of each link and picture around it whether it is shown as a link.
fn harmless<'t>(event: Event<'t>, notebook: &str, links: &mut Vec<bool>) -> Option<Event<'t>> {
    Some(match event {
        Event::Html(said) | Event::InlineHtml(said) => Event::Text(said),
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => return None,
        Event::TaskListMarker(is_done) => Event::Text(if is_done { "☑ " } else { "☐ " }.into()),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: down(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(down(level))),
        Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) => {
            // A link in a link is none.
            let target = target(link_type, &dest_url, notebook).filter(|_| !links.contains(&true));
            links.push(target.is_some());
            let link_type = LinkType::Inline;
            let (title, id) = ("".into(), "".into());
            Event::Start(Tag::Link { link_type, dest_url: target?.into(), title, id })
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            if !links.pop().unwrap_or_default() {
                return None;
            }
            Event::End(TagEnd::Link)
        }
        // No other event of these options carries anything but text and structure.
        other => other,
    })
}

fn down(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 2).unwrap_or(HeadingLevel::H6)
}

/// Where a link may lead; none where it may not lead there.
fn target(kind: LinkType, written: &str, notebook: &str) -> Option<String> {
    if let LinkType::WikiLink { .. } = kind {
        let id = written.split(['#', '|']).next().unwrap_or_default().trim();
        return (!id.is_empty()).then(|| contact(notebook, id));
    }
    let written = written.trim();
    let has_oddity = written.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    if written.is_empty() || has_oddity || written.starts_with("//") || written.contains('\\') {
        return None;
    }
    let end = written.find([':', '/', '?', '#']).unwrap_or(written.len());
    if written[end..].starts_with(':') {
        let scheme = written[..end].to_ascii_lowercase();
        return SCHEMES.contains(&scheme.as_str()).then(|| written.to_owned());
    }
    // Another contact's file; no other file of the notebook has a page.
    let path = written.split(['#', '?']).next().unwrap_or_default();
    if path.starts_with('/') || path.split('/').any(|folder| ELSEWHERE.contains(&folder)) {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".md").filter(|id| !id.is_empty()).map(|id| contact(notebook, id))
}

fn contact(notebook: &str, id: &str) -> String {
    // What is percent-encoded in Markdown's addresses is so once, and not twice.
    let id = id.replace("%20", " ");
    format!("/{notebook}/contacts/{}", encoded(&id))
}

/// What tags and attributes may come through, whatever was written.
fn cleaner() -> &'static Builder<'static> {
    static CLEANER: OnceLock<Builder<'static>> = OnceLock::new();
    CLEANER.get_or_init(|| {
        let tags: HashSet<&str> = [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]
        .into();
        let mut builder = Builder::default();
        builder
            .tags(tags)
            .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
            .generic_attributes(HashSet::new())
            .url_schemes(SCHEMES.into())
            .url_relative(UrlRelative::PassThrough)
            .link_rel(Some("noopener noreferrer nofollow"));
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_shown() {
        const REL: &str = "rel=\"noopener noreferrer nofollow\"";
        for (written, expected) in [
            ("# One\n## Two", "<h3>One</h3>\n<h4>Two</h4>".to_owned()),
            ("###### Six", "<h6>Six</h6>".to_owned()),
            (
                "*a* **b** `c` ~~d~~",
                "<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del></p>".to_owned(),
            ),
            ("- [ ] open\n- [x] done", "<ul>\n<li>☐ open</li>\n<li>☑ done</li>\n</ul>".to_owned()),
            ("[[bob-smith]]", format!("<p><a href=\"/main/contacts/bob-smith\" {REL}>bob-smith</a></p>")),
            ("[[bob|Bob]]", format!("<p><a href=\"/main/contacts/bob\" {REL}>Bob</a></p>")),
            ("[Bob](../a/bob.md)", format!("<p><a href=\"/main/contacts/bob\" {REL}>Bob</a></p>")),
            ("[plan](files/plan.pdf)", "<p>plan</p>".to_owned()),
            ("[list](../files/list.md)", "<p>list</p>".to_owned()),
            (
                "[x](https://a.example/?b=1&c)",
                format!("<p><a href=\"https://a.example/?b=1&amp;c\" {REL}>x</a></p>"),
            ),
            ("<tel:+123>", format!("<p><a href=\"tel:+123\" {REL}>tel:+123</a></p>")),
            (
                "![a cat](https://a.example/c.png)",
                format!("<p><a href=\"https://a.example/c.png\" {REL}>a cat</a></p>"),
            ),
            (
                "[![cat](https://a.example/c.png)](https://b.example)",
                format!("<p><a href=\"https://b.example\" {REL}>cat</a></p>"),
            ),
            (
                "| a |\n|---|\n| b |",
                "<table><thead><tr><th>a</th></tr></thead><tbody>\n<tr><td>b</td></tr>\n</tbody></table>"
                    .to_owned(),
            ),
        ] {
            assert_eq!(shown(written, "main").into_string().trim_end(), expected, "{written}");
        }
        assert_eq!(inline("to *her*", "main").into_string(), "to <em>her</em>");
        assert_eq!(plain("call [Bob](bob.md) about *it*\nsoon"), "call Bob about it soon");
    }

    /// Whatever is written, what comes out has none of these.
    const DEADLY: [&str; 9] =
        ["<script", "<img", "<svg", "<style", "<iframe", "<input", "<form", "<math", "<object"];

    #[test]
    fn what_could_act_stays_dead() {
        for attack in [
            "<script>alert(1)</script>",
            "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
            "a <img src=x onerror=alert(1)> b",
            "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
            "<style>*{background:url(//evil.example)}</style>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<form action=//evil.example><input name=q></form>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java&#x09;script:alert(1))",
            "[x](javascript&colon;alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](<java\tscript:alert(1)>)",
            "[x](\u{1}javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox(1))",
            "[x](//evil.example/)",
            "[x](\\\\evil.example)",
            "[x](file:///etc/passwd)",
            "![x](javascript:alert(1))",
            "![x](data:image/svg+xml;base64,AAAA)",
            "<javascript:alert(1)>",
            "[x][y]\n\n[y]: javascript:alert(1)",
            "[[javascript:alert(1)]]",
            "[x](https://a.example \"onmouseover=alert(1)\")",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
            "`<script>alert(1)</script>`",
            "```html\n<script>alert(1)</script>\n```",
            "# <img src=x onerror=alert(1)> {onclick=alert(1)}",
            "[<img src=x onerror=alert(1)>](https://a.example)",
            "<<script>script>alert(1)<</script>/script>",
            "<!--><script>alert(1)</script>-->",
            "<details open ontoggle=alert(1)>",
        ] {
            let html = shown(attack, "main").into_string();
            let lower = html.to_lowercase();
            for deadly in DEADLY {
                assert!(!lower.contains(deadly), "{attack:?} became {html}");
            }
            // No tag has an attribute but those that links and lists may have, and no link leads astray.
            for tag in lower.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
                let href = tag.split("href=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
                if let Some(href) = href {
                    let fine = ["https://a.example", "/main/contacts/"];
                    assert!(fine.iter().any(|fine| href.starts_with(fine)), "{attack:?} became {html}");
                    assert!(
                        tag.starts_with("a ") && tag.matches('=').count() == 2 + href.matches('=').count(),
                        "{html}"
                    );
                } else {
                    assert!(!tag.contains('='), "{attack:?} became {html}");
                }
            }
        }
    }
}
