//! One file a command.

pub mod brief;
mod brief_text;
pub mod check;
pub mod completions;
pub mod cracks;
pub mod due;
mod due_text;
pub mod dupes;
pub mod edit;
mod explain;
pub mod export;
pub mod git_setup;
pub mod history;
pub mod import;
pub mod init;
pub mod join;
pub mod list;
mod list_mutt;
pub mod log;
pub mod merge;
pub mod merge_file;
pub mod mv;
pub mod new;
pub mod next;
pub mod promise;
pub mod reasons;
pub mod reassign;
pub mod report;
mod report_text;
pub mod set;
pub mod show;
pub mod status;
mod status_sharing;
pub mod stop;
pub mod sync;
mod sync_text;
pub mod undo;
pub mod who;

use std::process::ExitCode;

use crate::args::{Args, Asked, Color, Verb};
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Runs what was typed and says what went wrong; `tickler` alone is `tickler due`.
pub fn run(args: Args) -> ExitCode {
    colour_errors(args.global.color);
    match answer(args) {
        Ok(answer) => answer.exit_code(),
        Err(failure) => failure.report(),
    }
}

/// Standard error follows the same wish as standard output.
fn colour_errors(color: Option<Color>) {
    match color {
        Some(Color::Always) => anstream::ColorChoice::Always.write_global(),
        Some(Color::Never) => anstream::ColorChoice::Never.write_global(),
        _ => {}
    }
}

fn answer(args: Args) -> Result<Answer, Failure> {
    let context = Context::new(args.global)?;
    colour_errors(context.global.color.or(context.user.color));
    if !context.user.warnings.is_empty() {
        anstream::eprint!("{}", context.user.warnings);
    }
    let verb = args.verb.unwrap_or_else(|| Verb::Due(due::DueArgs::default()));
    let verb = match verb {
        Verb::Due(due) if due.options == due::DueOptions::default() => {
            Verb::Due(due::DueArgs { options: args.due, ..due })
        }
        verb if args.due != due::DueOptions::default() => {
            drop(verb);
            let failure = Failure::usage("options such as --all and --within are of `due`, not of that verb");
            return Err(failure.hint("write `tickler due --all`"));
        }
        verb => verb,
    };
    if context.global.format == Asked::Mutt && !matches!(verb, Verb::List(_)) {
        let failure = Failure::usage("mutt is answered by `list` alone");
        return Err(failure.hint("write `tickler list --format mutt`, with words to look for"));
    }
    match verb {
        Verb::Due(args) => due::run(&context, &args),
        Verb::Cracks(args) => cracks::run(&context, &args),
        Verb::List(args) => list::run(&context, &args),
        Verb::Show(args) => show::run(&context, &args),
        Verb::Brief(args) => brief::run(&context, &args),
        Verb::Reasons(args) => reasons::run(&context, &args),
        Verb::Report(args) => report::run(&context, &args),
        Verb::Who(args) => who::run(&context, &args),
        Verb::New(args) => new::run(&context, &args),
        Verb::Set(args) => set::set(&context, &args),
        Verb::Tag(args) => set::tag(&context, &args),
        Verb::Assign(args) => set::assign(&context, &args),
        Verb::Stage(args) => set::stage(&context, &args),
        Verb::Cadence(args) => set::cadence(&context, &args),
        Verb::Reassign(args) => reassign::run(&context, &args),
        Verb::Mv(args) => mv::mv(&context, &args),
        Verb::Rm(args) => mv::rm(&context, &args),
        Verb::Tidy(args) => mv::tidy(&context, &args),
        Verb::Dupes(args) => dupes::run(&context, &args),
        Verb::Merge(args) => merge::run(&context, &args),
        Verb::Stop(args) => stop::run(&context, &args),
        Verb::Log(args) => log::run(&context, &args),
        Verb::Next(args) => next::next(&context, &args),
        Verb::Snooze(args) => next::snooze(&context, &args),
        Verb::Promise(args) => promise::promise(&context, &args),
        Verb::Kept(args) => promise::kept(&context, &args),
        Verb::Edit(args) => edit::run(&context, &args),
        Verb::History(args) => history::run(&context, &args),
        Verb::Undo(args) => undo::run(&context, &args),
        Verb::Status(args) => status::run(&context, &args),
        Verb::Sync(args) => sync::run(&context, &args),
        Verb::Join(args) => join::run(&context, &args),
        Verb::GitSetup(args) => git_setup::run(&context, &args),
        Verb::MergeFile(args) => merge_file::run(&context, &args),
        Verb::Check(args) => check::run(&context, &args),
        Verb::Import(args) => import::run(&context, &args),
        Verb::Export(args) => export::run(&context, &args),
        Verb::Init(args) => init::run(&context, &args),
        Verb::Completions(args) => completions::run(&context, &args),
        Verb::Man(args) => completions::man(&context, &args),
    }
}
