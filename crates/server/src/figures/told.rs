//! What hooks do, counted where the figures are: a hook is a process of its own, so it sends the server a word.

use std::os::unix::net::UnixDatagram;

use metrics::counter;

use crate::data::{Data, at};
use crate::failure::Failure;

/// What a hook tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A push was refused.
    Refused,
    /// Work that was put aside landed on the branch.
    Landed,
    /// It did so with something that somebody should look at.
    Noted,
}

impl Told {
    const ALL: [Told; 3] = [Told::Refused, Told::Landed, Told::Noted];

    fn word(self) -> &'static str {
        match self {
            Told::Refused => "refused",
            Told::Landed => "landed",
            Told::Noted => "noted",
        }
    }

    /// Counts it so many more times.
    fn count(self, times: u64) {
        match self {
            Told::Refused => counter!("tickler_pushes_refused_total").increment(times),
            Told::Landed => counter!("tickler_landed_total").increment(times),
            Told::Noted => counter!("tickler_landed_noted_total").increment(times),
        }
    }
}

/// Tells the server, if there is one that listens. A figure is not worth a push: nothing waits, and nothing fails.
pub fn tell(data: &Data, told: Told) {
    let send = || {
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        socket.send_to(told.word().as_bytes(), data.figures())
    };
    let _: std::io::Result<usize> = send();
}

/// Where the server hears it.
#[derive(Debug)]
pub struct Ear(tokio::net::UnixDatagram);

impl Ear {
    /// Listens in a data folder, which nobody else serves.
    ///
    /// # Errors
    /// What the system says. Paths of more than a hundred bytes are too long for it.
    pub fn new(data: &Data) -> Result<Ear, Failure> {
        let path = data.figures();
        let _ = std::fs::remove_file(&path);
        let ear = tokio::net::UnixDatagram::bind(&path).map_err(|error| at(&path, &error))?;
        Told::ALL.iter().for_each(|told| told.count(0));
        Ok(Ear(ear))
    }

    /// Counts what it hears, without end.
    pub async fn hear(&self) {
        let mut word = [0; 16];
        loop {
            let length = self.0.recv(&mut word).await.unwrap_or(0);
            if let Some(told) = Told::ALL.iter().find(|told| told.word().as_bytes() == &word[..length]) {
                told.count(1);
            }
        }
    }
}
