//! `log`: a touch, with what was promised and the next step.

use tickler_core::contact::{Channel, Promiser, Word, Words};
use tickler_core::date::When;
use tickler_core::english::{self, Lean};
use tickler_core::file;
use tickler_core::problem::nearest;
use tickler_core::settings::Settings;
use tickler_core::verbs::{self, Desk, Draft, Log, Plan, Promised, Refusal, colleagues};

use crate::context::Context;
use crate::deed::{DeedArgs, carry_out, refused};
use crate::failure::{Answer, Failure};
use crate::{complete, naming};

/// Add a touch to the log
///
/// Who, by what and how it went, in one line: the contact by any part of its name, then the channel, then words for
/// how it went: in, reached, voicemail, no-answer, busy, no-show, cancelled, bounced, no-reply, and @handle for a
/// colleague's touch. What was promised and the next step go in the same breath.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler log jane phone voicemail
  tickler log jane phone -m \"wants page 3 explained\" --next \"wed 2pm\" --via phone --why \"walk through page 3\"
  tickler log jane doe email in -m \"asked for the price list\" --me \"send the price list by fri\"
  tickler log jane meeting --on monday --at 14:30 --them \"read pages 3-5 by next tuesday\"")]
pub struct LogArgs {
    /// The contact, the channel, and words for how it went
    #[arg(required = true, num_args = 1.., value_names = ["ID", "CHANNEL", "WORD"], add = complete::contacts())]
    words: Vec<String>,
    /// What there is to say of it
    #[arg(short = 'm', long = "message", value_name = "TEXT")]
    text: Option<String>,
    /// The day, today if not said: monday is the last one
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The time of day
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// What we promised, such as "send the list by fri"; `--me` says the same
    #[arg(long = "we", value_name = "PROMISE")]
    ours: Vec<String>,
    /// What they promised
    #[arg(long = "them", value_name = "PROMISE")]
    theirs: Vec<String>,
    #[command(flatten)]
    plan: PlanArgs,
    /// Log it though they asked us to stop
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    deed: DeedArgs,
}

/// The next step.
#[derive(Debug, Clone, clap::Args)]
pub struct PlanArgs {
    /// When the next step is, such as "wed 2pm" or "in 3 months"
    #[arg(long, value_name = "DATE")]
    pub next: Option<String>,
    #[command(flatten)]
    pub how: HowArgs,
}

/// How the next step goes.
#[derive(Debug, Clone, clap::Args)]
pub struct HowArgs {
    /// By what the next step is
    #[arg(long, value_name = "CHANNEL", add = complete::channels())]
    pub via: Option<String>,
    /// Why, so that it is a good reason when the day comes
    #[arg(long, value_name = "TEXT")]
    pub why: Option<String>,
    /// They asked for it
    #[arg(long)]
    pub asked: bool,
    /// We said we would
    #[arg(long)]
    pub promised: bool,
}

impl HowArgs {
    /// The plan for that moment.
    pub fn plan(&self, on: When) -> Plan {
        Plan {
            on,
            via: self.via.as_deref().map(Channel::from_name),
            why: self.why.clone(),
            asked: self.asked,
            promised: self.promised,
        }
    }

    /// Whether anything is said.
    fn is_said(&self) -> bool {
        self.via.is_some() || self.why.is_some() || self.asked || self.promised
    }
}

pub fn run(context: &Context, args: &LogArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let touch = split(&args.words, &desk).map_err(|refusal| refused(context, &notebook, refusal))?;
    let log = read(args, &touch, &desk).map_err(|refusal| refused(context, &notebook, refusal))?;
    let (survey, index) = naming::one(context, &notebook, touch.contact)?;
    let planned = Draft::read(&survey, index).and_then(|draft| verbs::log(draft, &log, &desk));
    let mut planned = planned.map_err(|refusal| refused(context, &notebook, refusal))?;
    if let Some(contact) = &planned.contact
        && contact.log.iter().any(|entry| entry.date == log.date && entry.is_out_touch())
    {
        planned.cautions.extend(colleagues(&survey, contact, log.date, log.who.as_deref(), &desk));
    }
    carry_out(context, &notebook, &planned, &args.deed)
}

/// What the words say.
struct Touch<'a> {
    contact: &'a [String],
    channel: Channel,
    words: Words,
    who: Option<String>,
}

/// Parts the contact's name from the channel and its words. The name may have words of its own, even ones that are
/// channels: the channel is the first word behind which all others fit.
fn split<'a>(words: &'a [String], desk: &Desk<'_>) -> Result<Touch<'a>, Refusal> {
    let settings = desk.settings;
    let is_channel = |word: &str| settings.knows_channel(&Channel::from_name(word));
    let fits = |word: &String| word.starts_with('@') || Word::from_name(word).is_some();
    let at = (1..words.len()).find(|at| is_channel(&words[*at]) && words[at + 1..].iter().all(fits));
    let Some(at) = at else { return Err(misfit(words, settings)) };
    let mut touch = Touch {
        contact: &words[..at],
        channel: Channel::from_name(&words[at]),
        words: Words::default(),
        who: None,
    };
    for word in &words[at + 1..] {
        match (word.strip_prefix('@'), Word::from_name(word)) {
            (Some(who), _) => touch.who = Some(who.to_owned()),
            (None, Some(word)) => touch.words.insert(word),
            (None, None) => {}
        }
    }
    Ok(touch)
}

