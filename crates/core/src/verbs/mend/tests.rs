//! What is mended, and what is left to people.

use super::*;
use crate::settings::Member;

fn settings() -> Settings {
    let member = |handle: &str| Member { handle: handle.to_owned(), ..Member::default() };
    Settings { team: vec![member("pat"), member("sam")], ..Settings::default() }
}

fn fixed(text: &str) -> (String, Vec<String>) {
    match mended(
        "contacts/jane.md",
        text,
        &Names::these(&[("bob-smith", &["bobby"]), ("jane", &[])]),
        &settings(),
    ) {
        Some((text, mendings)) => {
            (text, mendings.into_iter().map(|m| format!("{} {}", m.line, m.what)).collect())
        }
        None => (text.to_owned(), Vec::new()),
    }
}

#[test]
fn one_safe_mending() {
    for (before, after, what) in [
        (
            "+++\nstage = 'Nurture' # s\n+++\n",
            "+++\nstage = 'nurture' # s\n+++\n",
            "2 `stage` is now \"nurture\"",
        ),
        ("+++\nowner = \"Pat\"\n+++\n", "+++\nowner = \"pat\"\n+++\n", "2 `owner` is now \"pat\""),
        (
            "+++\ntimezone = \"america/new york\"\n+++\n",
            "+++\ntimezone = \"America/New_York\"\n+++\n",
            "2 `timezone` is now \"America/New_York\"",
        ),
        (
            "+++\ntimezone = \"America/New York\"\n+++\n",
            "+++\ntimezone = \"America/New_York\"\n+++\n",
            "2 `timezone` is now \"America/New_York\"",
        ),
        (
            "## Log\r\n\r\n- 3 Dec 2026 phone: x\r\n",
            "## Log\r\n\r\n- 2026-12-03 phone: x\r\n",
            "3 \"3 Dec 2026\" is now 2026-12-03",
        ),
        (
            "## Log\n\n- 2026–12–03 phone: x\n",
            "## Log\n\n- 2026-12-03 phone: x\n",
            "3 \"2026–12–03\" is now 2026-12-03",
        ),
        (
            "## Log\n\n- 2026-12-03 9:30 phone\n",
            "## Log\n\n- 2026-12-03 09:30 phone\n",
            "3 \"9:30\" is now 09:30",
        ),
        (
            "## Log\n\n- 2026-12-03 2pm phone: x\n",
            "## Log\n\n- 2026-12-03 14:00 phone: x\n",
            "3 \"2pm\" is now 14:00",
        ),
        (
            "## Log\n\n- 2026-12-03 phone no answer: x\n",
            "## Log\n\n- 2026-12-03 phone no-answer: x\n",
            "3 \"no answer\" is now no-answer",
        ),
        ("# J\n\n- [] me: x\n", "# J\n\n- [ ] me: x\n", "3 \"[]\" is now \"[ ]\", so it is a promise"),
        ("- [ ] x by 3 Dec 2026.\n", "- [ ] x by 2026-12-03.\n", "1 \"by 3 Dec 2026\" is now by 2026-12-03"),
        (
            "[[Bobby|Bob]] [[Bob-Smith]]",
            "[[bob-smith|Bob]] [[bob-smith]]",
            "1 [[Bobby]] is now [[bob-smith]]",
        ),
        (
            "+++\nreferred_by = \"bobby\"\n+++\n",
            "+++\nreferred_by = \"bob-smith\"\n+++\n",
            "2 `referred_by` is now \"bob-smith\"",
        ),
    ] {
        let (text, mendings) = fixed(before);
        assert_eq!(text, after);
        assert_eq!(mendings.first().map(String::as_str), Some(what), "{before}");
        assert_eq!(fixed(after).1, [""; 0], "mended is mended: {after}");
    }
}

#[test]
fn what_may_be_meant_otherwise_stays() {
    for text in [
        "+++\nstage = \"nuture\"\n+++\n",
        "+++\nowner = \"patt\"\n+++\n",
        "+++\nCompany = \"Acme\"\n+++\n",
        "+++\nadded = \"2026-12-03\"\n+++\n",
        "+++\nreferred_by = \"Bobby\"\n+++\n",
        "+++\nname = \"J\"\n",
        "## Log\n\n- 3/4/2026 phone: x\n",
        "## Log\n\n- Friday phone: x\n",
        "## Log\n\n- 3 Dec phone: x\n",
        "## Log\n\n- 2026-12-03 call: x\n",
        "## Log\n\n- 3 Dec 2026\n",
        "- [ ] x by friday\n",
        "- [ ] she: x by 3 Dec 2026 at the fair\n",
        "```\n- [] x\n```\n",
        "[[nobody]] and `[[Bobby]]`\n",
    ] {
        assert_eq!(fixed(text), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn a_cadence_in_another_case() {
    let toml = "[cadence.new-lead]\nsteps = [{ after = \"0 days\", via = \"card\" }]\n";
    let settings = file::parse_settings(toml).unwrap().0;
    let text = "+++\n[cadence]\nname = \"New-Lead\"\nstart = 2026-12-03\n+++\n";
    let (mended, _) = mended("contacts/jane.md", text, &Names::these(&[]), &settings).unwrap();
    assert_eq!(mended, text.replace("New-Lead", "new-lead"));
}
