//! Files that mean harm: whatever stands in a name, an address, a note or a date, the terminal stays clean, files stay
//! in their folder and readable, nothing is run, and nothing takes for ever.

use serde_json::Value;
use tickler_tests::Book;

use super::fixture::list;
use super::readers::by_calcard;
use super::{book, ids, is_clean, outside, taken};

const MAP: &str = "--map 'name=Name,email=Email,company=Company,note=Note'";

/// A row of a sheet, quoted.
fn row(cells: &[&str]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    quoted.join(",") + "\r\n"
}

/// Imports rows of name, email, company and note.
fn import(book: &Book, rows: &[[&str; 4]]) -> tickler_tests::Ran {
    let text: String = std::iter::once("Name,Email,Company,Note\r\n".to_owned())
        .chain(rows.iter().map(|cells| row(cells)))
        .collect();
    let path = outside(book, "hostile.csv", text);
    let ran = book.run(&format!("import csv {path} {MAP}"));
    is_clean(&ran.out);
    is_clean(&ran.err);
    ran
}

/// The whole notebook is readable, and nothing of it steers a terminal.
#[track_caller]
pub fn is_sound(book: &Book) {
    let check = book.run("check");
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    for line in ["check", "list", "due --all", "cracks", "list --format csv", "dupes"] {
        let ran = book.run(line);
        assert!(matches!(ran.code, 0 | 1), "{line}: {}", ran.err);
        is_clean(&ran.out.replace("\r\n", "\n"));
        is_clean(&ran.err);
    }
    for id in ids(book) {
        for verb in ["show", "brief"] {
            let ran = book.tickler(verb).word(&id).run();
            assert!(matches!(ran.code, 0 | 1), "{verb} {id}: {}", ran.err);
            is_clean(&ran.out);
        }
    }
    let beside: Vec<String> =
        book.texts().into_keys().filter(|path| !path.starts_with("contacts/")).collect();
    assert_eq!(beside, ["tickler.toml"]);
    book.stands("");
}

#[test]
fn names_that_steer_a_terminal_or_lead_elsewhere() {
    let names = [
        "Evil \u{1b}[31mRed\u{1b}]0;title\u{7}",
        "\u{9b}31mCsi",
        "Right \u{202e}tfel\u{202c} Left",
        "Zero\u{200b}Width\u{feff}",
        "Nul\u{0}Byte",
        "Back\u{8}space\u{7f}",
        "../../etc/passwd",
        "..",
        "/etc/passwd",
        ".hidden",
        "-rf",
        "--help",
        "con",
        "a\\b\\c",
        "file://x",
        "$(touch pwned)",
        "`touch pwned`",
        "; touch pwned #",
        "'quote\" both",
        "{{name}}",
        "%s%n",
        "🏴‍☠️",
        "\u{301}\u{301}\u{301}",
    ];
    let book = book("names", &[]);
    let emails: Vec<String> = (0..names.len()).map(|n| format!("n{n}@hostile.example")).collect();
    let rows: Vec<[&str; 4]> =
        names.iter().zip(&emails).map(|(name, email)| [*name, email, "", ""]).collect();
    let ran = import(&book, &rows);
    assert!(matches!(ran.code, 0 | 1), "{}", ran.err);
    is_sound(&book);
    assert!(!book.path().join("pwned").exists());
    assert!(ids(&book).len() >= 15, "{:?}", ids(&book));
    for (path, _) in book.texts() {
        let name = path.rsplit('/').next().unwrap();
        assert!(!name.starts_with(['-', ' ']) && !name.chars().any(char::is_control), "{path:?}");
    }
    let again = import(&book, &rows);
    assert_eq!((again.code, book.commits()), (ran.code, 3), "{}", again.err);
}

#[test]
fn uids_and_keys_of_a_card_that_lead_elsewhere() {
    let book = book("uids", &[]);
    let cards: String = [
        "../../x",
        "a/b",
        "\u{1b}[31m",
        "+++",
        "\\n[next]\\non = 2026-01-01",
        &"u".repeat(5000),
    ]
    .iter()
    .enumerate()
    .map(|(n, uid)| {
        format!(
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Card {n}\r\nUID:{uid}\r\nX-\"\r\nX-A.B:]]\\n\"\"\"\\n'''\r\n\
                 X-EMPTY;;;=:\r\nitem1.X-ABLabel:\u{1b}[2J\r\nCATEGORIES:+++,[[x]],#tag,\\,,\r\nEND:VCARD\r\n"
        )
    })
    .collect();
    let path = outside(&book, "uids.vcf", cards);
    let ran = book.run(&format!("import vcard {path}"));
    assert!(matches!(ran.code, 0 | 1), "{}", ran.err);
    is_clean(&(ran.out + &ran.err));
    is_sound(&book);
    let again = book.run(&format!("import vcard {path}"));
    assert_eq!((again.code, book.commits()), (ran.code, 3), "{}", again.err);
}

/// Texts that mean something to Markdown, TOML or tickler itself.
const NOTES: [&str; 14] = [
    "+++\nstage = \"stopped\"\n+++",
    "## Log\n\n- 2026-01-01 phone: never happened",
    "# A heading\n\n## Log\n- 2026-12-01 email in: fake",
    "- [ ] me: pay them by 2026-01-01\n- [x] them: done",
    "* [ ] another by 2026-01-01",
    "1. [ ] numbered",
    "see [[jane-doe]] and [link](javascript:alert(1))",
    "```\nnever closed",
    "<!-- never closed",
    "<script>alert(1)</script> & <b>",
    "Log\n===\n- 2026-01-01 phone: setext",
    "    indented\n\n\ttab",
    "line one  \nline two\\\nline three",
    "\u{1b}[31mred\u{1b}[0m \u{202e}x",
];

