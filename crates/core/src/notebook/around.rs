//! What the rest of the notebook says of one contact: who knows them (CLI contract, `who`).

use super::{Parts, Survey};
use crate::contact::Contact;
use crate::ties::{Neighbour, ties};

impl Survey<'_> {
    /// Everybody with a tie to the contact: the strongest ties first, then who was in touch last.
    pub fn neighbours(&self, contact: &Contact) -> Vec<Neighbour> {
        let parts = Parts { head: true, links: true, ..Parts::default() };
        let found = self.search(parts, |row, other| {
            let ties = ties(contact, other);
            (!ties.is_empty()).then_some((row.index, ties))
        });
        let settings = self.notebook().settings();
        let mut neighbours: Vec<Neighbour> = found
            .into_iter()
            .map(|(index, ties)| {
                Neighbour::new(&self.contact(index, Parts::ALL), ties, settings, self.today())
            })
            .collect();
        let when =
            |neighbour: &Neighbour| std::cmp::Reverse(neighbour.last_touch.as_ref().map(|touch| touch.date));
        neighbours.sort_by(|a, b| {
            (a.stopped, a.ties.first(), when(a), &a.id).cmp(&(b.stopped, b.ties.first(), when(b), &b.id))
        });
        neighbours
    }
}
