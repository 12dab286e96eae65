//! The pages that show many contacts: the list and its queries, the pipeline, the team, problems; and how one is added.

use tickler_tests::Serving;
use tickler_tests::talk::{Answer, ask};

/// Somebody who is logged in on the pages.
struct Reader<'s> {
    serving: &'s Serving,
    cookie: String,
}

impl<'s> Reader<'s> {
    fn of(serving: &'s Serving, user: &str) -> Reader<'s> {
        let body = format!("token={}&next=%2F", serving.token(user));
        let answer = post(serving, "/login", "", &body);
        let cookie = answer.header("set-cookie").unwrap_or_default().split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("tickler="), "{}", answer.text());
        Reader { serving, cookie }
    }

    fn get(&self, address: &str) -> Answer {
        ask(self.serving.address(), &format!("GET {address}"), &[("Cookie", &self.cookie)], b"")
    }

    /// Sends a form with the token that the page of that address has.
    fn send(&self, address: &str, fields: &str) -> Answer {
        let page = self.get("/main/contacts").text();
        let token = page.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        post(self.serving, address, &self.cookie, &format!("form={}&{fields}", token.unwrap()))
    }
}

fn post(serving: &Serving, address: &str, cookie: &str, body: &str) -> Answer {
    let headers = [
        ("Cookie", cookie),
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    ask(serving.address(), &format!("POST {address}"), &headers, body.as_bytes())
}

/// The names on a list, in their order.
fn names(page: &str) -> Vec<&str> {
    page.split("class=\"name\"").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).collect()
}

