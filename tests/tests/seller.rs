//! Fourteen working days of a seller, played with the verbs and an editor in turn. On every morning the due list must
//! be right; why it is so stands beside each. Reads as a worked example of the format's section 5.

use tickler_tests::{Book, Ran};

const SETTINGS: &str = r#"
[calendar]
holidays = [2026-12-08]

[team.pat]
email = ["pat@acme.example"]
[team.sam]
email = ["sam@acme.example"]

[cadence.new-lead]
steps = [
  { after = "0 days", via = "card", why = "thank them for their interest" },
  { after = "3 days", via = "email", why = "news on what interests them" },
  { after = "4 days", via = "phone", why = "ask what changed since" },
]
"#;

/// A customer to keep in touch with: the stage `nurture` has a rhythm of 90 days.
const ADA: &str = r#"+++
company = "Lakeside Inn"
owner = "pat"
stage = "nurture"
prefers.channel = ["phone", "email"]
+++
# Ada Lind

## Log

- 2026-09-03 visit: showed her the panels
- 2026-08-20 phone: heard of us from a friend
"#;

/// A customer who has a birthday soon.
const BEN: &str = r#"+++
owner = "pat"
stage = "won"
dates.birthday = 1975-12-12
+++
# Ben Moss

## Log

- 2026-10-01 phone: renewed for two years
"#;

/// Somebody who does not answer.
const CLEO: &str = r#"+++
owner = "pat"
stage = "contacted"
[prefers]
channel = ["phone", "email"]
every = "1 week"
+++
# Cleo Park

## Log

- 2026-11-24 phone voicemail
- 2026-11-17 phone voicemail
- 2026-11-10 email: the catalogue
"#;

/// Somebody who is on holiday.
const DORA: &str = r#"+++
owner = "pat"
stage = "nurture"
prefers.every = "2 weeks"
[away]
until = 2026-12-09
why = "Madeira"
+++
# Dora Voss

## Log

- 2026-11-20 phone: flies on Sunday
"#;

/// Sam's, who is about to say no.
const ELI: &str = r#"+++
owner = "sam"
stage = "proposal"
next.on = 2026-12-03
next.via = "email"
next.why = "ask for the decision"
+++
# Eli Kane

## Log

- 2026-11-26 email: sent the offer
"#;

/// The team at its work.
struct Team {
    book: Book,
    today: &'static str,
}

impl Team {
    fn new() -> Team {
        let files = [
            ("tickler.toml", SETTINGS),
            ("contacts/ada-lind.md", ADA),
            ("contacts/ben-moss.md", BEN),
            ("contacts/cleo-park.md", CLEO),
            ("contacts/dora-voss.md", DORA),
            ("contacts/eli-kane.md", ELI),
        ];
        Team { book: Book::git("seller", &files), today: "" }
    }

    /// A morning: the list of who is due, without its first line, which says the day.
    #[track_caller]
    fn morning(&mut self, today: &'static str, expected: &str) -> Ran {
        self.today = today;
        let ran = self.ask("due", "pat");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let list = ran.out.split_once("\n\n").map_or("", |(_, list)| list);
        assert_eq!(list.trim_end(), expected.trim(), "{today}:\n{}", ran.err);
        ran
    }

    /// What Pat does.
    #[track_caller]
    fn pat(&self, line: &str) {
        self.does(line, "pat");
    }

    /// What Sam does.
    #[track_caller]
    fn sam(&self, line: &str) {
        self.does(line, "sam");
    }

    #[track_caller]
    fn does(&self, line: &str, who: &str) {
        let ran = self.ask(line, who);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    }

    fn ask(&self, line: &str, who: &str) -> Ran {
        let line = self.book.tickler(line);
        let line = line.env("TICKLER_TODAY", self.today).env("TICKLER_ME", who);
        line.env("GIT_AUTHOR_NAME", who).env("GIT_AUTHOR_EMAIL", format!("{who}@acme.example")).run()
    }
}

