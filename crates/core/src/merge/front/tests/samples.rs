//! Front matters in every style, of so few keys and values that two sides often meet.

use proptest::prelude::*;

/// Keys with the ways in which their values are written.
const LEAVES: [(&str, &[&str]); 26] = [
    ("name", &["\"Jane\"", "'Jane'", "\"Bob\"", "\"\"\"\n# Jane\"\"\""]),
    ("stage", &["\"new\"", "\"won\"", "\"stopped\"", "\"proposal\"", "\"odd\""]),
    ("added", &["2026-01-05", "2026-02-05", "2026-03-05"]),
    (
        "tags",
        &["\"a\"", "[\"a\"]", "[\"a\", \"b\"]", "['b',\"a\"]", "[\n  \"a\", # x\n  # y\n  \"c\",\n]", "[]"],
    ),
    ("email", &["[\"c\"]", "\"d\"", "[\"d\", \"c\", \"e\"]", "[ \"e\", \"c\" ] # mine"]),
    ("value", &["25", "2_5", "\"25 EUR\"", "1.5"]),
    ("x", &["1", "true", "[1, {a = 2}]", "{}", "'''\n[next]\n# none\n'''", "[\"p\"]", "\"p\"", "\"q\""]),
    ("seen", &["2026-01-01 10:00:00", "2026-01-01T10:00:00", "2026-01-02T10:00:00", "10:00:00"]),
    ("\"odd key\"", &["1", "{ a = 1 }", "{ a = 1, b = 2 }", "{ b = 3 } # b", "{}"]),
    ("prefers.channel", &["\"phone\"", "[\"phone\", \"email\"]", "[\"email\", \"phone\"]", "[\"visit\"]"]),
    ("prefers.hours", &["\"Tue 9:00-10:00\"", "\"Wed 9:00-10:00\""]),
    ("prefers.every", &["\"2w\"", "\"3w\" # at most"]),
    ("next.on", &["2026-06-01", "2026-08-01", "2026-09-01", "2026-08-01T10:00:00"]),
    ("next.via", &["\"phone\"", "\"email\""]),
    ("next.why", &["\"a\"", "'b' # so"]),
    ("away.from", &["2026-01-01", "2026-01-02"]),
    ("away.until", &["2026-02-01", "2026-02-02"]),
    ("cadence.name", &["\"one\"", "\"two\""]),
    ("cadence.start", &["2026-02-01", "2026-02-02"]),
    ("dates.birthday", &["1980-05-12", "1981-05-12"]),
    ("dates.renewal", &["2027-01-31", "2027-02-28"]),
    ("crm.id", &["1", "2"]),
    ("crm.z", &["\"z\"", "[\"z\"]", "[ \"y\" ]"]),
    ("crm.sub.x", &["1", "2"]),
    ("crm.sub.y", &["[1]", "[2, 'x']"]),
    ("rows", &["[{ a = 1 }]", "[{ a = 1 }, { a = 2, b = { c = 1 } }]", "[]"]),
];
const TABLES: [&str; 6] = ["prefers", "next", "away", "cadence", "dates", "crm"];
const ROWS: [&str; 3] =
    ["[[rows]]\na = 1\n", "[[rows]] # first\na = 1\n# in\n[[rows]]\na = 3\n[rows.s]\nq=1\n", "[[rows]]\n"];
const CONFLICTS: [(&str, &str); 4] =
    [("stage", "\"new\""), ("name", "\"Jane\""), ("prefers.hours", "\"Tue 9:00-10:00\""), ("x", "'1'")];
const COMMENTS: [&str; 4] = ["# one", "# two", "# a = 1", "#"];

/// How a leaf is written.
#[derive(Debug, Clone)]
struct Leaf {
    way: usize,
    above: Option<usize>,
    is_apart: bool,
    rank: u8,
}

/// How a table is written.
#[derive(Debug, Clone)]
struct Table {
    style: u8,
    above: Option<usize>,
    is_apart: bool,
    rank: u8,
}

/// A front matter.
#[derive(Debug, Clone)]
struct Front {
    leaves: Vec<Option<Leaf>>,
    tables: Vec<Table>,
    rows: Option<(usize, u8)>,
    conflicts: Vec<bool>,
    conflicts_inline: bool,
    tail: Option<usize>,
}

fn leaf() -> impl Strategy<Value = Option<Leaf>> {
    let comment = prop::option::weighted(0.2, 0..COMMENTS.len());
    let leaf = (0..8usize, comment, prop::bool::weighted(0.1), rank())
        .prop_map(|(way, above, is_apart, rank)| Leaf { way, above, is_apart, rank });
    prop::option::weighted(0.6, leaf)
}

/// Mostly the place that the key has in the list of keys.
fn rank() -> impl Strategy<Value = u8> {
    prop_oneof![8 => Just(9), 1 => 0..20u8]
}

fn table() -> impl Strategy<Value = Table> {
    let style = prop_oneof![8 => Just(0), 1 => Just(1), 1 => Just(2u8)];
    (style, prop::option::weighted(0.2, 0..COMMENTS.len()), prop::bool::weighted(0.8), rank())
        .prop_map(|(style, above, is_apart, rank)| Table { style, above, is_apart, rank })
}

