//! Who reads pages, and who writes by the API: connections that stay open.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use tickler_tests::talk::{Answer, Talk, ask};
use tickler_tests::{Dice, Serving};

/// A connection that somebody is logged in on.
pub struct Caller {
    address: SocketAddr,
    talk: Talk,
    /// The header by which the server knows who it is.
    known_by: String,
}

impl Caller {
    /// With a session, as a browser has it.
    pub fn on_pages(serving: &Serving, user: &str) -> Caller {
        let body = format!("next=%2F&token={}", serving.token(user));
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
        let answer = ask(serving.address(), "POST /login", &headers, body.as_bytes());
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.unwrap_or_else(|| panic!("no session: {} {}", answer.status, answer.text()));
        Caller::new(serving, format!("Cookie: {cookie}"))
    }

    /// With a token.
    pub fn of_api(serving: &Serving, user: &str) -> Caller {
        Caller::new(serving, format!("Authorization: Bearer {}", serving.token(user)))
    }

    fn new(serving: &Serving, known_by: String) -> Caller {
        let address = serving.address();
        Caller { address, talk: Talk::to(address), known_by }
    }

    /// Another connection of the same.
    pub fn again(&self) -> Caller {
        Caller { address: self.address, talk: Talk::to(self.address), known_by: self.known_by.clone() }
    }

    /// Reads a page.
    pub fn get(&mut self, path: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n\r\n", self.address, self.known_by);
        self.talk.send(head.as_bytes()).unwrap();
        self.talk.answer("GET").unwrap()
    }

    /// Sends a touch of a contact; the answer is still to come.
    fn send_touch(&mut self, contact: &str, words: &str, key: &str) {
        let body = format!("{{\"channel\":\"phone\",\"message\":\"{words}\",\"force\":true}}");
        let head = format!(
            "POST /main/api/v1/contacts/{}/log HTTP/1.1\r\nHost: {}\r\n{}\r\nContent-Type: application/json\r\n\
             Idempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n",
            encoded(contact),
            self.address,
            self.known_by,
            body.len()
        );
        // Where the server has closed the connection, it is seen by the missing answer.
        let _ = self.talk.send(format!("{head}{body}").as_bytes());
    }

    /// Logs a touch until it is acknowledged. Where `is_lost`, the first answer is never seen.
    pub fn log(&mut self, contact: &str, words: &str, key: &str, is_lost: bool) {
        self.send_touch(contact, words, key);
        if is_lost {
            sleep(Duration::from_millis(3));
            self.talk = Talk::to(self.address);
            self.send_touch(contact, words, key);
        }
        loop {
            match self.talk.answer("POST") {
                Ok(answer) if answer.status < 300 => return,
                // The same is still under way, or too much is.
                Ok(answer) if matches!(answer.status, 409 | 503) => sleep(Duration::from_millis(2)),
                Ok(answer) => panic!("{}: {}", answer.status, answer.text()),
                Err(_) => self.talk = Talk::to(self.address),
            }
            self.send_touch(contact, words, key);
        }
    }
}

/// An id as a part of an address.
pub fn encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    id.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// How long each reading of a page took, in milliseconds, and how long all took, in seconds: so many readers, for so
/// many seconds.
pub fn read(caller: &Caller, path: &str, readers: usize, seconds: u64) -> (Vec<f64>, f64) {
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let mut times = Vec::new();
    thread::scope(|scope| {
        let stop = &stop;
        let one = move |mut caller: Caller| {
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let begun = Instant::now();
                let answer = caller.get(path);
                assert_eq!(answer.status, 200, "{path}: {}", answer.text());
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            times
        };
        let running: Vec<_> =
            (0..readers).map(|_| caller.again()).map(|caller| scope.spawn(move || one(caller))).collect();
        sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        running.into_iter().for_each(|reader| times.extend(reader.join().unwrap()));
    });
    (times, begun.elapsed().as_secs_f64())
}

/// The ids of a notebook's contacts, in some order.
pub fn contacts(serving: &Serving) -> Vec<String> {
    let listed = serving
        .git("data/notebooks/main.git", "-c core.quotePath=false ls-tree -r --name-only main contacts");
    let mut ids: Vec<String> = listed
        .lines()
        .filter_map(|path| Some(path.rsplit('/').next()?.strip_suffix(".md")?.to_owned()))
        .collect();
    let mut dice = Dice::of(1);
    for at in (1..ids.len()).rev() {
        ids.swap(at, dice.below(at + 1));
    }
    ids
}
