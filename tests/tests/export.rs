//! `export` and `list --format mutt` end to end: who leaves and who does not, where it goes, and what other programs
//! read of it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tickler_tests::{Ran, Scratch, Tickler, binary};

/// Ann, who is fine; Bob, who asked to be left alone; Eve, who writes formulas into forms; a file that is torn.
fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write(
        "contacts/ann.md",
        "+++\nname = \"Ann \\\"Lee\\\", Jr.\"\ncompany = \"Bay Hotels\"\nemail = [\"ann@bay.example\", \"a.lee@bay.example\"]\n\
         phone = [\"+1 555 0100\"]\ntags = [\"hotel\"]\ndog = \"Rex\"\n[next]\non = 2026-12-03\nvia = \"phone\"\n\
         [dates]\nbirthday = 1980-05-12\n+++\n\nMet at the fair;\nknows [[bob]].\n\n## Log\n\n\
         - 2026-11-20 phone: talked\n  - [ ] me: send the list\n",
    );
    scratch.write(
        "contacts/bob.md",
        "+++\nname = \"Bob Ray\"\nstage = \"stopped\"\nemail = \"bob@ray.example\"\ntags = [\"hotel\"]\n[next]\non = 2026-12-03\n+++\n",
    );
    scratch.write(
        "contacts/eve.md",
        "+++\nname = \"=HYPERLINK(\\\"http://evil.example\\\")\"\nrole = \"@SUM(A1)\"\nhot_button = \"-1+1\"\ndebt = -5\n+++\n",
    );
    scratch.write("contacts/torn.md", "+++\nname = \"Torn\nemail = \"torn@x.example\"\n+++\n");
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::typed(line).notebook(scratch.path()).run()
}

/// The rows of a sheet, each cell with the name of its column.
fn rows(sheet: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| {
        header.iter().zip(&row).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn cell<'r>(row: &'r [(String, String)], name: &str) -> &'r str {
    row.iter().find(|(key, _)| key == name).map_or("", |(_, cell)| cell.as_str())
}

#[test]
fn who_asked_to_be_left_alone_leaves_in_no_export() {
    let scratch = notebook("export-stopped");
    for kind in ["csv", "json", "json --array", "ics"] {
        let ran = run(&scratch, &format!("export {kind}"));
        assert_eq!(ran.code, 0, "{kind}: {}", ran.err);
        assert!(ran.out.contains("Ann"), "{kind}: {}", ran.out);
        assert!(!ran.out.contains("Bob Ray"), "{kind}: {}", ran.out);
        assert!(ran.err.contains("torn.md:2:13:"), "a broken file is named: {}", ran.err);
    }
    for kind in ["csv", "json", "json --array"] {
        let ran = run(&scratch, &format!("export {kind}"));
        assert!(
            ran.err.contains(
                "without 1 who asked to be left alone and 1 file that cannot be read; `--all` takes all along"
            ),
            "{kind}: {}",
            ran.err
        );
        let ran = run(&scratch, &format!("export {kind} --all"));
        assert!(ran.out.contains("Bob Ray") && ran.out.contains("torn"), "{kind}: {}", ran.out);
        assert!(!ran.err.contains("without"), "{kind}: {}", ran.err);
        // Of those alone whom the query fits.
        let ran = run(&scratch, &format!("export {kind} dog:"));
        assert!(!ran.err.contains("left alone"), "{kind}: {}", ran.err);
    }
}

#[test]
fn nobody_fits() {
    let scratch = notebook("export-nobody");
    for (line, out, err) in [
        ("export csv tag:nobody", "id,uid,name,", "nobody fits that query"),
        ("export json tag:nobody", "", "nobody fits that query"),
        ("export json --array tag:nobody", "[]\n", "nobody fits that query"),
        (
            "export csv stage:stopped",
            "id,uid,name,",
            "nobody fits that query; without 1 who asked to be left alone",
        ),
    ] {
        let ran = run(&scratch, line);
        assert_eq!(ran.code, 1, "{line}: {}", ran.err);
        assert!(ran.out.starts_with(out) && ran.out.lines().count() <= 1, "{line}: {}", ran.out);
        assert!(ran.err.contains(err), "{line}: {}", ran.err);
    }
    for line in ["export csv --format json", "export json --format csv", "export csv 'value>>1'"] {
        assert_eq!(run(&scratch, line).code, 2, "{line}");
    }
}

