//! `stop`: they asked us to stop.

use super::{Desk, Draft, Planned, Refusal, log::known_channel};
use crate::contact::{Channel, Value, Word, Words};
use crate::file::edit::{self, NewEntry};

/// Logs that they asked us to stop, by `via` or as a note, and sets the stage; from then on they are never due.
///
/// # Errors
/// Where no stage means stopped, the channel is not known, or the file cannot be edited.
pub fn stop(mut draft: Draft, why: &str, via: Option<&Channel>, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let Some(stage) = desk.settings.stages.stopped.first() else {
        return Err(Refusal::notebook("no stage of this notebook means that somebody asked us to stop")
            .hint("add one in tickler.toml: `stopped = [\"stopped\"]` below `[stages]`"));
    };
    let channel = via.cloned().unwrap_or(Channel::Note);
    known_channel(&channel, desk)?;
    let mut words = Words::default();
    if channel.is_touch() {
        words.insert(Word::In);
        words.insert(Word::NoReply);
    }
    let text = if why.trim().is_empty() { "asked us to stop" } else { why };
    let entry = NewEntry {
        date: desk.today,
        time: None,
        channel,
        words,
        who: None,
        text: text.to_owned(),
        promises: Vec::new(),
    };
    draft.edit(desk.settings, |source| edit::add_entry(source, &entry, desk.settings))?;
    let stage = Value::Text(stage.clone());
    draft.edit(desk.settings, |source| edit::set(source, &["stage"], &stage))?;
    let name = draft.contact().name.clone();
    let said = format!("{name}: stage {stage}; nobody will be reminded to contact them");
    Ok(Planned::of(draft, "stop", format!("stop {name}: {text}"), said))
}
