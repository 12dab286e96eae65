//! How the C library's allocator is told to give memory back.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What glibc's allocator is told, unless whoever runs the server tells it something else. By itself it has a heap for
/// each of many threads and keeps what each of them ever took: a server that makes a commit a second would take
/// several times what it holds. It reads this once, when a program starts.
const TOLD: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "1000000"), ("MALLOC_TRIM_THRESHOLD_", "4000000")];

/// Begins this program anew with the allocator told, as the same process. Where that cannot be, it goes on as it is:
/// it takes more memory then, and is as right.
pub fn tell() {
    if !cfg!(all(target_os = "linux", target_env = "gnu")) || env::var_os(TOLD[0].0).is_some() {
        return;
    }
    let (Ok(program), mut words) = (env::current_exe(), env::args_os()) else { return };
    let mut anew = Command::new(program);
    if let Some(name) = words.next() {
        anew.arg0(name);
    }
    // It comes back only where it failed.
    let _ = anew.args(words).envs(TOLD).exec();
}
