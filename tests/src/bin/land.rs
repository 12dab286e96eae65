//! What a server that merges does after a push, in few words: the `post-receive` hook of a plain bare repository, which
//! has what came to `refs/sync/USER/DEVICE` land on `main`. A file `keep` or `mute` beside it makes it fail as a
//! server may.

use std::io::Read;
use std::path::Path;

use tickler_core::git::{GitError, Person, Store};
use tickler_core::sync::{Landing, land};

fn main() -> Result<(), GitError> {
    let mut pushed = String::new();
    let is_read = std::io::stdin().read_to_string(&mut pushed);
    assert!(is_read.is_ok(), "git tells a hook what was pushed");
    let store = Store::bare(Path::new("."))?;
    for line in pushed.lines() {
        let mut words = line.split(' ').skip(1);
        let (Some(commit), Some(reference)) = (words.next(), words.next()) else { continue };
        let Some((user, _)) = reference.strip_prefix("refs/sync/").and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        if Path::new("keep").exists() {
            eprintln!("kept; it will be merged in a moment");
            continue;
        }
        let author = Person { name: user.to_owned(), email: format!("{user}@acme.example") };
        let committer = Person { name: "tickler-server".to_owned(), email: "server@acme.example".to_owned() };
        let message = "sync: merge what came meanwhile\n";
        let landing =
            Landing { branch: "refs/heads/main", commit, author: &author, committer: &committer, message };
        let landed = land(&store, &landing)?;
        store.forget(reference, commit)?;
        if !Path::new("mute").exists() {
            landed.from.iter().for_each(|from| eprintln!("main was {from}"));
            eprintln!("main is now {}", landed.to);
        }
    }
    Ok(())
}
