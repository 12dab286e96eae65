//! The real `tickler-server` on a data folder of its own, with a log that is searched for secrets when it ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use data_encoding::BASE64;

use crate::{Ran, ran, server_binary, team};

/// How long a server may take until it serves, or until it has ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. It ends when it is dropped, and its folder goes.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
    words: Vec<String>,
    secrets: Vec<(String, String)>,
    /// What is secret and no token.
    others: Vec<(String, String)>,
    /// Nothing that it printed may hold a token.
    is_https: bool,
}

impl Serving {
    /// A server on an empty folder, with the worked example as its first notebook; `name` tells it from those of other
    /// tests.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn example(name: &str) -> Serving {
        Serving::with(name, &["--example"], |_| {})
    }

    /// A server with the worked example and these lines of `server.toml`.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn set(name: &str, words: &[&str], settings: &str) -> Serving {
        let words: Vec<&str> = ["--example"].iter().chain(words).copied().collect();
        Serving::with(name, &words, |data| {
            let made =
                ["notebooks", "record", "hooks"].iter().all(|one| fs::create_dir_all(data.join(one)).is_ok());
            assert!(made && fs::write(data.join("server.toml"), settings).is_ok(), "no data folder");
        })
    }

    /// A server with these words on its command line. `prepare` may put a `server.toml` or more into its data folder.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn with(name: &str, words: &[&str], prepare: impl FnOnce(&Path)) -> Serving {
        let folder = team::fresh_folder(name);
        let data = folder.join("data");
        prepare(&data);
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (child, address, first) = start(&folder, "127.0.0.1:0", &words);
        let is_https = words.iter().any(|word| word == "--tls-cert");
        let secrets = first.into_iter().map(|token| ("admin".to_owned(), token)).collect();
        Serving { child, folder, address, words, secrets, others: Vec::new(), is_https }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder around it, which goes with the server: for clones and the like.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bare repository of a notebook.
    pub fn repository(&self, notebook: &str) -> PathBuf {
        self.data().join(format!("notebooks/{notebook}.git"))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The token of a user; `admin` is the first one.
    ///
    /// # Panics
    /// Where the test knows none.
    #[track_caller]
    pub fn token(&self, user: &str) -> &str {
        match self.secrets.iter().rev().find(|(name, _)| name == user) {
            Some((_, token)) => token,
            None => panic!("no token of {user} is known"),
        }
    }

    /// Adds a user with a role in `main`.
    ///
    /// # Panics
    /// Where that fails.
    #[track_caller]
    pub fn add_user(&mut self, name: &str, role: &str) {
        let said = self.says(&["user", "add", name, "--role", role]);
        self.note_token(name, &said);
    }

    /// Keeps in mind the token that a command printed, and that it is secret.
    ///
    /// # Panics
    /// Where it printed none.
    #[track_caller]
    pub fn note_token(&mut self, name: &str, said: &str) {
        match token_in(said) {
            Some(token) => self.secrets.push((name.to_owned(), token)),
            None => panic!("no token: {said}"),
        }
    }

    /// Keeps in mind that something else of a user is secret, such as the address of a calendar.
    pub fn note_secret(&mut self, name: &str, secret: &str) {
        self.others.push((name.to_owned(), secret.to_owned()));
    }

    /// The address of a notebook's repository, with a user and the token in it.
    #[track_caller]
    pub fn url(&self, user: &str, notebook: &str) -> String {
        self.url_with(user, self.token(user), notebook)
    }

    /// The same with any password.
    pub fn url_with(&self, user: &str, password: &str, notebook: &str) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{user}:{password}@{}/{notebook}.git", self.address)
    }

    /// What comes of one of the server's other commands on its data folder.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn command(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(server_binary());
        command.args(words).args(["--data", &self.data().display().to_string()]).stdin(Stdio::null());
        ran(command)
    }

    /// What such a command prints; it must end well.
    ///
    /// # Panics
    /// Where it does not.
    #[track_caller]
    pub fn says(&self, words: &[&str]) -> String {
        let ran = self.command(words);
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// What git says in a folder below [`Serving::folder`]; it must not fail.
    ///
    /// # Panics
    /// Where it does.
    #[track_caller]
    pub fn git(&self, folder: &str, line: &str) -> String {
        let output = team::git(&self.folder.join(folder), line);
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A clone of `main` by a user, in a folder of that name below [`Serving::folder`], that git can commit in.
    ///
    /// # Panics
    /// Where git fails.
    #[track_caller]
    pub fn clone_by(&self, user: &str, folder: &str) -> PathBuf {
        self.git("", &format!("clone --quiet {} {folder}", self.url(user, "main")));
        self.git(folder, &format!("config user.name {user}"));
        self.git(folder, &format!("config user.email {user}@acme.example"));
        self.folder.join(folder)
    }

    /// Where the branch is.
    ///
    /// # Panics
    /// Where git fails.
    #[track_caller]
    pub fn tip(&self, notebook: &str) -> String {
        self.git(&format!("data/notebooks/{notebook}.git"), "rev-parse main").trim().to_owned()
    }

    /// Everything that it logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Sends it a signal, such as `HUP`.
    ///
    /// # Panics
    /// Where that fails.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "no signal {name}");
    }

    /// Waits until the log holds that.
    ///
    /// # Panics
    /// Where it does not.
    #[track_caller]
    pub fn wait_for_log(&self, words: &str) {
        let begun = Instant::now();
        while !self.log().contains(words) {
            assert!(begun.elapsed() < PATIENCE, "not in the log: {words}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until it has ended by itself; its exit code.
    ///
    /// # Panics
    /// Where it does not end.
    #[track_caller]
    pub fn ended(&mut self) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end: {}", self.log());
    }

    /// What stands behind `Authorization:` for a user.
    ///
    /// # Panics
    /// Where the test knows no token.
    #[track_caller]
    pub fn login(&self, user: &str) -> String {
        login(user, self.token(user))
    }

    /// Ends it as a power cut would, and starts it again at the same address.
    ///
    /// # Panics
    /// Where it does not start again.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.restart();
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop, and waits until it has; its exit code.
    ///
    /// # Panics
    /// Where it does not end.
    pub fn stop(&mut self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }

    /// Starts it again at the same address, once it has ended.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn restart(&mut self) {
        let (child, address, _) = start(&self.folder, &self.address.to_string(), &self.words);
        self.child = child;
        self.address = address;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.kill();
        if !std::thread::panicking() {
            let log = self.log();
            for (user, secret) in &self.secrets {
                // The middle of a token is as good as the whole.
                assert!(!log.contains(&secret[20..40]), "the token of {user} is in the log");
                let login = BASE64.encode(format!("{user}:{secret}").as_bytes());
                assert!(!log.contains(&login[24..48]), "the login of {user} is in the log");
            }
            for (user, secret) in &self.others {
                assert!(!log.contains(&secret[20..40]), "a secret of {user} is in the log");
            }
            let users = fs::read_to_string(self.data().join("users.toml")).unwrap_or_default();
            for line in users.lines().filter(|line| line.starts_with("sha256")) {
                let hash = line.split('"').nth(1).unwrap_or_default();
                assert!(hash.len() == 64 && !log.contains(hash), "the hash of a token is in the log");
            }
        }
        if std::env::var_os("KEEP_SERVER").is_none() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// What stands behind `Authorization:` for a user with that password (RFC 7617).
pub fn login(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64.encode(format!("{user}:{password}").as_bytes()))
}

/// Starts the server; where it listens, and the token that it showed if this was its first minute.
fn start(folder: &Path, listen: &str, words: &[String]) -> (Child, SocketAddr, Option<String>) {
    let log = File::options().create(true).append(true).open(folder.join("log"));
    let Ok(log) = log else { panic!("no log in {}", folder.display()) };
    let mut command = Command::new(server_binary());
    command.args(["serve", "--listen", listen, "--data"]).arg(folder.join("data")).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let Ok(mut child) = command.spawn() else { panic!("the server does not start") };
    let Some(out) = child.stdout.take() else { panic!("it prints nothing") };
    let mut said = String::new();
    let mut reader = BufReader::new(out);
    let address = loop {
        let before = said.len();
        if reader.read_line(&mut said).unwrap_or(0) == 0 {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("the server ended: {said}{log}");
        }
        let address = said[before..].split_once("://").and_then(|(_, rest)| rest.trim().parse().ok());
        if let Some(address) = address {
            break address;
        }
    };
    // What else it prints in its first minute comes at once; later it prints nothing.
    let is_first = !folder.join("shown").exists();
    if is_first {
        let _ = File::create(folder.join("shown"));
        while token_in(&said).is_none() && reader.read_line(&mut said).unwrap_or(0) > 0 {}
    }
    let token = token_in(&said);
    // Ended before it has noted that the token was shown, it would show another one next time.
    let begun = Instant::now();
    while is_first && folder.join("data/first-minute").exists() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    (child, address, token)
}

fn token_in(said: &str) -> Option<String> {
    said.split_whitespace().find(|word| word.starts_with("tickler_")).map(str::to_owned)
}
