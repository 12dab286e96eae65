//! Hooks as they come: those that answer, and those that do not behave.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::*;

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tickler-hooks-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.join(file)).unwrap_or_default()
    }

    fn notice<'a>(&'a self, changes: &'a [Change<'a>]) -> Notice<'a> {
        Notice {
            verb: "log",
            subject: "log Jane Doe: phone, voicemail",
            notebook: &self.0,
            today: Date::new(2026, 12, 3).unwrap(),
            me: Some("pat"),
            commit: None,
            changes,
        }
    }

    fn ask(&self, command: &str) -> Result<Vec<String>, Failure> {
        ask_each(&hooks(&[command]), &self.notice(&[]))
    }

    fn tell(&self, command: &str) -> Vec<String> {
        tell_each(&hooks(&[command]), &self.notice(&[]), Paint::default())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The same commands for both hooks.
fn hooks(commands: &[&str]) -> Hooks {
    let commands: Vec<String> = commands.iter().map(|command| (*command).to_owned()).collect();
    Hooks { pre_write: commands.clone(), post_write: commands }
}

fn jane<'a>(before: Option<&'a str>, after: Option<&'a str>) -> Change<'a> {
    Change { file: "contacts/jane-doe.md", id: "jane-doe", name: Some("Jane Doe"), before, after }
}

const NO: &str = "said no; nothing was written";

#[test]
fn a_hook_is_given_one_object() {
    let folder = Folder::new("given");
    let changes = [jane(Some("# Jane\n"), Some("# Jane \"J\"\n")), Change { name: None, ..jane(None, None) }];
    let line = "cat > given; pwd -P > pwd; printf %s \"$TICKLER_HOOK\" > name";
    ask_each(&hooks(&[line]), &folder.notice(&changes)).unwrap();
    let root = folder.0.to_str().unwrap();
    assert_eq!(
        folder.read("given"),
        format!(
            concat!(
                r##"{{"hook":"pre-write","verb":"log","subject":"log Jane Doe: phone, voicemail","##,
                r##""notebook":"{}","today":"2026-12-03","me":"pat","commit":null,"changes":["##,
                r##"{{"file":"contacts/jane-doe.md","id":"jane-doe","name":"Jane Doe","##,
                r##""before":"# Jane\n","after":"# Jane \"J\"\n"}},"##,
                r##"{{"file":"contacts/jane-doe.md","id":"jane-doe","name":null,"before":null,"after":null}}"##,
                "]}}\n"
            ),
            root
        )
    );
    assert_eq!(folder.read("pwd").trim_end(), folder.0.canonicalize().unwrap().to_str().unwrap());
    assert_eq!(folder.read("name"), "pre-write");
    let notice = Notice { commit: Some("0123abc"), me: None, ..folder.notice(&[]) };
    assert_eq!(tell_each(&hooks(&[line]), &notice, Paint::default()), [""; 0]);
    let given = folder.read("given");
    assert!(given.starts_with(r#"{"hook":"post-write","#), "{given}");
    assert!(given.ends_with("\"me\":null,\"commit\":\"0123abc\",\"changes\":[]}\n"), "{given}");
    assert_eq!(folder.read("name"), "post-write");
}

#[test]
fn a_hook_says_no_in_its_own_words() {
    let folder = Folder::new("no");
    for (command, message, details, hint) in [
        ("echo not after eight >&2; exit 1", "not after eight", "", NO),
        ("echo out; echo err >&2; exit 7", "err", "", NO),
        ("echo only out; exit 1", "only out", "", NO),
        ("printf '\\n one\\ntwo\\n\\nthree\\n\\n' >&2; exit 1", " one", "two\n\nthree", NO),
        ("printf '\\033[31mred\\033[0m \\302\\2332Jx\\007\\r\\n' >&2; exit 1", "red 2Jx", "", NO),
        ("printf '10%%\\r100%%' >&2; exit 1", "100%", "", NO),
        ("printf 'caf\\351' >&2; exit 1", "caf\u{fffd}", "", NO),
        ("exit 3", "the pre-write hook \"exit 3\" ended with 3", "", NO),
        ("kill -9 $$", "the pre-write hook \"kill -9 $$\" was killed by SIGKILL", "", "nothing was written"),
        (
            "echo so far; kill -TERM $$",
            "the pre-write hook \"echo so far; kill -TERM $$\" was killed by SIGTERM",
            "so far",
            "nothing was written",
        ),
    ] {
        let failure = folder.ask(command).unwrap_err();
        let (code, said, below, what_to_do) = failure.parts();
        assert_eq!((code, said, below), (1, message, details), "{command}");
        assert!(what_to_do.ends_with(hint), "{command}: {what_to_do}");
    }
}

#[test]
fn only_so_much_of_its_words_is_shown() {
    let folder = Folder::new("much");
    let failure =
        folder.ask("i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; exit 1").unwrap_err();
    let (_, message, details, _) = failure.parts();
    assert_eq!((message, details.lines().count()), ("line 0", 20));
    assert!(details.ends_with("line 19\n…"), "{details}");
    let failure = folder.ask("head -c 5000000 /dev/zero | tr '\\0' x; exit 1").unwrap_err();
    assert_eq!(failure.parts().1.chars().count(), 400);
}

#[test]
fn a_hook_that_is_not_there_vetoes_and_says_so() {
    let folder = Folder::new("missing");
    let failure = folder.ask("no-such-hook --now").unwrap_err();
    let (code, message, _, hint) = failure.parts();
    assert!(code == 1 && message.contains("no-such-hook"), "{message}");
    assert!(hint.contains("\"no-such-hook --now\" of your own settings was not found"), "{hint}");
    let told = folder.tell("no-such-hook");
    assert_eq!(told[0], "warning: the post-write hook \"no-such-hook\" ended with 127:");
    assert!(told[1].contains("no-such-hook"), "{told:?}");
    let nowhere = Notice { notebook: Path::new("/nonexistent/people"), ..folder.notice(&[]) };
    assert_eq!(ask_each(&hooks(&["true"]), &nowhere).unwrap_err().parts().0, 3);
    let told = tell_each(&hooks(&["true"]), &nowhere, Paint::default());
    assert!(told[0].starts_with("warning: the post-write hook \"true\" cannot be run: "), "{told:?}");
}

#[test]
fn the_first_no_counts_but_all_are_told() {
    let folder = Folder::new("order");
    let both = hooks(&["echo a >> ran", "echo b >> ran; exit 4", "echo c >> ran; echo hm >&2"]);
    let failure = ask_each(&both, &folder.notice(&[])).unwrap_err();
    assert_eq!(failure.parts().1, "the pre-write hook \"echo b >> ran; exit 4\" ended with 4");
    assert_eq!(folder.read("ran"), "a\nb\n");
    assert_eq!(
        tell_each(&both, &folder.notice(&[]), Paint::default()),
        ["warning: the post-write hook \"echo b >> ran; exit 4\" ended with 4", "hm"]
    );
    assert_eq!(folder.read("ran"), "a\nb\na\nb\nc\n");
    assert_eq!(folder.tell("echo why; exit 2").last().unwrap(), "  why");
}

#[test]
fn advice_is_passed_on_and_chatter_is_not() {
    let folder = Folder::new("advice");
    assert_eq!(folder.ask("echo chatter; echo third call this week >&2").unwrap(), ["third call this week"]);
    assert_eq!(folder.ask("echo chatter").unwrap(), [""; 0]);
}

#[test]
fn a_hook_need_not_read_and_may_talk_without_end() {
    let folder = Folder::new("megabytes");
    let text = "a line of a very long file\n".repeat(200_000);
    let changes = [jane(None, Some(&text))];
    let run = |command: &str| ask_each(&hooks(&[command]), &folder.notice(&changes));
    // Five megabytes for somebody who does not listen.
    run("true").unwrap();
    run("exec <&-; sleep 0.1").unwrap();
    run("head -c 10 > /dev/null").unwrap();
    // Five megabytes in both directions at once, on both pipes.
    assert_eq!(run("cat; exit 0").unwrap(), [""; 0]);
    assert_eq!(run("cat >&2; exit 0").unwrap().len(), 1);
    assert_eq!(
        run("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; wc -c > count").unwrap(),
        [""; 0]
    );
    let count: usize = folder.read("count").trim().parse().unwrap();
    assert!(count > text.len(), "{count}");
}

#[test]
fn what_a_hook_leaves_in_the_background_is_not_waited_for() {
    let folder = Folder::new("background");
    let text = "x".repeat(1 << 20);
    let changes = [jane(None, Some(&text))];
    for (command, said) in [
        ("echo said >&2; sleep 20 &", vec!["said"]),
        // It keeps all three pipes, and never reads.
        ("exec 3<&0; sleep 20 <&3 & echo said >&2", vec!["said"]),
        // It never stops talking.
        ("(while :; do echo; sleep 0.001; done) & echo said >&2", vec!["said"]),
    ] {
        let began = Instant::now();
        assert_eq!(ask_each(&hooks(&[command]), &folder.notice(&changes)).unwrap(), said, "{command}");
        assert!(began.elapsed() < Duration::from_secs(10), "{command}");
    }
    // Talks so fast that its pipe is never empty.
    let began = Instant::now();
    let failure = folder.ask("yes & sleep 0.1; exit 1").unwrap_err();
    assert_eq!(failure.parts().1, "y");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn all_that_was_said_before_the_end_is_heard() {
    let folder = Folder::new("heard");
    for _ in 0..20 {
        let failure =
            folder.ask("sleep 5 & head -c 40000 /dev/zero | tr '\\0' '\\n'; echo last; exit 1").unwrap_err();
        assert_eq!(failure.parts().1, "last");
    }
}

#[test]
fn no_hooks_no_work() {
    let nowhere = Folder::new("none");
    assert!(ask(&Hooks::default(), &nowhere.notice(&[])).is_ok());
    tell(&Hooks::default(), &nowhere.notice(&[]), Paint::default());
}

#[test]
fn hooks_run_but_not_for_what_hooks_do() {
    let folder = Folder::new("recursion");
    let hooks = hooks(&["echo $TICKLER_HOOK >> ran"]);
    ask(&hooks, &folder.notice(&[])).unwrap();
    tell(&hooks, &folder.notice(&[]), Paint::default());
    assert_eq!(folder.read("ran"), if is_within_hook() { "" } else { "pre-write\npost-write\n" });
}

/// The environment of a process cannot be changed safely while its threads run, so another one runs the test above.
#[test]
fn the_same_within_a_hook() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hooks::tests::hooks_run_but_not_for_what_hooks_do"])
        .env(VARIABLE, "post-write")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// The script of the guide that holds those words.
fn script_of_the_guide(language: &str, words: &str) -> &'static str {
    let guide = include_str!("../../../../docs/guide/hooks.md");
    let fence = format!("\n```{language}\n");
    let scripts = guide.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next());
    scripts.into_iter().find(|script| script.contains(words)).unwrap()
}

/// Sees to it that there is the program that a script of the guide is written for.
fn needs(program: &str, package: &str) {
    let is_there = shell::shell(format!("command -v {program} > /dev/null")).status().unwrap().success();
    assert!(
        is_there,
        "a script of the guide runs `{program}`: install it, such as with apt-get install {package}"
    );
}

/// A time zone in which it is that hour of the day.
fn zone_where_it_is(hour: i64) -> String {
    let seconds = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
    // POSIX counts zones westward, and wants a name of three letters.
    format!("ABC{}", seconds / 3600 % 24 - hour)
}

#[test]
fn the_guide_s_second_thoughts() {
    needs("python3", "python3");
    let folder = Folder::new("tone");
    std::fs::write(folder.0.join("check-tone"), script_of_the_guide("python", "FORBIDDEN")).unwrap();
    let (old, kind) =
        ("- 2026-12-01 phone: a liar\n", "- 2026-12-01 phone: a liar\n- 2026-12-03 phone: kind\n");
    let rude = "- 2026-12-03 phone: a Stupid question\n- 2026-12-01 phone: a liar\n";
    for (verb, hour, after, says) in [
        ("log", 12, kind, None),
        ("log", 12, rude, Some("we do not write \"stupid\" of Jane Doe")),
        ("log", 21, kind, Some("it is after eight: sleep on it, and log it tomorrow")),
        ("next", 21, rude, None),
    ] {
        let changes = [jane(Some(old), Some(after))];
        let command = format!("TZ={} python3 check-tone", zone_where_it_is(hour));
        let asked = ask_each(&hooks(&[&command]), &Notice { verb, ..folder.notice(&changes) });
        assert_eq!(asked.err().map(|failure| failure.parts().1.to_owned()).as_deref(), says, "{verb} {hour}");
    }
}

#[test]
fn the_guide_s_notices() {
    needs("jq", "jq");
    let folder = Folder::new("notices");
    std::fs::write(folder.0.join("tell-desktop"), script_of_the_guide("sh", "notify-send")).unwrap();
    std::fs::write(folder.0.join("tell-team"), script_of_the_guide("sh", "curl")).unwrap();
    // These stand for the programs that would reach the world.
    let stand_ins = "mkdir bin
cat > bin/notify-send <<'END'
#!/bin/sh
printf '%s|' \"$@\" > part; mv part shown
END
cat > bin/curl <<'END'
#!/bin/sh
cat > sent; for last; do :; done; echo \"$last\" > to
END
chmod +x bin/*";
    folder.ask(stand_ins).unwrap();
    let tell = |before: &str, script: &str| {
        let command = format!("{before} PATH=$PWD/bin:$PATH sh ./{script}");
        tell_each(&hooks(&[&command]), &folder.notice(&[]), Paint::default())
    };
    assert_eq!(tell("", "tell-desktop"), [""; 0]);
    // Nobody waits for it, but this test.
    while folder.read("shown").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(folder.read("shown"), "--|tickler|log Jane Doe: phone, voicemail|");
    assert_eq!(tell("TEAM_CHAT_URL=", "tell-team"), [""; 0]);
    assert_eq!(folder.read("sent"), "");
    assert_eq!(tell("TEAM_CHAT_URL=https://chat.example.com/x", "tell-team"), [""; 0]);
    let sent: serde_json::Value = serde_json::from_str(&folder.read("sent")).unwrap();
    assert_eq!(sent, serde_json::json!({"text": "pat: log Jane Doe: phone, voicemail"}));
    assert_eq!(folder.read("to"), "https://chat.example.com/x\n");
}
