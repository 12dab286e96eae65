//! `tickler.toml` to [`Settings`] (format, section 7).

use super::front_matter::{check_timezone, hint_for};
use super::keys::Keys;
use super::toml_value::{self, Item, Table};
use crate::contact::Channel;
use crate::date::{Calendar, weekday};
use crate::identity;
use crate::problem::{Problem, nearest};
use crate::settings::{Absence, Cadence, Member, Reason, RhythmOf, Settings, Stages, Step};

/// The format that this program knows (format, section 7, `format`).
const FORMAT: u32 = 1;

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Something in them is wrong; no rule can be trusted until it is mended.
    #[error("the settings cannot be read")]
    Broken(Vec<Problem>),
    /// A newer program made the notebook.
    #[error(transparent)]
    Newer(#[from] NewerFormat),
}

/// The notebook's format is newer than this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the notebook has format {0}, and this tickler knows format {FORMAT} only")]
pub struct NewerFormat(pub u32);

/// Reads the settings; with them come warnings.
///
/// # Errors
/// Where they are not TOML, a key has the wrong type or names something unknown, or the format is a newer one.
pub fn parse_settings(text: &str) -> Result<(Settings, Vec<Problem>), SettingsError> {
    let mut problems = Vec::new();
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let table = match toml_value::parse(&text[bom..]) {
        Ok(table) => table,
        Err(error) => {
            let hint = hint_for(&text[bom..], &error.span, &error.message);
            Keys::new(text, bom, &mut problems).error(
                &error.span,
                format!("not TOML: {}", error.message),
                hint,
            );
            return Err(SettingsError::Broken(problems));
        }
    };
    let mut keys = Keys::new(text, bom, &mut problems);
    if let Some(item) = table.iter().find(|item| item.key == "format")
        && let Some(format) = keys.number(item).filter(|f| *f > FORMAT)
    {
        return Err(NewerFormat(format).into());
    }
    let mut settings = Settings::default();
    for item in &table {
        top(item, &mut settings, &mut keys);
    }
    check(&settings, &table, &mut keys);
    if problems.iter().any(|p| p.severity == crate::problem::Severity::Error) {
        problems.sort_by_key(|p| p.at);
        return Err(SettingsError::Broken(problems));
    }
    Ok((settings, problems))
}

fn top(item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    const KNOWN: [&str; 18] = [
        "format", "timezone", "currency", "country", "channels", "stages", "rhythm", "first", "reply",
        "promise", "waiting", "patience", "occasion", "calendar", "team", "cadence", "reason", "view",
    ];
    match &*item.key {
        "format" => {}
        "timezone" => {
            if let Some(zone) = keys.text(item) {
                check_timezone(&zone, &item.span, keys);
                settings.timezone = zone;
            }
        }
        "currency" => settings.currency = keys.text(item).unwrap_or_default(),
        "country" => country(item, settings, keys),
        "channels" => channels(item, settings, keys),
        "stages" => stages(item, &mut settings.stages, keys),
        "rhythm" => {
            for item in keys.table(item).into_iter().flatten() {
                rhythm(item, settings, keys);
            }
        }
        "calendar" => calendar(item, settings, keys),
        "team" => {
            for item in keys.table(item).into_iter().flatten() {
                settings.team.extend(member(item, keys));
            }
        }
        "cadence" => {
            for item in keys.table(item).into_iter().flatten() {
                settings.cadences.extend(cadence(item, keys));
            }
        }
        "reason" => {
            for table in keys.tables(item) {
                settings.reasons.extend(reason(item, table, keys));
            }
        }
        "view" => {
            for item in keys.table(item).into_iter().flatten() {
                if let Some(query) = keys.text(item) {
                    settings.views.push((item.key.clone().into_owned(), query));
                }
            }
        }
        "first" | "reply" | "promise" | "waiting" | "patience" | "occasion" => {
            for inner in keys.table(item).into_iter().flatten() {
                rule(&item.key, inner, settings, keys);
            }
        }
        _ => keys.unknown(item, &KNOWN),
    }
}

/// A key of the tables that tune one rule each.
fn rule(table: &str, item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    let period = match (table, &*item.key) {
        ("first", "within") => &mut settings.first_within,
        ("reply", "within") => &mut settings.reply_within,
        ("promise", "within") => &mut settings.promise_within,
        ("waiting", "grace") => &mut settings.waiting_grace,
        ("waiting", "within") => &mut settings.waiting_within,
        ("patience", "wait") => &mut settings.patience_wait,
        ("patience", "gap") => &mut settings.patience_gap,
        ("occasion", "lead") => &mut settings.occasion_lead,
        ("occasion", "grace") => &mut settings.occasion_grace,
        ("patience", "unanswered") => {
            if let Some(n) = keys.number(item) {
                settings.patience_unanswered = n;
            }
            return;
        }
        _ => return keys.unknown(item, &["within", "grace", "wait", "gap", "lead", "unanswered"]),
    };
    if let Some(value) = keys.period(item) {
        *period = value;
    }
}

