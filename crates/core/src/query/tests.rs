//! Queries as data: who matches what, and what each mistake looks like.

use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::contact::{
    Away, CadenceRun, Channel, Conflict, Contact, ContactId, ContactKind, Entry, Head, Link, LinkTarget,
    Money, Next, Prefers, Promise, Promiser, Value, Word, Words,
};
use crate::date::When;
use crate::follow_up::{Assessment, Kind, Obligation};
use crate::problem::Position;
use crate::settings::{Cadence, Member, StageGroup};

/// A Thursday.
const TODAY: &str = "2026-12-03";

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn settings() -> Settings {
    let member = |handle: &str| Member { handle: handle.into(), ..Member::default() };
    let view = |name: &str, query: &str| (name.to_owned(), query.to_owned());
    Settings {
        channels: vec!["fax".into()],
        team: vec![member("pat"), member("sam")],
        cadences: vec![Cadence { name: "new-lead".into(), until_reply: true, steps: Vec::new() }],
        views: vec![
            view("hot", "value>=10k stage:nurture"),
            view("either", "tag:hotel or tag:museum"),
            view("both", "@hot @either"),
            view("all", ""),
            view("wrong", "hotel\nstage:nuture"),
            view("outer", "a @wrong"),
            view("one", "@two"),
            view("two", "b or @one"),
            view("my own", "owner:me"),
        ],
        ..Settings::default()
    }
}

fn entry(day: &str, channel: Channel, words: &[Word]) -> Entry {
    let mut set = Words::default();
    words.iter().for_each(|w| set.insert(*w));
    Entry {
        date: date(day),
        time: None,
        channel,
        words: set,
        who: None,
        text: String::new(),
        at: Position::default(),
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| (*t).to_owned()).collect()
}

fn promise(kept: bool, who: Promiser, text: &str) -> Promise {
    Promise { kept, who, text: text.into(), by: None, made: None, at: Position::default() }
}

fn contacts() -> Vec<Contact> {
    let jane = Head {
        name: Some("Jane Doe".into()),
        aliases: texts(&["j-roe"]),
        company: Some("Acme Hotels".into()),
        role: Some("Director \"of\" Events".into()),
        email: texts(&["jane@acme.example"]),
        phone: texts(&["+1 555 0100"]),
        tags: texts(&["hotel", "VIP"]),
        owner: Some("pat".into()),
        stage: Some("nurture".into()),
        value: Some(Money { amount: 25000.0, currency: None }),
        referred_by: Some("bob-smith".into()),
        hot_button: Some("fewer unscheduled stops".into()),
        added: Some(date("2026-07-31")),
        prefers: Prefers {
            channel: vec![Channel::Phone, Channel::Email],
            every: Some("3 months".parse().unwrap()),
            ..Prefers::default()
        },
        next: Some(Next {
            on: Some(When { date: date("2026-12-10"), time: None }),
            via: Some(Channel::Visit),
            promised: true,
            ..Next::default()
        }),
        dates: vec![("birthday".into(), date("1980-12-20")), ("Renewal".into(), date("2027-01-31"))],
        custom: vec![
            ("score".into(), Value::Integer(7)),
            ("tax".into(), Value::Text("DE123".into())),
            ("expires".into(), Value::Date(date("2026-12-24"))),
            ("prefers.colour".into(), Value::Text("Blue".into())),
        ],
        ..Head::default()
    };
    let bob = Head {
        name: Some("Bob Smith".into()),
        company: Some("Müller & Söhne".into()),
        tags: texts(&["museum"]),
        owner: Some("sam".into()),
        value: Some(Money { amount: 900.0, currency: Some("EUR".into()) }),
        away: Some(Away { from: Some(date("2026-12-01")), until: Some(date("2026-12-20")), why: None }),
        cadence: Some(CadenceRun { name: Some("new-lead".into()), start: Some(date("2026-11-20")) }),
        conflicts: vec![Conflict { key: "stage".into(), other: Value::default() }],
        custom: vec![
            (
                "badge".into(),
                Value::Table(vec![
                    ("number".into(), Value::Float(12.5)),
                    ("paid".into(), Value::Boolean(true)),
                ]),
            ),
            ("languages".into(), Value::List(vec![Value::Text("de".into()), Value::Text("fr".into())])),
            ("score".into(), Value::Text("3".into())),
        ],
        ..Head::default()
    };
    let club = Head { kind: ContactKind::Org, stage: Some("won".into()), ..Head::default() };
    let at = Position::default();
    vec![
        Contact {
            id: ContactId::new("jane-doe"),
            name: "Jane Doe".into(),
            head: jane,
            log: vec![
                entry("2026-06-01", Channel::Event, &[]),
                entry("2026-11-10", Channel::Email, &[]),
                entry("2026-11-20", Channel::Phone, &[Word::Voicemail]),
                entry("2026-11-25", Channel::Note, &[]),
                entry("2026-12-24", Channel::Phone, &[]),
            ],
            promises: vec![
                promise(false, Promiser::Them, "read pages 3-5"),
                promise(true, Promiser::Me, "send the price list"),
            ],
            links: vec![Link {
                target: LinkTarget::Contact("eve".into()),
                text: "Eve".into(),
                sent: None,
                at,
            }],
            ..Contact::default()
        },
        Contact {
            id: ContactId::new("bob-smith"),
            name: "Bob Smith".into(),
            head: bob,
            log: vec![entry("2026-08-01", Channel::Meeting, &[])],
            promises: vec![promise(false, Promiser::Member("sam".into()), "call back")],
            ..Contact::default()
        },
        Contact { id: ContactId::new("club"), name: "The club".into(), head: club, ..Contact::default() },
        Contact { id: ContactId::new("torn"), name: "torn".into(), broken: true, ..Contact::default() },
    ]
}

