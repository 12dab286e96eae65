//! `add_items` and `remove_items`, layout by layout.

use super::*;

fn told(result: Result<String, EditError>) -> String {
    let text = result.unwrap();
    text["+++\n".len()..text.len() - "+++\n".len()].to_owned()
}

fn file(toml: &str) -> String {
    format!("+++\n{toml}+++\n")
}

fn items(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn what_is_added() {
    for (toml, new, expected) in [
        ("", &["a", "b", "a"] as &[&str], "tags = [\"a\", \"b\"]\n"),
        ("tags = \"a\" # x\n", &["b"], "tags = [\"a\", \"b\"] # x\n"),
        ("tags = \"a\"\n", &["a"], "tags = \"a\"\n"),
        ("tags = [\"a\"]\n", &["b", "c"], "tags = [\"a\", \"b\", \"c\"]\n"),
        ("tags = ['a']\n", &["a"], "tags = ['a']\n"),
        ("tags = []\n", &["a"], "tags = [\"a\"]\n"),
        ("tags = [ ]\n", &["a"], "tags = [ \"a\" ]\n"),
        ("tags = [ \"a\", ]\n", &["b"], "tags = [ \"a\", \"b\", ]\n"),
        ("tags = [\n  \"a\", # x\n]\n", &["b"], "tags = [\n  \"a\", # x\n  \"b\",\n]\n"),
        ("tags = [\n\t\"a\" # x\n]\n", &["b", "c"], "tags = [\n\t\"a\", # x\n\t\"b\",\n\t\"c\"\n]\n"),
        ("tags = [\n  # none yet\n]\n", &["a"], "tags = [\n  # none yet\n  \"a\",\n]\n"),
        (
            "tags = [\n  \"a\", \"b\",\n  \"c\", \"d\",\n]\n",
            &["e"],
            "tags = [\n  \"a\", \"b\",\n  \"c\", \"d\", \"e\",\n]\n",
        ),
        ("tags = [\n  \"a\"]\n", &["b"], "tags = [\n  \"a\", \"b\"]\n"),
    ] {
        assert_eq!(told(add_items(&file(toml), &["tags"], &items(new))), expected, "{toml:?}");
    }
}

/// A list of several items that makes a line of more than a hundred characters.
#[test]
fn long_lists_have_a_line_for_each() {
    let (a, b, c) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
    let (a, b, c) = (a.as_str(), b.as_str(), c.as_str());
    let lines = |items: &[&str]| -> String {
        let lines: String = items.iter().map(|item| format!("  \"{item}\",\n")).collect();
        format!("tags = [\n{lines}]")
    };
    for (toml, new, expected) in [
        (String::new(), &[a, b, c] as &[&str], format!("{}\n", lines(&[a, b, c]))),
        (String::new(), &[a, b], format!("tags = [\"{a}\", \"{b}\"]\n")),
        (format!("tags = [\"{a}\"] # x\n"), &[b, c], format!("{} # x\n", lines(&[a, b, c]))),
        (
            format!("tags = ['{a}', \"{b}\"]\n"),
            &[c],
            format!("{}\n", lines(&[a, b, c]).replacen(&format!("\"{a}\""), &format!("'{a}'"), 1)),
        ),
        (format!("tags = \"{a}\"\nx = 1\n"), &[b, c], format!("{}\nx = 1\n", lines(&[a, b, c]))),
        // As somebody wrote it.
        (
            format!("tags = [\"{a}\", \"{b}\", \"{c}\"]\n"),
            &["d"],
            format!("tags = [\"{a}\", \"{b}\", \"{c}\", \"d\"]\n"),
        ),
        (format!("{}\n", lines(&[a])), &[b], format!("{}\n", lines(&[a, b]))),
        (
            format!("t = {{ tags = [] }}\n{}\n", lines(&[a])),
            &["b"],
            format!("t = {{ tags = [] }}\n{}\n", lines(&[a, "b"])),
        ),
    ] {
        assert_eq!(told(add_items(&file(&toml), &["tags"], &items(new))), expected, "{toml:?}");
    }
    let list = Value::List(items(&[a, b, c]).into_iter().map(Value::Text).collect());
    let written =
        new_contact(&[(&["tags"], list.clone()), (&["own", "list"], list.clone())], None, None, &settings());
    let own = lines(&[a, b, c]).replace("tags", "list");
    assert_eq!(written.unwrap(), format!("+++\n{}\n\n[own]\n{own}\n+++\n\n## Log\n", lines(&[a, b, c])));
    assert_eq!(told(set(&file("x = 1\n"), &["list"], &list)), format!("x = 1\n{own}\n"));
    let crlf = "+++\r\nx = 1\r\n+++\r\n";
    let set = set(crlf, &["list"], &list).unwrap();
    assert_eq!(set, format!("+++\r\nx = 1\r\n{}\r\n+++\r\n", own.replace('\n', "\r\n")));
    // Fewer items stay where they are.
    let fewer = remove_items(&file(&format!("{}\n", lines(&[a, b, c]))), &["tags"], &items(&[b]));
    assert_eq!(told(fewer), format!("{}\n", lines(&[a, c])));
    let last = remove_items(&file(&format!("{}\n", lines(&[a, b, c]))), &["tags"], &items(&[c]));
    assert_eq!(told(last), format!("{}\n", lines(&[a, b])));
}

#[test]
fn what_is_removed() {
    for (toml, old, expected) in [
        ("tags = [\"a\", \"b\", \"c\"]\n", &["b"] as &[&str], "tags = [\"a\", \"c\"]\n"),
        ("tags = [\"a\", \"b\", \"c\"]\n", &["a"], "tags = [\"b\", \"c\"]\n"),
        ("tags = [\"a\", \"b\", \"c\", ]\n", &["c"], "tags = [\"a\", \"b\", ]\n"),
        ("tags = [ \"a\", \"b\" ]\n", &["b"], "tags = [ \"a\" ]\n"),
        ("tags = [\"a\", \"b\", \"a\"]\n", &["a"], "tags = [\"b\"]\n"),
        ("x = 1\ntags = [\"a\"]\n", &["a", "b"], "x = 1\n"),
        ("x = 1\ntags = \"a\"\n", &["a"], "x = 1\n"),
        ("tags = \"a\"\n", &["A"], "tags = \"a\"\n"),
        ("tags = [\n  \"a\", # x\n  \"b\" # y\n]\n", &["b"], "tags = [\n  \"a\" # x\n]\n"),
        (
            "tags = [\n  \"a\", # x\n  # more\n  \"b\", # y\n]\n",
            &["a"],
            "tags = [\n  # more\n  \"b\", # y\n]\n",
        ),
        ("tags = [\"a\", # x\n  \"b\"]\n", &["b"], "tags = [\"a\" # x\n  ]\n"),
    ] {
        assert_eq!(told(remove_items(&file(toml), &["tags"], &items(old))), expected, "{toml:?}");
    }
    let prefers = file("[prefers]\nchannel = [\"phone\"]\n");
    assert_eq!(told(remove_items(&prefers, &["prefers", "channel"], &items(&["phone"]))), "");
    assert!(add_items(&file("x = [1]\n"), &["x"], &items(&["a"])).is_err());
}

#[test]
fn a_list_is_set_item_by_item() {
    let list = |items: &[&str]| Value::List(items.iter().map(|item| text(item)).collect());
    for (toml, value, expected) in [
        ("tags = [\n  'a', # x\n  'b', # y\n]\n", list(&["b", "c"]), "tags = [\n  'b', # y\n  \"c\",\n]\n"),
        ("tags = [\n  'a', # x\n  'b', # y\n]\n", list(&["c", "b"]), "tags = [\n  'c', # x\n  'b', # y\n]\n"),
        ("tags = ['a', 'b']\n", list(&["b", "a"]), "tags = ['b', \"a\"]\n"),
        ("tags = ['a', 'b']\n", list(&["c", "a", "b"]), "tags = [\"c\", 'a', 'b']\n"),
        ("tags = ['a', 'b']\n", text("c"), "tags = ['c']\n"),
        ("tags = 'a'\n", text("c"), "tags = 'c'\n"),
        ("tags = ['a']\n", list(&[]), "tags = []\n"),
    ] {
        assert_eq!(told(set(&file(toml), &["tags"], &value)), expected, "{toml:?}");
    }
}
