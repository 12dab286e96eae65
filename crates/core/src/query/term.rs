//! From `key:value` as written to a test that is quick to answer: values are read, names checked and texts folded
//! here, once for all contacts.

use crate::contact::{ContactKind, Promiser};
use crate::follow_up::Kind;
use crate::period::Period;
use crate::settings::StageGroup;

use super::Context;
use super::day::{self, Said, Unsaid};
use super::error::{Mistake, near, shown};
use super::keys::{self, DayKey, FlagKey, Key, NameKey, NumberKey, TableKey, TextKey};
use super::token::{Op, Spanned, Written};
use crate::fold::Needle;

/// One question about a contact.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// A word of its own: name, company, tags, id, email.
    Word(Needle),
    /// `key:` alone.
    Has(Key),
    Text(TextKey, TextTest),
    /// Digits of a phone number, however it is spaced.
    Phone(String),
    Name(NameKey, NameTest),
    Number(NumberKey, Op, f64),
    Day(DayKey, Days),
    /// Away on one of the days.
    Away(Days),
    Flag(FlagKey, bool),
    PromiseBy(Promiser),
    ContactKind(ContactKind),
    DueKind(Kind),
    Custom(String, CustomTest),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TextTest {
    Contains(Needle),
    Exact(String),
    /// What the first part asks for, or one of these names as a whole, which the same contact goes by.
    OrNamed(Box<TextTest>, Vec<Needle>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NameTest {
    /// Any of these, in any case. A contact without a stage has the first open one, hence `or_none`.
    Among {
        names: Vec<Needle>,
        or_none: bool,
    },
    Exact(String),
}

/// Days from the first to the last, by [`crate::date::Date::number`]; none where the last comes first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Days {
    pub first: i32,
    pub last: i32,
    /// What never happened is longer ago than any age.
    pub or_never: bool,
    /// Said from today, so that a yearly day means its next return.
    pub relative: bool,
}

/// A value that is read as all it could be, since only the file knows the type of a custom key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CustomTest {
    pub text: Option<TextTest>,
    pub number: Option<(Op, f64)>,
    pub days: Option<Days>,
    pub flag: Option<bool>,
}

impl Test {
    /// Reads a term. The mistake names the place in the term that is wrong.
    pub fn new(written: &Written, context: &Context<'_>) -> Result<Test, Mistake> {
        let Some(name) = &written.key else {
            let word = written.value.as_ref().map_or("", |v| &v.text);
            return Ok(Test::Word(Needle::new(word)));
        };
        let key = keys::find(name)?;
        let Some(value) = &written.value else { return has(key, name) };
        Term { name, op: written.op, value, context }.test(key)
    }
}

fn has(key: Key, name: &Spanned) -> Result<Test, Mistake> {
    let always = |hint: &str| {
        let key = &name.text;
        Err(Mistake::new(name.span.clone(), format!("every contact has \"{key}\"")).hint(hint))
    };
    match key {
        Key::Kind => always("`kind:org` asks for organisations, `due:` for those with a follow-up"),
        Key::Name(NameKey::Id) => always("`id:jane-doe` asks for the one of that id"),
        Key::Text(TextKey::File) => always("a word follows the colon, as in `text:brochure`"),
        Key::Overdue => Ok(Test::Flag(FlagKey::Overdue, true)),
        Key::Flag(flag) => Ok(Test::Flag(flag, true)),
        key => Ok(Test::Has(key)),
    }
}

/// A term with a value.
struct Term<'a> {
    name: &'a Spanned,
    op: Op,
    value: &'a Spanned,
    context: &'a Context<'a>,
}