/// What the rules would say, by hand: jane is due today by visit, bob a month late for a promise, torn is a crack.
fn assess(contact: &Contact) -> Assessment {
    let obligation = |kind, day, via| Obligation {
        kind,
        date: Some(date(day)),
        time: None,
        via,
        why: None,
        assignee: None,
        asked: false,
        promised: false,
        patience: false,
        moved_away: false,
    };
    let obligations = match contact.id.as_str() {
        "jane-doe" => vec![obligation(Kind::Next, TODAY, Some(Channel::Visit))],
        "bob-smith" => vec![
            obligation(Kind::Promise, "2026-11-02", Some(Channel::Phone)),
            obligation(Kind::Rhythm, "2026-12-09", None),
        ],
        "club" => vec![obligation(Kind::Occasion, "2026-12-10", None)],
        _ => Vec::new(),
    };
    Assessment {
        group: StageGroup::Open,
        obligations,
        undated: Vec::new(),
        last_touch: None,
        last_reached: None,
        unanswered: 0,
        rhythm: None,
        crack: contact.id.as_str() == "torn",
    }
}

fn read(contact: &Contact) -> Option<String> {
    (!contact.broken)
        .then(|| format!("+++\nname = \"{}\"\n+++\nWants the BROCHURE and a Café.\n", contact.name))
}

fn parse_as(text: &str, me: Option<&str>) -> Result<Query, QueryError> {
    let settings = settings();
    Query::parse(text, &Context { settings: &settings, today: date(TODAY), me })
}

fn parse(text: &str) -> Result<Query, QueryError> {
    parse_as(text, Some("pat"))
}

/// The first letters of the ids of those that the query asks for.
fn matching(query: &Query) -> String {
    let all = contacts();
    let found = all.iter().filter(|c| query.matches(&Subject::new(c, &assess, &read)));
    found.filter_map(|c| c.id.as_str().chars().next()).collect()
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let query = parse(text).unwrap_or_else(|error| panic!("{}", error.render()));
        assert_eq!(matching(&query), *expected, "{text}");
        assert_eq!(parse(&query.to_string()).as_ref(), Ok(&query), "{text} is printed as {query}");
    }
}

