//! A small notebook to ask, with what the rules would say of it.

mod answers;
mod mistakes;
mod properties;

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
        reads_what_it_needs(&query);
    }
}

/// With the parts that a query says it needs and no others, the answer is the same; with fewer it is the same or
/// none.
fn reads_what_it_needs(query: &Query) {
    let needs = query.needs();
    for contact in contacts() {
        let answer = query.matches(&Subject::new(&contact, &assess, &read));
        let only = |needs: Needs| {
            let mut part = Contact { broken: contact.broken, id: contact.id.clone(), ..Contact::default() };
            let all = contact.clone();
            if needs.card {
                part.name = all.name;
                part.head = Head {
                    tags: Vec::new(),
                    owner: None,
                    stage: None,
                    value: None,
                    added: None,
                    prefers: Prefers::default(),
                    next: None,
                    away: None,
                    cadence: None,
                    dates: Vec::new(),
                    ..all.head.clone()
                };
            }
            if needs.plan {
                let Head { tags, owner, stage, value, added, prefers, next, away, cadence, dates, .. } =
                    all.head;
                part.head = Head {
                    tags,
                    owner,
                    stage,
                    value,
                    added,
                    prefers,
                    next,
                    away,
                    cadence,
                    dates,
                    ..part.head
                };
            }
            part.log = if needs.log { all.log } else { Vec::new() };
            part.promises = if needs.promises { all.promises } else { Vec::new() };
            part.links = if needs.links { all.links } else { Vec::new() };
            part
        };
        // What the rules read is fetched along where they are asked.
        let assess_all = |_: &Contact| assess(&contact);
        let read_all = |_: &Contact| read(&contact);
        let needed = only(needs);
        assert_eq!(
            query.matches(&Subject::new(&needed, &assess_all, &read_all)),
            answer,
            "{query}: {needs:?}"
        );
        let first = Needs { card: needs.card, plan: needs.plan, ..Needs::default() };
        let settled = query.settled(&Subject::new(&only(first), &assess_all, &read_all), first);
        assert!(settled.is_none_or(|settled| settled == answer), "{query} is settled too early");
        let whole = query.settled(&Subject::new(&contact, &assess, &read), needs);
        assert_eq!(whole, Some(answer), "{query}");
    }
}
