//! One run of a hook: it is given its input, its words are kept as far as they go, and its end is waited for.

use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{PRE_WRITE, VARIABLE};
use crate::plain::clean;
use crate::shell;

/// More of what a hook says is not kept.
const MOST_KEPT: usize = 1 << 16;
/// More than this does not fit into a pipe, so whatever comes later was not left in it by the hook.
const MOST_IN_PIPE: usize = 1 << 20;
/// How long a hook may take before somebody at a terminal wants to know what is going on.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a hook ended, and the beginning of what it said.
pub struct Ended {
    pub status: ExitStatus,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

/// Runs the command line in the folder `root` as the hook of that name, and waits for it, however long it takes: it
/// is in our group of processes, so Ctrl-C ends both. What it leaves in the background is not waited for.
///
/// # Errors
/// Where it cannot be run at all: there is no shell, no such folder, no process to be had.
pub fn run(command: &str, hook: &str, root: &Path, input: &Arc<[u8]>) -> io::Result<Ended> {
    let mut child = shell::shell(command)
        .current_dir(root)
        .env(VARIABLE, hook)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    give(&mut child, Arc::clone(input));
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let has_ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let out = scope.spawn(|| out.map(|pipe| listen(pipe, &has_ended)).unwrap_or_default());
        let err = scope.spawn(|| err.map(|pipe| listen(pipe, &has_ended)).unwrap_or_default());
        let status = saying_so(command, hook, || child.wait());
        has_ended.store(true, Ordering::Release);
        Ok(Ended {
            status: status?,
            out: out.join().unwrap_or_default(),
            err: err.join().unwrap_or_default(),
        })
    })
}

/// Writes the input from a thread of its own that nobody waits for: a hook may talk before it listens, may never
/// listen, and may leave somebody in the background who keeps the pipe open.
fn give(child: &mut Child, input: Arc<[u8]>) {
    if let Some(mut pipe) = child.stdin.take() {
        // That the hook stops reading is its own affair.
        thread::spawn(move || pipe.write_all(&input));
    }
}

/// Reads until the pipe ends, or until the process has ended and what it left in the pipe is read: whoever it left
/// in the background may keep the pipe open for ever. What is not kept is read too, so that nobody has to wait.
fn listen(mut pipe: impl Read + AsFd, has_ended: &AtomicBool) -> Vec<u8> {
    const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
    const SOON: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
    let (mut kept, mut read_since) = (Vec::new(), 0);
    let mut buffer = vec![0; MOST_KEPT];
    loop {
        // Asked before the pipe is: all that the process ever wrote is in the pipe by then.
        let is_over = has_ended.load(Ordering::Acquire);
        let mut asked = [PollFd::new(&pipe, PollFlags::IN)];
        match poll(&mut asked, Some(if is_over { &AT_ONCE } else { &SOON })) {
            Ok(0) if is_over => return kept,
            Ok(0) => continue,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return kept,
        }
        match pipe.read(&mut buffer) {
            Ok(0) => return kept,
            Ok(count) => {
                kept.extend_from_slice(&buffer[..count.min(MOST_KEPT - kept.len())]);
                read_since += if is_over { count } else { 0 };
                if read_since > MOST_IN_PIPE {
                    return kept;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return kept,
        }
    }
}

/// Waits; when that takes long, a terminal is told what for.
fn saying_so<T>(command: &str, hook: &str, wait: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return wait();
    }
    let otherwise = if hook == PRE_WRITE { "nothing is written then" } else { "what was written stays" };
    let note = format!("waiting for the {hook} hook \"{}\"; Ctrl-C stops it, {otherwise}", clean(command));
    let (waits, has_ended) = mpsc::channel::<()>();
    thread::spawn(move || {
        if has_ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            anstream::eprintln!("{note}");
        }
    });
    let answer = wait();
    drop(waits);
    answer
}