impl Term<'_> {
    fn test(&self, key: Key) -> Result<Test, Mistake> {
        match key {
            Key::Text(key) => self.text(key),
            Key::Name(key) => Ok(Test::Name(key, self.names(key)?)),
            Key::Number(key) => self.number(key),
            Key::Day(key) => {
                let said = self.said(key.is_past())?;
                let days = self.days(&key, &said);
                Ok(Test::Day(key, days))
            }
            Key::Flag(flag) => Ok(Test::Flag(flag, self.yes_or_no()?)),
            Key::Table(table) => self.table(table),
            Key::Kind => self.kind(),
            Key::Overdue => self.overdue(),
            Key::Away => self.away(),
            Key::Custom(key) => Ok(Test::Custom(key, self.custom()?)),
        }
    }

    fn text(&self, key: TextKey) -> Result<Test, Mistake> {
        let (name, value) = (shown(&self.name.text), shown(&self.value.text));
        self.no_order(format!("`{name}:{value}` looks in it, `{name}={value}` compares the whole"))?;
        let text = self.value.text.as_str();
        match (key, self.op) {
            (TextKey::File, Op::Is) => {
                return Err(Mistake::new(self.name.span.clone(), "no file is one word")
                    .hint(format!("`{name}:{value}` looks in it")));
            }
            (TextKey::Promise, Op::Fits) if text.eq_ignore_ascii_case("me") => {
                return Ok(Test::PromiseBy(Promiser::Me));
            }
            (TextKey::Promise, Op::Fits) if text.eq_ignore_ascii_case("them") => {
                return Ok(Test::PromiseBy(Promiser::Them));
            }
            (TextKey::Promise, Op::Fits) if text.len() > 1 && text.starts_with('@') => {
                return Ok(Test::PromiseBy(Promiser::Member(text[1..].to_owned())));
            }
            (TextKey::Phone, Op::Fits) if is_phone_number(text) => return Ok(Test::Phone(digits(text))),
            _ => {}
        }
        Ok(Test::Text(key, self.contains_or_exact()))
    }

    fn contains_or_exact(&self) -> TextTest {
        match self.op {
            Op::Is => TextTest::Exact(self.value.text.clone()),
            _ => TextTest::Contains(Needle::new(&self.value.text)),
        }
    }

    fn names(&self, key: NameKey) -> Result<NameTest, Mistake> {
        let (name, value) = (shown(&self.name.text), shown(&self.value.text));
        self.no_order(format!("`{name}:{value}` asks whether it is that"))?;
        if self.op == Op::Is {
            return Ok(NameTest::Exact(self.value.text.clone()));
        }
        let settings = self.context.settings;
        let one = |name: &str| NameTest::Among { names: vec![Needle::new(name)], or_none: false };
        Ok(match key {
            NameKey::Id | NameKey::Tags => one(&self.value.text),
            NameKey::Stage => self.stage()?,
            NameKey::Owner if self.value.text.eq_ignore_ascii_case("me") => match self.context.me {
                Some(me) => one(me),
                None => {
                    return Err(Mistake::new(self.value.span.clone(), "nobody said who \"me\" is")
                        .hint("name the owner, as in `owner:pat`"));
                }
            },
            NameKey::Owner if settings.team.is_empty() => one(&self.value.text),
            NameKey::Owner => {
                one(self.among("team member", settings.team.iter().map(|m| m.handle.as_str()))?)
            }
            NameKey::Channel | NameKey::PrefersChannel | NameKey::NextVia => {
                one(self.among("channel", settings.channel_names())?)
            }
            NameKey::Cadence => {
                one(self.among("cadence", settings.cadences.iter().map(|c| c.name.as_str()))?)
            }
        })
    }

    /// A stage, or the name of a group of stages: `stage:open`.
    fn stage(&self) -> Result<NameTest, Mistake> {
        let settings = self.context.settings;
        let wanted = Needle::new(&self.value.text);
        let groups = [
            ("open", StageGroup::Open),
            ("won", StageGroup::Won),
            ("lost", StageGroup::Lost),
            ("stopped", StageGroup::Stopped),
        ];
        let group = groups.iter().find(|(name, _)| wanted.is(name)).map(|(_, group)| *group);
        let names: Vec<&str> = match group {
            Some(group) if !settings.stages.all().any(|s| wanted.is(s)) => {
                settings.stages.all().filter(|s| settings.stages.group(s) == group).collect()
            }
            _ => vec![self.among("stage", settings.stages.all())?],
        };
        let or_none = names.contains(&settings.stage_of(None));
        Ok(NameTest::Among { names: names.into_iter().map(Needle::new).collect(), or_none })
    }

    /// The one of `names` that the value is, in any case.
    fn among<'n>(&self, what: &str, names: impl Iterator<Item = &'n str>) -> Result<&'n str, Mistake> {
        let names: Vec<&str> = names.collect();
        let wanted = Needle::new(&self.value.text);
        if let Some(name) = names.iter().find(|name| wanted.is(name)) {
            return Ok(name);
        }
        let (key, value) = (shown(&self.name.text), shown(&self.value.text));
        let all = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let hint = match (near(&self.value.text, names.iter().copied()), self.value.text.split_once(',')) {
            (None, Some((a, b))) => {
                format!("repeat the key, as in `({key}:{} or {key}:{})`", shown(a), shown(b))
            }
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, None) if all.is_empty() => format!("tickler.toml names no {what} yet"),
            (None, None) => format!("one of {all}; `{key}={value}` looks for it all the same"),
        };
        Err(Mistake::new(self.value.span.clone(), format!("no {what} \"{value}\"")).hint(hint))
    }

    fn kind(&self) -> Result<Test, Mistake> {
        self.no_order(format!("`kind:{}` asks whether it is that", shown(&self.value.text)))?;
        const KINDS: [(&str, Test); 10] = [
            ("person", Test::ContactKind(ContactKind::Person)),
            ("org", Test::ContactKind(ContactKind::Org)),
            ("promise", Test::DueKind(Kind::Promise)),
            ("reply", Test::DueKind(Kind::Reply)),
            ("next", Test::DueKind(Kind::Next)),
            ("first", Test::DueKind(Kind::First)),
            ("waiting", Test::DueKind(Kind::Waiting)),
            ("cadence", Test::DueKind(Kind::Cadence)),
            ("rhythm", Test::DueKind(Kind::Rhythm)),
            ("occasion", Test::DueKind(Kind::Occasion)),
        ];
        let value = self.value.text.to_ascii_lowercase();
        if let Some((_, test)) = KINDS.into_iter().find(|(name, _)| *name == value) {
            return Ok(test);
        }
        let names = KINDS.map(|(name, _)| name);
        let hint = match near(&value, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                let of_due = names[2..].iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
                format!("`person` or `org`; of the follow-up {of_due}")
            }
        };
        Err(Mistake::new(self.value.span.clone(), format!("no kind \"{}\"", shown(&self.value.text)))
            .hint(hint))
    }

    fn number(&self, key: NumberKey) -> Result<Test, Mistake> {
        let number = match key {
            NumberKey::Every => match self.value.text.parse::<Period>() {
                Ok(period) => f64::from(period.days()),
                Err(_) => {
                    return Err(self.wrong((
                        format!("\"{}\" is no period", shown(&self.value.text)),
                        Some("a period is `10d`, `2w`, `3mo` or `1y`".to_owned()),
                    )));
                }
            },
            NumberKey::Value | NumberKey::Unanswered => read_number(&self.value.text).ok_or_else(|| {
                self.wrong((
                    format!("\"{}\" is no number", shown(&self.value.text)),
                    Some("a number is `10000`, `99.50`, `10k` or `2.5m`".to_owned()),
                ))
            })?,
        };
        Ok(Test::Number(key, self.op, number))
    }

    fn said(&self, past: bool) -> Result<Said, Mistake> {
        day::read(&self.value.text, past, self.context.settings, self.context.today)
            .map_err(|unsaid| self.wrong(unsaid))
    }

    fn days(&self, key: &DayKey, said: &Said) -> Days {
        let today = self.context.today;
        match said {
            Said::Days { first, last, relative } => {
                Days { relative: *relative, ..Days::new(self.op, first.number(), last.number()) }
            }
            Said::Age(age) if key.is_past() => {
                let day = age.before(today).number();
                let or_never = matches!(key, DayKey::Last | DayKey::Reached)
                    && matches!(self.op, Op::More | Op::AtLeast);
                Days { or_never, ..Days::new(self.op.flipped(), day, day) }
            }
            Said::Age(age) => {
                let day = age.after(today, &self.context.settings.calendar).number();
                Days { relative: true, ..Days::new(self.op, day, day) }
            }
        }
    }

    fn overdue(&self) -> Result<Test, Mistake> {
        if !self.op.compares() && read_flag(&self.value.text).is_some() {
            return Ok(Test::Flag(FlagKey::Overdue, self.yes_or_no()?));
        }
        let Said::Age(age) = self.said(true)? else {
            return Err(Mistake::new(self.value.span.clone(), "\"overdue\" is a length of time, not a day")
                .hint("`overdue>30d` asks how long, `due<2026-12-31` since when"));
        };
        let day = age.before(self.context.today).number();
        let mut days = Days::new(self.op.flipped(), day, day);
        days.last = days.last.min(self.context.today.number() - 1);
        Ok(Test::Day(DayKey::Due, days))
    }

    fn away(&self) -> Result<Test, Mistake> {
        self.no_order("`away:today` asks for a day, `away.until<=7d` when they are back".to_owned())?;
        match self.said(false)? {
            Said::Days { first, last, .. } => {
                Ok(Test::Away(Days::new(Op::Fits, first.number(), last.number())))
            }
            Said::Age(age) => {
                Err(Mistake::new(self.value.span.clone(), "\"away\" asks for a day, not a length of time")
                    .hint(format!("`away:+{0}` is the day that far ahead", age.written())))
            }
        }
    }

    fn table(&self, table: TableKey) -> Result<Test, Mistake> {
        let (name, keys) = match table {
            TableKey::Prefers => ("prefers", "`prefers.channel`, `.hours`, `.every` and `.permission`"),
            TableKey::Next => ("next", "`next.on`, `.via`, `.why`, `.promised` and `.asked`"),
        };
        Err(Mistake::new(self.name.span.clone(), format!("\"{name}\" is a table"))
            .hint(format!("ask for {keys}; `{name}:` asks whether it is there at all")))
    }

    fn custom(&self) -> Result<CustomTest, Mistake> {
        let number = read_number(&self.value.text).map(|n| (self.op, n));
        let said = day::read(&self.value.text, false, self.context.settings, self.context.today);
        let days = match &said {
            Ok(Said::Days { first, last, .. }) => Some(Days::new(self.op, first.number(), last.number())),
            _ => None,
        };
        if !self.op.compares() {
            let flag = read_flag(&self.value.text);
            return Ok(CustomTest { text: Some(self.contains_or_exact()), number, days, flag });
        }
        if number.is_none() && days.is_none() {
            let value = shown(&self.value.text);
            return Err(self.wrong(match said {
                // Known keys count ages back or ahead by what they are; of others nobody can tell.
                Ok(_) => (
                    format!("\"{value}\" is a length of time, ago or ahead"),
                    Some(format!("`-{value}` is the day that long ago, `+{value}` the day that far ahead")),
                ),
                Err(_) => (
                    format!("\"{value}\" is neither a number nor a day"),
                    Some("\":\" and \"=\" compare text".to_owned()),
                ),
            }));
        }
        Ok(CustomTest { text: None, number, days, flag: None })
    }

    fn yes_or_no(&self) -> Result<bool, Mistake> {
        let name = shown(&self.name.text);
        self.no_order(format!("`{name}:yes` or `{name}:no`"))?;
        read_flag(&self.value.text).ok_or_else(|| {
            Mistake::new(
                self.value.span.clone(),
                format!("\"{}\" is neither yes nor no", shown(&self.value.text)),
            )
            .hint(format!("`{name}:yes` or `{name}:no`"))
        })
    }

    /// Refuses `<` and the like for a key whose values have no order.
    fn no_order(&self, hint: String) -> Result<(), Mistake> {
        if !self.op.compares() {
            return Ok(());
        }
        let sign = self.name.span.end..self.value.span.start;
        Err(Mistake::new(sign, format!("\"{}\" has no order to compare by", shown(&self.name.text)))
            .hint(hint))
    }

    fn wrong(&self, (message, hint): Unsaid) -> Mistake {
        Mistake { message, hint, span: self.value.span.clone() }
    }
}

impl Days {
    /// The days that stand to those from `first` to `last` as `op` says.
    fn new(op: Op, first: i32, last: i32) -> Days {
        let (first, last) = match op {
            Op::Fits | Op::Is => (first, last),
            Op::Less => (i32::MIN, first - 1),
            Op::AtMost => (i32::MIN, last),
            Op::More => (last + 1, i32::MAX),
            Op::AtLeast => (first, i32::MAX),
        };
        Days { first, last, or_never: false, relative: false }
    }
}

/// `12`, `2500.50`, `10_000`, `10k`, `2.5m`.
pub(super) fn read_number(text: &str) -> Option<f64> {
    let (digits, times) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1e3),
        b'm' | b'M' => (&text[..text.len() - 1], 1e6),
        _ => (text, 1.0),
    };
    // Rust reads "inf", "nan" and "1e9" too, which nobody means here.
    if digits.len() > 40
        || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'_'))
    {
        return None;
    }
    Some(digits.replace('_', "").parse::<f64>().ok()? * times)
}

fn read_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// Digits, and what people put between them.
fn is_phone_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b" +-()./".contains(&b))
}

/// The digits of a phone number.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
