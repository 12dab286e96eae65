//! How the merged text is put together: comments, order, ways of writing, notes, the settings.

use super::*;

#[test]
fn statements_stay_as_they_are_written() {
    for (base, a, b, expected) in [
        // Each side's own spelling, and its comments.
        (
            "# Head\nname = 'J'\nvalue = 1\n\n[next]\non = 2026-12-01\n",
            "# Head\nname = 'Jane' # her name\nvalue = 1\n\n[next]\non = 2026-12-01\n",
            "# Head\nname = 'J'\n# about\nvalue = 25_000\n\n[next]\non   =   2026-12-05 # firm\n",
            "# Head\nname = 'Jane' # her name\n# about\nvalue = 25_000\n\n[next]\non   =   2026-12-05 # firm\n",
        ),
        // A comment goes where one side took it away, and stays where the other changed what is below it.
        ("# x\na = 1\n# y\nb = 1\n", "a = 1\n# y\nb = 2\n", "# x\na = 2\nb = 1\n", "a = 2\nb = 2\n"),
        ("# x\na = 1\nb = 1\n", "a = 2\nb = 1\n", "# x\n# z\na = 1\nb = 2\n", "# z\na = 2\nb = 2\n"),
        // What was said beside a value that lost stays above the one that won.
        (
            "a = 'x'\n",
            "a = 'y' # from Ann\nb = 1\n",
            "a = 'z' # from Bob\n",
            "# from Ann\na = 'z' # from Bob\nb = 1\n\n[[conflict]]\nkey = \"a\"\nother = \"y\"\n",
        ),
        // Above a key that the other side deleted somebody wrote something.
        (
            "a = 1\nb = 1\nc = 1\n",
            "a = 2\nc = 1\n",
            "a = 1\n# important\nb = 1\nc = 1\n",
            "a = 2\nc = 1\n# important\n",
        ),
        // Sections and keys where either side put them.
        (
            "a = 1\n\n[x]\np = 1\n\n[y]\nq = 1\n",
            "a = 1\nb = 2\n\n[x]\np = 1\n\n[n]\nr = 1\n\n[y]\nq = 1\n",
            "z = 0\na = 1\n\n[y]\nq = 1\nqq = 2\n\n[x]\np = 1\n# end\n",
            "z = 0\na = 1\nb = 2\n\n[y]\nq = 1\nqq = 2\n\n[x]\np = 1\n\n[n]\nr = 1\n# end\n",
        ),
        // What began the file stands apart when something comes before it; and the other way round.
        ("[x]\np = 1\n", "[x]\np = 2\n", "a = 1\n[x]\np = 1\n", "a = 1\n[x]\np = 2\n"),
        ("", "[x]\np = 1\n", "a = 1\n", "a = 1\n\n[x]\np = 1\n"),
        ("a = 1\n\n[x]\np = 1\n", "\n[x]\np = 1\n", "a = 1\n\n[x]\np = 2\n", "\n[x]\np = 2\n"),
        ("a = 1\n\n[x]\np = 1\n", "[x]\np = 1\n", "a = 1\n\n[x]\np = 2\n", "[x]\np = 2\n"),
        // A list over many lines.
        (
            "tags = [\n  \"a\", # one\n  \"b\",\n]\n",
            "tags = [\n  \"a\", # one\n  \"b\",\n  \"c\",\n]\n",
            "tags = [\n  \"b\",\n  # next\n  \"d\",\n]\n",
            "tags = [\n  \"b\",\n  \"c\",\n  # next\n  \"d\",\n]\n",
        ),
        // A new way of writing that changes nothing said, and a change of another key.
        (
            "a = { x = 1 }\nb = 1\n",
            "b = 1\n\n[a]\nx = 1 # one\n",
            "a = { x = 1 }\nb = 2\n",
            "b = 2\n\n[a]\nx = 1 # one\n",
        ),
        // Empty tables.
        ("a = 1\n", "a = 1\n\n[x]\n# soon\n", "a = 2\n", "a = 2\n\n[x]\n# soon\n"),
        ("[x]\np = 1\nq = 1\n", "[x]\nq = 1\n", "[x]\np = 1\n", ""),
        // An array of tables in two places becomes one.
        (
            "[[r]]\nx = 1\n[s]\ny = 1\n[[r]]\nx = 2\n",
            "[[r]]\nx = 1\n[s]\ny = 2\n[[r]]\nx = 2\n",
            "a = 1\n[[r]]\nx = 1\n[s]\ny = 1\n[[r]]\nx = 2\n",
            "a = 1\n[[r]]\nx = 1\n[[r]]\nx = 2\n[s]\ny = 2\n",
        ),
    ] {
        assert_eq!(told(base, a, b), expected, "of\n{base}---\n{a}---\n{b}");
        let crlf = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(told(&crlf(base), &crlf(a), &crlf(b)), crlf(expected));
    }
}

