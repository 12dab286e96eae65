//! The bytes of a sheet as text, whatever encoding the program that wrote it had in mind.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of a file, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte-order mark.
    pub text: String,
    /// The encoding's name: `UTF-8`, `windows-1252`.
    pub encoding: &'static str,
}

/// Reads the bytes by the encoding of that label (any that browsers know), else by what they look like: a byte-order
/// mark, the zeros of UTF-16, UTF-8 where they are that, and Windows-1252, which any bytes can be.
///
/// # Errors
/// Where there is no encoding of that label.
pub fn decode(bytes: &[u8], label: Option<&str>) -> Result<Decoded, String> {
    let encoding = match label {
        Some(label) => Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| format!("no encoding is called \"{}\"", label.trim()))?,
        None => looks_like(bytes),
    };
    // A mark that stands there is right, whatever was said.
    let (text, encoding, _) = encoding.decode(bytes);
    Ok(Decoded { text: text.into_owned(), encoding: encoding.name() })
}

fn looks_like(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = by_zeros(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// Text that is mostly of the West has a zero in every other byte, where it is UTF-16.
fn by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    const ENOUGH: usize = 4096;
    let sample = &bytes[..bytes.len().min(ENOUGH) / 2 * 2];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), sample.len() / 2);
    match () {
        () if odd * 3 > units && even * 10 <= odd => Some(UTF_16LE),
        () if even * 3 > units && odd * 10 <= even => Some(UTF_16BE),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "Name,Straße\nRenée,Ω 5 €\n";
        let western = "Name,Straße\nRenée,5 €\n";
        let (windows, _, _) = WINDOWS_1252.encode(western);
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for (bytes, label, expected, encoding) in [
            (text.as_bytes().to_vec(), None, text, "UTF-8"),
            (marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()), None, text, "UTF-8"),
            (marked(b"\xff\xfe", utf_16(text, u16::to_le_bytes)), None, text, "UTF-16LE"),
            (marked(b"\xfe\xff", utf_16(text, u16::to_be_bytes)), None, text, "UTF-16BE"),
            (utf_16(text, u16::to_le_bytes), None, text, "UTF-16LE"),
            (utf_16(text, u16::to_be_bytes), None, text, "UTF-16BE"),
            (windows.to_vec(), None, western, "windows-1252"),
            (windows.to_vec(), Some("latin1"), western, "windows-1252"),
            (b"caf\x8e".to_vec(), Some(" macintosh "), "café", "macintosh"),
            (b"\x82\xa0".to_vec(), Some("shift_jis"), "あ", "Shift_JIS"),
            (marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()), Some("latin1"), text, "UTF-8"),
            (Vec::new(), None, "", "UTF-8"),
        ] {
            let decoded = decode(&bytes, label).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (expected, encoding), "{label:?}");
        }
        assert_eq!(decode(b"", Some("klingon")).unwrap_err(), "no encoding is called \"klingon\"");
    }
}
