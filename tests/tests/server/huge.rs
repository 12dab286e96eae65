//! Packs made by hand that are small to send and huge to unpack: they are refused before git has them.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use git2::{Cred, PushOptions, RemoteCallbacks, Repository};
use sha1::{Digest, Sha1};

use crate::bombs::posted;
use crate::pushing::Pushing;
use crate::wire::{at_work, wait_until};

const BLOB: u8 = 3;
const OFFSET_DELTA: u8 = 6;
const PLACE: &str = "refs/sync/ann/laptop";
const MODERN: &str = "report-status-v2 side-band-64k";

/// So many zeros, as zlib has them.
fn zeros(count: u64) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let block = vec![0; 1 << 20];
    for _ in 0..count >> 20 {
        packed.write_all(&block).unwrap();
    }
    packed.write_all(&block[..usize::try_from(count % (1 << 20)).unwrap()]).unwrap();
    packed.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Seven bits a byte, the lowest first, behind a first byte with so many bits of them.
fn number(first: u8, bits: u32, value: u64) -> Vec<u8> {
    let mut bytes = vec![first | u8::try_from(value & ((1 << bits) - 1)).unwrap()];
    let mut left = value >> bits;
    while left > 0 {
        *bytes.last_mut().unwrap() |= 0x80;
        bytes.push(u8::try_from(left & 0x7f).unwrap());
        left >>= 7;
    }
    bytes
}

/// An object that says it has that size.
fn object(kind: u8, size: u64, packed: &[u8]) -> Vec<u8> {
    [&number(kind << 4, 4, size), packed].concat()
}

/// All but one of the bytes of a file, so many times.
const COPIED: u64 = (16 << 20) - 1;

/// A file of zeros, and a delta that is that file over and over.
fn repeated(times: u64) -> Vec<Vec<u8>> {
    let base = object(BLOB, COPIED + 1, &zeros(COPIED + 1));
    let mut delta = [number(0, 7, COPIED + 1), number(0, 7, times * COPIED)].concat();
    for _ in 0..times {
        delta.extend([0xf0, 0xff, 0xff, 0xff]);
    }
    // How far back: seven bits a byte, the highest first, each but the last less one.
    let far = base.len() as u64;
    let mut back = vec![u8::try_from(far & 0x7f).unwrap()];
    let mut left = far >> 7;
    while left > 0 {
        left -= 1;
        back.insert(0, u8::try_from(left & 0x7f).unwrap() | 0x80);
        left >>= 7;
    }
    let packed = [back, zlib(&delta)].concat();
    vec![base, object(OFFSET_DELTA, delta.len() as u64, &packed)]
}

fn pack(objects: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(objects.len()).unwrap().to_be_bytes();
    let mut pack = [b"PACK\0\0\0\x02".as_slice(), &count, &objects.concat()].concat();
    let sum = Sha1::digest(&pack);
    pack.extend_from_slice(&sum);
    pack
}

