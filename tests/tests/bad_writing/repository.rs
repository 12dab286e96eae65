//! A repository that takes no commit.

use std::fs;
use std::time::{Duration, Instant};

use tickler_tests::{Book, exhibit};

use super::{FILES, LOG, book, refused, refused_as, works};

#[test]
fn nobody_to_commit_as() {
    let book = book("nobody");
    let config = book.read(".git/config").replace("name = Pat", "").replace("email = pat@acme.example", "");
    book.write(".git/config", config + "[user]\n\tuseConfigOnly = true\n");
    let nobody = |book: &Book, line: &str| book.tickler(line).env("GIT_CONFIG_NOSYSTEM", "1").run();
    exhibit("refused-nobody.txt", &refused_as(&book, LOG, nobody));
    works(&book, &format!("{LOG} --no-commit"));
    assert_eq!(nobody(&book, "due").code, 0, "reading needs nobody");
}

#[test]
fn no_branch_and_unfinished_work() {
    let mut museum = String::new();
    let detached = book("detached");
    detached.git_says("checkout --quiet --detach");
    museum += &refused(&detached, LOG);
    works(&detached, &format!("{LOG} --no-commit"));

    for (what, command) in [
        ("a merge", "merge other"),
        ("a rebase", "rebase other"),
        ("a cherry-pick", "cherry-pick other"),
        ("a revert", "revert --no-edit HEAD~1"),
    ] {
        let book = book("unfinished");
        book.git_says("checkout --quiet -b other");
        book.write("notes.txt", "theirs\n");
        book.commit_all("theirs");
        book.git_says("checkout --quiet main");
        book.write("notes.txt", "ours\n");
        book.commit_all("ours");
        book.write("notes.txt", "ours again\n");
        book.commit_all("ours again");
        assert!(!book.git_output(command).status.success(), "{command}");
        museum += &format!("in the middle of {what}\n");
        museum += &refused(&book, LOG);
        book.git_says(&format!("{} --abort", command.split(' ').next().unwrap()));
        works(&book, LOG);
    }
    exhibit("refused-unfinished.txt", &museum);
}

#[test]
fn the_index_is_locked() {
    let book = book("locked");
    let lock = book.path().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let began = Instant::now();
    let before = book.snapshot();
    let ran = book.run(LOG);
    let took = began.elapsed();
    assert!(ran.code == 3 && (2..8).contains(&took.as_secs()), "{took:?} {}", ran.err);
    assert_eq!(book.snapshot(), before);
    assert!(lock.exists(), "it is somebody else's");
    exhibit("refused-locked.txt", &book.masked(&ran.err));

    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(500));
            fs::remove_file(&lock).unwrap();
        });
        let ran = works(&book, LOG);
        assert!(ran.err.contains("waiting for another program"), "{}", ran.err);
    });
    book.stands("");
    assert_eq!(book.commits(), 2);
}

#[test]
fn a_repository_that_cannot_be_opened() {
    let book = Book::plain("sha256", &FILES);
    book.init("--object-format=sha256");
    book.commit_all("first");
    exhibit("refused-sha256.txt", &refused(&book, LOG));
    works(&book, &format!("{LOG} --no-commit"));
}

#[test]
fn hooks_of_git() {
    let book = book("git-hooks");
    book.script(".git/hooks/pre-commit", "echo 'no commits on a full moon' >&2; exit 1");
    let mut museum = refused(&book, LOG);
    museum += &refused(&book, "new Gus Hill");
    museum += &refused(&book, "set --query 'dan or janet' value=3");
    exhibit("refused-git-hook.txt", &museum);
    fs::remove_file(book.path().join(".git/hooks/pre-commit")).unwrap();
    book.script(".git/hooks/commit-msg", "printf '%s\\n' 'CRM-7' >> \"$1\"");
    works(&book, LOG);
    assert!(book.last_commit().starts_with("log Jane Doe: phone\n"), "{}", book.last_commit());
    assert!(book.git_says("log -1 --format=%B").contains("Tickler-Verb: log\nCRM-7"));
    book.stands("");
}

#[test]
fn signatures() {
    let book = book("signed");
    book.git_says("config commit.gpgsign true");
    book.git_says("config gpg.program ./fake-gpg");
    book.write(".git/info/exclude", ".tickler/\nfake-gpg\n");
    book.script("fake-gpg", "echo 'no secret key' >&2; exit 2");
    exhibit("refused-signature.txt", &refused(&book, LOG));
    let signs = "cat > /dev/null; printf '\\n[GNUPG:] SIG_CREATED ' >&2\nprintf 'signed by a test\\n'";
    book.script("fake-gpg", signs);
    works(&book, LOG);
    assert!(book.git_says("cat-file commit HEAD").contains("\ngpgsig signed by a test\n"));
    book.stands("");
}
