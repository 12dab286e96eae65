//! An import is safe: it can be tried, taken back and done again; what is there is neither overwritten by blanks nor
//! doubled; and nothing is half done, whatever happens on the way.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tickler_tests::{Book, Dice, Ran};

use super::{SETTINGS, book, ids, is_clean, outside, taken};

/// What maps the columns of the sheets here.
const MAP: &str = "--map 'name=Name,email=Email,phone=Phone,company=Company,role=Role,links=Link'";
const HEADER: &str = "Name,Email,Phone,Company,Role,Link\n";

/// Imports rows of those columns.
fn import(book: &Book, rows: &str, options: &str) -> Ran {
    let path = outside(book, "people.csv", format!("{HEADER}{rows}"));
    book.run(&format!("import csv {path} {MAP} {options}"))
}

#[track_caller]
fn imported(book: &Book, rows: &str, options: &str) -> Ran {
    let ran = import(book, rows, options);
    assert_eq!(ran.code, 0, "{rows}: {}{}", ran.out, ran.err);
    ran
}

const JANE: &str = "+++\nname = \"Jane Doe\"\nuid = \"1f0e4b52-aaaa-4bbb-8ccc-1234567890ab\"\ncompany = \"Acme Hotels\"\n\
    role = \"Director\"\nemail = [\"jane@acme.example\"]\nphone = [\"+49 89 5550110\"]\n\
    links = [\"https://www.linkedin.com/in/jane-doe-1\"]\nadded = 2026-01-05\n+++\n\nMet at the lunch. # keep this\n\n## Log\n\n\
    - 2026-11-10 email: sent the spec sheet\n";

#[test]
fn a_dry_run_counts_each_fate() {
    let book = book("fates", &[("jane-doe", JANE)]);
    let rows = "Jane Doe,jane@acme.example,,Acme Hotels,Director,\n\
                Jane Doe,jane@acme.example,+1 202 555 0142,,,\n\
                Ann Lee,ann@lee.example,,,,\n\
                Bob Ray,bob@ray.example,,,,,surplus\n\
                Cid Fox,cid@fox.example,,,,\n";
    let before = book.snapshot();
    let dry = import(&book, rows, "--dry-run");
    assert_eq!(book.snapshot(), before);
    for part in ["created 2", "updated 1", "same 1", "refused 1"] {
        assert!(dry.out.contains(part), "{part}: {}", dry.out);
    }
    assert!(
        dry.out.contains("line 5 ") && dry.out.contains("refused  "),
        "the line of what is refused is named: {}",
        dry.out
    );
    for column in ["Name", "Email", "Phone", "Company", "Role", "Link"] {
        assert!(dry.out.contains(column), "{column} is not counted: {}", dry.out);
    }
    assert!(!book.home().join("people.refused.csv").exists(), "a dry run writes nothing");
    // The real one does what was said.
    let real = import(&book, rows, "");
    assert_eq!((real.code, ids(&book)), (1, vec!["ann-lee".into(), "cid-fox".into(), "jane-doe".into()]));
    assert!(real.err.contains("people.csv:5: "), "{}", real.err);
    assert_eq!(book.commits(), 3);
    book.stands("");
}

#[test]
fn what_is_refused_can_be_mended_and_imported() {
    let book = book("mended", &[]);
    let rows = "Ann Lee,ann@lee.example,,\"Lee, Sons\",,\nBob Ray,bob@ray.example,,,,,surplus\n,,,,,\n\
                \"Cid\nFox\",cid@fox.example,,,,\nDee Poe,dee@poe.example,,,,,more\n";
    let ran = import(&book, rows, "");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert_eq!(ids(&book), ["ann-lee", "cid-fox"]);
    for line in ["people.csv:3: ", "people.csv:7: "] {
        assert!(ran.err.contains(line), "{line} is not named: {}", ran.err);
    }
    let aside = book.home().join("people.refused.csv");
    assert!(ran.err.contains("people.refused.csv"), "{}", ran.err);
    let text = std::fs::read_to_string(&aside).unwrap();
    assert_eq!(
        text,
        format!("{HEADER}Bob Ray,bob@ray.example,,,,,surplus\nDee Poe,dee@poe.example,,,,,more\n")
    );
    std::fs::write(&aside, text.replace(",surplus", "").replace(",more", "")).unwrap();
    taken(&book, &format!("import csv {} {MAP}", aside.display()));
    assert_eq!(ids(&book), ["ann-lee", "bob-ray", "cid-fox", "dee-poe"]);
    book.stands("");
    // Another import with something refused spares the file that is there.
    let ran = import(&book, rows, "");
    assert_eq!(ran.code, 1);
    assert!(!std::fs::read_to_string(&aside).unwrap().contains("surplus"), "{}", ran.err);
}

