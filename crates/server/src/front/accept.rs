//! The loop that accepts connections.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use warp::filters::BoxedFilter;

use super::connections::{Connections, Seat};
use super::peer::is_trusted;
use super::requests::{Origin, answer};
use super::signals::{Signals, Told};
use super::tls::Tls;
use super::wire::Wire;
use crate::failure::Failure;
use crate::figures;
use crate::reply::Reply;
use crate::routes::filter;
use crate::server::Server;

/// The most bytes of the head of a request.
const HEAD: usize = 64 << 10;
/// How long the accept loop rests where the system has no more files to open.
const REST: Duration = Duration::from_millis(100);
/// How long somebody who is turned away may take to hear of it, and how many are told at once.
const FAREWELL: Duration = Duration::from_millis(500);
const FAREWELLS: usize = 32;
/// What a connection begins with that speaks TLS: a handshake's record (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 0x16;

/// Where connections come in.
#[derive(Debug)]
pub struct Door {
    /// Where it listens.
    pub listener: TcpListener,
    /// With which certificate.
    pub tls: Option<Tls>,
    /// Whose word is taken for whom they ask for.
    pub proxies: Vec<IpAddr>,
}

/// What every connection needs.
struct Front {
    server: Arc<Server>,
    routes: BoxedFilter<(Reply,)>,
    proxies: Arc<[IpAddr]>,
    http: http1::Builder,
    stopping: CancellationToken,
}

/// Serves until it is told to stop, then lets what is under way end. Told so once more, it ends at once.
///
/// # Errors
/// Where the system does not let it mind signals.
pub async fn serve(server: Arc<Server>, door: Door) -> Result<(), Failure> {
    let Door { listener, tls, proxies } = door;
    let mut signals = Signals::new()?;
    let limits = server.settings.limits.clone();
    let connections = Connections::new(limits.connections, limits.connections_per_address);
    let upkeep = tokio::spawn(figures::upkeep(server.data.clone()));
    let mut http = http1::Builder::new();
    // This bounds how long a connection may idle between two requests, too: hyper waits for the next head.
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.header_seconds))
        .max_buf_size(HEAD);
    let front = Arc::new(Front {
        routes: filter(),
        proxies: proxies.into(),
        http,
        stopping: server.stopping.clone(),
        server,
    });
    let farewells = Arc::new(Semaphore::new(FAREWELLS));
    // Each connection holds one end; when all are gone, all connections have ended.
    let (alive, mut gone) = mpsc::channel::<()>(1);
    let mut complained: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            told = signals.next() => match told {
                Told::Stop => break,
                Told::Reload => {
                    reload(tls.as_ref());
                    continue;
                }
            },
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if complained.is_none_or(|at| at.elapsed() > Duration::from_secs(10)) {
                    tracing::warn!(%error, "cannot accept connections");
                    complained = Some(Instant::now());
                }
                // Mostly there are no more files to open: one connection fewer helps.
                connections.make_room();
                sleep(REST).await;
                continue;
            }
        };
        let counted = (!is_trusted(peer.ip(), &front.proxies)).then_some(peer.ip());
        let Some(seat) = connections.sit(counted, Instant::now()) else {
            figures::connection_refused();
            if let (None, Ok(permit)) = (&tls, Arc::clone(&farewells).try_acquire_owned()) {
                tokio::spawn(async move {
                    let _ = timeout(FAREWELL, turn_away(stream, FULL)).await;
                    drop(permit);
                });
            }
            continue;
        };
        let acceptor = tls.as_ref().map(Tls::acceptor);
        let (front, alive) = (Arc::clone(&front), alive.clone());
        tokio::spawn(async move {
            welcome(&front, stream, peer, Arc::new(seat), acceptor).await;
            drop(alive);
        });
    }
    drop((listener, alive));
    front.stopping.cancel();
    tracing::info!("stopping");
    tokio::select! {
        _ = gone.recv() => {}
        () = sleep(Duration::from_secs(limits.stop_seconds)) => tracing::warn!("some requests did not end in time"),
        () = signals.stop() => tracing::warn!("told to stop once more: what is under way is cut off"),
    }
    upkeep.abort();
    Ok(())
}

fn reload(tls: Option<&Tls>) {
    match tls.map(Tls::reload) {
        None => tracing::info!("there is no certificate to read again"),
        Some(Ok(())) => tracing::info!("read the certificate again"),
        Some(Err(error)) => tracing::error!(%error, "the certificate stays as it was"),
    }
}

/// From the first byte of a connection to its last.
async fn welcome(
    front: &Front,
    stream: TcpStream,
    peer: SocketAddr,
    seat: Arc<Seat>,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
) {
    // Answers are written in few large pieces, so waiting for more of them gains nothing.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = acceptor else {
        return converse(front, stream, peer, seat, false).await;
    };
    let limits = &front.server.settings.limits;
    let patience = Duration::from_secs(limits.header_seconds);
    let shaken = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE {
            let _ = timeout(FAREWELL, turn_away(stream, PLAIN)).await;
            return Ok(None);
        }
        acceptor.accept(stream).await.map(Some)
    };
    let shaken = tokio::select! {
        () = seat.leave() => return,
        () = front.stopping.cancelled() => return,
        shaken = timeout(patience, shaken) => shaken,
    };
    match shaken {
        Ok(Ok(Some(stream))) => converse(front, stream, peer, seat, true).await,
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::debug!(%error, peer = %peer.ip(), "no TLS came of a connection"),
        Err(_) => tracing::debug!(peer = %peer.ip(), "no TLS came of a connection in time"),
    }
}

/// The requests of a connection, one after the other.
async fn converse<S>(front: &Front, stream: S, peer: SocketAddr, seat: Arc<Seat>, is_tls: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let routes = TowerToHyperService::new(warp::service(front.routes.clone()));
    let origin = Origin { socket: peer.ip(), is_tls, proxies: Arc::clone(&front.proxies) };
    let service = service_fn(|request| {
        let (server, seat) = (Arc::clone(&front.server), Arc::clone(&seat));
        let (routes, origin) = (&routes, &origin);
        async move { Ok::<_, Infallible>(answer(routes, server, seat, origin, request).await) }
    });
    let patience = Duration::from_secs(front.server.settings.limits.body_idle_seconds);
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&seat), patience));
    let mut connection = std::pin::pin!(front.http.serve_connection(wire, service));
    let mut is_last = false;
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, peer = %peer.ip(), "a connection broke");
                }
                return;
            }
            () = seat.leave(), if !is_last => {}
            () = front.stopping.cancelled(), if !is_last => {}
        }
        if !seat.is_busy() {
            return;
        }
        // A request began in the same moment, or is under way: it is the last one here.
        is_last = true;
        connection.as_mut().graceful_shutdown();
    }
}

/// To those for whom there is no place.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Retry-After: 2\r\nConnection: close\r\nContent-Length: 39\r\n\r\ntoo much at once; try again in a moment";
/// To those who speak without TLS where it is needed.
const PLAIN: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Connection: close\r\nContent-Length: 34\r\n\r\nthe address here begins with https";

/// Says why not, and closes.
async fn turn_away(mut stream: TcpStream, words: &str) -> std::io::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    stream.shutdown().await?;
    // A connection that is closed on unread bytes is reset, and the words would be lost with it.
    let mut sink = [0; 4096];
    for _ in 0..16 {
        if stream.read(&mut sink).await? == 0 {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_at_the_door_has_the_length_that_it_says() {
        for words in [FULL, PLAIN] {
            let (head, body) = words.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}", body.len())), "{}", body.len());
        }
    }
}
