//! Packs that git makes pass whole, however they are cut; packs made by hand are stopped where they have to be.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::read::ZlibEncoder;

use super::*;

const SMALL: u64 = 1 << 20;

fn limits() -> Limits {
    Limits { file_bytes: SMALL, push_bytes: SMALL, ..Limits::default() }
}

/// What goes on of a request that comes in such pieces, and the first refusal.
fn passed<'b>(pieces: impl Iterator<Item = &'b [u8]>) -> (Vec<u8>, Option<Declined>) {
    let mut look = PackLook::new(&limits());
    let mut out = Vec::new();
    for piece in pieces {
        match look.see(piece) {
            Ok(count) => out.extend_from_slice(&piece[..count]),
            Err(declined) => return (out, Some(declined)),
        }
    }
    (out, None)
}

fn command(capabilities: &str) -> Vec<u8> {
    let line = format!("{0} {0} refs/heads/main\0{capabilities}", "a".repeat(40));
    format!("{:04x}{line}0000", line.len() + 4).into_bytes()
}

fn request(pack: &[u8]) -> Vec<u8> {
    [&command("report-status side-band-64k"), pack].concat()
}

fn git(folder: &Path, words: &str, input: &str) -> Vec<u8> {
    let mut child = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b.example"])
        .args(words.split(' '))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {words}");
    output.stdout
}

/// How many objects of each kind a pack has, as git sees it: deltas are told by the depth at a line's end.
fn deltas(folder: &Path, pack: &[u8]) -> usize {
    fs::write(folder.join("one.pack"), pack).unwrap();
    git(folder, "index-pack one.pack", "");
    let shown = String::from_utf8(git(folder, "verify-pack -v one.idx", "")).unwrap();
    shown.lines().filter(|line| line.split_whitespace().count() == 7 && !line.contains(':')).count()
}

