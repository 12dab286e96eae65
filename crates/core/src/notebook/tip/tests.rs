//! Whatever happened to a branch: a tip that followed it answers as one that was read afresh, and as the notebook's
//! folder does where that commit is checked out.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use git2::{Repository, Signature};
use proptest::prelude::*;

use super::super::tests::Folder;
use super::*;
use crate::git::Person;
use crate::notebook::{Change, Deed};

/// What there is at each path.
type Files = BTreeMap<String, Vec<u8>>;

const PATHS: [&str; 14] = [
    "contacts/a/ann.md",
    "contacts/b/ann.md",
    "contacts/Ann.md",
    "contacts/bob.md",
    "contacts/b/bob-2.md",
    "contacts/c/d/eve.md",
    "contacts/zoe.md",
    "contacts/.hidden.md",
    "contacts/note.txt",
    "files/a/offer.pdf",
    "conflicts/ann-1.md",
    "conflicts/.gitkeep",
    "templates/new.md",
    SETTINGS_FILE,
];

const TEXTS: [&[u8]; 9] = [
    b"+++\nname = \"Ann\"\ncompany = \"Acme\"\nreferred_by = \"bob\"\n+++\n\nKnows [[eve]] and [[b/ann]].\n",
    b"+++\nname = \"Bob\"\ncompany = \" ACME\"\naliases = [\"robert\"]\n[next]\ndate = 2026-12-04\nwhy = \"call\"\n+++\n",
    b"+++\nname = \"Eve\"\n[cadence]\nevery = \"2 weeks\"\n+++\n\n## Log\n\n- 2026-11-01 phone: spoke of [[robert]]\n",
    b"+++\nname = \"Zoe\"\nstage = \"won\"\n+++\n\n## Log\n\n- 2026-11-20 email in: hello\n\n## Promises\n\n- [ ] 2026-12-05 send it\n",
    b"+++\nname = \"Broken\n+++\n",
    b"+++\nname = \"Odd\"\nnext = 3\nunknown = true\n+++\n",
    b"\xff\xfe no text",
    b"no front matter, only [[bob]]\n",
    b"",
];

const SETTINGS: [&str; 3] = [
    "",
    "timezone = \"Asia/Tokyo\"\n",
    "timezone = \"Europe/Berlin\"\n[calendar]\nweekend = [\"fri\", \"sat\"]\n",
];

/// A bare repository, and a folder that has the last commit's files.
struct World {
    folder: Folder,
    repository: Repository,
    files: Files,
}

impl World {
    fn new(name: &str) -> World {
        let folder = Folder::new(name);
        let bare = folder.path().join("bare.git");
        let mut options = git2::RepositoryInitOptions::new();
        options.bare(true).initial_head("main").external_template(false);
        let repository = Repository::init_opts(&bare, &options).unwrap();
        let mut world = World { folder, repository, files: Files::new() };
        world.files.insert(SETTINGS_FILE.to_owned(), Vec::new());
        world
    }

    fn bare(&self) -> PathBuf {
        self.folder.path().join("bare.git")
    }

    /// What there is becomes a commit.
    fn commit(&self) -> String {
        let mut index = git2::Index::new().unwrap();
        for (path, bytes) in &self.files {
            let id = self.repository.blob(bytes).unwrap();
            let entry = git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id,
                flags: 0,
                flags_extended: 0,
                path: path.clone().into_bytes(),
            };
            index.add(&entry).unwrap();
        }
        let tree = self.repository.find_tree(index.write_tree_to(&self.repository).unwrap()).unwrap();
        let who = Signature::now("t", "t@example.com").unwrap();
        let parent = self.repository.head().ok().map(|head| head.peel_to_commit().unwrap());
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        let id = self.repository.commit(Some("refs/heads/main"), &who, &who, "step", &tree, &parents);
        id.unwrap().to_string()
    }

    /// The same files in a folder, whose history is that of the repository.
    fn checked_out(&self) -> PathBuf {
        let folder = self.folder.path().join("checked-out");
        let _ = fs::remove_dir_all(&folder);
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::write(folder.join(".git"), format!("gitdir: {}\n", self.bare().display())).unwrap();
        folder
    }
}

