//! The forms of a contact's page: a touch with its promises and next step in one, and the smaller ones.

use maud::{Markup, html};
use tickler_core::contact::Channel;
use tickler_core::settings::StageGroup;

use super::contact::Sheet;
use super::problem::sentence;
use crate::people::Action;

/// How a touch went: the words of the log entry, and how one says it.
pub const OUTCOMES: [(&str, &str); 10] = [
    ("", "Done: we spoke, or it was sent"),
    ("reached", "It reached them"),
    ("voicemail", "Left a voicemail"),
    ("no-answer", "No answer"),
    ("busy", "Busy"),
    ("in", "They got in touch"),
    ("in no-reply", "They got in touch, and need no answer"),
    ("no-show", "They did not come"),
    ("cancelled", "They cancelled"),
    ("bounced", "It came back"),
];

/// What a hint of the program says to somebody on a page: what speaks of commands is not for them.
pub fn hint(hint: &str) -> Option<String> {
    if hint.contains("`tickler") || hint.contains("`--") || hint.contains("tickler.toml") {
        return None;
    }
    let mut is_open = false;
    let quoted = hint.chars().map(|letter| match letter {
        '`' => {
            is_open = !is_open;
            if is_open { '“' } else { '”' }
        }
        other => other,
    });
    Some(sentence(&quoted.collect::<String>()))
}

/// A field of a form: its label, what it is, and what is wrong with it.
struct Field<'a> {
    sheet: &'a Sheet<'a>,
    form: &'static str,
    name: &'static str,
    label: &'a str,
    hint: &'a str,
}