fn front(density: f64) -> impl Strategy<Value = Front> {
    let keep = prop::collection::vec(prop::bool::weighted(density), LEAVES.len());
    let leaves = (prop::collection::vec(leaf(), LEAVES.len()), keep).prop_map(|(leaves, keep)| {
        leaves.into_iter().zip(keep).map(|(leaf, keep)| leaf.filter(|_| keep)).collect()
    });
    let rows = prop::option::weighted(0.2, (0..ROWS.len(), rank()));
    let conflicts = prop::collection::vec(prop::bool::weighted(0.2), CONFLICTS.len());
    let tables = prop::collection::vec(table(), TABLES.len());
    let tail = prop::option::weighted(0.2, 0..COMMENTS.len());
    (leaves, tables, rows, conflicts, prop::bool::weighted(0.1), tail).prop_map(
        |(leaves, tables, rows, conflicts, conflicts_inline, tail)| Front {
            leaves,
            tables,
            rows,
            conflicts,
            conflicts_inline,
            tail,
        },
    )
}

/// `base` with what `change` has wherever `mask` says.
fn edited(base: &Front, change: &Front, mask: &[bool]) -> Front {
    let mut mask = mask.iter().copied().cycle();
    let mut is_new = || mask.next().unwrap_or_default();
    let leaves = base.leaves.iter().zip(&change.leaves);
    Front {
        leaves: leaves.map(|(old, new)| if is_new() { new } else { old }.clone()).collect(),
        tables: base
            .tables
            .iter()
            .zip(&change.tables)
            .map(|(old, new)| if is_new() { new } else { old }.clone())
            .collect(),
        rows: if is_new() { change.rows } else { base.rows },
        conflicts: base
            .conflicts
            .iter()
            .zip(&change.conflicts)
            .map(|(old, new)| if is_new() { *new } else { *old })
            .collect(),
        conflicts_inline: if is_new() { change.conflicts_inline } else { base.conflicts_inline },
        tail: if is_new() { change.tail } else { base.tail },
    }
}

fn lead(above: Option<usize>, is_apart: bool) -> String {
    let gap = if is_apart { "\n" } else { "" };
    above.map_or(gap.to_owned(), |comment| format!("{gap}{}\n", COMMENTS[comment]))
}

fn text(front: &Front) -> String {
    let value = |at: usize, leaf: &Leaf| LEAVES[at].1[leaf.way % LEAVES[at].1.len()];
    let mut root: Vec<(u8, String)> = Vec::new();
    let mut sections: Vec<(u8, String)> = Vec::new();
    let there = front.leaves.iter().enumerate().filter_map(|(at, leaf)| Some((at, leaf.as_ref()?)));
    let line = |at: usize, leaf: &Leaf, key: &str| {
        (leaf.rank, format!("{}{key} = {}\n", lead(leaf.above, leaf.is_apart), value(at, leaf)))
    };
    for (at, leaf) in there.clone().filter(|(at, _)| !LEAVES[*at].0.contains('.')) {
        if LEAVES[at].0 != "rows" || front.rows.is_none() {
            root.push(line(at, leaf, LEAVES[at].0));
        }
    }
    for (name, table) in TABLES.iter().zip(&front.tables) {
        let prefix = format!("{name}.");
        let mut lines: Vec<(u8, String)> = Vec::new();
        let mut members: Vec<String> = Vec::new();
        for (at, leaf) in there.clone() {
            let Some(key) = LEAVES[at].0.strip_prefix(&prefix) else { continue };
            lines.push(line(at, leaf, if table.style == 1 { LEAVES[at].0 } else { key }));
            let value = value(at, leaf);
            members.push(format!("{key} = {}", value.split(" #").next().unwrap_or(value)));
        }
        lines.sort_by_key(|(rank, _)| *rank);
        let lead = lead(table.above, table.is_apart);
        match table.style {
            _ if lines.is_empty() => {}
            0 => {
                let lines: String = lines.into_iter().map(|(_, line)| line).collect();
                sections.push((table.rank, format!("{lead}[{name}]\n{lines}")));
            }
            1 => root.extend(lines),
            _ => root.push((table.rank, format!("{lead}{name} = {{ {} }}\n", members.join(", ")))),
        }
    }
    if let Some((rows, rank)) = front.rows {
        sections.push((rank, ROWS[rows].to_owned()));
    }
    let conflicts = CONFLICTS.iter().zip(&front.conflicts).filter(|(_, is_there)| **is_there);
    if front.conflicts_inline {
        let all: Vec<String> =
            conflicts.map(|((key, other), _)| format!("{{ key = \"{key}\", other = {other} }}")).collect();
        root.push((9, format!("conflict = [{}]\n", all.join(", "))));
    } else {
        for ((key, other), _) in conflicts {
            sections.push((9, format!("\n[[conflict]]\nkey = \"{key}\"\nother = {other}\n")));
        }
    }
    root.sort_by_key(|(rank, _)| *rank);
    sections.sort_by_key(|(rank, _)| *rank);
    let all: String = root.into_iter().chain(sections).map(|(_, text)| text).collect();
    all + &front.tail.map_or(String::new(), |comment| format!("{}\n", COMMENTS[comment]))
}

/// What two sides came from, and the two.
pub(super) fn versions() -> impl Strategy<Value = [String; 3]> {
    let mask = |weight| prop::collection::vec(prop::bool::weighted(weight), 40);
    let masks =
        prop_oneof![3 => (mask(0.1), mask(0.1)), 2 => (mask(0.4), mask(0.4)), 1 => (mask(1.0), mask(1.0))];
    let base = prop_oneof![1 => front(0.0), 3 => front(0.3), 3 => front(1.0)];
    (base, front(1.0), front(0.7), masks, prop::bool::weighted(0.2)).prop_map(
        |(base, a, b, (of_a, of_b), is_crlf)| {
            let all = [text(&base), text(&edited(&base, &a, &of_a)), text(&edited(&base, &b, &of_b))];
            all.map(|text| if is_crlf { text.replace('\n', "\r\n") } else { text })
        },
    )
}
