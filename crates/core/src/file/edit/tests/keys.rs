//! `set` and `unset`, style by style.

use super::*;

/// The front matter between its fences, after the edit.
fn told(result: Result<String, EditError>) -> String {
    match result {
        Ok(text) => match text.strip_prefix("+++\n").and_then(|text| text.strip_suffix("+++\nbody\n")) {
            Some(toml) => toml.to_owned(),
            None => text,
        },
        Err(error) => format!("{error:?}"),
    }
}

fn file(toml: &str) -> String {
    format!("+++\n{toml}+++\nbody\n")
}

fn next(items: &[(&str, Value)]) -> Value {
    Value::Table(items.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

#[test]
fn a_value_is_replaced_and_nothing_else() {
    for (toml, key, value, expected) in [
        ("name = \"A\" # who\n", &["name"] as &[&str], text("B"), "name = \"B\" # who\n"),
        ("name=  'A'\n", &["name"], text("B \"x\""), "name=  'B \"x\"'\n"),
        ("name = 'A'\n", &["name"], text("it's"), "name = \"it's\"\n"),
        ("name = \"\"\"\nA\"\"\" # x\n", &["name"], text("B\n"), "name = \"B\\n\" # x\n"),
        ("\"name\" = \"A\"\n", &["name"], text("B"), "\"name\" = \"B\"\n"),
        ("value = 25_000\n", &["value"], Value::Integer(25000), "value = 25_000\n"),
        ("value = 25_000\n", &["value"], text("3 EUR"), "value = \"3 EUR\"\n"),
        (
            "[next]\non = 2026-12-03 # firm\n",
            &["next", "on"],
            Value::Date(date("2026-12-04")),
            "[next]\non = 2026-12-04 # firm\n",
        ),
        (
            "next.on = 2026-12-03\n",
            &["next", "on"],
            Value::Date(date("2026-12-04")),
            "next.on = 2026-12-04\n",
        ),
        (
            "next = { on = 2026-12-03, via = 'phone' }\n",
            &["next", "via"],
            text("email"),
            "next = { on = 2026-12-03, via = 'email' }\n",
        ),
        ("a = { b.c = 1, d = 2 }\n", &["a", "b", "c"], Value::Integer(3), "a = { b.c = 3, d = 2 }\n"),
        (
            "[next]\non = 2026-12-03 09:00:00\n",
            &["next", "on"],
            Value::DateTime("2026-12-04T10:30".into()),
            "[next]\non = 2026-12-04 10:30:00\n",
        ),
        (
            "[next]\non = 2026-12-03T09:00\n",
            &["next", "on"],
            Value::DateTime("2026-12-03T09:00:00".into()),
            "[next]\non = 2026-12-03T09:00\n",
        ),
        (
            "seen = 2026-12-03 09:00:00\n[next]\non = 2026-12-03\n",
            &["next", "on"],
            Value::DateTime("2026-12-04T10:30".into()),
            "seen = 2026-12-03 09:00:00\n[next]\non = 2026-12-04 10:30:00\n",
        ),
        ("x = 1\n", &["x"], next(&[("y", Value::Integer(2))]), "x = { y = 2 }\n"),
        ("[x]\ny = 1\n", &["x"], Value::Integer(2), "x = 2\n"),
    ] {
        assert_eq!(told(set(&file(toml), key, &value)), expected, "{toml:?} {key:?}");
    }
}

#[test]
fn a_new_key_goes_where_the_order_has_it() {
    for (toml, key, value, expected) in [
        ("", &["name"] as &[&str], text("A"), "name = \"A\"\n"),
        (
            "name = \"A\"\nstage = \"new\"\n",
            &["owner"],
            text("pat"),
            "name = \"A\"\nowner = \"pat\"\nstage = \"new\"\n",
        ),
        (
            "name = \"A\" # who\n\nstage = \"new\"\n",
            &["role"],
            text("x"),
            "name = \"A\" # who\nrole = \"x\"\n\nstage = \"new\"\n",
        ),
        ("stage = \"new\"\nx = 1\n", &["name"], text("A"), "stage = \"new\"\nx = 1\nname = \"A\"\n"),
        ("name = \"A\"\nx = 1\n", &["zoo"], Value::Integer(1), "name = \"A\"\nx = 1\nzoo = 1\n"),
        (
            "name = \"A\"\n\n# plan\n[next]\non = 2026-12-03\n",
            &["stage"],
            text("new"),
            "name = \"A\"\nstage = \"new\"\n\n# plan\n[next]\non = 2026-12-03\n",
        ),
        ("[next]\non = 2026-12-03\n", &["name"], text("A"), "name = \"A\"\n\n[next]\non = 2026-12-03\n"),
        (
            "# head\n\n# plan\n[next]\non = 2026-12-03\n",
            &["name"],
            text("A"),
            "# head\n\nname = \"A\"\n\n# plan\n[next]\non = 2026-12-03\n",
        ),
        ("# head\n", &["name"], text("A"), "# head\nname = \"A\"\n"),
        ("tags = [\n  \"a\",\n]\n", &["needs"], text("x"), "tags = [\n  \"a\",\n]\nneeds = \"x\"\n"),
        (
            "[next]\non = 2026-12-03\nwhy = \"x\"\n\n[away]\nuntil = 2026-12-01\n",
            &["next", "via"],
            text("phone"),
            "[next]\non = 2026-12-03\nvia = \"phone\"\nwhy = \"x\"\n\n[away]\nuntil = 2026-12-01\n",
        ),
        (
            "[dates]\nb = 2026-01-01\n[[conflict]]\nkey = \"a\"\nother = 1\n",
            &["dates", "a"],
            Value::Date(date("2026-01-02")),
            "[dates]\nb = 2026-01-01\na = 2026-01-02\n[[conflict]]\nkey = \"a\"\nother = 1\n",
        ),
        ("[next]\n", &["next", "on"], Value::Date(date("2026-01-02")), "[next]\non = 2026-01-02\n"),
        (
            "  [next]\n    on = 2026-12-03\n",
            &["next", "via"],
            text("phone"),
            "  [next]\n    on = 2026-12-03\n    via = \"phone\"\n",
        ),
        (
            "next.on = 2026-12-03\nx = 1\n",
            &["next", "via"],
            text("phone"),
            "next.on = 2026-12-03\nnext.via = \"phone\"\nx = 1\n",
        ),
        (
            "\"next\" . on = 2026-12-03\n",
            &["next", "via"],
            text("phone"),
            "\"next\" . on = 2026-12-03\n\"next\" . via = \"phone\"\n",
        ),
        (
            "next = { on = 2026-12-03 }\n",
            &["next", "via"],
            text("phone"),
            "next = { on = 2026-12-03, via = \"phone\" }\n",
        ),
        (
            "next = {on = 2026-12-03,why='x', }\n",
            &["next", "via"],
            text("phone"),
            "next = {on = 2026-12-03, via = \"phone\",why='x', }\n",
        ),
        (
            "next = {\n  on = 2026-12-03, # firm\n}\n",
            &["next", "via"],
            text("phone"),
            "next = {\n  on = 2026-12-03, # firm\n  via = \"phone\",\n}\n",
        ),
        (
            "next = {\n  on = 2026-12-03 # firm\n}\n",
            &["next", "via"],
            text("phone"),
            "next = {\n  on = 2026-12-03, # firm\n  via = \"phone\"\n}\n",
        ),
        ("x = {}\n", &["x", "y"], Value::Integer(1), "x = { y = 1 }\n"),
        ("x = { }\n", &["x", "y"], Value::Integer(1), "x = { y = 1 }\n"),
        ("x = {}\n", &["x", "y", "z"], Value::Integer(1), "x = { y.z = 1 }\n"),
        ("x = { y.z = 1 }\n", &["x", "y", "w"], Value::Integer(1), "x = { y.z = 1, y.w = 1 }\n"),
        (
            "name = \"A\"\n",
            &["next", "on"],
            Value::Date(date("2026-01-02")),
            "name = \"A\"\n\n[next]\non = 2026-01-02\n",
        ),
        (
            "name = \"A\"\n\n",
            &["next", "on"],
            Value::Date(date("2026-01-02")),
            "name = \"A\"\n\n[next]\non = 2026-01-02\n\n",
        ),
        (
            "[[conflict]]\nkey = \"a\"\nother = 1\n",
            &["next", "on"],
            Value::Date(date("2026-01-02")),
            "[[conflict]]\nkey = \"a\"\nother = 1\n\n[next]\non = 2026-01-02\n",
        ),
        ("[x.y]\na = 1\n", &["x", "b"], Value::Integer(1), "[x]\nb = 1\n[x.y]\na = 1\n"),
        (
            "z = 1\n\n# deep\n[x.y]\na = 1\n",
            &["x", "b"],
            Value::Integer(1),
            "z = 1\n\n[x]\nb = 1\n\n# deep\n[x.y]\na = 1\n",
        ),
        ("", &["a b"], Value::Integer(1), "\"a b\" = 1\n"),
    ] {
        assert_eq!(told(set(&file(toml), key, &value)), expected, "{toml:?} {key:?}");
    }
}

#[test]
fn a_table_is_set_key_by_key() {
    let on = || Value::Date(date("2026-12-04"));
    for (toml, value, expected) in [
        (
            "",
            next(&[("promised", Value::Boolean(true)), ("why", text("x")), ("on", on())]),
            "[next]\non = 2026-12-04\nwhy = \"x\"\npromised = true\n",
        ),
        (
            "[next]\non = 2026-12-03 # firm\nvia = \"phone\"\n# note\n",
            next(&[("why", text("x")), ("on", on())]),
            "[next]\non = 2026-12-04 # firm\nwhy = \"x\"\n# note\n",
        ),
        (
            "next = { on = 2026-12-03, via = \"phone\" }\n",
            next(&[("on", on())]),
            "next = { on = 2026-12-04 }\n",
        ),
        ("next.on = 2026-12-03\nnext.via = \"phone\"\n", next(&[("on", on())]), "next.on = 2026-12-04\n"),
        ("name = \"A\"\n\n[next]\non = 2026-12-03\n", next(&[]), "name = \"A\"\n"),
    ] {
        assert_eq!(told(set(&file(toml), &["next"], &value)), expected, "{toml:?}");
    }
}

#[test]
fn what_is_unset_goes_with_its_line() {
    for (toml, key, expected) in [
        ("name = \"A\"\nstage = \"x\" # why\nx = 1\n", &["stage"] as &[&str], "name = \"A\"\nx = 1\n"),
        ("name = \"A\"\n", &["stage"], "name = \"A\"\n"),
        ("# about\nname = \"A\"\n", &["name"], "# about\n"),
        ("tags = [\n  \"a\", # x\n]\nx = 1\n", &["tags"], "x = 1\n"),
        ("name = \"A\"\n\n[next]\non = 2026-12-03\n", &["name"], "[next]\non = 2026-12-03\n"),
        (
            "name = \"A\"\n\n[next]\non = 2026-12-03\nwhy = \"x\"\n\n[away]\nuntil = 2026-12-01\n",
            &["next"],
            "name = \"A\"\n\n[away]\nuntil = 2026-12-01\n",
        ),
        ("name = \"A\"\n\n[next]\non = 2026-12-03\n", &["next", "on"], "name = \"A\"\n"),
        ("name = \"A\"\n\n[next]\n# about\non = 2026-12-03\n", &["next", "on"], "name = \"A\"\n# about\n"),
        ("[next]\non = 2026-12-03\n\n[next.x]\ny = 1\n[z]\n", &["next"], "[z]\n"),
        ("next.on = 2026-12-03\nx = 1\nnext.why = \"x\"\n", &["next"], "x = 1\n"),
        ("next = { on = 2026-12-03, why = \"x\" }\n", &["next", "on"], "next = { why = \"x\" }\n"),
        ("next = { on = 2026-12-03, why = \"x\" }\n", &["next", "why"], "next = { on = 2026-12-03 }\n"),
        ("next = { on = 2026-12-03 }\nx = 1\n", &["next", "on"], "x = 1\n"),
        (
            "next = {\n  on = 2026-12-03, # firm\n  why = \"x\" # so\n}\n",
            &["next", "why"],
            "next = {\n  on = 2026-12-03 # firm\n}\n",
        ),
        ("a = { b.c = 1, d = 2, b.e = 3 }\n", &["a", "b"], "a = { d = 2 }\n"),
        ("[[conflict]]\nkey = \"a\"\nother = 1\n\n[[conflict]]\nkey = \"b\"\nother = 2\n", &["conflict"], ""),
    ] {
        assert_eq!(told(unset(&file(toml), key)), expected, "{toml:?} {key:?}");
    }
}

#[test]
fn a_front_matter_is_made_where_there_is_none() {
    for (old, expected) in [
        ("", "+++\nname = \"A\"\n+++\n"),
        ("\u{feff}", "\u{feff}+++\nname = \"A\"\n+++\n"),
        ("# A\r\n", "+++\r\nname = \"A\"\r\n+++\r\n\r\n# A\r\n"),
        ("\u{feff}\nx", "\u{feff}+++\nname = \"A\"\n+++\n\nx"),
        ("+++\n+++", "+++\nname = \"A\"\n+++"),
        ("+++\r\n+++\r\nx", "+++\r\nname = \"A\"\r\n+++\r\nx"),
    ] {
        assert_eq!(told(set(old, &["name"], &text("A"))), expected, "{old:?}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    for (toml, key, value, message) in [
        (
            "name = 1\n",
            &["stage"] as &[&str],
            text("x"),
            "line 2: `name` must be a text, but this is a number",
        ),
        (
            "name = \n",
            &["stage"],
            text("x"),
            "line 2: not TOML: string values must be quoted, expected literal string",
        ),
        ("", &["added"], text("x"), "`added` must be a date, but this is a text"),
        ("", &["next"], Value::Integer(1), "`next` must be a table, but this is a number"),
        ("x = 1\n", &["x", "y"], Value::Integer(1), "\"x\" has no keys of its own"),
        ("[[x]]\ny = 1\n", &["x", "y"], Value::Integer(2), "\"x\" has no keys of its own"),
        ("", &["x"], Value::DateTime("soon".into()), "\"soon\" is no date with a time"),
        ("", &[], text("x"), "no key is named"),
    ] {
        let error = set(&file(toml), key, &value).unwrap_err();
        assert_eq!(error.to_string(), message, "{toml:?} {key:?}");
    }
    let error = set("+++\nname = 'A'\n", &["name"], &text("B")).unwrap_err();
    assert_eq!(error.to_string(), "line 1: the front matter that begins here never ends");
    assert_eq!(error.hint(), Some("end it with a line `+++`"));
}

#[test]
fn a_new_contact() {
    let mut first = entry("2026-11-20 event: lunch");
    first.promises =
        vec![NewPromise { kept: false, who: crate::contact::Promiser::Them, text: "call".into(), by: None }];
    let keys: &[(&[&str], Value)] = &[
        (&["prefers", "every"], text("3 months")),
        (&["x"], Value::Integer(1)),
        (&["tags"], Value::List(vec![text("a")])),
        (&["prefers", "channel"], Value::List(vec![text("phone")])),
        (&["name"], text("Jane")),
    ];
    assert_eq!(
        new_contact(keys, Some("# Met at\nthe fair"), Some(&first), &settings()).unwrap(),
        "+++\nname = \"Jane\"\ntags = [\"a\"]\nx = 1\n\n[prefers]\nchannel = [\"phone\"]\nevery = \"3 months\"\n+++\n\n\\# Met at\nthe fair\n\n## Log\n\n- 2026-11-20 event: lunch\n  - [ ] them: call\n"
    );
    assert_eq!(new_contact(&[], None, None, &settings()).unwrap(), "+++\n+++\n\n## Log\n");
}
