//! Open promises, ours and theirs, with the days that they are late, and the question to do it together now.

use serde::Serialize;

use crate::contact::{Contact, Promiser};
use crate::date::Date;
use crate::settings::Settings;

/// A promise that is not kept yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenPromise {
    /// What was promised, Markdown as written.
    pub text: String,
    /// The team member whose it is; none for the contact's owner, and for theirs.
    pub who: Option<String>,
    /// The day that was named.
    pub by: Option<Date>,
    /// The day on which it was made, where the log tells.
    pub made: Option<Date>,
    /// The day by which it is expected: the one named, else what the settings allow from when it was made.
    pub due: Option<Date>,
    /// Days from `due` to today; negative for what has time yet, none where nothing dates it.
    pub days_late: Option<i64>,
}

impl OpenPromise {
    /// Its day has passed.
    pub fn is_late(&self) -> bool {
        self.days_late.is_some_and(|days| days > 0)
    }
}

/// Every open promise: ours, then theirs, each in the file's order.
pub(super) fn open(
    contact: &Contact,
    settings: &Settings,
    today: Date,
) -> (Vec<OpenPromise>, Vec<OpenPromise>) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for promise in contact.promises.iter().filter(|promise| !promise.kept) {
        let (within, list) = match promise.who {
            Promiser::Them => (&settings.waiting_within, &mut theirs),
            Promiser::Me | Promiser::Member(_) => (&settings.promise_within, &mut ours),
        };
        let due = promise.by.or_else(|| promise.made.map(|made| within.after(made, &settings.calendar)));
        list.push(OpenPromise {
            text: promise.text.clone(),
            who: match &promise.who {
                Promiser::Member(handle) => Some(handle.clone()),
                Promiser::Me | Promiser::Them => None,
            },
            by: promise.by,
            made: promise.made,
            due,
            days_late: due.map(|due| today.days_since(due)),
        });
    }
    (ours, theirs)
}

/// The question to do now, together, what they promised to do alone: an invitation, never a reproach.
pub fn together(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', '!', '?', ',', ';']);
    let (verb, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = addressed(rest.trim());
    let rest = rest.strip_prefix("us ").map(str::to_owned).unwrap_or(rest);
    match verb.to_lowercase().as_str() {
        "read" | "review" | "study" | "skim" | "see" | "check" | "consider" if !rest.is_empty() => {
            format!("Shall we look at {rest} together now?")
        }
        "look" | "go" | "think" | "talk" | "decide" | "choose" | "pick" | "fill" | "test" | "try"
        | "measure" | "write" | "draft" | "list" | "sign" | "complete" | "compare" | "count" | "answer" => {
            let verb = verb.to_lowercase();
            format!("Shall we {} together now?", format!("{verb} {rest}").trim())
        }
        "send" | "mail" | "email" | "e-mail" | "forward" | "share" | "give" | "return" | "pay" | "order"
        | "book" | "name" | "confirm" | "upload"
            if !rest.is_empty() =>
        {
            format!("Could you {} {rest} while we are talking?", verb.to_lowercase())
        }
        "ask" | "call" | "phone" | "tell" | "invite" if !rest.is_empty() => {
            format!("Shall we {} {rest} together now?", verb.to_lowercase())
        }
        _ => format!("Shall we do it together now: {}?", addressed(text)),
    }
}

/// What was noted about them as one says it to them: "her front desk" is "your front desk".
fn addressed(text: &str) -> String {
    const NO_NOUN: [&str; 14] =
        ["to", "about", "for", "if", "whether", "that", "by", "in", "on", "at", "the", "a", "when", "how"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let spoken = words.iter().enumerate().map(|(at, word)| match *word {
        "his" | "their" => "your",
        // "ask her boss", but "ask her to come".
        "her" if words.get(at + 1).is_some_and(|next| !NO_NOUN.contains(next)) => "your",
        // What they would do alone is now done together.
        "himself" | "herself" | "themselves" => "",
        other => other,
    });
    spoken.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_fits_what_was_promised() {
        for (promised, question) in [
            ("read pages 3-5", "Shall we look at pages 3-5 together now?"),
            (
                "read pages 1 to 3 with her front desk",
                "Shall we look at pages 1 to 3 with your front desk together now?",
            ),
            ("send the floor plans.", "Could you send the floor plans while we are talking?"),
            ("Send us the plans", "Could you send the plans while we are talking?"),
            (
                "ask their fire officer about the wall",
                "Shall we ask your fire officer about the wall together now?",
            ),
            ("decide", "Shall we decide together now?"),
            ("ask her boss", "Shall we ask your boss together now?"),
            ("measure the ballroom himself", "Shall we measure the ballroom together now?"),
            ("the budget", "Shall we do it together now: the budget?"),
            ("read", "Shall we do it together now: read?"),
        ] {
            assert_eq!(together(promised), question);
        }
    }
}
