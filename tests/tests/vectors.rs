//! The notebooks of `tests/vectors` through the real program: `due` and `cracks` give what is expected.

use serde_json::{Value, json};
use tickler_tests::{Tickler, workspace};

const FIELDS: [&str; 8] = ["id", "kind", "date", "via", "why", "flags", "unanswered", "also"];

fn answer(verb: &str, notebook: &str) -> Value {
    let dir = workspace().join("tests/vectors").join(notebook);
    let ran = Tickler::new(&format!("{verb} --format json")).notebook(dir).run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{notebook}: {error}"))
}

#[test]
fn every_vector() {
    for notebook in ["due-1", "due-2", "due-3"] {
        let kept = workspace().join("tests/vectors").join(notebook).join("expected.json");
        let expected: Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
        let due = answer("due --all", notebook);
        let mut rows: Vec<Value> = due["due"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| FIELDS.iter().map(|field| ((*field).to_owned(), row[field].clone())).collect())
            .collect();
        rows.sort_by_key(|row| row["id"].as_str().map(str::to_owned));
        for (row, expected) in rows.iter().zip(expected["due"].as_array().unwrap()) {
            assert_eq!(row, expected, "{notebook}");
        }
        assert_eq!(rows.len(), expected["due"].as_array().unwrap().len(), "{notebook}");
        let cracks = answer("cracks", notebook);
        let ids: Vec<&Value> =
            cracks["cracks"].as_array().unwrap().iter().map(|crack| &crack["id"]).collect();
        assert_eq!(json!(ids), expected["cracks"], "{notebook}");
        assert_eq!(due["cracks"], ids.len(), "{notebook}");
    }
}
