//! Cards of all kinds, to contacts and back.

use proptest::prelude::*;

use super::*;
use crate::contact::{Contact, ContactId, ContactKind, Head, Value};
use crate::date::Date;
use crate::exchange::Card;
use crate::file::note_of;

/// A card of these lines.
fn vcard(version: &str, lines: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:{version}\n{}\nEND:VCARD\n", lines.trim())
}

fn cards(text: &str) -> Vec<Card> {
    read(text).map(|item| *item.card.unwrap()).collect()
}

/// What a card says, a key a line.
fn said(card: &Card) -> String {
    let head = &card.head;
    let mut out = Vec::new();
    let mut put = |key: &str, text: &str| {
        if !text.is_empty() {
            out.push(format!("{key} = {text}"));
        }
    };
    put("name", head.name.as_deref().unwrap_or_default());
    put("kind", if head.kind == ContactKind::Org { "org" } else { "" });
    put("uid", head.uid.as_deref().unwrap_or_default());
    put("company", head.company.as_deref().unwrap_or_default());
    put("role", head.role.as_deref().unwrap_or_default());
    put("address", head.address.as_deref().unwrap_or_default());
    put("email", &head.email.join(" | "));
    put("phone", &head.phone.join(" | "));
    put("links", &head.links.join(" | "));
    put("tags", &head.tags.join(" | "));
    put("timezone", head.timezone.as_deref().unwrap_or_default());
    for (key, day) in &head.dates {
        put(key, &day.to_string());
    }
    for (key, value) in &head.custom {
        match value {
            Value::List(items) => {
                put(key, &items.iter().map(Value::to_string).collect::<Vec<_>>().join(" | "));
            }
            value => put(key, &value.to_string()),
        }
    }
    put("note", &card.notes.join(" | ").replace('\n', "/"));
    put("aside", &card.left_aside.join(" | "));
    out.join("\n")
}

