//! The two hosts: our server, and `git http-backend` behind nginx and fcgiwrap, each on a copy of the same repository.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tickler_tests::Serving;
use tickler_tests::team::git;

use crate::options::Options;

/// The generator of notebooks.
const GENERATOR: &str = include_str!("../gen_corpus.py");

/// A notebook of so many contacts in folders by letter, committed; and a bare repository of it, in one pack.
pub struct Seed {
    folder: PathBuf,
}

impl Seed {
    pub fn new(options: &Options) -> Seed {
        let folder = options.data.join(format!("tickler-load-seed-{}", options.contacts));
        let bare = folder.join("bare.git");
        if bare.join("whole").exists() {
            return Seed { folder };
        }
        eprintln!("load: generating {} contacts", options.contacts);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("generate.py"), GENERATOR).unwrap();
        let contacts = options.contacts.to_string();
        let words = ["generate.py", "--git", "--contacts", &contacts, "--out", "notebook"];
        let mut python = Command::new("python3");
        python.args(words).current_dir(&folder).stdout(Stdio::null());
        python.env("GIT_CONFIG_GLOBAL", "/dev/null");
        for (name, value) in [("NAME", "Bench"), ("EMAIL", "bench@example.com")] {
            python.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        assert!(python.status().unwrap().success(), "the generator of notebooks failed");
        says(&folder, "clone --quiet --bare --no-local notebook bare.git");
        says(&bare, "branch -M main");
        says(&bare, "repack -a -d -q");
        fs::write(bare.join("whole"), "").unwrap();
        Seed { folder }
    }

    /// The bare repository.
    pub fn bare(&self) -> PathBuf {
        self.folder.join("bare.git")
    }
}

fn says(folder: &Path, line: &str) {
    let output = git(folder, line);
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Our server on a copy of the seed, with a user for each client.
pub fn ours(name: &str, options: &Options, seed: &Seed) -> Serving {
    let mut serving = Serving::with(name, &[], |_| {});
    let bare = serving.repository("main");
    says(&bare, &format!("fetch --quiet --force {} main:refs/heads/seed", seed.bare().display()));
    says(&bare, "update-ref refs/heads/main refs/heads/seed");
    says(&bare, "update-ref -d refs/heads/seed");
    for client in 0..options.clients {
        serving.add_user(&format!("user{client}"), "editor");
    }
    serving
}

/// nginx, fcgiwrap and git's own server.
pub struct Backend {
    nginx: Child,
    wrap: Child,
    folder: PathBuf,
    port: u16,
}

/// What nginx asks of everybody.
const PASSWORD: &str = "open-sesame";

impl Backend {
    pub fn new(name: &str, options: &Options, seed: &Seed) -> Backend {
        let folder = options.data.join(format!("tickler-load-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("root")).unwrap();
        says(&folder, &format!("clone --quiet --bare --no-local {} root/main.git", seed.bare().display()));
        says(&folder.join("root/main.git"), "config http.receivepack true");
        let users: String = (0..options.clients).map(|n| format!("user{n}:{{PLAIN}}{PASSWORD}\n")).collect();
        fs::write(folder.join("users"), format!("admin:{{PLAIN}}{PASSWORD}\n{users}")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        fs::write(folder.join("nginx.conf"), configuration(&folder, port)).unwrap();
        let socket = folder.join("socket");
        let mut wrap = Command::new("fcgiwrap");
        wrap.args(["-c", "8", "-s", &format!("unix:{}", socket.display())]);
        let wrap = started(wrap, "fcgiwrap");
        let mut nginx = Command::new("nginx");
        nginx
            .arg("-e")
            .arg(folder.join("errors"))
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"));
        let nginx = started(nginx, "nginx");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() || !socket.exists() {
            assert!(begun.elapsed() < Duration::from_secs(10), "nginx does not answer");
            sleep(Duration::from_millis(20));
        }
        Backend { nginx, wrap, folder, port }
    }

    pub fn url(&self, user: &str) -> String {
        format!("http://{user}:{PASSWORD}@127.0.0.1:{}/main.git", self.port)
    }

    pub fn repository(&self) -> PathBuf {
        self.folder.join("root/main.git")
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // Told gently, nginx takes its worker with it.
        let _ = Command::new("kill").arg(self.nginx.id().to_string()).status();
        let _ = self.nginx.wait();
        let _ = self.wrap.kill();
        let _ = self.wrap.wait();
        let _ = Command::new("pkill").args(["-x", "fcgiwrap"]).status();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn started(mut command: Command, package: &str) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{package}: {error} (apt install {package})"))
}

fn configuration(folder: &Path, port: u16) -> String {
    let path = git(folder, "--exec-path").stdout;
    let backend = PathBuf::from(String::from_utf8_lossy(&path).trim()).join("git-http-backend");
    let folder = folder.display();
    let fields = [
        ("SCRIPT_FILENAME", backend.to_str().unwrap()),
        ("GIT_PROJECT_ROOT", &format!("{folder}/root")),
        ("GIT_HTTP_EXPORT_ALL", "1"),
        ("PATH_INFO", "$uri"),
        ("QUERY_STRING", "$query_string"),
        ("REQUEST_METHOD", "$request_method"),
        ("CONTENT_TYPE", "$content_type"),
        ("CONTENT_LENGTH", "$content_length"),
        ("REMOTE_USER", "$remote_user"),
        ("REMOTE_ADDR", "$remote_addr"),
        ("GIT_PROTOCOL", "$http_git_protocol"),
        ("HTTP_CONTENT_ENCODING", "$http_content_encoding"),
        ("SERVER_PROTOCOL", "$server_protocol"),
    ];
    let fields: String =
        fields.map(|(name, value)| format!("      fastcgi_param {name} {value};\n")).concat();
    // As root, nginx would have its worker be somebody who may not look into the folder.
    format!(
        "user root; daemon off; worker_processes 2; pid {folder}/pid;\nevents {{ worker_connections 256; }}\nhttp {{\n  \
         access_log off; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi;\n  proxy_temp_path \
         {folder}/proxy; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n  server {{\n    listen \
         127.0.0.1:{port}; client_max_body_size 0;\n    location / {{\n      auth_basic tickler; auth_basic_user_file \
         {folder}/users;\n      fastcgi_pass unix:{folder}/socket;\n{fields}    }}\n  }}\n}}\n"
    )
}