/// All that can be asked of a survey, but for versions, by the file of each contact.
fn answers(survey: &Survey<'_>) -> Vec<String> {
    let all: Vec<_> = (0..survey.len()).map(|index| survey.contact(index, Parts::ALL)).collect();
    let circles = survey.circles(&all);
    let mut answers: Vec<String> = (0..survey.len())
        .map(|index| {
            let id = survey.id(index).into_owned();
            assert_eq!(survey.find(&id), Some(index), "{id}");
            let outlook = survey.outlook(index);
            // For how long it holds depends on the day that it was made.
            let outlook = (outlook.due, outlook.kind, outlook.crack, outlook.stopped, outlook.value);
            format!(
                "{} {id} {} {outlook:?} {:?} {:?} {:?} {:?}",
                survey.path(index),
                survey.row(index).broken,
                all[index],
                survey.text(index),
                survey.problems_of(index),
                circles[index],
            )
        })
        .collect();
    answers.push(format!("{:?}", survey.problems()));
    let notebook = survey.notebook();
    answers.push(format!("{:?}", notebook.versions_aside().unwrap()));
    answers.push(format!("{:?}", PATHS.map(|path| !path.starts_with("contacts") && notebook.has_file(path))));
    answers
}

fn versions(survey: &Survey<'_>) -> Vec<Option<BlobId>> {
    (0..survey.len()).map(|index| survey.version(index)).collect()
}

/// What is not told to be otherwise is the same.
fn assert_since(earlier: &Tip, later: &Tip) {
    let Some(since) = later.since(earlier) else {
        assert!(
            earlier.today() != later.today()
                || earlier.notebook().settings_text() != later.notebook().settings_text()
        );
        return;
    };
    let kept = |tip: &Tip, but: &[usize]| -> Vec<String> {
        let survey = tip.survey();
        (0..survey.len())
            .filter(|index| !but.contains(index))
            .map(|index| format!("{} {:?}", survey.path(index), survey.contact(index, Parts::ALL)))
            .collect()
    };
    assert_eq!(kept(earlier, &since.gone), kept(later, &since.new));
}

fn day(number: i64) -> Date {
    Date::new(2026, 12, 1).unwrap().plus_days(number)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tip_that_follows_answers_as_a_fresh_one_and_as_the_folder(
        steps in prop::collection::vec(
            (prop::collection::vec((0..PATHS.len(), 0..TEXTS.len() + 3), 1..5), 0..12_i64), 1..9),
        asks in any::<bool>(),
    ) {
        let mut world = World::new(&format!("tip-{:?}", std::thread::current().id()));
        world.files.insert(PATHS[3].to_owned(), TEXTS[1].to_vec());
        let mut tip = Tip::load(&world.bare(), &world.commit(), |_| day(0)).unwrap();
        for (changes, today) in steps {
            for (path, text) in changes {
                let path = PATHS[path].to_owned();
                match TEXTS.get(text) {
                    _ if path == SETTINGS_FILE => {
                        world.files.insert(path, SETTINGS[text % SETTINGS.len()].into());
                    }
                    Some(text) => drop(world.files.insert(path, text.to_vec())),
                    None => drop(world.files.remove(&path)),
                }
            }
            // Those who never asked who knows whom must not be told otherwise later.
            if asks {
                answers(&tip.survey());
            }
            let commit = world.commit();
            let earlier = tip.clone();
            let before = answers(&earlier.survey());
            tip.follow(&commit).unwrap();
            assert_since(&earlier, &tip);
            prop_assert_eq!(before, answers(&earlier.survey()), "the earlier one stays as it was");
            // Most steps are on the same day.
            if today < 6 {
                tip.renew(day(today));
                assert_since(&earlier, &tip);
            }
            let fresh = Tip::load(&world.bare(), &commit, |_| tip.today()).unwrap();
            prop_assert_eq!((tip.commit(), tip.tree()), (fresh.commit(), fresh.tree()));
            prop_assert_eq!(answers(&tip.survey()), answers(&fresh.survey()));
            prop_assert_eq!(versions(&tip.survey()), versions(&fresh.survey()));
            let folder = world.checked_out();
            let notebook = Notebook::open(&folder).unwrap();
            prop_assert_eq!(answers(&tip.survey()), answers(&notebook.survey(tip.today())));
        }
    }
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), email: format!("{name}@example.com") }
}

/// A new text of bob.
fn deed(text: &str, n: usize) -> Deed {
    let after = format!("{text}\nline {n}\n");
    let change = Change { file: PATHS[3].to_owned(), before: Some(text.to_owned()), after: Some(after) };
    Deed { subject: format!("note: {n}"), changes: vec![change], ..Deed::default() }
}