#[test]
fn packs_of_gits_pass_however_they_are_cut() {
    let folder = std::env::temp_dir().join(format!("tickler-pack-look-{}", std::process::id()));
    fs::create_dir_all(folder.join("contacts")).unwrap();
    git(&folder, "init --quiet", "");
    // Text that does not pack well, so that a change of it becomes a delta.
    let words: Vec<String> =
        (0_u32..2_000).map(|number| format!("{:08x}", number.wrapping_mul(2_654_435_761))).collect();
    for (round, count) in [3, 12].into_iter().enumerate() {
        for number in 0..count {
            fs::write(folder.join(format!("contacts/{number}.md")), format!("{number} {round}\n")).unwrap();
        }
        fs::write(folder.join("large.txt"), format!("{}\n{round}\n", words.join("\n"))).unwrap();
        fs::write(folder.join("empty"), "").unwrap();
        // More than is inflated at once, to a thousandth.
        fs::write(folder.join("zeros"), vec![0; 500_000 + round]).unwrap();
        git(&folder, "add contacts large.txt empty zeros", "");
        git(&folder, "commit --quiet -m x", "");
    }
    let all = "pack-objects --quiet --stdout --revs";
    let packs = [
        ("nothing", git(&folder, "pack-objects --quiet --stdout", "")),
        ("deltas by their ids", git(&folder, all, "HEAD\n")),
        ("deltas by their places", git(&folder, &format!("{all} --delta-base-offset"), "HEAD\n")),
        ("a thin pack", git(&folder, &format!("{all} --thin --delta-base-offset"), "HEAD\n^HEAD~1\n")),
        ("a thin pack by ids", git(&folder, &format!("{all} --thin"), "HEAD\n^HEAD~1\n")),
    ];
    for (name, pack) in &packs {
        let request = request(pack);
        for size in [1, 2, 3, 5, 7, 13, 64, 1000, 4096, request.len()] {
            let (out, declined) = passed(request.chunks(size));
            assert!(out == request && declined.is_none(), "{name} in pieces of {size}: {declined:?}");
        }
        if request.len() < 10_000 {
            for cut in 0..request.len() {
                let (out, _) = passed([&request[..cut], &request[cut..]].into_iter());
                assert!(out == request, "{name} cut at {cut}");
            }
        }
    }
    // The packs are what they are called: their own sizes say that deltas were there.
    assert!(deltas(&folder, &packs[1].1) > 0 && deltas(&folder, &packs[2].1) > 0);
    assert!(packs[3].1.len() < packs[2].1.len() && packs[1].1.len() > packs[2].1.len());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn requests_without_a_pack_pass() {
    for request in [&b"0000"[..], b"", &command("report-status"), b"0000PAC"] {
        assert_eq!(passed(request.chunks(1)), (request.to_vec(), None));
    }
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    ZlibEncoder::new(bytes, Compression::best()).read_to_end(&mut packed).unwrap();
    packed
}

fn size(kind: u8, size: u64) -> Vec<u8> {
    let (mut bytes, mut left) = (vec![kind << 4 | (size & 15) as u8], size >> 4);
    while left > 0 {
        *bytes.last_mut().unwrap() |= 0x80;
        bytes.push((left & 0x7f) as u8);
        left >>= 7;
    }
    bytes
}

fn delta_size(size: u64) -> Vec<u8> {
    let mut bytes = vec![(size & 0x7f) as u8];
    let mut left = size >> 7;
    while left > 0 {
        *bytes.last_mut().unwrap() |= 0x80;
        bytes.push((left & 0x7f) as u8);
        left >>= 7;
    }
    bytes
}

fn object(kind: u8, declared: u64, content: &[u8]) -> Vec<u8> {
    let place: &[u8] = match kind {
        6 => &[0x81, 0x00],
        7 => &[7; 20],
        _ => &[],
    };
    [&size(kind, declared), place, &zlib(content)].concat()
}

/// A delta of so many bytes, by what it says, against something of 100 bytes.
fn delta(kind: u8, result: u64) -> Vec<u8> {
    let content = [delta_size(100), delta_size(result), vec![0x90, 100]].concat();
    object(kind, content.len() as u64, &content)
}

fn pack(objects: &[Vec<u8>]) -> Vec<u8> {
    let count = (objects.len() as u32).to_be_bytes();
    [b"PACK\0\0\0\x02".as_slice(), &count, &objects.concat(), &[9; 20]].concat()
}

/// What it is called, its objects, and what is said of it.
type Row = (&'static str, Vec<Vec<u8>>, Option<&'static str>);

#[test]
fn what_is_too_large_goes_no_further() {
    let (mib, tree) = (1_u64 << 20, 16_u64 << 20);
    let small = || object(3, 5, b"hello");
    let zeros = |count: usize| vec![0; count];
    let overlong = [vec![0x80 | 3 << 4], vec![0x80; 9], vec![0]].concat();
    let mut long_delta = vec![0x80; 9];
    long_delta.extend([0, 5, 0x90, 5]);
    let rows: Vec<Row> = vec![
        ("small", vec![small(), small()], None),
        ("a file as large as may be", vec![object(3, mib, &zeros(1 << 20))], None),
        (
            "a file",
            vec![small(), object(3, mib + 1, b"")],
            Some("a file of 1 MiB: at most 1 MiB can be shared"),
        ),
        ("a huge file", vec![small(), object(3, 1 << 30, b"")], Some("a file of 1 GiB: at most 1 MiB")),
        (
            "a commit",
            vec![object(1, mib + 1, b"")],
            Some("a commit of 1 MiB: that is too much for a message"),
        ),
        ("a tag", vec![object(4, mib + 1, b"")], Some("a notebook takes no tags")),
        ("a folder", vec![object(2, tree + mib, b"")], Some("too many files (17 MiB of names)")),
        ("a folder as large as may be", vec![object(2, tree, &zeros(16 << 20))], None),
        ("deltas", vec![small(), delta(6, tree), delta(7, tree)], None),
        ("a huge delta", vec![object(6, tree + 1, b"")], Some("a file of 16 MiB")),
        (
            "a delta to a huge file",
            vec![small(), delta(6, 880 << 20)],
            Some("a file of 880 MiB: at most 1 MiB"),
        ),
        ("the same by an id", vec![small(), delta(7, 880 << 20)], Some("a file of 880 MiB")),
        ("more in it than it says", vec![object(3, 5, &zeros(1 << 20))], Some("none that git makes")),
        ("a little more", vec![object(3, 5, b"hello!")], Some("none that git makes")),
        ("a size that is too long", vec![overlong], Some("none that git makes")),
        ("a delta's too", vec![object(6, 13, &long_delta)], Some("none that git makes")),
        ("a delta that ends in its sizes", vec![object(7, 2, &[0x80, 0x80])], Some("none that git makes")),
        ("many files", vec![object(3, mib, &zeros(1 << 20)); 64], None),
        ("too many files", vec![object(3, mib, &zeros(1 << 20)); 65], Some("unpacks to more than 64 MiB")),
        ("many deltas", vec![delta(7, tree); 16], None),
        ("too many deltas", vec![delta(7, tree); 17], Some("unpacks to more than 256 MiB; push it in parts")),
    ];
    for (name, objects, said) in rows {
        let request = request(&pack(&objects));
        for size in [1, 11, 4096, request.len()] {
            let (out, declined) = passed(request.chunks(size));
            let lines = declined.as_ref().map(|declined| declined.lines.as_str());
            match said {
                None => assert!(lines.is_none() && out == request, "{name}: {lines:?}"),
                Some(said) => {
                    assert!(lines.is_some_and(|lines| lines.contains(said)), "{name}: {lines:?}");
                    assert!(request.starts_with(&out) && out.len() < request.len(), "{name}");
                    assert!(size < request.len() || out.is_empty(), "{name}");
                    assert_eq!(declined.unwrap().listener.refs, [b"refs/heads/main"], "{name}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_pack_is_for_git_to_say_and_nothing_behind_it() {
    let bomb = object(3, 1 << 30, b"");
    let with = |beginning: &[u8]| [beginning, &bomb].concat();
    let head = b"PACK\0\0\0\x02\0\0\0\x02".as_slice();
    let broken = [&size(3, 5)[..], b"\x78\x9c\xff\xff\xff"].concat();
    for (name, pack, goes) in [
        ("no pack", with(b"PACX\0\0\0\x02\0\0\0\x02"), 12),
        ("a version to come", with(b"PACK\0\0\0\x04\0\0\0\x02"), 12),
        ("no kind", with(&[head, &[0x05]].concat()), 13),
        ("the kind that is none yet", with(&[head, &[0x55]].concat()), 13),
        ("an object that is too short", with(&[head, &object(3, 6, b"hello")].concat()), 13 + 13),
        ("no zlib", with(&[head, &broken].concat()), 13 + 3),
    ] {
        let (before, request) = (command("").len(), [command(""), pack].concat());
        for size in [1, 11, request.len()] {
            let (out, declined) = passed(request.chunks(size));
            assert!(declined.is_none() && request.starts_with(&out), "{name}");
            let most = request.len() - bomb.len();
            assert!((before + goes..=most).contains(&out.len()), "{name}: {} in pieces of {size}", out.len());
        }
    }
    // The lines before it, too.
    let (out, declined) = passed([b"0003".as_slice(), &request(&pack(&[bomb]))].into_iter());
    assert!(declined.is_none() && out == b"0003");
}
