//! The questions about a sheet that nobody knows: what each of its columns is, one after the other.

use tickler_core::contact::Head;
use tickler_core::exchange::csv::{Key, Manner, Mapping, Sheet};

use crate::failure::Failure;
use crate::naming;
use crate::plain::clean;
use crate::width::{fit, pad, width};

/// Longer names of columns are cut.
const WIDEST: usize = 28;
/// So much of what is in a column is shown.
const SAMPLE: usize = 60;
/// So many contacts are shown before anything is done.
const SHOWN: usize = 3;

const HELP: &str = "  Enter takes the key in brackets, `-` leaves the column out.
  Keys: name first last company role email phone address links tag note source owner stage value referred_by
  dates.birthday and other days as dates.X; phone.work, address.city; prefers.hours; touch, the day of the last contact.
  Any other word becomes a key of your own. Two columns may have the same key.";

/// Asks what the columns of a sheet are. None where nobody sits at a terminal.
pub fn ask(
    sheet: &Sheet<'_>,
    preview: impl Fn(&Mapping) -> Result<String, Failure>,
) -> Result<Option<Mapping>, Failure> {
    let columns = sheet.columns();
    let mut keys = sheet.guess();
    let widest = columns.iter().map(|name| width(&clean(name))).max().unwrap_or_default().min(WIDEST);
    let mut said = format!(
        "What are the {} columns of this sheet? Enter takes the key in brackets, another word sets another, `-` leaves \
         it out, `?` helps.\n\n",
        columns.len()
    );
    for (at, name) in columns.iter().enumerate() {
        let samples = sheet.samples(at, 3).join(" · ");
        let name = pad(&fit(&clean(name), widest), widest);
        said.push_str(&format!("{:>3}  {name}  {}\n", at + 1, fit(&clean(&samples), SAMPLE)));
        loop {
            let Some(answer) = naming::answer(&format!("{said}     [{}]: ", keys[at]))? else {
                return gone(at);
            };
            said.clear();
            match answer.trim() {
                "" => break,
                "?" => said = format!("{HELP}\n"),
                key => match Key::parse(key) {
                    Ok(key) => {
                        keys[at] = key;
                        break;
                    }
                    Err(why) => said = format!("     {}\n", clean(&why)),
                },
            }
        }
    }
    let mapping = Mapping::of(columns, &keys);
    let question = format!("\n{}\nImport the sheet like this? y/n: ", preview(&mapping)?);
    loop {
        match naming::answer(&question)?.map(|answer| answer.trim().to_lowercase()).as_deref() {
            Some("" | "y" | "yes") => return Ok(Some(mapping)),
            Some("n" | "no") | None => {
                return Err(
                    Failure::no("nothing was imported").hint(format!("what you said, as --map: {mapping}"))
                );
            }
            Some(_) => {}
        }
    }
}

/// The end of the input is no answer; before the first question it means that nobody is there.
fn gone(at: usize) -> Result<Option<Mapping>, Failure> {
    if at == 0 { Ok(None) } else { Err(Failure::no("nothing was imported")) }
}

/// The first contacts as they would come in.
pub fn preview(sheet: &Sheet<'_>, manner: &Manner<'_>) -> Result<String, Failure> {
    let reading = sheet.reading(manner).map_err(Failure::usage)?;
    let mut out = String::new();
    for item in reading.iter().flat_map(|reading| reading.items()).take(SHOWN) {
        match item.card {
            Ok(card) => {
                out.push_str(&told(&card.head));
                for note in &card.notes {
                    out.push_str(&format!("    note: {}\n", fit(&clean(&note.replace('\n', " ")), SAMPLE)));
                }
                for touch in &card.touches {
                    out.push_str(&format!("    {} {}\n", touch.date, touch.channel));
                }
            }
            Err(why) => out.push_str(&format!("  line {}: {}\n", item.line, clean(&why))),
        }
    }
    Ok(out)
}

/// What a card says, a line a key.
fn told(head: &Head) -> String {
    let mut out = format!("  {}\n", clean(head.name.as_deref().unwrap_or("(no name)")));
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("    {key}: {}\n", fit(&clean(value), SAMPLE)));
        }
    };
    let texts = [
        ("company", &head.company),
        ("role", &head.role),
        ("address", &head.address),
        ("source", &head.source),
        ("referred_by", &head.referred_by),
        ("hot_button", &head.hot_button),
        ("owner", &head.owner),
        ("stage", &head.stage),
        ("timezone", &head.timezone),
    ];
    for (key, list) in [
        ("email", &head.email),
        ("phone", &head.phone),
        ("links", &head.links),
        ("tags", &head.tags),
        ("needs", &head.needs),
    ] {
        line(key, &list.join(", "));
    }
    for (key, text) in texts {
        line(key, text.as_deref().unwrap_or_default());
    }
    if let Some(value) = &head.value {
        line("value", &format!("{} {}", value.amount, value.currency.as_deref().unwrap_or_default()));
    }
    for (name, date) in &head.dates {
        line(&format!("dates.{name}"), &date.to_string());
    }
    for (key, value) in head.custom.iter().filter(|(key, _)| key != "vcard") {
        line(key, &value.to_string());
    }
    out
}
