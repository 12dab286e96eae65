//! One file a command.

pub mod brief;
mod brief_text;
pub mod check;
pub mod completions;
pub mod due;
mod due_text;
mod explain;
pub mod init;
pub mod reasons;
pub mod show;
pub mod who;

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
    match args.verb.unwrap_or_else(|| Verb::Due(due::DueArgs::default())) {
        Verb::Due(args) => due::run(&context, &args),
        Verb::Brief(args) => brief::run(&context, &args),
        Verb::Show(args) => show::run(&context, &args),
        Verb::Reasons(args) => reasons::run(&context, &args),
        Verb::Who(args) => who::run(&context, &args),
        Verb::Check(args) => check::run(&context, &args),
        Verb::Init(args) => init::run(&context, &args),
        Verb::Completions(args) => completions::run(&context, &args),
        Verb::Man(args) => completions::man(&context, &args),
    }
}
