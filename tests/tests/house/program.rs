//! The real program, run as a user would run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use super::tree;

/// The program, built once for all tests.
fn tickler() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        // A test binary lies in TARGET/PROFILE/deps.
        let own = std::env::current_exe().expect("a test knows where it lies");
        let profile = own.ancestors().nth(2).expect("a test lies in a target folder");
        let target = profile.parent().expect("a profile lies in a target folder");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "-p", "tickler", "--target-dir"]).arg(target);
        if profile.ends_with("release") {
            build.arg("--release");
        }
        let status = build.current_dir(tree::root()).status().expect("cargo runs");
        assert!(status.success(), "the program cannot be built");
        profile.join(format!("tickler{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs it in `folder`, with a home, a clock and a mind of its own.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(tickler());
    command.env_clear().env("HOME", folder).env("LANG", "C.UTF-8").env("TZ", "UTC").env("COLUMNS", "100");
    command.env("TICKLER_TODAY", "2026-12-03").env("TICKLER_ME", "sam");
    command.current_dir(folder).args(args).stdin(Stdio::null()).output().expect("the program runs")
}

/// The commands that `--help` lists.
pub fn verbs() -> Vec<String> {
    let output = run(&tree::root(), &["--help"]);
    let help = String::from_utf8(output.stdout).expect("the help is UTF-8");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| line.starts_with("  "));
    // A long explanation runs on over lines that are indented further.
    let names =
        commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let verbs: Vec<String> = names.map(str::to_owned).filter(|verb| verb != "help").collect();
    assert!(verbs.iter().any(|verb| verb == "due"), "the help lists no commands:\n{help}");
    verbs
}
