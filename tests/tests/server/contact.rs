//! The page of a contact as a browser without any script has it: forms, what they say back, and texts that two people
//! change at once.

use tickler_tests::Serving;
use tickler_tests::talk::{Answer, ask};

const BRUNO: &str = "/main/contacts/bruno-keller";
const INES: &str = "/main/contacts/ines-carvalho";
const THEO: &str = "/main/contacts/theo-van-der-meer";

/// Somebody who is logged in.
struct Browser<'s> {
    serving: &'s Serving,
    cookie: String,
}

impl<'s> Browser<'s> {
    fn of(serving: &'s Serving, user: &str) -> Browser<'s> {
        let mut browser = Browser { serving, cookie: String::new() };
        let answer = browser.post("/login", &[("token", serving.token(user))]);
        let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("no login: {}", answer.status));
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    fn get(&self, path: &str) -> Answer {
        ask(self.serving.address(), &format!("GET {path}"), &[("Cookie", &self.cookie)], b"")
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let origin = format!("http://{}", self.serving.address());
        let headers = [
            ("Cookie", self.cookie.as_str()),
            ("Origin", &origin),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        ask(self.serving.address(), &format!("POST {path}"), &headers, body.as_bytes())
    }

    /// Sends a form of a page that was loaded before, with its hidden fields.
    fn send(&self, page: &Page, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all: Vec<(&str, &str)> = ["form", "once"].map(|name| (name, page.hidden(name))).into();
        all.extend(fields);
        self.post(path, &all)
    }

    fn page(&self, path: &str) -> Page {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}");
        Page(answer.text())
    }

    /// The page that a form led to.
    #[track_caller]
    fn followed(&self, answer: &Answer) -> Page {
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.page(answer.header("location").unwrap())
    }
}

/// A page that was loaded.
struct Page(String);

impl Page {
    #[track_caller]
    fn hidden(&self, name: &str) -> &str {
        let found = self.0.split(&format!("name=\"{name}\" value=\"")).nth(1);
        found.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no field {name}"))
    }

