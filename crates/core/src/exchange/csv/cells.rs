//! What single cells say: money, lists, yes and no.

use crate::contact::Money;

/// The cell without the spaces around it, with `\n` at line ends, and without characters that steer rather than show.
pub fn clean(cell: &str) -> String {
    let cell = cell.trim();
    if !cell.chars().any(|c| c.is_control() || c == '\u{feff}') {
        return cell.to_owned();
    }
    let lines = cell.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && *c != '\u{feff}').collect()
}

/// `25000`, `25,000.00`, `25.000,00 €`, `$25k`, `25000 EUR`. None where it is no amount.
pub fn money(cell: &str) -> Option<Money> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{a0}' | ' ');
    let begin = cell.find(|c: char| c.is_ascii_digit())?;
    let end = cell[begin..].find(|c| !is_number(c)).map_or(cell.len(), |far| begin + far);
    let amount = number(cell[begin..end].trim_end())?;
    let (before, after) = (cell[..begin].trim(), cell[end..].trim());
    let (scale, after) = match after.strip_prefix(['k', 'K']) {
        Some(rest) if !rest.starts_with(char::is_alphabetic) => (1000.0, rest.trim()),
        _ => (1.0, after),
    };
    let (sign, before) = match before.strip_suffix('-') {
        Some(rest) => (-1.0, rest.trim()),
        None => (1.0, before),
    };
    let currency = match (before, after) {
        ("", "") => None,
        (one, "") | ("", one) => Some(currency(one)?),
        _ => return None,
    };
    Some(Money { amount: sign * scale * amount, currency })
}

fn currency(written: &str) -> Option<String> {
    let known = match written {
        "$" | "US$" => "USD",
        "€" => "EUR",
        "£" => "GBP",
        "¥" => "JPY",
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            return Some(code.to_ascii_uppercase());
        }
        _ => return None,
    };
    Some(known.to_owned())
}

/// A number with marks between the thousands, or a comma before the fraction.
fn number(written: &str) -> Option<f64> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (whole, fraction) = match written.rfind(['.', ',']) {
        None => (written, ""),
        Some(at) => {
            let (mark, tail) = (&written[at..=at], &written[at + 1..]);
            let is_only = written.matches(['.', ',']).count() == 1;
            let is_repeated = written.matches(mark).count() > 1;
            // A mark before three digits stands between thousands, but for a point that stands alone: 1.250 is little.
            let is_thousands = tail.len() == 3 && (is_repeated || mark == "," && is_only);
            if is_thousands || is_repeated { (written, "") } else { (&written[..at], tail) }
        }
    };
    format!("{}.{}", digits(whole), if fraction.is_empty() { "0" } else { fraction }).parse().ok()
}

/// The parts of a cell that says several things.
pub fn parts<'c>(cell: &'c str, marks: &'c [char]) -> impl Iterator<Item = &'c str> {
    colon_parts(cell).flat_map(move |part| part.split(marks)).map(str::trim).filter(|part| !part.is_empty())
}

/// The values that Google, or we, joined.
pub fn colon_parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(" ::: ").map(bare).filter(|part| !part.is_empty())
}

/// Without the rest of a value that was empty.
fn bare(part: &str) -> &str {
    let part = part.trim();
    let part = part.strip_suffix(":::").unwrap_or(part);
    part.strip_prefix("::: ").unwrap_or(part).trim()
}

/// An address of mail out of `Jane Doe <jane@acme.example>` or `mailto:jane@acme.example`.
pub fn address(part: &str) -> &str {
    let inside =
        part.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(part, |(inside, _)| inside);
    inside.strip_prefix("mailto:").unwrap_or(inside).trim()
}

/// Yes or no.
pub fn truth(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (cell, expected) in [
            ("25000", Some((25000.0, None))),
            ("25,000.50", Some((25000.5, None))),
            ("25.000,50 €", Some((25000.5, Some("EUR")))),
            ("$25k", Some((25000.0, Some("USD")))),
            ("25000 EUR", Some((25000.0, Some("EUR")))),
            ("EUR 1.250.000", Some((1_250_000.0, Some("EUR")))),
            ("1,250", Some((1250.0, None))),
            ("1,25", Some((1.25, None))),
            ("-5", Some((-5.0, None))),
            ("CHF 1'250.00", Some((1250.0, Some("CHF")))),
            ("about 5", None),
            ("5 of 7", None),
            ("soon", None),
        ] {
            let expected =
                expected.map(|(amount, currency)| Money { amount, currency: currency.map(str::to_owned) });
            assert_eq!(money(cell), expected, "{cell}");
        }
    }

    #[test]
    fn cells_are_cleaned() {
        for (cell, expected) in
            [(" a ", "a"), ("a\r\nb\rc", "a\nb\nc"), ("\u{feff}a\u{0}b\u{1b}", "ab"), ("a\tb", "a\tb")]
        {
            assert_eq!(clean(cell), expected);
        }
        assert_eq!(address("Jane Doe <jane@acme.example>"), "jane@acme.example");
        assert_eq!(address("mailto:jane@acme.example"), "jane@acme.example");
    }
}
