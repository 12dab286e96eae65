//! The user's editor on one file, started as git starts it.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::flag::register_conditional_default;

use crate::config::{UserConfig, variable};
use crate::failure::Failure;
use crate::plain::clean;
use crate::shell;

/// Opens the file in the user's editor, at that line where the editor is one that is known to take it, and waits
/// for it. The editor has the terminal.
///
/// # Errors
/// There is no editor, it cannot be run, or it did not end well. What it wrote to the file until then is there.
pub fn edit(path: &Path, line: Option<u32>, user: &UserConfig) -> Result<(), Failure> {
    // An editor that nobody asked for would wait for ever where nobody sees it.
    let is_seen = std::io::stdin().is_terminal();
    let Some(editor) = choose(user.editor.as_deref(), variable, |name| is_seen && is_on_path(name)) else {
        return Err(Failure::notebook("there is no editor to open the file with").hint(format!(
            "set EDITOR to the one you like, or `editor` in {}",
            user.path.as_ref().map_or("your own settings".to_owned(), |path| path.display().to_string())
        )));
    };
    run(&editor, path, line)
}

/// `editor` of the user's settings, else what the environment names, else one that most machines have.
fn choose(
    set: Option<&str>,
    variable: impl Fn(&str) -> Option<OsString>,
    is_on_path: impl Fn(&str) -> bool,
) -> Option<OsString> {
    let set = set.filter(|editor| !editor.trim().is_empty()).map(OsString::from);
    let named = || ["VISUAL", "EDITOR"].into_iter().find_map(&variable);
    let usual = || ["sensible-editor", "nano", "vi"].into_iter().find(|name| is_on_path(name));
    set.or_else(named).or_else(|| usual().map(OsString::from))
}

/// Whether a program of that name can be run.
fn is_on_path(name: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| {
        std::fs::metadata(folder.join(name))
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    })
}

fn run(editor: &OsString, path: &Path, line: Option<u32>) -> Result<(), Failure> {
    let shown = editor.to_string_lossy();
    let name = clean(&shown);
    let cannot = |error| Failure::notebook(format!("cannot run the editor \"{name}\": {error}"));
    // An absolute path is never taken for an option or a line.
    let path = std::path::absolute(path).map_err(cannot)?;
    let mut command = shell::shell_that_survives(editor);
    if let Some(line) = line.filter(|_| takes_line(&shown)) {
        command.arg(format!("+{line}"));
    }
    let status = untouched_by_ctrl_c(|| command.arg(&path).status()).map_err(cannot)?;
    if status.success() {
        return Ok(());
    }
    if status.code() == Some(shell::NOT_FOUND) {
        return Err(Failure::notebook(format!("the editor \"{name}\" was not found"))
            .hint("set EDITOR, VISUAL or `editor` of your own settings to one that is there"));
    }
    Err(Failure::no(format!("the editor {}; nothing was committed", shell::ended(status))))
}

/// Whether the editor takes `+12` for line 12. Any other might take it for the name of a file.
fn takes_line(editor: &str) -> bool {
    const KNOWN: [&str; 18] = [
        "vi",
        "vim",
        "nvim",
        "view",
        "gvim",
        "nvi",
        "elvis",
        "nano",
        "pico",
        "emacs",
        "emacsclient",
        "mg",
        "micro",
        "hx",
        "helix",
        "kak",
        "joe",
        "ne",
    ];
    let program = editor.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
    KNOWN.contains(&program.rsplit('/').next().unwrap_or_default())
}

