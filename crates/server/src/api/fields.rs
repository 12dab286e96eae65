//! What a body or the part of an address behind the question mark says, field by field; all that is wrong is said at
//! once.

use std::str::FromStr;

use serde_json::{Map, Value};
use tickler_core::contact::Channel;
use tickler_core::date::When;
use tickler_core::english::{self, Lean, Misread};
use tickler_core::file::channel_hint;
use tickler_core::problem::nearest;
use tickler_core::verbs::{self, Desk};
use warp::http::header::CONTENT_TYPE;

use super::problem::{Kind, Problem, Wrong};
use crate::asked::{Asked, Body, whole};
use crate::reply::Refusal;

/// The largest body.
const MOST: usize = 1 << 20;
/// The longest name, day or word, in characters.
pub const SHORT: usize = 200;
/// The longest line.
pub const LINE: usize = 2_000;
/// The longest text.
pub const TEXT: usize = 100_000;
/// The most items of a list.
const ITEMS: usize = 50;

/// What was sent. Each field is taken once, by its name; what nobody took is refused in the end.
#[derive(Debug, Default)]
pub struct Fields {
    said: Map<String, Value>,
    names: Vec<&'static str>,
    wrongs: Vec<Wrong>,
}

/// The bytes of a body of that type.
///
/// # Errors
/// Where it is of another, or too large.
pub async fn body_of(asked: &Asked, body: Body, types: &[&str]) -> Result<Vec<u8>, Refusal> {
    let kind = asked.header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let mut parts = kind.split(';').map(str::trim);
    let is_known = parts.next().is_some_and(|kind| types.contains(&kind));
    let mut charset = parts.filter_map(|part| part.strip_prefix("charset="));
    if !is_known || !charset.all(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8" | "us-ascii"))
    {
        return Err(Refusal::MediaType);
    }
    whole(body, MOST).await
}

impl Fields {
    /// Those of a JSON object.
    ///
    /// # Errors
    /// Where it is none.
    pub fn of_json(bytes: &[u8]) -> Result<Fields, Refusal> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(said)) => Ok(Fields { said, ..Fields::default() }),
            Ok(_) => Err(Refusal::Bad("the body is no JSON object")),
            Err(_) => Err(Refusal::Bad("the body is not JSON")),
        }
    }

    /// Those behind the question mark. One that stands there alone, as in `?all`, says yes.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub fn of_query(query: &str) -> Result<Fields, Refusal> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| Refusal::Bad("what stands behind the question mark cannot be read"))?;
        let mut fields = Fields::default();
        for (name, value) in pairs {
            if fields.said.insert(name.clone(), Value::String(value)).is_some() {
                fields.wrong(&name, "it is said twice", None);
            }
        }
        Ok(fields)
    }

    /// Notes that a field cannot be used.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>, hint: Option<String>) {
        self.wrongs.push(Wrong { field: field.to_owned(), message: message.into(), hint });
    }

    /// Whether a field is there and says something.
    pub fn has(&self, name: &str) -> bool {
        match self.said.get(name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
        }
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.names.push(name);
        self.said.remove(name).filter(|value| !value.is_null())
    }

    /// A text of at most so many characters; one that is empty is none.
    pub fn text(&mut self, name: &'static str, most: usize) -> Option<String> {
        let value = self.take(name)?;
        self.as_text(name, value, most).filter(|text| !text.trim().is_empty())
    }

    /// A text that has to be there.
    pub fn needed(&mut self, name: &'static str, most: usize, example: &str) -> String {
        let count = self.wrongs.len();
        let text = self.text(name, most);
        if text.is_none() && self.wrongs.len() == count {
            self.wrong(name, "it is needed", Some(format!("such as {example}")));
        }
        text.unwrap_or_default()
    }

    /// A text that has to be there, however long and blank.
    pub fn whole(&mut self, name: &'static str) -> String {
        match self.take(name) {
            Some(value) => self.as_text(name, value, MOST).unwrap_or_default(),
            None => {
                self.wrong(name, "it is needed", None);
                String::new()
            }
        }
    }

    /// Texts; a single one may stand for a list of one.
    pub fn texts(&mut self, name: &'static str, most: usize) -> Vec<String> {
        let items = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(one) => vec![one],
        };
        if items.len() > ITEMS {
            self.wrong(name, format!("more than {ITEMS} at once"), None);
            return Vec::new();
        }
        items.into_iter().filter_map(|item| self.as_text(name, item, most)).collect()
    }

    fn as_text(&mut self, name: &str, value: Value, most: usize) -> Option<String> {
        match value {
            Value::String(text) if text.chars().count() > most => {
                self.wrong(name, format!("it is longer than {most} characters"), None);
            }
            Value::String(text) if text.contains('\0') => self.wrong(name, "a zero byte is no text", None),
            Value::String(text) => return Some(text),
            _ => self.wrong(name, "it is no text", Some("a text stands in quotes".to_owned())),
        }
        None
    }

    /// Whether something is so; not, where it is not said.
    pub fn flag(&mut self, name: &'static str) -> bool {
        let text = match self.take(name) {
            None => return false,
            Some(Value::Bool(yes)) => return yes,
            Some(Value::String(text)) => text,
            Some(_) => "?".to_owned(),
        };
        match text.as_str() {
            "" | "true" | "1" => true,
            "false" | "0" => false,
            _ => {
                self.wrong(name, "it is neither true nor false", None);
                false
            }
        }
    }

    /// A whole number from 1 to `most`.
    pub fn number(&mut self, name: &'static str, most: usize) -> Option<usize> {
        let number = match self.take(name)? {
            Value::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
            // Digits alone: no sign.
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        };
        let fits = number.filter(|number| (1..=most).contains(number));
        if fits.is_none() {
            self.wrong(name, format!("it is no whole number from 1 to {most}"), None);
        }
        fits
    }

    /// A text that can be read as something.
    pub fn read<T: FromStr<Err: ToString>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.text(name, SHORT)?;
        text.parse().map_err(|error: T::Err| self.wrong(name, error.to_string(), None)).ok()
    }

    /// A channel that the notebook knows.
    pub fn channel(&mut self, name: &'static str, desk: &Desk<'_>) -> Option<Channel> {
        let text = self.text(name, SHORT)?;
        let channel = Channel::from_name(&text);
        if desk.settings.knows_channel(&channel) {
            return Some(channel);
        }
        let hint = channel_hint(&text, desk.settings);
        self.wrong(name, format!("there is no channel \"{text}\""), hint);
        None
    }

    /// The handle of a member of the team, with or without its `@`.
    pub fn handle(&mut self, name: &'static str, desk: &Desk<'_>) -> Option<String> {
        let text = self.text(name, SHORT)?;
        let handle = text.trim_start_matches('@');
        if desk.settings.member(handle).is_some() {
            return Some(handle.to_owned());
        }
        let team: Vec<&str> = desk.settings.team.iter().map(|member| member.handle.as_str()).collect();
        let hint = match nearest(handle, team.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if team.is_empty() => "the team stands in tickler.toml, such as `[team.pat]`".to_owned(),
            None => format!("the team is {}", team.join(", ")),
        };
        self.wrong(name, format!("nobody in the team has the handle \"{handle}\""), Some(hint));
        None
    }

    /// A moment in plain English or as a date.
    pub fn moment(&mut self, name: &'static str, lean: Lean, desk: &Desk<'_>) -> Option<When> {
        let text = self.text(name, SHORT)?;
        english::read(&text, lean, &desk.now()).map_err(|misread| self.misread(name, &misread)).ok()
    }

    /// Notes that a field names no day.
    pub fn misread(&mut self, name: &str, misread: &Misread) {
        self.wrong(name, misread.message.clone(), Some(misread.advice().to_owned()));
    }

    /// What was made of a field, or a note of why nothing was.
    pub fn made<T>(&mut self, name: &str, made: Result<T, verbs::Refusal>) -> Option<T> {
        made.map_err(|refusal| self.wrong(name, refusal.message, refusal.hint)).ok()
    }

    /// That all of it could be used.
    ///
    /// # Errors
    /// Where a field could not, or nobody knows it.
    pub fn done(mut self) -> Result<(), Refusal> {
        for unknown in std::mem::take(&mut self.said).keys() {
            let meant = nearest(unknown, self.names.iter().copied());
            let hint = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if self.names.is_empty() => "leave it out".to_owned(),
                None => format!("there is {}", self.names.join(", ")),
            };
            let shown: String = unknown.chars().take(80).collect();
            self.wrong(&shown, format!("there is no field \"{shown}\""), Some(hint));
        }
        let Some(first) = self.wrongs.first() else { return Ok(()) };
        let detail = format!("{}: {}", first.field, first.message);
        let problem = Problem { hint: first.hint.clone(), ..Problem::new(Kind::Unfit, detail) };
        Err(Problem { errors: self.wrongs, ..problem }.into())
    }
}

