//! What is honest: with whatever index, the answer is that of a run without one.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::*;
use crate::contact::Contact;

/// An empty folder of its own, removed at the end.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tickler-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The names of what is in it.
    pub fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        names.collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A notebook in a folder of its own, removed at the end.
struct Scratch {
    root: PathBuf,
}

impl Scratch {
    fn new(name: &str) -> Scratch {
        let root = std::env::temp_dir().join(format!("tickler-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("contacts/a")).unwrap();
        let scratch = Scratch { root };
        scratch.write("tickler.toml", "");
        for n in 0..30 {
            scratch.write(&format!("contacts/a/ann-{n:02}.md"), &contact(n));
            scratch.write(&format!("contacts/bob-{n:02}.md"), &contact(n + 7));
        }
        scratch
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    fn write(&self, file: &str, text: &str) {
        // In place, as `>` does it: no rename, and the folder does not change where the file was there.
        let mut file = File::options().create(true).write(true).truncate(true).open(self.path(file)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// Makes everything look a minute old, so that no stamp is too fresh to be believed, then writes the index.
    fn settle(&self) {
        let old = SystemTime::now() - Duration::from_secs(60);
        for entry in walkdir::WalkDir::new(self.path("contacts")).into_iter().flatten() {
            File::open(entry.path()).unwrap().set_modified(old).unwrap();
        }
        // The change time cannot be set: wait until it is older than a tick.
        std::thread::sleep(Duration::from_millis(40));
        self.answer();
        assert!(self.path(".tickler/index").is_file());
        assert_eq!(self.trusted(), 60, "a second survey should read nothing");
    }

    fn answer(&self) -> Answer {
        answer_on(&self.root, "2026-12-03")
    }

    /// The answer without an index, and then that with the one there is.
    #[track_caller]
    fn is_honest(&self, what: &str) -> Answer {
        let with = self.answer();
        let again = self.answer();
        let cache = self.path(".tickler");
        let aside = self.path(".aside");
        let _ = fs::rename(&cache, &aside);
        let without = self.answer();
        let _ = fs::remove_dir_all(&cache);
        let _ = fs::rename(&aside, &cache);
        assert_eq!(with, without, "{what}");
        assert_eq!(again, without, "{what}, the second time");
        without
    }

    /// How many rows the index answers for.
    fn trusted(&self) -> usize {
        let notebook = Notebook::open(&self.root).unwrap();
        notebook.survey("2026-12-03".parse().unwrap()).kept()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn contact(n: usize) -> String {
    format!(
        "+++\nname = \"Person {n}\"\nstage = \"nurture\"\n[next]\non = 2026-12-{:02}\n+++\n\n## Log\n\n- 2026-11-{:02} phone: talked {n}\n",
        n % 28 + 1,
        n % 28 + 1
    )
}

type Answer = (Vec<(String, String, Contact, String)>, Vec<FileProblem>);

/// Everything that a survey can say.
fn answer_on(root: &Path, day: &str) -> Answer {
    let notebook = Notebook::open(root).unwrap();
    let survey = notebook.survey(day.parse().unwrap());
    let contacts = survey.search(Parts::ALL, |row, contact| {
        assert_eq!(contact, &survey.contact(row.index, Parts::ALL));
        let outlook = survey.outlook(row.index);
        // How long it holds is the index's own affair.
        let says = format!("{:?} {:?} {} {}", outlook.due, outlook.kind, outlook.crack, outlook.rhythm_days);
        Some((survey.path(row.index), row.id.to_string(), contact.clone(), says))
    });
    (contacts, survey.problems())
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.0.iter().map(|(_, _, contact, _)| contact.name.as_str()).collect()
}

#[test]
fn nothing_changed() {
    let s = Scratch::new("unchanged");
    s.settle();
    let answer = s.is_honest("nothing changed");
    assert_eq!(answer.0.len(), 60);
    assert_eq!(answer.1, []);
}

#[test]
fn edits_in_place() {
    let s = Scratch::new("in-place");
    s.settle();
    s.write("contacts/bob-03.md", &contact(10).replace("Person 10", "Person XX"));
    assert!(names(&s.is_honest("an edit in place of the same size")).contains(&"Person XX"));
    File::options()
        .append(true)
        .open(s.path("contacts/a/ann-04.md"))
        .unwrap()
        .write_all(b"- [ ] me: x\n")
        .unwrap();
    let answer = s.is_honest("an append");
    assert!(answer.0.iter().any(|(_, _, contact, _)| contact.promises.len() == 1));
}

#[test]
fn a_time_put_back() {
    let s = Scratch::new("put-back");
    s.settle();
    let path = s.path("contacts/bob-03.md");
    let before = fs::metadata(&path).unwrap();
    s.write("contacts/bob-03.md", &contact(10).replace("Person 10", "Person XX"));
    File::open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), before.len());
    assert!(names(&s.is_honest("an edit of the same size with the old time")).contains(&"Person XX"));
}

#[test]
fn files_swapped_and_put_back() {
    let s = Scratch::new("swap");
    s.settle();
    let (one, two, aside) = (s.path("contacts/bob-01.md"), s.path("contacts/bob-02.md"), s.path("aside"));
    fs::rename(&one, &aside).unwrap();
    fs::rename(&two, &one).unwrap();
    fs::rename(&aside, &two).unwrap();
    let answer = s.is_honest("two files swapped by rename");
    assert!(answer.0.iter().any(|(path, _, c, _)| path == "contacts/bob-01.md" && c.name == "Person 9"));
    fs::copy(&one, &aside).unwrap();
    s.write("contacts/bob-01.md", "# Else\n");
    s.is_honest("another content");
    fs::rename(&aside, &one).unwrap();
    s.is_honest("an old file put back");
}

#[test]
fn files_and_folders_that_come_and_go() {
    let s = Scratch::new("come-and-go");
    s.settle();
    s.write("contacts/a/new.md", "# New\n");
    assert_eq!(s.is_honest("a new file").0.len(), 61);
    fs::remove_file(s.path("contacts/bob-07.md")).unwrap();
    assert_eq!(s.is_honest("a file removed").0.len(), 60);
    fs::create_dir_all(s.path("contacts/x/y")).unwrap();
    s.write("contacts/x/y/deep.md", "# Deep\n");
    assert_eq!(s.is_honest("a new folder in a new folder").0.len(), 61);
    s.write("contacts/x/deep.md", "# Deep too\n");
    let answer = s.is_honest("a name twice");
    let ids: Vec<&str> =
        answer.0.iter().map(|(_, id, ..)| id.as_str()).filter(|id| id.contains("deep")).collect();
    assert_eq!(ids, ["x/deep", "x/y/deep"]);
    assert_eq!(answer.1.len(), 2);
    fs::rename(s.path("contacts/x"), s.path("contacts/z")).unwrap();
    s.is_honest("a folder renamed");
    fs::remove_dir_all(s.path("contacts/z")).unwrap();
    assert_eq!(s.is_honest("a folder removed").0.len(), 60);
    fs::remove_dir_all(s.path("contacts/a")).unwrap();
    s.write("contacts/a", "no folder any more");
    assert_eq!(s.is_honest("a folder became a file").0.len(), 29);
    fs::remove_dir_all(s.path("contacts")).unwrap();
    assert_eq!(s.is_honest("all gone").0.len(), 0);
}

#[test]
fn a_folder_that_became_a_link_to_itself() {
    let s = Scratch::new("moved-away");
    fs::create_dir_all(s.path("contacts/m/n")).unwrap();
    s.write("contacts/m/n/deep.md", "# Deep\n");
    std::thread::sleep(Duration::from_millis(40));
    s.answer();
    fs::rename(s.path("contacts/m"), s.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(s.path("elsewhere"), s.path("contacts/m")).unwrap();
    assert_eq!(s.is_honest("what lies behind a link is not read").0.len(), 60);
}

#[test]
fn an_edit_within_a_tick_of_the_index() {
    let s = Scratch::new("tick");
    for n in 0..40 {
        // No pause anywhere: the stamps of one try may be the same.
        s.write("contacts/bob-05.md", &contact(n).replace("Person", "Tick "));
        s.answer();
        s.write("contacts/bob-05.md", &contact(n).replace("Person", "Tock "));
        let names_now = s.answer();
        assert!(names(&names_now).contains(&format!("Tock  {n}").as_str()), "try {n}");
    }
}

#[test]
fn settings_that_change() {
    let s = Scratch::new("settings");
    s.write("contacts/fax.md", "## Log\n- 2026-11-01 fax: sent\n");
    s.write("contacts/crack.md", "+++\nstage = \"new\"\n+++\n");
    s.answer();
    assert_eq!(s.is_honest("before").1.len(), 1);
    s.write("tickler.toml", "channels = [\"fax\"]\n[rhythm]\nnurture = \"1 day\"\n");
    let answer = s.is_honest("another channel and rhythm");
    assert_eq!(answer.1, []);
}

#[test]
fn another_day() {
    let s = Scratch::new("day");
    s.write("contacts/future.md", "+++\nname = \"F\"\nadded = 2026-01-01\nstage = \"won\"\n+++\n## Log\n- 2026-11-01 email\n- 2026-12-10 email\n");
    s.write(
        "contacts/birthday.md",
        "+++\nname = \"B\"\nstage = \"won\"\n[dates]\nbirthday = 1980-12-20\n+++\n",
    );
    s.settle_days();
}

impl Scratch {
    /// Days in any order, with one index for all.
    fn settle_days(&self) {
        for day in
            ["2026-12-03", "2026-12-18", "2026-10-01", "2027-06-01", "2026-12-03", "2026-12-21", "2026-12-10"]
        {
            let with = answer_on(&self.root, day);
            let again = answer_on(&self.root, day);
            let _ = fs::rename(self.path(".tickler"), self.path(".aside"));
            let without = answer_on(&self.root, day);
            let _ = fs::remove_dir_all(self.path(".tickler"));
            let _ = fs::rename(self.path(".aside"), self.path(".tickler"));
            assert_eq!(with, without, "{day}");
            assert_eq!(again, without, "{day}, the second time");
        }
    }
}

#[test]
fn an_index_that_is_damaged_or_foreign() {
    let s = Scratch::new("damaged");
    s.settle();
    let path = s.path(".tickler/index");
    let whole = fs::read(&path).unwrap();
    let truth = s.answer();
    // Each byte wrong in turn would take minutes; a step that is prime to every field's size meets them all.
    for at in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x41;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(s.answer(), truth, "byte {at} wrong");
    }
    for length in (0..whole.len()).step_by(211) {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(s.answer(), truth, "cut to {length}");
    }
    fs::write(&path, b"").unwrap();
    assert_eq!(s.answer(), truth, "empty");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(s.answer(), truth, "a folder");
    fs::remove_dir(&path).unwrap();
    let other = Scratch::new("foreign");
    other.write("contacts/bob-03.md", "# Other\n");
    other.answer();
    fs::copy(other.path(".tickler/index"), &path).unwrap();
    assert_eq!(s.answer(), truth, "another notebook's");
}

#[test]
fn two_at_once() {
    let s = Scratch::new("two");
    let truth = s.answer();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(s.answer(), truth);
                    let _ = fs::remove_file(s.path(".tickler/index"));
                }
            });
        }
    });
    let left: Vec<_> = fs::read_dir(s.path(".tickler")).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(left.iter().all(|name| name == "index" || name == ".gitignore"), "{left:?}");
}