#[test]
fn a_sheet_has_every_key_and_runs_nothing() {
    let scratch = notebook("export-csv");
    let ran = run(&scratch, "export csv -name:nobody");
    let header = ran.out.lines().next().unwrap();
    assert_eq!(
        header,
        "id,uid,name,kind,company,role,email,phone,tags,stage,owner,value,currency,address,links,source,referred_by,\
         needs,hot_button,timezone,added,aliases,prefers.channel,prefers.hours,prefers.every,prefers.permission,\
         next.on,next.via,next.why,next.promised,next.asked,away.from,away.until,away.why,cadence.name,cadence.start,\
         dates.birthday,debt,dog,note"
    );
    let sheet = rows(&ran.out);
    let [ann, eve] = sheet.as_slice() else { panic!("{sheet:?}") };
    for (row, name, expected) in [
        (ann, "id", "ann"),
        (ann, "name", "Ann \"Lee\", Jr."),
        (ann, "email", "ann@bay.example ::: a.lee@bay.example"),
        (ann, "phone", "'+1 555 0100"),
        (ann, "stage", ""),
        (ann, "next.on", "2026-12-03"),
        (ann, "dates.birthday", "1980-05-12"),
        (ann, "dog", "Rex"),
        (ann, "note", "Met at the fair;\nknows [[bob]]."),
        (eve, "name", "'=HYPERLINK(\"http://evil.example\")"),
        (eve, "role", "'@SUM(A1)"),
        (eve, "hot_button", "'-1+1"),
        (eve, "debt", "-5"),
    ] {
        assert_eq!(cell(row, name), expected, "{name}");
    }
    let raw = rows(&run(&scratch, "export csv --raw").out);
    assert_eq!(cell(&raw[1], "role"), "@SUM(A1)");
    let marked = run(&scratch, "export csv --bom");
    assert_eq!(marked.out.strip_prefix('\u{feff}'), Some(ran.out.as_str()));
}

#[test]
fn json_holds_the_whole_file() {
    let scratch = notebook("export-json");
    let ran = run(&scratch, "export json");
    let lines: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&run(&scratch, "export json --array").out).unwrap();
    assert_eq!(lines, array);
    let ann = &lines[0];
    assert_eq!(ann["text"], scratch.read("contacts/ann.md").unwrap());
    assert_eq!(ann["dog"], "Rex");
    assert_eq!(ann["log"][0]["text"], "talked");
    assert_eq!(ann["promises"][0]["text"], "send the list");
    assert_eq!(ann["links_to"][0]["contact"], "bob");
    assert_eq!(ann["prose"], "Met at the fair;\nknows [[bob]].");
    // Every key of `list` is one of this too.
    let listed: Vec<serde_json::Value> =
        serde_json::from_str(&run(&scratch, "list ann --format json").out).unwrap();
    for (key, value) in listed[0].as_object().unwrap() {
        assert_eq!(ann.get(key), Some(value), "{key}");
    }
}

#[test]
fn a_file_is_whole_or_as_it_was() {
    let scratch = notebook("export-file");
    let folder = scratch.path().join("out");
    std::fs::create_dir(&folder).unwrap();
    let export = |line: &str| Tickler::typed(line).notebook(scratch.path()).within(&folder).run();
    let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();

    let ran = export("export csv --output people.csv");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("2 contacts in \"people.csv\""), "{}", ran.err);
    assert_eq!(read("people.csv"), run(&scratch, "export csv").out);
    // The mode is that of any file that this user makes.
    std::fs::write(folder.join("plain"), "").unwrap();
    assert_eq!(mode("people.csv"), mode("plain"));

    // What is there keeps its mode, and a link stays one.
    std::fs::set_permissions(folder.join("people.csv"), PermissionsExt::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("people.csv", folder.join("link.csv")).unwrap();
    assert_eq!(export("export csv --raw --output link.csv").code, 0);
    assert_eq!(mode("people.csv"), 0o600);
    assert!(folder.join("link.csv").is_symlink());
    assert_eq!(read("people.csv"), run(&scratch, "export csv --raw").out);

    assert_eq!(export("export ics --output x.ics").code, 0);
    assert!(read("x.ics").starts_with("BEGIN:VCALENDAR"));
    // `-` is standard output, and what is no ordinary file is written as it is.
    assert!(export("export csv --output -").out.starts_with("id,"));
    assert!(export("export csv --output /dev/stdout").out.starts_with("id,"));
    for file in ["nowhere/people.csv", "."] {
        let ran = export(&format!("export csv --output {file}"));
        assert_eq!(ran.code, 3, "{file}: {}", ran.err);
        assert!(ran.err.contains(&format!("cannot write \"{file}\"")), "{}", ran.err);
    }
    let mut left: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["link.csv", "people.csv", "plain", "x.ics"], "nothing is left beside them");
}

