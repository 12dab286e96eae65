//! News for pages, so that they show what others do without being loaded again.

use std::sync::Arc;

use crate::asked::Asked;
use crate::news;
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::{Seat, login};
use crate::server::Server;

/// The news of a notebook, for as long as the session lasts.
pub async fn events(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_page(&server, &asked, words.get(0)).await?;
    let name = seat.notebook.clone();
    let known = seat.view.tip.commit().to_owned();
    Ok(news::news(&server, &seat.notebook, known, move |server| {
        login(server, &asked).is_some_and(|(visitor, _)| visitor.may(&name, Action::Read))
    }))
}