/// Does the work while Ctrl-C and Ctrl-\ are the editor's alone: they go to every process of the terminal, and many
/// editors live on.
fn untouched_by_ctrl_c<T>(work: impl FnOnce() -> T) -> T {
    /// Whether these signals end this program, as usual.
    static END_US: AtomicBool = AtomicBool::new(true);
    static BEGIN: Once = Once::new();
    BEGIN.call_once(|| {
        for signal in [SIGINT, SIGQUIT] {
            // Where it cannot be had, the signals end us: a nuisance, no more.
            let _ = register_conditional_default(signal, &END_US);
        }
    });
    END_US.store(false, Ordering::SeqCst);
    let answer = work();
    END_US.store(true, Ordering::SeqCst);
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[test]
    fn the_nearest_wish_wins() {
        for (set, visual, editor, on_path, chosen) in [
            (Some("hx"), "vim", "nano", "vi", Some("hx")),
            (Some(" "), "code --wait", "nano", "vi", Some("code --wait")),
            (None, "", "nano", "vi", Some("nano")),
            (None, "", "", "sensible-editor nano vi", Some("sensible-editor")),
            (None, "", "", "nano vi", Some("nano")),
            (None, "", "", "vi", Some("vi")),
            (None, "", "", "", None),
        ] {
            let variable = |name: &str| {
                let value = if name == "VISUAL" { visual } else { editor };
                Some(OsString::from(value)).filter(|value| !value.is_empty())
            };
            let found = choose(set, variable, |name| on_path.split(' ').any(|there| there == name));
            assert_eq!(found.as_deref(), chosen.map(std::ffi::OsStr::new));
        }
        assert!(is_on_path("sh") && !is_on_path("no-such-editor"));
    }

    #[test]
    fn a_line_is_for_those_who_take_it() {
        for (editor, takes) in [
            ("vim", true),
            ("/usr/bin/nvim -u NONE", true),
            ("'/opt/x/hx'", true),
            ("emacs -nw", true),
            ("code --wait", false),
            ("env A=1 vim", false),
            ("ed", false),
            ("", false),
        ] {
            assert_eq!(takes_line(editor), takes, "{editor}");
        }
    }

    /// What an editor did to a file that held `old`, and how that ended.
    fn edited(name: &str, editor: &str, line: Option<u32>) -> (String, Result<(), Failure>) {
        // There is one terminal, and one Ctrl-C.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = std::env::temp_dir().join(format!("tickler-editor-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("a b")).unwrap();
        let path = folder.join("a b/it's $HOME.md");
        std::fs::write(&path, "old").unwrap();
        let user = UserConfig { editor: Some(editor.to_owned()), ..UserConfig::default() };
        let ended = edit(&path, line, &user);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        (text, ended)
    }

    #[test]
    fn an_editor_is_a_command_line() {
        for (name, editor, line, text) in [
            ("plain", "printf new >", None, "new"),
            ("quotes", "sh -c 'printf \"%s %s\" \"$#\" \"new file\" > \"$1\"' x", Some(7), "1 new file"),
            ("env", "A=3 sh -c 'printf $A > \"$1\"' x", None, "3"),
        ] {
            let (found, ended) = edited(name, editor, line);
            assert!(ended.is_ok(), "{ended:?}");
            assert_eq!(found, text);
        }
    }

    #[test]
    fn the_line_stands_before_the_file() {
        let folder = std::env::temp_dir().join(format!("tickler-editor-{}-line", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, said) in [("vi", "2 +7"), ("ed", "1")] {
            let program = folder.join(name);
            let script = "#!/bin/sh\nfor last; do :; done\n[ $# = 1 ] && set -- 1 || set -- $# $1\nprintf %s \"$*\" > \"$last\"\n";
            // Written by another process: a file that some thread of this one has open may not be run.
            let mut writes = shell::shell("printf %s \"$2\" > \"$1\"; chmod +x \"$1\"");
            assert!(writes.arg(&program).arg(script).status().unwrap().success());
            let (text, ended) = edited(name, program.to_str().unwrap(), Some(7));
            assert!(ended.is_ok(), "{ended:?}");
            assert_eq!(text, said);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn an_editor_that_fails_is_told_of() {
        for (name, editor, said) in [
            ("one", "sh -c 'exit 1'", (1, "the editor ended with 1; nothing was committed")),
            ("kill", "sh -c 'kill -9 $$'", (1, "the editor was killed by SIGKILL; nothing was committed")),
            ("none", "no-such-editor --wait", (3, "the editor \"no-such-editor --wait\" was not found")),
        ] {
            let failure = edited(name, editor, None).1.unwrap_err();
            let (code, message, ..) = failure.parts();
            assert_eq!((code, message), said);
        }
    }

    #[test]
    fn ctrl_c_is_the_editor_s_alone() {
        // The terminal sends it to all three: to us, to the shell between, and to the editor, which lives on.
        let editor = format!(
            "sh -c 'trap : INT; kill -INT {} $PPID $$; sleep 0.3; printf saved > \"$1\"' x",
            std::process::id()
        );
        let (text, ended) = edited("ctrl-c", &editor, None);
        assert!(ended.is_ok(), "{ended:?}");
        assert_eq!(text, "saved");
        let (text, ended) = edited("dies", "sh -c 'printf half > \"$1\"; kill -INT $$' x", None);
        assert_eq!(text, "half");
        assert_eq!(ended.unwrap_err().parts().1, "the editor was killed by SIGINT; nothing was committed");
    }
}
