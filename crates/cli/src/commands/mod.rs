//! One file a command.

pub mod due;

use crate::args::{Args, Verb};
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Runs what was typed; `tickler` alone is `tickler due`.
pub fn run(args: Args) -> Result<Answer, Failure> {
    let context = Context::new(args.global)?;
    match args.verb.unwrap_or_else(|| Verb::Due(due::DueArgs::default())) {
        Verb::Due(args) => due::run(&context, &args),
    }
}
