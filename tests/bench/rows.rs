//! The rows of the table, group by group, with the targets that were promised.

use crate::bench::Bench;
use crate::contender::{Contender, Expect};
use crate::corpus::Corpus;
use crate::fault::{Fault, Result};
use crate::group::Group;
use crate::options::Options;
use crate::taskwarrior::Tasks;
use crate::{import, share, write};

/// How many files are edited between two runs of the row about edits.
const EDITED: usize = 100;
/// Days of the two months around the corpus' today: what a person would grep for instead.
const DAYS: &str = "on = 2026-1[01]-";
/// A word in about one contact of ten.
const WORD: &str = "handball";

/// The groups asked for; an unknown name in `--only` is a mistake.
pub fn groups<'a>(bench: &'a Bench, options: &Options) -> Result<Vec<Group<'a>>> {
    let corpus = |contacts| Corpus::new(&bench.data, contacts);
    let (main, tenth) = (corpus(options.contacts), corpus(options.contacts / 10));
    let mut groups = vec![
        warm(bench, main.clone()),
        edited(bench, main.clone()),
        uncached(bench, main.clone()),
        dropped(bench, main.clone()),
        text(bench, main.clone()),
        memory(bench, main.clone()),
        scale(bench, "scale", tenth, main.clone(), 8.0),
        small(bench, corpus(1_000)),
        taskwarrior(bench, main.clone()),
        write::one(bench, corpus(100), 1.0),
        write::one(bench, main.clone(), 0.5),
        write::many(bench, corpus(10_000), 2.0),
        import::rows(bench, main.clone(), 2.0),
        share::one(bench, main),
        share::merges(bench, corpus(100)),
    ];
    if options.million || options.only.iter().any(|only| only == "million") {
        groups.push(scale(bench, "million", corpus(100_000), corpus(1_000_000), 12.0));
    }
    let unknown = options.only.iter().find(|only| groups.iter().all(|group| group.name != only.as_str()));
    if let Some(unknown) = unknown {
        let mut names: Vec<_> = groups.iter().map(|group| group.name).collect();
        names.dedup();
        return Err(Fault::new(format!("--only: no group \"{unknown}\"; there are {}", names.join(", "))));
    }
    groups.retain(|group| options.wants(group.name));
    Ok(groups)
}

/// An index that is there and a notebook that did not change.
fn warm(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let query = "stage:nurture unanswered>=2 last>30d";
    let floor = bench.itself("the floor", &corpus, &["--floor"]);
    let contenders = vec![
        bench.tickler("due", &corpus, &["due"]),
        bench.tickler("due as JSON", &corpus, &["due", "--format", "json"]),
        bench.tickler("list", &corpus, &["list", query]),
        floor.expecting(Expect::Line(corpus.contacts.to_string())),
        bench
            .peer("git diff-files", &corpus, &["git", "diff-files", "--name-only"])
            .expecting(Expect::Nothing),
        bench.peer("git status", &corpus, &["git", "status"]),
    ];
    Group::new("warm", move || bench.settle(&corpus), contenders)
        .compare("`due`, nothing changed", "due", "the floor", 1.1)
        .compare("`due`, nothing changed", "due", "git diff-files", 1.15)
        .compare("`due`, nothing changed", "due", "git status", 0.65)
        .compare("`due --format json`, nothing changed", "due as JSON", "due", None)
        .compare(format!("`list '{query}'`"), "list", "due", 1.5)
}

/// The same with files edited in place; each run finds an index from before the edits.
fn edited(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let (clean, edited, setup) = (corpus.clone(), corpus.clone(), corpus.clone());
    let contenders = vec![
        bench.tickler("due, clean", &corpus, &["due"]).before(move || bench.index_anew(&clean)),
        bench.tickler("due, edited", &corpus, &["due"]).before(move || {
            bench.index_anew(&edited)?;
            edited.edit_in_place(EDITED, &bench.sandbox)
        }),
    ];
    Group::new("edited", move || bench.settle(&setup), contenders).compare(
        format!("`due`, {EDITED} files edited in place"),
        "due, edited",
        "due, clean",
        1.1,
    )
}

