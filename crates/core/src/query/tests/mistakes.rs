//! What each mistake looks like.

use super::*;

/// The museum of mistakes: each as a user sees it.
#[test]
fn mistakes() {
    let museum = include_str!("mistakes.txt").replace("\r\n", "\n");
    for shelf in museum.trim_end().split("\n\n") {
        let (query, shown) = shelf.split_once('\n').unwrap();
        match parse_as(query, None) {
            Ok(read) => panic!("{query} is no mistake: {read}"),
            Err(error) => assert_eq!(error.render(), shown, "{query}"),
        }
    }
}

#[test]
fn long_texts_are_shown_in_part() {
    let long = format!("{} stage:{} {}", "a".repeat(90), "b".repeat(90), "c ".repeat(90));
    let rendered = parse(&long).unwrap_err().render();
    let mut lines = rendered.lines();
    assert!(lines.next().unwrap().starts_with("query, column 98: no stage \"bbbb"));
    assert!(lines.take(2).all(|line| line.chars().count() <= 3 * 42), "{rendered}");
}
