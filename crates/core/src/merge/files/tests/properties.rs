//! Whatever two sides do to a few files, nothing that either wrote is lost or doubled, and it ends the same.

use proptest::prelude::*;

use super::*;

/// How many files there are in the base, and how many lines each has.
const FILES: usize = 4;
const LINES: usize = 12;
/// So many lines of one file may a side add, and as many remove: a file that changes more is another file.
const MOST_LINES: usize = 2;

#[derive(Debug, Clone)]
enum Act {
    /// Adds a line; of the other side too where `shared`.
    Add {
        file: usize,
        shared: bool,
    },
    Remove {
        file: usize,
        line: usize,
    },
    /// To another folder, the name stays.
    Move {
        file: usize,
        folder: usize,
    },
    Rename {
        file: usize,
        name: usize,
    },
    Delete {
        file: usize,
    },
    /// A new contact at one of few paths.
    New {
        path: usize,
        name: usize,
        uid: Option<usize>,
    },
    NewText {
        path: usize,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let file = 0..FILES;
    let act = prop_oneof![
        3 => (file.clone(), any::<bool>()).prop_map(|(file, shared)| Act::Add { file, shared }),
        3 => (file.clone(), 0..LINES).prop_map(|(file, line)| Act::Remove { file, line }),
        2 => (file.clone(), 0..3usize).prop_map(|(file, folder)| Act::Move { file, folder }),
        2 => (file.clone(), 0..3usize).prop_map(|(file, name)| Act::Rename { file, name }),
        2 => file.prop_map(|file| Act::Delete { file }),
        2 => (0..3usize, 0..2usize, proptest::option::of(0..2usize))
            .prop_map(|(path, name, uid)| Act::New { path, name, uid }),
        1 => (0..2usize).prop_map(|path| Act::NewText { path }),
    ];
    proptest::collection::vec(act, 0..7)
}

/// A file of the base on one side: where it is and the lines it has; none where it is gone.
type Kept = Option<(String, BTreeSet<String>)>;

/// One side: files of the base, and new ones.
#[derive(Debug, Clone, PartialEq)]
struct World {
    base: Vec<Kept>,
    new: BTreeMap<String, (String, BTreeSet<String>)>,
}

/// What stands above the lines: two of the files have a `uid`, the last is no contact.
fn head(file: usize) -> String {
    match file {
        3 => String::new(),
        _ if file.is_multiple_of(2) => format!("+++\nname = \"f{file}\"\nuid = \"{file}\"\n+++\n"),
        _ => format!("+++\nname = \"f{file}\"\n+++\n"),
    }
}

fn base() -> World {
    let file = |file: usize| {
        let path = if file == 3 { "files/f3.txt".to_owned() } else { format!("contacts/f{file}.md") };
        Some((path, (0..LINES).map(|line| format!("o{file}.{line}")).collect()))
    };
    World { base: (0..FILES).map(file).collect(), new: BTreeMap::new() }
}

/// What a side does; `tag` keeps its words apart from the other's.
fn lived(tag: char, acts: &[Act]) -> World {
    let mut world = base();
    let mut counts = BTreeMap::new();
    for (number, act) in acts.iter().enumerate() {
        let mut may = |file: usize, what: &'static str| {
            let count = counts.entry((file, what)).or_insert(0);
            *count += 1;
            *count <= MOST_LINES
        };
        let taken: BTreeSet<String> = world
            .base
            .iter()
            .flatten()
            .map(|(path, _)| path.clone())
            .chain(world.new.keys().cloned())
            .collect();
        let go = |kept: &mut Kept, path: String| {
            if let Some((place, _)) = kept
                && !taken.contains(&path)
            {
                *place = path;
            }
        };
        match act {
            Act::Add { file, shared } => {
                let word = if *shared { format!("s{file}") } else { format!("{tag}{number}") };
                if let Some((_, lines)) = &mut world.base[*file]
                    && may(*file, "add")
                {
                    lines.insert(word);
                }
            }
            Act::Remove { file, line } => {
                if let Some((_, lines)) = &mut world.base[*file]
                    && may(*file, "remove")
                {
                    lines.remove(&format!("o{file}.{line}"));
                }
            }
            Act::Move { file: 3, folder } => go(&mut world.base[3], format!("files/{folder}/f3.txt")),
            Act::Move { file, folder } => {
                go(&mut world.base[*file], format!("contacts/{folder}/f{file}.md"));
            }
            Act::Rename { file: 3, name } => go(&mut world.base[3], format!("files/n{name}.txt")),
            Act::Rename { file, name } => go(&mut world.base[*file], format!("contacts/n{name}.md")),
            Act::Delete { file } => world.base[*file] = None,
            Act::New { path, name, uid } => {
                let path = format!("contacts/n{path}.md");
                let uid = uid.map(|uid| format!("uid = \"n{uid}\"\n")).unwrap_or_default();
                if !taken.contains(&path) {
                    let head = format!("+++\nname = \"N{name}\"\n{uid}+++\n");
                    world.new.insert(path, (head, [format!("{tag}{number}")].into()));
                }
            }
            Act::NewText { path } => {
                let path = format!("files/n{path}.txt");
                if !taken.contains(&path) {
                    world.new.insert(path, (String::new(), [format!("{tag}{number}")].into()));
                }
            }
        }
    }
    world
}

