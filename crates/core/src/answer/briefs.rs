//! What to read before a call, for contacts of a survey (CLI contract, `brief`).

use chrono::{DateTime, Utc};

use crate::brief::{Brief, Sources, brief};
use crate::contact::Contact;
use crate::follow_up::assess;
use crate::notebook::Survey;
use crate::query::{Context, Subject};
use crate::reasons::{BrokenReason, Reasons};
use crate::ties::Neighbour;

/// Of which notebook is asked, by whom, and when.
pub struct Asked<'a> {
    /// The contacts.
    pub survey: &'a Survey<'a>,
    /// The handle of who asks, where it is known.
    pub me: Option<&'a str>,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// The briefs of these contacts, which have those numbers in the survey; and the reasons that cannot be read.
pub fn briefs(asked: &Asked<'_>, contacts: &[Contact], indexes: &[usize]) -> (Vec<Brief>, Vec<BrokenReason>) {
    let Asked { survey, me, now } = *asked;
    let (settings, today) = (survey.notebook().settings(), survey.today());
    let (holding, broken) = Reasons::holding(settings, &Context { settings, today, me });
    let again = |contact: &Contact| assess(contact, settings, today);
    let circles = survey.circles(contacts);
    let of = |((contact, index), neighbours): ((&Contact, &usize), Vec<Neighbour>)| {
        let assessment = again(contact);
        let read = |_: &Contact| survey.text(*index);
        let subject = Subject::new(contact, &again, &read).assessed(&assessment);
        let unused = holding.unused(&subject).into_iter().filter_map(|at| holding.get(at));
        brief(Sources {
            contact,
            settings,
            today,
            now,
            assessment: &assessment,
            neighbours: &neighbours,
            reasons: &unused.map(|reason| reason.text.clone()).collect::<Vec<_>>(),
        })
    };
    (contacts.iter().zip(indexes).zip(circles).map(of).collect(), broken)
}