#[test]
fn words_and_their_logic() {
    check(&[
        ("", "jbct"),
        ("  \n ", "jbct"),
        ("()", "jbct"),
        ("-()", ""),
        ("jane", "j"),
        ("JANE", "j"),
        ("acme", "j"),
        ("hot", "j"),
        ("@acme.example", "j").min(("jane@acme.example", "j")),
        ("bob-smith", "b"),
        ("muller", "b"),
        ("MÜLLER sohne", "b"),
        ("\"Jane Doe\"", "j"),
        ("\"Doe Jane\"", ""),
        ("“Jane Doe”", "j"),
        ("Jane Doe", "j"),
        ("jane and doe", "j"),
        ("jane bob", ""),
        ("jane or bob", "jb"),
        ("jane OR bob", "jb"),
        ("-jane", "bct"),
        ("not jane", "bct"),
        ("not not jane", "j"),
        ("--jane", "j"),
        ("-(jane or bob)", "ct"),
        ("jane or bob club", "j"),
        ("(jane or club) stage:won", "c"),
        ("jane or -stage:won bob", "jb"),
        ("\"and\"", ""),
        ("\"\"", "jbct"),
    ]);
}

#[test]
fn text_names_and_flags() {
    check(&[
        ("name:doe", "j"),
        ("name=\"Jane Doe\"", "j"),
        ("name=\"jane doe\"", ""),
        ("name:", "jb"),
        ("company:\"acme hot\"", "j"),
        ("company:", "jb"),
        ("-company:", "ct"),
        ("company=\"Mu\u{308}ller & So\u{308}hne\"", "b"),
        ("role:\"director \\\"of\\\"\"", "j"),
        ("email:acme", "j"),
        ("phone:5550100", "j"),
        ("phone:\"+1 (555) 01\"", "j"),
        ("phone=\"+1 555 0100\"", "j"),
        ("tag:hotel", "j"),
        ("tags:vip", "j"),
        ("tags=vip", ""),
        ("tag:hot", ""),
        ("TAG:Hotel", "j"),
        ("owner:pat", "j"),
        ("owner:me", "j"),
        ("owner=gone", ""),
        ("owner:", "jb"),
        ("stage:nurture", "j"),
        ("stage:Nurture", "j"),
        ("stage:new", "bt"),
        ("stage=new", ""),
        ("stage:open", "jbt"),
        ("stage:won", "c"),
        ("stage:", "jc"),
        ("kind:org", "c"),
        ("kind:person", "jbt"),
        ("kind:promise", "b"),
        ("kind:rhythm", ""),
        ("id:jane-doe", "j"),
        ("id:J-Roe", "j"),
        ("id:jane", ""),
        ("prefers.channel:email", "j"),
        ("prefers.channel:visit", ""),
        ("channel:email", "j"),
        ("channel:visit", "j"),
        ("channel:phone", "jb"),
        ("channel:fax", ""),
        ("channel:", "jb"),
        ("next.via:visit", "j"),
        ("next:", "j"),
        ("next.promised:", "j"),
        ("next.promised:no", "bct"),
        ("next.asked:yes", ""),
        ("prefers:", "j"),
        ("hot_button:", "j"),
        ("promise:", "jb"),
        ("promise:them", "j"),
        ("promise:me", ""),
        ("promise:@sam", "b"),
        ("promise:PAGES", "j"),
        ("promise:price", ""),
        ("knows:bob-smith", "j"),
        ("knows:eve", "j"),
        ("knows:bob", "j"),
        ("knows=bob", ""),
        ("knows:", "j"),
        ("crack:", "t"),
        ("crack:no", "jbc"),
        ("-crack:", "jbc"),
        ("broken:", "t"),
        ("broken:no", "jbc"),
        ("cadence:", "b"),
        ("cadence:new-lead", "b"),
        ("cadence.name=new-lead", "b"),
        ("conflict:", "b"),
        ("conflict:stage", "b"),
        ("dates:", "j"),
        ("dates:birth", "j"),
        ("text:brochure", "jbc"),
        ("text:cafe", "jbc"),
        ("text:\"JANE\"", "j"),
    ]);
}

