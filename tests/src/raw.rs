//! HTTP by hand: a request as its bytes are, and what comes back, for what no client of good manners would send.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    /// `GET`, `POST`.
    pub method: &'static str,
    /// The address, with what stands behind the question mark.
    pub target: String,
    /// Its headers; those of the body are added.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// Whether the body goes in chunks, its length not said before.
    pub is_chunked: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// Its headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// Whether it came to its end, or broke off.
    pub is_whole: bool,
}

impl Asking {
    /// The bytes that stand before the body.
    pub fn head(&self) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.is_chunked {
            head.push_str("Transfer-Encoding: chunked\r\n");
        } else if !self.body.is_empty() || self.method == "POST" {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// All of its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if !self.is_chunked {
            bytes.extend(&self.body);
            return bytes;
        }
        for chunk in self.body.chunks(1000) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        bytes
    }

    /// Sends it, and reads what comes back.
    ///
    /// # Panics
    /// Where no answer comes.
    #[track_caller]
    pub fn ask(&self, address: SocketAddr) -> Answered {
        let mut stream = connect(address);
        // Who refuses a request need not read it.
        let _ = stream.write_all(&self.bytes());
        answer(stream)
    }
}

impl Answered {
    /// The text of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
}

/// A connection on which nothing is waited for without end.
///
/// # Panics
/// Where there is none to be had.
#[track_caller]
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).and_then(|stream| {
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(stream)
    });
    match stream {
        Ok(stream) => stream,
        Err(error) => panic!("no connection to {address}: {error}"),
    }
}

/// Reads an answer to its end.
///
/// # Panics
/// Where none comes.
#[track_caller]
pub fn answer(mut stream: TcpStream) -> Answered {
    let mut bytes = Vec::new();
    // Where it breaks off, what came before it is looked at.
    let _ = stream.read_to_end(&mut bytes);
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        panic!("no answer: {}", String::from_utf8_lossy(&bytes))
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let mut answered = Answered { status, headers, body: bytes.split_off(end + 4), is_whole: false };
    if answered.header("transfer-encoding") == "chunked" {
        (answered.body, answered.is_whole) = joined(&answered.body);
    } else {
        answered.is_whole = answered.header("content-length") == answered.body.len().to_string();
    }
    answered
}

/// What chunks hold, and whether the last of them came.
fn joined(mut chunks: &[u8]) -> (Vec<u8>, bool) {
    let mut all = Vec::new();
    loop {
        let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") else { return (all, false) };
        let length = str::from_utf8(&chunks[..end]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let Some(length) = length.filter(|length| chunks.len() >= end + 2 + length + 2) else {
            return (all, false);
        };
        if length == 0 {
            return (all, true);
        }
        all.extend(&chunks[end + 2..end + 2 + length]);
        chunks = &chunks[end + 2 + length + 2..];
    }
}

/// Packet lines of git's (gitprotocol-common(5)): each of these with its length before it; an empty one is a flush.
pub fn packets(lines: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    for line in lines {
        match *line {
            "" => all.extend(b"0000"),
            "|" => all.extend(b"0001"),
            line => all.extend(format!("{:04x}{line}", line.len() + 4).bytes()),
        }
    }
    all
}
