//! A form that was sent: what it says, and that it is one of ours.

use warp::http::HeaderName;
use warp::http::header::{CONTENT_TYPE, HOST, ORIGIN};

use crate::asked::{Asked, Body, whole};
use crate::reply::Refusal;
use crate::sessions::Session;

/// The largest form: the text of a long contact, as browsers write it.
const MOST: usize = 2 << 20;
/// The field that holds what only the session's own forms know.
pub const TOKEN: &str = "form";

/// What a form says.
#[derive(Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Of fields that are at hand, such as those of an address.
    pub fn of(fields: Vec<(String, String)>) -> Form {
        Form(fields)
    }

    /// Reads a form that this server's own pages sent.
    ///
    /// # Errors
    /// Where it came from elsewhere, or is no form.
    pub async fn read(asked: &Asked, body: Body) -> Result<Form, Refusal> {
        if !is_from_here(asked) {
            return Err(Refusal::Bad("this form was not sent from a page of this server"));
        }
        let kind = asked.header(CONTENT_TYPE).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
            return Err(Refusal::MediaType);
        }
        let bytes = whole(body, MOST).await?;
        serde_urlencoded::from_bytes(&bytes).map(Form).map_err(|_| Refusal::Bad("this is no form"))
    }

    /// Refuses a form that the session did not make.
    ///
    /// # Errors
    /// Where it shows something else than the session's forms do.
    pub fn must_be_own(&self, session: Option<&Session>) -> Result<(), Refusal> {
        if session.is_some_and(|session| session.is_own_form(self.get(TOKEN))) {
            return Ok(());
        }
        Err(Refusal::Bad("this form is too old; go back, load the page again, and send it once more"))
    }

    /// Takes a form as [`Form::must_be_own`] does, and gives back what another one holds, so that it can be sent again.
    ///
    /// # Errors
    /// Where the session did not make it.
    pub fn own_or_kept(self, session: Option<&Session>) -> Result<Form, Refusal> {
        match self.must_be_own(session) {
            Ok(()) => Ok(self),
            Err(_) => {
                Err(Refusal::StaleForm { fields: self.0, own: session.map(|session| session.form.clone()) })
            }
        }
    }

    /// What a field says, trimmed; empty where it says nothing, or is not there.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// What a field says, as it was sent.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// What a field says, if anything.
    pub fn said(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// What all fields of a name say, as far as they say anything.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0
            .iter()
            .filter(move |(field, value)| field == name && !value.trim().is_empty())
            .map(|(_, v)| v.trim())
    }

    /// All that it says, in one text, by which a form that comes twice is known.
    pub fn print(&self) -> String {
        serde_urlencoded::to_string(&self.0).unwrap_or_default()
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }
}

