//! News for programs: one event for each commit that the branch moves to (server-sent events).

use std::sync::Arc;

use warp::http::HeaderName;

use crate::asked::Asked;
use crate::news;
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// `GET events`: whoever says which commit they heard of last, and it is not the newest, hears of that at once.
pub async fn events(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    super::fields::Fields::of_query(&asked.query)?.done()?;
    let last = asked.header(HeaderName::from_static("last-event-id")).map(str::to_owned);
    let Seat { visitor, notebook, view, .. } = seat;
    let known = last.unwrap_or_else(|| view.tip.commit().to_owned());
    let name = notebook.clone();
    Ok(news::news(&server, &notebook, known, move |server| {
        let visitor = server.people.holder(&visitor.user, &visitor.token);
        visitor.is_some_and(|visitor| visitor.may(&name, Action::Read))
    }))
}
