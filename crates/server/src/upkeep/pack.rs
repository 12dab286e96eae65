//! Packing, clearing away and checking one repository.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::chore;
use crate::git::{FSCK, again};
use crate::names::NotebookName;
use crate::server::Server;

/// Stands in each repository; its time is that of the last time all was cleared away.
const CLEARED: &str = "tickler-gc";
/// The same, for git's check of every object.
const CHECKED: &str = "tickler-fsck";

/// Looks at a notebook's repository, and does what is due.
pub async fn look_after(server: &Server, notebook: &NotebookName) {
    let repository = server.data.repository(notebook);
    let settings = &server.settings.upkeep;
    let parts = parts(&repository);
    if parts.loose > settings.loose_objects || parts.packs > settings.packs {
        // Many small packs become few, and each loose object is in one. No index over all packs is written: libgit2
        // would go on with the old one while packs go.
        did("packed", notebook, async {
            chore::run(server, notebook, &["repack", "-d", "--geometric=2", "--quiet"]).await?;
            chore::run(server, notebook, &["pack-refs", "--all"]).await
        })
        .await;
    }
    if is_due(&repository, CLEARED, settings.gc_hours)
        && let Some(_alone) = server.upkeep.alone(notebook)
    {
        let words = ["-c", "gc.cruftPacks=true", "gc", "--quiet", "--prune=2.weeks.ago"];
        did("cleared", notebook, chore::run(server, notebook, &words)).await;
        done(&repository, CLEARED);
    }
    if is_due(&repository, CHECKED, settings.fsck_hours) {
        did("checked", notebook, check(server, notebook)).await;
        done(&repository, CHECKED);
    }
}

/// Has git check every object. It takes for missing what came in while it looked, so only what it finds again counts.
async fn check(server: &Server, notebook: &NotebookName) -> Result<(), String> {
    let Err(first) = chore::run(server, notebook, &FSCK).await else { return Ok(()) };
    let Err(second) = chore::run(server, notebook, &FSCK).await else { return Ok(()) };
    let lines = |words: &str| words.lines().map(str::to_owned).collect::<Vec<_>>();
    let found = again(&lines(&first), lines(&second));
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// Does it, and says so in the log.
async fn did(what: &str, notebook: &NotebookName, work: impl Future<Output = Result<(), String>>) {
    let begun = tokio::time::Instant::now();
    match work.await {
        Ok(()) => tracing::info!(%notebook, ms = begun.elapsed().as_millis(), "{what}"),
        Err(words) => tracing::error!(%notebook, words, "could not be {what}"),
    }
}

/// Of how many parts a repository consists.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    loose: usize,
    packs: usize,
}

fn parts(repository: &Path) -> Parts {
    let paths =
        |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let objects = repository.join("objects");
    let is_pack = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "pack");
    let packs = paths(objects.join("pack")).filter(is_pack).count();
    let is_fan = |path: &PathBuf| path.file_name().is_some_and(|name| name.len() == 2);
    let loose = paths(objects).filter(is_fan).map(|folder| paths(folder).count()).sum();
    Parts { loose, packs }
}

/// Whether that was so long ago. What was never done is due that long after the repository was first looked at.
fn is_due(repository: &Path, mark: &str, hours: u64) -> bool {
    match fs::metadata(repository.join(mark)).and_then(|file| file.modified()) {
        Ok(last) => {
            let since = SystemTime::now().duration_since(last).unwrap_or_default();
            since >= Duration::from_secs(hours * 3600)
        }
        Err(_) => {
            done(repository, mark);
            hours == 0
        }
    }
}

fn done(repository: &Path, mark: &str) {
    // A mark that cannot be written has it done again, which does no harm.
    let _ = File::create(repository.join(mark)).and_then(|file| file.set_modified(SystemTime::now()));
}
