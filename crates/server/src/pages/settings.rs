//! What is a user's own: who they are here, their calendar's address, tokens, sessions, and how programs get in.

use std::time::Duration;

use maud::{Markup, html};

use super::frame::{Place, frame, own};
use super::problem::sentence;
use super::words;
use crate::failure::Failure;
use crate::people::{Action, MOST_NOTE, MOST_TOKENS, Role, Token};
use crate::seat::Seat;

/// What came of a form of this page. What is secret is in here this once, and kept nowhere.
#[derive(Debug, Default)]
pub struct News {
    /// A token that was just made.
    pub token: Option<String>,
    /// The secret of the calendar's new address.
    pub calendar: Option<String>,
    /// What was done.
    pub said: Option<String>,
    /// Why something was not, and what to do.
    pub wrong: Option<(String, Option<String>)>,
}

impl News {
    /// Something was not done.
    pub fn wrong(failure: &Failure) -> News {
        let why = (failure.message().to_owned(), failure.advice().map(str::to_owned));
        News { wrong: Some(why), ..News::default() }
    }
}

/// The page.
pub fn show(seat: &Seat, news: &News) -> Markup {
    let main = html! {
        h1 { "Settings" }
        div.own {
            (told(seat, news))
            (you(seat))
            (calendar(seat))
            (tokens(seat))
            (sessions(seat))
            (programs(seat))
            @if seat.may(Action::ChangeSettings) { (everybody(seat)) }
        }
    };
    frame(seat, Place::Other, "Settings", &main)
}

/// What came of a form, above all else, so that nobody has to look for what is shown only once.
fn told(seat: &Seat, news: &News) -> Markup {
    html! {
        @if let Some((why, advice)) = &news.wrong {
            div.note.late role="alert" {
                p { (sentence(why)) @if let Some(advice) = advice { " " (sentence(advice)) } }
            }
        }
        @if let Some(said) = &news.said { div.note role="status" { p { (said) } } }
        @if let Some(token) = &news.token {
            div.note role="status" {
                p { strong { "Your new token, shown this once:" } }
                p { code.secret { (token) } }
                p { "To have the notebook on a computer, with the token as the password:" }
                pre tabindex="0" { "tickler join " (join(seat)) }
            }
        }
        @if let Some(secret) = &news.calendar {
            div.note role="status" {
                p { strong { "Your calendar's address, shown this once:" } }
                p { code.secret { (here(seat)) "/calendar/" (secret) ".ics" } }
                p { "Add it as a calendar by address. Whoever has it can read your follow-ups, so keep it to yourself." }
            }
        }
    }
}

fn you(seat: &Seat) -> Markup {
    let role = seat.visitor.role(&seat.notebook);
    let email = seat.server.people.user(&seat.visitor.user).map(|user| user.email).unwrap_or_default();
    html! {
        section aria-labelledby="you" {
            h2 #you { "You" }
            dl.facts {
                dt { "User" } dd { (seat.visitor.user) }
                dt { "Role in " (seat.notebook) } dd { @if let Some(role) = role { (role) ": " (may(role)) } }
                @if !email.is_empty() { dt { "E-mail" } dd { (email) } }
                dt { "In the team" } dd { @match &seat.me { Some(me) => { "@" (me) } None => { "nobody" } } }
            }
            @if seat.me.is_none() {
                div.note.caution {
                    p { "This notebook's team does not know you, so it cannot tell which follow-ups are yours. An admin \
                         adds this to " code { "tickler.toml" } ", or your e-mail address to the member that you are:" }
                    pre tabindex="0" { "[team." (seat.visitor.user) "]\nname = \"Your Name\"" }
                }
            }
        }
    }
}

/// What a role may, in a few words.
fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "reads everything",
        Role::Editor => "reads and writes contacts, templates and files",
        Role::Admin => "reads and writes, changes the notebook's settings, and removes contacts",
    }
}

fn calendar(seat: &Seat) -> Markup {
    let made = seat.server.people.calendar_of(&seat.visitor.user, &seat.notebook);
    let to = format!("/{}/settings/calendar", seat.notebook);
    html! {
        section aria-labelledby="calendar" {
            h2 #calendar { "Calendar" }
            p { "Your follow-ups as a calendar that your phone or your mail program subscribes to." }
            @match &made {
                Some(day) => {
                    p.dim { "There is an address, made on " (date(seat, day)) ". It cannot be shown again; a new one ends it." }
                    form.row method="post" action=(to) {
                        (own(seat.session.as_ref()))
                        button.second type="submit" name="do" value="renew" { "New address" }
                        button.danger type="submit" name="do" value="end" { "Remove the address" }
                    }
                }
                None => {
                    form method="post" action=(to) {
                        (own(seat.session.as_ref()))
                        button.second type="submit" name="do" value="renew" { "Make an address" }
                    }
                }
            }
        }
    }
}

fn tokens(seat: &Seat) -> Markup {
    let tokens = seat.server.people.user(&seat.visitor.user).map(|user| user.tokens).unwrap_or_default();
    let root = format!("/{}/settings/tokens", seat.notebook);
    html! {
        section aria-labelledby="tokens" {
            h2 #tokens { "Tokens" }
            p { "A token is your password, for this page and for programs. Have one for each device, so that you can end \
                 one alone." }
            ul.plain { @for token in &tokens { (one_token(seat, token, &root, tokens.len() == 1)) } }
            @if tokens.len() < MOST_TOKENS {
                form.row method="post" action=(root) {
                    (own(seat.session.as_ref()))
                    div.grow {
                        label for="for" { "A new token, for which device?" }
                        input #for type="text" name="for" maxlength=(MOST_NOTE) placeholder="phone" autocomplete="off";
                    }
                    button.second type="submit" { "Make a token" }
                }
            } @else {
                p.dim { "These are as many as anybody may have. To make another, revoke one." }
            }
        }
    }
}

