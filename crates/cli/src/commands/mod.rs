//! One file a command.

pub mod cracks;
pub mod due;
mod due_text;
mod explain;
pub mod list;

use std::process::ExitCode;

use crate::args::{Args, Color, Verb};
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Runs what was typed and says what went wrong; `tickler` alone is `tickler due`.
pub fn run(args: Args) -> ExitCode {
    match args.global.color {
        Some(Color::Always) => anstream::ColorChoice::Always.write_global(),
        Some(Color::Never) => anstream::ColorChoice::Never.write_global(),
        _ => {}
    }
    match answer(args) {
        Ok(answer) => answer.exit_code(),
        Err(failure) => failure.report(),
    }
}

fn answer(args: Args) -> Result<Answer, Failure> {
    let context = Context::new(args.global)?;
    if !context.user.warnings.is_empty() {
        anstream::eprint!("{}", context.user.warnings);
    }
    let verb = args.verb.unwrap_or_else(|| Verb::Due(due::DueArgs::default()));
    let verb = match verb {
        Verb::Due(due) if due.options == due::DueOptions::default() => {
            Verb::Due(due::DueArgs { options: args.due, ..due })
        }
        verb if args.due != due::DueOptions::default() => {
            let failure = Failure::usage("the options of `due` do not go before another verb");
            let _ = verb;
            return Err(failure.hint("write them after it: `tickler due --all`"));
        }
        verb => verb,
    };
    match verb {
        Verb::Due(args) => due::run(&context, &args),
        Verb::Cracks(args) => cracks::run(&context, &args),
        Verb::List(args) => list::run(&context, &args),
    }
}
