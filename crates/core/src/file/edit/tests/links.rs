//! `relink` and `redirect`.

use super::*;

#[test]
fn wikilinks_lead_elsewhere() {
    let to = |id: &str| (id == "bob").then(|| "robert-smith".to_owned());
    for (old, expected) in [
        ("[[bob]]", "[[robert-smith]]"),
        ("[[bob|Bob]] and [[ann]]", "[[robert-smith|Bob]] and [[ann]]"),
        ("[[bob#log]] [[bob.md]] [[ bob ]]", "[[robert-smith#log]] [[robert-smith.md]] [[ robert-smith ]]"),
        ("![[bob]]", "![[bob]]"),
        ("`[[bob]]` [[bobby]] [bob](bob.md)", "`[[bob]]` [[bobby]] [bob](bob.md)"),
        ("```\n[[bob]]\n```\n", "```\n[[bob]]\n```\n"),
        (
            "+++\nx = \"[[bob]]\"\n+++\r\n- [ ] ask [[bob]]\r\n",
            "+++\nx = \"[[bob]]\"\n+++\r\n- [ ] ask [[robert-smith]]\r\n",
        ),
        ("# [[bob]]\n\n> *[[bob]]*\n", "# [[robert-smith]]\n\n> *[[robert-smith]]*\n"),
    ] {
        assert_eq!(relink(old, &to), expected);
    }
    for odd in ["", "a]]b", "a|b", "a#b", " a", "a\nb", "a.md"] {
        assert_eq!(relink("[[bob]]", &|_| Some(odd.to_owned())), "[[bob]]", "{odd:?}");
    }
}

#[test]
fn links_are_redirected() {
    let to = |path: &str| path.strip_prefix("../").map(|rest| format!("../../{rest}"));
    for (old, expected) in [
        ("[a](../files/x.pdf)", "[a](../../files/x.pdf)"),
        ("![a](../x.png \"t\") [b](<../a b.md>)", "![a](../../x.png \"t\") [b](<../../a b.md>)"),
        ("[![a](../x.png)](../y)", "[![a](../../x.png)](../../y)"),
        ("[a\\](b](../x\\(1) [c](../d(1))", "[a\\](b](../../x\\(1) [c](../../d(1))"),
        (
            "[a][b] [b]\n\n[b]: ../files/x.pdf 'T'\n[c]: <../d e>\n",
            "[a][b] [b]\n\n[b]: ../../files/x.pdf 'T'\n[c]: <../../d e>\n",
        ),
        ("[a](\n../x\n)", "[a](\n../../x\n)"),
        (
            "`[a](../x)` <../x> [[../x]] [a](https://x.example/../y)",
            "`[a](../x)` <../x> [[../x]] [a](https://x.example/../y)",
        ),
        ("[](../x) [*a* `](`](../y)", "[](../../x) [*a* `](`](../../y)"),
    ] {
        assert_eq!(redirect(old, &to), expected);
    }
    for (new, expected) in [
        ("a b", "[x](<a b>)"),
        ("", "[x](<>)"),
        ("a)b", "[x](a\\)b)"),
        ("a\\(b", "[x](a\\\\\\(b)"),
        ("<a", "[x](\\<a)"),
        ("a&amp;b", "[x](a\\&amp;b)"),
        ("a\nb", "[x](y)"),
    ] {
        assert_eq!(redirect("[x](y)", &|_| Some(new.to_owned())), expected, "{new:?}");
    }
}
