//! Who is logged in on the pages: a table in memory. The browser keeps a cookie, and only its hash is kept here.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::names::UserName;

/// A session that is not used for so long ends.
const IDLE: Duration = Duration::from_secs(12 * 3600);
/// So does one that is so old.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// How many there are at most; the one that was not used for the longest time makes room.
const MOST: usize = 10_000;
/// How many of one user, so that nobody pushes others out.
const MOST_OF_ONE: usize = 50;

/// Who is logged in.
#[derive(Debug, Default)]
pub struct Sessions {
    all: Mutex<HashMap<Key, Session>>,
}

/// The hash of a cookie.
type Key = [u8; 32];

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The user.
    pub user: UserName,
    /// The public part of the token that they logged in with; without it the session is over, too.
    pub token: String,
    /// What each form of theirs shows.
    pub form: String,
    begun: Instant,
    used: Instant,
}

/// A session as its user may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The public part of the token that it was begun with.
    pub token: String,
    /// How long ago that was.
    pub begun: Duration,
    /// How long ago it was last used.
    pub used: Duration,
    /// It is the one that asks.
    pub is_own: bool,
}

impl Session {
    /// Whether a form showed what only this session's own forms know.
    pub fn is_own_form(&self, shown: &str) -> bool {
        self.form.as_bytes().ct_eq(shown.as_bytes()).into()
    }

    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.used) > IDLE || now.duration_since(self.begun) > LONGEST
    }
}

impl Sessions {
    /// Begins a session, and gives what the cookie is to hold.
    ///
    /// # Errors
    /// Where the system has no random bits.
    pub fn begin(&self, user: UserName, token: String) -> Result<String, getrandom::Error> {
        self.begin_at(user, token, Instant::now())
    }

    /// The session of a cookie, which is used with this.
    pub fn find(&self, cookie: &str) -> Option<Session> {
        self.find_at(cookie, Instant::now())
    }

    /// The session of a cookie, for what a page asks by itself: that is no use by anybody.
    pub fn look(&self, cookie: &str) -> Option<Session> {
        self.look_at(cookie, Instant::now())
    }

    /// Ends a session.
    pub fn end(&self, cookie: &str) {
        self.all().remove(&key(cookie));
    }

    /// Ends all sessions of a user. Gives how many there were.
    pub fn end_all(&self, user: &UserName) -> usize {
        self.end_where(|session| session.user == *user)
    }

    /// Ends the sessions that a user began with a token. Gives how many there were.
    pub fn end_of_token(&self, user: &UserName, token: &str) -> usize {
        self.end_where(|session| session.user == *user && session.token == token)
    }

    /// The sessions of whoever asks, the one that was used last first.
    pub fn of(&self, asking: &Session) -> Vec<Told> {
        self.of_at(asking, Instant::now())
    }

    fn begin_at(&self, user: UserName, token: String, now: Instant) -> Result<String, getrandom::Error> {
        let (cookie, form) = (random()?, random()?);
        let mut all = self.all();
        all.retain(|_, session| !session.is_over(now));
        make_room(&mut all, MOST_OF_ONE, |session| session.user == user);
        make_room(&mut all, MOST, |_| true);
        all.insert(key(&cookie), Session { user, token, form, begun: now, used: now });
        Ok(cookie)
    }

    fn find_at(&self, cookie: &str, now: Instant) -> Option<Session> {
        let mut all = self.all();
        let session = all.get_mut(&key(cookie)).filter(|session| !session.is_over(now))?;
        session.used = now;
        Some(session.clone())
    }

    fn look_at(&self, cookie: &str, now: Instant) -> Option<Session> {
        self.all().get(&key(cookie)).filter(|session| !session.is_over(now)).cloned()
    }

    fn of_at(&self, asking: &Session, now: Instant) -> Vec<Told> {
        let all = self.all();
        let own = all.values().filter(|session| session.user == asking.user && !session.is_over(now));
        let told = own.map(|session| Told {
            token: session.token.clone(),
            begun: now.duration_since(session.begun),
            used: now.duration_since(session.used),
            is_own: asking.is_own_form(&session.form),
        });
        let mut told: Vec<Told> = told.collect();
        told.sort_by_key(|one| (!one.is_own, one.used, one.begun));
        told
    }

