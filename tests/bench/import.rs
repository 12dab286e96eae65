//! The rows about taking in a sheet of many contacts, held against plainly writing the same files and one commit.

use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::bench::Bench;
use crate::contender::{Contender, Expect};
use crate::corpus::{Corpus, succeeded};
use crate::fault::{Fault, Result};
use crate::group::Group;
use crate::write::all_written;

/// So much may stay in memory, in megabytes.
const MEMORY: f64 = 300.0;

/// `import csv` of so many rows into an empty notebook. What it wrote once is what the others write and commit.
pub fn rows(bench: &Bench, corpus: Corpus, at_most: f64) -> Group<'_> {
    let (to, once) = (corpus.written("import"), corpus.written("imported"));
    let (sheet, plain) = (to.beside("people.csv"), to.beside("plain"));
    let import = |name| {
        let mut argv = bench.tickler_argv(&to, &["import", "csv"]);
        argv.push(sheet.clone().into_os_string());
        let notebook = to.notebook();
        Contender::new(name, argv, to.notebook()).before(move || emptied(bench, &notebook))
    };
    let by_git = |name, is_flushed: bool| {
        let (from, folder, emptied_first) = (once.contacts_folder(), plain.clone(), plain.clone());
        let programs = move || {
            let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
            let mut copy = words(&["cp", "-r"]);
            copy.extend([from.clone().into_os_string(), folder.clone().into_os_string()]);
            let add = words(&["git", "add", "--all"]);
            let commit = words(&["git", "commit", "--quiet", "-m", "import"]);
            let flush = is_flushed.then(|| words(&["sync"]));
            [copy, add, commit].into_iter().chain(flush).collect()
        };
        Contender::of(name, plain.clone(), programs)
            .expecting(Expect::Nothing)
            .before(move || emptied(bench, &emptied_first))
    };
    let contenders = vec![
        import("import csv"),
        by_git("cp, git add, git commit", false),
        by_git("cp, git add, git commit, sync", true),
        import("import csv, resident").in_megabytes(),
    ];
    let (count, text) = (corpus.contacts, sheet.clone());
    let setup = move || {
        emptied(bench, &once.notebook())?;
        emptied(bench, &to.notebook())?;
        emptied(bench, &plain)?;
        fs::write(&text, people(count)).map_err(Fault::at(&text))?;
        let mut argv = bench.tickler_argv(&once, &["import", "csv"]);
        argv.push(text.clone().into_os_string());
        let output = bench.sandbox.command(&argv, &once.notebook()).output();
        succeeded("tickler import csv", &output.map_err(Fault::at(&text))?)
    };
    let what = format!("`import csv` with its commit, {count} rows");
    Group::new("import", setup, contenders)
        .compare(what.clone(), "import csv", "cp, git add, git commit", at_most)
        .compare(what.clone(), "import csv", "cp, git add, git commit, sync", None)
        .limit(format!("{what}, MB resident"), "import csv, resident", MEMORY)
}

/// An empty notebook with one commit, and nobody else's writing to pay for.
fn emptied(bench: &Bench, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Fault::at(folder))?;
    }
    fs::create_dir_all(folder).map_err(Fault::at(folder))?;
    for (file, text) in [("tickler.toml", ""), (".gitignore", "/.tickler/\n")] {
        fs::write(folder.join(file), text).map_err(Fault::at(folder))?;
    }
    for words in
        [&["git", "init", "--quiet"][..], &["git", "add", "."], &["git", "commit", "--quiet", "-m", "start"]]
    {
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        let output = bench.sandbox.command(&argv, folder).output().map_err(Fault::at(folder))?;
        succeeded("git", &output)?;
    }
    all_written()
}

/// A sheet of people who all have a name, an address, a number and a firm.
fn people(count: u32) -> String {
    const FIRST: [&str; 8] = ["Jane", "Bob", "Zoë", "Karl", "Aiko", "Omar", "Lucía", "Wim"];
    let mut text = "Name,Email,Phone,Company\n".to_owned();
    for n in 0..count {
        let first = FIRST[n as usize % FIRST.len()];
        let _ = writeln!(
            text,
            "{first} Doe{n},p{n}@firm{}.example,+1 201 55{:05},\"Firm {}, Inc.\"",
            n % 997,
            n % 100_000,
            n % 997
        );
    }
    text
}