/// What stands before each word of a log.
const ENTRY: &str = "- 2026-11-20 note: ";

fn tree_of(world: &World) -> Tree {
    let text = |head: &str, lines: &BTreeSet<String>| {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        (format!("{head}{lines}").into_bytes(), PLAIN)
    };
    let kept = world.base.iter().enumerate().filter_map(|(file, kept)| {
        let (path, lines) = kept.as_ref()?;
        Some((path.clone(), text(&head(file), lines)))
    });
    let new = world.new.iter().map(|(path, (head, lines))| (path.clone(), text(head, lines)));
    kept.chain(new).collect()
}

/// The contacts of a world, whose words are entries of their logs.
fn logs_of(world: &World) -> Tree {
    let mut tree = tree_of(world);
    tree.retain(|path, _| path.starts_with("contacts/"));
    for (bytes, _) in tree.values_mut() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let (head, words) = text.rsplit_once("+++\n").unwrap();
        let entries: String = words.lines().map(|word| format!("{ENTRY}{word}\n")).collect();
        *bytes = format!("{head}+++\n\n## Log\n\n{entries}").into_bytes();
    }
    tree
}

fn words_of_logs(tree: &Tree) -> Vec<String> {
    let texts = tree.values().map(|(bytes, _)| String::from_utf8(bytes.clone()).unwrap());
    let mut words: Vec<String> = texts
        .flat_map(|text| {
            text.lines().filter_map(|line| line.strip_prefix(ENTRY)).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    words.sort();
    words
}

/// The words that are to be in the result, each once.
fn expected(o: &World, a: &World, b: &World) -> Vec<String> {
    let mut words = BTreeSet::new();
    for ((o, a), b) in o.base.iter().zip(&a.base).zip(&b.base) {
        let was = &o.as_ref().unwrap().1;
        match (a, b) {
            (None, None) => {}
            (Some(left), None) | (None, Some(left)) if Some(left) == o.as_ref() => {}
            (Some((_, left)), None) | (None, Some((_, left))) => words.extend(left.iter().cloned()),
            (Some((_, a)), Some((_, b))) => {
                let stays = |word: &&String| !was.contains(*word) || (a.contains(*word) && b.contains(*word));
                words.extend(a.union(b).filter(stays).cloned());
            }
        }
    }
    words.extend(a.new.values().chain(b.new.values()).flat_map(|(_, lines)| lines.iter().cloned()));
    words.into_iter().collect()
}

fn words_of(tree: &Tree) -> Vec<String> {
    let mut words: Vec<String> = tree
        .values()
        .flat_map(|(bytes, _)| {
            String::from_utf8(bytes.clone()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|line| !line.contains(['=', '+']))
        .collect();
    words.sort();
    words
}

/// So many cases, or as many as `PROPTEST_CASES` says.
fn config(usual: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = if config.cases == 256 { usual } else { config.cases };
    ProptestConfig { cases, failure_persistence: None, ..config }
}

proptest! {
    #![proptest_config(config(10_000))]

    #[test]
    fn nothing_is_lost_or_doubled_and_it_ends_the_same(a in acts(), b in acts()) {
        let (o, a, b) = (base(), lived('a', &a), lived('b', &b));
        let (tree, _) = merged(&by_lines, "", &tree_of(&o), &tree_of(&a), &tree_of(&b));
        prop_assert_eq!(words_of(&tree), expected(&o, &a, &b));
    }
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn contacts_too_are_neither_lost_nor_doubled(a in acts(), b in acts()) {
        let contacts = |acts: Vec<Act>| -> Vec<Act> {
            acts.into_iter()
                .filter(|act| match act {
                    Act::Add { file, .. }
                    | Act::Remove { file, .. }
                    | Act::Move { file, .. }
                    | Act::Rename { file, .. }
                    | Act::Delete { file } => *file != 3,
                    Act::New { .. } => true,
                    Act::NewText { .. } => false,
                })
                .collect()
        };
        let (o, a, b) = (base(), lived('a', &contacts(a)), lived('b', &contacts(b)));
        let (tree, _) = merged(&super::super::super::merge, "", &logs_of(&o), &logs_of(&a), &logs_of(&b));
        let mut expected = expected(&o, &a, &b);
        expected.retain(|word| !word.starts_with("o3."));
        prop_assert_eq!(words_of_logs(&tree), expected);
    }
}
