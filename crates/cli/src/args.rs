//! What can be typed (CLI contract, Habits and Verbs). The help is the doc comments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::{commands, complete};

/// Who to follow up with today, and why: from a folder of plain-text contacts.
#[derive(Debug, Parser)]
#[command(name = "tickler", version, infer_subcommands = false)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten, next_help_heading = "Options of `tickler` alone, as of `tickler due`")]
    pub due: commands::due::DueOptions,
}

/// Options of every verb.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The notebook's folder, instead of the nearest one upward
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Your handle in the team
    #[arg(long, global = true, value_name = "HANDLE", add = complete::handles())]
    pub me: Option<String>,
    /// The day to answer for, instead of today; with a time, such as 2026-12-03T14:30, the moment too
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<String>,
    /// How to print the answer
    #[arg(long, global = true, value_enum, default_value_t = Asked::Text)]
    pub format: Asked,
    /// When to use colour
    #[arg(long, global = true, value_enum)]
    pub color: Option<Color>,
}

/// What `--format` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Asked {
    Text,
    Json,
    Csv,
    /// Addresses, as mutt asks for them; of `list` alone
    Mutt,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
    Csv,
}

impl Asked {
    /// How to print all that is no answer to mutt.
    pub fn format(self) -> Format {
        match self {
            Asked::Text | Asked::Mutt => Format::Text,
            Asked::Json => Format::Json,
            Asked::Csv => Format::Csv,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    Due(commands::due::DueArgs),
    Cracks(commands::cracks::CracksArgs),
    List(commands::list::ListArgs),
    Show(commands::show::ShowArgs),
    Brief(commands::brief::BriefArgs),
    Reasons(commands::reasons::ReasonsArgs),
    Who(commands::who::WhoArgs),
    Report(commands::report::ReportArgs),
    New(commands::new::NewArgs),
    Log(commands::log::LogArgs),
    Next(commands::next::NextArgs),
    Snooze(commands::next::SnoozeArgs),
    Promise(commands::promise::PromiseArgs),
    Kept(commands::promise::KeptArgs),
    Set(commands::set::SetArgs),
    Tag(commands::set::TagArgs),
    Assign(commands::set::AssignArgs),
    Stage(commands::set::StageArgs),
    Stop(commands::stop::StopArgs),
    Cadence(commands::set::CadenceArgs),
    Edit(commands::edit::EditArgs),
    History(commands::history::HistoryArgs),
    Undo(commands::undo::UndoArgs),
    Status(commands::status::StatusArgs),
    Sync(commands::sync::SyncArgs),
    Join(commands::join::JoinArgs),
    GitSetup(commands::git_setup::GitSetupArgs),
    MergeFile(commands::merge_file::MergeFileArgs),
    Reassign(commands::reassign::ReassignArgs),
    Mv(commands::mv::MvArgs),
    Rm(commands::mv::RmArgs),
    Tidy(commands::mv::TidyArgs),
    Dupes(commands::dupes::DupesArgs),
    Merge(commands::merge::MergeArgs),
    Check(commands::check::CheckArgs),
    Import(commands::import::ImportArgs),
    Export(commands::export::ExportArgs),
    Init(commands::init::InitArgs),
    Completions(commands::completions::CompletionsArgs),
    Man(commands::completions::ManArgs),
}

/// Verbs whose words may begin with `-`: those of a query (CLI contract, Query), and tags to take away.
const ASKING: [&str; 9] = ["due", "cracks", "list", "who", "report", "tag", "reassign", "export", "dupes"];
/// Options whose value is the word behind them.
const WITH_VALUE: [&str; 18] = [
    "--dir",
    "--me",
    "--today",
    "--format",
    "--color",
    "--within",
    "--limit",
    "--least",
    "--sort",
    "--columns",
    "--query",
    "--from",
    "--to",
    "--path",
    "--remote",
    "--since",
    "--output",
    "--link",
];
/// The verb of which `--me` says what we promised (CLI contract, Verbs), and not who we are.
const PROMISING: &str = "log";
/// What marks a word of a query that would else be taken for options.
const MARK: char = '\u{1}';

/// The words of the command line as clap is to read them: of `log`, `--me` is another word for `--we`, and `-stage:won` marked as a word of the query, so that it is not read as the
/// options `-s -t -a …`. Clap could only be told to take all that begins with `-`, `--format` too.
pub fn mark_query(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut asks = false;
    let mut promises = false;
    let mut tags = false;
    let mut verb_seen = false;
    let mut is_value = true; // the program's own name
    let mut marked = Vec::new();
    for word in words {
        let text = word.to_str().unwrap_or_default();
        // `-x` may be a tag, and is an option of one letter elsewhere.
        let long_enough = text.len() > 2 || tags && !["-h", "-n", "-"].contains(&text);
        let looks_negated = long_enough && text.starts_with('-') && !text.starts_with("--");
        let takes_value = !is_value && WITH_VALUE.contains(&text);
        if asks && !is_value && looks_negated {
            marked.push(OsString::from(format!("{MARK}{text}")));
        } else if let Some(rest) = text.strip_prefix("--me").filter(|r| r.is_empty() || r.starts_with('='))
            && promises
            && !is_value
        {
            marked.push(OsString::from(format!("--we{rest}")));
        } else {
            if !verb_seen && !is_value && !text.starts_with('-') {
                verb_seen = true;
                asks = ASKING.contains(&text);
                promises = text == PROMISING;
                tags = text == "tag";
            }
            marked.push(word);
        }
        is_value = takes_value;
    }
    marked
}

/// The words of a query as they were typed.
pub fn unmark_query(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(|word| unmark(word)).collect();
    words.join(" ")
}

/// A word as it was typed.
pub fn unmark(word: &str) -> &str {
    word.strip_prefix(MARK).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negated_terms_are_no_options() {
        let parse = |line: &str| Args::try_parse_from(mark_query(line.split(' ').map(OsString::from)));
        for (line, query) in [
            ("tickler due -stage:won --format json", "-stage:won"),
            (
                "tickler due tag:hotel -(stage:won or stage:lost) --limit 3",
                "tag:hotel -(stage:won or stage:lost)",
            ),
            ("tickler --today 2026-12-03 due -owner:pat --mine", "-owner:pat"),
        ] {
            match parse(line).unwrap().verb {
                Some(Verb::Due(args)) => assert_eq!(unmark_query(&args.query), query),
                other => panic!("{line}: {other:?}"),
            }
        }
        match parse("tickler list --sort -value -stage:won").unwrap().verb {
            Some(Verb::List(args)) => assert_eq!((args.sort.as_str(), args.query.len()), ("-value", 1)),
            other => panic!("{other:?}"),
        }
        assert!(parse("tickler due --limt 3").is_err());
        assert!(parse("tickler due -h").is_err(), "help is still help");
    }

    #[test]
    fn the_definition_holds() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