#[test]
fn a_few_changes_leave_a_large_index_as_it_is() {
    let s = Scratch::new("few");
    for n in 0..2500 {
        s.write(&format!("contacts/a/many-{n:04}.md"), "# M\n");
    }
    std::thread::sleep(Duration::from_millis(40));
    s.answer();
    s.answer();
    let before = fs::metadata(s.path(".tickler/index")).unwrap().modified().unwrap();
    s.write("contacts/bob-03.md", "# Changed\n");
    assert!(names(&s.is_honest("one of many")).contains(&"Changed"));
    assert_eq!(fs::metadata(s.path(".tickler/index")).unwrap().modified().unwrap(), before);
}

#[test]
fn what_is_no_contact() {
    let s = Scratch::new("odd");
    s.write("contacts/.hidden.md", "# H\n");
    fs::create_dir(s.path("contacts/.git")).unwrap();
    s.write("contacts/.git/x.md", "# G\n");
    s.write("contacts/notes.txt", "x");
    s.write("contacts/bob.md~", "x");
    s.write("contacts/.md", "x");
    std::os::unix::fs::symlink(s.path("contacts/bob-01.md"), s.path("contacts/link.md")).unwrap();
    std::os::unix::fs::symlink(s.path("contacts"), s.path("contacts/loop")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        s.path("contacts/pipe.md"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o644),
        0,
    )
    .unwrap();
    let answer = s.is_honest("odd things");
    assert_eq!(answer.0.len(), 60);
    let said: Vec<&str> = answer.1.iter().map(|p| p.file.as_str()).collect();
    assert_eq!(said, ["contacts/link.md", "contacts/loop"]);
}

