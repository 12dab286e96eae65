//! HTTP by hand: requests as bytes, answers taken apart, so that nothing is made proper on the way.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection.
#[derive(Debug)]
pub struct Talk {
    reader: BufReader<TcpStream>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, with names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body, without the frames of chunks.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Talk {
    /// A new connection.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    pub fn to(address: SocketAddr) -> Talk {
        match TcpStream::connect(address).and_then(|one| one.set_read_timeout(Some(PATIENCE)).map(|()| one)) {
            Ok(stream) => Talk { reader: BufReader::new(stream) },
            Err(error) => panic!("no connection: {error}"),
        }
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// Where the other end has gone.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// The next answer. That to HEAD has no body.
    ///
    /// # Errors
    /// Where the connection ends before the answer does.
    pub fn answer(&mut self, method: &str) -> Result<Answer> {
        let (status, headers) = self.head()?;
        let mut answer = Answer { status, headers, body: Vec::new() };
        let is_chunked = answer.header("transfer-encoding") == Some("chunked");
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        if method == "HEAD" {
            return Ok(answer);
        }
        if is_chunked {
            while let Some(chunk) = self.chunk()? {
                answer.body.extend(chunk);
            }
        } else if let Some(length) = length {
            answer.body = self.exactly(length)?;
        } else {
            self.reader.read_to_end(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// The head of the next answer.
    ///
    /// # Errors
    /// Where there is none.
    pub fn head(&mut self) -> Result<(u16, Vec<(String, String)>)> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        status.map(|status| (status, headers)).ok_or_else(|| Error::other(first))
    }

    /// The next chunk of a body; none at its end.
    ///
    /// # Errors
    /// Where the body breaks off.
    pub fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let line = self.line()?;
        let length = usize::from_str_radix(&line, 16).map_err(|_| Error::other(line))?;
        let bytes = self.exactly(length)?;
        self.line()?;
        Ok((length > 0).then_some(bytes))
    }

    /// Whether the other end closes the connection without a further word.
    ///
    /// # Panics
    /// Where it neither closes it nor says anything.
    #[track_caller]
    pub fn is_closed(&mut self) -> bool {
        loop {
            match self.reader.read(&mut [0]) {
                Ok(count) => return count == 0,
                // A read with a time limit is not begun anew by the system where a machine stood still meanwhile.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return true,
                Err(error) => panic!("the connection neither closes nor speaks: {error}"),
            }
        }
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

/// The answer to one request: its first line without the version, its headers, its body.
///
/// # Panics
/// Where there is none.
#[track_caller]
pub fn ask(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut talk = Talk::to(address);
    let mut head = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    // A server may answer and close before it has read everything.
    let sent = talk.send(format!("{head}\r\n").as_bytes()).and_then(|()| talk.send(body));
    let method = line.split(' ').next().unwrap_or_default();
    match talk.answer(method) {
        Ok(answer) => answer,
        Err(error) => panic!("{line}: {error}; {sent:?}"),
    }
}