#[test]
fn cards_that_are_refused_can_be_mended_too() {
    let book = book("cards", &[]);
    let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nN:Lee;Ann;;;\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n\
                BEGIN:VCARD\nVERSION:3.0\nFN:Cid Fox\nN:Fox;Cid;;;\nEND:VCARD\n";
    let path = outside(&book, "all.vcf", text);
    let ran = book.run(&format!("import vcard {path}"));
    assert_eq!((ran.code, ids(&book)), (1, vec!["ann-lee".into(), "cid-fox".into()]), "{}", ran.err);
    assert!(ran.err.contains("all.vcf:6: "), "{}", ran.err);
    let aside = std::fs::read_to_string(book.home().join("all.refused.vcf")).unwrap();
    assert_eq!(aside.trim_end(), "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD");
}

#[test]
fn a_blank_never_overwrites() {
    let book = book("blank", &[("jane-doe", JANE)]);
    let before = book.texts();
    let ran = imported(&book, "Jane Doe,jane@acme.example,,,,\n,JANE@ACME.EXAMPLE,\" \",,\"\",\n", "");
    assert_eq!(book.texts(), before, "{}", ran.out);
    assert_eq!(book.commits(), 2);
}

#[test]
fn the_file_wins_where_it_says_something_and_only_fills_when_told() {
    let row = "Jane Doe,jane@acme.example,+1 202 555 0142,Acme Group,CEO,\n";
    for (options, expected) in [("", ("Acme Group", "CEO")), ("--only-fill", ("Acme Hotels", "Director"))] {
        let book = book("wins", &[("jane-doe", JANE)]);
        imported(&book, row, options);
        let after = book.read("contacts/jane-doe.md");
        let (company, role) = expected;
        for line in [
            format!("company = \"{company}\"\n"),
            format!("role = \"{role}\"\n"),
            // What is there stays: lists grow, prose and log are nobody's business.
            "uid = \"1f0e4b52-aaaa-4bbb-8ccc-1234567890ab\"\n".to_owned(),
            "added = 2026-01-05\n".to_owned(),
            "+49 89 5550110".to_owned(),
            "+1 202 555 0142".to_owned(),
            "Met at the lunch. # keep this\n\n## Log\n\n- 2026-11-10 email: sent the spec sheet\n".to_owned(),
        ] {
            assert!(after.contains(&line), "{options}: {line:?} in\n{after}");
        }
        let undone = book.run("undo");
        assert_eq!((undone.code, book.read("contacts/jane-doe.md").as_str()), (0, JANE), "{}", undone.err);
    }
}