/// No index: every file is read, and the index written.
fn uncached(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let forget = corpus.clone();
    let contenders = vec![
        bench.tickler("due, no cache", &corpus, &["due"]).before(move || forget.forget_index()),
        bench.peer("rg -l DAYS", &corpus, &["rg", "-l", DAYS, "contacts"]),
    ];
    Group::new("uncached", move || bench.settle(&corpus), contenders).compare(
        "`due`, no cache, the cache written",
        "due, no cache",
        "rg -l DAYS",
        2.0,
    )
}

/// No index, and nothing of the notebook in memory.
fn dropped(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let forget = corpus.clone();
    let read = bench.itself("16-thread read", &corpus, &["--read-all", "16"]);
    let contenders = vec![
        bench.tickler("due, nothing cached", &corpus, &["due"]).before(move || {
            forget.forget_index()?;
            bench.drop_page_cache()
        }),
        read.expecting(Expect::Line(corpus.contacts.to_string())).before(|| bench.drop_page_cache()),
    ];
    Group::new("dropped", move || bench.settle(&corpus), contenders).compare(
        "`due`, no cache, page cache dropped",
        "due, nothing cached",
        "16-thread read",
        2.0,
    )
}

/// A word anywhere in the files.
fn text(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let term = format!("text:{WORD}");
    let contenders = vec![
        bench.tickler("list text", &corpus, &["list", &term]),
        bench.peer("rg -l WORD", &corpus, &["rg", "-l", WORD, "contacts"]),
    ];
    Group::new("text", move || bench.settle(&corpus), contenders).compare(
        format!("`list {term}`"),
        "list text",
        "rg -l WORD",
        1.5,
    )
}

/// The largest resident set.
fn memory(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let forget = corpus.clone();
    let contenders = vec![
        bench.tickler("due", &corpus, &["due"]).in_megabytes(),
        bench
            .tickler("due, no cache", &corpus, &["due"])
            .in_megabytes()
            .before(move || forget.forget_index()),
    ];
    Group::new("memory", move || bench.settle(&corpus), contenders)
        .limit("peak memory, with cache", "due", 60.0)
        .limit("peak memory, without cache", "due, no cache", 150.0)
}

/// Ten times as many contacts.
fn scale<'a>(bench: &'a Bench, name: &'static str, fewer: Corpus, more: Corpus, at_most: f64) -> Group<'a> {
    let what = format!("`due`, from {} to {} contacts", fewer.contacts, more.contacts);
    let contenders =
        vec![bench.tickler("due", &more, &["due"]), bench.tickler("due, a tenth", &fewer, &["due"])];
    let setup = move || bench.settle(&fewer).and_then(|()| bench.settle(&more));
    Group::new(name, setup, contenders).compare(what, "due", "due, a tenth", at_most)
}

/// A notebook of the size most people have.
fn small(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let what = format!("`due`, {} contacts", corpus.contacts);
    let contenders =
        vec![bench.tickler("due", &corpus, &["due"]), bench.peer("git status", &corpus, &["git", "status"])];
    Group::new("small", move || bench.settle(&corpus), contenders).compare(what, "due", "git status", 1.0)
}

/// As many tasks as contacts.
fn taskwarrior(bench: &Bench, corpus: Corpus) -> Group<'_> {
    let tasks = Tasks::of(&corpus);
    let list = tasks.argv(&["due.before:2026-12-08", "list"]);
    let contenders =
        vec![bench.tickler("due", &corpus, &["due"]), Contender::new("task list", list, corpus.notebook())];
    let setup = move || {
        bench.settle(&corpus)?;
        tasks.make_ready(&corpus, &bench.sandbox)
    };
    Group::new("taskwarrior", setup, contenders).compare(
        "`due`, as many tasks",
        "due",
        "task list",
        1.0 / 25.0,
    )
}