#[test]
fn what_cannot_be_read_is_said_and_hides_nothing_else() {
    let s = Scratch::new("broken");
    fs::write(s.path("contacts/latin.md"), b"# Ren\xe9\n").unwrap();
    File::create(s.path("contacts/huge.md")).unwrap().set_len(100 << 20).unwrap();
    s.write("contacts/toml.md", "+++\nname = Jane\n+++\n");
    let answer = s.is_honest("broken files");
    assert_eq!(answer.0.len(), 63);
    let said: Vec<String> =
        answer.1.iter().map(|p| format!("{}:{}: {}", p.file, p.problem.at.line, p.problem.message)).collect();
    assert_eq!(
        said,
        [
            "contacts/huge.md:0: too large for a contact: 100 MiB, and 4 at most",
            "contacts/latin.md:1: not UTF-8: byte 0xe9 begins no character",
            "contacts/toml.md:2: not TOML: string values must be quoted, expected literal string",
        ]
    );
}

/// Commits everything there is, as git would.
fn commit(root: &Path, message: &str) {
    let repository = git2::Repository::open(root).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let who = git2::Signature::now("Pat", "pat@acme.example").unwrap();
    let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    repository
        .commit(Some("HEAD"), &who, &who, message, &tree, parent.iter().collect::<Vec<_>>().as_slice())
        .unwrap();
}

