//! A refusal as a page: what went wrong in people's words, and what to do about it.

use std::time::Duration;

use maud::{Markup, html as markup};
use tickler_core::verbs;
use warp::http::header::{ALLOW, REFRESH, RETRY_AFTER};
use warp::http::{HeaderName, Method, StatusCode};

use super::frame::Place;
use super::{encoded, frame, html, kept, login, moved};
use crate::asked::Asked;
use crate::reply::{Refusal, Reply, set};
use crate::seat::Seat;

/// Why somebody does not get what they asked for. Who is not logged in goes to the login.
pub fn refused(asked: &Asked, refusal: &Refusal) -> Reply {
    let page = match refusal {
        Refusal::NoSession => return to_login(asked),
        Refusal::StaleForm { fields, own: Some(own) } => kept::again(&asked.path, fields, own),
        Refusal::StaleForm { fields, own: None } => login::after(&asked.path, fields),
        refusal => {
            let (title, main) = page(asked, refusal);
            bare(title, &main)
        }
    };
    reply(refusal, page)
}

/// The same on a page of a notebook, for who is logged in there.
pub fn within(seat: &Seat, refusal: &Refusal) -> Reply {
    let (title, main) = page(&seat.asked, refusal);
    reply(refusal, frame::frame(seat, Place::Other, title, &main))
}

fn reply(refusal: &Refusal, page: Markup) -> Reply {
    let mut reply = html(refusal.status(), page);
    if let Some(wait) = refusal.wait() {
        set(&mut reply, RETRY_AFTER, &wait.as_secs().max(1).to_string());
    }
    if let Refusal::Method(allowed) = refusal {
        set(&mut reply, ALLOW, allowed);
    }
    reply
}

/// The login, from where one comes back to what was asked for.
///
/// The session's cookie is only for requests that come from this server's own pages (`SameSite=Strict`). Who follows a
/// link in a mail or a calendar is logged in and seems not to be. So they get a page that goes on by itself: what it
/// asks for comes from here, brings the cookie, and the login sends them to where they wanted to go.
fn to_login(asked: &Asked) -> Reply {
    if !matches!(asked.method, Method::GET | Method::HEAD) {
        return moved("/login");
    }
    let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
    let to = match format!("{}{query}", asked.path) {
        root if root == "/" => "/login".to_owned(),
        wanted => format!("/login?next={}", encoded(&wanted)),
    };
    if asked.header(HeaderName::from_static("sec-fetch-site")) != Some("cross-site") {
        return moved(&to);
    }
    let body = markup! {
        main.lonely #main { p { "One moment. " a href=(to) { "Go on" } } }
    };
    let mut reply = html(StatusCode::OK, frame::document("One moment", "One moment", None, &body));
    set(&mut reply, REFRESH, &format!("0;url={to}"));
    reply
}

/// A page's title, and what is on it.
fn page(asked: &Asked, refusal: &Refusal) -> (&'static str, Markup) {
    let (title, words) = told(asked, refusal);
    let main = markup! {
        h1 { (title) }
        @for words in words { p { (words) } }
        @match refusal {
            Refusal::Deed(refusal) => (deed(refusal)),
            Refusal::Internal => p.dim { "Its number: " code { (asked.trace.id) } },
            _ => {}
        }
        p { a.button href=(way_back(asked)) { "To the notebook" } }
    };
    (title, main)
}

/// A refusal in people's words: a heading, and what to do.
fn told(asked: &Asked, refusal: &Refusal) -> (&'static str, Vec<String>) {
    let (title, words): (_, &[&str]) = match refusal {
        Refusal::NotFound => (
            "There is nothing here",
            &[
                "The address may be mistyped, what was here may be gone, or your role does not show it to you.",
            ],
        ),
        Refusal::Forbidden => (
            "Not with your role",
            &["Your role in this notebook does not allow that. An admin of it can give you another."],
        ),
        Refusal::Method(_) if asked.method == Method::GET => (
            "This is only for a form",
            &[
                "This address takes what a form sends, and shows nothing by itself. What you sent before was dealt with.",
            ],
        ),
        Refusal::TooLarge => (
            "That is too long",
            &["A form may hold 256 KB. Nothing was saved. Go back, and make it shorter or send it in parts."],
        ),
        Refusal::TooSlow => (
            "That took too long",
            &["The form did not arrive, so nothing was saved. Go back and send it once more."],
        ),
        Refusal::TooManyLogins(wait) => return ("Too many logins failed", vec![again_in(*wait)]),
        Refusal::TooManyWrites(wait) => (
            "That was too fast",
            &[
                "You changed more in a minute than this server takes, so this was not saved.",
                &again_in(*wait),
            ],
        ),
        Refusal::Busy(_) => {
            ("Too busy just now", &["Nothing was changed. Go back and try again in a moment."])
        }
        Refusal::Deed(refusal) => return ("That was not done", vec![sentence(&refusal.message)]),
        Refusal::Internal => (
            "Something went wrong here",
            &[
                "That is the server's fault, not yours. Try again; if it stays so, tell an admin the number below: the \
               server's log has it.",
            ],
        ),
        refusal => return ("That did not work", vec![sentence(refusal.words())]),
    };
    (title, words.iter().map(|words| (*words).to_owned()).collect())
}

fn deed(refusal: &verbs::Refusal) -> Markup {
    markup! {
        @if let Some(problem) = &refusal.problem {
            @let (file, problem) = &**problem;
            p { code { (file) } ": " (sentence(&problem.message)) }
        }
        @if !refusal.details.is_empty() {
            ul { @for line in &refusal.details { li { (line) } } }
        }
        @if let Some(hint) = &refusal.hint { p.hint { (sentence(hint)) } }
        p { "Nothing was changed. Go back to find what you typed." }
    }
}

