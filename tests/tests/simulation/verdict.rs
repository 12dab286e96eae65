//! What must hold when all have exchanged everything.

use std::fs;
use std::path::Path;

use tickler_tests::team;

use super::script::Script;
use super::world::World;

/// Brings everybody back to the network, lets all sync twice, and looks at what is there.
///
/// # Errors
/// What is wrong.
pub fn verdict(world: &mut World, script: &Script) -> Result<(), String> {
    for who in 0..script.people {
        world.team.heal(who);
    }
    for _ in 0..2 {
        for who in 0..script.people {
            world.team.book(who).settle();
            let ran = world.team.book(who).run("sync");
            if ![0, 1].contains(&ran.code) {
                return Err(format!("a quiet sync of {who} ended with {}: {}{}", ran.code, ran.out, ran.err));
            }
        }
    }
    let files = world.files(0);
    for who in 1..script.people {
        let theirs = world.files(who);
        if let Some(path) =
            files.keys().chain(theirs.keys()).find(|path| files.get(*path) != theirs.get(*path))
        {
            return Err(format!(
                "{path} differs:\n{:?}\n--- and with {who}:\n{:?}",
                files.get(path),
                theirs.get(path)
            ));
        }
    }
    repositories(world, script)?;
    let wrongs = world.ledger.wrongs(&files, script.is_wild);
    if !wrongs.is_empty() {
        return Err(wrongs.join("\n"));
    }
    let marked = |text: &&String| {
        text.lines().any(|line| ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)))
    };
    if let Some(text) = files.values().find(marked) {
        return Err(format!("markers in\n{text}"));
    }
    world.counts.set_aside = files.keys().filter(|path| path.starts_with("conflicts/")).count();
    world.counts.tokens = world.ledger.expected();
    if script.is_wild { Ok(()) } else { parses(world) }
}

/// All have the remote's last commit, in sound repositories, with nothing left over.
fn repositories(world: &mut World, script: &Script) -> Result<(), String> {
    let remote = world.team.remote();
    let main = said(&remote, "rev-parse main")?;
    said(&remote, "fsck --strict --no-dangling")?;
    for who in 0..script.people {
        let book = world.team.book(who);
        let folder = book.path();
        let head = said(&folder, "rev-parse HEAD")?;
        if head != main {
            return Err(format!("person {who} is at {head}, the remote at {main}"));
        }
        let found = said(&folder, "fsck --strict --no-dangling")?;
        let status = said(&folder, "status --porcelain --untracked-files=all")?;
        let litter = book.litter();
        if !found.is_empty() || !status.is_empty() || !litter.is_empty() || has_state(&folder) {
            return Err(format!("person {who} is left with {found:?} {status:?} {litter:?}"));
        }
    }
    world.counts.merges = said(&remote, "rev-list --merges --count main")?.trim().parse().unwrap_or(0);
    Ok(())
}

/// What a merge or a rebase leaves that did not come to its end.
fn has_state(folder: &Path) -> bool {
    ["MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD"]
        .iter()
        .any(|name| fs::symlink_metadata(folder.join(".git").join(name)).is_ok())
}

fn said(folder: &Path, line: &str) -> Result<String, String> {
    let output = team::git(folder, line);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(out),
        false => Err(format!(
            "git {line} in {}: {out}{}",
            folder.display(),
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

/// Nobody wrote anything that cannot be read, so there is no error.
fn parses(world: &World) -> Result<(), String> {
    let ran = world.team.book(0).run("check --format json");
    let problems: Vec<serde_json::Value> =
        serde_json::from_str(&ran.out).map_err(|error| format!("check: {error}: {}{}", ran.out, ran.err))?;
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem["severity"] == "error")
        .map(serde_json::Value::to_string)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("check finds {}", errors.join("\n"))) }
}
