//! What holds of every query, however strange, long or deep.

use proptest::prelude::*;

use super::*;

#[test]
fn large_and_deep_queries_end_soon() {
    for part in
        ["(", ")", "-", "\"", "a ", "a or ", "not ", "stage:", "\\", "@hot ", "a:", "é", "()", "-(a) "]
    {
        let megabyte = part.repeat((1 << 20) / part.len());
        let _ = parse(&megabyte).map(|query| matching(&query));
        let long = part.repeat((1 << 16) / part.len());
        for begin in ["tag:\"", "stage:", "due<", "@", "dates.", "kind:"] {
            let _ = parse(&format!("{begin}{long}")).map(|q| q.to_string()).map_err(|e| e.render());
        }
    }
    let nested = |levels: usize| parse(&format!("{}a{}", "(".repeat(levels), ")".repeat(levels)));
    assert!(nested(100).is_ok());
    assert_eq!(nested(101).unwrap_err().column, 101);
}

#[test]
fn views_of_views_do_not_double_for_ever() {
    let mut settings = settings();
    settings.views = (0..60).map(|i| (format!("v{i}"), format!("@v{0} or -@v{0}", i + 1))).collect();
    settings.views.push(("v60".into(), "a".into()));
    let error =
        Query::parse("@v0", &Context { settings: &settings, today: date(TODAY), me: None }).unwrap_err();
    assert_eq!(error.message, "more than 1000 views in one query");
}

/// Texts that are queries more often than chance would have it.
fn any_query() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "jane",
        "bob",
        "\"a \\\" b\"",
        "tag:hotel",
        "stage:open",
        "stage=x",
        "value>=10k",
        "due<=7d",
        "last>90d",
        "crack:",
        "text:cafe",
        "score>5",
        "@either",
        "@hot",
        "-@all",
        "overdue:",
        "knows:eve",
        "\"k k\":\"v v\"",
        "dates.birthday<30d",
        "()",
        "promise:me",
    ]);
    let leaf = term.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "(?s).{0,40}") {
        if let Err(error) = parse(&text) {
            error.render();
        }
    }

    #[test]
    fn nothing_like_a_query_is_too_strange(text in "(tag|due|a|é|and|or|not|@hot|[-():=<>!\"“”\\\\ @,0-9.+]|90d|2026-12){0,12}") {
        match parse(&text) {
            Err(error) => drop(error.render()),
            Ok(query) => prop_assert_eq!(parse(&query.to_string()), Ok(query)),
        }
    }

    #[test]
    fn what_is_printed_asks_the_same(text in any_query()) {
        let query = parse(&text).unwrap();
        prop_assert_eq!(parse(&query.to_string()), Ok(query));
    }

    #[test]
    fn logic_holds(a in any_query(), b in any_query()) {
        let ask = |text: &str| matching(&parse(text).unwrap());
        prop_assert_eq!(ask(&format!("-(-({a}))")), ask(&a));
        prop_assert_eq!(ask(&format!("-(({a}) or ({b}))")), ask(&format!("-({a}) -({b})")));
        prop_assert_eq!(ask(&format!("({a}) ({b})")), ask(&format!("({b}) ({a})")));
        prop_assert_eq!(ask(&format!("({a}) or -({a})")), "jbct");
    }

    #[test]
    fn any_value_can_be_quoted(value in "(?s).{1,20}") {
        let quoted = format!("company:\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
        let query = parse(&quoted).unwrap();
        prop_assert_eq!(parse(&query.to_string()), Ok(query));
    }
}