/// `Try again in 3 minutes.`
pub fn again_in(wait: Duration) -> String {
    let (length, unit) = match wait.as_secs() {
        seconds @ 0..90 => (seconds.max(1), "second"),
        seconds => (seconds.div_ceil(60), "minute"),
    };
    format!("Try again in {length} {unit}{}.", if length == 1 { "" } else { "s" })
}

/// Where to go from here: to the notebook that the address names, else to all.
fn way_back(asked: &Asked) -> String {
    match asked.path.trim_start_matches('/').split_once('/') {
        Some((notebook, rest)) if !rest.is_empty() && asked.trace.notebook.get().is_some() => {
            format!("/{notebook}/")
        }
        _ => "/".to_owned(),
    }
}

/// A page outside of any notebook.
pub fn bare(title: &str, main: &Markup) -> Markup {
    let body = markup! {
        header.top {
            div.bar {
                a.brand href="/" { img src="/assets/icon.svg" alt="" width="22" height="22"; span { "tickler" } }
            }
        }
        main.lonely #main tabindex="-1" { (main) }
    };
    frame::document(title, title, None, &body)
}

/// Words of the program, which begin small and end without a full stop, as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if words.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::NotebookName;
    use crate::pages::form::tests::asked;

    #[test]
    fn every_refusal_has_a_page_that_says_what_to_do() {
        let deed = verbs::Refusal::no("jane asked not to be called").hint("write to her instead");
        let rows = [
            (Refusal::NotFound, 404, "There is nothing here", "mistyped"),
            (Refusal::Forbidden, 403, "Not with your role", "An admin"),
            (Refusal::Method("POST".to_owned()), 405, "This is only for a form", "dealt with"),
            (Refusal::LongAddress, 414, "That did not work", "No address here"),
            (Refusal::MediaType, 415, "That did not work", "type of content"),
            (Refusal::TooLarge, 413, "That is too long", "256 KB"),
            (Refusal::TooSlow, 408, "That took too long", "once more"),
            (Refusal::Bad("this is no form"), 400, "That did not work", "This is no form."),
            (Refusal::TooManyLogins(Duration::from_secs(700)), 429, "Too many logins", "in 12 minutes."),
            (Refusal::TooManyWrites(Duration::from_secs(31)), 429, "That was too fast", "in 31 seconds."),
            (Refusal::Busy(Duration::from_secs(1)), 503, "Too busy just now", "in a moment"),
            (Refusal::Deed(Box::new(deed)), 409, "That was not done", "Write to her instead."),
            (Refusal::Internal, 500, "Something went wrong here", "<code>the-request</code>"),
        ];
        for (refusal, status, title, words) in rows {
            let reply = refused(&asked(&[]), &refusal);
            assert_eq!(reply.status(), status, "{refusal:?}");
            let has_wait = reply.headers().contains_key(RETRY_AFTER);
            assert_eq!(has_wait, matches!(status, 429 | 503), "{refusal:?}");
            let page = page(&asked(&[]), &refusal).1.into_string();
            assert!(page.contains(&format!("<h1>{title}")) && page.contains(words), "{refusal:?}: {page}");
        }
    }

    #[test]
    fn who_is_not_logged_in_comes_back_to_what_they_asked_for() {
        let elsewhere = ("sec-fetch-site", "cross-site");
        for (method, path, query, headers, to, goes_by_itself) in [
            (Method::GET, "/", "", &[][..], "/login", false),
            (Method::GET, "/main/", "", &[], "/login?next=%2Fmain%2F", false),
            (
                Method::GET,
                "/main/contacts",
                "q=a%26b",
                &[],
                "/login?next=%2Fmain%2Fcontacts%3Fq%3Da%2526b",
                false,
            ),
            (
                Method::GET,
                "/main/",
                "",
                &[("sec-fetch-site", "same-origin")],
                "/login?next=%2Fmain%2F",
                false,
            ),
            (Method::GET, "/main/", "", &[elsewhere], "/login?next=%2Fmain%2F", true),
            (Method::POST, "/main/contacts/jane/log", "", &[], "/login", false),
            (Method::POST, "/main/contacts/jane/log", "", &[elsewhere], "/login", false),
        ] {
            let asked = Asked {
                method: method.clone(),
                path: path.to_owned(),
                query: query.to_owned(),
                ..asked(headers)
            };
            let reply = refused(&asked, &Refusal::NoSession);
            let location = reply.headers().get("location").map(|to| to.to_str().unwrap());
            assert_eq!(location, (!goes_by_itself).then_some(to), "{method} {path} {headers:?}");
            assert_eq!(reply.status(), if goes_by_itself { 200 } else { 303 }, "{method} {path}");
        }
    }

    #[test]
    fn the_way_back_is_the_notebook_that_the_address_names() {
        for (path, notebook, back) in [
            ("/main/contacts/nobody", Some("main"), "/main/"),
            ("/nowhere/", Some("nowhere"), "/"),
            ("/nothing", None, "/"),
            ("/assets/nothing.css", None, "/"),
        ] {
            let asked = Asked { path: path.to_owned(), ..asked(&[]) };
            if let Some(notebook) = notebook {
                asked.trace.notebook.set(NotebookName::new(notebook).unwrap()).unwrap();
            }
            assert_eq!(way_back(&asked), back, "{path}");
        }
    }
}
