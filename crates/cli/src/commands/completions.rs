//! `completions` and `man`: help for the shell, and manual pages.

use std::io::Write;
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::env::Shells;

use crate::args::Args;
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// The variable by which a shell asks for completions.
pub const VARIABLE: &str = "TICKLER_COMPLETE";
const BASH: &str = include_str!("tickler.bash");

/// Help for your shell's Tab key: verbs, options, and the names in your notebook
#[derive(Debug, clap::Args)]
#[command(after_help = "To set it up:
  bash   echo 'source <(tickler completions bash)' >> ~/.bashrc
  zsh    echo 'source <(tickler completions zsh)' >> ~/.zshrc
  fish   tickler completions fish > ~/.config/fish/completions/tickler.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// The manual page; with a folder, a page for each verb
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler man | man -l -                        read it
  tickler man ~/.local/share/man/man1           install all pages")]
pub struct ManArgs {
    /// The folder for all pages
    #[arg(value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub fn run(context: &Context, args: &CompletionsArgs) -> Result<Answer, Failure> {
    let name = match args.shell {
        // The library's own script loses the words of a query at their colons.
        Shell::Bash => {
            let mut page = context.page();
            page.write_all(BASH.as_bytes())?;
            return page.finish(Answer::Done);
        }
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
    };
    let shells = Shells::builtins();
    let shell = shells.completer(name).ok_or_else(|| Failure::usage(format!("no completions for {name}")))?;
    let mut page = context.page();
    shell.write_registration(VARIABLE, "tickler", "tickler", "tickler", &mut page)?;
    page.finish(Answer::Done)
}

pub fn man(context: &Context, args: &ManArgs) -> Result<Answer, Failure> {
    let command = Args::command();
    let mut page = context.page();
    match &args.dir {
        None => clap_mangen::Man::new(command).render(&mut page)?,
        Some(dir) => {
            let failed = |error: std::io::Error| {
                Failure::notebook(format!("cannot write to \"{}\": {error}", dir.display()))
            };
            std::fs::create_dir_all(dir).map_err(failed)?;
            clap_mangen::generate_to(command.disable_help_subcommand(true), dir).map_err(failed)?;
            writeln!(page, "The manual pages are in {}.", dir.display())?;
        }
    }
    page.finish(Answer::Done)
}
