//! The front door: those who are slow, many, or too long, and the way a server ends.

use std::fs;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit, setrlimit};
use tickler_tests::talk::{Talk, ask};
use tickler_tests::{Serving, team};

const FETCH: &str = "application/x-git-upload-pack-request";

/// The head of a fetch whose body has so many bytes.
fn fetch(serving: &Serving, length: usize) -> String {
    format!(
        "POST /main.git/git-upload-pack HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\nContent-Type: {FETCH}\r\n\
         Content-Length: {length}\r\n\r\n",
        serving.login("admin")
    )
}

/// How long it takes until that is so.
#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never is so");
        std::thread::sleep(Duration::from_millis(10));
    }
    begun.elapsed()
}

/// One of the server's figures.
fn figure(serving: &Serving, name: &str) -> f64 {
    let text = ask(serving.address(), "GET /metrics", &[], b"").text();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0)
}

/// How many processes the server runs, without asking it.
fn children(serving: &Serving) -> usize {
    let tasks = fs::read_dir(format!("/proc/{}/task", serving.id())).expect("the tasks of the server");
    let of = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).unwrap_or_default();
    tasks.flatten().map(|task| of(task).split_whitespace().count()).sum()
}

/// Puts that many megabytes that no packing makes smaller into the notebook, past the server.
fn fill(serving: &Serving, megabytes: usize) {
    serving.git("", "clone --quiet data/notebooks/main.git big");
    let mut bytes = vec![0; megabytes << 20];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for byte in &mut bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state.to_le_bytes()[3];
    }
    fs::write(serving.folder().join("big/noise.bin"), bytes).unwrap();
    serving.git("big", "add noise.bin");
    serving.git("big", "-c user.name=pat -c user.email=pat@acme.example commit --quiet -m noise");
    serving.git(
        "big",
        "push --quiet --receive-pack 'git -c core.hooksPath=/dev/null receive-pack' origin HEAD:main",
    );
}

/// A fetch of everything (version 0 of the protocol).
fn want(serving: &Serving) -> String {
    let body = format!("0032want {}\n00000009done\n", serving.tip("main"));
    format!("{}{body}", fetch(serving, body.len()))
}

#[test]
fn a_head_or_a_body_that_does_not_come_is_not_waited_for() {
    let serving = Serving::set("slow", &[], "[limits]\nheader_seconds = 1\nbody_idle_seconds = 1\n");
    for begun in ["", "GET /healthz HTTP/1.1\r\nHost:", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut talk = Talk::to(serving.address());
        let since = Instant::now();
        talk.send(begun.as_bytes()).unwrap();
        if begun.ends_with("\r\n\r\n") {
            assert_eq!(talk.answer("GET").unwrap().status, 200);
        }
        assert!(talk.is_closed(), "{begun}");
        let took = since.elapsed();
        assert!(took > Duration::from_millis(900) && took < Duration::from_secs(9), "{begun}: {took:?}");
    }
    let mut talk = Talk::to(serving.address());
    talk.send(fetch(&serving, 100).as_bytes()).unwrap();
    talk.send(b"0011").unwrap();
    assert_eq!(talk.answer("POST").unwrap().status, 408);
}

#[test]
fn idle_connections_make_room() {
    let files = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files }).unwrap();
    let serving = Serving::example("idle");
    let idle: Vec<TcpStream> =
        (0..1000).map(|_| TcpStream::connect(serving.address()).expect("a connection")).collect();
    serving.clone_by("admin", "clone");
    assert!(figure(&serving, "tickler_connections ") <= 64.0);
    assert!(figure(&serving, "tickler_connections_closed_total ") >= 900.0);
    drop(idle);
}

