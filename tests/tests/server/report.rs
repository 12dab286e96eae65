//! The page of the report: its plots say in words and in tables what they draw, and it answers whatever is typed.

use tickler_tests::Serving;
use tickler_tests::talk::{Answer, ask};

/// Somebody at the pages.
struct Reader {
    serving: Serving,
    cookie: String,
}

impl Reader {
    fn new(name: &str) -> Reader {
        let serving = Serving::example(name);
        let form = format!("token={}", serving.token("admin"));
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
        let answer = ask(serving.address(), "POST /login", &headers, form.as_bytes());
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.unwrap_or_else(|| panic!("{} {}", answer.status, answer.text())).to_owned();
        Reader { serving, cookie }
    }

    fn report(&self, query: &str) -> String {
        let line = format!("GET /main/report{query}");
        let answer: Answer = ask(self.serving.address(), &line, &[("Cookie", &self.cookie)], b"");
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer.text()
    }
}

/// What stands between two marks, each time that they do.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split_once(to)).map(|(inner, _)| inner).collect()
}

/// A page without its tags, with one space where a tag stood.
fn plain(page: &str) -> String {
    let text: Vec<&str> =
        page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_plot_says_what_it_draws() {
    let reader = Reader::new("report-plots");
    let page = reader.report("");
    let pictures = between(&page, "role=\"img\"", "</desc>");
    assert!(pictures.len() >= 4, "plots of follow-ups or reach, promises, the pipeline and the team: {page}");
    for picture in pictures {
        assert!(picture.contains("<title") && picture.contains("<desc"), "{picture}");
    }
    assert!(!page.contains("style=\""), "the policy of the pages forbids it");
    let ids = between(&page, " id=\"", "\"");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "each id stands once: {ids:?}");
    // The pipeline is as of today, whatever day that is.
    let stages = "new 1, contacted 2 · 15,600 USD, nurture 4 · 4,200,000 JPY + 9,000 USD, \
        qualified 1 · 7,200 USD, proposal 3 · 25,000 EUR + 79,500 USD, on-hold 0, \
        won 1 · 48,000 USD, lost 1 · 33,000 USD, stopped 1.";
    assert!(between(&page, "<desc", "</desc>").iter().any(|desc| desc.ends_with(stages)), "{page}");
    let text = plain(&page);
    for row in
        ["contacted 2 15,600 USD", "proposal 3 25,000 EUR 79,500 USD", "on-hold 0 –", "won 1 48,000 USD"]
    {
        assert!(text.contains(row), "{row}: {text}");
    }
}

#[test]
fn what_is_typed_is_understood_and_shown_back() {
    let reader = Reader::new("report-typed");
    for (query, said) in [
        ("?since=2026-09-07", &["Since Mon 7 Sep 2026", "14 contacts"][..]),
        ("?q=tag:hotel+-stage:won", &["10 contacts"]),
        ("?q=stage:wno", &["Query, column 7", "did you mean"]),
        ("?since=soonish", &["is no day that can be read"]),
        ("?since=9999-01-01", &["is still to come"]),
        ("?q=nobody-at-all", &["Nobody fits that query"]),
        ("?q=%3Cscript%3Ealert(1)%3C/script%3E&since=%22%3E%3Cb%3E", &["is no day that can be read"]),
        ("?q=owner:kim&since=1990-01-01", &["1 contact "]),
    ] {
        let page = reader.report(query);
        for words in said {
            assert!(plain(&page).contains(words), "{query}: {words} is not in {}", plain(&page));
        }
        assert!(!page.contains("<script>alert") && !page.contains("\"><b>"), "{query}: {page}");
    }
}