#[test]
fn contacts_are_known_again() {
    for (row, options) in [
        ("Jane Doe,Jane@ACME.example,,,,", ""),
        ("J. Doe,jane@acme.example,,,,", ""),
        ("Jane,,+49 (0)89 555-0110,,,", ""),
        ("Jane,,0049 89 5550110,,,", ""),
        ("Jane,,089/555 01 10,,,", "--country DE"),
        ("Jane,,tel:+49-89-5550110,,,", ""),
        ("Jane,,,,,http://linkedin.com/in/jane-doe-1/", ""),
        ("JANE  DOE,,,Acme Hotels,,", ""),
        ("\"Doe, Jane\",,,ACME HOTELS,,", ""),
        ("Jane Döe,jane@acme.example,,,,", ""),
    ] {
        let book = book("known", &[("jane-doe", JANE)]);
        let ran = imported(&book, &format!("{row}\n"), options);
        assert_eq!(ids(&book), ["jane-doe"], "{row}: {}", ran.out);
    }
    // By uid, whatever else the card says.
    let book = book("uid", &[("jane-doe", JANE)]);
    let card = "BEGIN:VCARD\nVERSION:4.0\nFN:Jane Married\nUID:urn:uuid:1F0E4B52-AAAA-4BBB-8CCC-1234567890AB\n\
                EMAIL:new@married.example\nEND:VCARD\n";
    taken(&book, &format!("import vcard {}", outside(&book, "a.vcf", card)));
    assert_eq!(ids(&book), ["jane-doe"]);
    assert!(book.read("contacts/jane-doe.md").contains("new@married.example"));
}

#[test]
fn strangers_stay_strangers() {
    let other = JANE.replace("jane@acme.example", "info@acme.example");
    for (row, options) in [
        // The same name elsewhere, another profile, a shared number or address under another name.
        ("Jane Doe,jane@other.example,,Other Inns,,", ""),
        ("Jane Doe,,,Acme Hotels,,https://www.linkedin.com/in/jane-doe-2", ""),
        ("Karl Maier,,+49 89 5550110,,,", ""),
        ("Karl Maier,info@acme.example,,,,", ""),
        ("Jane,,+49 89 5550110 x12,Other Inns,,", ""),
        ("Jane,,089 5550110,,,", "--country AT"),
    ] {
        let book = book("strangers", &[("jane-doe", &other)]);
        let ran = imported(&book, &format!("{row}\n"), options);
        assert_eq!(ids(&book).len(), 2, "{row}: {}\n{}", ran.out, book.read("contacts/jane-doe.md"));
        assert_eq!(book.read("contacts/jane-doe.md"), other, "{row}");
    }
}

#[test]
fn rows_of_one_file_are_one_contact_where_they_are() {
    let book = book("within", &[]);
    let rows = "Ann Lee,ann@lee.example,,Lee & Sons,,\nAnn Lee,ann@lee.example,+1 202 555 0142,,,\n\
                Ann Lee,,,Lee & Sons,Owner,\nAnn Lee,other@lee.example,,Elsewhere,,\n";
    imported(&book, rows, "");
    assert_eq!(ids(&book), ["ann-lee", "ann-lee-2"]);
    let ann = book.read("contacts/ann-lee.md");
    assert!(ann.contains("+1 202 555 0142") && ann.contains("Owner"), "{ann}");
    let before = book.snapshot();
    imported(&book, rows, "");
    assert_eq!(book.snapshot(), before);
}

#[test]
fn who_asked_us_to_stop_stays_so() {
    let stopped = JANE.replace("role =", "stage = \"stopped\"\nrole =");
    let book = book("stopped", &[("jane-doe", &stopped)]);
    imported(&book, "Jane Doe,jane@acme.example,+1 202 555 0142,,,\n", "--stage nurture");
    let after = book.read("contacts/jane-doe.md");
    assert!(after.contains("stage = \"stopped\"") && after.contains("+1 202 555 0142"), "{after}");
    let due = book.run("due --all");
    assert!(!due.out.contains("Jane"), "{}", due.out);
}

/// A sheet of that many people whom nobody knows.
fn crowd(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!("Person {n} Number{n},p{n}@crowd.example,+1 202 555 {n:05},Company {},Guest,\n", n % 97)
        })
        .collect()
}

