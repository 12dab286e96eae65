//! Invariant 1: only the cellar and the program's outermost files touch the world outside.

use super::source::{self, Name};

/// The doors to the world outside.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Door {
    Files,
    Processes,
    Environment,
    Clock,
    Network,
    Streams,
}

use Door::{Clock, Environment, Files, Network, Processes, Streams};

/// Who may open which. A path that ends with `/` is a folder. Tests may do as they like.
const ALLOWED: &[(&str, &[Door])] = &[
    // The cellar.
    ("crates/core/src/notebook/", &[Files, Processes, Clock]),
    ("crates/core/src/git/", &[Files, Processes, Environment]),
    ("crates/core/src/sync/", &[Files, Processes, Clock]),
    // The program's outermost files.
    ("crates/cli/src/main.rs", &[Environment]),
    ("crates/cli/src/context.rs", &[Files, Processes, Environment, Clock, Streams]),
    ("crates/cli/src/config.rs", &[Files, Environment]),
    ("crates/cli/src/complete.rs", &[Environment, Clock]),
    ("crates/cli/src/page.rs", &[Streams]),
    ("crates/cli/src/naming.rs", &[Streams]),
    ("crates/cli/src/progress.rs", &[Streams]),
    ("crates/cli/src/intake.rs", &[Files, Streams]),
    ("crates/cli/src/outlet.rs", &[Files, Processes]),
    ("crates/cli/src/mappings.rs", &[Files]),
    // Folders of mail, and messages of several gigabytes, one after the other.
    ("crates/cli/src/mailbox.rs", &[Files, Streams]),
    // The user's own programs.
    ("crates/cli/src/shell.rs", &[Processes]),
    ("crates/cli/src/hooks/", &[Processes, Streams]),
    ("crates/cli/src/editor.rs", &[Files, Processes, Environment, Streams]),
    // Manual pages into a folder.
    ("crates/cli/src/commands/completions.rs", &[Files]),
    // The name of the notebook's folder.
    ("crates/cli/src/commands/export/ics.rs", &[Files]),
    // Three files that git, or another tool, names.
    ("crates/cli/src/commands/merge_file.rs", &[Files]),
    // The user's time zone.
    ("crates/cli/src/commands/brief_text.rs", &[Clock]),
    // The server: the data folder, and what lies in it.
    ("crates/server/src/main.rs", &[Environment]),
    // Hooks tell the server what they did, by a socket.
    ("crates/server/src/figures/told.rs", &[Files, Network]),
    ("crates/server/src/commands/", &[Files, Processes, Environment, Clock]),
    ("crates/server/src/commands/serve.rs", &[Streams]),
    ("crates/server/src/data.rs", &[Files, Processes, Clock]),
    ("crates/server/src/server.rs", &[Processes]),
    ("crates/server/src/settings.rs", &[Files]),
    ("crates/server/src/notebooks.rs", &[Files, Processes]),
    ("crates/server/src/integrity.rs", &[Files]),
    ("crates/server/src/backup/", &[Files, Processes, Clock]),
    ("crates/server/src/upkeep/", &[Files, Processes, Clock]),
    ("crates/server/src/upstream/", &[Files, Processes, Environment, Clock]),
    ("crates/server/src/record.rs", &[Files, Clock]),
    ("crates/server/src/people/", &[Files, Clock]),
    // Its connections, and git behind them.
    ("crates/server/src/front/", &[Files, Processes, Network, Clock]),
    ("crates/server/src/asked.rs", &[Clock]),
    ("crates/server/src/calendar/mod.rs", &[Clock]),
    ("crates/server/src/clock.rs", &[Clock]),
    ("crates/server/src/sessions.rs", &[Clock]),
    ("crates/server/src/writing.rs", &[Processes]),
    ("crates/server/src/api/past.rs", &[Files]),
    ("crates/server/src/git.rs", &[Files, Processes, Environment]),
    ("crates/server/src/git_http/", &[Files, Processes, Environment, Clock]),
    // What git runs around a push.
    ("crates/server/src/hook/", &[Files, Processes, Environment, Clock, Streams]),
    ("crates/server/src/page.rs", &[Streams]),
    ("crates/server/src/logs.rs", &[Environment, Clock, Streams]),
];

/// What a method of a path asks the file system.
const ASKS_FILES: [&str; 9] = [
    "canonicalize",
    "exists",
    "is_dir",
    "is_file",
    "is_symlink",
    "metadata",
    "read_dir",
    "read_link",
    "try_exists",
];

/// The door that a name opens.
fn door(name: &Name) -> Option<Door> {
    let parts: Vec<&str> = name.parts.iter().map(String::as_str).collect();
    if name.of_value {
        return parts.first().filter(|method| ASKS_FILES.contains(method)).map(|_| Files);
    }
    match parts.as_slice() {
        // How a program ends is a value like any other.
        ["std", "process", "ExitCode", ..] => None,
        ["std", "process", ..] | ["signal_hook", ..] => Some(Processes),
        ["rustix", "process", ..] => Some(Processes),
        // Asks pipes and terminals whether they have something to say.
        ["rustix", "event", ..] => Some(Streams),
        ["std", "fs", ..] | ["std", "os", _, "fs", ..] | ["git2" | "walkdir" | "rustix", ..] => Some(Files),
        ["std", "env", ..] => Some(Environment),
        // Addresses are values like any other.
        ["std", "net", "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "SocketAddr", ..] => None,
        ["tokio", "process" | "signal", ..] => Some(Processes),
        ["tokio", "fs", ..] => Some(Files),
        ["tokio", "net", ..] => Some(Network),
        ["std", "net", ..] | ["std", "os", _, "net", ..] => Some(Network),
        ["std", "time", "SystemTime" | "Instant", ..] | ["std", "time", "UNIX_EPOCH"] => Some(Clock),
        ["SystemTime" | "Instant" | "Local" | "Utc", "now"] | ["chrono", "Local", ..] => Some(Clock),
        ["chrono", "Utc" | "offset", .., "now"] => Some(Clock),
        ["std", "io", "stdin" | "stdout" | "stderr"] | ["io", "stdin" | "stdout" | "stderr"] => Some(Streams),
        ["terminal_size", ..] => Some(Streams),
        _ => None,
    }
}

#[test]
fn only_the_outermost_rooms_touch_the_world() {
    let mut strays = Vec::new();
    let mut opened = 0;
    for source in
        ["crates/core/src", "crates/cli/src", "crates/server/src"].into_iter().flat_map(source::sources)
    {
        let allowed: Vec<Door> = ALLOWED
            .iter()
            .filter(|(place, _)| {
                source.path == *place || place.ends_with('/') && source.path.starts_with(place)
            })
            .flat_map(|(_, doors)| doors.iter().copied())
            .collect();
        for name in source::names(&source.tokens) {
            match door(&name) {
                Some(door) if allowed.contains(&door) => opened += 1,
                Some(door) => {
                    strays.push(format!(
                        "{}:{}: {} ({door:?})",
                        source.path,
                        name.line,
                        name.parts.join("::")
                    ));
                }
                None => {}
            }
        }
    }
    assert!(opened > 10, "the cellar opens files; did this test read it?");
    assert!(
        strays.is_empty(),
        "only the cellar and the program's outermost files may name these; hand the answer in as an argument:\n{}",
        strays.join("\n")
    );
}
