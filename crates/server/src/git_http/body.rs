//! The body of a request on its way to git: unpacked where it is gzip, counted, looked at, and not waited for without
//! end.

use std::io::Write;
use std::time::Duration;

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use futures_util::StreamExt;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use super::declined::Declined;
use super::pack_look::PackLook;
use crate::asked::Body;
use crate::reply::Refusal;

/// How many bytes are unpacked at once. They hold a thousand times as much at most.
const BITE: usize = 4 << 10;
/// How much more than it may hold a body may be that git no longer wants, so that git's own words reach a client that
/// reads only when it has sent everything.
const UNWANTED: u64 = 4;

/// How a body is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// It is packed with gzip.
    pub is_gzip: bool,
    /// The most bytes, unpacked.
    pub most: u64,
    /// How long it may stand still.
    pub idle: Duration,
    /// How long it may be slow.
    pub grace: Duration,
    /// What is slow: fewer bytes a second than this, as they are sent.
    pub least: u64,
}

/// Why git does not get all of a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Unfed {
    /// It is no body that anybody could want.
    Refused(Refusal),
    /// The push in it goes no further.
    Declined(Declined),
}

impl From<Refusal> for Unfed {
    fn from(refusal: Refusal) -> Unfed {
        Unfed::Refused(refusal)
    }
}

/// Writes the body to git until its end, with a look at it where it is a push. What git does not want any more is read
/// all the same, and thrown away.
///
/// # Errors
/// Where it is too large, too slow, no gzip, or ends too soon, or the push in it is declined.
pub async fn feed(
    body: &mut Incoming,
    to: impl AsyncWrite + Unpin,
    look: Option<PackLook>,
) -> Result<(), Unfed> {
    let reading = body.reading;
    let mut to = Counted { to: Some(to), count: 0, most: reading.most, look };
    let mut unpacked = reading.is_gzip.then(|| MultiGzDecoder::new(Vec::new()));
    while let Some(chunk) = body.next().await? {
        if to.has_gone() {
            if body.is_endless() {
                return Ok(());
            }
            continue;
        }
        let Some(decoder) = &mut unpacked else {
            to.pass(&chunk).await?;
            continue;
        };
        for bite in chunk.chunks(BITE) {
            decoder.write_all(bite).map_err(|_| NO_GZIP)?;
            to.pass(&std::mem::take(decoder.get_mut())).await?;
        }
    }
    if let Some(decoder) = unpacked.filter(|_| !to.has_gone()) {
        to.pass(&decoder.finish().map_err(|_| NO_GZIP)?).await?;
    }
    to.end().await;
    Ok(())
}

const NO_GZIP: Refusal = Refusal::Bad("the request is not the gzip it says");

/// A body that is not waited for without end. Only the time counts in which it is waited for: when git is slow to take
/// what came, that is not the client's fault.
pub struct Incoming {
    body: Body,
    reading: Reading,
    waited: Duration,
    sent: u64,
}

impl Incoming {
    /// A body that nothing was read of.
    pub fn new(body: Body, reading: Reading) -> Incoming {
        Incoming { body, reading, waited: Duration::ZERO, sent: 0 }
    }

    /// Reads the rest, for a client that reads only when it has sent everything.
    pub async fn throw_away(&mut self) {
        while let Ok(Some(_)) = self.next().await
            && !self.is_endless()
        {}
    }

    fn is_endless(&self) -> bool {
        self.sent > UNWANTED.saturating_mul(self.reading.most)
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        let since = Instant::now();
        let chunk = timeout(self.reading.idle, self.body.next()).await.map_err(|_| Refusal::TooSlow)?;
        self.waited += since.elapsed();
        let Some(chunk) = chunk.transpose().map_err(|_| Refusal::Bad("the request broke off"))? else {
            return Ok(None);
        };
        self.sent += chunk.len() as u64;
        let is_slow = u128::from(self.sent) * 1000 < u128::from(self.reading.least) * self.waited.as_millis();
        if self.waited > self.reading.grace && is_slow {
            return Err(Refusal::TooSlow);
        }
        Ok(Some(chunk))
    }
}