#[cfg(test)]
mod tests {
    use tickler_core::settings::Settings;

    use super::*;

    fn wrongs(fields: Fields) -> Vec<String> {
        match fields.done() {
            Err(Refusal::Api(problem)) => problem
                .errors
                .iter()
                .map(|wrong| {
                    format!("{}: {} ({})", wrong.field, wrong.message, wrong.hint.as_deref().unwrap_or("-"))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let settings = Settings::default();
        let today = "2026-12-03".parse().unwrap();
        let desk = Desk { settings: &settings, today, time: None, me: None };
        for (body, expected) in [
            (r#"{"channel": "phone", "on": "monday", "force": true}"#, vec![]),
            (r#"{"channel": null}"#, vec!["channel: it is needed (such as \"phone\")"]),
            (r#"{"channel": 7}"#, vec!["channel: it is no text (a text stands in quotes)"]),
            (
                r#"{"chanel": "phone"}"#,
                vec![
                    "channel: it is needed (such as \"phone\")",
                    "chanel: there is no field \"chanel\" (did you mean `channel`?)",
                ],
            ),
            (
                r#"{"channel": "phone", "force": "perhaps", "kept": 0}"#,
                vec![
                    "force: it is neither true nor false (-)",
                    "kept: it is no whole number from 1 to 9 (-)",
                ],
            ),
        ] {
            let mut fields = Fields::of_json(body.as_bytes()).unwrap();
            fields.needed("channel", SHORT, "\"phone\"");
            fields.moment("on", Lean::Past, &desk);
            fields.flag("force");
            fields.number("kept", 9);
            assert_eq!(wrongs(fields), expected, "{body}");
        }
    }

    #[test]
    fn days_and_channels_say_what_was_meant() {
        let settings = Settings::default();
        let today = "2026-12-03".parse().unwrap();
        let desk = Desk { settings: &settings, today, time: None, me: None };
        let mut fields = Fields::of_json(br#"{"via": "phon", "on": "firday"}"#).unwrap();
        assert_eq!(fields.channel("via", &desk), None);
        assert_eq!(fields.moment("on", Lean::Future, &desk), None);
        let said = wrongs(fields);
        assert!(said[0].contains("did you mean `phone`?"), "{said:?}");
        assert!(said[1].contains("friday"), "{said:?}");
    }

    #[test]
    fn an_address_is_read_the_same_way() {
        let mut fields = Fields::of_query("q=tag%3Ahotel+x&all&limit=5").unwrap();
        assert_eq!(fields.text("q", LINE).as_deref(), Some("tag:hotel x"));
        assert!(fields.flag("all"));
        assert_eq!(fields.number("limit", 10), Some(5));
        assert!(fields.done().is_ok());
        assert_eq!(wrongs(Fields::of_query("q=a&q=b").unwrap())[0], "q: it is said twice (-)");
        let mut fields = Fields::of_query("limit=%2B5").unwrap();
        fields.number("limit", 10);
        assert_eq!(wrongs(fields).len(), 1);
    }
}
