//! What the columns of a sheet that nobody knows are likely to be, by their names and by what is in them.

use super::day::{Day, Order, day};
use super::key::{Key, slug};
use super::known::by_name;
use super::mapping::Mapping;
use super::sheet::Sheet;
use super::write::KEYS;

/// Names that no program's table has, or has for something else.
const NAMES: &[(&str, &str)] = &[
    ("name", "name"),
    ("full_name", "name"),
    ("fullname", "name"),
    ("contact", "name"),
    ("contact_name", "name"),
    ("person", "name"),
    ("display_name", "name"),
    ("first", "first"),
    ("given_name", "first"),
    ("last", "last"),
    ("surname", "last"),
    ("family_name", "last"),
    ("nick", "nickname"),
    ("mail", "email"),
    ("e_mail", "email"),
    ("email_1", "email"),
    ("email_2", "email"),
    ("primary_email", "email"),
    ("mails", "email"),
    ("emails", "email"),
    ("tel", "phone"),
    ("telephone", "phone"),
    ("telefon", "phone"),
    ("phone_1", "phone"),
    ("phone_2", "phone"),
    ("phones", "phone"),
    ("phone_numbers", "phone"),
    ("phonenumbers", "phone"),
    ("work_phone", "phone.work"),
    ("office_phone", "phone.work"),
    ("cell", "phone.cell"),
    ("cell_phone", "phone.cell"),
    ("handy", "phone.cell"),
    ("org", "company"),
    ("companies", "company"),
    ("organisation", "company"),
    ("organization", "company"),
    ("employer", "company"),
    ("account", "company"),
    ("business", "company"),
    ("unternehmen", "company"),
    ("entreprise", "company"),
    ("empresa", "company"),
    ("role", "role"),
    ("job", "role"),
    ("title", "role"),
    ("occupation", "role"),
    ("profession", "role"),
    ("address", "address"),
    ("adresse", "address"),
    ("addresses", "address"),
    ("office_address", "address"),
    ("postal_address", "address"),
    ("mailing_address", "address"),
    ("street_address", "address.street"),
    ("town", "address.city"),
    ("postcode", "address.postcode"),
    ("plz", "address.postcode"),
    ("ort", "address.city"),
    ("land", "address.country"),
    ("web", "links"),
    ("homepage", "links"),
    ("sites", "links"),
    ("websites", "links"),
    ("linkedin", "links"),
    ("linkedin_profile", "links"),
    ("twitter", "links"),
    ("tag", "tags"),
    ("tags", "tags"),
    ("group", "tags"),
    ("groups", "tags"),
    ("category", "tags"),
    ("labels", "tags"),
    ("birthdate", "dates.birthday"),
    ("born", "dates.birthday"),
    ("date_of_birth", "dates.birthday"),
    ("dob", "dates.birthday"),
    ("comment", "note"),
    ("comments", "note"),
    ("note", "note"),
    ("remarks", "note"),
    ("bemerkungen", "note"),
    ("source", "source"),
    ("referrer", "referred_by"),
    ("owner", "owner"),
    ("value", "value"),
    ("deal_value", "value"),
    ("amount", "value"),
    ("stage", "stage"),
    ("last_contact", "touch"),
    ("last_contacted", "touch"),
    ("timezone", "timezone"),
    ("uid", "uid"),
];