    /// What the large field holds.
    fn text(&self) -> String {
        let field = self.0.split("<textarea class=\"text\"").nth(1).unwrap();
        let text = field.split_once(">\n").unwrap().1.split("</textarea>").next().unwrap();
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[track_caller]
    fn says(&self, words: &str) {
        assert!(self.0.contains(words), "no {words:?} in {}", self.0);
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// As browsers send the lines of a form.
fn sent(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn commits(serving: &Serving) -> usize {
    serving.git("data/notebooks/main.git", "rev-list --count main").trim().parse().unwrap()
}

#[test]
fn a_touch_is_one_form_and_is_logged_once() {
    let serving = Serving::example("page-log");
    let browser = Browser::of(&serving, "admin");
    let page = browser.page(BRUNO);
    let before = commits(&serving);
    let fields = [
        ("channel", "phone"),
        ("how", "voicemail"),
        ("text", "left a *word*\r\nfor him"),
        ("next", "in 2 weeks"),
        ("why", "talk about <doors>"),
        ("ours", "send the list by tomorrow"),
    ];
    let first = browser.send(&page, &format!("{BRUNO}/log"), &fields);
    let again = browser.send(&page, &format!("{BRUNO}/log"), &fields);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(commits(&serving), before + 1, "a double click logs once");
    let shown = browser.followed(&first);
    shown.says("Logged phone, voicemail with Bruno Keller on ");
    shown.says("; we promise: send the list by ");
    shown.says("<p>Planned: ");
    shown.says("left a <em>word</em> for him");
    let message = serving.git("data/notebooks/main.git", "log -1 --format=%an:%B main");
    for line in ["admin:log Bruno Keller: phone, voicemail", "Tickler-Verb: log", "Via: web"] {
        assert!(message.contains(line), "{message}");
    }
    let text = serving.git("data/notebooks/main.git", "show main:contacts/bruno-keller.md");
    assert!(text.contains("phone voicemail") && text.contains("- [ ] me: send the list by "), "{text}");
    assert!(text.contains("why = \"talk about <doors>\""), "{text}");

    // Another word is another touch.
    let other =
        browser.send(&page, &format!("{BRUNO}/log"), &[("channel", "phone"), ("text", "and once more")]);
    browser.followed(&other);
    assert_eq!(commits(&serving), before + 2);
    // Nobody else is told what a form came to.
    let key = first.header("location").unwrap().to_owned();
    drop(browser);
    let mut serving = serving;
    serving.add_user("sam", "editor");
    assert!(!Browser::of(&serving, "sam").page(&key).0.contains("Logged phone, voicemail with"));
}

#[test]
fn what_is_not_understood_is_said_at_its_field_and_all_stays() {
    let serving = Serving::example("page-wrong");
    let browser = Browser::of(&serving, "admin");
    let page = browser.page(BRUNO);
    let before = commits(&serving);
    let log = format!("{BRUNO}/log");
    for (at, fields, words) in [
        ("next", vec![("next", "tomorow")], "is no day that can be read. Did you mean “tomorrow”?"),
        (
            "when",
            vec![("when", "next year")],
            "has not come yet. What is still to come goes in as the next step.",
        ),
        ("ours", vec![("ours", "send it by firday")], "Did you mean “friday”?"),
        ("next", vec![("next", ""), ("why", "x")], "A next step needs a day."),
        ("", vec![("channel", "smoke")], "There is no channel &quot;smoke&quot;."),
    ] {
        let mut all = vec![("text", "what we \"said\"")];
        all.extend(&fields);
        if !fields.iter().any(|(name, _)| *name == "channel") {
            all.push(("channel", "visit"));
        }
        let answer = browser.send(&page, &log, &all);
        assert_eq!(answer.status, 422, "{fields:?}");
        let again = Page(answer.text());
        again.says(words);
        again.says("what we &quot;said&quot;</textarea>");
        if !at.is_empty() {
            again.says(&format!("id=\"log-{at}\" name=\"{at}\" value=\"{}\"", fields[0].1));
            again.says(&format!("aria-describedby=\"log-{at}-wrong"));
            again.says("aria-invalid=\"true\" autofocus");
        }
    }
    assert_eq!(commits(&serving), before);
}

#[test]
fn the_smaller_forms_do_what_they_say() {
    let serving = Serving::example("page-forms");
    let browser = Browser::of(&serving, "admin");
    for (path, fields, status, words) in [
        ("next", vec![("do", "plan"), ("on", "in 3 weeks"), ("via", "email")], 303, "Bruno Keller: next "),
        ("next", vec![("do", "move"), ("on", "in 1 month")], 303, " moved from "),
        ("next", vec![("do", "plan"), ("on", "")], 422, "No day is said."),
        ("promises", vec![("who", "them"), ("text", "read it")], 303, "they promise to read it"),
        ("promises", vec![("who", "@nobody"), ("text", "read it")], 422, "Nobody in the team has the handle"),
        ("kept", vec![("number", "7"), ("promise", "read it")], 303, "Bruno Keller: kept: read it."),
        ("kept", vec![("number", "1"), ("promise", "read it")], 409, "That promise is not open any more."),
        ("stage", vec![("stage", "won")], 303, "Bruno Keller: stage won."),
        ("stage", vec![("stage", "wonn")], 422, "There is no stage"),
        ("owner", vec![("owner", "sam")], 303, "Bruno Keller: owner sam."),
        ("owner", vec![("owner", "sam")], 303, "Nothing had to be changed"),
        ("stop", vec![("why", "no more calls"), ("via", "phone")], 303, "nobody will be reminded"),
        ("log", vec![("channel", "phone"), ("text", "x")], 409, "They asked us to stop; log it anyway"),
        ("log", vec![("channel", "phone"), ("text", "x"), ("force", "yes")], 303, "Logged phone with Bruno"),
    ] {
        let page = browser.page(BRUNO);
        let answer = browser.send(&page, &format!("{BRUNO}/{path}"), &fields);
        assert_eq!(answer.status, status, "{path} {fields:?}: {}", answer.text());
        let shown = if status == 303 { browser.followed(&answer) } else { Page(answer.text()) };
        shown.says(words);
    }
}

#[test]
fn two_people_who_change_one_text_lose_nothing() {
    let mut serving = Serving::example("page-edit");
    serving.add_user("sam", "editor");
    let (pat, sam) = (Browser::of(&serving, "admin"), Browser::of(&serving, "sam"));
    let edit = format!("{THEO}/edit");
    let (mine, theirs) = (pat.page(&edit), sam.page(&edit));
    let text = mine.text();
    let put = |browser: &Browser<'_>, page: &Page, text: &str| {
        browser.send(page, &edit, &[("base", page.hidden("base")), ("text", &sent(text))])
    };
    let before = commits(&serving);
    pat.followed(&put(&pat, &mine, &text)).says("Nothing had to be changed");
    assert_eq!(commits(&serving), before, "line ends are the file's own");

    sam.followed(&put(&sam, &theirs, &text.replace("61000", "62000")))
        .says("Edited Theo van der Meer: value.");
    // What does not meet is joined at once.
    let joined = put(&pat, &mine, &text.replace("ballroom_feet = 74", "ballroom_feet = 75"));
    pat.followed(&joined).says("Somebody else had changed this meanwhile; both changes are in it now.");
    let stands = || serving.git("data/notebooks/main.git", "show main:contacts/theo-van-der-meer.md");
    assert_eq!(stands(), text.replace("61000", "62000").replace("feet = 74", "feet = 75"));

    // What does is shown first, and nothing is saved.
    let before = commits(&serving);
    let answer = put(&sam, &theirs, &text.replace("61000", "63000"));
    assert_eq!(answer.status, 409);
    let asked = Page(answer.text());
    asked.says("admin changed this meanwhile.");
    asked.says("<code>value</code>: “63000” stands, and “62000” is kept");
    let merged = asked.text();
    assert!(
        merged.contains("value = 63000")
            && merged.contains("other = \"62000\"")
            && merged.contains("feet = 75")
    );
    assert_eq!(commits(&serving), before);
    sam.followed(&put(&sam, &asked, &merged)).says("Two versions met here.");
    assert_eq!(stands(), merged);

    // A text that could not be read any more stays in its field, with the place of the mistake.
    let now = pat.page(&edit);
    let broken = put(&pat, &now, &merged.replace("feet = 75", "feet = = 75"));
    assert_eq!(broken.status, 422);
    let broken = Page(broken.text());
    broken.says("Your text is still below");
    broken.says("<li>Line ");
    assert!(broken.text().contains("feet = = 75"));
    // What is only wrong asks once more.
    let wrong = put(&pat, &now, &merged.replace(" meeting", " meating"));
    assert_eq!(wrong.status, 409);
    let wrong = Page(wrong.text());
    wrong.says("Save it with these mistakes");
    let text = sent(&wrong.text());
    let fields = [("base", wrong.hidden("base")), ("text", text.as_str()), ("anyway", "yes")];
    pat.followed(&pat.send(&wrong, &edit, &fields));
    // No version that is not there.
    let odd = pat.send(&wrong, &edit, &[("base", "0000000000000000000000000000000000000000"), ("text", "x")]);
    assert_eq!(odd.status, 400);
    pat.page(&format!("{THEO}/history")).says("on these pages");
}

#[test]
fn markup_that_people_wrote_is_shown_and_does_nothing() {
    let serving = Serving::example("page-markdown");
    let browser = Browser::of(&serving, "admin");
    let edit = format!("{INES}/edit");
    let page = browser.page(&edit);
    let attack = "\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))\n\n[y](https://a.example)\n";
    let text = sent(&page.text().replacen("\n## Log", &format!("{attack}\n## Log"), 1));
    let name = text.replacen("a front desk that", "<b onclick=x>hot</b> that", 1);
    assert!(name.contains("<script>") && name.contains("onclick"), "{name}");
    browser.followed(&browser.send(&page, &edit, &[("base", page.hidden("base")), ("text", &name)]));
    let shown = browser.page(INES);
    let main = shown.0.split("<main").nth(1).unwrap();
    for dead in ["<script", "<img", "<b onclick", "href=\"javascript"] {
        assert!(!main.contains(dead), "{dead} in {main}");
    }
    shown.says("&lt;script&gt;alert(1)");
    shown.says("href=\"https://a.example\" rel=\"noopener noreferrer nofollow\"");
}

#[test]
fn who_may_not_write_sees_no_form_and_sends_none() {
    let mut serving = Serving::example("page-roles");
    serving.add_user("vera", "viewer");
    serving.add_user("eddy", "editor");
    let (vera, eddy) = (Browser::of(&serving, "vera"), Browser::of(&serving, "eddy"));
    let page = vera.page(BRUNO);
    assert!(!page.0.contains(&format!("action=\"{BRUNO}")), "a form");
    let before = commits(&serving);
    let form = vera.page("/main/").hidden("form").to_owned();
    for path in ["log", "next", "promises", "kept", "stage", "owner", "stop", "edit", "remove"] {
        let fields = [("form", form.as_str()), ("once", "x"), ("channel", "phone"), ("text", "x")];
        assert_eq!(vera.post(&format!("{BRUNO}/{path}"), &fields).status, 403, "{path}");
        // A form that another page made counts for nothing.
        let strange = [("form", "x"), ("channel", "phone")];
        assert_eq!(eddy.post(&format!("{BRUNO}/{path}"), &strange).status, 400, "{path}");
    }
    assert_eq!(
        (vera.get(&format!("{BRUNO}/edit")).status, eddy.get(&format!("{BRUNO}/edit")).status),
        (403, 200)
    );
    assert_eq!(eddy.get(&format!("{BRUNO}/remove")).status, 403);
    assert_eq!(commits(&serving), before);
    let admin = Browser::of(&serving, "admin");
    let held = admin.page(&format!("{BRUNO}/edit"));
    let asked = admin.page(&format!("{BRUNO}/remove"));
    asked.says("Remove Bruno Keller?");
    assert_eq!(admin.send(&asked, &format!("{BRUNO}/remove"), &[]).status, 303);
    assert_eq!(admin.get(BRUNO).status, 404);
    // Who was just writing keeps what they wrote.
    let fields = [("base", held.hidden("base")), ("text", "what I wrote")];
    let late = admin.send(&held, &format!("{BRUNO}/edit"), &fields);
    assert_eq!(late.status, 409);
    Page(late.text()).says("what I wrote</textarea>");
}

#[test]
fn today_says_whom_by_what_and_why() {
    let serving = Serving::example("page-today");
    let browser = Browser::of(&serving, "admin");
    // Without a log, which may lie before today or after it.
    let page = browser.page(&format!("{INES}/edit"));
    let text = "+++\nname = \"Inês Carvalho\"\nphone = \"+1 555 0111\"\n+++\n";
    let fields = [("base", page.hidden("base")), ("text", text)];
    browser.followed(&browser.send(&page, &format!("{INES}/edit"), &fields));
    let plan = [("do", "plan"), ("on", "today"), ("via", "whatsapp"), ("why", "ask about *the* doors")];
    browser.followed(&browser.send(&browser.page(INES), &format!("{INES}/next"), &plan));
    let all = browser.page("/main/?all");
    all.says("<h1>Today</h1>");
    all.says("href=\"/main/contacts/ines-carvalho#log\"");
    all.says("href=\"https://wa.me/15550111\"");
    all.says("ask about the doors");
    assert_eq!(browser.page("/main/?from=100000").0.matches("class=\"card").count(), 0);
    assert_eq!(browser.get("/main/?from=x&older").status, 200);
}