#[test]
fn those_who_are_at_work_do_not() {
    let serving = Serving::set("full", &[], "[limits]\nconnections = 2\n");
    let mut busy: Vec<Talk> = (0..2).map(|_| Talk::to(serving.address())).collect();
    for talk in &mut busy {
        talk.send(fetch(&serving, 4).as_bytes()).unwrap();
    }
    until(|| children(&serving) == 2);
    let answer = ask(serving.address(), "GET /healthz", &[], b"");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")));
    busy[0].send(b"0000").unwrap();
    assert_eq!(busy[0].answer("POST").unwrap().status, 200);
    // The first is open still, but idles: it makes room.
    until(|| ask(serving.address(), "GET /healthz", &[], b"").status == 200);
    assert!(busy[0].is_closed());
    busy[1].send(b"0000").unwrap();
    assert_eq!(busy[1].answer("POST").unwrap().status, 200);
}

#[test]
fn without_files_to_open_it_neither_spins_nor_gives_up() {
    let serving = Serving::set("files", &[], "[limits]\nconnections_per_address = 256\n");
    let server = Pid::from_raw(serving.id().cast_signed());
    let few = getrlimit(Resource::Nofile);
    prlimit(server, Resource::Nofile, Rlimit { current: Some(40), ..few }).unwrap();
    let idle: Vec<TcpStream> =
        (0..100).map(|_| TcpStream::connect(serving.address()).expect("a connection")).collect();
    let spent = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", serving.id())).unwrap();
        let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
        times.map(|ticks| ticks.parse::<u64>().unwrap()).sum::<u64>()
    };
    serving.wait_for_log("cannot accept connections");
    let before = spent();
    std::thread::sleep(Duration::from_secs(1));
    assert!(spent() - before < 20, "it spins: {} ticks in a second", spent() - before);
    assert_eq!(ask(serving.address(), "GET /nothing/at/all", &[], b"").status, 404);
    assert!(serving.log().matches("cannot accept").count() < 3, "{}", serving.log());
    drop(idle);
    until(|| ask(serving.address(), "GET /healthz", &[], b"").status == 200);
}