#[test]
fn notes_stay_notes() {
    let book = book("notes", &[]);
    let names: Vec<String> = (0..NOTES.len()).map(|n| format!("Note {n}")).collect();
    let rows: Vec<[&str; 4]> =
        names.iter().zip(NOTES).map(|(name, note)| [name.as_str(), "", "Co", note]).collect();
    let ran = import(&book, &rows);
    assert_eq!(ran.code, 0, "{}", ran.err);
    is_sound(&book);
    for (n, note) in NOTES.iter().enumerate() {
        let id = format!("note-{n}");
        let shown = book.run(&format!("show {id} --format json"));
        let json: Value = serde_json::from_str(&shown.out).unwrap();
        let text = book.read(&format!("contacts/{id}.md"));
        assert!(json["log"].as_array().is_none_or(Vec::is_empty), "{note:?} became a log:\n{text}");
        assert!(json["promises"].as_array().is_none_or(Vec::is_empty), "{note:?} became a promise:\n{text}");
        assert_ne!(json["stage"], "stopped", "{text}");
        // A log that is written later stands where logs stand.
        let logged = book.run(&format!("log {id} phone -m 'called'"));
        assert_eq!(logged.code, 0, "{note:?}: {}\n{text}", logged.err);
    }
    // And what was said comes out again, but for what steers a terminal.
    let out = taken(&book, "export vcard");
    let cards = by_calcard(&out.out);
    for (n, note) in NOTES.iter().enumerate().filter(|(_, note)| !note.contains('\u{1b}')) {
        let name = format!("Note {n}");
        let card = cards.iter().find(|card| card["name"] == name.as_str()).unwrap();
        // How far a line is indented is not kept.
        let words = |text: &str| -> Vec<String> {
            let lines = text.trim_end().lines();
            lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
        };
        assert_eq!(words(&list(&card["notes"]).join("\n")), words(note), "{note:?}");
    }
}

#[test]
fn texts_that_mean_something_to_toml() {
    let texts = [
        "\"\"\"",
        "'''",
        "\\",
        "\\u0000",
        "a = 1 # b",
        "]\n[next]\non = 2026-01-01",
        "\r\n",
        "true",
        "2026-01-01",
        "=1+1",
    ];
    let book = book("toml", &[]);
    let names: Vec<String> = (0..texts.len()).map(|n| format!("Toml {n}")).collect();
    let rows: Vec<[&str; 4]> =
        names.iter().zip(texts).map(|(name, text)| [name.as_str(), "", text, ""]).collect();
    let ran = import(&book, &rows);
    assert!(matches!(ran.code, 0 | 1), "{}", ran.err);
    is_sound(&book);
    let due = book.run("due --all");
    assert!(!due.out.contains("Toml"), "a value became a plan: {}", due.out);
}

#[test]
fn no_cell_is_a_formula() {
    let dangerous =
        ["=cmd|' /C calc'!A0", "+1 202 555 0142", "@SUM(1+1)", "-2+3+cmd|' /C calc'!A0", "\t=1", "'=1"];
    let book = book("formula", &[]);
    let cards: String = dangerous
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let text = text.replace(',', "\\,").replace(';', "\\;");
            format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Form {n}\r\nN:{n};Form;;;\r\nORG:{text}\r\nTITLE:{text}\r\nNOTE:{text}\r\nEND:VCARD\r\n")
        })
        .collect();
    taken(&book, &format!("import vcard {}", outside(&book, "f.vcf", cards)));
    let file = book.home().join("out.csv");
    taken(&book, &format!("export csv --output {}", file.display()));
    let text = std::fs::read_to_string(&file).unwrap();
    for cell in text.replace("\r\n", "\n").split([',', '\n']) {
        let cell = cell.trim_start_matches('"');
        let is_harmless = cell.parse::<f64>().is_ok();
        assert!(is_harmless || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?} in\n{text}");
    }
    // Taken in again, it is what it was.
    let other = super::book("formula-again", &[]);
    taken(&other, &format!("import csv {}", outside(&other, "out.csv", &text)));
    for (path, text) in book.texts().into_iter().filter(|(path, _)| path.ends_with(".md")) {
        assert_eq!(other.texts().get(&path), Some(&text), "{path}");
    }
}

#[test]
fn what_is_huge_is_refused_and_the_rest_goes_in() {
    let book = book("huge", &[]);
    let big = "x".repeat(1 << 20);
    let rows =
        [["Big Name", "", &big, ""], [&big, "", "", ""], ["Small Name", "small@hostile.example", "", ""]];
    let ran = import(&book, &rows);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.len() < 4000, "what is huge is not said in full: {} bytes", ran.err.len());
    assert!(ids(&book).contains(&"small-name".to_owned()), "{:?}", ids(&book));
    for (path, text) in book.texts() {
        assert!(text.len() < 200_000, "{path}");
    }
    is_sound(&book);
}

#[test]
fn a_quote_that_never_ends_swallows_nothing() {
    let book = book("quote", &[]);
    let mut text = "Name,Email,Company,Note\n".to_owned();
    for n in 0..50 {
        let quote = if n == 10 { "\"never ends" } else { "Co" };
        text += &format!("Row {n},r{n}@hostile.example,{quote},\n");
    }
    let path = outside(&book, "quote.csv", text);
    let ran = book.run(&format!("import csv {path} {MAP}"));
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("quote.csv:12: "), "{}", ran.err);
    assert_eq!(ids(&book).len(), 49, "{}", ran.err);
    is_sound(&book);
}