/// A push of the branch as it is to a place of Ann's, with a pack beside it.
fn request(pushing: &Pushing, capabilities: &str, pack: &[u8]) -> Vec<u8> {
    let line = format!("{} {} {PLACE}\0{capabilities}", "0".repeat(40), pushing.serving.tip("main"));
    [format!("{:04x}{line}0000", line.len() + 4).as_bytes(), pack].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn what_is_huge_to_unpack_is_refused_before_git_has_it() {
    let pushing = Pushing::new("huge-kinds");
    let mib = 1 << 20;
    let large = object(BLOB, 1 << 30, &zeros(1 << 30));
    let rows: [(&str, Vec<Vec<u8>>, &str); 6] = [
        // What is made here is a pack to git.
        ("nothing", vec![], "ok refs/sync"),
        ("a file", vec![object(BLOB, mib, &zeros(mib))], "ok refs/sync"),
        ("a delta", repeated(1), "ok refs/sync"),
        (
            "a huge file",
            vec![object(BLOB, 5, &zlib(b"hello")), large.clone()],
            "a file of 1 GiB: at most 25 MiB can be shared",
        ),
        ("a delta to a huge file", repeated(55), "a file of 879.9 MiB: at most 25 MiB can be shared"),
        (
            "more than it says",
            vec![object(BLOB, 2 * mib, &zeros(256 * mib))],
            "the pack is none that git makes",
        ),
    ];
    let mut refused = 0;
    for (name, objects, said) in rows {
        let plain = request(&pushing, MODERN, &pack(&objects));
        for (headers, body) in [("", plain.clone()), ("Content-Encoding: gzip\r\n", gzip(&plain))] {
            let before = pushing.seen();
            let begun = Instant::now();
            let answer = posted(&pushing, "receive-pack", headers, &body);
            let took = begun.elapsed();
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(said), "{name}: {answer:.600}");
            if said.starts_with("ok ") {
                continue;
            }
            refused += 1;
            println!("{name}: {} KiB, {took:?}", body.len() >> 10);
            assert!(took < Duration::from_secs(10), "{name}: {took:?}");
            assert!(answer.contains(&format!("ng {PLACE} push declined")), "{name}: {answer:.600}");
            wait_for_quiet(&pushing);
            assert_eq!(pushing.seen(), before, "{name} left something");
        }
    }
    // In the report alone, or as a status, to those who read no more.
    let begun = "unpack a file of 1 GiB: at most 25 MiB can be shared\n";
    for (capabilities, status, said) in
        [("report-status", "200", begun), ("side-band-64k", "413", "more than")]
    {
        let body = request(&pushing, capabilities, &pack(std::slice::from_ref(&large)));
        let answer = posted(&pushing, "receive-pack", "", &body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(said), "{answer:.600}");
        refused += 1;
    }
    let figures = tickler_tests::talk::ask(pushing.serving.address(), "GET /metrics", &[], b"").text();
    assert!(figures.contains(&format!("tickler_pushes_refused_total {refused}\n")), "{figures}");
    wait_for_quiet(&pushing);
    pushing.goes("bob", "HEAD:refs/heads/main");
    pushing.is_sound();
}

/// Waits until git has cleared away what it had of a push.
fn wait_for_quiet(pushing: &Pushing) {
    wait_until("git is gone", Duration::from_secs(6), || at_work(&pushing.serving).is_empty());
}

#[test]
fn git_and_libgit2_say_what_is_wrong() {
    let pushing = Pushing::new("huge-clients");
    pushing.write("ann", "files/film.bin", vec![0; 26 << 20]);
    pushing.commit("ann");
    let shown = pushing.refused(
        "ann",
        "HEAD:refs/heads/main",
        "remote: a file of 26 MiB: at most 25 MiB can be shared",
    );
    assert!(shown.contains("! [remote rejected] HEAD -> main (push declined: too large)"), "{shown}");
    let token = pushing.serving.token("ann");
    let said = std::cell::RefCell::new(String::new());
    let mut callbacks = RemoteCallbacks::new();
    callbacks.credentials(|_, _, _| Cred::userpass_plaintext("ann", token));
    callbacks.sideband_progress(|bytes| {
        said.borrow_mut().push_str(&String::from_utf8_lossy(bytes));
        true
    });
    callbacks.push_update_reference(|name, status| {
        said.borrow_mut().push_str(&format!("{name}: {status:?}\n"));
        Ok(())
    });
    let mut options = PushOptions::new();
    options.remote_callbacks(callbacks);
    let repository = Repository::open(pushing.serving.folder().join("ann")).unwrap();
    let mut remote = repository.find_remote("origin").unwrap();
    let error = remote.push(&["refs/heads/main:refs/heads/main"], Some(&mut options)).err();
    drop(options);
    let said = said.into_inner();
    assert!(said.contains("a file of 26 MiB: at most 25 MiB can be shared\n"), "{said}");
    assert!(
        error.is_some() && said.contains("refs/heads/main: Some(\"push declined: too large\")"),
        "{said}"
    );
    pushing.is_sound();
}