impl Sheet<'_> {
    /// What each column is likely to be. Every one is something: what nothing is known of becomes a key of its name.
    pub fn guess(&self) -> Vec<Key> {
        let columns = self.columns();
        let slugs: Vec<String> = columns.iter().map(|column| slug(column)).collect();
        let key = |(at, slug): (usize, &String)| {
            let samples = self.samples(at, 5);
            let named =
                NAMES.iter().find(|(name, _)| name == slug).map(|(_, key)| *key).or_else(|| by_name(slug));
            match named.filter(|key| *key != "-" && suits(key, &samples, &slugs)) {
                Some(key) => Key::known(key),
                None => by_content(&columns[at], &samples).unwrap_or_else(|| Key::named_after(&columns[at])),
            }
        };
        let mut keys: Vec<Key> = slugs.iter().enumerate().map(key).collect();
        self.name_somebody(&mut keys);
        keys
    }

    /// What the columns are where each is called as a key of the front matter, one of them `name`: then nobody needs to
    /// be asked.
    pub fn in_our_words(&self) -> Option<Mapping> {
        let words: Vec<String> = self.columns().iter().map(|name| name.trim().to_lowercase()).collect();
        let are_ours = words.iter().all(|word| KEYS.contains(&word.as_str()) && word != "id");
        (are_ours && words.iter().any(|word| word == "name")).then(|| self.guessed())
    }

    /// The guess as one line, as `--map` takes it.
    pub fn guessed(&self) -> Mapping {
        Mapping::of(self.columns(), &self.guess())
    }

    /// Where no column is a name, it is the first of words that say nothing else.
    fn name_somebody(&self, keys: &mut [Key]) {
        let is_name = |key: &Key| ["name", "first", "last"].contains(&key.to_string().as_str());
        if keys.iter().any(is_name) {
            return;
        }
        let is_words = |at: &usize| {
            let samples = self.samples(*at, 5);
            let of_words = |text: &String| text.contains(' ') && !text.chars().any(|c| c.is_ascii_digit());
            keys[*at] == Key::named_after(&self.columns()[*at])
                && !samples.is_empty()
                && samples.iter().all(of_words)
        };
        if let Some(at) = (0..keys.len()).find(is_words) {
            keys[at] = Key::known("name");
        }
    }
}

/// Whether a column can be that: its name alone may say too much.
fn suits(key: &str, samples: &[String], slugs: &[String]) -> bool {
    match key {
        // A state or a country alone is no address.
        "address.region" | "address.country" | "address.postcode" => slugs.iter().any(|slug| {
            let begins = ["city", "town", "street", "ort", "ville", "ciudad", "mailing_", "address_1"];
            begins.iter().any(|begin| slug.starts_with(begin))
        }),
        "email" | "email.work" => samples.is_empty() || samples.iter().any(|sample| sample.contains('@')),
        "value" => samples.iter().all(|sample| super::cells::money(sample).is_some()),
        "touch" => samples.iter().all(|sample| is_day(sample)),
        key if key.starts_with("dates.") => samples.iter().all(|sample| is_day(sample)),
        "timezone" => samples.iter().all(|sample| sample.parse::<chrono_tz::Tz>().is_ok()),
        // Whose stages these are, only the user knows.
        "stage" => false,
        _ => true,
    }
}

fn is_day(sample: &str) -> bool {
    day(sample, Order::Mdy, 2100) != Day::Unclear
}

/// What the cells themselves look like.
fn by_content(column: &str, samples: &[String]) -> Option<Key> {
    let all = |test: fn(&String) -> bool| !samples.is_empty() && samples.iter().all(test);
    match () {
        () if all(|sample| sample.contains('@') && sample.contains('.') && !sample.starts_with('@')) => {
            Some(Key::known("email"))
        }
        () if all(|sample| sample.starts_with("http://") || sample.starts_with("https://")) => {
            Some(Key::known("links"))
        }
        () if all(|sample| is_phone(sample)) => Some(Key::known("phone")),
        () if all(|sample| {
            is_day(sample) && sample.len() > 5 && sample.contains(|c: char| !c.is_ascii_digit())
        }) =>
        {
            Some(Key::known(&format!("day.{}", Key::named_after(column))))
        }
        () => None,
    }
}

/// A number of a telephone, and not just any number.
fn is_phone(sample: &str) -> bool {
    let digits = sample.bytes().filter(u8::is_ascii_digit).count();
    let is_mark = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '/' | '.');
    (7..=15).contains(&digits)
        && sample.chars().all(is_mark)
        && sample.contains(|c: char| !c.is_ascii_digit())
        && !is_day(sample)
}
