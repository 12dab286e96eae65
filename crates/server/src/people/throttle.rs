//! Logins that fail are slowed down, by address and by user.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How many addresses and users are kept in mind.
const MOST: usize = 10_000;

/// The failures of the last quarter of an hour.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    failures: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Throttle {
    /// So many failures are answered at once.
    pub fn new(most: u32) -> Throttle {
        Throttle { most, failures: Mutex::default() }
    }

    /// Notes a failed login under each of these keys at this moment. Where one had too many, how long it is to wait.
    pub fn failed(&self, keys: &[String], now: Instant) -> Option<Duration> {
        let mut failures = self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            // Those who have to wait go on waiting, however many names somebody makes up to be forgotten.
            if failures.len() >= MOST {
                failures.retain(|_, (_, count)| *count > self.most);
            }
            if failures.len() >= MOST {
                failures.clear();
            }
        }
        let mut wait = None;
        for key in keys {
            let entry = failures.entry(key.clone()).or_insert((now, 0));
            if now.duration_since(entry.0) >= WINDOW {
                *entry = (now, 0);
            }
            entry.1 = entry.1.saturating_add(1);
            if entry.1 > self.most {
                wait = wait.max(Some(WINDOW.saturating_sub(now.duration_since(entry.0))));
            }
        }
        wait
    }
}

/// An address as it is counted: of IPv6 the network, since anybody has a whole one of these.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        for (one, counted) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("1.2.3.4", "1.2.3.4"),
        ] {
            assert_eq!(counted_as(one.parse().unwrap()), counted.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn made_up_names_do_not_make_it_forget() {
        let throttle = Throttle::new(2);
        let now = Instant::now();
        for number in 0..3 * MOST {
            throttle.failed(&["address 1.2.3.4".to_owned(), format!("user {number}")], now);
            assert!(throttle.failures.lock().unwrap().len() <= MOST + 2);
        }
        assert_eq!(throttle.failed(&["address 1.2.3.4".to_owned()], now), Some(WINDOW));
    }

    #[test]
    fn too_many_failures_have_to_wait() {
        let throttle = Throttle::new(2);
        let now = Instant::now();
        let keys = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        assert_eq!(throttle.failed(&keys("1.2.3.4", "pat"), now), None);
        assert_eq!(throttle.failed(&keys("1.2.3.4", "sam"), now), None);
        assert_eq!(throttle.failed(&keys("1.2.3.4", "kim"), now), Some(WINDOW));
        assert_eq!(throttle.failed(&keys("5.6.7.8", "pat"), now), None);
        assert_eq!(throttle.failed(&keys("9.9.9.9", "pat"), now), Some(WINDOW));
        let later = now + WINDOW;
        assert_eq!(throttle.failed(&keys("1.2.3.4", "pat"), later), None);
    }
}
