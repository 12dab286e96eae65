//! How far long work is, in one line on a terminal's standard error (CLI contract, Habits).

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::config::variable;
use crate::hooks;
use crate::width::fit;
use crate::words;

/// Work that is done within this time says nothing.
const SHORT: Duration = Duration::from_secs(1);
/// From then on, the line is drawn so often.
const REDRAW: Duration = Duration::from_millis(100);
/// The columns of a terminal that does not tell.
const USUAL: usize = 80;

/// One piece of work. Its line comes when the work takes longer than a second, and goes when this is dropped, so
/// drop it before anything else is printed. Any thread may say how far the work is: a thread of its own draws, and
/// so it also shows work that does not get on. Nothing is drawn where nobody sees it.
pub struct Progress {
    count: Arc<Count>,
    /// None where nobody sees it.
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

/// How far the work is.
struct Count {
    /// What is said in front; empty where nothing is to be drawn.
    what: Mutex<&'static str>,
    done: AtomicU64,
    /// Where it ends; 0 where nobody knows.
    total: AtomicU64,
}

impl Progress {
    /// Begins. `what` is said in front, such as `reading contacts`.
    pub fn new(what: &'static str, total: Option<u64>) -> Progress {
        if !is_seen() {
            return Progress { count: Arc::new(Count::new(what, total)), drawing: None };
        }
        let columns =
            || terminal_size::terminal_size_of(io::stderr()).map_or(USUAL, |(w, _)| usize::from(w.0));
        Progress::drawn(what, total, io::stderr(), columns, SHORT)
    }

    /// The same, on any kind of terminal.
    fn drawn(
        what: &'static str,
        total: Option<u64>,
        mut terminal: impl Write + Send + 'static,
        columns: impl Fn() -> usize + Send + 'static,
        short: Duration,
    ) -> Progress {
        let count = Arc::new(Count::new(what, total));
        let (works, has_ended) = mpsc::channel();
        let drawn = Arc::clone(&count);
        let draw = move || {
            let mut pause = short;
            let mut shown = String::new();
            while has_ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                // The last column stays free: a terminal may go to the next line from there.
                let line = drawn.line(columns().saturating_sub(1));
                // A line that stays as it is is left alone: another program may be asking for a password below it.
                if line != shown {
                    // Progress that cannot be shown is no reason to stop working.
                    let _ = write!(terminal, "\r{line}\u{1b}[K").and_then(|()| terminal.flush());
                    shown = line;
                }
                pause = REDRAW;
            }
            if !shown.is_empty() {
                let _ = write!(terminal, "\r\u{1b}[K").and_then(|()| terminal.flush());
            }
        };
        let drawing = thread::Builder::new().spawn(draw).ok().map(|thread| (works, thread));
        Progress { count, drawing }
    }

    /// So much more is done.
    pub fn add(&self, more: u64) {
        self.count.done.fetch_add(more, Ordering::Relaxed);
    }

    /// So much is done, of so much in all; what is done does not become less, unless it is of another whole.
    pub fn set(&self, done: u64, total: u64) {
        if self.count.total.swap(total, Ordering::Relaxed) == total {
            self.count.done.fetch_max(done, Ordering::Relaxed);
        } else {
            self.count.done.store(done, Ordering::Relaxed);
        }
    }

    /// What was done so far is done, and this comes next; nothing is drawn of what has no name.
    pub fn next(&self, what: &'static str) {
        let mut said = self.count.what.lock().unwrap_or_else(PoisonError::into_inner);
        if *said != what {
            *said = what;
            self.count.done.store(0, Ordering::Relaxed);
            self.count.total.store(0, Ordering::Relaxed);
        }
    }
}

impl Drop for Progress {
    /// Clears the line, if there is one.
    fn drop(&mut self) {
        if let Some((works, thread)) = self.drawing.take() {
            drop(works);
            let _ = thread.join();
        }
    }
}

/// Whether there is a terminal that can, and no hook that would take the line for words of ours.
fn is_seen() -> bool {
    io::stderr().is_terminal()
        && variable("TERM").is_none_or(|term| term != "dumb")
        && !hooks::is_within_hook()
}

impl Count {
    fn new(what: &'static str, total: Option<u64>) -> Count {
        let total = AtomicU64::new(total.unwrap_or_default());
        Count { what: Mutex::new(what), done: AtomicU64::new(0), total }
    }