#[test]
fn fourteen_days() {
    let mut team = Team::new();

    // Cleo: her rhythm is a week, and the last touch was on 24 November. The channel is the second that she prefers,
    // since the last touch by the first went unanswered.
    team.morning(
        "2026-12-01",
        "Today 1
  Cleo Park    today  email  keep in touch every 1 week  @pat  (last: phone 7 days ago, voicemail)

2 more come within a week: tickler due --within 7d",
    );
    team.pat("log cleo phone voicemail -m 'would be glad of five minutes'");
    team.pat("new 'Fay Nunn' --company 'Nunn Catering' --email fay@nunn.example --met 'breakfast of the hotel keepers'");

    // Ada: 90 days after 3 September. Fay: newly met, so within 24 hours. Cleo: four touches in a row went
    // unanswered, so the patience rule lets her be until the end of January.
    team.morning(
        "2026-12-02",
        "Today 2
  Ada Lind  Lakeside Inn   today  phone    keep in touch every 90 days  @pat  (last: visit 3 months ago)
  Fay Nunn  Nunn Catering  today  any way  newly met: breakfast of the hotel keepers  @pat  (last: event yesterday)

1 more comes within a week: tickler due --within 7d",
    );
    team.pat(
        "log ada phone -m 'wants a quote for the east wing' --we 'send the quote by fri' \
         --them 'send the floor plan by mon'",
    );
    // The cadence begins today, and the card is its first step.
    team.pat("cadence fay new-lead");
    team.pat("log fay card -m 'glad to have met you'");

    // Eli: the step that Sam planned. What is promised to Ada is for tomorrow.
    team.morning(
        "2026-12-03",
        "Today 1
  Eli Kane    today  email  ask for the decision  @sam  (last: email 7 days ago)

2 more come within a week: tickler due --within 7d",
    );
    team.sam("stop eli -m 'bought elsewhere, and wants no more mails' --via email");
    // Pat types into Ada's file, and forgets a quote.
    team.book.edit(
        "contacts/ada-lind.md",
        "stage = \"nurture\"\n",
        "stage = \"nurture\"\nhot_button = \"quiet rooms\n",
    );

    // Ada: promised for today. Her file is broken, so its last committed version stands in. Eli is stopped.
    let ran = team.morning(
        "2026-12-04",
        "Today 1
  Ada Lind  Lakeside Inn  today  phone  promised: send the quote  [as last committed]  @pat  (last: phone 2 days ago)

2 more come within a week: tickler due --within 7d
1 file cannot be read: tickler check",
    );
    assert!(ran.err.contains("contacts/ada-lind.md:5:"), "{}", ran.err);
    assert_eq!(team.ask("log ada email", "pat").code, 3, "nobody writes to a broken file");
    team.book.edit("contacts/ada-lind.md", "quiet rooms\n", "quiet rooms\"\n");
    team.pat("log ada email -m 'the quote'");
    team.pat("kept ada 1");
    team.pat(
        "new 'Gus Hart' --company 'Harbour Flats' --owner sam --source website --next 'mon 10am' --via phone \
         --why 'hear what he needs' --asked",
    );

    // Fay: the second step, three days after the card, falls on a Saturday and moves to Monday. Gus: he asked for it.
    team.morning(
        "2026-12-07",
        "Today 2
  Fay Nunn  Nunn Catering  today     email  news on what interests them  @pat  (last: card 5 days ago)
  Gus Hart  Harbour Flats  at 10:00  phone  they asked: hear what he needs  @sam  (not in touch yet)

2 more come within a week: tickler due --within 7d",
    );
    team.sam(
        "log gus phone -m 'two rooms first' --next 'in 1 week' --via phone --why 'hear what his partner says' \
         --promised",
    );
    // Two working days after today: tomorrow is a holiday.
    team.pat("snooze fay 2bd");

    // A holiday. Ada's floor plan was to come on Monday, and a day of grace later is today: it moves to tomorrow.
    team.morning(
        "2026-12-08",
        "Nobody is waiting for you. Enjoy the quiet.

Next up
  Ada Lind  Lakeside Inn  tomorrow  phone  waiting for: send the floor plan  (last: email 4 days ago)

4 come within a week: tickler due --within 7d",
    );

    // Ada: the floor plan; by phone, since the email with the quote was not answered. Ben: three days before his
    // birthday.
    team.morning(
        "2026-12-09",
        "Today 2
  Ada Lind  Lakeside Inn  today  phone    waiting for: send the floor plan  @pat  (last: email 5 days ago)
  Ben Moss                today  any way  birthday on Sat 12 Dec  @pat  (last: phone 2 months ago)

3 more come within a week: tickler due --within 7d",
    );
    team.pat("log ada phone no-answer");
    team.pat("log ben card -m 'a happy birthday'");

    // Fay: what was snoozed until today. Ada is let be for two days after the call.
    team.morning(
        "2026-12-10",
        "Today 1
  Fay Nunn  Nunn Catering  today  email  news on what interests them  @pat  (last: card 8 days ago)

3 more come within a week: tickler due --within 7d",
    );
    team.pat("log fay email -m 'what other caterers did'");
    team.pat("log cleo phone in -m 'was ill; in the new year' --next 'jan 11' --via phone --asked");

    // Ada: two days after the call that she did not take, so by email now. Dora: back since yesterday, and her first
    // day is left alone.
    team.morning(
        "2026-12-11",
        "Today 2
  Ada Lind   Lakeside Inn  today  email    waiting for: send the floor plan  @pat  (last: phone 2 days ago, no answer)
  Dora Voss                today  any way  keep in touch every 2 weeks  [was away]  @pat  (last: phone 3 weeks ago)

2 more come within a week: tickler due --within 7d",
    );
    team.pat("log ada email in -m 'the floor plan of the east wing'");
    team.pat("kept ada");
    team.pat("log dora phone voicemail");
    // Ada's project is Sam's from here on.
    team.pat("assign ada sam");

    // Ada: her mail of Friday is to be answered within a day, which is Saturday, so today. Fay: the third step, four
    // days after the mail. Gus: promised.
    team.morning(
        "2026-12-14",
        "Today 3
  Ada Lind  Lakeside Inn   today  email  answer: the floor plan of the east wing  @sam  (last: their email 3 days ago)
  Fay Nunn  Nunn Catering  today  phone  ask what changed since  @pat  (last: email 4 days ago)
  Gus Hart  Harbour Flats  today  phone  promised: hear what his partner says  @sam  (last: phone 7 days ago)",
    );
    team.sam("log ada email -m 'thanks, the panels are drawn in'");
    // She calls first, and so ends the cadence.
    team.pat("log fay phone in -m 'wants to taste' --next 'thu 9:30' --via meeting --why 'show the tables' --promised");
    team.pat("stage fay qualified");
    team.sam("log gus phone busy");

    // Nobody is due. But Gus has no next step any more: the call was made, and the stage `new` has no rhythm.
    team.morning(
        "2026-12-15",
        "Nobody is waiting for you. Enjoy the quiet.

Next up
  Fay Nunn  Nunn Catering  Thu 17 Dec 09:30  meeting  promised: show the tables  (last: their phone yesterday)

1 contact has no next step: tickler cracks",
    );
    // A slip: that was another Fay. Taken back, it never was.
    team.sam("log fay phone -m 'asked for the price of two tables'");
    team.sam("undo");
    team.sam("next gus wed --via text --why 'ask when it suits'");
    // Pat promises something on the stairs, and types it into the file. The owner is Sam, so it says whose it is.
    team.book.edit(
        "contacts/ada-lind.md",
        "drawn in\n",
        "drawn in\n  - [ ] @pat: measure the hall by 2026-12-16\n",
    );

    // Ada: the promise is Pat's, though she is Sam's. Gus: planned yesterday.
    team.morning(
        "2026-12-16",
        "Today 2
  Ada Lind  Lakeside Inn   today  phone  promised: measure the hall  @pat  (last: email 2 days ago)
  Gus Hart  Harbour Flats  today  text   ask when it suits  @sam  (last: phone 2 days ago, busy)

1 more comes within a week: tickler due --within 7d",
    );
    team.pat("log ada visit -m 'measured the hall'");
    team.pat("kept ada");
    team.sam("log gus text -m 'when does it suit?'");
    team.sam("log gus text in -m 'friday'");

    // Fay: the meeting. Gus: his text is to be answered within a day.
    team.morning(
        "2026-12-17",
        "Today 2
  Fay Nunn  Nunn Catering  at 09:30  meeting  promised: show the tables  @pat  (last: their phone 3 days ago)
  Gus Hart  Harbour Flats  today     text     answer: friday  @sam  (last: their text yesterday)",
    );
    team.pat("log fay meeting cancelled -m 'her cook is ill' --next tomorrow --via meeting --why 'show the tables'");
    team.sam(
        "log gus text -m 'friday it is' --next 'fri 2pm' --via phone --why 'talk it through' --promised",
    );

    // Both were put off by a day.
    team.morning(
        "2026-12-18",
        "Today 2
  Fay Nunn  Nunn Catering  today     meeting  show the tables  @pat  (last: meeting yesterday, cancelled)
  Gus Hart  Harbour Flats  at 14:00  phone    promised: talk it through  @sam  (last: text yesterday)

1 more comes within a week: tickler due --within 7d",
    );
    team.pat("log fay meeting -m 'signed for two years'");
    team.pat("stage fay won");
    team.sam("log gus phone -m 'not this year' --next 'in 3 months' --asked");
    team.sam("stage gus on-hold");

    // The weekend comes: nobody is due, nobody is forgotten, and all is on record.
    team.morning(
        "2026-12-19",
        "Nobody is waiting for you. Enjoy the quiet.

Next up
  Dora Voss    Fri 25 Dec  any way  keep in touch every 2 weeks  (last: phone 8 days ago, voicemail)",
    );
    assert_eq!(team.ask("cracks", "pat").code, 0);
    assert_eq!(team.ask("check", "pat").code, 0);
    team.book.stands("");
    // What Pat typed by hand has commits of its own, two.
    let authors = team.book.git_says("log --format=%an");
    let deeds_of = |who: &str| authors.lines().filter(|author| *author == who).count();
    assert_eq!((deeds_of("pat"), deeds_of("sam")), (26, 12), "{authors}");
}
