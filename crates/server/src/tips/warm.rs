//! The notebooks are read when the server starts, so that nobody's first page waits for it.

use std::sync::Arc;

use crate::seat::blocking;
use crate::server::Server;

/// Reads one notebook after the other, for as long as there is room for more.
pub async fn warm(server: Arc<Server>) {
    let Ok(notebooks) = server.data.notebooks() else { return };
    for notebook in notebooks {
        if !server.tips.has_room() {
            return;
        }
        let (of, name) = (Arc::clone(&server), notebook.clone());
        let read = blocking(move || {
            of.tips.view(&of, &name).map(|view| {
                view.lists();
            })
        });
        // Why it cannot be read stands in the log; who asks for it hears of it again.
        let _ = read.await;
    }
}
