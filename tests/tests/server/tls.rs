//! TLS: a clone over https, a new certificate without a restart, and errors in clear words.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tickler_tests::talk::Talk;
use tickler_tests::{Serving, ran, server_binary, team};

/// Writes a new certificate for this machine, and its key.
fn certify(folder: &Path) {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

/// A server with a certificate in a folder of its own.
fn serving(name: &str, settings: &str) -> (Serving, std::path::PathBuf) {
    let folder = team::fresh_folder(&format!("{name}-certificate"));
    certify(&folder);
    let [certificate, key] = ["cert.pem", "key.pem"].map(|file| folder.join(file).display().to_string());
    (Serving::set(name, &["--tls-cert", &certificate, "--tls-key", &key], settings), folder)
}

/// Whether a clone that believes this certificate alone comes through.
fn clones(serving: &Serving, certificate: &Path, to: &str) -> bool {
    let mut command = Command::new("git");
    command.args(["clone", "--quiet", &serving.url("admin", "main"), to]).current_dir(serving.folder());
    // In the environment, where it counts for more than in a setting.
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_SSL_CAINFO", certificate);
    command.stdin(Stdio::null());
    ran(command).code == 0
}

#[test]
fn a_clone_by_https_and_a_new_certificate() {
    let (serving, folder) = serving("tls", "");
    let (old, now) = (folder.join("old.pem"), folder.join("cert.pem"));
    fs::copy(&now, &old).unwrap();
    assert!(serving.url("admin", "main").starts_with("https://"));
    assert!(clones(&serving, &old, "first"));
    assert!(!serving.git("first", "log --oneline").is_empty());

    certify(&folder);
    assert!(clones(&serving, &old, "second"), "new files hold only once the server is told");
    serving.signal("HUP");
    serving.wait_for_log("read the certificate again");
    assert!(!clones(&serving, &old, "third"));
    assert!(clones(&serving, &now, "third"));

    fs::copy(&now, &old).unwrap();
    fs::write(&now, "nothing").unwrap();
    serving.signal("HUP");
    serving.wait_for_log("the certificate stays as it was");
    assert!(clones(&serving, &old, "fourth"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn who_speaks_no_tls_is_told_so_or_left() {
    let (serving, folder) = serving("no-tls", "[limits]\nheader_seconds = 1\n");
    let mut plain = Talk::to(serving.address());
    plain.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let answer = plain.answer("GET").unwrap();
    assert_eq!((answer.status, answer.text()), (400, "the address here begins with https".to_owned()));
    // Half a handshake, and none at all: both end, and nobody waits for them meanwhile.
    for begun in [&b"\x16\x03\x01"[..], b""] {
        let mut slow = Talk::to(serving.address());
        slow.send(begun).unwrap();
        let since = Instant::now();
        assert!(slow.is_closed());
        let took = since.elapsed();
        assert!(took > Duration::from_millis(800) && took < Duration::from_secs(9), "{took:?}");
    }
    let mut wrong = Talk::to(serving.address());
    wrong.send(b"\x16nonsense that is no handshake").unwrap();
    wrong.answer("GET").unwrap_err();
    assert!(clones(&serving, &folder.join("cert.pem"), "clone"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn wrong_files_are_named() {
    let folder = team::fresh_folder("wrong-files");
    certify(&folder);
    fs::copy(folder.join("cert.pem"), folder.join("other.pem")).unwrap();
    certify(&folder);
    fs::write(folder.join("empty.pem"), "").unwrap();
    let whole = fs::read_to_string(folder.join("cert.pem")).unwrap();
    fs::write(folder.join("broken.pem"), whole.replacen("MII", "!", 1)).unwrap();
    let rows = [
        ("nowhere.pem", "key.pem", "cannot use \"FOLDER/nowhere.pem\""),
        ("cert.pem", "nowhere.pem", "cannot use \"FOLDER/nowhere.pem\""),
        ("empty.pem", "key.pem", "there is no certificate in \"FOLDER/empty.pem\""),
        ("key.pem", "key.pem", "there is no certificate in \"FOLDER/key.pem\""),
        ("cert.pem", "cert.pem", "there is no key in \"FOLDER/cert.pem\""),
        ("broken.pem", "key.pem", "\"FOLDER/broken.pem\" is no certificate in PEM"),
        ("other.pem", "key.pem", "the key \"FOLDER/key.pem\" does not belong to the certificate"),
    ];
    for (certificate, key, said) in rows {
        let mut command = Command::new(server_binary());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("data"));
        command.arg("--tls-cert").arg(folder.join(certificate)).arg("--tls-key").arg(folder.join(key));
        command.stdin(Stdio::null());
        let ran = ran(command);
        let said = said.replace("FOLDER", &folder.display().to_string());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{certificate} {key}: {}", ran.err);
        assert!(ran.err.starts_with(&format!("error: {said}")), "{certificate} {key}: {}", ran.err);
        assert!(!folder.join("data").exists(), "nothing is begun");
    }
    fs::remove_dir_all(folder).unwrap();
}
