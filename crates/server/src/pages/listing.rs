//! Whom the list of contacts shows, and in what order.

use std::cmp::Ordering;

use tickler_core::answer::search;
use tickler_core::contact::Contact;
use tickler_core::date::Date;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::query::{Query, folded};
use tickler_core::settings::Settings;

/// So many are put in the order of their names though nobody asked for one. More stay in the order of their files,
/// which are called after the names: that is nearly the same, and there at once.
const FEW: usize = 2_000;

/// What the list can be sorted by: a column, what it is called in addresses, and its heading.
pub const COLUMNS: [(By, &str, &str); 7] = [
    (By::Name, "name", "Name"),
    (By::Company, "company", "Company"),
    (By::Stage, "stage", "Stage"),
    (By::Owner, "owner", "Owner"),
    (By::Value, "value", "Value"),
    (By::Last, "last", "Last touch"),
    (By::Due, "due", "Due"),
];

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Name,
    Company,
    Stage,
    Owner,
    Value,
    Last,
    Due,
}

/// An order that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub by: By,
    /// The other way round: the largest, the latest, the last letter first.
    pub down: bool,
}

impl Order {
    /// Reads `name` or `-name`; anything else is no order.
    pub fn read(text: &str) -> Option<Order> {
        let (name, down) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        COLUMNS.iter().find(|(_, known, _)| *known == name).map(|(by, ..)| Order { by: *by, down })
    }

    /// As [`Order::read`] takes it.
    pub fn written(self) -> String {
        let name = COLUMNS.iter().find(|(by, ..)| *by == self.by).map_or("", |(_, name, _)| name);
        format!("{}{name}", if self.down { "-" } else { "" })
    }
}

/// What places a contact. Where there is nothing, it comes last either way.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Text(String),
    Number(f64),
    Nothing,
}

/// The numbers of those whom the query fits, in order, and the order that they are in, where it is one.
pub fn listed(survey: &Survey<'_>, query: &Query, order: Option<Order>) -> (Vec<usize>, Option<Order>) {
    let by_name = Order { by: By::Name, down: false };
    match order {
        Some(order) => (sorted(survey, keys(survey, query, order.by), order.down), Some(order)),
        None if query.is_empty() && survey.len() > FEW => ((0..survey.len()).collect(), None),
        None => {
            let found = search(survey, query, Parts::NONE, |row, _| Some(row.index));
            if found.len() > FEW {
                return (found, None);
            }
            let name = |index: &usize| {
                let card = Parts { card: true, ..Parts::NONE };
                key(By::Name, &survey.contact(*index, card), survey.notebook().settings(), survey.today())
            };
            let keys = survey.each(&found, name);
            (sorted(survey, found.into_iter().zip(keys).collect(), false), Some(by_name))
        }
    }
}

/// All whom the query fits, with what places each.
fn keys(survey: &Survey<'_>, query: &Query, by: By) -> Vec<(usize, Key)> {
    let (settings, today) = (survey.notebook().settings(), survey.today());
    if query.is_empty() {
        // The survey knows this much of everyone without opening a contact.
        let day =
            |date: Option<Date>| date.map_or(Key::Nothing, |date| Key::Number(f64::from(date.number())));
        match by {
            By::Due => return survey.outlooks(|index, outlook| Some((index, day(outlook.due)))),
            By::Value => return survey.outlooks(|index, outlook| Some((index, amount(outlook.value)))),
            _ => {}
        }
    }
    let parts = match by {
        By::Name | By::Company => Parts { card: true, ..Parts::NONE },
        By::Stage | By::Owner | By::Value => Parts { plan: true, ..Parts::NONE },
        By::Last => Parts { log: true, ..Parts::NONE },
        By::Due => Parts::NONE,
    };
    search(survey, query, parts, |row, subject| {
        let due = || survey.outlook(row.index).due.map(|date| f64::from(date.number()));
        Some((
            row.index,
            match by {
                By::Due => due().map_or(Key::Nothing, Key::Number),
                _ => key(by, subject.contact(), settings, today),
            },
        ))
    })
}

