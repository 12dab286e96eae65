//! Command lines of the user's, run by the shell, and how they end.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use signal_hook::low_level::signal_name;

/// What a shell ends with where there is no such program.
pub const NOT_FOUND: i32 = 127;

/// The shell with that command line, which sees the arguments that are added as `"$@"`.
pub fn shell(line: impl AsRef<OsStr>) -> Command {
    let mut shell = Command::new("sh");
    // The word behind the command line is `$0`, in whose name the shell complains.
    shell.arg("-c").arg(line).arg("sh");
    shell
}

/// The shell with that command line before the arguments that are added. Where Ctrl-C reaches both, the shell waits
/// until the program has made up its mind.
pub fn shell_that_survives(line: impl AsRef<OsStr>) -> Command {
    // A trap, unlike an ignored signal, is not handed down to the program.
    let mut script = OsString::from("trap : INT QUIT; ");
    script.push(line);
    script.push(" \"$@\"");
    shell(script)
}

/// The signal that ended it. A shell tells of a signal to what it ran by adding 128.
pub fn signal(status: ExitStatus) -> Option<i32> {
    let told = || status.code().map(|code| code - 128).filter(|signal| signal_name(*signal).is_some());
    status.signal().or_else(told)
}

/// How it ended: `ended with 1`, `was killed by SIGKILL`.
pub fn ended(status: ExitStatus) -> String {
    match (signal(status), status.code()) {
        (Some(signal), _) => match signal_name(signal) {
            Some(name) => format!("was killed by {name}"),
            None => format!("was killed by signal {signal}"),
        },
        (None, Some(code)) => format!("ended with {code}"),
        (None, None) => "ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_in_words() {
        for (line, words) in [
            ("exit 1", "ended with 1"),
            ("kill -KILL $$", "was killed by SIGKILL"),
            ("(sh -c 'kill -TERM $$'); exit $?", "was killed by SIGTERM"),
            ("exit 255", "ended with 255"),
            ("exit 128", "ended with 128"),
        ] {
            assert_eq!(ended(shell(line).status().unwrap()), words, "{line}");
        }
        assert_eq!(shell("exit $#").args(["a b", "c"]).status().unwrap().code(), Some(2));
    }
}