#[test]
fn ten_thousand_rows_come_in_quickly() {
    let book = book("crowd", &[]);
    let rows = crowd(10_000);
    let began = Instant::now();
    imported(&book, &rows, "");
    let first = began.elapsed();
    assert_eq!(ids(&book).len(), 10_000);
    assert_eq!(book.commits(), 3);
    let head = book.git_says("rev-parse HEAD");
    let began = Instant::now();
    imported(&book, &rows, "");
    let second = began.elapsed();
    assert_eq!(book.git_says("rev-parse HEAD"), head);
    assert_eq!(book.git_says("status --porcelain"), "");
    println!("10,000 rows: {first:?}, again: {second:?}");
    // A program that is not optimised, on a machine that does other things too.
    assert!(first + second < Duration::from_secs(120), "{first:?} and {second:?}");
    let undone = book.run("undo");
    assert_eq!((undone.code, ids(&book).len()), (0, 0), "{}", undone.err);
}

#[test]
fn two_imports_at_once_leave_each_contact_once() {
    let book = book("at-once", &[]);
    let path = outside(&book, "people.csv", format!("{HEADER}{}", crowd(300)));
    let line = format!("import csv {path} {MAP}");
    for _ in 0..3 {
        let children: Vec<_> = (0..3)
            .map(|_| {
                let mut command = book.tickler(&line).command();
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let outputs: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        let said = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
        // One of them did it; another found it done, or was refused with nothing changed.
        assert!(outputs.iter().any(|output| output.status.success()), "{}", said(&outputs[0]));
        for output in &outputs {
            assert!(matches!(output.status.code(), Some(0 | 3)), "{:?}: {}", output.status, said(output));
        }
        assert_eq!(ids(&book).len(), 300);
        book.stands("");
        taken(&book, &line);
        assert_eq!(ids(&book).len(), 300);
        assert_eq!(book.run("undo").code, 0);
        assert_eq!(ids(&book).len(), 0);
    }
}

#[test]
fn a_notebook_outside_git_takes_them_too() {
    let book = Book::plain("exchange-plain", &[("tickler.toml", SETTINGS)]);
    imported(&book, &crowd(3), "");
    assert_eq!(ids(&book).len(), 3);
    let before = book.texts();
    let again = imported(&book, &crowd(3), "");
    assert_eq!(book.texts(), before, "{}", again.out);
}

#[test]
fn nothing_to_read_is_said() {
    let book = book("nothing", &[]);
    let before = book.snapshot();
    for (name, bytes) in
        [("empty.csv", ""), ("blank.csv", "\n\n"), ("empty.vcf", ""), ("text.vcf", "hello\n")]
    {
        let kind = if name.ends_with("vcf") { "vcard" } else { "csv" };
        let path = outside(&book, name, bytes);
        let ran = book.run(&format!("import {kind} {path}"));
        // A file with nothing in it changes nothing; one that is something else is refused.
        let expected = if name.ends_with("text.vcf") { 1..=2 } else { 0..=2 };
        assert!(expected.contains(&ran.code), "{name} ends with {}: {}{}", ran.code, ran.out, ran.err);
        assert!((ran.out + &ran.err).len() > 10, "{name}");
        is_clean(&ran.err);
    }
    let ran = book.run("import csv /nonexistent/people.csv");
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("/nonexistent/people.csv"), "{}", ran.err);
    assert_eq!(book.snapshot(), before);
}

#[test]
fn a_header_that_nobody_knows_is_asked_for() {
    let book = book("unknown", &[]);
    let path = outside(&book, "odd.csv", "Wer,Wo,Wann\nAnn Lee,Köln,heute\n");
    let before = book.snapshot();
    let ran = book.run(&format!("import csv {path}"));
    assert_eq!((ran.code, book.snapshot()), (2, before), "{}", ran.err);
    assert!(ran.err.contains("--map"), "what can be done is said: {}", ran.err);
    let ran = book.run(&format!("import csv {path} --map name=Were"));
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("\"Were\"") && ran.err.contains("Wer"), "the nearest are named: {}", ran.err);
}

