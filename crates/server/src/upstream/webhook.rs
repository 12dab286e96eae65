//! `POST /webhook/NOTEBOOK`: a forge says that it has something new. That only wakes the notebook's task.

use std::sync::Arc;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER_PERMISSIVE;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::{sleep, timeout};
use warp::http::{HeaderMap, StatusCode};

use super::address::secret_in;
use crate::asked::{Asked, Body};
use crate::names::NotebookName;
use crate::reply::{Refusal, Reply, text};
use crate::server::Server;

/// The most bytes of a call.
const MOST: usize = 1 << 20;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long every refused call takes.
const FLOOR: Duration = Duration::from_millis(200);

/// Takes a call.
///
/// # Errors
/// Where its signature is not that of the notebook's secret; likewise where there is no such notebook, or it has no
/// secret, so that nobody learns which there are.
pub async fn webhook(
    server: Arc<Server>,
    asked: &Asked,
    notebook: String,
    body: Body,
) -> Result<Reply, Refusal> {
    let bytes = timeout(PATIENCE, whole(body)).await.map_err(|_| Refusal::TooSlow)??;
    let name = NotebookName::new(&notebook).ok();
    let upstream = name.and_then(|name| server.upstreams.all.get(&name));
    let secret = upstream.and_then(|upstream| secret_in(upstream.secret_file.as_deref()?).ok());
    if let (Some(upstream), Some(secret)) = (upstream, secret)
        && is_signed(&asked.headers, &secret, &bytes)
    {
        upstream.called.notify_one();
        return Ok(text(StatusCode::ACCEPTED, "the upstream will be asked"));
    }
    let keys = [format!("webhooks from {}", asked.peer)];
    let wait = server.throttle.failed(&keys, Instant::now());
    sleep(FLOOR).await;
    Err(wait.map_or(Refusal::Forbidden, Refusal::TooManyLogins))
}

/// The body, as far as it is not too long.
async fn whole(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Refusal::Bad("the request broke off"))?;
        if bytes.len() + chunk.len() > MOST {
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Whether a call shows that its sender knows the secret, in the way of one of the forges.
fn is_signed(headers: &HeaderMap, secret: &str, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let by_hmac = |shown: &str| {
        let shown = HEXLOWER_PERMISSIVE.decode(shown.as_bytes()).unwrap_or_default();
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .is_ok_and(|hmac| hmac.chain_update(body).verify_slice(&shown).is_ok())
    };
    if let Some(shown) = header("x-hub-signature-256") {
        return shown.strip_prefix("sha256=").is_some_and(by_hmac);
    }
    if let Some(shown) = header("x-gitea-signature").or(header("x-forgejo-signature")) {
        return by_hmac(shown);
    }
    // The secret itself. Hashes of both, since a comparison in constant time wants the same length.
    header("x-gitlab-token").is_some_and(|shown| Sha256::digest(shown).ct_eq(&Sha256::digest(secret)).into())
}

#[cfg(test)]
mod tests {
    use warp::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn each_forge_has_its_way_to_sign() {
        // The example of GitHub's documentation.
        let secret = "It's a Secret to Everybody";
        let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let upper = hex.to_uppercase();
        let sha256 = format!("sha256={hex}");
        for (name, value, is_good) in [
            ("x-hub-signature-256", sha256.as_str(), true),
            ("x-hub-signature-256", hex, false),
            ("x-hub-signature-256", "sha256=", false),
            ("x-hub-signature-256", &sha256[..60], false),
            ("x-hub-signature", &sha256, false),
            ("x-gitea-signature", hex, true),
            ("x-gitea-signature", &upper, true),
            ("x-forgejo-signature", hex, true),
            ("x-gitea-signature", "", false),
            ("x-gitlab-token", secret, true),
            ("x-gitlab-token", "It's a Secret", false),
            ("x-gitlab-token", hex, false),
        ] {
            let name = HeaderName::from_static(name);
            let headers: HeaderMap =
                [(name.clone(), HeaderValue::from_str(value).unwrap())].into_iter().collect();
            assert_eq!(is_signed(&headers, secret, b"Hello, World!"), is_good, "{name}: {value}");
            assert!(!is_signed(&headers, secret, b"Hello, World?") || name == "x-gitlab-token");
        }
        assert!(!is_signed(&HeaderMap::new(), secret, b"Hello, World!"));
    }
}
