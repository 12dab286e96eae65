//! Names that every system can have: what a file or folder of a notebook may be called.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::complaints::is_invisible;

/// The longest path, in bytes: Windows ends at 260 characters, and the notebook lies in a folder too.
pub const LONGEST: usize = 200;

/// What is wrong with a name, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

const RENAME: &str = "rename it";

/// What no commit may bring, whatever later ones do: a name that deceives who reads it, or by which git itself acts.
pub fn danger(name: &[u8]) -> Option<Fault> {
    let fault = |what, hint| Some(Fault { what, hint });
    let Ok(text) = std::str::from_utf8(name) else { return fault("the name is not UTF-8", RENAME) };
    if text.chars().any(char::is_control) {
        return fault("the name has a control character", RENAME);
    }
    if text.chars().any(is_invisible) {
        return fault("the name has an invisible character", RENAME);
    }
    if is_gits(name) {
        return fault("git acts by such a file, so no notebook has one", "leave it out");
    }
    None
}

/// A file by which git would do something to others: filters, submodules, a repository of its own.
pub fn is_gits(name: &[u8]) -> bool {
    const GITS: [&str; 4] = [".git", ".gitattributes", ".gitmodules", ".tickler"];
    let Ok(text) = std::str::from_utf8(name) else { return false };
    let folded = fold(text.trim_end_matches(['.', ' ']));
    GITS.contains(&&*folded)
}

/// What some system could not have, or would have as another name.
pub fn fault(name: &str) -> Option<Fault> {
    const DOTS: [&str; 3] = [".gitignore", ".gitkeep", ".editorconfig"];
    let what = if !is_nfc(name) {
        "the name's accents are separate characters (it is not NFC)"
    } else if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        "the name has one of \\ : * ? \" < > |"
    } else if name.ends_with(['.', ' ']) {
        "the name ends with a dot or a space"
    } else if name.starts_with(['-', ' ']) {
        "the name begins with a hyphen or a space"
    } else if name.starts_with('.') && !DOTS.contains(&name) {
        "the name begins with a dot"
    } else if is_reserved(name) {
        "Windows keeps that name for a device"
    } else {
        return None;
    };
    Some(Fault { what, hint: RENAME })
}

/// `con`, `com1` and so on, whatever its case and its extension.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") {
        return true;
    }
    let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let mut rest = number.unwrap_or_default().chars();
    // Windows counts the superscripts too.
    matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// A folder or file of the notebook's own, written in a way that only some systems take for it.
pub fn is_nearly_ours(name: &str) -> bool {
    const OURS: [&str; 5] = ["tickler.toml", "contacts", "templates", "files", "conflicts"];
    !OURS.contains(&name) && OURS.contains(&&*fold(name))
}

/// What two names that some system takes for one have in common: case, composition, and what HFS+ does not see.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name),
        };
    }
    let ignored = |c: &char| matches!(c, '\u{200c}' | '\u{200d}') || is_invisible(*c);
    let cased = name.nfd().filter(|c| !ignored(c)).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    Cow::Owned(cased.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_can_have() {
        for good in [
            "jane-doe.md",
            "René.md",
            "東京.md",
            "a b.md",
            "price list (2026).pdf",
            "console.md",
            "com10.md",
            "lpt.md",
            ".gitignore",
            ".gitkeep",
            ".editorconfig",
            "tickler.toml",
            "a.b.c",
            "~x",
            "git~2",
            "_",
        ] {
            assert_eq!((danger(good.as_bytes()), fault(good)), (None, None), "{good}");
        }
        for (bad, what) in [
            ("Rene\u{301}.md", "NFC"),
            ("a\\b.md", "one of"),
            ("a:b", "one of"),
            ("what?.md", "one of"),
            ("\"a\".md", "one of"),
            ("a<b>|*", "one of"),
            ("a.", "ends with"),
            ("a.md ", "ends with"),
            ("-rf", "hyphen"),
            (" a", "space"),
            (".env", "begins with a dot"),
            (".obsidian", "begins with a dot"),
            ("con", "Windows"),
            ("CON.md", "Windows"),
            ("aux.tar.gz", "Windows"),
            ("Com1.md", "Windows"),
            ("lpt9", "Windows"),
            ("nul .md", "Windows"),
            ("COM².md", "Windows"),
        ] {
            let fault = fault(bad).unwrap_or_else(|| panic!("{bad} passes"));
            assert!(fault.what.contains(what), "{bad}: {}", fault.what);
            assert_eq!(danger(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn names_that_deceive_or_act() {
        for (bad, what) in [
            (&b"ren\xe9.md"[..], "UTF-8"),
            (b"a\nb.md", "control"),
            (b"a\x1b[31m.md", "control"),
            (b"a\x7f", "control"),
            ("a\u{9b}1m".as_bytes(), "control"),
            ("a\u{202e}dm.b".as_bytes(), "invisible"),
            ("jane\u{200b}.md".as_bytes(), "invisible"),
            (b".gitattributes", "git acts"),
            (b".GitAttributes", "git acts"),
            (b".gitmodules", "git acts"),
            (b".git", "git acts"),
            (b".GIT", "git acts"),
            (b".git. .", "git acts"),
            (".g\u{200c}it".as_bytes(), "git acts"),
            (b".tickler", "git acts"),
        ] {
            let fault = danger(bad).unwrap_or_else(|| panic!("{bad:?} passes"));
            assert!(fault.what.contains(what), "{bad:?}: {}", fault.what);
        }
    }

    #[test]
    fn names_that_some_system_takes_for_one() {
        for (one, other, same) in [
            ("jane.md", "Jane.MD", true),
            ("René", "rene\u{301}", true),
            ("RENÉ", "rené", true),
            ("straße", "STRASSE", true),
            ("ΟΔΟΣ", "οδος", true),
            ("\u{212a}elvin", "kelvin", true),
            ("a\u{200d}b", "ab", true),
            ("a\u{200d}é", "aé", true),
            ("rené", "rene", false),
            ("jane.md", "jan.md", false),
        ] {
            assert_eq!(fold(one) == fold(other), same, "{one} {other}");
        }
    }
}
