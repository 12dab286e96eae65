//! What must hold for any input: shared by the fuzz targets and by the test that replays their corpus.

use tickler_core::date::Date;
use tickler_core::file::layout::Layout;
use tickler_core::file::{self, parse_settings};
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
