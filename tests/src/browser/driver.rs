//! `chromedriver` on a port of its own, and an end for it and its Chromium whatever becomes of the test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::team;

/// What to do where there is no browser.
const MISSING: &str = "the tests of the pages need a browser: install Debian's packages \"chromium\" and \
                       \"chromium-driver\", or what your system calls them";

/// A running driver. It ends when it is dropped, with all that it started, and its folder goes.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Driver {
    /// Starts one; `name` tells its folder from those of other tests.
    ///
    /// # Panics
    /// Where there is no browser, or none that starts.
    pub fn start(name: &str) -> Driver {
        let folder = team::fresh_folder(&format!("{name}-browser"));
        // A group of its own can be ended as a whole. A driver whose test was killed gets a signal of its own, and the
        // browser ends with the driver, since they talk through a pipe.
        let mut command = match find("setpriv") {
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", "KILL", "--"]);
                command.arg(find("chromedriver").unwrap_or_else(|| panic!("no chromedriver: {MISSING}")));
                command
            }
            None => {
                Command::new(find("chromedriver").unwrap_or_else(|| panic!("no chromedriver: {MISSING}")))
            }
        };
        command.arg("--port=0").process_group(0).env("TMPDIR", &folder).env("HOME", &folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut child) = command.spawn() else { panic!("chromedriver does not start: {MISSING}") };
        let Some(out) = child.stdout.take() else { panic!("chromedriver prints nothing") };
        let mut reader = BufReader::new(out);
        let Some(port) = port(&mut reader) else { panic!("chromedriver ended at once: {MISSING}") };
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        Driver { child, port, folder }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Which Chromium it is to start.
    ///
    /// # Panics
    /// Where there is none.
    pub fn chromium() -> PathBuf {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        match names.into_iter().find_map(find) {
            Some(program) => program,
            None => panic!("no chromium: {MISSING}"),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
        // The browser's last processes may still be at its files.
        for _ in 0..20 {
            if fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
    }
}

/// The port that it says it is on.
fn port(reader: &mut impl BufRead) -> Option<u16> {
    let lines = reader.lines().map_while(Result::ok);
    let mut started = lines.filter(|line| line.contains("started successfully on port"));
    started.next()?.trim_end_matches('.').rsplit(' ').next()?.parse().ok()
}

/// A program of the PATH.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| Path::is_file(file))
}
