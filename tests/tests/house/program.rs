//! What the real program says of itself.

use tickler_tests::Tickler;

/// The commands that `--help` lists.
pub fn verbs() -> Vec<String> {
    let help = Tickler::new("--help").columns(100).run().out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| line.starts_with("  "));
    // A long explanation runs on over lines that are indented further.
    let names =
        commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let verbs: Vec<String> = names.map(str::to_owned).filter(|verb| verb != "help").collect();
    assert!(verbs.iter().any(|verb| verb == "due"), "the help lists no commands:\n{help}");
    verbs
}
