//! Answers: one function turns what a handler came to into a reply.

use std::time::Duration;

use warp::Reply as _;
use warp::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use warp::http::{HeaderName, HeaderValue, StatusCode};

/// A reply as it goes out.
pub type Reply = warp::reply::Response;

/// Why somebody does not get what they asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No token, or a wrong one.
    NoLogin,
    /// Too many wrong ones.
    TooManyLogins(Duration),
    /// Known, and not allowed to.
    Forbidden,
    /// git without its smart protocol.
    OldProtocol,
    /// There is no such thing, or none that this user may know of.
    NotFound,
    /// Not with this method, but with these.
    Method(String),
    /// The address is longer than any of the server's own.
    LongAddress,
    /// The body is of a kind that nobody here reads.
    MediaType,
    /// More bytes than are taken.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body is not what it says.
    Bad(&'static str),
    /// Too much at once.
    Busy(Duration),
    /// Something here went wrong; the log says what.
    Internal,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Refusal::NoLogin => StatusCode::UNAUTHORIZED,
            Refusal::TooManyLogins(_) => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Forbidden | Refusal::OldProtocol => StatusCode::FORBIDDEN,
            Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::LongAddress => StatusCode::URI_TOO_LONG,
            Refusal::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Bad(_) => StatusCode::BAD_REQUEST,
            Refusal::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Refusal::NoLogin => "a token is needed: the user's name, and the token as the password",
            Refusal::TooManyLogins(_) => "too many logins failed; try again later",
            Refusal::Forbidden => "your role in this notebook does not allow that",
            Refusal::OldProtocol => {
                "only git's smart protocol is spoken here; every git since 1.6.6 knows it"
            }
            Refusal::NotFound => "there is nothing here",
            Refusal::Method(_) => "not with this method",
            Refusal::LongAddress => "no address here is as long as that",
            Refusal::MediaType => "not with this type of content",
            Refusal::TooLarge => "more than this server takes at once",
            Refusal::TooSlow => "the request did not come in time",
            Refusal::Bad(why) => why,
            Refusal::Busy(_) => "too much at once; try again in a moment",
            Refusal::Internal => "something went wrong here; the server's log says what",
        }
    }
}

/// What a handler came to, as a reply.
pub fn reply(result: Result<Reply, Refusal>) -> Reply {
    match result {
        Ok(reply) => reply,
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Reply {
    let mut reply = text(refusal.status(), refusal.words());
    if let Refusal::TooManyLogins(wait) | Refusal::Busy(wait) = refusal {
        set(&mut reply, RETRY_AFTER, &wait.as_secs().max(1).to_string());
    }
    if let Refusal::Method(allowed) = refusal {
        set(&mut reply, ALLOW, allowed);
    }
    if *refusal == Refusal::NoLogin {
        set(&mut reply, WWW_AUTHENTICATE, "Basic realm=\"tickler\", charset=\"UTF-8\"");
    }
    reply
}

/// A line of plain text.
pub fn text(status: StatusCode, words: &str) -> Reply {
    let mut reply = format!("{words}\n").into_response();
    *reply.status_mut() = status;
    set(&mut reply, CONTENT_TYPE, "text/plain; charset=utf-8");
    reply
}

/// Sets a header. A value that no header can have is left out.
pub fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}
