//! The signals that a running server minds.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;

/// Told to stop, or to read its certificate anew.
#[derive(Debug)]
pub struct Signals {
    term: Signal,
    int: Signal,
    hang_up: Signal,
}

/// What the server is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// SIGTERM or SIGINT.
    Stop,
    /// SIGHUP.
    Reload,
}

impl Signals {
    /// Minds them from now on.
    ///
    /// # Errors
    /// What the system says.
    pub fn new() -> Result<Signals, Failure> {
        let on = |kind| {
            signal(kind).map_err(|error| Failure::new(format!("cannot mind the system's signals: {error}")))
        };
        let (term, int) = (on(SignalKind::terminate())?, on(SignalKind::interrupt())?);
        Ok(Signals { term, int, hang_up: on(SignalKind::hangup())? })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.term.recv() => Told::Stop,
            _ = self.int.recv() => Told::Stop,
            _ = self.hang_up.recv() => Told::Reload,
        }
    }

    /// Waits for the next one to stop.
    pub async fn stop(&mut self) {
        while self.next().await != Told::Stop {}
    }
}
