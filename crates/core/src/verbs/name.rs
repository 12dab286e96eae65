//! The file name that a person's name makes: an id that every system can hold and anybody can type.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fold::fold;

/// The longest id that is made of a name, in bytes; one by hand may have as much as a file's name.
const LONGEST: usize = 80;
/// The longest file name that all usual file systems take, in bytes, with `.md`.
const LONGEST_FILE: usize = 255;

/// Names that Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// `Jürgen O'Neill` as `jurgen-o-neill`; letters of other scripts stay. Nothing where no letter or digit is in it.
pub(super) fn id_of(name: &str) -> Option<String> {
    let mut id = String::new();
    for c in fold(name).chars() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') && c != '\'' && c != '’' {
            id.push('-');
        }
    }
    let id: String = id.nfc().collect();
    let id = shortened(id.trim_matches('-'), LONGEST);
    if id.is_empty() {
        return None;
    }
    Some(if DEVICES.contains(&id.as_str()) { format!("{id}-1") } else { id })
}

/// The id cut at a whole word where it is too long.
fn shortened(id: &str, most: usize) -> String {
    if id.len() <= most {
        return id.to_owned();
    }
    let mut end = most;
    while !id.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &id[..end];
    let whole = cut.rfind('-').filter(|at| *at > most / 2).map_or(cut, |at| &cut[..at]);
    whole.trim_end_matches('-').to_owned()
}

/// Why a file cannot be called so.
pub(super) fn unfit(id: &str) -> Option<&'static str> {
    let device = id.split('.').next().unwrap_or(id).to_ascii_lowercase();
    if id.is_empty() {
        Some("it is empty")
    } else if id.contains(['/', '\\']) {
        Some("it has a slash in it")
    } else if id.starts_with('.') {
        Some("it begins with a dot, which hides a file")
    } else if id.chars().any(char::is_control) {
        Some("it has a control character in it")
    } else if id.contains(['<', '>', ':', '"', '|', '?', '*']) {
        Some("it has a character in it that Windows does not take")
    } else if id.contains(['[', ']', '#', '^']) {
        Some("it has a character in it that a [[link]] does not take")
    } else if id.ends_with([' ', '.']) || id.starts_with(' ') {
        Some("it begins or ends with a blank or a dot")
    } else if DEVICES.contains(&device.as_str()) {
        Some("Windows keeps that name for a device")
    } else if id.len() + ".md".len() > LONGEST_FILE {
        Some("it is too long for a file")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_ids() {
        for (name, id) in [
            ("Jane Doe", Some("jane-doe")),
            ("Jürgen  Größer", Some("jurgen-grosser")),
            ("Seán O'Neill", Some("sean-oneill")),
            ("Łukasz Øst", Some("lukasz-ost")),
            ("İbrahim Ağca", Some("ibrahim-agca")),
            ("佐藤 花子", Some("佐藤-花子")),
            ("김민수", Some("김민수")),
            ("अनन्या शर्मा", Some("अनन्या-शर्मा")),
            ("../x", Some("x")),
            ("CON", Some("con-1")),
            ("A/B\\C", Some("a-b-c")),
            ("  ", None),
            ("!?", None),
            ("Dr. No, PhD", Some("dr-no-phd")),
        ] {
            assert_eq!(id_of(name).as_deref(), id, "{name}");
        }
    }

    #[test]
    fn long_names_are_cut_at_a_word() {
        let id = id_of(&"Wolfeschlegelstein ".repeat(20)).unwrap();
        assert!(id.len() <= LONGEST && id.ends_with("stein"), "{id}");
        assert!(id_of(&"花".repeat(300)).unwrap().len() <= LONGEST);
    }

    #[test]
    fn what_is_no_file_name() {
        for id in ["", "../x", ".x", "a\nb", "a:b", "con", "NUL.txt", "x ", "a]b"] {
            assert!(unfit(id).is_some(), "{id:?}");
        }
        assert!(unfit(&"x".repeat(300)).is_some());
        for id in ["jane-doe", "李娜", "jane.doe", "console"] {
            assert!(unfit(id).is_none(), "{id:?}");
        }
    }
}
