//! What the deeds do to a text, and what they say of it.

use super::*;
use crate::contact::{Channel, Promiser, Word, Words};
use crate::date::When;
use crate::english::{self, Lean};
use crate::file::parse_settings;

const SETTINGS: &str = r#"
channels = ["fax"]
[team.pat]
[team.sam]
[cadence.new-lead]
steps = [{ after = "1 day" }]
"#;
/// A Thursday.
const TODAY: &str = "2026-12-03";

fn with_desk<T>(work: impl FnOnce(&Desk<'_>) -> T) -> T {
    let (settings, _) = parse_settings(SETTINGS).unwrap();
    let time = Time::new(10, 15);
    work(&Desk { settings: &settings, today: TODAY.parse().unwrap(), time, me: Some("pat") })
}

fn draft(text: &str, desk: &Desk<'_>) -> Draft {
    Draft::new("contacts/jane.md".to_owned(), text.to_owned(), "jane", desk.settings).unwrap()
}

/// The text that comes of it, or why nothing does.
fn text_of(planned: Result<Planned, Refusal>) -> String {
    match planned {
        Ok(planned) => planned.deed.changes[0].after.clone().unwrap(),
        Err(refusal) => match refusal.hint {
            Some(hint) => format!("{} ({hint})", refusal.message),
            None => refusal.message,
        },
    }
}

fn touch(channel: &str, words: &[Word], desk: &Desk<'_>) -> Log {
    let mut set = Words::default();
    words.iter().for_each(|word| set.insert(*word));
    Log {
        channel: Channel::from_name(channel),
        words: set,
        who: None,
        date: desk.today,
        time: None,
        text: "hello".to_owned(),
        promises: Vec::new(),
        next: None,
        force: false,
    }
}

#[test]
fn log_says_what_it_did() {
    with_desk(|desk| {
        let jane = "+++\nname = \"Jane Doe\"\nowner = \"pat\"\n+++\n\n## Log\n";
        let planned = log(draft(jane, desk), &touch("phone", &[Word::Voicemail], desk), desk).unwrap();
        assert_eq!(planned.deed.subject, "log Jane Doe: phone, voicemail");
        assert_eq!(planned.said, "logged phone, voicemail with Jane Doe on Thu 2026-12-03");
        assert_eq!(text_of(Ok(planned)), format!("{jane}\n- 2026-12-03 phone voicemail: hello\n"));
        // In a team the log says whose touch it was, where the contact is not theirs.
        let nobodys = "+++\nname = \"Jane\"\n+++\n\n## Log\n";
        let text = text_of(log(draft(nobodys, desk), &touch("phone", &[], desk), desk));
        assert!(text.ends_with("- 2026-12-03 phone @pat: hello\n"), "{text}");
    });
}

#[test]
fn log_refuses_and_warns() {
    with_desk(|desk| {
        let plain = "+++\nname = \"Jane\"\n+++\n";
        let stopped = "+++\nname = \"Jane\"\nstage = \"stopped\"\n+++\n";
        let tomorrow = Log { date: desk.today.plus_days(1), ..touch("phone", &[], desk) };
        let by = |who: &str| Log { who: Some(who.to_owned()), ..touch("phone", &[], desk) };
        for (text, touch, refusal) in [
            (plain, tomorrow, "Fri 2026-12-04 has not come yet"),
            (plain, touch("phne", &[], desk), "there is no channel \"phne\""),
            (plain, by("smam"), "nobody in the team has the handle \"smam\""),
            (stopped, touch("email", &[], desk), "Jane asked us to stop (stage \"stopped\")"),
        ] {
            assert_eq!(log(draft(text, desk), &touch, desk).unwrap_err().message, refusal);
        }
        for (text, touch, cautions) in [
            (
                stopped,
                Log { force: true, ..touch("email", &[], desk) },
                &["they asked us to stop"] as &[&str],
            ),
            (stopped, touch("email", &[Word::In], desk), &[]),
            (stopped, touch("note", &[], desk), &[]),
            (
                "+++\n[away]\nuntil = 2026-12-05\nwhy = \"Hong Kong\"\n+++\n",
                touch("phone", &[], desk),
                &["they are away until Sat 2026-12-05 (Hong Kong)"],
            ),
            ("+++\n[away]\nfrom = 2026-12-05\nuntil = 2026-12-06\n+++\n", touch("phone", &[], desk), &[]),
            (
                "## Log\n- 2026-12-01 email: d\n- 2026-11-20 email: c\n- 2026-11-10 email: b\n- 2026-11-01 email: a\n",
                touch("phone", &[], desk),
                &[
                    "4 touches before this one went unanswered; the patience rule would wait until Sat 2027-01-30",
                ],
            ),
            (
                "## Log\n- 2026-12-03 phone @pat: hello\n",
                touch("phone", &[], desk),
                &["the log has an entry that says the same already"],
            ),
        ] {
            let planned = log(draft(text, desk), &touch, desk).unwrap();
            let said: Vec<String> = planned.cautions.iter().map(ToString::to_string).collect();
            assert_eq!(said, cautions, "{text}");
        }
    });
}

fn plan(on: &str, desk: &Desk<'_>) -> Plan {
    let on = english::read(on, Lean::Future, &desk.now()).unwrap();
    Plan { on, via: None, why: None, asked: false, promised: false }
}

#[test]
fn next_replaces_what_was_planned() {
    with_desk(|desk| {
        let full = Plan {
            via: Some(Channel::Phone),
            why: Some("page 3".to_owned()),
            promised: true,
            ..plan("wed 2pm", desk)
        };
        let old =
            "+++\n[next]\non = 2026-12-01 # soon\nvia = \"email\"\nasked = true\ncolour = \"red\"\n+++\n";
        assert_eq!(
            text_of(next(draft(old, desk), &full, desk)),
            "+++\n[next]\non = 2026-12-09T14:00:00 # soon\nvia = \"phone\"\nwhy = \"page 3\"\npromised = true\ncolour = \"red\"\n+++\n"
        );
        let said = next(draft("", desk), &full, desk).unwrap();
        assert_eq!(said.said, "jane: next Wed 2026-12-09 14:00 by phone: page 3");
        assert_eq!(said.deed.subject, "next jane: 2026-12-09 14:00 by phone");
        let day_off = next(draft("", desk), &plan("sat", desk), desk).unwrap();
        assert_eq!(day_off.cautions, [Caution::DayOff("2026-12-05".parse().unwrap())]);
        assert_eq!(text_of(clear_next(draft(old, desk), desk)), "+++\n[next]\ncolour = \"red\"\n+++\n");
        assert_eq!(text_of(clear_next(draft("", desk), desk)), "jane has no next step to clear");
    });
}

#[test]
fn snooze_moves_each_kind_its_own_way() {
    with_desk(|desk| {
        let two_weeks = Until::For("2 weeks".parse().unwrap());
        let friday = Until::When(When { date: "2026-12-11".parse().unwrap(), time: None });
        for (text, until, expected) in [
            // From its day, or from today where that has come.
            ("+++\n[next]\non = 2026-12-10\n+++\n", &two_weeks, "+++\n[next]\non = 2026-12-24\n+++\n"),
            ("+++\n[next]\non = 2026-11-01\n+++\n", &two_weeks, "+++\n[next]\non = 2026-12-17\n+++\n"),
            (
                "+++\n[next]\non = 2026-12-10T09:30:00\nasked = true\n+++\n",
                &friday,
                "+++\n[next]\non = 2026-12-11\nasked = true\n+++\n",
            ),
            // What a rule plans becomes a step with the same reason.
            (
                "+++\nadded = 2026-11-01\n\n[prefers]\nevery = \"1 month\"\n+++\n",
                &friday,
                "+++\nadded = 2026-11-01\n\n[prefers]\nevery = \"1 month\"\n\n[next]\non = 2026-12-11\nwhy = \"keep in touch every 1 month\"\n+++\n",
            ),
            ("- [ ] send it by 2026-12-01\n", &friday, "- [ ] send it by 2026-12-11\n"),
            ("- [ ] them: read it by 2026-12-01\n", &friday, "- [ ] them: read it by 2026-12-10\n"),
            (
                "## Log\n- 2026-12-02 email in: when?\n",
                &friday,
                "jane waits for an answer, and that does not sleep (log the answer, or write `no-reply` behind `in` where theirs needs none)",
            ),
            (
                "+++\n[dates]\nbirthday = 1980-12-04\n+++\n",
                &friday,
                "jane: the birthday on 2026-12-04 does not move (log a touch, even a card; or let it pass, and it goes by itself)",
            ),
            ("", &friday, "jane has no follow-up to move (plan one: `tickler next ID DATE`)"),
        ] {
            assert_eq!(text_of(snooze(draft(text, desk), until, desk)), expected, "{text}");
        }
    });
}

#[test]
fn promises_are_read_and_written() {
    with_desk(|desk| {
        let read = |text: &str| {
            let typed = Promised { text: text.to_owned(), who: Promiser::Me, by: None };
            match promised(&typed, desk) {
                Ok(new) => format!("{}|{}", new.text, new.by.map(|by| by.to_string()).unwrap_or_default()),
                Err(refusal) => format!("{} ({})", refusal.message, refusal.hint.unwrap_or_default()),
            }
        };
        for (typed, expected) in [
            ("send the list by friday", "send the list|2026-12-04"),
            ("send the list by end of month", "send the list|2026-12-31"),
            ("get it signed by hand", "get it signed by hand|"),
            ("stand by", "stand by|"),
            ("stop by by next tue", "stop by|2026-12-08"),
            ("send it by firday", "\"firday\" is no day that can be read (did you mean `friday`?)"),
            (
                "  ",
                "a promise says what is promised (such as `tickler promise jane \"send the price list by friday\"`)",
            ),
        ] {
            assert_eq!(read(typed), expected, "{typed}");
        }
        let new = promised(&Promised { text: "x".into(), who: Promiser::Them, by: None }, desk).unwrap();
        for (text, expected) in [
            ("## Log\n- 2026-12-03 phone: a\n", "## Log\n- 2026-12-03 phone: a\n  - [ ] them: x\n"),
            (
                "## Log\n- 2026-12-02 phone: a\n",
                "## Log\n- 2026-12-03 note: promised\n  - [ ] them: x\n- 2026-12-02 phone: a\n",
            ),
        ] {
            assert_eq!(text_of(promise(draft(text, desk), new.clone(), desk)), expected);
        }
    });
}

#[test]
fn kept_ticks_the_right_box() {
    with_desk(|desk| {
        let three = "- [ ] a\n- [x] b\n- [ ] c by 2026-12-09\n";
        for (text, number, expected) in [
            ("- [ ] a\n", None, "- [x] a\n"),
            (three, Some(2), "- [ ] a\n- [x] b\n- [x] c by 2026-12-09\n"),
            (three, Some(3), "jane has no open promise 3"),
            (three, Some(0), "jane has no open promise 0"),
            (three, None, "jane has 2 open promises (say which one was kept, by its number)"),
            ("- [x] a\n", None, "jane has no open promise"),
        ] {
            assert_eq!(text_of(kept(draft(text, desk), number, desk)), expected, "{text} {number:?}");
        }
        let refusal = kept(draft(three, desk), None, desk).unwrap_err();
        assert_eq!(refusal.details, ["   1  me: a", "   2  me: c by 2026-12-09"]);
    });
}

#[test]
fn keys_get_values_of_their_kind() {
    with_desk(|desk| {
        let set = |typed: &str| {
            let alteration = Alteration::set(&[typed.to_owned()], desk);
            let text = text_of(alteration.and_then(|it| it.one(draft("+++\n+++\n", desk), desk)));
            text.strip_prefix("+++\n").and_then(|t| t.strip_suffix("\n+++\n")).unwrap_or(&text).to_owned()
        };
        for (typed, expected) in [
            ("stage=Nurture", "stage = \"nurture\""),
            ("value=25k", "value = 25000"),
            ("value=25000 eur", "value = \"25000 EUR\""),
            ("value=12.5", "value = 12.5"),
            ("tags=a, b", "tags = [\"a\", \"b\"]"),
            ("tags+=vip", "tags = [\"vip\"]"),
            ("owner=@sam", "owner = \"sam\""),
            ("added=last monday", "added = 2026-11-30"),
            ("next.on=fri 2pm", "[next]\non = 2026-12-04T14:00:00"),
            ("next.promised=yes", "[next]\npromised = true"),
            ("prefers.every=3 months", "[prefers]\nevery = \"3 months\""),
            (
                "timezone=europe/berlin",
                "`timezone` must be the name of a time zone, but this is \"europe/berlin\" (did you mean `Europe/Berlin`?)",
            ),
            (
                "timezone=Berlin",
                "`timezone` must be the name of a time zone, but this is \"Berlin\" (did you mean `Europe/Berlin`?)",
            ),
            ("city=Paris", "city = \"Paris\""),
            ("size=12", "size = 12"),
            ("zip=01234", "zip = \"01234\""),
            ("since=2026-01-02", "since = 2026-01-02"),
            ("hot_button=", "+++\n+++\n"),
            ("stage=nurtur", "there is no stage \"nurtur\" (did you mean `nurture`?)"),
            (
                "value=lots",
                "`value` must be an amount, but this is \"lots\" (such as `value=25000` or `value=\"25000 EUR\"`)",
            ),
            (
                "compnay=Acme",
                "there is no key `compnay` (did you mean `company`? a key of your own is best called something less like it)",
            ),
            (
                "next.wyh=fri",
                "there is no key `wyh` (did you mean `why`? a key of your own is best called something less like it)",
            ),
            ("next=fri", "`next` is a table (set what is in it, such as `next.on=friday`)"),
            (
                "stage+=x",
                "`stage` is no list, so nothing can be added to it or taken from it (write `stage=x`)",
            ),
            ("kind=robot", "`kind` must be `person` or `org`, but this is \"robot\""),
            ("cadence.name=new-leed", "there is no cadence \"new-leed\" (did you mean `new-lead`?)"),
            ("next.promised=maybe", "`next.promised` must be true or false, but this is \"maybe\""),
            ("next.via=fax", "[next]\nvia = \"fax\""),
            (
                "=x",
                "\"=x\" names no key (such as `stage=nurture`, `tags+=vip`, or `hot_button=` to take it away)",
            ),
        ] {
            assert_eq!(set(typed), expected, "{typed}");
        }
    });
}

#[test]
fn tags_owners_and_cadences() {
    with_desk(|desk| {
        let one = |alteration: Result<Alteration, Refusal>| {
            let text = "+++\ntags = [\"old\"]\nowner = \"pat\"\n[cadence]\nname = \"x\"\n+++\n";
            text_of(alteration.and_then(|it| it.one(draft(text, desk), desk)))
        };
        let tags =
            |typed: &[&str]| Alteration::tag(&typed.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        let start = "2026-12-07".parse().unwrap();
        for (alteration, expected) in [
            (
                tags(&["+vip", "-old"]),
                "+++\ntags = [\"vip\"]\nowner = \"pat\"\n[cadence]\nname = \"x\"\n+++\n",
            ),
            (
                tags(&["vip"]),
                "\"vip\" is no tag to add or take away (`+vip` adds a tag, `-vip` takes it away)",
            ),
            (tags(&[]), "which tags? (`+vip` adds a tag, `-vip` takes it away)"),
            (
                Alteration::assign(Some("sam"), desk),
                "+++\ntags = [\"old\"]\nowner = \"sam\"\n[cadence]\nname = \"x\"\n+++\n",
            ),
            (Alteration::assign(None, desk), "+++\ntags = [\"old\"]\n[cadence]\nname = \"x\"\n+++\n"),
            (
                Alteration::assign(Some("kim"), desk),
                "nobody in the team has the handle \"kim\" (the team is pat, sam)",
            ),
            (
                Alteration::cadence("new-lead", start, desk),
                "+++\ntags = [\"old\"]\nowner = \"pat\"\n[cadence]\nname = \"new-lead\"\nstart = 2026-12-07\n+++\n",
            ),
            (Ok(Alteration::end_cadence()), "+++\ntags = [\"old\"]\nowner = \"pat\"\n+++\n"),
        ] {
            assert_eq!(one(alteration), expected);
        }
    });
}

#[test]
fn stop_logs_it_and_sets_the_stage() {
    with_desk(|desk| {
        let jane = "+++\nstage = \"nurture\"\n+++\n\n## Log\n";
        assert_eq!(
            text_of(stop(draft(jane, desk), "leave me alone", Some(&Channel::Email), desk)),
            "+++\nstage = \"stopped\"\n+++\n\n## Log\n\n- 2026-12-03 email in no-reply: leave me alone\n"
        );
        assert_eq!(
            text_of(stop(draft(jane, desk), "", None, desk)),
            "+++\nstage = \"stopped\"\n+++\n\n## Log\n\n- 2026-12-03 note: asked us to stop\n"
        );
    });
}
