//! The server's own figures, for Prometheus: what each means, and under which name it is shown.

mod told;

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use warp::http::Method;

pub use told::{Told, tell};

use crate::data::Data;
use crate::failure::Failure;
use told::Ear;

/// The bounds of the histogram of times, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];
/// How often what was counted is put together, so that it stays small where nobody asks for it.
const PUT_TOGETHER: Duration = Duration::from_secs(10);

static SHOWN: OnceLock<PrometheusHandle> = OnceLock::new();

/// Counts from now on.
///
/// # Errors
/// Where something else counts already.
pub fn start() -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(format!("cannot count: {error}"));
    let seconds = Matcher::Full("tickler_request_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &SECONDS);
    let handle = builder.and_then(PrometheusBuilder::install_recorder).map_err(|error| failed(&error))?;
    describe_counter!("tickler_requests_total", "Requests that were answered");
    describe_histogram!("tickler_request_seconds", "From the head of a request to the end of its answer");
    describe_counter!("tickler_received_bytes_total", "Bytes of the bodies of requests");
    describe_counter!("tickler_sent_bytes_total", "Bytes of the bodies of answers");
    describe_gauge!("tickler_connections", "Connections now");
    describe_counter!("tickler_connections_refused_total", "Connections that found no place");
    describe_counter!("tickler_connections_closed_total", "Idle connections that made room for others");
    describe_gauge!("tickler_git_processes", "Processes of git now");
    describe_counter!("tickler_failed_logins_total", "Wrong tokens");
    describe_counter!("tickler_panics_total", "Requests that failed for a defect of the server");
    describe_gauge!(
        "tickler_upstream_good",
        "1 where the notebook's upstream answers and takes what is sent, else 0"
    );
    describe_gauge!(
        "tickler_upstream_queued_commits",
        "Commits that the notebook's upstream is not known to have"
    );
    describe_counter!("tickler_pushes_refused_total", "Pushes that the server's own checks refused");
    describe_counter!("tickler_landed_total", "Work from refs/sync that landed on a branch");
    describe_counter!("tickler_landed_noted_total", "Of this, what left something to look at");
    describe_gauge!(
        "tickler_notebook_bytes",
        "Bytes of memory that the notebook takes for pages and the API"
    );
    describe_gauge!("tickler_notebook_contacts", "Contacts of the notebook that are in memory");
    describe_counter!(
        "tickler_notebook_reads_total",
        "How often a notebook was read whole (load), brought up to date (follow), or let go of (drop)"
    );
    describe_counter!("tickler_deeds_total", "Deeds of pages and the API that were done or refused");
    describe_counter!("tickler_deed_groups_total", "In how many groups that went to the disk at once");
    counter!("tickler_connections_refused_total").absolute(0);
    counter!("tickler_connections_closed_total").absolute(0);
    counter!("tickler_failed_logins_total").absolute(0);
    counter!("tickler_panics_total").absolute(0);
    let _ = SHOWN.set(handle);
    Ok(())
}

/// All figures, as Prometheus reads them (text format 0.0.4).
pub fn text() -> String {
    SHOWN.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Counts what hooks tell, and keeps the figures small, without end.
pub async fn upkeep(data: Data) {
    let ear = Ear::new(&data);
    if let Err(error) = &ear {
        tracing::warn!(%error, "the figures will not say what hooks did");
    }
    let hear = async {
        match ear {
            Ok(ear) => ear.hear().await,
            Err(_) => std::future::pending().await,
        }
    };
    let put_together = async {
        loop {
            tokio::time::sleep(PUT_TOGETHER).await;
            if let Some(shown) = SHOWN.get() {
                shown.run_upkeep();
            }
        }
    };
    let ((), ()) = tokio::join!(hear, put_together);
}

/// A request was answered. The route is one of the server's own words, never what a client wrote.
pub fn request(route: &'static str, method: &Method, status: u16, took: Duration, received: u64, sent: u64) {
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE") => known.to_owned(),
        _ => "other".to_owned(),
    };
    counter!("tickler_requests_total", "route" => route, "method" => method, "status" => status.to_string())
        .increment(1);
    histogram!("tickler_request_seconds", "route" => route).record(took.as_secs_f64());
    counter!("tickler_received_bytes_total", "route" => route).increment(received);
    counter!("tickler_sent_bytes_total", "route" => route).increment(sent);
}

/// There are so many connections.
pub fn connections(now: usize) {
    gauge!("tickler_connections").set(u32::try_from(now).unwrap_or(u32::MAX));
}

/// A connection found no place.
pub fn connection_refused() {
    counter!("tickler_connections_refused_total").increment(1);
}

/// An idle connection was closed for another one.
pub fn connection_made_room() {
    counter!("tickler_connections_closed_total").increment(1);
}

/// How it stands with a notebook's upstream.
pub fn upstream(notebook: &str, is_good: bool, queued: usize) {
    let queued = u32::try_from(queued).unwrap_or(u32::MAX);
    gauge!("tickler_upstream_good", "notebook" => notebook.to_owned()).set(f64::from(u8::from(is_good)));
    gauge!("tickler_upstream_queued_commits", "notebook" => notebook.to_owned()).set(queued);
}

/// So much of a notebook is in memory.
pub fn notebook(name: &str, bytes: usize, contacts: usize) {
    let number = |count: usize| u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    gauge!("tickler_notebook_bytes", "notebook" => name.to_owned()).set(number(bytes));
    gauge!("tickler_notebook_contacts", "notebook" => name.to_owned()).set(number(contacts));
}

/// A notebook was read, or let go of.
pub fn read(how: &'static str) {
    counter!("tickler_notebook_reads_total", "how" => how).increment(1);
}

/// So many deeds went to the disk at once.
pub fn written(deeds: usize) {
    counter!("tickler_deeds_total").increment(deeds as u64);
    counter!("tickler_deed_groups_total").increment(1);
}

/// Somebody showed a wrong token.
pub fn failed_login() {
    counter!("tickler_failed_logins_total").increment(1);
}

/// The server itself refused a push, before git and its hooks saw all of it.
pub fn push_refused() {
    counter!("tickler_pushes_refused_total").increment(1);
}

/// A handler panicked.
pub fn panicked() {
    counter!("tickler_panics_total").increment(1);
}

/// A process of git, for as long as it is kept.
#[derive(Debug)]
pub struct Running(&'static str);

impl Running {
    /// One that runs this service.
    pub fn new(service: &'static str) -> Running {
        gauge!("tickler_git_processes", "service" => service).increment(1);
        Running(service)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        gauge!("tickler_git_processes", "service" => self.0).decrement(1);
    }
}
