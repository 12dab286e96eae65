//! Invariants 2 and 8: imports inside the core point down the table of `docs/architecture.md`, and the crates know
//! each other in one direction only.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{self, Name, Source};
use super::tree;

/// The rooms of the core and what each may use, as the table of the architecture has them.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let page = tree::text("docs/architecture.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Rooms of the core"));
    let rows =
        section.expect("the architecture has its rooms").lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let quoted = |cell: &str| -> Vec<String> {
            cell.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches('/').to_owned()).collect()
        };
        let room = quoted(cells[0]).first().cloned().expect("a row begins with its room");
        (room, quoted(cells[cells.len() - 1]).into_iter().collect())
    })
    .collect()
}

/// The room that a name leads to, if it is one of this crate's.
fn room_of(name: &Name, source: &Source) -> Option<String> {
    if name.of_value {
        return None;
    }
    let supers = name.parts.iter().take_while(|part| *part == "super").count();
    let rest = match name.parts.first()?.as_str() {
        "crate" => &name.parts[1..],
        "super" if supers >= source.module.len() + name.depth => &name.parts[supers..],
        _ => return None,
    };
    rest.first().cloned()
}

#[test]
fn imports_point_down() {
    let table = table();
    let mut allowed: BTreeMap<&str, &BTreeSet<String>> = BTreeMap::new();
    for (room, uses) in &table {
        for other in uses {
            assert!(
                allowed.contains_key(other.as_str()),
                "in the table, `{room}` may use `{other}`, which does not stand above it: that could be a circle"
            );
        }
        assert!(allowed.insert(room, uses).is_none(), "`{room}` stands twice in the table");
    }
    let sources = source::sources("crates/core/src");
    let rooms: BTreeSet<&str> = sources.iter().filter_map(|s| s.module.first()).map(String::as_str).collect();
    let listed: BTreeSet<&str> = allowed.keys().copied().collect();
    assert_eq!(rooms, listed, "the rooms of the core (left) and of docs/architecture.md (right)");
    let mut strays = Vec::new();
    let mut seen = 0;
    for source in &sources {
        let Some(room) = source.module.first() else { continue };
        for name in source::names(&source.tokens) {
            let Some(other) = room_of(&name, source) else { continue };
            seen += 1;
            if other != *room && !allowed[room.as_str()].contains(&other) {
                strays.push(format!("{}:{}: `{room}` uses `{other}`", source.path, name.line));
            }
        }
    }
    assert!(seen > 50, "rooms use each other; did this test read them?");
    assert!(strays.is_empty(), "not in the table of docs/architecture.md:\n{}", strays.join("\n"));
}

#[test]
fn the_table_allows_no_more_than_is_used() {
    let sources = source::sources("crates/core/src");
    let mut unused = Vec::new();
    for (room, uses) in table() {
        let used: BTreeSet<String> = sources
            .iter()
            .filter(|source| source.module.first() == Some(&room))
            .flat_map(|source| {
                source::names(&source.tokens).into_iter().filter_map(|name| room_of(&name, source))
            })
            .collect();
        unused.extend(uses.difference(&used).map(|other| format!("`{room}` does not use `{other}`")));
    }
    assert!(unused.is_empty(), "the table of docs/architecture.md says otherwise:\n{}", unused.join("\n"));
}

#[test]
fn the_core_knows_no_face_and_nothing_async() {
    const RUNTIMES: [&str; 8] =
        ["async-std", "async-trait", "futures", "hyper", "mio", "smol", "tokio", "warp"];
    let manifest: toml::Table = tree::text("crates/core/Cargo.toml").parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    assert!(dependencies.contains_key("git2"), "did this test read the dependencies?");
    for name in dependencies.keys() {
        assert!(!name.starts_with("tickler"), "the core depends on {name}");
        assert!(!RUNTIMES.contains(&name.as_str()), "the core depends on {name}");
    }
    for source in source::sources("crates/core/src") {
        for name in source::names(&source.tokens) {
            let word = name.parts.last().map(String::as_str);
            assert!(!matches!(word, Some("async" | "await")), "{}:{}: async", source.path, name.line);
        }
    }
    for face in ["cli", "server"] {
        let manifest: toml::Table = tree::text(&format!("crates/{face}/Cargo.toml")).parse().unwrap();
        let dependencies = manifest["dependencies"].as_table().unwrap();
        let ours: Vec<&String> = dependencies.keys().filter(|name| name.starts_with("tickler")).collect();
        assert_eq!(ours, ["tickler-core"], "the faces never see each other");
    }
}

#[test]
fn every_room_of_the_server_is_in_its_table() {
    let page = tree::text("docs/architecture.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Rooms of the server"));
    let rows = section.expect("the server has its rooms").lines().filter(|line| line.starts_with("| `"));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let sources = source::sources("crates/server/src");
    let rooms: BTreeSet<&str> = sources.iter().filter_map(|s| s.module.first()).map(String::as_str).collect();
    assert!(rooms.len() > 15, "did this test read the server?");
    assert_eq!(rooms, listed, "the rooms of the server (left) and of docs/architecture.md (right)");
}
