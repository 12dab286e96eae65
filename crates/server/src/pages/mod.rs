//! The pages: HTML that the server renders, readable without a script, at any width, in light and dark.

mod assets;
mod contact;
mod contact_brief;
mod contact_facts;
mod contact_forms;
mod contact_log;
mod contacts;
mod deeds;
mod edit;
mod form;
mod frame;
mod history;
mod kept;
mod listing;
mod live;
mod login;
mod markdown;
mod new;
mod once;
mod pipeline;
mod plots;
mod problem;
mod remove;
mod report;
mod settings;
mod settings_forms;
mod team;
mod today;
mod today_aside;
mod today_row;
mod touch;
mod trouble;
mod ways;
mod words;

use std::sync::Arc;

use maud::Markup;
use warp::http::StatusCode;
use warp::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};

use crate::asked::{Asked, Body};
use crate::reply::{Refusal, Reply, set};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;
use form::Form;

pub use assets::asset;
pub use contact::contact;
pub use contacts::contacts;
pub use deeds::{kept, log, next_step, owner, promise, stage, stop};
pub use edit::{edit, save_text};
pub use history::history;
pub use live::events;
pub use login::{home, log_in, log_out, login};
pub use new::{add, new};
pub use once::Once;
pub use problem::refused;
pub use remove::{ask_removal, remove};
pub use settings_forms::{calendar, end_sessions, make_token, revoke_token, settings};

/// What a page may load and do: nothing but what this server itself serves.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Today: who is due, who comes up, who would be forgotten, what is wrong.
pub async fn today(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, today::page).await
}

/// By stage.
pub async fn pipeline(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, pipeline::page).await
}

/// Who covers what.
pub async fn team(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, team::page).await
}

/// All that is wrong.
pub async fn problems(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, trouble::page).await
}

/// The report: the figures, as plots and as tables.
pub async fn report(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, |seat, _| report::page(seat)).await
}

/// The notebook's address without its stroke.
pub async fn to_today(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_page(&server, &asked, words.get(0)).await?;
    Ok(moved(&format!("/{}/", seat.notebook)))
}

/// A page of a notebook.
async fn page(
    server: &Arc<Server>,
    asked: &Asked,
    words: &Words,
    make: impl FnOnce(&Seat, &Words) -> Result<Markup, Refusal> + Send + 'static,
) -> Result<Reply, Refusal> {
    let seat = Seat::of_page(server, asked, words.get(0)).await?;
    let words = words.clone();
    let answer = move |seat: &Seat| match make(seat, &words) {
        Ok(page) => Ok(html(StatusCode::OK, page)),
        Err(Refusal::NotFound) if let Some(place) = renamed(seat, &words) => Ok(moved(&place)),
        Err(refusal) => Ok(problem::within(seat, &refusal)),
    };
    seat.answer(answer).await
}

/// Where the same page is of a contact that is asked for by an earlier id (format, section 2, `aliases`).
fn renamed(seat: &Seat, words: &Words) -> Option<String> {
    let (old, path) = (words.get(1), seat.asked.path.as_str());
    let rest = path.strip_prefix(&format!("/{}/contacts/", seat.notebook))?;
    let below = rest.split_once('/').map(|(_, below)| format!("/{below}")).unwrap_or_default();
    let survey = seat.view.tip.survey();
    let id = survey.called(old).map(|index| survey.id(index)).filter(|id| id != old)?;
    let query = if seat.asked.query.is_empty() { String::new() } else { format!("?{}", seat.asked.query) };
    Some(format!("{}{below}{query}", contact::address(seat, &id)))
}

/// The id of the contact that a form's address names, which may be called otherwise since its page was made.
fn present_id(seat: &Seat, words: &Words) -> String {
    let survey = seat.view.tip.survey();
    let typed = words.get(1);
    survey.called(typed).map_or_else(|| typed.to_owned(), |index| survey.id(index).into_owned())
}

/// A form of a notebook that was sent: who sent it, and what it says. Only this session's own forms count; what any
/// other holds goes back to its sender, who may send it again.
async fn sent(
    server: &Arc<Server>,
    asked: &Asked,
    words: &Words,
    body: Body,
) -> Result<(Seat, Form), Refusal> {
    let seat = match Seat::of_page(server, asked, words.get(0)).await {
        Err(Refusal::NoSession) if form::is_from_here(asked) => {
            let form = Form::read(asked, body).await?.own_or_kept(None);
            return Err(form.err().unwrap_or(Refusal::NoSession));
        }
        seat => seat?,
    };
    let form = Form::read(asked, body).await?.own_or_kept(seat.session.as_ref())?;
    Ok((seat, form))
}

/// HTML as a reply, and what it may load. The front adds what protects every answer.
fn html(status: StatusCode, page: Markup) -> Reply {
    let mut reply = Reply::new(page.into_string().into());
    *reply.status_mut() = status;
    set(&mut reply, CONTENT_TYPE, "text/html; charset=utf-8");
    set(&mut reply, CONTENT_SECURITY_POLICY, POLICY);
    reply
}

/// Go there with a GET, such as after a form was sent.
fn moved(to: &str) -> Reply {
    let mut reply = Reply::new(String::new().into());
    *reply.status_mut() = StatusCode::SEE_OTHER;
    set(&mut reply, LOCATION, to);
    reply
}

/// A text as a part of an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
