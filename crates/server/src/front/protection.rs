//! Headers that every answer has, whatever it is: what a browser is to do with it, and what not.

use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

use crate::reply::{Reply, set};

/// What an answer says where its maker said nothing else.
///
/// The referrer is kept from all others, but not from this server itself: with `no-referrer`, browsers say that a form
/// comes from the origin `null`, and those that know no `Sec-Fetch-Site` could not be told from strangers.
const DEFAULTS: [(HeaderName, &str); 7] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (CACHE_CONTROL, "no-store"),
];

/// Adds them, and the request's name.
pub fn protect(reply: &mut Reply, id: &str, is_https: bool) {
    for (name, value) in &DEFAULTS {
        reply.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    set(reply, HeaderName::from_static("x-request-id"), id);
    if is_https {
        set(reply, STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use hyper::StatusCode;

    use super::*;
    use crate::reply::text;

    #[test]
    fn what_an_answer_says_itself_stays() {
        let mut reply = text(StatusCode::OK, "fine");
        set(&mut reply, CACHE_CONTROL, "public, max-age=300");
        protect(&mut reply, "1", true);
        let said = |name: HeaderName| reply.headers().get_all(name).iter().cloned().collect::<Vec<_>>();
        assert_eq!(said(CACHE_CONTROL), ["public, max-age=300"]);
        for (name, value) in DEFAULTS.iter().filter(|(name, _)| *name != CACHE_CONTROL) {
            assert_eq!(said(name.clone()), [*value], "{name}");
        }
        assert_eq!(said(STRICT_TRANSPORT_SECURITY), ["max-age=31536000"]);
    }
}
