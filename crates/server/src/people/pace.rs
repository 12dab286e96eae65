//! How often a user may write in a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::names::UserName;

const MINUTE: Duration = Duration::from_secs(60);

/// What each user wrote in their present minute. Only users who may write are ever noted, so there are few.
#[derive(Debug)]
pub struct Pace {
    most: u32,
    written: Mutex<HashMap<UserName, (Instant, u32)>>,
}

impl Pace {
    /// So many a minute; 0 is without a bound.
    pub fn new(most: u32) -> Pace {
        Pace { most, written: Mutex::default() }
    }

    /// Notes that a user writes now.
    ///
    /// # Errors
    /// Where it is too often: how long they are to wait.
    pub fn note(&self, user: &UserName) -> Result<(), Duration> {
        if self.most == 0 { Ok(()) } else { self.note_at(user, Instant::now()) }
    }

    fn note_at(&self, user: &UserName, now: Instant) -> Result<(), Duration> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) = written.entry(user.clone()).or_insert((now, 0));
        if now.duration_since(*since) >= MINUTE {
            (*since, *count) = (now, 0);
        }
        if *count >= self.most {
            return Err(MINUTE.saturating_sub(now.duration_since(*since)));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_so_many_writes_in_a_minute() {
        let pace = Pace::new(2);
        let begun = Instant::now();
        let [pat, sam] = ["pat", "sam"].map(|name| UserName::new(name).unwrap());
        let wait = |seconds| Err(Duration::from_secs(seconds));
        for (user, second, answer) in [
            (&pat, 0, Ok(())),
            (&pat, 10, Ok(())),
            (&pat, 20, wait(40)),
            (&sam, 20, Ok(())),
            (&pat, 59, wait(1)),
            (&pat, 60, Ok(())),
            (&pat, 61, Ok(())),
            (&pat, 62, wait(58)),
            (&sam, 70, Ok(())),
        ] {
            assert_eq!(pace.note_at(user, begun + Duration::from_secs(second)), answer, "{user} at {second}");
        }
    }

    #[test]
    fn without_a_bound_nothing_is_noted() {
        let pace = Pace::new(0);
        let pat = UserName::new("pat").unwrap();
        assert!((0..1000).all(|_| pace.note(&pat).is_ok()));
        assert!(pace.written.lock().unwrap().is_empty());
    }
}