/// With the kept lines in the order of the alphabet.
fn sorted(said: &str) -> String {
    let line = |line: &str| match line.strip_prefix("vcard = ") {
        Some(kept) => {
            let mut kept: Vec<&str> = kept.split(" | ").collect();
            kept.sort_unstable();
            format!("vcard = {}", kept.join(" | "))
        }
        None => line.to_owned(),
    };
    said.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn kept_lines_have_one_order() {
    let card =
        cards(&vcard("4.0", "X-B:2\nTEL;TYPE=cell:1\nX-A:1\nFN:J\nEMAIL;TYPE=work:j@x.example")).remove(0);
    let kept = "vcard = EMAIL;TYPE=work:j@x.example | TEL;TYPE=cell:1 | X-A:1 | X-B:2";
    assert!(said(&card).contains(kept), "{}", said(&card));
}

#[test]
fn what_programs_write_is_understood() {
    for (name, version, lines, expected) in [
        (
            "android",
            "2.1",
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;\n\
             FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=20=\nM=C3=BCller\n\
             TEL;CELL;PREF:555-0100\nTEL;WORK;FAX:555-0101\nEMAIL;PREF;WORK:jm@x.example\nCATEGORIES:My Contacts\n\
             X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Jo;1;;;;;;;;;;;;;\n\
             X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1980-05-12;3;;;;;;;;;;;;;\n\
             X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ann;14;;;;;;;;;;;;;\n\
             PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\n l2S9\n",
            "name = Jörg Müller\nemail = jm@x.example\nphone = 555-0100 | 555-0101\nbirthday = 1980-05-12\n\
             nickname = Jo\nrelated = spouse: Ann\n\
             vcard = TEL;TYPE=cell:555-0100 | EMAIL;TYPE=work:jm@x.example | TEL;TYPE=work,fax:555-0101\naside = photo",
        ),
        (
            "android, an address alone",
            "2.1",
            "EMAIL;PREF:jd@x.example",
            "name = jd@x.example\nemail = jd@x.example",
        ),
        (
            "android, a number alone",
            "2.1",
            "TEL;CELL:5550100",
            "name = 5550100\nphone = 5550100\nvcard = TEL;TYPE=cell:5550100",
        ),
        (
            "iphone",
            "3.0",
            "PRODID:-//Apple Inc.//iOS 17.0//EN\nN:Roe;Ann;Mary,Lou;Ms.;Sr.\nFN:Ms. Ann Mary Lou Roe Sr.\nORG:Acme;Sales\n\
             TITLE:Head of\\, well\\, Sales\nitem1.EMAIL;type=INTERNET;type=pref:ann@x.example\n\
             TEL;type=HOME;type=VOICE:1\nTEL;type=CELL;type=VOICE;type=pref:2\nitem2.TEL:3\n\
             item2.X-ABLabel:_$!<AssistantPhone>!$_\nitem3.ADR;type=HOME;type=pref:;;Alley 5\\nYard;Town;NY;1;US\n\
             item3.X-ABADR:us\nitem4.URL;type=pref:http\\://x.example\nitem4.X-ABLabel:_$!<HomePage>!$_\n\
             BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12\nitem5.X-ABRELATEDNAMES;type=pref:Jim\n\
             item5.X-ABLabel:_$!<Spouse>!$_\nitem6.X-ABDATE:2001-02-03\nitem6.X-ABLabel:_$!<Anniversary>!$_\n\
             item7.X-ABDATE:2002-03-04\nitem7.X-ABLabel:First met\n\
             X-SOCIALPROFILE;type=twitter:https://t.example/ann\nNOTE:\\\"A\\\"\\nB",
            "name = Ms. Ann Mary Lou Roe Sr.\ncompany = Acme\nrole = Head of, well, Sales\n\
             address = Alley 5, Yard, Town, NY, 1, US\nemail = ann@x.example\nphone = 2 | 1 | 3\n\
             links = http://x.example | https://t.example/ann\nbirthday = 1604-05-12\nanniversary = 2001-02-03\n\
             first_met = 2002-03-04\ndepartment = Sales\nrelated = spouse: Jim\n\
             vcard = TEL;TYPE=cell,voice:2 | ADR;TYPE=home;X-ABADR=us:;;Alley 5\\nYard;Town;NY;1;US | \
             URL;X-ABLABEL=_$!<HomePage>!$_:http://x.example | N:Roe;Ann;Mary,Lou;Ms.;Sr. | TEL;TYPE=home,voice:1 | \
             TEL;X-ABLABEL=_$!<AssistantPhone>!$_:3 | X-ABDATE;X-ABLABEL=\"First met\":20020304 | \
             X-SOCIALPROFILE;TYPE=twitter:https://t.example/ann\nnote = \"A\"/B",
        ),
        (
            "outlook",
            "2.1",
            "N;LANGUAGE=en-us:Roe;Ann;;Ms.\nFN:Ms. Ann Roe\nORG:Company, The;Dept\nTEL;WORK;VOICE:1\nX-MS-TEL;VOICE;CALLBACK:2\n\
             ADR;WORK;PREF:;Office;1 Main St;Town;TX;1;USA\nLABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:1 Main St=0D=0A=\nTown, TX 1\n\
             X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\nROLE:Buyer\nTITLE:Boss\nX-MS-SPOUSE:Jim\nX-MS-MANAGER:Big Blue\nX-MS-ANNIVERSARY:20110113\n\
             KEY;X509;ENCODING=BASE64:\n    MIID\n    AAA=\n\n\nFBURL;ENCODING=QUOTED-PRINTABLE:http://x.example/=41\nREV:20120305T131933Z",
            "name = Ms. Ann Roe\ncompany = Company, The\nrole = Boss\naddress = Office, 1 Main St, Town, TX, 1, USA\n\
             phone = 1 | 2\nanniversary = 2011-01-13\ndepartment = Dept\nrelated = spouse: Jim | manager: Big Blue\n\
             other_roles = Buyer\n\
             vcard = ADR;TYPE=work;LABEL=\"1 Main St^nTown, TX 1\":;Office;1 Main St;Town;TX;1;USA | \
             N;LANGUAGE=en-us:Roe;Ann;;Ms.; | TEL;TYPE=work,voice:1 | TEL;TYPE=voice,callback:2 | \
             X-MS-OL-DEFAULT-POSTAL-ADDRESS:2 | FBURL:http://x.example/A | ROLE:Buyer\naside = key",
        ),
        (
            "evolution",
            "3.0",
            "X-AIM;TYPE=HOME;X-COUCHDB-UUID=\"cb\":j5@x.example\nTEL;X-COUCHDB-UUID=\"c2\";TYPE=CELL:1\nUID:477343c8\n\
             N:Doe;John;Richter\\, James;Mr.;Sr.\nFN:Mr. John Richter\\, James Doe Sr.\nX-EVOLUTION-FILE-AS:Doe\\, John\n\
             NICKNAME:Johny\nX-EVOLUTION-SPOUSE:Maria\nORG:IBM;Accounting;Dungeon\nX-EVOLUTION-ANNIVERSARY:1980-03-22\nCATEGORIES:VIP",
            "name = Mr. John Richter, James Doe Sr.\nuid = 477343c8\ncompany = IBM\nphone = 1\ntags = VIP\n\
             anniversary = 1980-03-22\nnickname = Johny\ndepartment = Accounting, Dungeon\nrelated = spouse: Maria\n\
             vcard = X-AIM;TYPE=home;X-COUCHDB-UUID=cb:j5@x.example | TEL;X-COUCHDB-UUID=c2;TYPE=cell:1 | \
             N:Doe;John;Richter\\, James;Mr.;Sr. | X-EVOLUTION-FILE-AS:Doe\\, John | ORG:IBM;Accounting;Dungeon",
        ),
        (
            "the standard's own",
            "4.0",
            "FN:Simon Perreault\nN:Perreault;Simon;;;ing. jr,M.Sc.\nBDAY:--0203\nANNIVERSARY:20090808T1430-0500\nGENDER:M\n\
             LANG;PREF=1:fr\nORG;TYPE=work:Viagenie\n\
             TEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+1-418-656-9254;ext=102\nKEY;TYPE=work;VALUE=uri:\n \
             http://v.example/simon.asc\nTZ:-0500\nGEO;TYPE=work:geo:46.772673,-71.282945\n\
             RELATED;TYPE=friend:urn:uuid:f81d\nRELATED;TYPE=co-worker;VALUE=text:Please ask Jane\n\
             PHOTO:http://x.example/p.jpg\nUID:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "name = Simon Perreault\nuid = f81d4fae-7dec-11d0-a765-00a0c91e6bf6\ncompany = Viagenie\n\
             phone = +1-418-656-9254 ext. 102\nbirthday = 1604-02-03\nanniversary = 2009-08-08\n\
             related = co-worker: Please ask Jane\n\
             vcard = LANG:fr | TEL;VALUE=uri;TYPE=work,voice:tel:+1-418-656-9254;ext=102 | \
             N:Perreault;Simon;;;ing. jr,M.Sc. | ANNIVERSARY:20090808T1430-0500 | GENDER:M | ORG;TYPE=work:Viagenie | \
             KEY;TYPE=work;VALUE=uri:http://v.example/simon.asc | TZ:-0500 | GEO;TYPE=work:geo:46.772673,-71.282945 | \
             RELATED;TYPE=friend:urn:uuid:f81d | PHOTO:http://x.example/p.jpg",
        ),
        (
            "several of anything",
            "4.0",
            "FN:Doe Ltd\nKIND:org\nORG:Doe Ltd\nORG:Doe Sons;Repair\nTITLE:One\nTITLE:Two\nBDAY:circa 1800\nNOTE:a\nNOTE:b\\, c\n\
             ADR:;;Here;;;;\nADR;TYPE=work:;;There;;;;\nURL:www.x.example\nTZ:America/New_York\nX-FOO:a;b\\;c,d\nNICKNAME:A,B",
            "name = Doe Ltd\nkind = org\ncompany = Doe Ltd\nrole = One\naddress = Here\nlinks = www.x.example\n\
             timezone = America/New_York\nnickname = A, B\nother_companies = Doe Sons\nother_roles = Two\nother_addresses = There\n\
             vcard = ORG:Doe Sons;Repair | BDAY:circa 1800 | ADR;TYPE=work:;;There;;;; | X-FOO:a;b\\;c,d\nnote = a | b, c",
        ),
        (
            "parts of a name alone",
            "3.0",
            "N:Doe;Jane;Q.;Dr.;",
            "name = Dr. Jane Q. Doe\nvcard = N:Doe;Jane;Q.;Dr.;",
        ),
        ("an empty name", "3.0", "FN:\nN:;;;;\nORG:Acme", "name = Acme\ncompany = Acme"),
        (
            "another name than its parts",
            "3.0",
            "FN:Johnny\nN:Doe;John;;;",
            "name = Johnny\nvcard = N;X-FN=Johnny:Doe;John;;;",
        ),
        (
            "an envelope without an address",
            "2.1",
            "FN:J\nLABEL;HOME;ENCODING=QUOTED-PRINTABLE:1 Main St=0D=0ATown",
            "name = J\naddress = 1 Main St, Town\nvcard = ADR;TYPE=home;LABEL=\"1 Main St^nTown\":;;1 Main St\\, Town;;;;",
        ),
        ("a company to show", "3.0", "FN:Acme\nX-ABShowAs:COMPANY", "name = Acme\nkind = org"),
        (
            "commas escaped for nothing",
            "3.0",
            "FN:J\nCATEGORIES:a\\, b",
            "name = J\ntags = a | b\nvcard = CATEGORIES:a\\, b",
        ),
        ("a quote that never ends", "3.0", "FN:J\nTEL;X-A=\"b:1", "name = J\nphone = 1\nvcard = TEL;X-A=b:1"),
    ] {
        let card = cards(&vcard(version, lines)).remove(0);
        // Which of the kept lines comes first is told elsewhere.
        assert_eq!(sorted(&said(&card)), sorted(expected), "{name}");
    }
}

#[test]
fn broken_cards_are_told_by_their_line() {
    let text = "BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nX-A:b\nEND:VCARD\nBEGIN:VCARD\nFN:C\n";
    let items: Vec<Item> = read(text).collect();
    let told: Vec<(usize, Option<&str>)> =
        items.iter().map(|item| (item.line, item.card.as_ref().err().map(String::as_str))).collect();
    assert_eq!(
        told,
        [
            (1, None),
            (4, Some("it has no name, no address and no number")),
            (7, Some("it has no end (\"END:VCARD\")"))
        ]
    );
    assert_eq!(&text[items[2].raw.clone()], "BEGIN:VCARD\nFN:C\n");
    assert_eq!(read("name,email\n").map(|item| item.card.is_err()).collect::<Vec<_>>(), [true]);
    assert_eq!(read(" \n").count(), 0);
}

#[test]
fn groups_are_tags_of_their_members() {
    let text = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:The Does\nMEMBER:urn:uuid:03A0\nMEMBER:mailto:k@x.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:John\nUID:urn:uuid:03a0\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nFN:Kim\nEMAIL:k@x.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nX-ADDRESSBOOKSERVER-KIND:group\nN:VIP\nFN:VIP\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:03a0\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nFN:Lee\nEND:VCARD\n";
    let tags: Vec<Vec<String>> = cards(text).into_iter().map(|card| card.head.tags).collect();
    assert_eq!(tags, [vec!["The Does", "VIP"], vec!["The Does"], vec![]]);
}

#[test]
fn an_agent_is_somebody_near() {
    let outer = "FN:Jane\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nN:Agent;Fred\nEND:VCARD";
    for lines in [outer, "FN:Jane\nAGENT:BEGIN:VCARD\\nFN:Fred Agent\\nEND:VCARD\\n"] {
        let card = cards(&vcard("2.1", lines)).remove(0);
        assert_eq!(said(&card), "name = Jane\nrelated = agent: Fred Agent\naside = the card of an agent");
    }
}

/// The contact that a card makes, as far as a card can.
fn contact(card: &Card) -> Contact {
    let name = card.head.name.clone().unwrap_or_default();
    Contact { id: ContactId::new("x"), name, head: card.head.clone(), ..Contact::default() }
}

fn back(card: &Card, version: Version) -> (String, Card) {
    let text = write(&contact(card), &card.notes.join("\n\n"), version);
    let card = cards(&text).remove(0);
    (text, card)
}

#[test]
fn cards_are_written_as_their_version_has_it() {
    let head = Head {
        uid: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
        company: Some("Doe; Sons".to_owned()),
        role: Some("Buyer".to_owned()),
        email: vec!["jane@x.example".to_owned(), "j@x.example".to_owned()],
        phone: vec!["+1 555 0100".to_owned()],
        address: Some("1 Main St, Town".to_owned()),
        dates: vec![
            ("birthday".to_owned(), Date::new(1604, 5, 12).unwrap()),
            ("anniversary".to_owned(), Date::new(2001, 2, 3).unwrap()),
            ("renewal".to_owned(), Date::new(2027, 1, 31).unwrap()),
        ],
        tags: vec!["hotel".to_owned(), "a, b".to_owned()],
        timezone: Some("America/Chicago".to_owned()),
        custom: vec![
            ("related".to_owned(), Value::List(vec![Value::Text("spouse: Jim".to_owned())])),
            (
                KEPT.to_owned(),
                Value::List(
                    [
                        "EMAIL;TYPE=work:JANE@x.example",
                        "TEL;TYPE=cell:+1 555 9999",
                        "GEO:geo:1,2",
                        "N:Smith;Jane;;;",
                        "X-FOO:a;b",
                    ]
                    .map(|line| Value::Text(line.to_owned()))
                    .to_vec(),
                ),
            ),
        ],
        ..Head::default()
    };
    let contact = Contact { name: "Jane Q. Doe".to_owned(), head, ..Contact::default() };
    let four = "BEGIN:VCARD|VERSION:4.0|UID:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6|FN:Jane Q. Doe|N:Doe;Jane;Q.;;|\
        ORG:Doe\\; Sons|TITLE:Buyer|EMAIL;TYPE=work;PREF=1:JANE@x.example|EMAIL:j@x.example|TEL:+1 555 0100|\
        ADR:;;1 Main St\\, Town;;;;|BDAY:--0512|ANNIVERSARY:20010203|item1.X-ABDATE:20270131|item1.X-ABLabel:renewal|\
        TZ:America/Chicago|RELATED;TYPE=spouse;VALUE=text:Jim|CATEGORIES:hotel,a\\, b|NOTE:one\\ntwo|GEO:geo:1,2|X-FOO:a;b|END:VCARD|";
    let three = "BEGIN:VCARD|VERSION:3.0|UID:f81d4fae-7dec-11d0-a765-00a0c91e6bf6|FN:Jane Q. Doe|N:Doe;Jane;Q.;;|\
        ORG:Doe\\; Sons|TITLE:Buyer|EMAIL;TYPE=INTERNET,WORK,PREF:JANE@x.example|EMAIL;TYPE=INTERNET:j@x.example|TEL:+1 555 0100|\
        ADR:;;1 Main St\\, Town;;;;|BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12|X-ANNIVERSARY:2001-02-03|item1.X-ABDATE:2027-01-31|\
        item1.X-ABLabel:renewal|TZ;VALUE=text:America/Chicago|item2.X-ABRELATEDNAMES:Jim|item2.X-ABLabel:_$!<Spouse>!$_|\
        CATEGORIES:hotel,a\\, b|NOTE:one\\ntwo|GEO:1;2|X-FOO:a;b|END:VCARD|";
    for (version, expected) in [(Version::V4, four), (Version::V3, three)] {
        assert_eq!(write(&contact, "one\ntwo", version).replace("\r\n", "|"), expected);
    }
}

#[test]
fn lines_are_folded_between_characters() {
    let name = format!("{}{}", "a".repeat(70), "😀é".repeat(60));
    let contact = Contact { name: name.clone(), ..Contact::default() };
    let text = write(&contact, "", Version::V4);
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert!(text.split("\r\n").filter(|line| line.starts_with(' ')).count() > 5);
    assert_eq!(cards(&text)[0].head.name.as_deref(), Some(name.as_str()));
}

/// What the crate `calcard` reads of a card: the texts of each property.
fn judged(text: &str) -> std::collections::HashMap<&'static str, Vec<String>> {
    let card = calcard::vcard::VCard::parse(text).unwrap();
    let of = |name: &'static str| {
        let lines = card.entries.iter().filter(|entry| entry.name.as_str() == name);
        let texts = lines.filter_map(|entry| entry.values.first()?.as_text().map(str::to_owned)).collect();
        (name, texts)
    };
    ["FN", "EMAIL", "TEL", "TITLE", "NOTE"].map(of).into_iter().collect()
}