#[test]
fn what_is_too_long_is_refused_with_its_own_status() {
    let serving = Serving::example("long");
    let to = serving.address();
    let login = serving.login("admin");
    let (long, longer) = ("a".repeat(9_000), "a".repeat(200_000));
    let many: Vec<String> = (0..120).map(|number| format!("X-{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "x")).collect();
    assert_eq!(ask(to, &format!("GET /{long}"), &[], b"").status, 414);
    assert_eq!(ask(to, &format!("GET /healthz?{long}"), &[], b"").status, 414);
    assert!(matches!(ask(to, &format!("GET /{longer}"), &[], b"").status, 414 | 431));
    assert_eq!(ask(to, "GET /healthz", &[("X-Long", &long)], b"").status, 200);
    assert_eq!(ask(to, "GET /healthz", &[("X-Longer", &longer)], b"").status, 431);
    assert_eq!(ask(to, "GET /healthz", &many, b"").status, 431);
    let mut talk = Talk::to(to);
    talk.send(fetch(&serving, 17 << 20).as_bytes()).unwrap();
    assert_eq!(talk.answer("POST").unwrap().status, 413);
    let headers = [("Authorization", &*login), ("Content-Type", FETCH), ("Content-Encoding", "br")];
    assert_eq!(ask(to, "POST /main.git/git-upload-pack", &headers, b"0000").status, 415);
    for (broken, status) in [
        ("GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("GET /healthz HTTP/3.7\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}hello\r\n\r\n", 400),
    ] {
        let mut talk = Talk::to(to);
        talk.send(broken.as_bytes()).unwrap();
        assert_eq!(talk.answer("GET").unwrap().status, status, "{broken:?}");
    }
}

#[test]
fn a_connection_takes_one_request_after_the_other() {
    let serving = Serving::example("keep-alive");
    let mut talk = Talk::to(serving.address());
    talk.send(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let head = talk.answer("HEAD").unwrap();
    assert_eq!((head.status, head.header("content-length")), (200, Some("3")));
    // Three at once, one of them a fetch.
    let lines = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    talk.send(
        format!("{lines}{}0000GET /nothing/at/all HTTP/1.1\r\nHost: x\r\n\r\n", fetch(&serving, 4))
            .as_bytes(),
    )
    .unwrap();
    let statuses = ["GET", "POST", "GET"].map(|method| talk.answer(method).unwrap().status);
    assert_eq!(statuses, [200, 200, 404]);
    // A refused body is not taken for the next request, whether the connection stays open or not.
    let body = "GET /smuggled/by/it HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = body.len();
    talk.send(
        format!("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes(),
    )
    .unwrap();
    assert_eq!(talk.answer("POST").unwrap().status, 405);
    let is_open = talk.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").is_ok();
    if let (true, Ok(answer)) = (is_open, talk.answer("GET")) {
        assert_eq!(answer.status, 200);
    }
    let others = serving.log().matches("\"route\":\"none\"").count();
    assert_eq!(others, 2, "only /nothing/at/all and POST /healthz: {}", serving.log());
}

#[test]
fn told_to_stop_it_finishes_a_clone() {
    let mut serving = Serving::example("stop");
    fill(&serving, 16);
    let mut talk = Talk::to(serving.address());
    talk.send(want(&serving).as_bytes()).unwrap();
    assert_eq!(talk.head().unwrap().0, 200);
    let mut pack = talk.chunk().unwrap().unwrap();
    let mut idle = Talk::to(serving.address());
    serving.signal("TERM");
    assert!(idle.is_closed());
    until(|| TcpStream::connect(serving.address()).is_err());
    while let Some(chunk) = talk.chunk().unwrap() {
        pack.extend(chunk);
    }
    assert!(pack.len() > 16 << 20, "{}", pack.len());
    // "NAK", then the pack, whole.
    fs::write(serving.folder().join("all.pack"), &pack[8..]).unwrap();
    let (index, input) = (serving.folder().join("all.idx"), serving.folder().join("all.pack"));
    let checked =
        Command::new("git").args(["index-pack", "--strict", "-o"]).arg(index).arg(input).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(serving.ended(), Some(0));
}

#[test]
fn told_to_stop_it_ends_at_once_where_nothing_is_under_way() {
    let mut serving = Serving::example("stop-idle");
    let mut idle = Talk::to(serving.address());
    idle.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    assert_eq!(idle.answer("GET").unwrap().status, 200);
    let mut half = Talk::to(serving.address());
    half.send(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let begun = Instant::now();
    serving.signal("INT");
    assert_eq!(serving.ended(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(idle.is_closed() && half.is_closed());

    serving.restart();
    let mut talk = Talk::to(serving.address());
    talk.send(fetch(&serving, 4).as_bytes()).unwrap();
    until(|| figure(&serving, "tickler_git_processes{service=\"upload-pack\"} ") == 1.0);
    serving.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn a_reader_that_takes_nothing_is_given_up() {
    let serving = Serving::set("stalled", &[], "[limits]\nbody_idle_seconds = 1\n");
    fill(&serving, 16);
    let mut talk = Talk::to(serving.address());
    talk.send(want(&serving).as_bytes()).unwrap();
    assert_eq!(talk.head().unwrap().0, 200);
    let took = until(|| figure(&serving, "tickler_git_processes{service=\"upload-pack\"} ") == 0.0);
    assert!(took > Duration::from_millis(500), "{took:?}");
    serving.wait_for_log("\"whole\":false");
}

#[test]
fn tokens_do_not_cross_a_network_in_the_clear() {
    let folder = team::fresh_folder("in-the-clear");
    let mut command = Command::new(tickler_tests::server_binary());
    command.args(["serve", "--listen", "0.0.0.0:0", "--data"]).arg(folder.join("data")).stdin(Stdio::null());
    let ran = tickler_tests::ran(command);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("in the clear") && ran.err.contains("--behind-proxy"), "{}", ran.err);
    fs::remove_dir_all(folder).unwrap();
}
