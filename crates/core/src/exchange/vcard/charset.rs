//! The bytes of a file as text, whatever the character set: that of the file, or that of a line.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The bytes as text: by their mark, else UTF-16 where every second byte says so, else UTF-8, else line by line by
/// what the line says of itself (`CHARSET=` of vCard 2.1), and Windows-1252 where it says nothing.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => return UTF_16LE.decode(bytes).0,
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => return UTF_16BE.decode(bytes).0,
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut said = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        // A line that goes on is of the set that the line says in which it begins.
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            said = label(line);
        }
        text.push_str(&decode_as(line, said));
    }
    Cow::Owned(text)
}

/// The bytes as text of that set; without one as UTF-8, or else Windows-1252.
pub fn decode_as(bytes: &[u8], said: Option<&'static Encoding>) -> String {
    let guessed = || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    // Some say UTF-8 or ASCII and write neither.
    let encoding = said.filter(|said| *said != UTF_8 && *said != WINDOWS_1252).unwrap_or_else(guessed);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The set of that name.
pub fn named(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes())
}

/// The set that a line says that it is of.
fn label(line: &[u8]) -> Option<&'static Encoding> {
    let head = &line[..line.iter().position(|byte| *byte == b':')?];
    let said = head.split(|byte| *byte == b';').find_map(|param| {
        let at = param.iter().position(|byte| *byte == b'=')?;
        param[..at].eq_ignore_ascii_case(b"CHARSET").then(|| &param[at + 1..])
    })?;
    named(std::str::from_utf8(said).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        let utf16 = |big: bool, text: &str| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for (bytes, text) in [
            (b"FN:J\xc3\xb6rg".to_vec(), "FN:Jörg"),
            (b"\xef\xbb\xbfFN:J\xc3\xb6rg".to_vec(), "FN:Jörg"),
            (b"FN:J\xf6rg \x80".to_vec(), "FN:Jörg €"),
            (b"FN;CHARSET=ISO-8859-2:\xb1\n \xb1\nN:\xf6".to_vec(), "FN;CHARSET=ISO-8859-2:ą\n ą\nN:ö"),
            (
                b"FN;charset=shift_jis:\x93\xfa\nN:J\xc3\xb6\nX:\xf6".to_vec(),
                "FN;charset=shift_jis:日\nN:Jö\nX:ö",
            ),
            (b"FN;CHARSET=UTF-8:\xf6".to_vec(), "FN;CHARSET=UTF-8:ö"),
            (utf16(false, "FN:Jö"), "FN:Jö"),
            (utf16(true, "FN:Jö"), "FN:Jö"),
            (utf16(false, "\u{feff}FN:Jö"), "FN:Jö"),
            (vec![], ""),
            (vec![0, 0, 0, 0], "\0\0\0\0"),
        ] {
            assert_eq!(decode(&bytes), text, "{bytes:?}");
        }
    }
}
