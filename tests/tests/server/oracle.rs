//! The server against git's own `http-backend` on a copy of the same repository: the same requests, the same answers.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::read::GzEncoder;
use tickler_tests::http::{CREDENTIALS, Host};
use tickler_tests::raw::{Answered, Asking, packets};
use tickler_tests::{Serving, team};

use super::clients::commit;

/// What every answer of git's says of itself.
const HEADERS: [&str; 4] = ["content-type", "cache-control", "pragma", "expires"];
/// The settings that show in answers, as the server gives them to git.
const SETTINGS: [(&str, &str); 13] = [
    ("receive.fsckObjects", "true"),
    ("receive.denyNonFastForwards", "true"),
    ("receive.denyDeletes", "true"),
    ("receive.advertisePushOptions", "false"),
    ("receive.autogc", "false"),
    ("receive.hideRefs", "refs/sync"),
    ("receive.hideRefs", "!refs/sync/pat"),
    ("uploadpack.allowFilter", "false"),
    ("uploadpack.hideRefs", "refs/"),
    ("uploadpack.hideRefs", "!refs/heads/main"),
    ("uploadpack.hideRefs", "!refs/sync/pat/here"),
    ("pack.threads", "1"),
    ("pack.compression", "1"),
];

/// The two of them.
struct Both {
    serving: Serving,
    host: Host,
}