#[test]
fn numbers_days_and_ages() {
    check(&[
        ("value>=10k", "j"),
        ("value>=0.025m", "j"),
        ("value<1_000", "b"),
        ("value:25000", "j"),
        ("value=900", "b"),
        ("value:", "jb"),
        ("unanswered:2", "j"),
        ("unanswered>=2", "j"),
        ("unanswered:0", "bct"),
        ("unanswered:", "j"),
        ("prefers.every<=90d", "j"),
        ("prefers.every:3mo", "j"),
        ("prefers.every<3mo", ""),
        ("added>=2026-01-01", "j"),
        ("added:2026-07", "j"),
        ("added:2026", "j"),
        ("added<=2026-07", "j"),
        ("added<2026-07", ""),
        ("added>2026-07", ""),
        ("added>4mo", "j"),
        ("added>=4mo", "j"),
        ("added>5mo", ""),
        // The log: a touch counts once its day has come, a note never.
        ("last:2026-11-20", "j"),
        ("last:-13d", "j"),
        ("last:fri", "").min(("last:2026-11-20", "j")),
        ("last<=13d", "j"),
        ("last<13d", ""),
        // Never is longer ago than any age, but before no day.
        ("last>90d", "bct"),
        ("last>90d last:", "b"),
        ("last>=124d", "bct"),
        ("last>=4mo last:", "b"),
        ("last<2026-10-01", "b"),
        ("-last:", "ct"),
        ("reached:", "jb"),
        ("reached:2026-06-01", "j"),
        ("reached>5mo", "jct"),
        ("due:", "jbc"),
        ("due:today", "j"),
        ("due:thu", "j"),
        ("due<=7d", "jbc"),
        ("due<7d", "jb"),
        ("due>0d", "c"),
        ("due<=tomorrow", "jb"),
        ("due:7d", "c"),
        ("due:+1w", "c"),
        ("due<2026-12-01", "b"),
        ("overdue:", "b"),
        ("overdue:no", "jct"),
        ("overdue>30d", "b"),
        ("overdue>31d", ""),
        ("overdue>=1mo", "b"),
        ("overdue<40d", "b"),
        ("overdue>=0d", "b"),
        ("next.on<2027-01-01", "j"),
        ("next.on<=7d", "j"),
        ("next.on<7d", ""),
        ("next.on:", "j"),
        ("away:", "b"),
        ("away:today", "b"),
        ("away:2026-12-21", ""),
        ("away:2026-12", "b"),
        ("away:+2w", "b"),
        ("away.until<=3w", "b"),
        ("cadence.start>10d", "b"),
        // A yearly day is asked for by its next return, unless by the calendar.
        ("dates.birthday<=17d", "j"),
        ("dates.birthday<17d", ""),
        ("dates.birthday<1990-01-01", "j"),
        ("dates.renewal:", "j"),
        ("dates.renewal>1mo", "j"),
        ("dates.anniversary:", ""),
    ]);
}

#[test]
fn keys_of_ones_own() {
    check(&[
        ("score>5", "j"),
        ("score<5", "b"),
        ("score:7", "j"),
        ("score=3", "b"),
        ("score:", "jb"),
        ("custom.score:", "jb"),
        ("custom.tax:de1", "j"),
        ("custom.tax=DE123", "j"),
        ("expires<2027-01-01", "j"),
        ("expires:2026-12", "j"),
        ("expires<=+30d", "j"),
        ("expires<-30d", ""),
        ("prefers.colour:blue", "j"),
        ("badge.number:12.5", "b"),
        ("badge.NUMBER>=12", "b"),
        ("badge.paid:yes", "b"),
        ("badge.paid:no", ""),
        ("badge:12.5", "b"),
        ("badge:", "b"),
        ("languages:fr", "b"),
        ("\"languages\":fr", "b"),
        ("\"no such key\":fr", ""),
        ("größe:5", ""),
    ]);
    let query = parse("score>5 nosuch: -custom.tax:x jane tag:hotel or nosuch:a").unwrap();
    assert_eq!(query.unknown_keys(), ["custom.tax", "nosuch", "score"]);
    let all = contacts();
    assert!(has_key(&all[0], "custom.tax") && has_key(&all[0], "Score") && !has_key(&all[0], "nosuch"));
}