#[test]
fn a_query_is_answered_with_a_list_or_with_what_was_meant() {
    let serving = Serving::example("lists");
    let reader = Reader::of(&serving, "admin");
    // What is asked, what the page says, and what it does not.
    for (asked, says, never) in [
        ("", "14 contacts", "Nobody fits"),
        ("?q=stage:won", "1 of 14 contacts", "Amara Okafor"),
        ("?q=%40kims", "Maeve O&#39;Brien", "Amara Okafor"),
        ("?q=stage:nuture+tag:hotel", "q=stage%3Anurture%20tag%3Ahotel", "Nobody fits"),
        ("?q=stage:nuture+tag:hotel", "stage:nuture tag:hotel\n      ^^^^^^", "class=\"list\""),
        ("?q=(tag:hotel", "role=\"alert\"", "Did you mean"),
        ("?q=Zaphod", "href=\"/main/new?name=Zaphod\"", "No contact has a key"),
        ("?q=planet:mars", "No contact has a key <code>planet</code>", "Add planet"),
        ("?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "&lt;script&gt;", "<script>alert"),
        ("?page=99", "14 contacts", "Page 99"),
        ("?sort=colour", "14 contacts", "colour"),
    ] {
        let answer = reader.get(&format!("/main/contacts{asked}"));
        let page = answer.text().replace("O'Brien", "O&#39;Brien");
        assert_eq!(answer.status, 200, "{asked}");
        assert!(page.contains(says), "{asked} does not say {says}: {page}");
        assert!(!page.contains(never), "{asked} says {never}");
    }
}

#[test]
fn a_list_is_sorted_as_was_asked() {
    let serving = Serving::example("lists-sorted");
    let reader = Reader::of(&serving, "admin");
    for (sort, first, column) in [
        ("", "Amara Okafor", "aria-sort=\"ascending\""),
        ("name", "Amara Okafor", "aria-sort=\"ascending\""),
        ("-value", "椿 健", "aria-sort=\"descending\""),
        ("stage", "Bruno Keller", "aria-sort=\"ascending\""),
    ] {
        let page = reader.get(&format!("/main/contacts?sort={sort}")).text();
        let found = names(&page);
        assert_eq!(found.len(), 14, "{sort}");
        assert!(found[0] == first || first == "椿 健" && !found[0].is_ascii(), "{sort}: {found:?}");
        assert!(page.contains(column), "{sort}");
    }
}

#[test]
fn the_search_box_opens_whoever_fits_alone() {
    let serving = Serving::example("lists-go");
    let reader = Reader::of(&serving, "admin");
    for (query, to) in [
        ("amara", Some("/main/contacts/amara-okafor")),
        ("bruno-keller", Some("/main/contacts/bruno-keller")),
        ("stage:nurture", None),
        ("nobody-at-all", None),
    ] {
        let answer = reader.get(&format!("/main/contacts?q={query}&go=1"));
        assert_eq!(answer.header("location"), to, "{query}");
    }
}

#[test]
fn a_contact_is_added_and_a_double_pointed_out() {
    let mut serving = Serving::example("lists-new");
    serving.add_user("viewer", "viewer");
    let reader = Reader::of(&serving, "admin");
    let add = |fields: &str| reader.send("/main/new", fields);

    let added =
        add("name=Zaphod+Beeble&company=Heart&tags=vip,+space&next=in+2+weeks&via=phone&why=ask+again");
    assert_eq!(
        (added.status, added.header("location")),
        (303, Some("/main/contacts/zaphod-beeble")),
        "{}",
        added.text()
    );
    let page = reader.get("/main/contacts?q=tag:space+tag:vip+next.via:phone").text();
    assert_eq!(names(&page), ["Zaphod Beeble"]);

    // What is sent, the status, and what the page says.
    for (fields, status, says) in [
        ("name=", 422, "A name is needed"),
        ("name=Ford&next=firday", 422, "value=\"Ford\""),
        ("name=Ford&next=firday", 422, "id=\"wrong-next\""),
        ("name=Ford&why=towel", 422, "A next step needs a day"),
        ("name=Zaphod+Beeble", 409, "Is it one of these?"),
        ("name=Zaphod+Beeble", 409, "href=\"/main/contacts/zaphod-beeble\""),
        ("name=Ford&stage=nowhere", 422, "role=\"alert\""),
    ] {
        let answer = add(fields);
        assert_eq!(answer.status, status, "{fields}: {}", answer.text());
        assert!(answer.text().contains(says), "{fields} does not say {says}: {}", answer.text());
        assert!(!answer.text().contains("--force"), "{fields}");
    }
    let other = add("name=Zaphod+Beeble&force=1");
    assert_eq!((other.status, other.header("location")), (303, Some("/main/contacts/zaphod-beeble-2")));

    let viewer = Reader::of(&serving, "viewer");
    assert_eq!(viewer.get("/main/new").status, 403);
    assert_eq!(viewer.send("/main/new", "name=Ford").status, 403);
    assert!(!viewer.get("/main/contacts").text().contains("/main/new"));
    let foreign = post(&serving, "/main/new", &reader.cookie, "form=other&name=Ford");
    assert_eq!(foreign.status, 400);
    assert!(reader.get("/main/contacts?q=ford").text().contains("Nobody fits"));
}

#[test]
fn pipeline_team_and_problems_say_what_there_is() {
    let mut serving = Serving::example("lists-boards");
    serving.add_user("viewer", "viewer");
    let (admin, viewer) = (Reader::of(&serving, "admin"), Reader::of(&serving, "viewer"));
    for (address, says) in [
        ("/main/pipeline", "11 open contacts"),
        ("/main/pipeline", "q=stage%3Aproposal"),
        ("/main/pipeline", "Theo van der Meer"),
        ("/main/team", "Samira Haddad"),
        ("/main/team", "q=owner%3Akim%20stage%3Awon"),
        ("/main/team", "q=-owner%3A%20stage%3Aopen"),
        ("/main/problems", "1 to settle"),
        ("/main/problems", "<code>role</code> has two values"),
        ("/main/problems", "key = \"role\"\n      ^^^^^^"),
    ] {
        let page = admin.get(address).text().replace("&quot;", "\"");
        assert!(page.contains(says), "{address} does not say {says}: {page}");
    }
    // Who may not write is not offered to.
    for (address, offer) in [("/main/pipeline", "/stage\""), ("/main/problems", "/edit\"")] {
        assert!(admin.get(address).text().contains(offer), "{address}");
        let page = viewer.get(address);
        assert!(page.status == 200 && !page.text().contains(offer), "{address}");
    }
}