#[test]
fn what_mutt_asks_and_what_it_is_told() {
    let scratch = notebook("export-mutt");
    let ann =
        "ann@bay.example\tAnn \"Lee\", Jr.\tBay Hotels\na.lee@bay.example\tAnn \"Lee\", Jr.\tBay Hotels\n";
    let bob = "bob@ray.example\tBob Ray\t(stopped)\n";
    let everybody = format!("3 addresses\n{ann}{bob}");
    for (asked, told) in [
        ("ann", format!("2 addresses\n{ann}")),
        ("ANN@bay", format!("2 addresses\n{ann}")),
        ("Lee, Ann", format!("2 addresses\n{ann}")),
        ("\"Ann Lee\" <ann@bay", format!("2 addresses\n{ann}")),
        ("bob*", format!("1 address\n{bob}")),
        ("tag:hotel", everybody.clone()),
        ("tag:hotel -stage:stopped", format!("2 addresses\n{ann}")),
        ("", everybody.clone()),
        ("*", everybody),
        ("evil", "no address of 1 contact\n".to_owned()),
        ("nosuch:key", "nobody fits that\n".to_owned()),
        ("(", format!("3 addresses\n{ann}{bob}")),
    ] {
        let ran = Tickler::new("list --format mutt --").word(asked).notebook(scratch.path()).run();
        assert_eq!(ran.out, told, "{asked}");
        let is_there = told.contains('\t');
        assert_eq!(ran.code, i32::from(!is_there), "{asked}");
    }
    for line in ["due --format mutt", "--format mutt", "export csv --format mutt", "show ann --format mutt"] {
        let ran = run(&scratch, line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}");
        assert!(ran.err.contains("mutt is answered by `list` alone"), "{line}: {}", ran.err);
    }
}

/// The line with `tickler` as a shell has it, in a clean world.
fn shell(scratch: &Scratch, line: &str) -> Ran {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(scratch.path()).env_clear();
    command.env("PATH", format!("{}:{path}", binary().parent().unwrap_or(Path::new("")).display()));
    command.env("HOME", "/nonexistent").env("TZ", "UTC").env("NO_COLOR", "1");
    command.env("TICKLER_DIR", scratch.path()).env("TICKLER_TODAY", "2026-12-03").env("TICKLER_ME", "pat");
    tickler_tests::ran(command)
}

#[test]
fn what_the_recipes_do_with_it() {
    let scratch = notebook("export-recipes");
    let recipes = std::fs::read_to_string(tickler_tests::workspace().join("docs/guide/recipes.md")).unwrap();
    // mutt puts what was typed in quotes of the shell; nothing of it is run.
    let command = "tickler list --format mutt -- %s 2>/dev/null";
    assert!(recipes.contains(&format!("set query_command = \"{command}\"")));
    for (typed, quoted) in
        [("ann", "'ann'"), ("$(touch x) ann", "'$(touch x) ann'"), ("O'Ann", "'O'\\''Ann'")]
    {
        let ran = shell(&scratch, &command.replace("%s", quoted));
        assert_eq!(
            ran.out.lines().next().is_some_and(|said| said == "2 addresses"),
            typed == "ann",
            "{typed}"
        );
    }
    assert!(!scratch.path().join("x").exists());
    // aerc wants no message.
    let command = "tickler list --format mutt -- \"$1\" 2>/dev/null | tail -n +2";
    assert!(recipes.contains(command));
    let ran = shell(&scratch, &format!("set bob; {command}"));
    assert_eq!(ran.out, "bob@ray.example\tBob Ray\t(stopped)\n");
    // The rows that fzf shows begin with the id, below one line of names.
    let ran = shell(&scratch, "tickler list --columns id,name,company,due | awk 'NR > 1 {print $1}'");
    assert_eq!(ran.out, "eve\nann\nbob\ntorn\n");
    // cron has something to mail on some days alone.
    let (_, script) = recipes.split_once("# ~/bin/follow-ups\n").unwrap();
    let (script, _) = script.split_once("```").unwrap();
    let ran = shell(&scratch, script);
    assert!(ran.out.contains("Ann"), "{}{}", ran.out, ran.err);
    let ran = shell(&scratch, &format!("export TICKLER_TODAY=2026-11-20\n{script}"));
    assert_eq!((ran.out.as_str(), ran.code), ("", 0), "{}", ran.err);
    // khard has a card a file.
    let (_, script) = recipes.split_once("awk -v dir").unwrap();
    let (script, _) = script.split_once(" \"$all\"").unwrap();
    let cards = "BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Bob\r\nEND:VCARD\r\n";
    scratch.write("cards/all", cards);
    let ran = shell(&scratch, &format!("cards=cards; awk -v dir{script} cards/all"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (first, second) = (scratch.read("cards/1.vcf").unwrap(), scratch.read("cards/2.vcf").unwrap());
    assert_eq!(first + &second, cards);
}
