//! An answer of the API before it goes out, which can be given more than once.

use serde::Serialize;
use warp::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use warp::http::{HeaderName, StatusCode};

use super::versions;
use crate::asked::Asked;
use crate::reply::{Refusal, Reply, set};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Headers beside those that every answer has.
    pub headers: Vec<(HeaderName, String)>,
    /// JSON.
    pub body: Vec<u8>,
    /// The commit that it tells of.
    pub commit: Option<String>,
}

impl Answer {
    /// A value as JSON.
    ///
    /// # Errors
    /// Where it cannot be written as such.
    pub fn json(value: &impl Serialize) -> Result<Answer, Refusal> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer is no JSON");
            Refusal::Internal
        })?;
        Ok(Answer::of_bytes(body))
    }

    /// What is JSON already.
    pub fn of_bytes(body: Vec<u8>) -> Answer {
        Answer { status: StatusCode::OK, headers: Vec::new(), body, commit: None }
    }

    /// The same, with a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, of that version.
    #[must_use]
    pub fn version(self, version: impl Into<String>) -> Answer {
        self.with(ETAG, version)
    }

    /// As it goes out.
    pub fn reply(self) -> Reply {
        let mut reply = Reply::new(self.body.into());
        *reply.status_mut() = self.status;
        set(&mut reply, CONTENT_TYPE, "application/json");
        private(&mut reply);
        self.headers.into_iter().for_each(|(name, value)| set(&mut reply, name, &value));
        reply
    }

    /// As it goes out to somebody who reads: nothing of it where they have that very version.
    pub fn read_by(self, asked: &Asked) -> Reply {
        let version = versions::of_bytes(&self.body);
        if versions::is_known(asked, &version) {
            return not_modified(&version);
        }
        self.version(version).reply()
    }
}

/// That the asker has this version already.
pub fn not_modified(version: &str) -> Reply {
    let mut reply = Reply::new(String::new().into());
    *reply.status_mut() = StatusCode::NOT_MODIFIED;
    set(&mut reply, ETAG, version);
    reply.headers_mut().remove(CONTENT_LENGTH);
    private(&mut reply);
    reply
}

/// Whoever keeps it asks before they use it again, and nobody on the way keeps it.
fn private(reply: &mut Reply) {
    set(reply, CACHE_CONTROL, "private, no-cache");
}
