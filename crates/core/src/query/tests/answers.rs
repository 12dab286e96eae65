//! Queries as data: who matches what, and what it takes to know.

use std::cell::Cell;

use super::*;

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
        ("jane@acme.example", "j"),
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
        ("last:fri", ""),
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
        ("broken:", none),
        ("name:jane", Needs { card: true, ..none }),
        ("jane", Needs { card: true, plan: true, ..none }),
        ("stage:new value>3", Needs { plan: true, ..none }),
        ("last>3d", Needs { log: true, ..none }),
        ("-promise:me", Needs { promises: true, ..none }),
        ("knows:bob", Needs { card: true, links: true, ..none }),
        ("(due: or crack:)", Needs { assessment: true, ..none }),
        ("text:a value>3", Needs { plan: true, text: true, ..none }),
    ] {
        assert_eq!(parse(text).unwrap().needs(), expected, "{text}");
    }
    assert!(parse(" ( ) ").unwrap().is_empty() && !parse("-()").unwrap().is_empty());
}

#[test]
fn every_example_of_the_guide_is_a_query() {
    let guide = include_str!("../../../../../docs/guide/query.md");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let examples: Vec<&str> =
        rows.map(|(query, _)| query).filter(|q| q.chars().any(char::is_alphanumeric)).collect();
    assert!(examples.len() > 80, "{}", examples.len());
    for query in examples {
        if let Err(error) = parse(query) {
            panic!("{}", error.render());
        }
    }
}
