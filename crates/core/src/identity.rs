//! By what a contact is known again: addresses, numbers and names in the one form in which they can be compared.

use unicode_normalization::UnicodeNormalization;

use crate::fold::fold;

mod number;
#[cfg(test)]
mod tests;

pub use number::{country, phone, phone_end, same_phone};

/// An email address as it is compared: without case; none where it is no address.
pub fn email(written: &str) -> Option<String> {
    let written = written.trim();
    let inner = written.rsplit_once('<').map_or(written, |(_, rest)| rest.trim_end_matches('>'));
    let address = match inner.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &inner[7..],
        _ => inner,
    };
    let (local, host) = address.trim().rsplit_once('@')?;
    (!local.is_empty() && !host.is_empty()).then(|| format!("{local}@{host}").to_lowercase())
}

/// A `uid` as it is compared: that of a UUID without its scheme, whatever the case of its letters.
pub fn uid(written: &str) -> String {
    let written = written.trim();
    let scheme = written.get(..9).filter(|scheme| scheme.eq_ignore_ascii_case("urn:uuid:"));
    let bare = scheme.map_or(written, |scheme| &written[scheme.len()..]);
    let is_uuid = bare.len() == 36 && bare.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_uuid { bare.to_ascii_lowercase() } else { bare.to_owned() }
}

/// Whether an address, as it is compared, is of an office rather than of a person, so that several may share it.
pub fn is_of_office(email: &str) -> bool {
    const OFFICES: [&str; 30] = [
        "info",
        "office",
        "sales",
        "contact",
        "hello",
        "mail",
        "admin",
        "support",
        "service",
        "team",
        "help",
        "billing",
        "accounts",
        "accounting",
        "marketing",
        "press",
        "jobs",
        "hr",
        "reception",
        "enquiries",
        "inquiries",
        "events",
        "booking",
        "bookings",
        "reservations",
        "kontakt",
        "buero",
        "noreply",
        "no-reply",
        "webmaster",
    ];
    let local = email.split('@').next().unwrap_or(email);
    OFFICES.contains(&local.split('+').next().unwrap_or(local))
}

/// The address of a profile or a page as it is compared: without scheme, `www.`, query and last slash. A query stays
/// where it says which page a script gives.
pub fn url(written: &str) -> Option<String> {
    let rest = written.trim().split_once("://").map_or(written.trim(), |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (page, query) = rest.split_once('?').unwrap_or((rest, ""));
    let page = page.trim_end_matches('/');
    let decoded = percent_encoding::percent_decode_str(page).decode_utf8().unwrap_or(page.into());
    let lower = decoded.to_lowercase();
    let bare = ["www.", "m.", "mobile."].iter().find_map(|start| lower.strip_prefix(start)).unwrap_or(&lower);
    // LinkedIn has a name for each country, and all of them lead to the same people.
    let bare = match bare.split_once('.') {
        Some((country, rest)) if country.len() == 2 && rest.starts_with("linkedin.com/") => rest,
        _ => bare,
    };
    if bare.is_empty() || bare.contains(char::is_whitespace) {
        return None;
    }
    let is_script = [".php", ".asp", ".aspx", ".cgi", ".jsp"].iter().any(|end| bare.ends_with(end));
    let key = if is_script && !query.is_empty() { format!("{bare}?{query}") } else { bare.to_owned() };
    Some(key.nfc().collect())
}

/// Whether an address, as it is compared, is of one person's or firm's profile rather than of a page like any other.
pub fn is_profile(url: &str) -> bool {
    const HOSTS: [&str; 11] = [
        "linkedin.com",
        "xing.com",
        "facebook.com",
        "twitter.com",
        "x.com",
        "instagram.com",
        "github.com",
        "gitlab.com",
        "bsky.app",
        "threads.net",
        "tiktok.com",
    ];
    let (host, path) = url.split_once('/').unwrap_or((url, ""));
    !path.is_empty() && (HOSTS.contains(&host) || path.starts_with('@'))
}

/// The host of an address as it is compared.
pub fn host(url: &str) -> &str {
    url.split('/').next().unwrap_or(url)
}

/// A name as it is compared: without case, accents and order of its words.
pub fn name(written: &str) -> String {
    let folded = fold(written);
    let mut words = words(&folded);
    words.sort_unstable();
    words.join(" ")
}

/// A firm's name as it is compared: without case, accents and its legal form.
pub fn company(written: &str) -> String {
    const FORMS: [&str; 20] = [
        "inc", "ltd", "llc", "llp", "plc", "corp", "co", "company", "gmbh", "ag", "kg", "ug", "sa", "sas",
        "sarl", "srl", "spa", "bv", "oy", "pty",
    ];
    let folded = fold(written);
    let all = words(&folded);
    let end = all.iter().rposition(|word| !FORMS.contains(word)).map_or(all.len(), |last| last + 1);
    all[..end].join(" ")
}

/// Whether two names, as they are compared, can be of one person: they share a word that names somebody, or one of
/// them says nothing.
pub fn names_agree(one: &str, other: &str) -> bool {
    const NO_NAMES: [&str; 18] = [
        "mr", "mrs", "ms", "dr", "prof", "sir", "von", "van", "de", "der", "la", "the", "and", "of", "inc",
        "ltd", "gmbh", "llc",
    ];
    let telling = |word: &&str| word.chars().nth(1).is_some() && !NO_NAMES.contains(word);
    let are_equal = one == other;
    let says_nothing = one.is_empty() || other.is_empty();
    are_equal || says_nothing || one.split(' ').filter(telling).any(|a| other.split(' ').any(|b| a == b))
}

/// Whether each word of a name, as it is compared, is in the other one, or an initial of a word that is.
pub fn says_no_more(name: &str, than: &str) -> bool {
    let is_initial = |word: &str, of: &str| word.chars().nth(1).is_none() && of.starts_with(word);
    name.split(' ').all(|word| than.split(' ').any(|other| other == word || is_initial(word, other)))
}

/// The words of a folded text. A mark of accent belongs to its letter, and an apostrophe is left out.
fn words(folded: &str) -> Vec<&str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}