#[test]
fn deeds_are_added_one_upon_the_other_and_published_at_once() {
    let mut world = World::new("tip-publish");
    world.files.insert(PATHS[3].to_owned(), TEXTS[1].to_vec());
    let first = world.commit();
    let tip = Tip::load(&world.bare(), &first, |_| day(0)).unwrap();
    let (author, committer) = (person("pat"), person("server"));
    let how = Publishing { author: &author, committer: &committer, trailers: &[("Via", "web\n")] };
    let text = |tip: &Tip| tip.survey().text(0).unwrap();
    let add = |from: &Tip, numbers: std::ops::Range<usize>| {
        let (mut next, mut unpublished) = (from.clone(), Unpublished::on(from));
        for n in numbers {
            let deed = deed(&text(&next), n);
            next.add(&deed, &how, &mut unpublished).unwrap().unwrap();
        }
        (next, unpublished)
    };
    let (one, of_one) = add(&tip, 0..3);
    let (other, of_other) = add(&tip, 7..8);
    let branch = "refs/heads/main";
    let at = || world.repository.refname_to_id(branch).unwrap().to_string();
    assert_eq!(at(), first, "nobody sees it yet");
    one.publish(branch, &of_one).unwrap();
    assert_eq!(at(), one.commit());
    assert!(text(&one).ends_with("line 0\n\nline 1\n\nline 2\n"), "{}", text(&one));
    // Each deed has its commit, and says how it came.
    let last = world.repository.find_commit(one.commit().parse().unwrap()).unwrap();
    assert!(last.message().unwrap().contains("Via: web\n"));
    assert_eq!((last.author().name(), last.committer().name()), (Ok("pat"), Ok("server")));
    assert_eq!(last.parent(0).unwrap().parent(0).unwrap().parent_id(0).unwrap().to_string(), first);
    // Who was slower is told so, and nothing is lost.
    let error = other.publish(branch, &of_other).unwrap_err();
    assert!(matches!(error, TipError::Git(GitError::Moved)), "{error}");
    assert_eq!(at(), one.commit());
    // What changes nothing is no commit.
    let (mut same, mut nothing) = (one.clone(), Unpublished::on(&one));
    assert_eq!(same.add(&Deed::default(), &how, &mut nothing).unwrap(), None);
    assert!(nothing.is_empty());
    same.publish(branch, &nothing).unwrap();
    assert_eq!(at(), one.commit());
}

#[test]
fn packing_takes_nothing_from_a_tip_that_is_open() {
    let mut world = World::new("tip-packed");
    world.files.insert(PATHS[3].to_owned(), TEXTS[1].to_vec());
    world.files.insert(PATHS[6].to_owned(), TEXTS[3].to_vec());
    let mut tip = Tip::load(&world.bare(), &world.commit(), |_| day(0)).unwrap();
    let git = |words: &[&str]| {
        let done = Command::new("git").args(words).current_dir(world.bare()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (author, committer) = (person("pat"), person("server"));
    let how = Publishing { author: &author, committer: &committer, trailers: &[] };
    for n in 0..12 {
        // The pack that it has open goes, and so do the loose objects.
        git(if n % 2 == 0 {
            &["repack", "-a", "-d", "-q"]
        } else {
            &["repack", "-d", "--geometric=2", "-q"]
        });
        git(&["pack-refs", "--all"]);
        let survey = tip.survey();
        let texts: Vec<String> = (0..2).map(|index| survey.text(index).unwrap()).collect();
        let deed = deed(&texts[0], n);
        let mut unpublished = Unpublished::on(&tip);
        tip.add(&deed, &how, &mut unpublished).unwrap();
        tip.publish("refs/heads/main", &unpublished).unwrap();
    }
    assert_eq!(tip.survey().text(0).unwrap().matches("line ").count(), 12);
    assert_eq!(
        answers(&tip.survey()),
        answers(&Tip::load(&world.bare(), tip.commit(), |_| day(0)).unwrap().survey())
    );
    git(&["fsck", "--strict"]);
}

#[test]
fn what_no_contact_has_any_more_takes_no_memory() {
    let mut world = World::new("tip-clutter");
    let long = "+++\nname = \"Bob\"\n+++\n\n## Log\n\n".to_owned()
        + &"- 2026-11-01 phone: spoke at length of this and of that\n".repeat(400);
    for n in 0..20 {
        world.files.insert(format!("contacts/bob-{n:02}.md"), long.clone().into_bytes());
    }
    let mut tip = Tip::load(&world.bare(), &world.commit(), |_| day(0)).unwrap();
    let at_first = tip.bytes();
    for n in 0..200 {
        let text = format!("{long}- 2026-11-02 phone: number {n}\n");
        world.files.insert(format!("contacts/bob-{:02}.md", n % 20), text.into_bytes());
        tip.follow(&world.commit()).unwrap();
        assert!(tip.bytes() < 4 * at_first, "after {n}: {} of {at_first}", tip.bytes());
    }
    let fresh = Tip::load(&world.bare(), tip.commit(), |_| day(0)).unwrap();
    assert_eq!(answers(&tip.survey()), answers(&fresh.survey()));
}