fn one_token(seat: &Seat, token: &Token, root: &str, is_only: bool) -> Markup {
    let is_own = token.id == seat.visitor.token;
    let used = seat.server.people.used(&token.id);
    html! {
        li.card {
            div.line {
                span.name { @if token.note.is_empty() { "Token " (token.id) } @else { (token.note) } }
                @if !token.note.is_empty() { code.dim { (token.id) } }
                @if is_own { span.chip { "logged in with it now" } }
            }
            p.dim {
                "Made on " (date(seat, &token.created)) ". "
                @match used {
                    Some(used) => { "Last shown " (ago(used)) "." }
                    None => { "Not shown since the server started." }
                }
            }
            @if is_only {
                p.hint { "Your only one. To end it, make a new one first." }
            } @else {
                form method="post" action=(format!("{root}/{}/revoke", token.id)) {
                    (own(seat.session.as_ref()))
                    @if is_own { input type="hidden" name="out" value="yes"; }
                    button.danger type="submit" {
                        @if is_own { "Revoke it and log out" } @else { "Revoke it" }
                        span.hidden { " (" (token.id) ")" }
                    }
                }
            }
        }
    }
}

fn sessions(seat: &Seat) -> Markup {
    let all = seat.session.as_ref().map(|session| seat.server.sessions.of(session)).unwrap_or_default();
    let tokens = seat.server.people.user(&seat.visitor.user).map(|user| user.tokens).unwrap_or_default();
    // A session is over when its token is, even if it was not asked for since.
    let note = |id: &str| tokens.iter().find(|token| token.id == id).map(|token| token.note.clone());
    let all: Vec<_> = all.into_iter().filter_map(|one| Some((note(&one.token)?, one))).collect();
    html! {
        section aria-labelledby="sessions" {
            h2 #sessions { "Where you are logged in" }
            ul.plain {
                @for (note, one) in &all {
                    li.card {
                        div.line {
                            span.name { @if one.is_own { "Here" } @else { "Another browser" } }
                            span.dim { "with the token " code { (one.token) } @if !note.is_empty() { " (" (note) ")" } }
                        }
                        p.dim { "Logged in " (ago(one.begun)) @if !one.is_own { ", last used " (ago(one.used)) } "." }
                    }
                }
            }
            p.hint { "A login ends after 12 hours without use, after a week, and when the server starts anew." }
            form method="post" action=(format!("/{}/settings/sessions", seat.notebook)) {
                (own(seat.session.as_ref()))
                button.second type="submit" { "Log out everywhere" }
            }
        }
    }
}

fn programs(seat: &Seat) -> Markup {
    html! {
        section aria-labelledby="programs" {
            h2 #programs { "For programs" }
            p { "The notebook as files, on a computer of yours:" }
            pre tabindex="0" { "tickler join " (join(seat)) }
            p { "The same as JSON, with a token: who is due today." }
            pre tabindex="0" {
                "curl -H \"Authorization: Bearer $TOKEN\" \\\n  " (here(seat)) "/api/v1/due"
            }
            p { a href="/api/openapi.json" { "All that the API can" } " (OpenAPI)" }
        }
    }
}

/// Who may do what here, for admins.
fn everybody(seat: &Seat) -> Markup {
    html! {
        section aria-labelledby="everybody" {
            h2 #everybody { "Who may use " (seat.notebook) }
            table {
                thead { tr { th scope="col" { "User" } th scope="col" { "Role" } } }
                tbody {
                    @for (user, role) in seat.server.people.of_notebook(&seat.notebook) {
                        tr { td { (user) } td { (role) } }
                    }
                }
            }
            p { "To add somebody or change a role, on the machine of the server:" }
            pre tabindex="0" {
                "tickler-server user add NAME --role editor --notebook " (seat.notebook) "\ntickler-server user remove NAME"
            }
        }
    }
}

/// The address of the notebook: as the settings have it, else as this browser does.
fn here(seat: &Seat) -> String {
    let known = crate::calendar::address(&seat.server, &seat.asked, &seat.notebook);
    known.unwrap_or_else(|| format!("http://localhost/{}", seat.notebook))
}

/// What `tickler join` is given; the token is asked for.
fn join(seat: &Seat) -> String {
    format!("{}.git", here(seat).replacen("://", &format!("://{}@", seat.visitor.user), 1))
}

/// A day as it is noted beside tokens, in words.
fn date(seat: &Seat, day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), |day| words::day(day, seat.view.tip.today()))
}

/// `just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`.
fn ago(time: Duration) -> String {
    let (count, unit) = match time.as_secs() {
        0..60 => return "just now".to_owned(),
        seconds @ 60..3600 => (seconds / 60, "minute"),
        seconds @ 3600..172_800 => (seconds / 3600, "hour"),
        seconds => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (47 * 3600, "47 hours ago"),
            (6 * 86_400, "6 days ago"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds)), words);
        }
    }
}