/// Whether a browser says that the request comes from a page of this very server.
pub fn is_from_here(asked: &Asked) -> bool {
    if let Some(site) = asked.header(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (asked.header(ORIGIN), asked.header(HOST)) {
        (Some(origin), Some(host)) => {
            let scheme = if asked.is_https { "https" } else { "http" };
            origin == format!("{scheme}://{host}")
        }
        _ => false,
    }
}

#[cfg(test)]
pub mod tests {
    use warp::http::{HeaderMap, HeaderValue, Method};

    use super::*;
    use crate::asked::Trace;
    use crate::sessions::Sessions;

    /// A request for `/main/contacts/jane` with these headers.
    pub fn asked(headers: &[(&'static str, &'static str)]) -> Asked {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Asked {
            peer: [127, 0, 0, 1].into(),
            is_local: true,
            is_https: false,
            trace: Trace { id: "the-request".to_owned(), ..Trace::default() }.into(),
            method: Method::GET,
            headers,
            path: "/main/contacts/jane".to_owned(),
            query: String::new(),
        }
    }

    /// A body that comes in pieces of that many bytes.
    fn body(text: &str, size: usize) -> Body {
        let pieces: Vec<Result<bytes::Bytes, warp::Error>> =
            text.as_bytes().chunks(size).map(|piece| Ok(bytes::Bytes::copy_from_slice(piece))).collect();
        Box::pin(futures_util::stream::iter(pieces))
    }

    const SITE: &str = "sec-fetch-site";

    #[test]
    fn only_pages_of_this_very_server_send_forms() {
        let here = ("host", "crm.example.com");
        // By https, the headers, and whether it is from here.
        for (is_https, headers, expected) in [
            (true, &[(SITE, "same-origin"), here][..], true),
            (true, &[(SITE, "none"), here], true),
            (true, &[(SITE, "same-site"), here], false),
            (true, &[(SITE, "cross-site"), here], false),
            (true, &[(SITE, ""), here], false),
            // What the browser says of the site counts more than what it says of the origin.
            (true, &[(SITE, "cross-site"), ("origin", "https://crm.example.com"), here], false),
            // Older browsers tell the origin only.
            (true, &[("origin", "https://crm.example.com"), here], true),
            (true, &[("origin", "http://crm.example.com"), here], false),
            (false, &[("origin", "http://crm.example.com"), here], true),
            (false, &[("origin", "https://crm.example.com"), here], false),
            (true, &[("origin", "https://crm.example.com:8443"), here], false),
            (true, &[("origin", "https://crm.example.com.evil.example"), here], false),
            (true, &[("origin", "https://evil.example"), here], false),
            (true, &[("origin", "null"), here], false),
            (true, &[("origin", "https://crm.example.com")], false),
            // Who tells neither is no browser.
            (true, &[here], false),
            (true, &[("referer", "https://crm.example.com/main/"), here], false),
        ] {
            let asked = Asked { is_https, ..asked(headers) };
            assert_eq!(is_from_here(&asked), expected, "{headers:?}, https: {is_https}");
        }
    }

    #[tokio::test]
    async fn only_forms_are_read_and_none_that_is_too_large() {
        let form = "application/x-www-form-urlencoded";
        let large = format!("text={}", "a".repeat(MOST - 5));
        let larger = format!("{large}a");
        for (kind, text, expected) in [
            (form, "text=a+b%26c&text=2", Ok("a b&c")),
            ("application/x-www-form-urlencoded; charset=utf-8", "text=1", Ok("1")),
            (form, "", Ok("")),
            (form, &*large, Ok(&large[5..])),
            (form, &*larger, Err(Refusal::TooLarge)),
            ("application/json", "{\"text\": 1}", Err(Refusal::MediaType)),
            ("multipart/form-data; boundary=x", "--x--", Err(Refusal::MediaType)),
            ("text/plain", "text=1", Err(Refusal::MediaType)),
            ("", "text=1", Err(Refusal::MediaType)),
        ] {
            for size in [1000, MOST * 2] {
                let mut asked = asked(&[(SITE, "same-origin")]);
                asked.headers.insert(CONTENT_TYPE, kind.parse().unwrap());
                let read = Form::read(&asked, body(text, size)).await;
                let said = read.map(|form| form.get("text").to_owned());
                assert_eq!(said, expected.clone().map(str::to_owned), "{kind} {text:.40}");
            }
        }
        let elsewhere = Form::read(&asked(&[(SITE, "cross-site")]), body("text=1", 9)).await;
        assert!(matches!(elsewhere, Err(Refusal::Bad(why)) if why.contains("not sent from a page")));
    }

    #[test]
    fn a_form_of_another_session_comes_back_whole() {
        let sessions = Sessions::default();
        let [own, other] = ["pat", "pat"].map(|user| {
            let user = crate::names::UserName::new(user).unwrap();
            let cookie = sessions.begin(user, String::new()).unwrap();
            sessions.find(&cookie).unwrap()
        });
        let fields = |shown: &str| {
            [(TOKEN, shown), ("text", "what was said")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec()
        };
        assert!(Form(fields(&own.form)).own_or_kept(Some(&own)).is_ok());
        for (shown, session) in [("", Some(&own)), (&*other.form, Some(&own)), (&*own.form, None)] {
            let kept = Form(fields(shown)).own_or_kept(session).map(drop);
            let expected =
                Refusal::StaleForm { fields: fields(shown), own: session.map(|one| one.form.clone()) };
            assert_eq!(kept, Err(expected));
        }
    }
}