fn country(item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    let Some(code) = keys.text(item) else { return };
    settings.country = identity::country(&code);
    if settings.country.is_none() {
        let hint = "write its two letters, such as \"US\" or \"DE\"".to_owned();
        keys.error(&item.span, format!("\"{code}\" is no country"), Some(hint));
    }
}

fn channels(item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    for (name, span) in keys.texts(item) {
        let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if is_word {
            settings.channels.push(name);
        } else {
            let hint = "letters, digits, `-` and `_` make a channel's name".to_owned();
            keys.error(&span, format!("\"{name}\" cannot be a channel"), Some(hint));
        }
    }
}

fn stages(item: &Item<'_>, stages: &mut Stages, keys: &mut Keys<'_>) {
    for item in keys.table(item).into_iter().flatten() {
        let group = match &*item.key {
            "open" => &mut stages.open,
            "won" => &mut stages.won,
            "lost" => &mut stages.lost,
            "stopped" => &mut stages.stopped,
            _ => {
                keys.unknown(item, &["open", "won", "lost", "stopped"]);
                continue;
            }
        };
        *group = keys.text_list(item);
    }
    if stages.open.is_empty() {
        let hint = "a new contact needs a stage to be in".to_owned();
        keys.error(&item.key_span, "`stages.open` is empty".to_owned(), Some(hint));
    }
    let mut seen: Vec<&str> = Vec::new();
    for stage in stages.all() {
        if seen.contains(&stage) {
            keys.error(&item.key_span, format!("stage `{stage}` is named twice"), None);
        }
        seen.push(stage);
    }
}

fn rhythm(item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    let of = match item.key.strip_prefix("tag:") {
        Some(tag) => RhythmOf::Tag(tag.trim().to_owned()),
        None => RhythmOf::Stage(item.key.clone().into_owned()),
    };
    if let Some(period) = keys.period(item) {
        // The defaults stand until the file names their stage; the order is the file's.
        settings.rhythm.retain(|(other, _)| *other != of);
        settings.rhythm.push((of, period));
    }
}

fn calendar(item: &Item<'_>, settings: &mut Settings, keys: &mut Keys<'_>) {
    let mut workdays = None;
    let mut holidays = Vec::new();
    for item in keys.table(item).into_iter().flatten() {
        match &*item.key {
            "workdays" => workdays = Some(weekdays(item, keys)),
            "holidays" => match &item.value {
                toml_value::Node::List(list) => {
                    holidays
                        .extend(list.iter().filter_map(|(node, span)| keys.date_at("holidays", node, span)));
                }
                node => holidays.extend(keys.date_at("holidays", node, &item.span)),
            },
            "after_away" => {
                if let Some(period) = keys.period(item) {
                    settings.after_away = period;
                }
            }
            _ => keys.unknown(item, &["workdays", "holidays", "after_away"]),
        }
    }
    let default = [0, 1, 2, 3, 4].map(|n| chrono::Weekday::try_from(n).unwrap_or(chrono::Weekday::Mon));
    settings.calendar = Calendar::new(workdays.as_deref().unwrap_or(&default), holidays);
}

fn weekdays(item: &Item<'_>, keys: &mut Keys<'_>) -> Vec<chrono::Weekday> {
    let mut days = Vec::new();
    for (name, span) in keys.texts(item) {
        match weekday(&name) {
            Some(day) => days.push(day),
            None => {
                let hint = "write Mon, Tue, Wed, Thu, Fri, Sat or Sun".to_owned();
                keys.error(&span, format!("\"{name}\" is no day of the week"), Some(hint));
            }
        }
    }
    if days.is_empty() {
        keys.error(&item.span, "`workdays` names no day: nothing would ever be due".to_owned(), None);
    }
    days
}

fn member(item: &Item<'_>, keys: &mut Keys<'_>) -> Option<Member> {
    let table = keys.table(item)?;
    let mut member = Member { handle: item.key.clone().into_owned(), ..Member::default() };
    for item in table {
        match &*item.key {
            "name" => member.name = keys.text(item),
            "email" => member.email = keys.text_list(item),
            "timezone" => {
                member.timezone = keys.text(item);
                if let Some(zone) = &member.timezone {
                    check_timezone(zone, &item.span, keys);
                }
            }
            "away" => {
                for table in keys.tables(item) {
                    member.away.push(absence(table, keys));
                }
            }
            _ => keys.unknown(item, &["name", "email", "timezone", "away"]),
        }
    }
    Some(member)
}

