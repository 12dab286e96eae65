//! One contact: read, made anew, written as a whole, removed.

use std::sync::Arc;

use tickler_core::answer::{Asked as AskedOf, briefs};
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::verbs::{self, New};
use tickler_core::wire::{ContactRow, Shown};
use warp::http::header::CONTENT_TYPE;

use super::answer::{Answer, not_modified};
use super::deed::{self, Done};
use super::fields::{Fields, LINE, SHORT, body_of};
use super::once::once;
use super::put::{self, Put};
use super::versions::{self, Wanted};
use super::write::plan;
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// `GET contacts/ID`: all that is known, with the text of the file.
pub async fn show(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    Fields::of_query(&asked.query)?.done()?;
    let id = words.get(1).to_owned();
    seat.answer(move |seat| {
        let survey = seat.view.tip.survey();
        let index = find(&survey, &id)?;
        let version = versions::of_file(survey.version(index).ok_or(Refusal::Internal)?);
        if versions::is_known(&seat.asked, &version) {
            return Ok(not_modified(&version));
        }
        let contact = survey.contact(index, Parts::ALL);
        let assessment = assess(&contact, seat.settings(), survey.today());
        let row = ContactRow::new(&contact, &assessment, seat.settings(), survey.path(index));
        let shown = Shown { contact: row, text: survey.text(index) };
        Ok(Answer::json(&shown)?.version(version).reply())
    })
    .await
}

/// `GET contacts/ID/brief`: what to read before a call.
pub async fn brief(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    Fields::of_query(&asked.query)?.done()?;
    let id = words.get(1).to_owned();
    seat.answer(move |seat| {
        let survey = seat.view.tip.survey();
        let index = find(&survey, &id)?;
        let contact = survey.contact(index, Parts::ALL);
        let now = seat.server.clock.now();
        let asked = AskedOf { survey: &survey, me: seat.me.as_deref(), now };
        let (briefs, _) = briefs(&asked, &[contact], &[index]);
        let brief = briefs.into_iter().next().ok_or(Refusal::Internal)?;
        Ok(Answer::json(&brief)?.read_by(&seat.asked))
    })
    .await
}

/// `POST contacts`: a new contact.
pub async fn create(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.must(Action::Write)?;
    let bytes = body_of(&asked, body, &["application/json"]).await?;
    once(seat, bytes, |seat, bytes, once| async move {
        let mut fields = Fields::of_json(&bytes)?;
        let new = read_new(&mut fields, &seat);
        fields.done()?;
        let plan = move |survey: &Survey<'_>, desk: &verbs::Desk<'_>| verbs::new(survey, &new, desk);
        let written = deed::write(&seat, once, plan).await?;
        let id = written.planned.contact.as_ref().map(|contact| contact.id.as_str().to_owned());
        deed::answer(&seat.notebook, Done::new(&written, &seat), id.as_deref())
    })
    .await
}

fn read_new(fields: &mut Fields, seat: &Seat) -> New {
    let desk = seat.desk();
    New {
        name: fields.needed("name", SHORT, "\"Jane Doe\""),
        id: fields.text("id", SHORT),
        company: fields.text("company", SHORT),
        email: fields.texts("email", SHORT),
        phone: fields.texts("phone", SHORT),
        tags: fields.texts("tags", SHORT),
        owner: fields.handle("owner", &desk),
        stage: fields.text("stage", SHORT),
        source: fields.text("source", LINE),
        referred_by: fields.text("referred_by", SHORT),
        met: fields.text("met", LINE),
        next: plan(fields, "next", &desk),
        uid: uuid::Uuid::new_v4().to_string(),
        force: fields.flag("force"),
    }
}

/// `PUT contacts/ID`: the text of the file as a whole.
pub async fn put(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.must(Action::Write)?;
    let mut fields = Fields::of_query(&asked.query)?;
    let merges = fields.flag("merge");
    fields.done()?;
    let bytes = body_of(&asked, body, &["application/json", "text/markdown"]).await?;
    let text = text_of(&asked, bytes)?;
    let id = words.get(1).to_owned();
    let wanted = match (Wanted::if_match(&asked), Wanted::if_none_match(&asked)) {
        (None, Some(Wanted::Any)) => return make(&seat, id, text).await,
        (None, _) => return Err(versions::needed()),
        (Some(wanted), _) => wanted,
    };
    find(&seat.view.tip.survey(), &id)?;
    // What the text was made of, to join it with what came between.
    let base = wanted.blob().and_then(|base| seat.view.tip.with_store(|store| store.blob(base).ok()));
    let put = Put { id, text, wanted, base, merges };
    let done = deed::judge(&seat, move |survey, desk| put::planned(&put, survey, desk)).await?;
    Ok(deed::answer(&seat.notebook, done, None)?.reply())
}

/// A contact that is not there yet, with that text.
async fn make(seat: &Seat, id: String, text: String) -> Result<Reply, Refusal> {
    let new = id.clone();
    let done = deed::judge(seat, move |survey, desk| put::made(&new, &text, survey, desk)).await?;
    Ok(deed::answer(&seat.notebook, done, Some(&id))?.reply())
}

/// `DELETE contacts/ID`: the contact goes, for admins.
pub async fn delete(server: Arc<Server>, asked: Asked, words: Words, _: Body) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.must(Action::Remove)?;
    Fields::of_query(&asked.query)?.done()?;
    let id = words.get(1).to_owned();
    find(&seat.view.tip.survey(), &id)?;
    let wanted = Wanted::if_match(&asked).ok_or_else(versions::needed)?;
    let done = deed::judge(&seat, move |survey, desk| put::removed(&id, &wanted, survey, desk)).await?;
    Ok(deed::answer(&seat.notebook, done, None)?.reply())
}

/// What a body says as a contact's text: the text itself, or `{"text": …}`.
fn text_of(asked: &Asked, bytes: Vec<u8>) -> Result<String, Refusal> {
    if asked.header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase().starts_with("text/markdown") {
        return String::from_utf8(bytes).map_err(|_| Refusal::Bad("the body is not UTF-8"));
    }
    let mut fields = Fields::of_json(&bytes)?;
    let text = fields.whole("text");
    fields.done()?;
    Ok(text)
}

fn find(survey: &Survey<'_>, id: &str) -> Result<usize, Refusal> {
    survey.called(id).ok_or(Refusal::NotFound)
}
