use super::*;

#[test]
fn emails() {
    for (written, key) in [
        ("Jane@Acme.example", Some("jane@acme.example")),
        (" mailto:JANE@acme.example ", Some("jane@acme.example")),
        ("Jane Doe <jane@acme.example>", Some("jane@acme.example")),
        ("Müller@Straße.example", Some("müller@straße.example")),
        ("é", None),
        ("jane", None),
        ("@acme.example", None),
        ("jane@", None),
        ("", None),
    ] {
        assert_eq!(email(written).as_deref(), key, "{written}");
    }
    for (address, is_office) in
        [("info@a.b", true), ("sales+x@a.b", true), ("jane@a.b", false), ("infos@a.b", false)]
    {
        assert_eq!(is_of_office(address), is_office, "{address}");
    }
}

#[test]
fn phones() {
    for (written, country, key) in [
        ("+1 555 0100", None, Some("+15550100")),
        ("+1 (555) 010-0123", Some("DE"), Some("+15550100123")),
        ("0015550100123", None, Some("+15550100123")),
        ("+44 (0)20 7946 0958", None, Some("+442079460958")),
        ("+44 020 7946 0958", None, Some("+442079460958")),
        ("+39 06 698 12345", None, Some("+390669812345")),
        ("020 7946 0958", Some("GB"), Some("+442079460958")),
        ("(212) 555-0123", Some("us"), Some("+12125550123")),
        ("(212) 555-0123", Some("US"), Some("+12125550123")),
        ("1-212-555-0123", Some("US"), Some("+12125550123")),
        ("030/901820", Some("DE"), Some("+4930901820")),
        ("030/901820", None, Some("30901820")),
        ("030/901820", Some("XX"), Some("30901820")),
        ("tel:+1-201-555-0123;ext=12", None, Some("+12015550123x12")),
        ("tel:+1-201-555-0123;phone-context=x.example", None, Some("+12015550123")),
        ("+1 201 555 0123 x12", None, Some("+12015550123x12")),
        ("+1 201 555 0123 ext. 12", None, Some("+12015550123x12")),
        ("+1 201 555 0123 #12", None, Some("+12015550123x12")),
        ("+1 201 555 0123 (home)", None, Some("+12015550123")),
        ("1-800-FLOWERS", None, Some("18003569377")),
        ("＋１ ２０１ ５５５ ０１２３", None, Some("+12015550123")),
        ("1234", None, None),
        ("call me", None, None),
        ("", None, None),
        ("123456789012345678901", None, None),
        ("0000000000", None, None),
    ] {
        let country = country.and_then(self::country);
        assert_eq!(phone(written, country.as_deref()).as_deref(), key, "{written}");
    }
}

#[test]
fn numbers_that_are_one() {
    for (one, other, are_one) in [
        ("+12015550123", "+12015550123", true),
        ("2015550123", "+12015550123", true),
        ("+12015550123", "5550123", true),
        ("550123", "+12015550123", false),
        ("5550123", "2015550123", false),
        ("5550123", "5550123", true),
        ("+12015550123x1", "+12015550123", false),
        ("+12015550123x1", "+12015550123x2", false),
        ("2015550123x1", "+12015550123x1", true),
        ("+442015550123", "+12015550123", false),
    ] {
        assert_eq!(same_phone(one, other), are_one, "{one} {other}");
        assert_eq!(same_phone(other, one), are_one, "{other} {one}");
        if are_one {
            assert_eq!(phone_end(one), phone_end(other), "{one} {other}");
        }
    }
}

#[test]
fn urls() {
    for (written, key) in [
        ("https://www.linkedin.com/in/jane-doe/", Some("linkedin.com/in/jane-doe")),
        ("http://de.linkedin.com/in/jane-doe?trk=x", Some("linkedin.com/in/jane-doe")),
        ("linkedin.com/in/J%C3%BCrgen", Some("linkedin.com/in/jürgen")),
        ("https://facebook.com/profile.php?id=7", Some("facebook.com/profile.php?id=7")),
        ("https://acme.example/#team", Some("acme.example")),
        ("https://", None),
        ("two words", None),
        ("", None),
    ] {
        assert_eq!(url(written).as_deref(), key, "{written}");
    }
    for (key, is) in [
        ("linkedin.com/in/jane", true),
        ("linkedin.com", false),
        ("mastodon.example/@jane", true),
        ("acme.example/team", false),
    ] {
        assert_eq!(is_profile(key), is, "{key}");
    }
}

#[test]
fn names() {
    for (one, other, are_one, agree) in [
        ("Jane Doe", "doe, jane", true, true),
        ("José García", "jose garcia", true, true),
        ("Jane Doe", "Jane Miller", false, true),
        ("Jane Doe", "Bob Smith", false, false),
        ("Dr. Jane Doe", "Dr. Bob Smith", false, false),
        ("J. Doe", "J. Smith", false, false),
        ("", "Jane", false, true),
        ("佐藤 花子", "花子 佐藤", true, true),
    ] {
        let (a, b) = (name(one), name(other));
        assert_eq!((a == b, names_agree(&a, &b)), (are_one, agree), "{one} {other}");
    }
    for (one, other, no_more) in [
        ("Jane Doe", "Jane Q. Doe", true),
        ("J. Doe", "Jane Doe", true),
        ("Jane Doe", "J. Doe", false),
        ("Jane Miller", "Jane Doe", false),
    ] {
        assert_eq!(says_no_more(&name(one), &name(other)), no_more, "{one} {other}");
    }
    for (one, other, are_one) in [
        ("Acme, Inc.", "ACME", true),
        ("Müller GmbH & Co. KG", "muller", true),
        ("Inc", "inc", true),
        ("Acme", "Acme Hotels", false),
    ] {
        assert_eq!(company(one) == company(other), are_one, "{one} {other}");
    }
}
