//! Phone numbers as they are compared: E.164 where the country is known, else their digits.

use unicode_normalization::UnicodeNormalization;

/// Fewer digits are no number that could tell one contact from another.
const FEWEST: usize = 5;
/// More digits are no number.
const MOST: usize = 20;
/// So many digits at its end tell a number without a country from others.
const TELLING: usize = 7;

/// A phone number as it is compared: E.164 where its country is known, such as `+15550100`, else its digits without
/// the zeros that lead out of a town. An extension stays, as `+15550100x12`. `country` is the one (ISO 3166, two
/// letters) of numbers that do not say theirs. None where it is no number.
pub fn phone(written: &str, country: Option<&str>) -> Option<String> {
    let compatible: String = written.nfkc().filter(|c| !c.is_control()).collect::<String>().to_lowercase();
    let start = compatible.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let (number, extension) = apart(&compatible[start..]);
    let number = whole(&number, country)?;
    Some(if extension.is_empty() { number } else { format!("{number}x{extension}") })
}

/// Whether two numbers, as they are compared, are one: equal, or one without its country and the end of the other.
pub fn same_phone(one: &str, other: &str) -> bool {
    let is_end = |end: &str, of: &str| {
        let digits = end.split('x').next().unwrap_or(end).len();
        of.starts_with('+') && !end.starts_with('+') && digits >= TELLING && of.ends_with(end)
    };
    one == other || is_end(one, other) || is_end(other, one)
}

/// What numbers that are one have in common, as they are compared: the last digits, and the extension.
pub fn phone_end(key: &str) -> &str {
    let digits = key.split('x').next().unwrap_or(key).len();
    let start = digits.saturating_sub(TELLING);
    if key.is_char_boundary(start) { &key[start..] } else { key }
}

/// The country of that code (ISO 3166, two letters, in any case), as this room takes it; none where there is none.
pub fn country(code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    code.parse::<phonenumber::country::Id>().ok().map(|_| code)
}

/// The number and its extension. Letters among the first digits are those of a number that is a word.
fn apart(written: &str) -> (String, String) {
    let mut number = String::new();
    let mut digits = 0;
    let mut rest = written.char_indices();
    for (at, c) in rest.by_ref() {
        let ends = c.is_alphabetic() || matches!(c, '#' | ';' | ',' | '~');
        if ends && digits >= FEWEST {
            let after = &written[at..];
            // A `tel:` address may have more to say than an extension.
            let after = if c == ';' { after.split("ext=").nth(1).unwrap_or_default() } else { after };
            let extension = after.chars().skip_while(|c| !c.is_ascii_digit());
            return (number, extension.take_while(char::is_ascii_digit).collect());
        }
        let key = keypad(c).unwrap_or(c);
        digits += usize::from(c.is_ascii_digit());
        number.push(key);
    }
    (number, String::new())
}

/// The digit that has this letter on a telephone.
fn keypad(letter: char) -> Option<char> {
    const KEYS: [(&str, char); 8] = [
        ("abc", '2'),
        ("def", '3'),
        ("ghi", '4'),
        ("jkl", '5'),
        ("mno", '6'),
        ("pqrs", '7'),
        ("tuv", '8'),
        ("wxyz", '9'),
    ];
    KEYS.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, digit)| *digit)
}

fn whole(number: &str, country: Option<&str>) -> Option<String> {
    let digits_of = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let digits = digits_of(number);
    if !(FEWEST..=MOST).contains(&digits.len()) {
        return None;
    }
    let is_abroad = number.starts_with('+');
    if is_abroad || digits.starts_with("00") {
        let digits = digits_of(&number.replace("(0)", ""));
        let digits = digits.trim_start_matches('0');
        return (digits.len() >= FEWEST).then(|| without_trunk_zero(format!("+{digits}")));
    }
    let national = || {
        let bare = digits.trim_start_matches('0');
        (bare.len() >= FEWEST).then(|| bare.to_owned())
    };
    let Some(id) = country.and_then(|code| code.parse().ok()) else { return national() };
    match phonenumber::parse(Some(id), &digits) {
        Ok(number) => Some(number.format().mode(phonenumber::Mode::E164).to_string()),
        Err(_) => national(),
    }
}

/// `+44 020 …` as `+44 20 …`. Whether a zero after the country's code belongs to the number, only the plans of all
/// countries know; most numbers have none there and need not be looked up.
fn without_trunk_zero(number: String) -> String {
    if !number.bytes().skip(2).take(3).any(|digit| digit == b'0') {
        return number;
    }
    match phonenumber::parse(None, &number) {
        Ok(parsed) => parsed.format().mode(phonenumber::Mode::E164).to_string(),
        Err(_) => number,
    }
}
