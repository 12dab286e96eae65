use super::*;
use crate::brief::{Sources, brief};
use crate::file;
use crate::follow_up::assess;

const SETTINGS: &str = "timezone = \"America/New_York\"\n\
    [team.pat]\nname = \"Pat\"\ntimezone = \"Europe/Berlin\"\n[team.sam]\nname = \"Sam\"\n";

/// The events of one contact on 3 December 2026.
fn made(head: &str, body: &str) -> Vec<Event> {
    made_on("2026-12-03", head, body)
}

fn made_on(today: &str, head: &str, body: &str) -> Vec<Event> {
    let (settings, problems) = file::parse_settings(SETTINGS).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    let text = format!("+++\n{head}\n+++\n{body}\n");
    let contact = file::parse(&text, "acme/jane doe", &settings).contact;
    let today = today.parse().unwrap();
    let assessment = assess(&contact, &settings, today);
    let now = "2026-12-03T12:00:00Z".parse().unwrap();
    let sources = Sources {
        contact: &contact,
        settings: &settings,
        today,
        now,
        assessment: &assessment,
        neighbours: &[],
        reasons: &[],
    };
    let reader = Reader { me: Some("sam"), link: Some("https://h.example/main/"), settings: &settings };
    let obligations: Vec<&Obligation> = assessment.obligations.iter().collect();
    events(&contact, &obligations, &brief(sources), &reader)
}

#[test]
fn a_time_is_meant_in_the_zone_of_whose_it_is() {
    for (on, owner, at) in [
        ("2026-12-04T14:30:00", "pat", Some("2026-12-04T13:30:00+00:00")),
        ("2026-12-04T14:30:00", "sam", Some("2026-12-04T19:30:00+00:00")),
        ("2026-12-04T14:30:00", "nobody", Some("2026-12-04T19:30:00+00:00")),
        ("2026-12-04", "pat", None),
        // Clocks go from 2:00 to 3:00 on that day, and once more over 1:30 on the other.
        ("2027-03-14T02:30:00", "sam", Some("2027-03-14T07:00:00+00:00")),
        ("2027-11-07T01:30:00", "sam", Some("2027-11-07T05:30:00+00:00")),
    ] {
        let head = format!("name = \"Jane\"\nowner = \"{owner}\"\nnext = {{ on = {on}, via = \"phone\" }}");
        let events = made(&head, "");
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].at.map(|at| at.to_rfc3339()).as_deref(), at, "{on} {owner}");
        assert_eq!(events[0].date.to_string(), on[..10]);
    }
}

#[test]
fn one_event_a_day_with_all_that_is_to_be_done_then() {
    let head = "name = \"Jane Doe\"\nrole = \"buyer\"\ncompany = \"Acme, Inc.\"\nphone = \"+1 555\"\n\
        hot_button = \"the **wall**\"\nowner = \"sam\"\nprefers.hours = \"Mon-Fri 9:00-12:00\"\n\
        prefers.permission = \"call any time\"\n\
        next = { on = 2026-12-07T09:00:00, via = \"phone\", why = \"the [offer](../files/o.pdf)\" }";
    let body = "- [ ] @pat: send the plans by 2026-12-07\n- [ ] them: decide by 2026-12-10\n\n## Log\n\n\
        - 2026-11-30 email: sent it\n- 2026-12-01 phone no-answer\n";
    let events = made(head, body);
    let days: Vec<String> = events.iter().map(|event| event.date.to_string()).collect();
    assert_eq!(events[0].summary, "phone: Jane Doe (Acme, Inc.): the offer");
    assert_eq!(days, ["2026-12-07", "2026-12-11"], "one event a day");
    assert!(events[0].at.is_some(), "what has a time decides");
    assert_eq!(events[0].categories, ["next", "promise"]);
    assert_eq!(events[1].summary, "Jane Doe (Acme, Inc.): waiting for: decide");
    assert_eq!(events[0].url.as_deref(), Some("https://h.example/main/contacts/acme%2Fjane%20doe"));
    let described = &events[0].description;
    for part in [
        "Jane Doe, buyer, Acme, Inc.\n+1 555\n",
        "Hours: Mon-Fri 9:00-12:00 (America/New_York)\n",
        "They said: call any time\n",
        "Matters most: the wall\n",
        "To do:\n- 2026-12-07: send the plans (promise, for pat)\n- 2026-12-07 09:00 phone: the offer (next)\n\
         - 2026-12-11: decide (waiting)\n",
        "We promised:\n- send the plans (by 2026-12-07)\nThey promised:\n- decide (by 2026-12-10)\n",
        "Last touches:\n- 2026-12-01 phone, no-answer\n- 2026-11-30 email: sent it\n",
    ] {
        assert!(described.contains(part), "{part}\n---\n{described}");
    }
    assert!(described.ends_with("\nhttps://h.example/main/contacts/acme%2Fjane%20doe"));
}

#[test]
fn a_summary_says_by_what_who_and_why() {
    for (head, body, summary) in [
        (
            "name = \"Jane\"\nnext = { on = 2026-12-09, via = \"phone\", why = \"the *offer*\" }",
            "",
            "phone: Jane: the offer",
        ),
        ("name = \"Jane\"\ncompany = \"Acme\"\nnext.on = 2026-12-09", "", "Jane (Acme): as planned"),
        ("", "# Jane\n\n- [ ] send it by 2026-12-09", "Jane: send it"),
        ("name = \"Jane\"", "- [ ] them: decide by 2026-12-09", "Jane: waiting for: decide"),
        ("name = \"Jane\"", "## Log\n\n- 2026-12-02 email in", "email: Jane: answer: they got in touch"),
        ("name = \"Jane\"", "## Log\n\n- 2026-12-02 event: the fair", "Jane: newly met: the fair"),
    ] {
        let events = made(head, body);
        assert_eq!(events.first().map(|event| event.summary.as_str()), Some(summary), "{head} {body}");
    }
}

#[test]
fn the_next_day_changes_nothing_and_text_is_bounded() {
    let long = "a very long word of advice, ".repeat(400);
    let head = format!(
        "name = \"Jane\"\nhot_button = \"{long}\"\nneeds = [\"x\"]\nnext = {{ on = 2026-12-09, why = \"{long}\" }}"
    );
    let body = "## Log\n\n- 2026-11-30 phone: yes\n";
    let events = made(&head, body);
    assert_eq!(events, made_on("2026-12-04", &head, body));
    assert!(events[0].description.chars().count() < 2_100, "{}", events[0].description.len());
    assert!(events[0].summary.chars().count() < 500);
}

#[test]
fn an_own_uid_stays_when_the_id_changes() {
    let with = |uid: &str| made(&format!("name = \"Jane\"\n{uid}next.on = 2026-12-09"), "")[0].uid.clone();
    let own = with("uid = \"abc\"\n");
    assert_eq!(own, uid("uid", "abc", "2026-12-09".parse().unwrap()));
    assert_eq!(with("uid = \" \"\n"), uid("id", "acme/jane doe", "2026-12-09".parse().unwrap()));
}

#[test]
fn addresses_hold_what_addresses_may() {
    for (link, id, expected) in [
        ("https://h.example/main", "jane", "https://h.example/main/contacts/jane"),
        ("https://h.example/main/", "acme/renée", "https://h.example/main/contacts/acme%2Fren%C3%A9e"),
        ("http://[::1]:7420/a b,c;d", "x\ny", "http://[::1]:7420/a%20b%2Cc%3Bd/contacts/x%0Ay"),
    ] {
        assert_eq!(page(link, id), expected);
    }
}
