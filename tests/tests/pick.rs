//! Naming a contact: what fits one alone, several, none. The museum holds the words.

use std::fmt::Write;

use tickler_tests::{Tickler, exhibit};

#[test]
fn one() {
    for (named, name) in [
        ("ines-carvalho", "Inês Carvalho"),
        ("INES", "Inês Carvalho"),
        ("inês carvalho", "Inês Carvalho"),
        ("miradouro", "Inês Carvalho"),
        ("direction@", "Inês Carvalho"),
        ("maeve-walsh", "Maeve O'Brien"),
        ("haruka-sato", "佐藤 遥"),
        ("佐藤", "佐藤 遥"),
        ("thorsson", "Jónas Þórsson"),
        ("wójcik", "Tomasz Wójcik"),
        ("contacts/partners/priya-raman.md", "Priya Raman"),
        ("  priya ", "Priya Raman"),
    ] {
        let ran = Tickler::new("show").word(named).example().run();
        assert_eq!(ran.out.lines().next(), Some(name), "{named}: {}", ran.err);
    }
}

#[test]
fn several_or_none() {
    let mut museum = String::new();
    for named in ["hotel", "ra", "inse", "nadja", "raman consulting gmbh", "zzz", "", "x\u{1b}[31m"] {
        let ran = Tickler::new("brief").word(named).example().run();
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{named}");
        let _ = writeln!(museum, "$ tickler brief {:?}\n{}", named, ran.err);
    }
    exhibit("pick.txt", &museum);
}
