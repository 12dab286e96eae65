//! The connections that there are: only so many at once, and the one that idles longest makes room for a new one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use crate::figures;
use crate::people::counted_as;

/// All connections.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    per_address: usize,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    places: HashMap<u64, Place>,
}

#[derive(Debug)]
struct Place {
    /// None where the address counts nothing: behind a proxy all come from one.
    address: Option<IpAddr>,
    /// Since when no request is under way.
    idle: Option<Instant>,
    leave: CancellationToken,
}

/// The place of one connection, for as long as it is kept.
#[derive(Debug)]
pub struct Seat {
    all: Arc<Connections>,
    number: u64,
    leave: CancellationToken,
    is_busy: AtomicBool,
    is_answered: AtomicBool,
}

impl Connections {
    /// So many in all, and from one address.
    pub fn new(most: usize, per_address: usize) -> Arc<Connections> {
        Arc::new(Connections { most: most.max(1), per_address: per_address.max(1), table: Mutex::default() })
    }

    /// A place for a new connection; none where all are taken and none of them idles. `address` is what is counted.
    pub fn sit(self: &Arc<Connections>, address: Option<IpAddr>, now: Instant) -> Option<Seat> {
        let address = address.map(counted_as);
        let mut table = self.table();
        let theirs =
            table.places.values().filter(|place| address.is_some() && place.address == address).count();
        // Whoever has too many makes room among their own, not among those of others.
        if theirs >= self.per_address {
            table.send_off(|place| place.address == address)?;
        } else if table.places.len() >= self.most {
            table.send_off(|_| true)?;
        }
        let (number, leave) = (table.next, CancellationToken::new());
        table.next += 1;
        table.places.insert(number, Place { address, idle: Some(now), leave: leave.clone() });
        figures::connections(table.places.len());
        let all = Arc::clone(self);
        Some(Seat {
            all,
            number,
            leave,
            is_busy: AtomicBool::new(false),
            is_answered: AtomicBool::new(false),
        })
    }

    /// Closes the connection that idles longest, where there is one.
    pub fn make_room(&self) {
        self.table().send_off(|_| true);
    }

    /// What a thread left that panicked is whole: each change is one step.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Sends off the one of these that idles longest.
    fn send_off(&mut self, of: impl Fn(&Place) -> bool) -> Option<()> {
        let idle = |(number, place): (&u64, &Place)| Some((place.idle?, *number));
        let (_, number) = self.places.iter().filter(|(_, place)| of(place)).filter_map(idle).min()?;
        self.places.remove(&number)?.leave.cancel();
        figures::connection_made_room();
        Some(())
    }
}

impl Seat {
    /// A request begins.
    pub fn begin(&self) {
        self.is_answered.store(false, Ordering::Relaxed);
        self.is_busy.store(true, Ordering::Release);
        self.set_idle(None);
    }

    /// The answer is complete, though not all of it may be on its way yet.
    pub fn answered(&self) {
        self.is_answered.store(true, Ordering::Release);
    }

    /// All that was to be sent is on its way.
    pub fn flushed(&self) {
        if self.is_answered.swap(false, Ordering::AcqRel) {
            self.is_busy.store(false, Ordering::Release);
            self.set_idle(Some(Instant::now()));
        }
    }

    /// Whether a request is under way.
    pub fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Acquire)
    }

    /// Waits until somebody else needs the place.
    pub async fn leave(&self) {
        self.leave.cancelled().await;
    }

    fn set_idle(&self, idle: Option<Instant>) {
        if let Some(place) = self.all.table().places.get_mut(&self.number) {
            place.idle = idle;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.all.table();
        table.places.remove(&self.number);
        figures::connections(table.places.len());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    #[test]
    fn the_one_that_idles_longest_makes_room() {
        let (all, now) = (Connections::new(3, 3), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        let busy = all.sit(address(1), at(0)).unwrap();
        busy.begin();
        let older = all.sit(address(2), at(1)).unwrap();
        let younger = all.sit(address(3), at(2)).unwrap();
        let new = all.sit(address(4), at(3)).unwrap();
        let left = [&busy, &older, &younger, &new].map(|seat| seat.leave.is_cancelled());
        assert_eq!(left, [false, true, false, false]);
        drop(older);
        assert_eq!(all.table().places.len(), 3, "a place is not given back twice");
    }

    #[test]
    fn an_address_makes_room_among_its_own() {
        let (all, now) = (Connections::new(10, 2), Instant::now());
        let other = all.sit(address(1), now).unwrap();
        let first = all.sit(address(2), now + Duration::from_secs(1)).unwrap();
        let second = all.sit(address(2), now + Duration::from_secs(2)).unwrap();
        let third = all.sit(address(2), now + Duration::from_secs(3)).unwrap();
        let left = [&other, &first, &second, &third].map(|seat| seat.leave.is_cancelled());
        assert_eq!(left, [false, true, false, false]);
        [&second, &third].into_iter().for_each(Seat::begin);
        assert!(all.sit(address(2), now).is_none());
        assert!(all.sit(address(3), now).is_some());
        for _ in 0..5 {
            std::mem::forget(all.sit(None, now).unwrap());
        }
    }

    #[test]
    fn a_request_is_over_once_its_answer_is_on_its_way() {
        let all = Connections::new(1, 1);
        let seat = all.sit(address(1), Instant::now()).unwrap();
        seat.begin();
        seat.flushed();
        assert!(seat.is_busy());
        seat.answered();
        assert!(seat.is_busy());
        assert!(all.sit(address(2), Instant::now()).is_none());
        seat.flushed();
        assert!(!seat.is_busy());
        assert!(all.sit(address(2), Instant::now()).is_some());
    }
}
