//! Somebody who is logged in on the pages, without a browser: what one would send, and not a word more.

use std::net::SocketAddr;

use crate::Serving;
use crate::talk::{Answer, ask};

/// What forms are sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// A session.
#[derive(Debug, Clone)]
pub struct Session {
    address: SocketAddr,
    /// The cookie, with its name: `tickler=…`.
    pub cookie: String,
    /// What the session's own forms show.
    pub form: String,
}

impl Session {
    /// Logs a user in by the login's form, as a browser does on the server's own page.
    ///
    /// # Panics
    /// Where that fails.
    #[track_caller]
    pub fn of(serving: &Serving, user: &str) -> Session {
        let answer = log_in(serving.address(), &[("token", serving.token(user))], &[]);
        assert_eq!(answer.status, 303, "{user} cannot log in: {}", answer.text());
        Session::begun(serving.address(), &answer)
    }

    /// The session that a login began.
    ///
    /// # Panics
    /// Where it began none.
    #[track_caller]
    pub fn begun(address: SocketAddr, answer: &Answer) -> Session {
        let cookie = cookie_of(answer).unwrap_or_else(|| panic!("no cookie: {:?}", answer.headers));
        let mut session = Session { address, cookie, form: String::new() };
        // The first page with a form, wherever the user's notebooks are.
        let mut page = session.get("/");
        for _ in 0..3 {
            let to = page.header("location").map(str::to_owned);
            page = to.map_or(page, |to| session.get(&to));
        }
        match hidden(&page.text(), "form") {
            Some(form) => session.form = form,
            None => panic!("a page without a form: {} {}", page.status, page.text()),
        }
        session
    }

    /// A page.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        ask(self.address, &format!("GET {path}"), &[("Cookie", &self.cookie)], b"")
    }

    /// What comes of a form of the session's own with these fields.
    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> =
            [("form", self.form.as_str())].iter().chain(fields).copied().collect();
        self.post_bare(path, &fields)
    }

    /// What comes of a form that does not show that it is the session's own.
    #[track_caller]
    pub fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        send(self.address, path, fields, &[("Cookie", &self.cookie)])
    }

    /// Whether the session is there still.
    #[track_caller]
    pub fn is_there(&self) -> bool {
        let answer = self.get("/login");
        assert!(matches!(answer.status, 200 | 303), "{}", answer.text());
        answer.status == 303
    }
}

/// Sends the login's form.
#[track_caller]
pub fn log_in(address: SocketAddr, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    send(address, "/login", fields, headers)
}

/// Sends a form from a page of the server itself.
#[track_caller]
pub fn send(address: SocketAddr, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("Sec-Fetch-Site", "same-origin"), ("Content-Type", FORM)];
    all.extend(headers);
    ask(address, &format!("POST {path}"), &all, encoded(fields).as_bytes())
}

/// The cookie that an answer sets, with its name; none where it sets none.
pub fn cookie_of(answer: &Answer) -> Option<String> {
    let set = answer.header("set-cookie")?;
    set.split(';').next().filter(|pair| !pair.ends_with('=')).map(str::to_owned)
}

/// What the first hidden field of that name holds, as it stands in the page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&mark)?;
    let value = rest.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// Fields as a form sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| {
        let bytes = text.bytes().map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte) => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            byte => format!("%{byte:02X}"),
        });
        bytes.collect::<String>()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", part(name), part(value))).collect();
    pairs.join("&")
}