fn absence(table: &Table<'_>, keys: &mut Keys<'_>) -> Absence {
    let mut absence = Absence::default();
    for item in table {
        match &*item.key {
            "from" => absence.from = keys.date(item),
            "until" => absence.until = keys.date(item),
            "cover" => absence.cover = keys.text(item),
            _ => keys.unknown(item, &["from", "until", "cover"]),
        }
    }
    absence
}

fn cadence(item: &Item<'_>, keys: &mut Keys<'_>) -> Option<Cadence> {
    let table = keys.table(item)?;
    let mut cadence = Cadence { name: item.key.clone().into_owned(), until_reply: true, steps: Vec::new() };
    for item in table {
        match &*item.key {
            "until" => match keys.text(item).as_deref() {
                Some("reply") | None => {}
                Some("end") => cadence.until_reply = false,
                Some(other) => {
                    let hint = "write \"reply\" or \"end\"".to_owned();
                    keys.error(&item.span, format!("a cadence cannot run until \"{other}\""), Some(hint));
                }
            },
            "steps" => {
                for table in keys.tables(item) {
                    cadence.steps.extend(step(item, table, keys));
                }
            }
            _ => keys.unknown(item, &["until", "steps"]),
        }
    }
    if cadence.steps.is_empty() {
        keys.warning(&item.key_span, format!("cadence `{}` has no steps", cadence.name), None);
    }
    Some(cadence)
}

fn step(whole: &Item<'_>, table: &Table<'_>, keys: &mut Keys<'_>) -> Option<Step> {
    let mut after = None;
    let mut step = Step {
        after: crate::period::Period::new(0, crate::period::Unit::Day),
        via: None,
        why: None,
        template: None,
    };
    for item in table {
        match &*item.key {
            "after" => after = keys.period(item),
            "via" => step.via = keys.channel(item),
            "why" => step.why = keys.text(item),
            "template" => step.template = keys.text(item),
            _ => keys.unknown(item, &["after", "via", "why", "template"]),
        }
    }
    let given = table.iter().any(|item| item.key == "after");
    if !given {
        let hint = "such as after = \"7 days\", from the step before it".to_owned();
        let span = table.first().map_or(&whole.key_span, |item| &item.key_span);
        keys.error(span, "a step of a cadence needs `after`".to_owned(), Some(hint));
    }
    after.map(|after| Step { after, ..step })
}

fn reason(whole: &Item<'_>, table: &Table<'_>, keys: &mut Keys<'_>) -> Option<Reason> {
    let mut text = None;
    let mut reason = Reason { text: String::new(), from: None, until: None, query: None };
    for item in table {
        match &*item.key {
            "text" => text = keys.text(item),
            "from" => reason.from = keys.date(item),
            "until" => reason.until = keys.date(item),
            "for" => reason.query = keys.text(item),
            _ => keys.unknown(item, &["text", "from", "until", "for"]),
        }
    }
    if text.is_none() && !table.iter().any(|item| item.key == "text") {
        let span = table.first().map_or(&whole.key_span, |item| &item.key_span);
        keys.error(span, "a reason needs a `text`".to_owned(), None);
    }
    text.map(|text| Reason { text, ..reason })
}

/// Names that lead nowhere: warnings, as they change no answer by themselves.
fn check(settings: &Settings, table: &Table<'_>, keys: &mut Keys<'_>) {
    let find = |name: &str| table.iter().find(|item| item.key == name);
    if let Some(item) = find("rhythm")
        && let toml_value::Node::Table(rhythms) = &item.value
    {
        for item in rhythms.iter().filter(|item| !item.key.starts_with("tag:")) {
            if !settings.stages.all().any(|stage| stage == item.key) {
                let hint = nearest(&item.key, settings.stages.all()).map(|s| format!("did you mean `{s}`?"));
                keys.warning(&item.key_span, format!("a rhythm for an unknown stage `{}`", item.key), hint);
            }
        }
    }
    if let Some(item) = find("cadence")
        && let toml_value::Node::Table(cadences) = &item.value
    {
        for cadence in &settings.cadences {
            for channel in cadence.steps.iter().filter_map(|step| step.via.as_ref()) {
                if !settings.knows_channel(channel)
                    && let Some(item) = cadences.iter().find(|item| item.key == cadence.name)
                {
                    let hint = nearest(Channel::as_str(channel), settings.channel_names())
                        .map(|c| format!("did you mean `{c}`?"));
                    let message =
                        format!("cadence `{}` goes by an unknown channel `{channel}`", cadence.name);
                    keys.warning(&item.key_span, message, hint);
                }
            }
        }
    }
    if let Some(item) = find("team") {
        for member in &settings.team {
            for cover in member.away.iter().filter_map(|absence| absence.cover.as_deref()) {
                if settings.member(cover).is_none() {
                    let message =
                        format!("`{}` is covered by `{cover}`, who is not in the team", member.handle);
                    keys.warning(&item.key_span, message, None);
                }
            }
        }
    }
}
