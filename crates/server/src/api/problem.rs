//! Why somebody does not get what they asked for, as a problem document (RFC 9457).

use std::time::Duration;

use serde::Serialize;
use tickler_core::wire::ProblemRow;
use warp::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use warp::http::{HeaderValue, StatusCode};

use crate::reply::{Refusal, Reply, set};

/// What stands before the names of our own kinds of problems.
const KIND: &str = "urn:tickler:problem:";

/// Which of our own kinds a problem is; `docs/api.md` says what to do about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was sent cannot be used: the fields say why.
    Unfit,
    /// The contact would not be readable as it was sent.
    Broken,
    /// Somebody changed the contact meanwhile.
    Stale,
    /// A version is needed.
    NeedsVersion,
    /// The key was used for something else.
    KeyUsed,
    /// The same is under way at this moment.
    UnderWay,
    /// The notebook does not allow it as it is.
    Refused,
}

impl Kind {
    fn parts(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Kind::Unfit => ("unfit", "What was sent cannot be used", StatusCode::UNPROCESSABLE_ENTITY),
            Kind::Broken => ("broken", "The contact would be broken", StatusCode::UNPROCESSABLE_ENTITY),
            Kind::Stale => ("stale", "It was changed meanwhile", StatusCode::PRECONDITION_FAILED),
            Kind::NeedsVersion => ("needs-version", "A version is needed", StatusCode::PRECONDITION_REQUIRED),
            Kind::KeyUsed => ("key-used", "The key was used already", StatusCode::UNPROCESSABLE_ENTITY),
            Kind::UnderWay => ("under-way", "The same is under way", StatusCode::CONFLICT),
            Kind::Refused => ("refused", "The notebook does not allow it", StatusCode::CONFLICT),
        }
    }
}

/// One field that cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    /// Its name, in the body or behind the question mark.
    pub field: String,
    /// Why: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A problem of one of our own kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Which.
    pub kind: Kind,
    /// In words: lower case, no full stop.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The fields that cannot be used.
    pub errors: Vec<Wrong>,
    /// What is wrong in the file, as it would be.
    pub problems: Vec<ProblemRow>,
    /// The version that there is.
    pub version: Option<String>,
    /// When to ask again.
    pub wait: Option<Duration>,
}

impl Problem {
    /// One of that kind.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem {
            kind,
            detail: detail.into(),
            hint: None,
            errors: Vec::new(),
            problems: Vec::new(),
            version: None,
            wait: None,
        }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.kind.parts().2
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal::Api(Box::new(problem))
    }
}

/// What stands in the document.
#[derive(Default, Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    details: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Wrong],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    problems: &'a [ProblemRow],
}

/// The document of a refusal.
pub fn refused(refusal: &Refusal) -> Reply {
    let status = refusal.status();
    let plain = Document {
        r#type: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: refusal.words(),
        ..Document::default()
    };
    let problems: Vec<ProblemRow>;
    let document = match refusal {
        Refusal::Deed(deed) => {
            let kind = if status == StatusCode::CONFLICT { Kind::Refused } else { Kind::Unfit };
            problems = deed.problem.iter().map(|problem| row(problem)).collect();
            let hint = deed.hint.as_deref().map(for_programs);
            Document { hint, details: &deed.details, problems: &problems, ..of_kind(kind, plain) }
        }
        Refusal::Api(problem) => Document {
            hint: problem.hint.clone(),
            errors: &problem.errors,
            problems: &problem.problems,
            ..of_kind(problem.kind, plain)
        },
        _ => plain,
    };
    let mut reply = Reply::new(serde_json::to_vec(&document).unwrap_or_default().into());
    *reply.status_mut() = status;
    set(&mut reply, CONTENT_TYPE, "application/problem+json");
    set(&mut reply, CACHE_CONTROL, "no-store");
    headers(&mut reply, refusal);
    reply
}

fn of_kind(kind: Kind, plain: Document<'_>) -> Document<'_> {
    let (name, title, _) = kind.parts();
    Document { r#type: format!("{KIND}{name}"), title, ..plain }
}

fn row(problem: &(String, tickler_core::problem::Problem)) -> ProblemRow {
    let (file, problem) = problem.clone();
    tickler_core::notebook::FileProblem { file, problem }.into()
}

/// A hint that names an option of the command line names the field here.
fn for_programs(hint: &str) -> String {
    hint.replace("`--force`", "`\"force\": true`").replace("`--id jane-doe`", "`\"id\": \"jane-doe\"`")
}

fn headers(reply: &mut Reply, refusal: &Refusal) {
    let wait = match refusal {
        Refusal::Api(problem) => problem.wait,
        _ => refusal.wait(),
    };
    if let Some(wait) = wait {
        set(reply, RETRY_AFTER, &wait.as_secs().max(1).to_string());
    }
    if let Refusal::Api(problem) = refusal
        && let Some(version) = &problem.version
    {
        set(reply, ETAG, version);
    }
    if let Refusal::Method(allowed) = refusal {
        set(reply, ALLOW, allowed);
    }
    if reply.status() == StatusCode::UNAUTHORIZED {
        set(reply, WWW_AUTHENTICATE, "Bearer realm=\"tickler\"");
        let basic = HeaderValue::from_static("Basic realm=\"tickler\", charset=\"UTF-8\"");
        reply.headers_mut().append(WWW_AUTHENTICATE, basic);
    }
}

#[cfg(test)]
mod tests {
    use tickler_core::verbs;

    use super::*;

    #[test]
    fn each_refusal_has_its_status_type_and_headers() {
        let wait = Duration::from_secs(7);
        let stale = Problem { version: Some("\"ab\"".into()), ..Problem::new(Kind::Stale, "changed") };
        let busy = Problem { wait: Some(wait), ..Problem::new(Kind::UnderWay, "under way") };
        let deed = |refusal| Refusal::Deed(Box::new(refusal));
        for (refusal, status, kind, header) in [
            (Refusal::NoLogin, 401, "about:blank", Some(("www-authenticate", "Bearer realm=\"tickler\""))),
            (Refusal::TooManyLogins(wait), 429, "about:blank", Some(("retry-after", "7"))),
            (Refusal::Method("GET, HEAD".into()), 405, "about:blank", Some(("allow", "GET, HEAD"))),
            (Refusal::NotFound, 404, "about:blank", None),
            (stale.into(), 412, "urn:tickler:problem:stale", Some(("etag", "\"ab\""))),
            (busy.into(), 409, "urn:tickler:problem:under-way", Some(("retry-after", "7"))),
            (deed(verbs::Refusal::no("no")), 409, "urn:tickler:problem:refused", None),
            (deed(verbs::Refusal::usage("what")), 422, "urn:tickler:problem:unfit", None),
        ] {
            let reply = refused(&refusal);
            assert_eq!(reply.status().as_u16(), status, "{refusal:?}");
            assert_eq!(reply.headers()["content-type"], "application/problem+json");
            if let Some((name, value)) = header {
                assert_eq!(reply.headers()[name], value, "{refusal:?}");
            }
            let Refusal::Method(_) = refusal else { continue };
            assert!(kind.starts_with("about"), "{refusal:?}");
        }
    }

    #[test]
    fn hints_name_fields() {
        assert_eq!(for_programs("say so with `--force`"), "say so with `\"force\": true`");
    }
}
