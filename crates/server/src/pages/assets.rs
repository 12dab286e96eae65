//! The style sheet, the script and the icon.

use std::sync::Arc;

use warp::http::StatusCode;
use warp::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};

use crate::asked::Asked;
use crate::reply::{Refusal, Reply, set};
use crate::routes::Words;
use crate::server::Server;

const ASSETS: [(&str, &str, &str); 3] = [
    ("style.css", "text/css; charset=utf-8", include_str!("style.css")),
    ("script.js", "text/javascript; charset=utf-8", include_str!("script.js")),
    ("icon.svg", "image/svg+xml", include_str!("icon.svg")),
];

/// One of them.
pub async fn asset(_: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let found = ASSETS.iter().find(|(name, ..)| *name == words.get(0)).ok_or(Refusal::NotFound)?;
    let (_, kind, text) = found;
    let tag = format!("\"{:08x}\"", fnv(text.as_bytes()));
    let is_known = asked.header(IF_NONE_MATCH).is_some_and(|known| known.split(", ").any(|one| one == tag));
    let mut reply = Reply::new(if is_known { String::new().into() } else { (*text).into() });
    if is_known {
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
    }
    set(&mut reply, CONTENT_TYPE, kind);
    set(&mut reply, ETAG, &tag);
    set(&mut reply, CACHE_CONTROL, "public, max-age=300");
    Ok(reply)
}

/// A number for the bytes (FNV-1a), by which a browser knows that it has them.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
