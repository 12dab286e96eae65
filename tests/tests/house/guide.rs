//! Invariant 7: the guide knows every command, and every link of the documentation leads somewhere.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::program;
use super::tree::{self, TreeFile};

#[test]
fn every_command_is_in_the_guide() {
    let pages: String = tree::files(&["docs/guide"]).into_iter().map(|page| page.text).collect();
    let missing: Vec<String> = program::verbs()
        .into_iter()
        .filter(|verb| {
            let command = format!("tickler {verb}");
            let mut places = pages.match_indices(&command);
            !places.any(|(at, _)| !pages[at + command.len()..].starts_with(|c: char| c.is_alphanumeric()))
        })
        .collect();
    assert!(missing.is_empty(), "not in docs/guide: {missing:?}");
}

#[test]
fn every_page_of_the_guide_is_in_its_contents() {
    let contents = tree::files(&["docs/guide"]);
    let readme = contents.iter().find(|page| page.path == "docs/guide/README.md").expect("the guide begins");
    let linked: BTreeSet<String> = links(readme).into_iter().map(|link| link.path).collect();
    for page in contents.iter().filter(|page| page.extension() == "md" && page.path != readme.path) {
        assert!(linked.contains(&page.path), "docs/guide/README.md does not link to {}", page.path);
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    let mut seen = 0;
    let pages: Vec<TreeFile> =
        tree::files(&[""]).into_iter().filter(|file| file.extension() == "md").collect();
    for page in pages.iter().filter(|page| !page.path.contains('/') || page.path.starts_with("docs/")) {
        for link in links(page) {
            seen += 1;
            let there = tree::root().join(&link.path).exists();
            let target = pages.iter().find(|page| page.path == link.path);
            let place =
                link.anchor.is_empty() || target.is_some_and(|page| anchors(page).contains(&link.anchor));
            if !there || !place {
                dead.push(format!("{}: {}", page.path, link.written));
            }
        }
    }
    assert!(seen > 20, "did this test read the pages?");
    assert!(dead.is_empty(), "these lead nowhere:\n{}", dead.join("\n"));
}

/// A link to a file of the project.
struct Link {
    /// As it is written.
    written: String,
    /// The file's path from the root.
    path: String,
    /// The heading in it; mostly empty.
    anchor: String,
}

/// The links of a page that lead to files; those to other sites are left out.
fn links(page: &TreeFile) -> Vec<Link> {
    let body = &page.text[tickler_core::file::layout::Layout::of(&page.text).body];
    let mut links = Vec::new();
    for event in Parser::new_ext(body, Options::ENABLE_TABLES) {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event
        else {
            continue;
        };
        if dest_url.contains("://") || dest_url.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
        let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
        let path = if file.is_empty() { PathBuf::from(&page.path) } else { plain(&folder.join(file)) };
        links.push(Link {
            written: dest_url.to_string(),
            path: path.to_str().expect("paths are UTF-8").to_owned(),
            anchor: anchor.to_owned(),
        });
    }
    links
}

/// `docs/guide/../format.md` is `docs/format.md`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(plain.pop(), "{} leads out of the project", path.display()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The names by which a page's headings can be linked to.
fn anchors(page: &TreeFile) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(&page.text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|text| {
                let text = text.to_lowercase();
                let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
                kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
            })),
            _ => {}
        }
    }
    anchors
}
