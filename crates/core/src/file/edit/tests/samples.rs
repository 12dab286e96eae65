//! Contact files in every style that people write them in, and damaged ones.

use proptest::prelude::*;

/// The keys that stand outside of tables, each in several ways of writing it.
const ROOT: [&[&str]; 9] = [
    &[
        "name = \"Jane\"",
        "name = 'Jane' # who",
        "\"name\" = \"Jané\"",
        "name=\"\"\"\nJane\"\"\"",
        "  name = 'J'",
    ],
    &[
        "tags = \"a\"",
        "tags = [\"a\", 'b']",
        "tags = [\n  \"a\", # one\n  # more\n  'b',\n]",
        "tags = [ ] # none",
    ],
    &["email = [\n\t'j@x.example' # work\n]", "email = [\"a@x.example\",\"b@x.example\",]", "email = [\n]"],
    &["stage = \"new\"", "stage = 'won' # at last"],
    &["value = 25_000", "value = \"3 EUR\"", "value = 1.5e3"],
    &["added = 2026-01-05", "added=2026-01-05#x"],
    &["badge = 12 # of the fair", "\"odd key\" = [1, {a = 2}, [3]]", "seen = 2026-01-05 09:30:00"],
    &[
        "crm = { id = 1, sub.x = 2 }",
        "crm = {}",
        "crm = { id = 1, }",
        "crm.id = 1\ncrm.sub.x = 2",
        "crm = {\n  id = 1, # x\n  z = 3\n}",
    ],
    &["team.lead = \"z\"\nteam . 'size' = 3", "note = '''\n[next]\n+ x\n'''"],
];

/// The known tables, each in several ways: with a header, and outside of all headers.
const TABLES: [&[&str]; 6] = [
    &[
        "[next]\non = 2026-12-03 # firm\nvia = 'phone'",
        "[ next ] # plan\n\n# about\non = 2026-12-03T14:30:00",
        "  [next]\n    why = \"x\"\n    on = 2026-12-03",
    ],
    &[
        "[prefers]\nchannel = [\"phone\"]\nevery = \"3 months\"",
        "[prefers]\nchannel = 'email'\n[prefers.more]\nx = 1",
    ],
    &["[away]\nuntil = 2026-12-01", "[\"away\"]\nuntil = 2026-12-01\nwhy = 'sea'\n"],
    &["[dates]\nrenewal = 2027-01-31\nbirthday = 1980-05-12"],
    &["[[conflict]]\nkey = \"city\"\nother = \"Paris\"\n\n[[conflict]]\nkey = \"x\"\nother = { a = 1 }"],
    &["[extra]\nx = 1\ny.z = 2\n# end", "[extra.deep]\nx = 1", "[[rows]]\nx = 1\n[rows.sub]\ny = 2"],
];
const LOOSE_TABLES: [&[&str]; 3] = [
    &[
        "next.on = 2026-12-03\nnext.via = \"phone\"",
        "next = { on = 2026-12-03, via = 'phone' }",
        "next = {on=2026-12-03}",
        "next = {\n  on = 2026-12-03, # firm\n}",
    ],
    &["prefers.channel = [\"phone\"]", "prefers = { every = \"2 weeks\" } # so"],
    &["away = { until = 2026-12-01, why = 'sea' }", "away.until = 2026-12-01"],
];

/// What may stand between two of them.
const BETWEEN: [&str; 5] = ["", "\n", "# a word\n", "\n# a word\n", "\n\n"];

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(from).prop_map(str::to_owned)
}

fn some(from: &'static [&'static [&'static str]]) -> impl Strategy<Value = Vec<String>> {
    let each: Vec<_> = from.iter().map(|ways| prop::option::of(pick(ways))).collect();
    each.prop_map(|all| all.into_iter().flatten().collect::<Vec<_>>()).prop_shuffle()
}

fn toml() -> impl Strategy<Value = String> {
    let between = prop::collection::vec(pick(&BETWEEN), 24);
    let loose = prop::collection::vec(any::<bool>(), TABLES.len());
    (some(&ROOT), some(&TABLES), some(&LOOSE_TABLES), loose, between).prop_map(
        |(mut root, tables, loose_tables, loose, between)| {
            let name =
                |text: &str| text.trim_start_matches([' ', '[', '"']).chars().take(4).collect::<String>();
            let mut headers = Vec::new();
            for (table, is_loose) in tables.into_iter().zip(loose) {
                match loose_tables.iter().find(|other| name(other) == name(&table)).filter(|_| is_loose) {
                    Some(loose) => root.push(loose.clone()),
                    None => headers.push(table),
                }
            }
            let mut between = between.into_iter();
            let mut toml = String::new();
            for part in root.into_iter().chain(headers) {
                toml.push_str(&between.next().unwrap_or_default());
                toml.push_str(&part);
                toml.push('\n');
            }
            toml + &between.next().unwrap_or_default()
        },
    )
}

const ITEMS: [&str; 10] = [
    "2026-11-20 phone voicemail: said I would call",
    "2026-11-18 09:30 email in: asked for [[bob]]\n  and more",
    "2026-11-18 email @pat: sent the [sheet](../files/a.pdf)\n  - [ ] them: read it by 2026-12-01\n  - [x] me: call",
    "2026-11-18 visit\n  * [ ] @sam: *write*\n    - deep\n\n    text",
    "2026-11-10 event: lunch\n\n  A second paragraph.\n",
    "2026-11-10 note: `code` and ```ticks",
    "no day here",
    "2026-11-09 email\n\n  ```\n  ## Log\n  - 2026-01-01 phone\n  ```",
    "[ ] me: a promise of its own",
    "2026-02-30 phone: no such day",
];

/// A list of the log in a style of its own.
fn list() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(&["- ", "* ", "+ ", "  - ", "1. ", "-\t", "-   "][..]);
    let items = prop::collection::vec(pick(&ITEMS), 0..6);
    (mark, items, 0..3usize, 0..4usize).prop_map(|(mark, mut items, order, loose)| {
        match order {
            0 => items.sort(),
            1 => items.sort_by(|a, b| b.cmp(a)),
            _ => {}
        }
        let width = mark.chars().fold(0, |n, c| if c == '\t' { n / 4 * 4 + 4 } else { n + 1 });
        let inner = format!("\n{}", " ".repeat(width - 2));
        let gap = if loose == 0 { "\n\n" } else { "\n" };
        let set = |item: &String| {
            // What is nested stands two further in than the items of the samples.
            let item = item.replace('\n', &inner).replace(&format!("{inner}\n"), "\n\n");
            format!("{mark}{}", item.trim_end())
        };
        items.iter().map(set).collect::<Vec<_>>().join(gap) + "\n"
    })
}

