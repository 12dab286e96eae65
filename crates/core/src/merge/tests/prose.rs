//! Prose: base, both sides, result.

use super::*;

fn check(rows: &[[&str; 4]]) {
    for [base, a, b, expected] in rows {
        let lines = |text: &str| text.replace('/', "\n");
        let joined = joined(Kind::Markdown, &lines(base), &lines(a), &lines(b));
        assert_eq!(joined.replace('\n', "/"), *expected, "{base} {a} {b}");
    }
}

#[test]
fn changes_in_different_lines_both_stay() {
    check(&[
        ["1/2/3/", "x/2/3/", "1/2/y/", "x/2/y/"],
        // Side by side is not the same line.
        ["1/2/", "x/2/", "1/y/", "x/y/"],
        ["1/2/3/", "1/3/", "1/2/x/3/", "1/x/3/"],
        ["1/2/", "0/1/2/", "1/2/3/", "0/1/2/3/"],
        ["1/2/3/", "2/3/", "1/2/", "2/"],
        ["1/2/", "x/2/", "x/2/3/", "x/2/3/"],
        ["1/2/3/4/", "1/x/y/4/", "1/2/3/4/z/", "1/x/y/4/z/"],
    ]);
}

/// Ticks and line ends of two kinds, without one at the end: whose token stood for both was the first side's.
#[test]
fn it_does_not_matter_who_is_first() {
    let (base, a, b) = ("- [ ] a\n- [x] b\na", "- [x] a\na\r\na", "- [ ] b\n- [x] a\n");
    assert!(!merged(Kind::Markdown, base, a, b).content.is_empty(), "and both ways the same");
}

#[test]
fn insertions_at_one_place_both_stay() {
    check(&[
        ["1/", "1/x/", "1/y/", "1/x/y/"],
        ["1/", "x/1/", "y/1/", "x/y/1/"],
        ["", "x/", "y/", "x/y/"],
        // What both have stays once.
        ["1/", "1/x/s/", "1/y/s/", "1/x/y/s/"],
        ["1/", "1/x/s/z/", "1/y/s/", "1/x/y/s/z/"],
        // One has all of the other.
        ["1/", "1/x/y/z/", "1/y/", "1/x/y/z/"],
        // Paragraphs stay whole, and apart.
        ["1//2/", "1//x1/x2//2/", "1//y1/y2//2/", "1//x1/x2//y1/y2//2/"],
        ["1/", "1//x1/x2/", "1//y1/y2/", "1//x1/x2//y1/y2/"],
        ["", "x1//x2/", "y1//y2/", "x1//x2//y1//y2/"],
    ]);
}

#[test]
fn the_same_lines_changed_differently() {
    check(&[
        ["1/", "x/", "y/", "y/> [!conflict]/> x/"],
        ["1/2/", "x/2/", "y/2/", "y/> [!conflict]/> x//2/"],
        ["1//2/", "x//2/", "y//2/", "y/> [!conflict]/> x//2/"],
        ["0/1/2/", "0/x/x2/2/", "0/y/2/", "0/y/> [!conflict]/> x/> x2//2/"],
        // More than two versions are a set.
        ["1/", "y/> [!conflict]/> x/", "z/", "z/> [!conflict]/> x//> [!conflict]/> y/"],
        ["1/", "y/> [!conflict]/> x/", "x/", "y/> [!conflict]/> x/"],
        ["1/", "y/> [!conflict]/> x/", "z/> [!conflict]/> x/", "z/> [!conflict]/> x//> [!conflict]/> y/"],
        // Settled is settled.
        ["y/> [!conflict]/> x/", "y/", "y/> [!conflict]/> x//3/", "y//3/"],
        ["y/> [!conflict]/> x/", "x/", "y/", "x/"],
        // Taken out on one side and changed on the other.
        ["1/2/3/", "1/3/", "1/x/3/", "1/x/3/"],
        // A quote before it is a quote of its own.
        ["> q/1/", "> q/> y/", "> q/> x/", "> q/> y//> [!conflict]/> > x/"],
        // A version with a blank line.
        ["1/2/", "a//b/2/", "z/2/", "z/> [!conflict]/> a/>/> b//2/"],
    ]);
}

#[test]
fn boxes() {
    check(&[
        ["- [ ] x/", "- [x] x/", "- [ ] x/- [ ] y/", "- [x] x/- [ ] y/"],
        ["- [ ] x/", "- [x] x/", "- [X] x/", "- [x] x/"],
        ["- [ ] x/", "- [x] x/", "- [ ] z/", "- [x] z/"],
        ["- [x] x/", "- [ ] x/", "- [x] z/", "- [ ] z/"],
        ["- [ ] x/- [ ] y/", "- [x] x/- [ ] y/", "- [ ] x/- [x] y/", "- [x] x/- [x] y/"],
        ["- [ ] x/- [ ] y/", "- [x] x/- [x] y/", "- [ ] a/- [ ] b/", "- [x] a/- [x] b/"],
        // Gone on one side, ticked on the other: the tick stays.
        ["1/- [ ] x/2/", "1/- [x] x/2/", "1/2/", "1/- [x] x/2/"],
        ["- [ ] x/", "- [x] x/", "none of it/", "none of it/> [!conflict]/> - [x] x/"],
    ]);
}