fn key(by: By, contact: &Contact, settings: &Settings, today: Date) -> Key {
    let text = |text: Option<&str>| match text.map(str::trim) {
        None | Some("") => Key::Nothing,
        Some(text) => Key::Text(folded(text).into_owned()),
    };
    let head = &contact.head;
    match by {
        By::Name => text(Some(&contact.name)),
        By::Company => text(head.company.as_deref()),
        By::Stage => {
            let stage = settings.stage_of(head.stage.as_deref());
            let place = settings.stages.all().position(|known| known == stage);
            place.map_or(Key::Nothing, |place| Key::Number(place as f64))
        }
        By::Owner => text(head.owner.as_deref()),
        By::Value => head.value.as_ref().map_or(Key::Nothing, |value| amount(value.amount)),
        By::Last => {
            let last = contact.log.iter().rev().find(|entry| entry.is_touch() && entry.date <= today);
            last.map_or(Key::Nothing, |entry| Key::Number(f64::from(entry.date.number())))
        }
        // The survey answers that.
        By::Due => Key::Nothing,
    }
}

fn amount(amount: f64) -> Key {
    if amount == 0.0 { Key::Nothing } else { Key::Number(amount) }
}

/// In the order of the keys, what is equal by id.
fn sorted(survey: &Survey<'_>, mut keys: Vec<(usize, Key)>, down: bool) -> Vec<usize> {
    keys.sort_unstable_by(|(a, a_key), (b, b_key)| {
        compare(a_key, b_key, down).then_with(|| survey.id(*a).cmp(&survey.id(*b)))
    });
    keys.into_iter().map(|(index, _)| index).collect()
}

fn compare(a: &Key, b: &Key, down: bool) -> Ordering {
    let turned = |order: Ordering| if down { order.reverse() } else { order };
    match (a, b) {
        (Key::Nothing, Key::Nothing) => Ordering::Equal,
        (Key::Nothing, _) => Ordering::Greater,
        (_, Key::Nothing) => Ordering::Less,
        (Key::Text(a), Key::Text(b)) => turned(a.cmp(b)),
        (Key::Number(a), Key::Number(b)) => turned(a.total_cmp(b)),
        (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        (Key::Number(_), Key::Text(_)) => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use tickler_core::file;

    use super::*;

    #[test]
    fn orders_are_read_as_they_are_written() {
        for (text, by, down) in [
            ("name", By::Name, false),
            ("-value", By::Value, true),
            ("due", By::Due, false),
            ("-last", By::Last, true),
        ] {
            let order = Order { by, down };
            assert_eq!(Order::read(text), Some(order), "{text}");
            assert_eq!(order.written(), text);
        }
        for text in ["", "-", "--name", "Name", "colour"] {
            assert_eq!(Order::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_there_comes_last_either_way() {
        let settings = Settings::default();
        let today = "2026-12-03".parse().unwrap();
        let texts = [
            "+++\nname = \"Ágnes\"\nstage = \"won\"\nvalue = 500\n+++\n## Log\n- 2026-11-01 phone\n",
            "+++\nname = \"bob\"\ncompany = \"Acme\"\nowner = \"pat\"\nvalue = 90\n+++\n## Log\n- 2026-12-09 phone\n",
            "+++\nname = \"Zoë\"\ncompany = \"\"\n+++\n## Log\n- 2026-11-20 phone\n- 2026-11-30 note: x\n",
        ];
        let contacts = texts.map(|text| file::parse(text, "x", &settings).contact);
        for (by, up, down) in [
            (By::Name, "Ágnes bob Zoë", "Zoë bob Ágnes"),
            (By::Company, "bob Ágnes Zoë", "bob Ágnes Zoë"),
            (By::Owner, "bob Ágnes Zoë", "bob Ágnes Zoë"),
            (By::Stage, "bob Zoë Ágnes", "Ágnes bob Zoë"),
            (By::Value, "bob Ágnes Zoë", "Ágnes bob Zoë"),
            (By::Last, "Ágnes Zoë bob", "Zoë Ágnes bob"),
        ] {
            for (is_down, expected) in [(false, up), (true, down)] {
                let mut keyed: Vec<(Key, &str)> =
                    contacts.iter().map(|one| (key(by, one, &settings, today), &*one.name)).collect();
                keyed.sort_by(|(a, _), (b, _)| compare(a, b, is_down));
                let names: Vec<&str> = keyed.into_iter().map(|(_, name)| name).collect();
                assert_eq!(names.join(" "), expected, "{by:?}, down: {is_down}");
            }
        }
    }
}
