//! What must hold for any input: shared by the fuzz targets and by the test that replays their corpus.

use tickler_core::contact::{Channel, Promiser, Value, Words};
use tickler_core::date::Date;
use tickler_core::file::layout::Layout;
use tickler_core::file::{self, edit, parse_settings};
use tickler_core::follow_up::{assess, explain, outlook};
use tickler_core::hours::Hours;
use tickler_core::query::{Context, Query};
use tickler_core::settings::Settings;

/// Any bytes as a contact file and as settings.
pub fn read(bytes: &[u8]) {
    let text = match file::decode(bytes) {
        Ok(text) => text,
        Err(problem) => {
            assert!(problem.at.line >= 1 && problem.at.column >= 1);
            return;
        }
    };
    let joined: String = Layout::of(text).parts().into_iter().map(|part| &text[part]).collect();
    assert_eq!(joined, text, "splitting loses nothing");
    let settings = match parse_settings(text) {
        Ok((settings, _)) => settings,
        Err(_) => Settings::default(),
    };
    let reading = file::parse(text, "some-one", &settings);
    let lines = text.lines().count() as u32 + 1;
    for problem in &reading.problems {
        assert!((1..=lines).contains(&problem.at.line), "{problem:?}");
        assert!(!problem.message.is_empty());
    }
    assert!(!reading.contact.broken || !reading.problems.is_empty(), "what is broken is said");
    let contact = &reading.contact;
    assert!(contact.log.is_sorted_by_key(|entry| (entry.date, entry.time)));
    for today in [Date::MIN, Date::MAX].into_iter().chain(Date::new(2026, 12, 3)) {
        let assessment = assess(contact, &settings, today);
        assert_eq!(explain(contact, &settings, today).assessment, assessment);
        let outlook = outlook(contact, &settings, today);
        assert!(outlook.holds_on(today));
        assert_eq!(outlook.due, assessment.follow_up().and_then(|o| o.date));
    }
    if let Some(hours) = &contact.head.prefers.hours {
        let _ = hours.parse::<Hours>();
    }
}

/// Any bytes as a contact file that is edited: well, or not at all.
pub fn edit(bytes: &[u8]) {
    let Ok(text) = file::decode(bytes) else { return };
    let settings = Settings::default();
    let contact = file::parse(text, "some-one", &settings).contact;
    let kept = |new: &str, log: usize, promises: usize| {
        let after = file::parse(new, "some-one", &settings).contact;
        assert!(!after.broken, "no edit breaks a file: {new:?}");
        assert_eq!(after.log.len(), contact.log.len() + log, "{new:?}");
        assert_eq!(after.promises.len(), contact.promises.len() + promises, "{new:?}");
    };
    let words = || vec!["a".to_owned(), "b".to_owned()];
    let head = [
        edit::set(text, &["name"], &Value::Text("New".into())),
        edit::set(text, &["next", "why"], &Value::Text("so".into())),
        edit::set(text, &["odd", "key"], &Value::Integer(1)),
        edit::unset(text, &["name"]),
        edit::unset(text, &["next"]),
        edit::add_items(text, &["tags"], &words()),
        edit::remove_items(text, &["tags"], &words()),
    ];
    for new in head.into_iter().flatten() {
        assert!(!contact.broken, "what is broken is never rewritten");
        kept(&new, 0, 0);
    }
    let promise = edit::NewPromise { kept: false, who: Promiser::Them, text: "call".into(), by: None };
    // What the file ends in, as the words of an entry.
    let last = text.char_indices().rev().nth(20).map_or(text, |(at, _)| &text[at..]);
    for (day, said) in [(1, "said hello"), (28, last)] {
        let Some(date) = Date::new(2026, 11, day) else { continue };
        let entry = edit::NewEntry {
            date,
            time: None,
            channel: Channel::Phone,
            words: Words::default(),
            who: None,
            text: said.to_owned(),
            promises: vec![promise.clone()],
        };
        if let Ok(new) = edit::add_entry(text, &entry, &settings) {
            kept(&new, 1, 1);
        }
    }
    for entry in contact.log.iter().take(3) {
        if let Ok(new) = edit::add_promises(text, entry.at, std::slice::from_ref(&promise), &settings) {
            kept(&new, 0, 1);
        }
    }
    for promise in contact.promises.iter().take(3) {
        if let Ok(new) = edit::tick(text, promise.at, !promise.kept) {
            kept(&new, 0, 0);
        }
    }
    if !contact.broken {
        kept(&edit::relink(text, &|id| Some(format!("{id}-2"))), 0, 0);
        kept(&edit::redirect(text, &|to| Some(format!("../{to}"))), 0, 0);
    }
}

/// Any text as a query.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(today) = Date::new(2026, 12, 3) else { return };
    let settings =
        Settings { views: vec![("hot".into(), "value>=10k or @hot".into())], ..Settings::default() };
    let context = Context { settings: &settings, today, me: Some("pat") };
    match Query::parse(text, &context) {
        Ok(query) => {
            let printed = query.to_string();
            let again = Query::parse(&printed, &context);
            assert_eq!(again.as_ref().map(ToString::to_string), Ok(printed), "printing is understood");
            let _ = query.needs();
        }
        Err(error) => {
            assert!(error.column >= 1);
            assert!(!error.render().is_empty());
        }
    }
}