    fn end_where(&self, is_to_end: impl Fn(&Session) -> bool) -> usize {
        let mut all = self.all();
        let before = all.len();
        all.retain(|_, session| !is_to_end(session));
        before - all.len()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Key, Session>> {
        // Each change is whole, so what a thread left that panicked is good.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where there are so many of a kind, the one of them that was not used for the longest time goes.
fn make_room(all: &mut HashMap<Key, Session>, most: usize, is_one: impl Fn(&Session) -> bool) {
    let of_kind = || all.iter().filter(|(_, session)| is_one(session));
    if of_kind().count() < most {
        return;
    }
    if let Some(oldest) = of_kind().min_by_key(|(_, session)| session.used).map(|(key, _)| *key) {
        all.remove(&oldest);
    }
}

fn key(cookie: &str) -> Key {
    Sha256::digest(cookie).into()
}

/// 256 random bits as text.
pub fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE32_NOPAD.encode(&bytes).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn name(name: &str) -> UserName {
        UserName::new(name).unwrap()
    }

    fn begin(sessions: &Sessions, user: &str, token: &str, now: Instant) -> String {
        sessions.begin_at(name(user), token.to_owned(), now).unwrap()
    }

    #[test]
    fn a_session_ends_after_twelve_idle_hours_and_after_a_week_at_most() {
        // The hours at which it is used, counted from its beginning, and whether it is there the last time.
        let (often, rarely): (Vec<u64>, Vec<u64>) = ((6..=168).step_by(6).collect(), vec![12, 24, 36]);
        let too_old: Vec<u64> = (6..=174).step_by(6).collect();
        for (hours, is_there) in [
            (vec![0], true),
            (vec![12], true),
            (vec![13], false),
            (rarely, true),
            (vec![12, 25], false),
            (vec![13, 14], false),
            (often, true),
            (too_old, false),
        ] {
            let sessions = Sessions::default();
            let begun = Instant::now();
            let cookie = begin(&sessions, "pat", "one", begun);
            let found = hours.iter().map(|hour| {
                let found = sessions.find_at(&cookie, begun + HOUR * u32::try_from(*hour).unwrap());
                found.is_some_and(|session| session.user == name("pat") && session.token == "one")
            });
            assert_eq!(found.last(), Some(is_there), "used at {hours:?}");
        }
    }

    #[test]
    fn a_page_that_is_left_open_does_not_keep_its_session() {
        let sessions = Sessions::default();
        let begun = Instant::now();
        let cookie = begin(&sessions, "pat", "one", begun);
        let looked = [6, 11, 13].map(|hour| sessions.look_at(&cookie, begun + HOUR * hour).is_some());
        assert_eq!(looked, [true, true, false]);
    }

    #[test]
    fn cookies_are_long_and_never_the_same_nor_kept() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let cookies = [(); 20].map(|()| begin(&sessions, "pat", "one", now));
        let mut forms: Vec<String> =
            cookies.iter().map(|one| sessions.find_at(one, now).unwrap().form).collect();
        forms.extend(cookies.clone());
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), 40, "each cookie and each form's word is another");
        assert!(cookies.iter().all(|cookie| cookie.len() == 52), "256 bits in base 32");
        let held = format!("{sessions:?}");
        assert!(cookies.iter().all(|cookie| !held.contains(cookie)));
        for wrong in ["", &cookies[0][1..], &cookies[0].to_uppercase()] {
            assert!(sessions.find_at(wrong, now).is_none(), "{wrong}");
        }
    }

    #[test]
    fn each_form_is_its_own_sessions() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let [one, other] = ["pat", "pat"].map(|user| {
            let cookie = begin(&sessions, user, "one", now);
            sessions.find_at(&cookie, now).unwrap()
        });
        assert!(one.is_own_form(&one.form));
        for wrong in ["", &other.form, &one.form[1..]] {
            assert!(!one.is_own_form(wrong), "{wrong}");
        }
    }

    #[test]
    fn sessions_end_one_by_one_by_token_and_all_of_a_user() {
        let now = Instant::now();
        let whose = [("pat", "one"), ("pat", "one"), ("pat", "two"), ("sam", "one")];
        type Ending = fn(&Sessions, &[String]) -> usize;
        let rows: [(Ending, usize, [bool; 4]); 3] = [
            (|all, cookies| (all.end(&cookies[0]), 1).1, 1, [false, true, true, true]),
            (|all, _| all.end_of_token(&name("pat"), "one"), 2, [false, false, true, true]),
            (|all, _| all.end_all(&name("pat")), 3, [false, false, false, true]),
        ];
        for (ending, ended, left) in rows {
            let sessions = Sessions::default();
            let cookies = whose.map(|(user, token)| begin(&sessions, user, token, now));
            assert_eq!(ending(&sessions, &cookies), ended);
            assert_eq!(cookies.map(|cookie| sessions.find_at(&cookie, now).is_some()), left);
        }
    }

    #[test]
    fn a_user_sees_their_own_sessions_and_no_secret() {
        let sessions = Sessions::default();
        let begun = Instant::now() + HOUR * 12;
        let old = begin(&sessions, "pat", "one", begun);
        let new = begin(&sessions, "pat", "two", begun + HOUR);
        begin(&sessions, "pat", "dead", begun - HOUR * 11);
        begin(&sessions, "sam", "one", begun);
        let now = begun + HOUR * 2;
        sessions.find_at(&new, now).unwrap();
        let asking = sessions.find_at(&old, begun + HOUR).unwrap();
        let told = sessions.of_at(&asking, now);
        let row = |token: &str, begun, used, is_own| Told {
            token: token.to_owned(),
            begun: HOUR * begun,
            used: HOUR * used,
            is_own,
        };
        assert_eq!(told, [row("one", 2, 1, true), row("two", 1, 0, false)]);
    }

    #[test]
    fn there_are_never_too_many() {
        let sessions = Sessions::default();
        let now = Instant::now();
        let at = |number: usize| now + Duration::from_secs(u64::try_from(number).unwrap());
        let first = begin(&sessions, "sam", "one", now);
        let pats: Vec<String> =
            (1..=MOST_OF_ONE + 2).map(|number| begin(&sessions, "pat", "one", at(number))).collect();
        let later = at(MOST_OF_ONE + 3);
        let there = |cookie: &String| sessions.find_at(cookie, later).is_some();
        assert!(there(&first), "nobody pushes others out");
        assert_eq!(pats.iter().filter(|cookie| there(cookie)).count(), MOST_OF_ONE);
        assert!(!there(&pats[0]) && !there(&pats[1]), "the oldest made room");
        let one = sessions.find_at(&first, later).unwrap();
        let count = sessions.all().len();
        for number in count..MOST {
            let user = name(&format!("u{number}"));
            sessions.all().insert(key(&format!("{number}")), Session { user, ..one.clone() });
        }
        let new = begin(&sessions, "kim", "one", later + HOUR);
        assert_eq!(sessions.all().len(), MOST);
        assert!(sessions.find_at(&new, later + HOUR).is_some());
    }
}
