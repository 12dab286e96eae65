//! Many at once, while servers are killed and the upstream is cut off.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tickler_tests::{Dice, team};

use super::{AMARA, Forge, note, says, tip, until};

/// Everything that was acknowledged is everywhere in the end. `TICKLER_UPSTREAM_EDITS` and `TICKLER_UPSTREAM_SEED` make
/// it longer and other.
#[test]
fn three_servers_eight_clients_and_an_upstream_that_is_cut_off() {
    let number =
        |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let edits = number("TICKLER_UPSTREAM_EDITS", 5);
    let seed = number("TICKLER_UPSTREAM_SEED", 1);
    let mut forge = Forge::new("upstream-many");
    let mut servers = vec![forge.first("upstream-many-1")];
    servers.extend([2, 3].map(|server| forge.another(&format!("upstream-many-{server}"), 1)));
    let clones: Vec<PathBuf> = (0..8)
        .map(|client| {
            let serving = &mut servers[client % 3];
            let user = format!("user-{client}");
            serving.add_user(&user, "editor");
            serving.clone_by(&user, &user)
        })
        .collect();
    let mut dice = Dice::of(seed);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for (client, clone) in clones.iter().enumerate() {
            let dice = Dice::of(dice.roll());
            scope.spawn(move || work(client, clone, edits, dice));
        }
        let moment =
            |dice: &mut Dice| std::thread::sleep(Duration::from_millis(500 + 10 * dice.below(100) as u64));
        for _ in 0..edits.div_ceil(5) {
            moment(&mut dice);
            forge.host.cut();
            moment(&mut dice);
            servers[dice.below(3)].kill_and_restart();
            moment(&mut dice);
            forge.host.connect();
            moment(&mut dice);
        }
    });
    let repositories: Vec<PathBuf> =
        servers.iter().map(|serving| serving.repository("main")).chain([forge.repository()]).collect();
    let tips = || repositories.iter().map(|repository| tip(repository)).collect::<Vec<_>>();
    let worked = begun.elapsed();
    until("one history everywhere", || tips().windows(2).all(|two| two[0] == two[1]));
    println!("{} edits in {worked:?}, everywhere after {:?}", edits * 8, begun.elapsed() - worked);
    for repository in &repositories {
        let text: String = CONTACTS.map(|path| says(repository, &format!("show main:{path}"))).concat();
        for (client, edit) in (0..8).flat_map(|client| (0..edits).map(move |edit| (client, edit))) {
            let token = token(client, edit);
            assert_eq!(text.matches(&token).count(), 1, "seed {seed}: {token} in {}", repository.display());
        }
        says(repository, "fsck --strict --no-dangling");
    }
}

const CONTACTS: [&str; 3] = [AMARA, "contacts/bruno-keller.md", "contacts/chloe-dubois.md"];

fn token(client: usize, edit: u64) -> String {
    format!("token-{client}-{edit}.")
}

/// A client that edits and pushes, again where that was not acknowledged, until all was.
fn work(client: usize, clone: &Path, edits: u64, mut dice: Dice) {
    for edit in 0..edits {
        let contact = dice.pick(&CONTACTS).copied().unwrap_or(AMARA);
        note(clone, contact, &token(client, edit));
        let push = format!("push --quiet origin HEAD:refs/sync/user-{client}/desk");
        until("an acknowledgement", || team::git(clone, &push).status.success());
        std::thread::sleep(Duration::from_millis(dice.below(200) as u64));
    }
}