    /// The line, in at most so many columns: what cannot be read in full is left out before what can.
    fn line(&self, columns: usize) -> String {
        let what = *self.what.lock().unwrap_or_else(PoisonError::into_inner);
        if what.is_empty() {
            return String::new();
        }
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let number = |n: u64| words::number(usize::try_from(n).unwrap_or(usize::MAX));
        let whole = match (done, total) {
            (0, 0) => format!("{what} …"),
            (_, 0) => format!("{what}: {}", number(done)),
            _ => {
                let percent = u128::from(done.min(total)) * 100 / u128::from(total);
                format!("{what}: {} of {}, {percent}%", number(done), number(total))
            }
        };
        fit(&whole, columns).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A terminal that remembers.
    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Terminal {
        fn shown(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }

        fn wait_for(&self, text: &str) {
            while !self.shown().contains(text) {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    #[test]
    fn the_line_fits() {
        for (done, total, columns, line) in [
            (0, 0, 79, "reading contacts …"),
            (1234, 0, 79, "reading contacts: 1,234"),
            (0, 100_000, 79, "reading contacts: 0 of 100,000, 0%"),
            (45_231, 100_000, 79, "reading contacts: 45,231 of 100,000, 45%"),
            (100_000, 100_000, 79, "reading contacts: 100,000 of 100,000, 100%"),
            (7, 5, 79, "reading contacts: 7 of 5, 100%"),
            (45_231, 100_000, 20, "reading contacts: 4…"),
            (1, 2, 0, ""),
        ] {
            let count = Count::new("reading contacts", Some(total));
            count.done.store(done, Ordering::Relaxed);
            assert_eq!(count.line(columns), line);
        }
    }

    #[test]
    fn short_work_says_nothing() {
        let terminal = Terminal::default();
        let progress = Progress::drawn("work", Some(3), terminal.clone(), || 80, Duration::from_secs(60));
        progress.add(3);
        drop(progress);
        assert_eq!(terminal.shown(), "");
    }

    #[test]
    fn long_work_shows_how_far_it_is_and_leaves_no_trace() {
        let terminal = Terminal::default();
        let progress = Progress::drawn("work", None, terminal.clone(), || 80, Duration::from_millis(1));
        terminal.wait_for("\rwork …\u{1b}[K");
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1000).for_each(|_| progress.add(1)));
            }
        });
        terminal.wait_for("\rwork: 4,000\u{1b}[K");
        progress.set(4_500, 9_000);
        terminal.wait_for("\rwork: 4,500 of 9,000, 50%\u{1b}[K");
        drop(progress);
        assert!(terminal.shown().ends_with("\r\u{1b}[K"), "{:?}", terminal.shown());
        assert!(!terminal.shown().contains('\n'));
    }

    #[test]
    fn one_thing_after_the_other() {
        let terminal = Terminal::default();
        let progress = Progress::drawn("reading", None, terminal.clone(), || 80, Duration::from_millis(1));
        progress.set(3, 4);
        terminal.wait_for("\rreading: 3 of 4, 75%\u{1b}[K");
        progress.next("asking");
        terminal.wait_for("\rasking …\u{1b}[K");
        // What another program writes meanwhile stays.
        let before = terminal.shown().len();
        thread::sleep(3 * REDRAW);
        assert_eq!(terminal.shown().len(), before);
        progress.next("");
        terminal.wait_for("\rasking …\u{1b}[K\r\u{1b}[K");
        drop(progress);
        assert!(terminal.shown().ends_with("asking …\u{1b}[K\r\u{1b}[K"), "cleared once");
    }

    #[test]
    fn at_most_ten_times_a_second() {
        let (terminal, began) = (Terminal::default(), std::time::Instant::now());
        let progress = Progress::drawn("work", Some(9), terminal.clone(), || 80, Duration::ZERO);
        for _ in 0..350 {
            progress.add(1);
            thread::sleep(Duration::from_millis(1));
        }
        drop(progress);
        let drawn = terminal.shown().matches("work").count();
        assert!(drawn >= 1 && drawn as u128 <= began.elapsed().as_millis() / 100 + 1, "{drawn}");
    }

    #[test]
    fn nothing_for_a_pipe() {
        // Under a test, standard error may be a terminal; with a hook's name in the environment it would be silent.
        let progress = Progress::new("work", None);
        assert_eq!(progress.drawing.is_some(), is_seen());
    }
}
