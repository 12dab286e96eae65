//! Login by token, and out.

use std::sync::Arc;
use std::time::Duration;

use maud::{Markup, html as markup};
use warp::http::StatusCode;
use warp::http::header::{RETRY_AFTER, SET_COOKIE};

use super::form::Form;
use super::kept::{self, Fields};
use super::problem::{again_in, bare, sentence};
use super::{frame, html, moved};
use crate::asked::{Asked, Body};
use crate::people::{Action, Visitor};
use crate::reply::{Refusal, Reply, set};
use crate::routes::Words;
use crate::seat;
use crate::server::Server;
use crate::sessions::{LONGEST, Session};

/// The field that holds a form which was sent while nobody was logged in.
const KEPT: &str = "kept";

/// The notebooks of whoever is logged in; where there is one, that.
pub async fn home(server: Arc<Server>, asked: Asked, _: Words) -> Result<Reply, Refusal> {
    let (visitor, session) = seat::login(&server, &asked).ok_or(Refusal::NoSession)?;
    let all = server.data.notebooks().map_err(|_| Refusal::Internal)?;
    let all: Vec<_> = all.into_iter().filter(|notebook| visitor.may(notebook, Action::Read)).collect();
    if let [only] = all.as_slice() {
        return Ok(moved(&format!("/{only}/")));
    }
    let main = markup! {
        h1 { "Your notebooks" }
        @if all.is_empty() {
            p { "You have a role in no notebook yet. An admin can give you one." }
        } @else {
            ul.choices {
                @for notebook in &all {
                    li {
                        a.button href=(format!("/{notebook}/")) { (notebook) }
                        " " span.dim { (visitor.role(notebook).map(|role| role.as_str()).unwrap_or_default()) }
                    }
                }
            }
        }
        form method="post" action="/logout" {
            (frame::own(Some(&session)))
            button.plain type="submit" { "Log out" }
        }
    };
    Ok(html(StatusCode::OK, bare("Your notebooks", &main)))
}

/// The form to log in with.
pub async fn login(server: Arc<Server>, asked: Asked, _: Words) -> Result<Reply, Refusal> {
    let next = next(&asked);
    if seat::login(&server, &asked).is_some() {
        return Ok(moved(&next));
    }
    Ok(html(StatusCode::OK, page(&Entry { next: &next, wrong: None, kept: None })))
}

/// A token was sent.
pub async fn log_in(server: Arc<Server>, asked: Asked, _: Words, body: Body) -> Result<Reply, Refusal> {
    let form = Form::read(&asked, body).await?;
    let next = safe(form.get("next")).unwrap_or("/").to_owned();
    let kept = form.said(KEPT).and_then(kept::unpacked);
    let visitor = match asked.visitor_by(&server, None, form.get("token")).await {
        Ok(visitor) => visitor,
        Err(refusal) => {
            let wrong = match &refusal {
                Refusal::NoLogin => {
                    "That token is not right. It begins with tickler_ and was shown once.".to_owned()
                }
                Refusal::TooManyLogins(wait) => format!("Too many logins failed. {}", again_in(*wait)),
                refusal => sentence(refusal.words()),
            };
            let entry = Entry { next: &next, wrong: Some(&wrong), kept: kept.as_deref() };
            let mut reply = html(refusal.status(), page(&entry));
            if let Some(wait) = refusal.wait() {
                set(&mut reply, RETRY_AFTER, &wait.as_secs().max(1).to_string());
            }
            return Ok(reply);
        }
    };
    let (cookie, session) = begin(&server, &asked, visitor)?;
    let mut reply = match kept {
        Some(fields) => html(StatusCode::OK, kept::again(&next, &fields, &session.form)),
        None => moved(&next),
    };
    set_cookie(&asked, &mut reply, &cookie, LONGEST);
    Ok(reply)
}

/// Ends the session.
pub async fn log_out(server: Arc<Server>, asked: Asked, _: Words, body: Body) -> Result<Reply, Refusal> {
    let form = Form::read(&asked, body).await?;
    if let Some((_, session)) = seat::login(&server, &asked) {
        form.must_be_own(Some(&session))?;
        server.sessions.end(seat::cookie(&asked).unwrap_or_default());
    }
    Ok(out(&asked))
}