/// A request in short: method, address, headers, body.
type Row = (&'static str, &'static str, Vec<(&'static str, String)>, Vec<u8>);

impl Both {
    fn new(name: &str) -> Both {
        let mut serving = Serving::example(name);
        serving.add_user("pat", "editor");
        serving.git("data/notebooks", "init --quiet --bare --template= --initial-branch=main empty.git");
        serving.says(&["user", "add", "pat", "--role", "admin", "--notebook", "empty"]);
        // A second commit, and what the server makes when somebody asks for the first time.
        serving.clone_by("pat", "mine");
        commit(&serving, "mine", "contacts/zoe.md", b"+++\nname = \"Zoe\"\n+++\n");
        serving.git("mine", "push --quiet origin HEAD:main");
        let copied = Command::new("cp").args(["-R", "data", "copy"]).current_dir(serving.folder()).status();
        assert!(copied.unwrap().success());
        let copy = serving.folder().join("copy");
        let hooks = copy.join("hooks").display().to_string();
        let settings: Vec<(&str, &str)> =
            SETTINGS.into_iter().chain([("core.hooksPath", hooks.as_str())]).collect();
        let mut variables = vec![("GIT_CONFIG_COUNT".to_owned(), settings.len().to_string())];
        for (n, (key, value)) in settings.into_iter().enumerate() {
            variables.push((format!("GIT_CONFIG_KEY_{n}"), key.to_owned()));
            variables.push((format!("GIT_CONFIG_VALUE_{n}"), value.to_owned()));
        }
        for (key, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("LC_ALL", "C"),
            ("TICKLER_USER", "pat"),
            ("TICKLER_ROLE", "editor"),
            ("TICKLER_TOKEN_ID", "abcdefgh"),
            ("TICKLER_NOTEBOOK", "main"),
            ("TICKLER_DATA", &copy.display().to_string()),
        ] {
            variables.push((key.to_owned(), value.to_owned()));
        }
        let host = Host::with(&copy.join("notebooks"), &variables);
        Both { serving, host }
    }

    /// What `http-backend` answers, and what the server does.
    fn ask(&self, (method, target, headers, body): &Row, is_chunked: bool) -> [Answered; 2] {
        let pat = [
            (self.host.address(), format!("Basic {CREDENTIALS}")),
            (self.serving.address(), format!("Bearer {}", self.serving.token("pat"))),
        ];
        pat.map(|(address, login): (SocketAddr, String)| {
            let headers = headers.iter().cloned().chain([("Authorization", login)]).collect();
            let (target, body) = ((*target).to_owned(), body.clone());
            Asking { method, target, headers, body, is_chunked }.ask(address)
        })
    }

    fn same(&self, name: &str, row: &Row, is_chunked: bool) -> Answered {
        let [theirs, ours] = self.ask(row, is_chunked);
        assert_eq!(ours.status, theirs.status, "{name}: {}", String::from_utf8_lossy(&ours.body));
        for header in HEADERS.into_iter().filter(|_| theirs.status == 200) {
            assert_eq!(ours.header(header), theirs.header(header), "{name}: {header}");
        }
        if theirs.status == 200 {
            let (ours, theirs) = (normal(&ours.body), normal(&theirs.body));
            assert!(ours == theirs, "{name}:\n{}\n--- http-backend:\n{}", shown(&ours), shown(&theirs));
        }
        assert!(ours.is_whole, "{name}");
        ours
    }
}

fn shown(packets: &[Vec<u8>]) -> String {
    packets.iter().map(|packet| format!("{:?}\n", String::from_utf8_lossy(packet))).collect()
}

/// Packet lines, with what is cut into pieces as it comes put together again: how a pack is cut is up to the clock.
fn normal(body: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut rest = body;
    while rest.len() >= 4 {
        let length = str::from_utf8(&rest[..4]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let Some(length) = length.map(|length| length.max(4)).filter(|length| *length <= rest.len()) else {
            break;
        };
        let (header, packet) = (&rest[..4], &rest[4..length]);
        rest = &rest[length..];
        match (packet.first(), all.last_mut()) {
            (None, _) => all.push(header.to_vec()),
            // An empty piece says only that git is still there.
            (Some(1..=3), _) if packet.len() == 1 => {}
            (Some(band @ 1..=3), Some(last)) if last.first() == Some(band) => last.extend(&packet[1..]),
            _ => all.push(packet.to_vec()),
        }
    }
    all.push(rest.to_vec());
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(bytes, Compression::default()).read_to_end(&mut packed).unwrap();
    packed
}

fn upload(headers: &[(&'static str, &str)], body: Vec<u8>) -> Row {
    let mut all = vec![("Content-Type", "application/x-git-upload-pack-request".to_owned())];
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    ("POST", "/main.git/git-upload-pack", all, body)
}

fn receive(body: Vec<u8>) -> Row {
    let headers = vec![("Content-Type", "application/x-git-receive-pack-request".to_owned())];
    ("POST", "/main.git/git-receive-pack", headers, body)
}

/// The pack of all between two commits of a clone.
fn pack(serving: &Serving, folder: &str, from: &str, to: &str) -> Vec<u8> {
    let mut git = Command::new("git");
    git.args(["pack-objects", "--quiet", "--stdout", "--revs"]).current_dir(serving.folder().join(folder));
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{to}\n^{from}\n").as_bytes()).unwrap();
    child.wait_with_output().unwrap().stdout
}

/// A push of one ref.
pub fn push(serving: &Serving, folder: &str, name: &str) -> Vec<u8> {
    let (from, to) = (serving.tip("main"), super::clients::head(serving, folder));
    let old = if name == "refs/heads/main" { from.clone() } else { "0".repeat(40) };
    let command = format!("{old} {to} {name}\0 report-status side-band-64k quiet agent=test");
    let mut body = packets(&[&command, ""]);
    body.extend(pack(serving, folder, &from, &to));
    body
}

#[test]
fn fetches_are_those_of_http_backend() {
    let both = Both::new("oracle-fetch");
    let tip = both.serving.tip("main");
    let version = |version: &str| vec![("Git-Protocol", format!("version={version}"))];
    for target in ["/main.git/info/refs?service=git-", "/empty.git/info/refs?service=git-"] {
        for service in ["upload-pack", "receive-pack"] {
            let target: &'static str = format!("{target}{service}").leak();
            for headers in [vec![], version("0"), version("1"), version("2"), version("3"), version("2")] {
                let name = format!("{target} {headers:?}");
                let answered = both.same(&name, &("GET", target, headers, vec![]), false);
                assert_eq!(answered.status, 200, "{name}");
            }
        }
    }
    let want = format!("want {tip} side-band-64k ofs-delta no-progress agent=test\n");
    let v0 = packets(&[&want, "", "done\n"]);
    let v0_shallow = packets(&[&want, "deepen 1\n", "", "done\n"]);
    let v0_in_part = packets(&[&want, "", &format!("have {tip}\n"), "done\n"]);
    let want = format!("want {tip}\n");
    let v2 = packets(&["command=fetch", "agent=test", "|", "no-progress", "ofs-delta", &want, "done\n", ""]);
    let v2_shallow = packets(&["command=fetch", "|", "no-progress", "deepen 1\n", &want, "done\n", ""]);
    let refs = packets(&["command=ls-refs\n", "|", "peel\n", "symrefs\n", "ref-prefix refs/\n", ""]);
    let two = ("Git-Protocol", "version=2");
    let zipped = ("Content-Encoding", "gzip");
    let rows = [
        ("v0", upload(&[], v0.clone()), "PACK"),
        ("v0 shallow", upload(&[], v0_shallow), "shallow "),
        ("v0 with haves", upload(&[], v0_in_part), "ACK"),
        ("v0 gzip", upload(&[zipped], gzip(&v0)), "PACK"),
        ("v1", upload(&[("Git-Protocol", "version=1")], v0), "PACK"),
        ("v2", upload(&[two], v2.clone()), "PACK"),
        ("v2 shallow", upload(&[two], v2_shallow), "shallow "),
        ("v2 gzip", upload(&[two, zipped], gzip(&v2)), "PACK"),
        ("v2 refs", upload(&[two], refs.clone()), "refs/heads/main"),
        ("v2 refs gzip", upload(&[two, zipped], gzip(&refs)), "refs/sync/pat/here"),
        ("v2 flush", upload(&[two], packets(&[""])), ""),
        (
            "no such commit",
            upload(&[], packets(&[&format!("want {}\n", "1".repeat(40)), "", "done\n"])),
            "not our ref",
        ),
    ];
    for (name, row, holds) in rows {
        for is_chunked in [false, true] {
            let answered = both.same(&format!("{name}, chunked: {is_chunked}"), &row, is_chunked);
            let text = String::from_utf8_lossy(&answered.body).into_owned();
            assert!(text.contains(holds), "{name}: {text}");
        }
    }
}

#[test]
fn pushes_are_those_of_http_backend() {
    let both = Both::new("oracle-push");
    let serving = &both.serving;
    commit(serving, "mine", "contacts/yan.md", b"+++\nname = \"Yan\"\n+++\n");
    let tip = serving.tip("main");
    let delete = format!("{tip} {} refs/heads/main\0 report-status side-band-64k quiet", "0".repeat(40));
    let cut = push(serving, "mine", "refs/heads/main");
    let cut = cut[..cut.len() - 30].to_vec();
    let rows = [
        ("the probe", packets(&[""]), ""),
        ("to another branch", push(serving, "mine", "refs/heads/other"), "pre-receive hook declined"),
        ("to another's place", push(serving, "mine", "refs/sync/sam/laptop"), "deny updating a hidden ref"),
        ("a deletion", packets(&[&delete, ""]), "ng refs/heads/main"),
        ("half a pack", cut, "unpack "),
        ("a push", push(serving, "mine", "refs/heads/main"), "ok refs/heads/main"),
        ("the same again", push(serving, "mine", "refs/heads/main"), "ng refs/heads/main"),
    ];
    for (n, (name, body, holds)) in rows.into_iter().enumerate() {
        let answered = both.same(name, &receive(body), n % 2 == 1);
        let text = String::from_utf8_lossy(&answered.body).into_owned();
        assert!(text.contains(holds), "{name}: {text}");
    }
    let copy = team::git(&serving.folder().join("copy/notebooks/main.git"), "rev-parse main").stdout;
    assert_eq!(String::from_utf8_lossy(&copy).trim(), serving.tip("main"));
    assert_ne!(serving.tip("main"), tip);
}

#[test]
fn these_are_not_those_of_http_backend() {
    let both = Both::new("oracle-not");
    let get = |target| ("GET", target, vec![], vec![]);
    let typed = |value: &str| vec![("Content-Type", value.to_owned())];
    let zipped = ("Content-Encoding", "gzip");
    let cut = gzip(&packets(&[""]));
    let rows: [(&str, Row, u16, u16); 11] = [
        ("the old protocol", get("/main.git/info/refs"), 200, 403),
        ("a file of the old protocol", get("/main.git/HEAD"), 200, 404),
        ("no such notebook", get("/other.git/info/refs?service=git-upload-pack"), 404, 404),
        ("without .git", get("/main/info/refs?service=git-upload-pack"), 200, 404),
        ("no such service", get("/main.git/info/refs?service=git-nothing"), 403, 403),
        ("archives", get("/main.git/info/refs?service=git-upload-archive"), 200, 403),
        ("GET of a service", get("/main.git/git-upload-pack"), 400, 405),
        ("another type", ("POST", "/main.git/git-upload-pack", typed("text/plain"), vec![]), 415, 415),
        // Their 200 has been said before git looks at the request.
        ("no packet lines", upload(&[], b"nonsense".to_vec()), 200, 500),
        ("gzip cut off", upload(&[zipped], cut[..cut.len() - 6].to_vec()), 200, 400),
        ("an unknown packing", upload(&[("Content-Encoding", "br")], vec![]), 200, 415),
    ];
    for (name, row, theirs, ours) in rows {
        let answered = both.ask(&row, false);
        assert_eq!(answered.each_ref().map(|answered| answered.status), [theirs, ours], "{name}");
        assert!(!(300..400).contains(&answered[1].status), "{name}: no client follows everywhere");
    }
}
