use proptest::prelude::*;

use super::*;

#[test]
fn the_user_says_what_columns_are() {
    let text = "Who;Org;Mail;Alt mail;Group;Worth;Seen;Every;Shoe\n\
        Jane Doe;Acme;Jane <jane@acme.example>, j@x.example;jd@home.example;fair, hotel;$25k;15/3/2026;3 months;41\n";
    let map = "name=Who,company=Org,email=\"Alt mail\",email=Mail,tag=Group,value=Worth,touch.phone=Seen,\
        prefers.every=Every,shoe_size=Shoe,note=Shoe";
    let read = mapped(text, map);
    assert_eq!(
        read.one(),
        "name: Jane Doe\ncompany: Acme\nemail: jd@home.example | jane@acme.example | j@x.example\n\
         tags: fair | hotel\nvalue: 25000 USD\nprefers.every: 3 months\nshoe_size: 41\nnote: \"41\"\n\
         log: 2026-03-15 phone : \n"
    );
    assert_eq!(read.key("Shoe"), Some("shoe_size, note"));
}

#[test]
fn two_columns_of_one_key_are_both_kept() {
    let text = "a,b,c,d\nJane,Doe,Acme,Bmea\n";
    for (map, expected) in [
        ("first=a,last=b,company=c,company=d", "name: Jane Doe\ncompany: Acme\nother_companies: Bmea\n"),
        ("name=a,name=b", "name: Jane Doe\n"),
        ("name=a,x=c,x=d", "name: Jane\nx: Acme, Bmea\n"),
        ("name=a,company=c,employer=c", "name: Jane\ncompany: Acme\nemployer: Acme\n"),
        (
            "name=a,address.street=c,address.city=d",
            "name: Jane\naddress: Acme, Bmea\nvcard: ADR:;;Acme;Bmea;;;\n",
        ),
        ("name=a,related.boss=d", "name: Jane\nrelated: boss: Bmea\n"),
    ] {
        assert_eq!(mapped(text, map).one(), expected, "{map}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let text = "Name,Born,Stage,Worth,Note\n\
        Ann,1980-05-12,won,5,\n\
        Bob,sometime,won,5,\n\
        Cy,1980-05-12,hot,5,\n\
        Di,1980-05-12,won,much,\n\
        Ed,1980-05-12,won,5,,x\n\
        Fy,1980-05-12,won,5,,,\n\
        Gus\n\
        Hal,1980-05-12,won,5,\"open\n\
        Ida,1980-05-12,won,5,ok\n";
    let read = mapped(text, "name=Name,dates.birthday=Born,stage=Stage,value=Worth,note=Note");
    let refused: Vec<&String> = read.rows.iter().filter(|row| row.starts_with("line ")).collect();
    assert_eq!(
        refused,
        [
            "line 3: \"Born\" says \"sometime\", which is no date",
            "line 4: \"Stage\" says \"hot\", which is no stage of this notebook",
            "line 5: \"Worth\" says \"much\", which is no amount",
            "line 6: it has 6 cells, and the header has 5",
            "line 9: a quote is opened and never ended",
        ]
    );
    assert_eq!(read.rows.len(), 9);
    assert_eq!(read.rows[8], "name: Ida\nstage: won\nvalue: 5 -\ndates.birthday: 1980-05-12\nnote: \"ok\"\n");
    assert_eq!(
        read.only_refused,
        "Name,Born,Stage,Worth,Note\nBob,sometime,won,5,\nCy,1980-05-12,hot,5,\nDi,1980-05-12,won,much,\n\
         Ed,1980-05-12,won,5,,x\nHal,1980-05-12,won,5,\"open\n"
    );
}

#[test]
fn what_says_nothing_is_nothing_and_what_says_something_is_kept() {
    let text = "Name,Born,Mail,Tel,Worth,Ends\nJane,n/a,-,none,?,1/2/31\nJim,1/2/31,ask him,at home,5,\n";
    let map = "name=Name,dates.birthday=Born,email=Mail,phone=Tel,value=Worth,day.ends=Ends";
    assert_eq!(
        mapped(text, map).rows,
        [
            "name: Jane\nends: 2031-01-02\n",
            "name: Jim\nvalue: 5 -\ndates.birthday: 1931-01-02\nmail: ask him\ntel: at home\n",
        ]
    );
}

#[test]
fn dates_follow_their_column() {
    let rows = "a,03/04/2024\nb,15/04/2024\n";
    let open = "a,03/04/2024\n";
    for (rows, order, first, remarks) in [
        (rows, None, "2024-04-03", 0),
        (rows, Some(Order::Mdy), "2024-04-03", 0),
        (open, None, "2024-03-04", 1),
        (open, Some(Order::Dmy), "2024-04-03", 0),
    ] {
        let how = How { map: Some("name=n,dates.x=d"), order, ..How::default() };
        let read = read_so(&format!("n,d\n{rows}"), &how).unwrap();
        assert!(read.rows[0].contains(first), "{}", read.rows[0]);
        assert_eq!(read.remarks.len(), remarks);
    }
}

#[test]
fn a_sheet_that_nobody_knows_is_guessed_at() {
    for (text, expected) in [
        (
            "Full Name,Born,Party,State,Phone,Office Address,Web,Contact Form,Term Start\n\
             Jane Doe,1958-10-13,Any,WA,202-555-0141,1 Main St Town,https://jane.example,https://jane.example/c,2025-01-03\n",
            "name=\"Full Name\",dates.birthday=Born,party=Party,state=State,phone=Phone,address=\"Office Address\",\
             links=Web,links=\"Contact Form\",day.term_start=\"Term Start\"",
        ),
        (
            "Kunde,Kontakt,Erreichbar,Stadt\nErika Muster,erika@werk.example,+49 30 123456,Ulm\n",
            "name=Kunde,email=Kontakt,phone=Erreichbar,stadt=Stadt",
        ),
        ("Jane Doe,jane@acme.example\nJim Doe,jim@acme.example\n", "name=\"column 1\",email=\"column 2\""),
        ("Email;Name;Name\nx;Jane;Doe\n", "email_column=Email,name=#2,name=#3"),
        (
            "Street,City,State,Title,Next\nMain,Town,ST,Buyer,x\n",
            "address.street=Street,address.city=City,address.region=State,role=Title,next_column=Next",
        ),
    ] {
        let sheet = Sheet::open(text).unwrap();
        let guessed = sheet.guessed().to_string();
        assert_eq!(guessed, expected);
        assert!(read_so(text, &How { map: Some(&guessed), ..How::default() }).is_ok());
        assert!(read_so(text, &How::default()).is_err(), "it is not known");
    }
}

#[test]
fn the_rest_is_kept_on_demand() {
    let how = How { map: Some("name=Who"), rest: true, ..How::default() };
    let read = read_so("Who,Shoe size,Next\nJane,41,soon\n", &how).unwrap();
    assert_eq!(read.one(), "name: Jane\nshoe_size: 41\nnext_column: soon\n");
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..200), head in any::<bool>()) {
        let header: &[u8] = if head { b"First Name,Last Name,URL,Company,Position,Connected On,x\n" } else { b"" };
        let decoded = super::super::decode(&[header, &bytes].concat(), None).unwrap();
        let text = &decoded.text;
        if let Ok(sheet) = Sheet::open(text) {
            let map = sheet.guessed().to_string();
            let how = How { map: (!head && !map.is_empty()).then_some(&map), ..How::default() };
            let _ = read_so(text, &how);
        }
    }

    #[test]
    fn refused_rows_can_be_read_again(rows in proptest::collection::vec("[a-z,; ]{0,12}", 0..8)) {
        let text = format!("First Name,Last Name,Connected On\n{}\n", rows.join("\n"));
        let first = read(&text);
        let second = read(&first.only_refused);
        let refused: Vec<&String> = first.rows.iter().filter(|row| row.starts_with("line ")).collect();
        prop_assert_eq!(second.rows.len(), refused.len(), "{:?}", first.only_refused);
    }
}
