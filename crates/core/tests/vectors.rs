//! The notebooks of `tests/vectors`: text to contact to what is due, every field of every contact.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tickler_core::date::Date;
use tickler_core::file::{parse, parse_settings};
use tickler_core::follow_up::{Assessment, Obligation, assess, explain, outlook};
use tickler_core::settings::Settings;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The contact files below `folder`, by id.
fn contact_files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("the folder is readable").into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| (path.file_stem().expect("it has a name").to_string_lossy().into_owned(), path))
        .collect();
    files.sort();
    files
}

fn brief(obligation: &Obligation) -> Value {
    json!({
        "kind": obligation.kind,
        "date": obligation.date,
        "via": obligation.via,
        "why": obligation.why,
    })
}

/// A contact's row of the due list, if it has one.
fn row(id: &str, assessment: &Assessment) -> Option<Value> {
    let (first, others) = assessment.obligations.split_first()?;
    let mut row = brief(first);
    let flags = [
        (first.asked, "asked"),
        (first.moved_away, "moved-away"),
        (first.patience, "patience"),
        (first.promised, "promised"),
    ];
    row["id"] = json!(id);
    row["flags"] = flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag).collect();
    row["unanswered"] = json!(assessment.unanswered);
    row["also"] = others.iter().map(brief).collect();
    Some(row)
}

/// The whole answer for a notebook, in the shape of `expected.json`.
fn answer(notebook: &Path, today: Date) -> Value {
    let (settings, _): (Settings, _) =
        parse_settings(&read(&notebook.join("tickler.toml"))).expect("the settings are readable");
    let (mut due, mut cracks) = (Vec::new(), Vec::new());
    for (id, path) in contact_files(&notebook.join("contacts")) {
        let contact = parse(&read(&path), &id, &settings).contact;
        let assessment = assess(&contact, &settings, today);
        assert_eq!(explain(&contact, &settings, today).assessment, assessment, "{id}");
        let outlook = outlook(&contact, &settings, today);
        assert_eq!(outlook.due, assessment.follow_up().and_then(|obligation| obligation.date), "{id}");
        due.extend(row(&id, &assessment));
        if assessment.crack {
            cracks.push(id);
        }
    }
    json!({ "today": today, "due": due, "cracks": cracks })
}

#[test]
fn every_vector_is_answered_as_expected() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    for name in ["due-1", "due-2", "due-3"] {
        let notebook = vectors.join(name);
        let expected: Value =
            serde_json::from_str(&read(&notebook.join("expected.json"))).expect("it is JSON");
        let today = expected["today"].as_str().and_then(|day| day.parse().ok()).expect("it names a day");
        let actual = answer(&notebook, today);
        let rows = |answer: &Value| answer["due"].as_array().cloned().unwrap_or_default();
        for (actual, expected) in rows(&actual).iter().zip(&rows(&expected)) {
            assert_eq!(actual, expected, "{name}");
        }
        assert_eq!(actual, expected, "{name}");
    }
}