/// The way to git, as long as git wants something.
struct Counted<W> {
    to: Option<W>,
    count: u64,
    most: u64,
    look: Option<PackLook>,
}

impl<W: AsyncWrite + Unpin> Counted<W> {
    async fn pass(&mut self, bytes: &[u8]) -> Result<(), Unfed> {
        let Some(to) = &mut self.to else { return Ok(()) };
        self.count += bytes.len() as u64;
        if self.count > self.most {
            return Err(Refusal::TooLarge.into());
        }
        let wanted = match &mut self.look {
            Some(look) => looked_at(look, bytes).await?,
            None => bytes.len(),
        };
        if to.write_all(&bytes[..wanted]).await.is_err() || wanted < bytes.len() {
            self.to = None;
        }
        Ok(())
    }

    fn has_gone(&self) -> bool {
        self.to.is_none()
    }

    async fn end(self) {
        if let Some(mut to) = self.to {
            let _ = to.shutdown().await;
        }
    }
}

/// How many of the bytes are for git. Others have their turn between bites, since a bite can be much work.
async fn looked_at(look: &mut PackLook, bytes: &[u8]) -> Result<usize, Unfed> {
    let mut wanted = 0;
    for bite in bytes.chunks(BITE) {
        let count = look.see(bite).map_err(Unfed::Declined)?;
        wanted += count;
        if count < bite.len() {
            break;
        }
        yield_now().await;
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use flate2::Compression;
    use flate2::read::GzEncoder;
    use futures_util::stream;

    use super::*;

    const QUICK: Reading = Reading {
        is_gzip: false,
        most: 1000,
        idle: Duration::from_secs(10),
        grace: Duration::from_secs(10),
        least: 1024,
    };

    fn body(chunks: Vec<Vec<u8>>) -> Body {
        Box::pin(stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from(chunk)))))
    }

    /// So many bytes, each so long after the one before; then silence.
    fn trickle(count: usize, pause: Duration) -> Body {
        let bytes = stream::unfold(0, move |at| async move {
            if at == count {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(pause).await;
            Some((Ok(Bytes::from_static(b"x")), at + 1))
        });
        Box::pin(sync_wrapper::SyncStream::new(bytes))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        GzEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).unwrap();
        packed
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    fn fed(body: Body, reading: Reading) -> (Result<(), Unfed>, Vec<u8>) {
        let mut out = Vec::new();
        let result = run(feed(&mut Incoming::new(body, reading), &mut out, None));
        (result, out)
    }

    /// What is sent, how it is read, and what comes out.
    type Row = (&'static str, Vec<Vec<u8>>, Reading, Result<Vec<u8>, Refusal>);

    #[test]
    fn a_body_comes_out_as_it_is_meant_or_is_refused() {
        let text = b"0032want 0123456789abcdef\n00000009done\n".to_vec();
        let packed = gzip(&text);
        let half = packed.len() / 2;
        let zip = Reading { is_gzip: true, ..QUICK };
        let both = [text.clone(), text.clone()].concat();
        let wrong_sum = [&packed[..packed.len() - 8], &[0; 8]].concat();
        let rows: [Row; 14] = [
            ("plain", vec![text.clone()], QUICK, Ok(text.clone())),
            ("empty", vec![], QUICK, Ok(vec![])),
            ("in chunks", vec![text.clone(), vec![], text.clone()], QUICK, Ok(both.clone())),
            ("as large as may be", vec![vec![1; 999], vec![1]], QUICK, Ok(vec![1; 1000])),
            ("too large", vec![vec![1; 999], vec![1; 2]], QUICK, Err(Refusal::TooLarge)),
            ("gzip", vec![packed.clone()], zip, Ok(text.clone())),
            ("gzip in two", vec![packed[..half].to_vec(), packed[half..].to_vec()], zip, Ok(text.clone())),
            ("gzip by the byte", packed.iter().map(|byte| vec![*byte]).collect(), zip, Ok(text.clone())),
            ("two members", vec![[packed.clone(), packed.clone()].concat()], zip, Ok(both)),
            ("gzip cut off", vec![packed[..half].to_vec()], zip, Err(NO_GZIP)),
            ("gzip without its sum", vec![packed[..packed.len() - 8].to_vec()], zip, Err(NO_GZIP)),
            ("gzip with a wrong sum", vec![wrong_sum], zip, Err(NO_GZIP)),
            ("no gzip", vec![text.clone()], zip, Err(NO_GZIP)),
            ("no gzip at all", vec![], zip, Err(NO_GZIP)),
        ];
        for (name, chunks, reading, expected) in rows {
            let (result, out) = fed(body(chunks), reading);
            assert_eq!(result.map(|()| out), expected.map_err(Unfed::Refused), "{name}");
        }
    }

    #[test]
    fn little_of_a_bomb_is_unpacked() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let reading = Reading { is_gzip: true, most: 100_000, ..QUICK };
        let (result, out) = fed(body(vec![bomb]), reading);
        assert_eq!(result, Err(Refusal::TooLarge.into()));
        assert!(out.len() <= 100_000, "{}", out.len());
    }

    #[test]
    fn a_body_that_does_not_come_is_not_waited_for() {
        let brief = Duration::from_millis(30);
        let idle = Reading { idle: brief, ..QUICK };
        let rows = [
            ("nothing comes", trickle(0, brief), idle),
            ("it stops", trickle(1, Duration::ZERO), idle),
            ("it trickles", trickle(1000, Duration::from_millis(5)), Reading { grace: brief, ..QUICK }),
        ];
        for (name, body, reading) in rows {
            assert_eq!(fed(body, reading).0, Err(Refusal::TooSlow.into()), "{name}");
        }
        let patient = Reading { grace: brief, least: 1, ..QUICK };
        let (_, out) = fed(trickle(20, Duration::from_millis(5)), Reading { idle: brief * 10, ..patient });
        assert_eq!(out.len(), 20, "slow, but not too slow");
    }

    #[test]
    fn what_git_does_not_want_is_read_to_its_end_but_not_without_bound() {
        for (count, taken) in [(5, 5), (40, 40), (10_000, 41)] {
            let result = run(async {
                let (way, git) = tokio::io::duplex(10);
                drop(git);
                let seen = Arc::new(AtomicUsize::new(0));
                let count_it = Arc::clone(&seen);
                let chunks = stream::iter(0..count).map(move |_| {
                    count_it.fetch_add(1, Ordering::Relaxed);
                    Ok(Bytes::from_static(&[1; 100]))
                });
                let mut body = Incoming::new(Box::pin(chunks), QUICK);
                (feed(&mut body, way, None).await, seen.load(Ordering::Relaxed))
            });
            assert_eq!(result, (Ok(()), taken), "{count}");
        }
    }

    #[test]
    fn the_time_that_git_takes_is_not_the_clients() {
        let result = run(async {
            let (way, mut git) = tokio::io::duplex(10);
            let slow_git = async move {
                let mut out = [0; 10];
                let mut count = 0;
                loop {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    let read = tokio::io::AsyncReadExt::read(&mut git, &mut out).await.unwrap();
                    count += read;
                    if read == 0 {
                        return count;
                    }
                }
            };
            let reading = Reading { grace: Duration::from_millis(20), least: 1 << 30, ..QUICK };
            let mut body = Incoming::new(body(vec![vec![1; 50], vec![1; 50]]), reading);
            tokio::join!(feed(&mut body, way, None), slow_git)
        });
        assert_eq!(result, (Ok(()), 100));
    }
}
