//! A host for a notebook: git's own `http-backend` behind a small HTTP server that asks for a name and a password.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A server on a port of its own, as long as the test runs.
#[derive(Debug)]
pub struct Host {
    address: SocketAddr,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    serving: Option<(Arc<Open>, JoinHandle<()>)>,
}

/// What can be cut.
#[derive(Debug, Default)]
struct Open {
    is_cut: AtomicBool,
    streams: Mutex<HashMap<u64, TcpStream>>,
}

/// Who may read and write.
pub const USER: &str = "pat";
/// With which token.
pub const TOKEN: &str = "open-sesame";
/// Both, as they stand in a header: base64 of `pat:open-sesame`.
pub const CREDENTIALS: &str = "cGF0Om9wZW4tc2VzYW1l";

impl Host {
    /// Serves the bare repositories of a folder.
    ///
    /// # Panics
    /// Where no port can be had.
    pub fn of(folder: &Path) -> Host {
        Host::with(folder, &[])
    }

    /// The same, with these variables in git's environment.
    ///
    /// # Panics
    /// Where no port can be had.
    pub fn with(folder: &Path, variables: &[(String, String)]) -> Host {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let (folder, variables) = (folder.to_owned(), variables.to_vec());
        let mut host = Host { address, folder, variables, serving: None };
        host.connect();
        host
    }

    /// Serves again, at the same address.
    ///
    /// # Panics
    /// Where the port cannot be had.
    pub fn connect(&mut self) {
        if self.serving.is_some() {
            return;
        }
        let listener = TcpListener::bind(self.address);
        let Ok((listener, address)) = listener.and_then(|one| one.local_addr().map(|at| (one, at))) else {
            panic!("no port")
        };
        self.address = address;
        let open = Arc::new(Open::default());
        let (folder, variables) = (self.folder.clone(), self.variables.clone());
        let shared = Arc::clone(&open);
        let thread = std::thread::spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming().flatten()) {
                if shared.is_cut.load(Ordering::SeqCst) {
                    break;
                }
                let (folder, variables) = (folder.clone(), variables.clone());
                let shared = Arc::clone(&shared);
                if let (Ok(other), Ok(mut streams)) = (stream.try_clone(), shared.streams.lock()) {
                    streams.insert(number, other);
                }
                std::thread::spawn(move || {
                    answer(stream, folder, variables);
                    if let Ok(mut streams) = shared.streams.lock() {
                        streams.remove(&number);
                    }
                });
            }
        });
        self.serving = Some((open, thread));
    }

    /// Is not there any more: nobody can connect, and whoever is connected is cut off in the middle of a word.
    pub fn cut(&mut self) {
        let Some((open, thread)) = self.serving.take() else { return };
        open.is_cut.store(true, Ordering::SeqCst);
        // The listener waits for somebody.
        let _ = TcpStream::connect(self.address);
        let _ = thread.join();
        if let Ok(mut streams) = open.streams.lock() {
            streams.drain().for_each(|(_, stream)| drop(stream.shutdown(Shutdown::Both)));
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a repository, with a user and a token in it.
    pub fn url(&self, user: &str, token: &str, repository: &str) -> String {
        format!("http://{user}:{token}@{}/{repository}", self.address)
    }
}

/// One request, and the end of the connection.
fn answer(mut stream: TcpStream, folder: PathBuf, variables: Vec<(String, String)>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let request = line(&mut reader)?;
    let mut words = request.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let header = line(&mut reader)?;
        let Some((name, value)) = header.split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let header =
        |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let is_chunked = header("transfer-encoding") == Some("chunked");
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if is_chunked {
        body = chunks(&mut reader)?;
    }
    if header("authorization") != Some(&format!("Basic {CREDENTIALS}")) {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\n\
                       Content-Length: 0\r\nConnection: close\r\n\r\n";
        return stream.write_all(refusal.as_bytes()).ok();
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut backend = Command::new("git");
    backend.arg("http-backend").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    backend.env("GIT_PROJECT_ROOT", folder).env("GIT_HTTP_EXPORT_ALL", "1").env("REMOTE_USER", USER);
    backend.env("PATH_INFO", path).env("QUERY_STRING", query).env("REQUEST_METHOD", method);
    backend.env("CONTENT_TYPE", header("content-type").unwrap_or_default());
    // Without one git reads to the end, as servers say that do not know it.
    let length = if is_chunked { String::new() } else { length.to_string() };
    backend.env("CONTENT_LENGTH", length).envs(variables);
    backend.env("HTTP_CONTENT_ENCODING", header("content-encoding").unwrap_or_default());
    backend.env("GIT_PROTOCOL", header("git-protocol").unwrap_or_default());
    let mut child = backend.spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    std::thread::spawn(move || stdin.write_all(&body));
    let output = child.wait_with_output().ok()?.stdout;
    let end = output.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (String::from_utf8_lossy(&output[..end]).into_owned(), &output[end + 4..]);
    let status = head.lines().find_map(|header| header.strip_prefix("Status: ")).unwrap_or("200 OK");
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).and_then(|()| stream.write_all(body)).ok()
}

/// A body whose length was not said before.
fn chunks(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&line(reader)?, 16).ok()?;
        let mut chunk = vec![0; length];
        reader.read_exact(&mut chunk).ok()?;
        line(reader)?;
        if length == 0 {
            return Some(body);
        }
        body.extend(chunk);
    }
}

fn line(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    Some(line.trim_end().to_owned())
}