/// A word or two with all marks that mean something to a card.
fn words() -> impl Strategy<Value = String> {
    "[a-z,;:\\\\\"'^=.<>é日😀 -]{0,12}[a-z😀]"
        .prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn distinct(items: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for item in items {
        if !out.iter().any(|one| one.eq_ignore_ascii_case(&item)) {
            out.push(item);
        }
    }
    out
}

fn heads() -> impl Strategy<Value = Head> {
    let some = |most: usize| proptest::collection::vec(words(), 0..most).prop_map(distinct);
    let number = "\\+?[1-9][0-9]{1,4} [0-9]{2,4}";
    let numbers = proptest::collection::vec(number, 0..3).prop_map(distinct);
    let day =
        (1900..2020_i32, 1..13_u32, 1..29_u32).prop_map(|(year, month, day)| Date::new(year, month, day));
    let plain = "[a-z😀é][a-z,;\\\\ ]{0,9}[a-z]";
    let yearless = any::<bool>();
    (
        (words(), some(3), numbers, some(3), proptest::option::of(words()), proptest::option::of(words())),
        (
            proptest::option::of(words()),
            day,
            yearless,
            proptest::option::of(plain),
            proptest::collection::vec("[a-z😀]{1,5}", 0..4),
            proptest::collection::vec("[a-z😀é][a-z;,\\\\ ]{0,9}[a-z]", 0..3).prop_map(distinct),
        ),
    )
        .prop_map(
            |(
                (name, email, phone, links, company, role),
                (address, day, yearless, related, tags, others),
            )| {
                let day = day.map(|day| if yearless { day.in_year(1604) } else { day });
                let related = related.map(|who| {
                    let who = who.split_whitespace().collect::<Vec<_>>().join(" ");
                    ("related".to_owned(), Value::List(vec![Value::Text(format!("friend: {who}"))]))
                });
                let others: Vec<Value> = others
                    .iter()
                    .map(|other| other.split_whitespace().collect::<Vec<_>>().join(" "))
                    .filter(|other| *other != name)
                    .map(Value::Text)
                    .collect();
                let others = (!others.is_empty()).then(|| ("other_names".to_owned(), Value::List(others)));
                let links: Vec<String> = links
                    .iter()
                    .map(|link| format!("https://x.example/{}", link.replace([' ', '\\'], "-")))
                    .collect();
                Head {
                    name: Some(name),
                    uid: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
                    email: email.into_iter().map(|local| format!("{local}@x.example")).collect(),
                    phone,
                    links: distinct(links),
                    company,
                    role,
                    address: address
                        .map(|text| text.trim_matches(|c: char| c == ',' || c == ' ').to_owned())
                        .filter(|text| !text.is_empty()),
                    dates: day.map(|day| ("birthday".to_owned(), day)).into_iter().collect(),
                    tags: distinct(tags),
                    custom: related.into_iter().chain(others).collect(),
                    ..Head::default()
                }
            },
        )
}

proptest! {
    #[test]
    fn a_contact_comes_back_from_its_card(head in heads(), note in "[ -~é\n😀]{0,120}") {
        let note = note_of(&note.replace(['#', '=', '-', '`', '~', '[', '>'], ""), "");
        let whole = Contact { name: head.name.clone().unwrap(), head: head.clone(), ..Contact::default() };
        for version in [Version::V3, Version::V4] {
            let text = write(&whole, &note, version);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            let back = cards(&text).remove(0);
            let read = judged(&text);
            let of = |items: &[String]| items.to_vec();
            prop_assert_eq!(read["FN"].first(), head.name.as_ref(), "{}", text);
            prop_assert_eq!(&read["EMAIL"], &of(&head.email), "{}", text);
            prop_assert_eq!(&read["TEL"], &of(&head.phone), "{}", text);
            prop_assert_eq!(&read["TITLE"], &of(&head.role.iter().cloned().collect::<Vec<_>>()), "{}", text);
            let judged_note = read["NOTE"].concat();
            prop_assert_eq!(judged_note.trim(), note.trim(), "{}", text);
            prop_assert_eq!(&back.head, &head, "{}", text);
            prop_assert_eq!(back.notes.concat(), note.trim());
            prop_assert_eq!(write(&whole, &note, version), text, "the same contact, the same bytes");
        }
    }

    #[test]
    fn a_card_says_the_same_when_it_was_written_again(
        lines in proptest::collection::vec(
            ("(item1\\.|item2\\.|home\\.)?", "(TEL|EMAIL|ADR|ORG|NOTE|N|FN|BDAY|X-ABDATE|X-ABLabel|RELATED|CATEGORIES|IMPP|X-FOO|LABEL|URL|TITLE|ROLE|GEO|NICKNAME)",
             "(;TYPE=home|;CELL|;PREF|;TYPE=\"work,x\"|;LANGUAGE=de|;ENCODING=QUOTED-PRINTABLE|;VALUE=text){0,2}", "[a-z0-9:;,\"é😀 n-]{0,30}"), 1..10),
        version in "(2\\.1|3\\.0|4\\.0)",
    ) {
        let lines: String = lines.iter().map(|(group, name, params, value)| format!("{group}{name}{params}:{value}\n")).collect();
        let text = vcard(&version, &format!("UID:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\nFN:Jane Doe\n{lines}"));
        for card in cards(&text) {
            let (written, again) = back(&card, Version::V4);
            let (keys, notes) = (said(&again), again.notes.len());
            prop_assert!(notes <= 1);
            let (twice, thrice) = back(&again, Version::V4);
            prop_assert_eq!(&twice, &written, "it settles at once");
            prop_assert_eq!(said(&thrice), keys);
            for (mine, theirs) in [(&card.head.email, &again.head.email), (&card.head.phone, &again.head.phone), (&card.head.links, &again.head.links)] {
                prop_assert_eq!(mine, theirs, "{}\n{}", text, written);
            }
            let sorted = |tags: &[String]| tags.iter().cloned().collect::<std::collections::BTreeSet<_>>();
            prop_assert_eq!(sorted(&card.head.tags), sorted(&again.head.tags));
            prop_assert_eq!(&card.head.company, &again.head.company);
            prop_assert_eq!(&card.head.address, &again.head.address);
            prop_assert_eq!(&card.head.role, &again.head.role);
        }
    }

    #[test]
    fn nothing_that_is_read_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "(BEGIN:VCARD|END:VCARD|AGENT:|N:|\n|\r| |=|;|:|\"|\\\\|[ -~é]){0,60}") {
        let _ = read(&decode(&bytes)).count();
        let _ = read(&text).count();
        let _ = read(&vcard("2.1", &text)).count();
    }
}