const BLOCKS: [&str; 12] = [
    "Met at the lunch. Knows [[bob]] and [[bob|Bob]], `[[bob]]`.\n",
    "# Jane Doe\n",
    "## Notes\n",
    "```\n## Log\n- 2026-01-01 phone\n```\n",
    "> - [ ] them: in a quote\n> - [x] done\n",
    "- [ ] me: call by 2026-12-05\n- [X] Sam: x\n",
    "See [a][r], ![b](<../files/b c.png> 't') and [c](../files/c\\).pdf).\n\n[r]: ../files/r.pdf\n",
    "<!-- [[bob]] -->\n",
    "    - 2026-01-01 code\n",
    "Text\n---\n",
    "***\n",
    "A line  \nand one\\\nmore é ü 日本\n",
];

fn markdown() -> impl Strategy<Value = String> {
    let heading =
        prop::sample::select(&["## Log\n", "# log\n", "Log\n===\n", "### LOG ###\n\n", "## Log\n\n"][..]);
    let log = prop_oneof![
        6 => (heading.clone(), list()).prop_map(|(heading, list)| format!("{heading}{list}")),
        2 => (heading.clone(), list(), list()).prop_map(|(h, a, b)| format!("{h}{a}\n<!-- x -->\n\n{b}")),
        1 => (heading.clone(), list(), list()).prop_map(|(h, a, b)| format!("{h}Words.\n\n{a}\n#### 2025\n\n{b}")),
        1 => heading.prop_map(str::to_owned),
        1 => Just(String::new()),
    ];
    let blocks = || prop::collection::vec(pick(&BLOCKS), 0..4).prop_map(|all| all.join("\n"));
    let gap = prop::sample::select(&["", "\n", "\n\n"][..]);
    (blocks(), log.clone(), gap.clone(), blocks(), prop::option::weighted(0.1, log)).prop_map(
        |(before, log, gap, after, second)| {
            format!("{before}\n{log}{gap}{after}\n{}", second.unwrap_or_default())
        },
    )
}

/// How lines end.
#[derive(Debug, Clone)]
enum Ends {
    Lf,
    CrLf,
    Mixed(Vec<bool>),
}

fn with_ends(text: &str, ends: &Ends) -> String {
    let mut turn = 0;
    let mut is_crlf = || {
        turn += 1;
        match ends {
            Ends::Lf => false,
            Ends::CrLf => true,
            Ends::Mixed(turns) => turns[turn % turns.len()],
        }
    };
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) if is_crlf() => format!("{line}\r\n"),
            _ => line.to_owned(),
        })
        .collect()
}

/// A contact file that is not broken.
pub(crate) fn contact() -> impl Strategy<Value = String> {
    let ends = prop_oneof![
        3 => Just(Ends::Lf),
        2 => Just(Ends::CrLf),
        1 => prop::collection::vec(any::<bool>(), 5).prop_map(Ends::Mixed),
    ];
    let front = prop::option::weighted(0.9, toml());
    (prop::bool::weighted(0.1), front, markdown(), ends, 0..4usize).prop_map(
        |(bom, front, body, ends, tail)| {
            let front = front.map_or(String::new(), |toml| format!("+++\n{toml}+++\n"));
            let text = format!("{front}{body}");
            let text = match tail {
                0 => text.trim_end().to_owned(),
                1 => format!("{}\n", text.trim_end()),
                _ => text,
            };
            with_ends(&format!("{}{text}", if bom { "\u{feff}" } else { "" }), &ends)
        },
    )
}

/// A contact file with some of its bytes lost and others put in; mostly it is still one.
pub(crate) fn mutilated() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(
        &[
            "",
            "",
            "",
            "\n",
            "\r",
            "\r\n",
            "\"",
            "'",
            "=",
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            "+++\n",
            "- ",
            "* ",
            "`",
            "```\n",
            "\t",
            "    ",
            "> ",
            ":",
            "\u{feff}",
            "\0",
            "é",
            "|",
            "<",
            "<div>\n",
            "[[",
            "]]",
            "](",
            "\\",
            ".",
            "2026-11-11 ",
            "## Log\n",
            "next",
            "---\n",
            "=\n",
        ][..],
    );
    let wounds = prop::collection::vec((any::<prop::sample::Index>(), 0..12usize, bits), 1..5);
    (contact(), wounds).prop_map(|(mut text, wounds)| {
        for (at, len, bit) in wounds {
            let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = at.index(chars.len());
            let end = (start + len).min(chars.len() - 1);
            text.replace_range(chars[start]..chars[end], bit);
        }
        text
    })
}
