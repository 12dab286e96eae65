//! Answers: one function turns what a handler came to into a reply.

use std::time::Duration;

use tickler_core::verbs::{self, RefusalKind};
use warp::Reply as _;
use warp::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use warp::http::{HeaderName, HeaderValue, StatusCode};

use crate::api::Problem;

/// A reply as it goes out.
pub type Reply = warp::reply::Response;

/// Why somebody does not get what they asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// No token, or a wrong one.
    NoLogin,
    /// Too many wrong ones.
    TooManyLogins(Duration),
    /// A user writes too often.
    TooManyWrites(Duration),
    /// Nobody is logged in on the pages.
    NoSession,
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
    /// A form whose session is over, or was another: what it says, and what the forms of the present session show.
    StaleForm {
        /// The names and values of its fields.
        fields: Vec<(String, String)>,
        /// Nothing where nobody is logged in.
        own: Option<String>,
    },
    /// Too much at once.
    Busy(Duration),
    /// What was asked for cannot be done, and why.
    Deed(Box<verbs::Refusal>),
    /// What only users of the API are told.
    Api(Box<Problem>),
    /// Something here went wrong; the log says what.
    Internal,
}

impl Refusal {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::NoLogin | Refusal::NoSession | Refusal::StaleForm { own: None, .. } => {
                StatusCode::UNAUTHORIZED
            }
            Refusal::TooManyLogins(_) | Refusal::TooManyWrites(_) => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Forbidden | Refusal::OldProtocol => StatusCode::FORBIDDEN,
            Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::LongAddress => StatusCode::URI_TOO_LONG,
            Refusal::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Bad(_) | Refusal::StaleForm { .. } => StatusCode::BAD_REQUEST,
            Refusal::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Deed(refusal) => match refusal.kind {
                RefusalKind::Usage => StatusCode::UNPROCESSABLE_ENTITY,
                RefusalKind::No | RefusalKind::Notebook => StatusCode::CONFLICT,
            },
            Refusal::Api(problem) => problem.status(),
            Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// How long to wait before trying again, where that helps.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Refusal::TooManyLogins(wait) | Refusal::TooManyWrites(wait) | Refusal::Busy(wait) => Some(*wait),
            _ => None,
        }
    }

    /// It in words: lower case, no full stop.
    pub fn words(&self) -> &str {
        match self {
            Refusal::NoLogin => "a token is needed: the user's name, and the token as the password",
            Refusal::TooManyLogins(_) => "too many logins failed; try again later",
            Refusal::TooManyWrites(_) => "you wrote too often in the last minute; try again in a moment",
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
            Refusal::NoSession => "nobody is logged in",
            Refusal::StaleForm { .. } => "this form is of a session that is over",
            Refusal::Deed(refusal) => &refusal.message,
            Refusal::Api(problem) => &problem.detail,
            Refusal::Busy(_) => "too much at once; try again in a moment",
            Refusal::Internal => "something went wrong here; the server's log says what",
        }
    }
}

/// Why somebody does not get what they asked for, as a line of text.
pub fn refused(refusal: &Refusal) -> Reply {
    let mut reply = text(refusal.status(), refusal.words());
    if let Some(wait) = refusal.wait() {
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
