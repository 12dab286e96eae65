//! The form of a touch, read: days in plain English, promises with their days, the next step.

use tickler_core::contact::{Channel, Promiser, Word, Words};
use tickler_core::date::When;
use tickler_core::english::{self, Lean};
use tickler_core::file::edit::NewPromise;
use tickler_core::verbs::{self, Desk, Log, Plan, Promised};

use super::contact::Wrong;
use super::form::Form;

const FORM: &str = "log";

/// What the form says.
///
/// # Errors
/// The first field that cannot be read, in the order of the page.
pub fn read(form: &Form, desk: &Desk<'_>) -> Result<Log, Wrong> {
    let wrong = |field| move |refusal| Wrong { form: FORM, field, refusal };
    let channel = form
        .said("channel")
        .ok_or_else(|| wrong("channel")(verbs::Refusal::usage("by what? a channel has to be chosen")))?;
    let next = next(form, desk)?;
    let mut promises: Vec<NewPromise> = Vec::new();
    for (field, who) in [("ours", Promiser::Me), ("theirs", Promiser::Them)] {
        for text in form.all(field) {
            let typed = Promised { text: text.to_owned(), who: who.clone(), by: None };
            promises.push(verbs::promised(&typed, desk).map_err(wrong(field))?);
        }
    }
    let on = moment(form, FORM, "when", Lean::Past, desk)?;
    let on = on.unwrap_or(When { date: desk.today, time: None });
    if on.date > desk.today {
        let day = english::shown(&When { time: None, ..on });
        let refusal = verbs::Refusal::usage(format!("{day} has not come yet"));
        return Err(wrong("when")(refusal.hint("what is still to come goes in as the next step")));
    }
    Ok(Log {
        channel: Channel::from_name(channel),
        words: words(form.get("how")).map_err(wrong("how"))?,
        who: None,
        date: on.date,
        time: on.time,
        // An entry is one paragraph.
        text: form.get("text").split_whitespace().collect::<Vec<_>>().join(" "),
        promises,
        next,
        force: form.has("force"),
    })
}

/// The next step, where a day is said; without one, nothing else of it may be said.
fn next(form: &Form, desk: &Desk<'_>) -> Result<Option<Plan>, Wrong> {
    let is_said = ["why", "via", "asked", "promised"].into_iter().any(|name| form.said(name).is_some());
    match moment(form, FORM, "next", Lean::Future, desk)? {
        Some(on) => Ok(Some(plan(form, on))),
        None if is_said => Err(Wrong {
            form: FORM,
            field: "next",
            refusal: verbs::Refusal::usage("a next step needs a day")
                .hint("such as `next wed 2pm` or `in 3 weeks`"),
        }),
        None => Ok(None),
    }
}

/// A step on that day, as the fields of a form say it.
pub fn plan(form: &Form, on: When) -> Plan {
    Plan {
        on,
        via: form.said("via").map(Channel::from_name),
        why: form.said("why").map(str::to_owned),
        asked: form.has("asked"),
        promised: form.has("promised"),
    }
}

/// The day that a field says in plain English; none where it says nothing.
///
/// # Errors
/// Where that is no day.
pub fn moment(
    form: &Form,
    name: &'static str,
    field: &'static str,
    lean: Lean,
    desk: &Desk<'_>,
) -> Result<Option<When>, Wrong> {
    let Some(text) = form.said(field) else { return Ok(None) };
    let read = english::read(text, lean, &desk.now());
    let wrong = |misread| Wrong { form: name, field, refusal: verbs::Refusal::misread("", &misread) };
    read.map(Some).map_err(wrong)
}

fn words(typed: &str) -> Result<Words, verbs::Refusal> {
    let mut words = Words::default();
    for name in typed.split_whitespace() {
        let word = Word::from_name(name);
        words.insert(
            word.ok_or_else(|| verbs::Refusal::usage(format!("\"{name}\" is no way that a touch goes")))?,
        );
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use tickler_core::settings::Settings;

    use super::*;

    /// What a form comes to, or its field and why it cannot be read.
    fn said(sent: &str) -> String {
        let settings = Settings::default();
        let today = "2026-12-03".parse().unwrap();
        let desk = Desk { settings: &settings, today, time: None, me: None };
        match read(&Form::of(serde_urlencoded::from_str(sent).unwrap()), &desk) {
            Ok(log) => {
                let words: Vec<&str> = log.words.names().collect();
                let promises = log
                    .promises
                    .iter()
                    .map(|p| format!(" [{:?} {} {:?}]", p.who, p.text, p.by.map(|d| d.to_string())));
                let next = log
                    .next
                    .map(|plan| format!(" > {} {:?}", english::shown(&plan.on), plan.why))
                    .unwrap_or_default();
                format!(
                    "{} {} {}: {}{}{next}",
                    log.date,
                    log.channel,
                    words.join("+"),
                    log.text,
                    promises.collect::<String>()
                )
            }
            Err(wrong) => format!("{}: {}", wrong.field, wrong.refusal.message),
        }
    }

    #[test]
    fn a_touch_is_read() {
        for (sent, expected) in [
            ("channel=phone&text=hi", "2026-12-03 phone : hi"),
            ("channel=phone&how=voicemail&text=a%0D%0A+b", "2026-12-03 phone voicemail: a b"),
            ("channel=email&how=in+no-reply&when=yesterday", "2026-12-02 email in+no-reply: "),
            ("channel=phone&next=next+fri&why=plans", "2026-12-03 phone :  > Fri 2026-12-11 Some(\"plans\")"),
            (
                "channel=phone&ours=send+the+list+by+fri&theirs=read+it",
                "2026-12-03 phone :  [Me send the list Some(\"2026-12-04\")] [Them read it None]",
            ),
            ("text=hi", "channel: by what? a channel has to be chosen"),
            ("channel=phone&next=tomorow", "next: \"tomorow\" is no day that can be read"),
            ("channel=phone&why=plans", "next: a next step needs a day"),
            ("channel=phone&when=2026-12-09", "when: Wed 2026-12-09 has not come yet"),
            ("channel=phone&how=shouted", "how: \"shouted\" is no way that a touch goes"),
        ] {
            assert_eq!(said(sent), expected, "{sent}");
        }
    }
}