/// Runs a line where the notebook's folder `part` is a file system of its own, made by `mount`.
fn mounted(book: &Book, mount: &str, line: &str) -> Ran {
    let typed = book.tickler(line).command();
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c"]);
    command
        .arg(format!("set -e; {mount}\nexec \"$0\" \"$@\""))
        .arg(typed.get_program())
        .args(typed.get_args());
    command.env_clear().current_dir(book.path()).stdin(Stdio::null());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = tickler_tests::ran(command);
    assert!(!ran.err.contains("unshare:") && !ran.err.contains("mount:"), "{}", ran.err);
    ran
}

#[test]
fn a_disk_that_is_read_only_or_full_leaves_all_as_it_was() {
    let book = book("disk", &[("jane-doe", JANE)]);
    let path =
        outside(&book, "people.csv", format!("{HEADER}Jane Doe,jane@acme.example,,,CEO,\n{}", crowd(600)));
    let line = format!("import csv {path} {MAP}");
    let before = book.snapshot();
    for part in [".", "contacts", ".git"] {
        let ran = mounted(
            &book,
            &format!("mount --bind {part} {part} && mount -o remount,bind,ro {part} && cd \"$PWD\""),
            &line,
        );
        assert_eq!(ran.code, 3, "{part}: {}{}", ran.out, ran.err);
        assert_eq!((book.snapshot(), book.litter()), (before.clone(), vec![]), "{part}: {}", ran.err);
    }
    for part in ["contacts", ".git"] {
        let fill = format!(
            "mkdir -p ../copy; cp -a {part}/. ../copy; mount -t tmpfs -o size=700k tmpfs {part}; \
             cp -a ../copy/. {part}; rm -rf ../copy; cat /dev/zero > {part}/filler 2> /dev/null || true; \
             find {part} -type f ! -name filler ! -path '*/objects/*' | sort | xargs sha256sum > ../before\n\
             \"$0\" \"$@\" || code=$?; \
             find {part} -type f ! -name filler ! -path '*/objects/*' | sort | xargs sha256sum > ../after; exit $code; :"
        );
        let ran = mounted(&book, &fill, &line);
        assert_eq!(ran.code, 3, "{part}: {}{}", ran.out, ran.err);
        let of = |name: &str| std::fs::read_to_string(book.path().join("..").join(name)).unwrap();
        assert_eq!(of("before"), of("after"), "{part}: {}", ran.err);
        assert_eq!((book.snapshot(), book.litter()), (before.clone(), vec![]), "{part}: {}", ran.err);
    }
    taken(&book, &line);
}

#[test]
fn killed_at_any_moment_nothing_is_half_there() {
    let book = book("killed", &[("jane-doe", JANE)]);
    let path =
        outside(&book, "people.csv", format!("{HEADER}Jane Doe,jane@acme.example,,,CEO,\n{}", crowd(200)));
    let line = format!("import csv {path} {MAP}");
    let tree = book.git_says("rev-parse HEAD^{tree}");
    let began = Instant::now();
    taken(&book, &line);
    let length = began.elapsed();
    assert_eq!(book.run("undo").code, 0);
    let mut dice = Dice::of(0x1_2026);
    let mut killed = 0;
    for round in 0..25 {
        let mut command = book.tickler(&line).command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(length.mul_f64(dice.below(1000) as f64 / 1000.0));
        // Half of them by the keyboard, so to speak.
        let signal =
            if round % 2 == 0 { rustix::process::Signal::INT } else { rustix::process::Signal::KILL };
        let pid = rustix::process::Pid::from_child(&child);
        let _ = rustix::process::kill_process(pid, signal);
        killed += usize::from(!child.wait().unwrap().success());
        for id in ids(&book) {
            let text = book.read(&format!("contacts/{id}.md"));
            assert!(text.starts_with("+++\n") && text.contains("\n+++\n"), "{id} is torn: {text:?}");
        }
        // The next run finishes or forgets it, and everybody is there once.
        taken(&book, &line);
        assert_eq!(ids(&book).len(), 201);
        book.stands("");
        assert_eq!(book.run("undo").code, 0);
        assert_eq!(book.git_says("rev-parse HEAD^{tree}"), tree);
    }
    assert!(killed >= 8, "only {killed} kills hit");
}
