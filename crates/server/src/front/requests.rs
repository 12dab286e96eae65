//! One request: handed to the routes, with a line in the log and in the figures once its answer has ended.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use futures_util::FutureExt as _;
use hyper::body::{Body, Buf, Frame, SizeHint};
use hyper::service::Service;
use hyper::{Method, Request, Response};
use tracing::Instrument as _;

use super::connections::Seat;
use super::peer::Peer;
use super::protection::protect;
use crate::asked::Trace;
use crate::figures;
use crate::reply::{Refusal, Reply};
use crate::routes::turned_away;
use crate::server::Server;

/// The longest path and query. The bound on a request's head as a whole is hyper's buffer.
const ADDRESS: usize = 8 << 10;
/// What the log says of a request whose client went away before there was an answer.
const GONE: u16 = 499;

/// Where the requests of a connection come from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The other end.
    pub socket: IpAddr,
    /// The connection has TLS.
    pub is_tls: bool,
    /// Who is believed to say for whom it asks.
    pub proxies: Arc<[IpAddr]>,
}

/// Answers a request by `routes`. A panic in there ends this request alone.
pub async fn answer<S, B>(
    routes: &S,
    server: Arc<Server>,
    seat: Arc<Seat>,
    origin: &Origin,
    mut request: Request<B>,
) -> Response<Sent<impl Body<Data = Bytes, Error = warp::Error> + Send + Unpin + use<S, B>>>
where
    S: Service<Request<Received<B>>, Response = Reply>,
    B: Body + Unpin,
{
    let peer = Peer::of(origin.socket, origin.is_tls, request.headers(), &origin.proxies);
    let id = server.next_request();
    let trace = Arc::new(Trace { id: id.clone(), ..Trace::default() });
    let span = tracing::info_span!("request", id = %id);
    let mut visit = Visit {
        seat,
        peer,
        trace: Arc::clone(&trace),
        id,
        method: request.method().clone(),
        begun: Instant::now(),
        status: GONE,
        received: Arc::default(),
        sent: 0,
        is_whole: false,
    };
    visit.seat.begin();
    // Nobody is connected to elsewhere, and warp takes no request without a path.
    let has_path = request.uri().path().starts_with('/') || request.uri().path() == "*";
    let is_too_long = request.uri().path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS);
    let path = request.uri().path().to_owned();
    let extensions = request.extensions_mut();
    extensions.insert(peer);
    extensions.insert(trace);
    extensions.insert(server);
    let count = Arc::clone(&visit.received);
    let request = request.map(|body| Received { body, count });
    let handled = async {
        if is_too_long || !has_path {
            let refusal = if is_too_long { Refusal::LongAddress } else { Refusal::NotFound };
            return turned_away(&path, &refusal);
        }
        match AssertUnwindSafe(async { routes.call(request).await }).catch_unwind().await {
            Ok(Ok(reply)) => reply,
            // What it said stands in the log already.
            Ok(Err(_)) | Err(_) => {
                figures::panicked();
                turned_away(&path, &Refusal::Internal)
            }
        }
    };
    let mut reply = handled.instrument(span).await;
    visit.status = reply.status().as_u16();
    protect(&mut reply, &visit.id, peer.is_https);
    reply.map(|body| {
        visit.is_whole = body.is_end_stream() || visit.method == Method::HEAD;
        Sent { body, visit }
    })
}

/// What is known of a request, for the log. It is written when the answer has ended.
#[derive(Debug)]
struct Visit {
    seat: Arc<Seat>,
    peer: Peer,
    trace: Arc<Trace>,
    id: String,
    method: Method,
    begun: Instant,
    status: u16,
    received: Arc<AtomicU64>,
    sent: u64,
    is_whole: bool,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.seat.answered();
        let took = self.begun.elapsed();
        let received = self.received.load(Ordering::Relaxed);
        let route = self.trace.route.get().copied().unwrap_or("none");
        figures::request(route, &self.method, self.status, took, received, self.sent);
        tracing::info!(
            id = %self.id,
            peer = %self.peer.address,
            user = self.trace.user.get().map(tracing::field::display),
            method = %self.method,
            route,
            notebook = self.trace.notebook.get().map(tracing::field::display),
            status = self.status,
            received,
            sent = self.sent,
            ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            whole = self.is_whole,
            "request"
        );
    }
}

/// The body of a request, counted.
#[derive(Debug)]
pub struct Received<B> {
    body: B,
    count: Arc<AtomicU64>,
}

impl<B: Body + Unpin> Body for Received<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.count.fetch_add(bytes_of(&frame), Ordering::Relaxed);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, counted; at its end the request is over.
#[derive(Debug)]
pub struct Sent<B> {
    body: B,
    visit: Visit,
}

impl<B: Body + Unpin> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.visit.sent += bytes_of(&frame);
        self.visit.is_whole = frame.is_none() || self.body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn bytes_of<D: Buf, E>(frame: &Option<Result<Frame<D>, E>>) -> u64 {
    let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()).and_then(Frame::data_ref);
    data.map_or(0, |data| data.remaining() as u64)
}

#[cfg(test)]
mod tests {
    use hyper::service::service_fn;

    use super::*;
    use crate::front::connections::Connections;

    #[tokio::test]
    async fn a_panic_ends_its_request_alone() {
        let folder = std::env::temp_dir().join(format!("tickler-panic-{}", std::process::id()));
        let data = crate::data::Data::create(&folder, "").unwrap();
        let server = Server::new(data, "git".into(), crate::clock::Clock::new(None)).unwrap();
        let seat = Arc::new(Connections::new(1, 1).sit(None, Instant::now()).unwrap());
        let origin = Origin { socket: [127, 0, 0, 1].into(), is_tls: false, proxies: [].into() };
        let routes = service_fn(|request: Request<Received<String>>| async move {
            assert_ne!(request.uri().path(), "/defect", "on purpose");
            Ok::<_, std::convert::Infallible>(crate::reply::text(hyper::StatusCode::OK, "fine"))
        });
        for (path, status) in [("/defect", 500), ("/", 200), (&*format!("/{}", "a".repeat(ADDRESS)), 414)] {
            let request = Request::get(path).body(String::new()).unwrap();
            let reply = answer(&routes, Arc::clone(&server), Arc::clone(&seat), &origin, request).await;
            assert_eq!(reply.status(), status, "{path:.10}");
            assert!(reply.headers().contains_key("x-request-id"));
            assert!(seat.is_busy());
            drop(reply);
            seat.flushed();
            assert!(!seat.is_busy(), "{path:.10}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