#[test]
fn a_committed_version_stands_in_for_a_broken_file() {
    let s = Scratch::new("stale");
    git2::Repository::init(&s.root).unwrap();
    s.write("contacts/bob-03.md", "+++\nname = \"First\"\n[next]\non = 2026-12-01\n+++\n");
    commit(&s.root, "one");
    s.write("contacts/bob-03.md", "+++\nname = \"Broken\n+++\n");
    commit(&s.root, "broken and committed");
    s.write("contacts/bob-03.md", "+++\nname = Broken again\n+++\n");
    let of = |answer: &Answer| {
        let (_, _, contact, says) = answer.0.iter().find(|(_, id, ..)| id == "bob-03").unwrap().clone();
        (contact.name, contact.stale, contact.broken, says.starts_with("Some(2026-12-01)"))
    };
    let answer = s.is_honest("broken twice");
    assert_eq!(of(&answer), ("First".to_owned(), true, false, true));
    assert_eq!(answer.1.len(), 1, "and the problem is said");
    s.write("contacts/bob-03.md", "+++\nname = \"Second\"\n+++\n");
    commit(&s.root, "two");
    s.write("contacts/bob-03.md", "+++\nname = Broken again\n+++\n");
    assert_eq!(of(&s.is_honest("history went on")), ("Second".to_owned(), true, false, false));
    fs::remove_dir_all(s.path(".git")).unwrap();
    assert_eq!(of(&s.is_honest("no history")), ("bob 03".to_owned(), false, true, false));
}