impl Field<'_> {
    fn id(&self) -> String {
        format!("{}-{}", self.form, self.name)
    }

    fn described(&self) -> Option<String> {
        let wrong = self.sheet.sent.wrong(self.form, self.name).map(|_| format!("{}-wrong", self.id()));
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let ids: Vec<String> = [wrong, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// The field with `input` in it.
    fn around(&self, input: &Markup) -> Markup {
        let id = self.id();
        html! {
            div.field {
                label for=(id) { (self.label) }
                (input)
                (wrong(self.sheet, self.form, self.name))
                @if !self.hint.is_empty() { p.hint id=(format!("{id}-hint")) { (self.hint) } }
            }
        }
    }

    fn line(&self, default: &str) -> Markup {
        let is_wrong = self.sheet.sent.wrong(self.form, self.name).is_some();
        let value = self.sheet.sent.typed(self.form, self.name).unwrap_or(default);
        self.around(&html! {
            input type="text" id=(self.id()) name=(self.name) value=(value) autocomplete="off"
                aria-describedby=[self.described()] aria-invalid=[is_wrong.then_some("true")] autofocus[is_wrong];
        })
    }

    fn area(&self, rows: u32) -> Markup {
        let is_wrong = self.sheet.sent.wrong(self.form, self.name).is_some();
        let value = self.sheet.sent.typed(self.form, self.name).unwrap_or_default();
        // The first line end behind the tag is not of the text.
        self.around(&html! {
            textarea id=(self.id()) name=(self.name) rows=(rows)
                aria-describedby=[self.described()] aria-invalid=[is_wrong.then_some("true")] autofocus[is_wrong] { "\n" (value) }
        })
    }

    fn choice(&self, default: &str, choices: &[(&str, &str)]) -> Markup {
        let is_wrong = self.sheet.sent.wrong(self.form, self.name).is_some();
        let chosen = self.sheet.sent.typed(self.form, self.name).unwrap_or(default);
        self.around(&html! {
            select id=(self.id()) name=(self.name) aria-describedby=[self.described()]
                aria-invalid=[is_wrong.then_some("true")] autofocus[is_wrong] {
                @for (value, shown) in choices { option value=(value) selected[*value == chosen] { (shown) } }
            }
        })
    }
}

fn tick(sheet: &Sheet<'_>, form: &'static str, name: &'static str, label: &str) -> Markup {
    html! {
        label.tick {
            input type="checkbox" name=(name) value="yes" checked[sheet.sent.ticked(form, name)];
            span { (label) }
        }
    }
}

/// What stands in the way of a form or of one of its fields.
fn wrong(sheet: &Sheet<'_>, form: &'static str, field: &'static str) -> Markup {
    html! {
        @if let Some(refusal) = sheet.sent.wrong(form, field) {
            div.wrong id=(format!("{form}-{}-wrong", if field.is_empty() { "form" } else { field })) role="alert" {
                p { (sentence(&refusal.message)) @if let Some(hint) = refusal.hint.as_deref().and_then(hint) { " " (hint) } }
                @if !refusal.details.is_empty() { ul { @for line in &refusal.details { li { (line.trim()) } } } }
            }
        }
    }
}

/// The channels: what the follow-up is to go by first, then what they like, then all others.
fn channels(sheet: &Sheet<'_>) -> Vec<String> {
    let planned = sheet.brief.follow_up.as_ref().and_then(|todo| todo.via.clone());
    let liked = planned.into_iter().chain(sheet.brief.channels.iter().cloned());
    let settings = sheet.seat.settings();
    let known =
        liked.filter(|channel| settings.knows_channel(channel)).map(|channel| channel.as_str().to_owned());
    let mut all: Vec<String> = Vec::new();
    for name in known.chain(settings.channel_names().map(str::to_owned)) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// A touch, what was promised, and the next step.
pub fn log(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "log";
    let field = |name, label, hint| Field { sheet, form: FORM, name, label, hint };
    let channels = channels(sheet);
    let by: Vec<(&str, &str)> = channels.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let with_none: Vec<(&str, &str)> =
        std::iter::once(("", "as they like it")).chain(by.iter().copied()).collect();
    let is_more_used = ["when", "ours", "theirs", "via", "asked", "promised"]
        .into_iter()
        .any(|name| sheet.sent.ticked(FORM, name) || sheet.sent.wrong(FORM, name).is_some());
    let stage = sheet.seat.settings().stages.group(&sheet.brief.stage);
    html! {
        h2 #log-title { "Log a touch" }
        form.card method="post" action=(sheet.below("log")) {
            (sheet.fields())
            (wrong(sheet, FORM, ""))
            div.fields {
                (field("channel", "By", "").choice(by.first().map_or("", |(name, _)| name), &by))
                (field("how", "How it went", "").choice("", &OUTCOMES))
            }
            (field("text", "What was said", "").area(3))
            div.fields {
                (field("next", "Next step on", "Such as “next wed 2pm” or “in 3 weeks”").line(""))
                (field("why", "Why then", "").line(""))
            }
            @if stage == StageGroup::Stopped { (tick(sheet, FORM, "force", "They asked us to stop; log it anyway")) }
            details open[is_more_used] {
                summary { "Promises, another day, and more" }
                (field("ours", "We promise", "A day may stand at its end: “send the list by friday”").line(""))
                (field("theirs", "They promise", "").line(""))
                div.fields {
                    (field("when", "When it was", "Empty for today; “yesterday 3pm” is fine").line(""))
                    (field("via", "Next step by", "").choice("", &with_none))
                }
                (tick(sheet, FORM, "asked", "They asked for the next step"))
                (tick(sheet, FORM, "promised", "We said we would"))
            }
            button type="submit" { "Log it" }
        }
    }
}

/// The smaller forms.
pub fn others(sheet: &Sheet<'_>) -> Markup {
    let open = |form: &str| sheet.sent.wrong.is_some_and(|wrong| wrong.form == form);
    html! {
        section.more {
            h2 { "More to do" }
            (next(sheet))
            details open[open("promises")] { summary { "Note a promise" } (promise(sheet)) }
            details open[open("stage") || open("owner")] { summary { "Stage and owner" } (stage(sheet)) (owner(sheet)) }
            details open[open("stop")] { summary { "They asked us to stop" } (stop(sheet)) }
        }
    }
}

/// The next step: plan it, put it off, or drop it.
fn next(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "next";
    let field = |name, label, hint| Field { sheet, form: FORM, name, label, hint };
    let channels = channels(sheet);
    let any = std::iter::once(("", "as they like it"));
    let by: Vec<(&str, &str)> =
        any.chain(channels.iter().map(|name| (name.as_str(), name.as_str()))).collect();
    let is_wrong = sheet.sent.wrong.is_some_and(|wrong| wrong.form == FORM);
    html! {
        details open[is_wrong] {
            summary { "Plan or move the next step" }
            form.card method="post" action=(sheet.below("next")) {
                (sheet.fields())
                (wrong(sheet, FORM, ""))
                (field("on", "On", "Such as “next wed 2pm”, “in 3 weeks” or “jan 5”").line(""))
                (field("why", "Why", "").line(""))
                (field("via", "By", "").choice("", &by))
                (tick(sheet, FORM, "asked", "They asked for it"))
                (tick(sheet, FORM, "promised", "We said we would"))
                div.buttons {
                    button type="submit" name="do" value="plan" { "Plan it" }
                    @if sheet.brief.follow_up.is_some() {
                        button.second type="submit" name="do" value="move" { "Only move it there" }
                    }
                    @if sheet.contact.head.next.is_some() {
                        button.second type="submit" name="do" value="clear" { "Drop it" }
                    }
                }
            }
            @if sheet.brief.follow_up.is_some() {
                form.quick method="post" action=(sheet.below("next")) {
                    (sheet.fields())
                    input type="hidden" name="do" value="move";
                    span.dim { "Put it off: " }
                    @for (value, shown) in [("tomorrow", "to tomorrow"), ("in 1 week", "a week"), ("in 1 month", "a month")] {
                        button.second.small type="submit" name="on" value=(value) { (shown) } " "
                    }
                }
            }
        }
    }
}

fn promise(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "promises";
    let field = |name, label, hint| Field { sheet, form: FORM, name, label, hint };
    let team = &sheet.seat.settings().team;
    let members: Vec<(String, String)> = team
        .iter()
        .map(|member| (format!("@{}", member.handle), member.name.clone().unwrap_or(member.handle.clone())))
        .collect();
    let whose = [("me", "We do"), ("them", "They do")].into_iter();
    let whose: Vec<(&str, &str)> =
        whose.chain(members.iter().map(|(handle, name)| (handle.as_str(), name.as_str()))).collect();
    html! {
        form.card method="post" action=(sheet.below("promises")) {
            (sheet.fields())
            (wrong(sheet, FORM, ""))
            (field("who", "Who promises", "").choice("me", &whose))
            (field("text", "What, and by when", "Such as “send the list by friday”").line(""))
            button type="submit" { "Note it" }
        }
    }
}

fn stage(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "stage";
    let stages: Vec<(&str, &str)> = sheet.seat.settings().stages.all().map(|stage| (stage, stage)).collect();
    let field = Field { sheet, form: FORM, name: "stage", label: "Stage", hint: "" };
    html! {
        form.card method="post" action=(sheet.below("stage")) {
            (sheet.fields())
            (wrong(sheet, FORM, ""))
            (field.choice(&sheet.brief.stage, &stages))
            button.second type="submit" { "Set the stage" }
        }
    }
}

fn owner(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "owner";
    let shown = |member: &tickler_core::settings::Member| match &member.name {
        Some(name) => format!("{name} (@{})", member.handle),
        None => format!("@{}", member.handle),
    };
    let team = &sheet.seat.settings().team;
    let members: Vec<(String, String)> =
        team.iter().map(|member| (member.handle.clone(), shown(member))).collect();
    let nobody = std::iter::once(("", "Nobody yet"));
    let all: Vec<(&str, &str)> =
        nobody.chain(members.iter().map(|(handle, name)| (handle.as_str(), name.as_str()))).collect();
    let field = Field { sheet, form: FORM, name: "owner", label: "Owner", hint: "" };
    html! {
        @if !team.is_empty() {
            form.card method="post" action=(sheet.below("owner")) {
                (sheet.fields())
                (wrong(sheet, FORM, ""))
                (field.choice(sheet.brief.owner.as_deref().unwrap_or_default(), &all))
                button.second type="submit" { "Set the owner" }
            }
        }
    }
}

fn stop(sheet: &Sheet<'_>) -> Markup {
    const FORM: &str = "stop";
    let field = |name, label, hint| Field { sheet, form: FORM, name, label, hint };
    let channels = channels(sheet);
    let touches = channels.iter().filter(|name| Channel::from_name(name).is_touch());
    let unknown = std::iter::once(("", "I only note it"));
    let by: Vec<(&str, &str)> = unknown.chain(touches.map(|name| (name.as_str(), name.as_str()))).collect();
    html! {
        form.card method="post" action=(sheet.below("stop")) {
            (sheet.fields())
            (wrong(sheet, FORM, ""))
            p.hint { "Nobody will be reminded to contact them any more." }
            (field("why", "What they said", "").line(""))
            (field("via", "They said so by", "").choice("", &by))
            button.danger type="submit" { "Stop" }
        }
    }
}

/// The page that asks once more before a contact goes.
pub fn remove(sheet: &Sheet<'_>) -> Markup {
    html! {
        h1 { "Remove " (sheet.contact.name) "?" }
        p.lead { "Their file goes from the notebook, with its log of " (super::words::count(sheet.contact.log.len(), "entry", "entries")) "." }
        p { "The history keeps what was there. Who should only not be contacted any more is better stopped than removed." }
        @if sheet.seat.may(Action::Remove) {
            form method="post" action=(sheet.below("remove")) {
                (sheet.fields())
                (wrong(sheet, "remove", ""))
                div.buttons {
                    button.danger type="submit" { "Remove them" }
                    a.button.second href=(sheet.address) { "Keep them" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_for_people_on_a_page() {
        for (said, shown) in [
            ("did you mean `tomorrow`?", Some("Did you mean “tomorrow”?")),
            ("a day is `fri` or `jan 5`", Some("A day is “fri” or “jan 5”.")),
            ("plan one: `tickler next ID DATE`", None),
            ("with `--force` it is", None),
        ] {
            assert_eq!(hint(said).as_deref(), shown, "{said}");
        }
    }

    #[test]
    fn outcomes_are_words_of_the_log() {
        for (words, _) in OUTCOMES {
            assert!(
                words.split_whitespace().all(|word| tickler_core::contact::Word::from_name(word).is_some())
            );
        }
    }
}
