//! The page that an answer is written on: standard output, buffered, with its width and colours known.

use std::io::{self, BufWriter, StdoutLock, Write};

use crate::failure::{Answer, Failure};
use crate::style::{Paint, Painted, Role};

/// Standard output. Everything a command answers goes through here; `write!` works on it.
pub struct Page {
    out: BufWriter<StdoutLock<'static>>,
    /// The columns there are; none where nothing is to be cut, as in a pipe.
    pub width: Option<usize>,
    /// The colours there are.
    pub paint: Paint,
}

impl Page {
    /// A page on standard output.
    pub fn new(width: Option<usize>, paint: Paint) -> Page {
        Page { out: BufWriter::with_capacity(1 << 16, io::stdout().lock()), width, paint }
    }

    /// The text as that role looks on this page.
    pub fn paint<T: std::fmt::Display>(&self, role: Role, text: T) -> Painted<T> {
        self.paint.as_role(role, text)
    }

    /// Hands the page over; the last thing a command does with it.
    pub fn finish(mut self, answer: Answer) -> Result<Answer, Failure> {
        self.out.flush()?;
        Ok(answer)
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
