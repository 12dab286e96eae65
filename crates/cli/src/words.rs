//! Days, counts and amounts in friendly words.

use tickler_core::date::Date;
use tickler_core::wire::Value;

/// `37,214`.
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `37,214 files`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// `25,000 EUR`, `12.50 USD`.
pub fn money(value: &Value) -> String {
    let amount = value.amount;
    let sign = if amount < 0.0 { "-" } else { "" };
    let whole = amount.abs().trunc();
    // Beyond that nobody reads digits.
    if whole >= 1e15 {
        return format!("{amount:e} {}", value.currency);
    }
    let cents = ((amount.abs() - whole) * 100.0).round() as u32;
    let (whole, cents) = if cents == 100 { (whole + 1.0, 0) } else { (whole, cents) };
    let fraction = if cents > 0 { format!(".{cents:02}") } else { String::new() };
    format!("{sign}{}{fraction} {}", number(whole as usize), value.currency)
}

/// `Mon 30 Nov`, with the year where it is not the nearest one of that name.
pub fn day(date: Date, today: Date) -> String {
    let near = date.days_since(today).abs() < 180 || date.year() == today.year();
    if near {
        format!("{} {}", date.weekday(), short(date))
    } else if date.is_yearless() {
        short(date)
    } else {
        format!("{} {}", short(date), date.year())
    }
}

/// `Thursday 3 December 2026`.
pub fn long_day(date: Date) -> String {
    date.to_chrono().format("%A %-d %B %Y").to_string()
}

/// `30 Nov`.
fn short(date: Date) -> String {
    date.to_chrono().format("%-d %b").to_string()
}

/// How long ago, or how far ahead: `today`, `yesterday`, `3 days ago`, `tomorrow`, `in 6 days`, `in 3 weeks`.
pub fn distance(date: Date, today: Date) -> String {
    let days = date.days_since(today);
    match days {
        0 => "today".to_owned(),
        -1 => "yesterday".to_owned(),
        1 => "tomorrow".to_owned(),
        _ if days < 0 => format!("{} ago", span(days.unsigned_abs())),
        _ => format!("in {}", span(days.unsigned_abs())),
    }
}

/// `13 days`, `6 weeks`, `5 months`, `2 years`: to the nearest, as one would say it.
fn span(days: u64) -> String {
    let nearest = |unit: u64| (days + unit / 2) / unit;
    match days {
        0..=13 => plural(days, "day"),
        14..=59 => plural(nearest(7), "week"),
        60..=700 => plural(((days as f64) / 30.44).round() as u64, "month"),
        _ => plural(nearest(365), "year"),
    }
}

fn plural(n: u64, unit: &str) -> String {
    format!("{} {unit}{}", number(n as usize), if n == 1 { "" } else { "s" })
}

/// A list as one says it: `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_amounts() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(37_214), "37,214");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(count(0, "file", "files"), "0 files");
        for (amount, shown) in [
            (25000.0, "25,000 EUR"),
            (12.5, "12.50 EUR"),
            (0.999, "1 EUR"),
            (-3.0, "-3 EUR"),
            (1e300, "1e300 EUR"),
        ] {
            assert_eq!(money(&Value { amount, currency: "EUR".into() }), shown);
        }
    }

    #[test]
    fn days_as_one_says_them() {
        let today: Date = "2026-12-03".parse().unwrap();
        for (date, name, said) in [
            ("2026-12-03", "Thu 3 Dec", "today"),
            ("2026-12-02", "Wed 2 Dec", "yesterday"),
            ("2026-11-20", "Fri 20 Nov", "13 days ago"),
            ("2026-11-19", "Thu 19 Nov", "2 weeks ago"),
            ("2026-10-22", "Thu 22 Oct", "6 weeks ago"),
            ("2026-09-04", "Fri 4 Sep", "3 months ago"),
            ("2025-12-03", "3 Dec 2025", "12 months ago"),
            ("2020-12-03", "3 Dec 2020", "6 years ago"),
            ("2026-12-04", "Fri 4 Dec", "tomorrow"),
            ("2026-12-09", "Wed 9 Dec", "in 6 days"),
            ("2027-01-12", "Tue 12 Jan", "in 6 weeks"),
            ("2027-12-01", "1 Dec 2027", "in 12 months"),
            ("9999-12-31", "31 Dec 9999", "in 7,978 years"),
        ] {
            let date: Date = date.parse().unwrap();
            assert_eq!((day(date, today).as_str(), distance(date, today).as_str()), (name, said));
        }
        assert_eq!(long_day(today), "Thursday 3 December 2026");
    }

    #[test]
    fn lists() {
        let say = |items: &[&str]| list(&items.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>());
        assert_eq!((say(&["a"]), say(&["a", "b", "c"])), ("a".into(), "a, b and c".into()));
    }
}
