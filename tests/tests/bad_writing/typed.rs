//! What is typed wrongly: who, when, how, what.

use std::fs;

use super::{all_refused, book, works};

#[test]
fn nobody_or_several_fit() {
    all_refused(
        "whom",
        &[
            "log jan phone",
            "log acme phone",
            "log jnae-doe phone",
            "log zzz phone",
            "log '' phone",
            "next jan fri",
            "snooze acme 2w",
            "kept jan",
            "stop zzz",
            "set jan value=3",
            "set value=3",
            "set jane --query 'stage:nurture' value=3",
            "set --query 'stage:proposal' value=3",
            "set --query 'stage:' value",
            "set --query '' value=3",
            "set --query 'stge:nurture' value=3",
        ],
    );
}

#[test]
fn days_that_nobody_understands() {
    all_refused(
        "days",
        &[
            "next jane-doe firday",
            "next jane-doe someday",
            "next jane-doe 2026-02-30",
            "next jane-doe",
            "snooze jane-doe a while",
            "log jane-doe phone --on tomorrow",
            "log jane-doe phone --on blursday",
            "log jane-doe phone --at noonish",
            "log jane-doe phone --at friday",
            "log jane-doe phone --next 'in a blue moon'",
            "log jane-doe phone --why 'she asked'",
            "promise jane-doe 'send it by firday'",
            "promise jane-doe 'send it' --by never",
            "cadence jane-doe new-lead --start sometime",
            "set jane-doe added=soon",
            "set jane-doe next.on=32/13/2026",
            "new Gus Hill --next whenever",
            "log dan phone --today 2026-13-01",
        ],
    );
}

#[test]
fn words_that_are_not_known() {
    all_refused(
        "words",
        &[
            "log jane-doe",
            "log jane-doe telepathy",
            "log jane-doe phnoe",
            "log jane-doe phone voicmail",
            "log jane-doe phone said hello",
            "log jane-doe phone @sma",
            "log jane-doe phone --next fri --via pigeon",
            "next jane-doe fri --via fone",
            "stop jane-doe --via fone",
            "stage jane-doe nuture",
            "stage jane-doe married",
            "assign jane-doe sma",
            "assign jane-doe zoe",
            "cadence jane-doe new-laed",
            "cadence jane-doe winter",
            "kept jane-doe",
            "kept jane-doe 3",
            "kept jane-doe 0",
            "kept dan",
            "next dan --clear",
            "snooze dan 2w",
            "promise jane-doe ''",
            "promise jane-doe 'x' --who zoe",
            "tag jane-doe vip",
            "tag jane-doe +",
            "new Gus Hill --owner zoe",
            "new Gus Hill --stage nuture",
            "log carla phone",
            "frobnicate jane-doe",
        ],
    );
}

#[test]
fn values_of_the_wrong_type() {
    all_refused(
        "values",
        &[
            "set jane-doe added=soon",
            "set jane-doe value=lots",
            "set jane-doe value='3 bags of gold'",
            "set jane-doe prefers.every=often",
            "set jane-doe prefers.channel=telepathy",
            "set jane-doe next.promised=maybe",
            "set jane-doe next.via=fone",
            "set jane-doe timezone=Mars",
            "set jane-doe timezone=chicago",
            "set jane-doe kind=robot",
            "set jane-doe next=fri",
            "set jane-doe stage=married",
            "set jane-doe owner=zoe",
            "set jane-doe name+=Jane",
            "set jane-doe tags+=",
            "set jane-doe cadence.name=winter",
            // Keys that are nearly known.
            "set jane-doe hotbutton=tea",
            "set jane-doe next.vai=phone",
            "set jane-doe prefrs.every='3 months'",
            "set jane-doe ='x'",
            "set jane-doe",
            // Of several, the first that is wrong spoils them all.
            "set jane-doe role=Chef value=lots",
        ],
    );
}

#[test]
fn names_for_new() {
    let taken = "jane-doe";
    all_refused(
        "names",
        &[
            "new 'Jane Doe'",
            "new 'jane doe' --company 'ACME hotels'",
            &format!("new 'Somebody Else' --id {taken}"),
            "new 'Somebody Else' --id ../x",
            "new 'Somebody Else' --id /etc/passwd",
            "new 'Somebody Else' --id CON",
            "new 'Somebody Else' --id .hidden",
            "new 'Somebody Else' --id 'a:b'",
            "new '!?'",
            "new ''",
            "new '🦀🦀'",
        ],
    );
}

#[test]
fn names_that_make_files() {
    let book = book("made");
    for (name, file) in [
        ("Inês Ünal-Çelik", "ines-unal-celik.md"),
        ("佐藤 花子", "佐藤-花子.md"),
        ("CON", "con-1.md"),
        ("../x", "x.md"),
        ("O'Neill, Seán (Dr.)", "oneill-sean-dr.md"),
        ("Jane Doe\nthe second", "jane-doe-the-second.md"),
    ] {
        let ran = book.tickler("new").word(name).run();
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let text = book.read(&format!("contacts/{file}"));
        let value: toml::Table = text.split("+++").nth(1).unwrap().parse().unwrap();
        assert_eq!(value["name"].as_str(), Some(name), "{text}");
    }
    let long = "Wolfeschlegelsteinhausen ".repeat(12);
    assert_eq!(book.tickler("new").word(&long).run().code, 0);
    works(&book, "new 'Jane Doe' --company 'Another One'");
    assert!(book.read("contacts/jane-doe-2.md").contains("Another One"));
    works(&book, "new 'Janet Roe' --force");
    let longest = fs::read_dir(book.path().join("contacts")).unwrap();
    let longest = longest.map(|entry| entry.unwrap().file_name().len()).max().unwrap();
    assert!((60..=83).contains(&longest), "{longest}");
    book.stands("");
    assert_eq!(book.run("check").out.matches(": error: ").count(), 1, "only the broken one");
}