/// To the login, and the browser forgets the cookie.
pub fn out(asked: &Asked) -> Reply {
    let mut reply = moved("/login");
    set_cookie(asked, &mut reply, "", Duration::ZERO);
    reply
}

/// The login after a form was sent to `to` while nobody was logged in.
pub fn after(to: &str, fields: &Fields) -> Markup {
    page(&Entry { next: to, wrong: None, kept: Some(fields) })
}

/// A session of its own, whatever cookie there was before.
fn begin(server: &Server, asked: &Asked, visitor: Visitor) -> Result<(String, Session), Refusal> {
    // What somebody else may have put into this browser before counts for nothing now.
    if let Some(old) = seat::cookie(asked) {
        server.sessions.end(old);
    }
    let cookie = server.sessions.begin(visitor.user, visitor.token).map_err(|_| Refusal::Internal)?;
    let session = server.sessions.find(&cookie).ok_or(Refusal::Internal)?;
    Ok((cookie, session))
}

fn set_cookie(asked: &Asked, reply: &mut Reply, value: &str, age: Duration) {
    let secure = if asked.is_https { "; Secure" } else { "" };
    let (name, age) = (seat::cookie_name(asked), age.as_secs());
    set(
        reply,
        SET_COOKIE,
        &format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"),
    );
}

/// Where to go after the login.
fn next(asked: &Asked) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&asked.query).unwrap_or_default();
    let next = pairs.iter().find(|(name, _)| name == "next").map(|(_, value)| value.as_str());
    next.and_then(safe).unwrap_or("/").to_owned()
}

/// An address of this server, and of no other. Browsers drop tabs and line breaks from an address, and take `\` for
/// `/`, so neither may be in it.
fn safe(next: &str) -> Option<&str> {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_here = next.starts_with('/') && !next.starts_with("//");
    (is_plain && is_here).then_some(next)
}

/// What the login page is to show.
struct Entry<'a> {
    next: &'a str,
    wrong: Option<&'a str>,
    /// What a form held that came while nobody was logged in.
    kept: Option<&'a Fields>,
}

fn page(entry: &Entry<'_>) -> Markup {
    let Entry { next, wrong, kept } = entry;
    let title = if kept.is_some() { "You were logged out" } else { "Log in" };
    let body = markup! {
        main.lonely #main {
            img.mark src="/assets/icon.svg" alt="" width="40" height="40";
            @if let Some(fields) = kept {
                h1 { (title) }
                p { "What you typed is not saved yet, and not lost: log in, and you can send it." }
                (kept::typed(fields))
            } @else {
                h1 { "tickler" }
                p.lead { "Whom to follow up with today, and why." }
            }
            form method="post" action="/login" {
                input type="hidden" name="next" value=(next);
                @if let Some(fields) = kept { input type="hidden" name=(KEPT) value=(kept::packed(fields)); }
                label for="token" { "Your token" }
                input #token type="password" name="token" required autofocus autocomplete="current-password"
                    aria-describedby=[wrong.map(|_| "wrong")] aria-invalid=[wrong.map(|_| "true")];
                @if let Some(wrong) = wrong { p #wrong .wrong role="alert" { (wrong) } }
                button type="submit" { "Log in" }
            }
            p.hint { "The server showed it once, when you were added. An admin gives you a new one with "
                code { "tickler-server user reset" } "." }
        }
    };
    frame::document(title, title, None, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_login_one_stays_on_this_server() {
        for (next, is_safe) in [
            ("/", true),
            ("/main/", true),
            ("/main/contacts/acme%2Fjane?q=a&b=c#log", true),
            ("", false),
            ("main/", false),
            ("//evil.example/", false),
            ("/\\evil.example/", false),
            ("/\t/evil.example/", false),
            ("/\n/evil.example/", false),
            ("/main/ x", false),
            ("/rené", false),
            ("https://evil.example/", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(safe(next).is_some(), is_safe, "{next:?}");
        }
    }
}