#[test]
fn views() {
    check(&[
        ("@hot", "j"),
        ("-@hot", "bct"),
        ("@either", "jb"),
        ("@either -@hot", "b"),
        ("@both", "j"),
        ("@\"my own\"", "j"),
        ("@all", "jbct"),
        ("-@all or jane", "j"),
        ("(@all or jane) bob", "b"),
    ]);
    assert_eq!(parse("jane -@either").unwrap().to_string(), "-(tag:hotel or tag:museum) jane");
}

/// The museum of mistakes: each as a user sees it.
#[test]
fn mistakes() {
    let shelves = include_str!("mistakes.txt").replace("\r\n", "\n");
    let mut seen = String::new();
    for shelf in shelves.split("\n\n").filter(|s| !s.trim().is_empty()) {
        let query = shelf.lines().next().unwrap();
        let told = match parse_as(query, None) {
            Ok(query) => format!("no mistake: {query}"),
            Err(error) => error.render(),
        };
        seen.push_str(&format!("{query}\n{told}\n\n"));
    }
    if std::env::var_os("UPDATE_MISTAKES").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/query/mistakes.txt"), seen.trim_end())
            .unwrap();
    } else {
        assert_eq!(seen.trim_end(), shelves.trim_end());
    }
}

#[test]
fn long_texts_are_shown_in_part() {
    let long = format!("{} stage:{} {}", "a".repeat(90), "b".repeat(90), "c ".repeat(90));
    let rendered = parse(&long).unwrap_err().render();
    let mut lines = rendered.lines();
    assert!(lines.next().unwrap().starts_with("query, column 98: no stage \"bbbb"));
    assert!(lines.all(|line| line.chars().count() <= 3 * 42), "{rendered}");
}

#[test]
fn only_what_is_asked_is_worked_out() {
    let all = contacts();
    let calls = Cell::new((0, 0));
    let count = |which: (u32, u32)| calls.set((calls.get().0 + which.0, calls.get().1 + which.1));
    let assess = |c: &Contact| {
        count((1, 0));
        assess(c)
    };
    let read = |c: &Contact| {
        count((0, 1));
        read(c)
    };
    for (text, expected) in [
        ("jane tag:hotel last>1d promise: score>1", (0, 0)),
        ("text:brochure due: overdue:no jane", (1, 1)),
        ("text:brochure due: bob", (0, 0)),
        ("text:x or text:brochure or due:", (1, 0)),
        ("text:x or text:brochure", (0, 1)),
    ] {
        calls.set((0, 0));
        parse(text).unwrap().matches(&Subject::new(&all[0], &assess, &read));
        assert_eq!(calls.get(), expected, "{text}");
    }
    let known = assess(&all[3]);
    calls.set((0, 0));
    assert!(!parse("due:").unwrap().matches(&Subject::new(&all[0], &assess, &read).assessed(&known)));
    assert_eq!(calls.get(), (0, 0));
}

#[test]
fn needs() {
    let none = Needs::default();
    for (text, expected) in [
        ("", none),
        ("name:jane broken:", none),
        ("jane", Needs { head: true, ..none }),
        ("last>3d", Needs { log: true, ..none }),
        ("-promise:me", Needs { promises: true, ..none }),
        ("knows:bob", Needs { head: true, links: true, ..none }),
        ("(due: or crack:)", Needs { assessment: true, ..none }),
        ("text:a value>3", Needs { head: true, text: true, ..none }),
    ] {
        assert_eq!(parse(text).unwrap().needs(), expected, "{text}");
    }
    assert!(parse(" ( ) ").unwrap().is_empty() && !parse("-()").unwrap().is_empty());
}

#[test]
fn large_and_deep_queries_end_soon() {
    let megabyte = 1 << 20;
    for part in
        ["(", ")", "-", "\"", "a ", "a or ", "not ", "stage:", "\\", "@hot ", "a:", "é", "()", "-(a) "]
    {
        let text = part.repeat(megabyte / part.len());
        let _ = parse(&text).map(|q| matching(&q));
        let _ = parse(&format!("tag:\"{text}")).map(|q| q.to_string());
        let _ = parse(&format!("stage:{text}")).map_err(|e| e.render());
        let _ = parse(&format!("due<{text}")).map_err(|e| e.render());
        let _ = parse(&format!("@{text}")).map_err(|e| e.render());
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
