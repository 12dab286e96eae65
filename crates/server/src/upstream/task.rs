//! A notebook's task: it waits for a push, a call or the time, lets a run be made, and says how it stands.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::Upstream;
use super::round::{self, Done, Stop};
use super::state::{self, Standing, State};
use crate::figures;
use crate::server::Server;

/// The waits after failures: the first at most so long, each at most twice the one before, and none longer than the last.
const FIRST: Duration = Duration::from_secs(1);
const LAST: Duration = Duration::from_secs(300);

/// Shares a notebook for ever.
pub async fn run(server: Arc<Server>, upstream: Arc<Upstream>) {
    let mut failures = 0;
    // Servers that start together do not ask together.
    let mut due = Instant::now() + jitter(Duration::from_millis(200));
    loop {
        tokio::select! {
            () = upstream.pushed.notified() => {
                let waiting = count(&upstream).await;
                if failures > 0 || waiting == Some(0) {
                    continue;
                }
            }
            // It is there, whatever it was before.
            () = upstream.called.notified() => {}
            () = sleep(due.saturating_duration_since(Instant::now())) => {}
        }
        let ended = match server.upstreams.turns.acquire().await {
            Ok(_turn) => round::run(&server, &upstream).await,
            Err(_) => return,
        };
        let wait = match ended {
            Ok(done) => {
                failures = 0;
                good(&upstream, done).await;
                // Between four and six fifths, so that servers drift apart.
                upstream.every * 4 / 5 + jitter(upstream.every * 2 / 5)
            }
            Err(Stop::Busy) => {
                tracing::info!(notebook = upstream.notebook.as_str(), "others are quicker at the upstream");
                FIRST + jitter(FIRST)
            }
            Err(Stop::Away(why)) => {
                failures += 1;
                bad(&upstream, Standing::Away, &why).await;
                backoff(failures)
            }
            Err(Stop::Attention(why)) => {
                failures += 1;
                bad(&upstream, Standing::Attention, &why).await;
                backoff(failures)
            }
        };
        due = Instant::now() + wait;
    }
}

/// How long to wait after so many failures one after the other: half of it certain, half by chance.
fn backoff(failures: u32) -> Duration {
    let most = LAST.min(FIRST * 2_u32.saturating_pow(failures.saturating_sub(1)));
    most / 2 + jitter(most / 2)
}

/// Any time up to this long.
pub fn jitter(most: Duration) -> Duration {
    let chance = getrandom::u32().unwrap_or(u32::MAX / 2);
    most.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

async fn good(upstream: &Upstream, done: Done) {
    let waiting = waiting(upstream).await;
    let since = set(upstream, |state| {
        state.queued = waiting.unwrap_or(0);
        state.is_good(Utc::now())
    });
    let notebook = upstream.notebook.as_str();
    if let Some(since) = since {
        let seconds = DateTime::parse_from_rfc3339(&since)
            .map_or(0, |since| (Utc::now() - since.with_timezone(&Utc)).num_seconds());
        tracing::info!(notebook, upstream = %upstream.address, seconds, "the upstream is back, and has all");
    }
    if done != Done::default() {
        tracing::info!(notebook, came = done.came, went = done.went, "shared with the upstream");
    }
}

async fn bad(upstream: &Upstream, standing: Standing, why: &str) {
    let waiting = waiting(upstream).await;
    let (is_news, queued) = set(upstream, |state| {
        state.queued = waiting.unwrap_or(state.queued);
        (state.is_not(standing, why, Utc::now()), state.queued)
    });
    let (notebook, address) = (upstream.notebook.as_str(), &upstream.address);
    match standing {
        _ if !is_news => tracing::debug!(notebook, why, queued, "the upstream is still not at hand"),
        Standing::Attention => {
            tracing::error!(notebook, upstream = %address, why, queued, "the upstream needs attention");
        }
        _ => {
            tracing::warn!(notebook, upstream = %address, why, queued, "the upstream is away; what is pushed waits");
        }
    }
}

/// Counts what waits, after a push.
async fn count(upstream: &Upstream) -> Option<usize> {
    let waiting = waiting(upstream).await?;
    set(upstream, |state| state.queued = waiting);
    Some(waiting)
}

async fn waiting(upstream: &Upstream) -> Option<usize> {
    let repository = upstream.repository.clone();
    match tokio::task::spawn_blocking(move || state::waiting(&repository)).await.ok()? {
        Ok(count) => Some(count),
        Err(error) => {
            tracing::error!(%error, "cannot count what waits for an upstream");
            None
        }
    }
}

/// Changes how it stands, here and in the file that tells of it.
fn set<T>(upstream: &Upstream, change: impl FnOnce(&mut State) -> T) -> T {
    let mut state = upstream.state.lock().unwrap_or_else(PoisonError::into_inner);
    let said = change(&mut state);
    state::write(&upstream.repository, &state);
    figures::upstream(upstream.notebook.as_str(), state.standing == Standing::Good, state.queued);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes() {
        for (failures, least, most) in [
            (1, 500, 1_000),
            (2, 1_000, 2_000),
            (9, 128_000, 256_000),
            (10, 150_000, 300_000),
            (99, 150_000, 300_000),
        ] {
            let wait = backoff(failures).as_millis();
            assert!((least..=most).contains(&wait), "{failures}: {wait}");
        }
    }
}
