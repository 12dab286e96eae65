//! Removing a contact: asked once more on a page of its own, and only for who may.

use std::sync::Arc;

use tickler_core::notebook::Survey;
use tickler_core::verbs;

use super::contact::{Sent, Wrong, mine};
use super::form::Form;
use super::frame::{Place, frame};
use super::once::{self, Done};
use super::{contact, contact_forms, deeds, html as reply, moved, page, present_id, sent};
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;
use crate::writing::{Via, write};
use warp::http::StatusCode;

/// Asks whether they are to go.
pub async fn ask_removal(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, |seat, words| show(seat, words.get(1), &Sent::default())).await
}

/// They go.
pub async fn remove(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    let (seat, form) = sent(&server, &asked, &words, body).await?;
    seat.must(Action::Remove)?;
    let id = present_id(&seat, &words);
    let key = once::key(&[&asked.path, form.get(once::FIELD)]);
    let of = id.clone();
    let work = async {
        let plan = move |survey: &Survey<'_>, desk: &verbs::Desk<'_>| {
            let index = survey.called(&of).ok_or_else(deeds::gone)?;
            verbs::rm(survey, index, desk)
        };
        write(&server, &asked, &seat.visitor, &seat.notebook, Via::Web, plan).await?;
        Ok(Done::default())
    };
    match server.forms.run(&mine(&seat, &key), work).await {
        Ok(_) => Ok(moved(&format!("/{}/contacts", seat.notebook))),
        Err(Refusal::Deed(refusal)) => {
            let wrong = Wrong { form: "remove", field: "", refusal: *refusal };
            again(seat, id, form, wrong).await
        }
        Err(other) => Err(other),
    }
}

async fn again(seat: Seat, id: String, form: Form, wrong: Wrong) -> Result<Reply, Refusal> {
    let show = move |seat: &Seat| {
        show(seat, &id, &Sent { form: Some(&form), wrong: Some(&wrong) })
            .map(|page| reply(StatusCode::CONFLICT, page))
    };
    seat.answer(show).await
}

fn show(seat: &Seat, id: &str, sent: &Sent<'_>) -> Result<maud::Markup, Refusal> {
    seat.must(Action::Remove)?;
    let sheet = contact::sheet(seat, id, sent)?;
    let main = contact_forms::remove(&sheet);
    Ok(frame(seat, Place::Contacts, &format!("Remove {}", sheet.contact.name), &main))
}