#[test]
fn what_is_settled_stays_settled() {
    let aside = |key: &str, other: &str| format!("\n[[conflict]]\nkey = \"{key}\"\nother = \"{other}\"\n");
    let base = ["a = 1\nb = 1\n", &aside("a", "7"), &aside("b", "8")].concat();
    for (a, b, expected) in [
        // Settled by one, while the other did something else.
        (
            ["a = 2\nb = 1\n", &aside("b", "8")].concat(),
            ["a = 1\nb = 2\n", &aside("a", "7"), &aside("b", "8")].concat(),
            ["a = 2\nb = 2\n", &aside("b", "8")].concat(),
        ),
        // Settled by one, while the other changed that very key.
        (
            ["a = 1\nb = 1\n", &aside("b", "8")].concat(),
            ["a = 2\nb = 1\n", &aside("a", "7"), &aside("b", "8")].concat(),
            ["a = 2\nb = 1\n", &aside("a", "7"), &aside("b", "8")].concat(),
        ),
        // Settled one each.
        (
            ["a = 1\nb = 1\n", &aside("b", "8")].concat(),
            ["a = 1\nb = 1\n", &aside("a", "7")].concat(),
            "a = 1\nb = 1\n".to_owned(),
        ),
        // Written by hand in one line.
        (
            "a = 2\nb = 1\nconflict = [{ key = \"a\", other = \"7\" }, { key = \"b\", other = \"8\" }]\n"
                .to_owned(),
            ["a = 3\nb = 1\n", &aside("a", "7"), &aside("b", "8")].concat(),
            ["a = 3\nb = 1\n", &aside("a", "2"), &aside("a", "7"), &aside("b", "8")].concat(),
        ),
    ] {
        assert_eq!(told(&base, &a, &b), expected, "of\n{base}---\n{a}---\n{b}");
    }
}

#[test]
fn notes_tell_what_is_new_aside() {
    let value = |key: &str, kept: &str, other: &str| Note::Value {
        key: key.to_owned(),
        kept: kept.to_owned(),
        other: other.to_owned(),
    };
    let base = "x = 1\n";
    let a = "x = 2\ny.\"a b\" = [1]\nz = 1\n";
    let b = "x = 'two'\ny.\"a b\" = [2]\n";
    let once = merged(base, a, b);
    assert_eq!(once.notes, [value("x", "2", "two"), value("y.\"a b\"", "[2]", "[1]")]);
    assert_eq!(merged(base, &once.toml, b).notes, []);
    assert_eq!(merged(base, a, base).notes, []);
}

#[test]
fn the_settings_lose_nothing_without_a_note() {
    let base = "format = 1\n\n[stages]\nopen = [\"new\", \"won\"]\n\n[first]\nwithin = \"1 day\"\n";
    let a = "format = 1\n\n[stages]\nopen = [\"new\", \"mid\", \"won\"]\n\n[first]\nwithin = \"2 days\"\n";
    let b = "format = 1\nstage = \"new\"\n\n[stages]\nopen = [\"new\", \"won\", \"end\"]\n\n[first]\nwithin = \"3 days\"\n";
    let once = merged_of(Sheet::Settings, base, a, b);
    assert_eq!(
        once.toml,
        "format = 1\nstage = \"new\"\n\n[stages]\nopen = [\"new\", \"mid\", \"won\", \"end\"]\n\n[first]\nwithin = \"3 days\"\n"
    );
    let lost = Note::Value { key: "first.within".into(), kept: "3 days".into(), other: "2 days".into() };
    assert_eq!(once.notes, [lost]);
    assert_eq!(merged_of(Sheet::Settings, base, b, a), once);
    // Nothing is special: of two stages the one that sorts last stays, and a list of one text is no text.
    let of = |stage: &str| format!("stage = \"{stage}\"\nemail = \"{stage}\"\n");
    let merged = merged_of(Sheet::Settings, "", &of("new"), &of("stopped"));
    assert_eq!((merged.toml, merged.notes.len()), (of("stopped"), 2));
}

#[test]
fn what_is_no_toml_is_not_merged() {
    let merge = |a: &str, b: &str| tried("x = 1\n", a, b);
    assert_eq!(merge("x =\n", "x = 2\n"), None);
    // `conflict` must be tables to put more to them.
    assert_eq!(merge("conflict = 1\nx = 1\n", "x = 2\n"), None);
}