/// Why the words cannot be parted.
fn misfit(words: &[String], settings: &Settings) -> Refusal {
    let example = "such as `tickler log jane phone voicemail`";
    if words.len() < 2 {
        return Refusal::usage("by what? a channel must follow the contact").hint(example);
    }
    let is_channel = |word: &String| settings.knows_channel(&Channel::from_name(word));
    if let Some(at) = (1..words.len()).find(|at| is_channel(&words[*at])) {
        let fits = |word: &&String| !word.starts_with('@') && Word::from_name(word).is_none();
        let word = words[at + 1..].iter().find(fits).map_or("", String::as_str);
        let known = Word::ALL.iter().map(|(name, _)| *name);
        return Refusal::usage(format!("unknown word \"{word}\" behind the channel")).hint(
            match nearest(word, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("what there is to say goes in quotes: `-m \"{word} …\"`"),
            },
        );
    }
    let last = words.last().map_or("", String::as_str);
    let hints = words[1..].iter().filter_map(|word| file::channel_hint(word, settings));
    let meant = hints.into_iter().find(|hint| hint.starts_with("did you mean"));
    let refusal = Refusal::usage(format!("no channel in \"{}\"", words.join(" ")));
    refusal.hint(meant.unwrap_or_else(|| {
        let names: Vec<&str> = settings.channel_names().collect();
        format!("by what, in place of or after \"{last}\"? {}", names.join(", "))
    }))
}

/// What the options say.
fn read(args: &LogArgs, touch: &Touch<'_>, desk: &Desk<'_>) -> Result<Log, Refusal> {
    let on = match &args.on {
        Some(text) => moment(text, Lean::Past, desk, "--on")?,
        None => When { date: desk.today, time: None },
    };
    let time = match &args.at {
        Some(text) => {
            let none = || {
                let refusal = Refusal::usage(format!("\"{text}\" is no time of day"));
                refusal.hint("such as `--at 14:30` or `--at 2pm`")
            };
            let at = english::read(text, Lean::Past, &desk.now());
            let at = at.map_err(|misread| match misread.unknown {
                true => none(),
                false => Refusal::misread("--at", &misread),
            })?;
            Some(at.time.ok_or_else(none)?)
        }
        None => on.time,
    };
    let promise =
        |text: &String, who: Promiser| verbs::promised(&Promised { text: text.clone(), who, by: None }, desk);
    let ours = args.ours.iter().map(|text| promise(text, Promiser::Me));
    let theirs = args.theirs.iter().map(|text| promise(text, Promiser::Them));
    let next = match &args.plan.next {
        Some(text) => Some(args.plan.how.plan(moment(text, Lean::Future, desk, "--next")?)),
        None if args.plan.how.is_said() => {
            return Err(Refusal::usage(
                "when is the next step? --via, --why, --asked and --promised tell how it is",
            )
            .hint("say when: `--next \"wed 2pm\"`"));
        }
        None => None,
    };
    Ok(Log {
        channel: touch.channel.clone(),
        words: touch.words,
        who: touch.who.clone(),
        date: on.date,
        time,
        text: args.text.clone().unwrap_or_default(),
        promises: ours.chain(theirs).collect::<Result<_, _>>()?,
        next,
        force: args.force,
    })
}

/// The moment that an option's value names.
pub fn moment(text: &str, lean: Lean, desk: &Desk<'_>, option: &str) -> Result<When, Refusal> {
    english::read(text, lean, &desk.now()).map_err(|misread| Refusal::misread(option, &misread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(line: &str) -> String {
        let settings = Settings { channels: vec!["fax".into()], ..Settings::default() };
        let today = "2026-12-03".parse().unwrap();
        let desk = Desk { settings: &settings, today, time: None, me: None };
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        match split(&words, &desk) {
            Ok(touch) => {
                let words: Vec<&str> =
                    Word::ALL.iter().filter(|(_, w)| touch.words.has(*w)).map(|(n, _)| *n).collect();
                let who = touch.who.map(|who| format!(" @{who}")).unwrap_or_default();
                format!("{}|{}|{}{who}", touch.contact.join(" "), touch.channel, words.join(" "))
            }
            Err(refusal) => format!("{} ({})", refusal.message, refusal.hint.unwrap_or_default()),
        }
    }

    #[test]
    fn name_channel_and_words_are_parted() {
        for (line, expected) in [
            ("jane phone", "jane|phone|"),
            ("jane doe Phone Voicemail", "jane doe|phone|voicemail"),
            ("gift card co phone", "gift card co|phone|"),
            ("card event in @sam", "card|event|in @sam"),
            ("phone phone", "phone|phone|"),
            ("jane fax", "jane|fax|"),
            ("jane email in no-reply", "jane|email|in no-reply"),
            (
                "jane",
                "by what? a channel must follow the contact (such as `tickler log jane phone voicemail`)",
            ),
            (
                "jane phone voicmail",
                "unknown word \"voicmail\" behind the channel (did you mean `voicemail`?)",
            ),
            (
                "jane phone said hello",
                "unknown word \"said\" behind the channel (what there is to say goes in quotes: `-m \"said …\"`)",
            ),
            ("jane called", "no channel in \"jane called\" (did you mean `phone`?)"),
        ] {
            assert_eq!(parted(line), expected, "{line}");
        }
    }
}
