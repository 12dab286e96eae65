//! The user's own settings: `$XDG_CONFIG_HOME/tickler/config.toml` (CLI contract, Habits).

use std::ops::Range;
use std::path::{Path, PathBuf};

use tickler_core::problem::{Position, Problem, nearest};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::args::Color;
use crate::failure::Failure;
use crate::problems;
use crate::style::Paint;

/// The file below the folder for settings.
const FILE: &str = "tickler/config.toml";
/// The keys that it may hold.
const KEYS: [&str; 5] = ["notebook", "me", "editor", "color", "hooks"];
/// The keys of its table `hooks`.
const HOOKS: [&str; 2] = ["pre-write", "post-write"];

/// What the user set for all notebooks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UserConfig {
    /// Where the file is, or would be; none where there is no home.
    pub path: Option<PathBuf>,
    /// The notebook to use where none is near.
    pub notebook: Option<PathBuf>,
    /// The user's handle.
    pub me: Option<String>,
    /// The editor.
    pub editor: Option<String>,
    /// When to use colour.
    pub color: Option<Color>,
    /// The commands to run around each change.
    pub hooks: Hooks,
    /// Warnings, ready to print.
    pub warnings: String,
}

/// Commands of the user's around each change of a notebook. They come from this file alone, never from a notebook:
/// that is shared, and whoever can write to it could run anything here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hooks {
    /// Asked before anything is written, one after the other; each may say no.
    pub pre_write: Vec<String>,
    /// Told what was written.
    pub post_write: Vec<String>,
}

impl Hooks {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pre_write.is_empty() && self.post_write.is_empty()
    }
}

impl UserConfig {
    /// Reads the file, if there is one.
    pub fn load() -> Result<UserConfig, Failure> {
        let home = variable("HOME").map(PathBuf::from);
        // A relative folder is to be ignored (XDG Base Directory Specification).
        let xdg = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
        let Some(folder) = xdg.or_else(|| home.as_ref().map(|home| home.join(".config"))) else {
            return Ok(UserConfig::default());
        };
        let path = folder.join(FILE);
        let shown = path.display().to_string();
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|e| {
                let good =
                    String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]).into_owned();
                broken(&shown, &good, &[Problem::error(Position::of(&good, good.len()), "not UTF-8")])
            })?,
            Err(e)
                if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
            {
                return Ok(UserConfig { path: Some(path), ..UserConfig::default() });
            }
            Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => {
                let failure = Failure::notebook(format!("cannot read \"{shown}\": permission denied"));
                return Err(failure.hint("give yourself the right to read it, or set HOME to your own home"));
            }
            Err(e) => return Err(Failure::notebook(format!("cannot read \"{shown}\": {e}"))),
        };
        let (config, problems) = parse(&text, &path, home.as_deref());
        let (errors, warnings): (Vec<Problem>, Vec<Problem>) =
            problems.into_iter().partition(|p| p.severity == tickler_core::problem::Severity::Error);
        if !errors.is_empty() {
            return Err(broken(&shown, &text, &errors));
        }
        let warnings = warnings.iter().map(|p| problems::full(&shown, p, &text, Paint::default())).collect();
        Ok(UserConfig { warnings, ..config })
    }
}

/// An environment variable; one that is empty counts as absent.
pub fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn broken(file: &str, text: &str, errors: &[Problem]) -> Failure {
    let lines: String = errors.iter().map(|p| problems::full(file, p, text, Paint::default())).collect();
    Failure::notebook("your own settings have errors").details(lines)
}

/// The settings that `text` holds, and what is wrong with it. A relative `notebook` counts from the file's folder.
fn parse(text: &str, path: &Path, home: Option<&Path>) -> (UserConfig, Vec<Problem>) {
    let mut config = UserConfig { path: Some(path.to_owned()), ..UserConfig::default() };
    let mut faults = Faults { text, problems: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
            faults.error(error.span().unwrap_or_default(), message);
            return (config, faults.problems);
        }
    };
    for (key, value) in &table {
        let name = key.get_ref().as_ref();
        if !KEYS.contains(&name) {
            faults.unknown(key, &KEYS, "known are `notebook`, `me`, `editor`, `color` and `[hooks]`");
            continue;
        }
        if name == "hooks" {
            match value.get_ref() {
                DeValue::Table(table) => config.hooks = hooks(table, &mut faults),
                _ => faults.error(value.span(), "`hooks` must be a table, `[hooks]`".to_owned()),
            }
            continue;
        }
        let Some(text) = value.get_ref().as_str().map(str::to_owned) else {
            faults.error(value.span(), format!("`{name}` must be a text, in quotes"));
            continue;
        };
        match name {
            "notebook" => match expand(&text, path, home) {
                Some(dir) => config.notebook = Some(dir),
                None => faults.error(value.span(), "there is no home for `~` to stand for".to_owned()),
            },
            "me" => config.me = Some(text),
            "editor" => config.editor = Some(text),
            _ => match <Color as clap::ValueEnum>::from_str(&text, true) {
                Ok(color) => config.color = Some(color),
                Err(_) => {
                    faults.error(value.span(), "`color` is \"auto\", \"always\" or \"never\"".to_owned());
                }
            },
        }
    }
    (config, faults.problems)
}

/// The table `hooks`.
fn hooks(table: &DeTable<'_>, faults: &mut Faults<'_>) -> Hooks {
    let mut hooks = Hooks::default();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match name {
            "pre-write" => hooks.pre_write = commands(name, value, faults),
            "post-write" => hooks.post_write = commands(name, value, faults),
            _ => faults.unknown(key, &HOOKS, "known are `pre-write` and `post-write`"),
        }
    }
    hooks
}

/// One command, or a list of them.
fn commands(name: &str, value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Vec<String> {
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    let mut commands = Vec::with_capacity(items.len());
    for item in items {
        match item.get_ref().as_str() {
            Some(command) if command.trim().is_empty() => {
                faults.error(item.span(), format!("`{name}` has an empty command"));
            }
            // Neither the shell nor any program can be given one.
            Some(command) if command.contains('\0') => {
                faults.error(item.span(), format!("`{name}` has a zero byte in a command"));
            }
            Some(command) => commands.push(command.to_owned()),
            None => faults
                .error(item.span(), format!("`{name}` must be a command, in quotes, or a list of commands")),
        }
    }
    commands
}

/// What is wrong, as it is found.
struct Faults<'t> {
    text: &'t str,
    problems: Vec<Problem>,
}

impl Faults<'_> {
    fn error(&mut self, span: Range<usize>, message: String) {
        self.problems.push(Problem::error(Position::of(self.text, span.start), message).width(span.len()));
    }

    /// A key that is none of `known`. Somebody may have newer settings than this program, so it is a warning.
    fn unknown(&mut self, key: &Spanned<DeString<'_>>, known: &[&str], hint: &str) {
        let (name, span) = (key.get_ref().as_ref(), key.span());
        let problem = Problem::warning(Position::of(self.text, span.start), format!("unknown key `{name}`"))
            .width(span.len());
        let is_lost_hook = nearest(name, HOOKS).is_some() && !known.contains(&HOOKS[0]);
        self.problems.push(match nearest(name, known.iter().copied()) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None if is_lost_hook => problem.hint("hooks stand below a line `[hooks]`"),
            None => problem.hint(hint),
        });
    }
}

/// `~` and `~/…` are the home; none where there is no home.
fn expand(dir: &str, file: &Path, home: Option<&Path>) -> Option<PathBuf> {
    match dir.strip_prefix('~') {
        Some("") => home.map(Path::to_owned),
        Some(rest) if rest.starts_with('/') => home.map(|home| home.join(rest.trim_start_matches('/'))),
        _ => Some(file.parent().unwrap_or(Path::new("")).join(dir)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (UserConfig, Vec<String>) {
        let path = Path::new("/home/pat/.config/tickler/config.toml");
        let (config, problems) = parse(text, path, Some(Path::new("/home/pat")));
        (config, problems.iter().map(|p| problems::line("c", p, Paint::default())).collect())
    }

    #[test]
    fn every_key() {
        let (config, problems) =
            read("notebook = \"~/people\"\nme = \"pat\"\neditor = \"hx\"\ncolor = \"never\"\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(config.notebook.as_deref(), Some(Path::new("/home/pat/people")));
        assert_eq!(config.me.as_deref(), Some("pat"));
        assert_eq!(config.editor.as_deref(), Some("hx"));
        assert_eq!(config.color, Some(Color::Never));
        assert_eq!(read("notebook = \"~\"").0.notebook.as_deref(), Some(Path::new("/home/pat")));
        assert_eq!(read("notebook = \"/srv/n\"").0.notebook.as_deref(), Some(Path::new("/srv/n")));
    }

    #[test]
    fn hooks_are_one_command_or_several() {
        for (text, pre, post) in [
            ("[hooks]\npre-write = \"~/bin/check-tone\"\n", &["~/bin/check-tone"][..], &[][..]),
            ("hooks.post-write = [\"a b\", 'c \"d\"']", &[], &["a b", "c \"d\""]),
            ("[hooks]\npre-write = []\npost-write = \"x\"", &[], &["x"]),
            ("[hooks]", &[], &[]),
        ] {
            let (config, problems) = read(text);
            assert_eq!(problems, [""; 0], "{text}");
            assert_eq!(config.hooks.pre_write, pre, "{text}");
            assert_eq!(config.hooks.post_write, post, "{text}");
        }
    }

    #[test]
    fn mistakes_in_hooks_have_a_place() {
        for (text, problem, hint) in [
            ("hooks = \"x\"", "c:1:9: `hooks` must be a table, `[hooks]`", None),
            (
                "hooks.pre-write = 3",
                "c:1:19: `pre-write` must be a command, in quotes, or a list of commands",
                None,
            ),
            (
                "hooks.post-write = [\"a\", true]",
                "c:1:26: `post-write` must be a command, in quotes, or a list of commands",
                None,
            ),
            ("hooks.pre-write = \" \"", "c:1:19: `pre-write` has an empty command", None),
            ("hooks.pre-write = \"a\\u0000\"", "c:1:19: `pre-write` has a zero byte in a command", None),
            (
                "[hooks]\npre_write = \"x\"",
                "c:2:1: warning: unknown key `pre_write`",
                Some("did you mean `pre-write`?"),
            ),
            (
                "[hooks]\nprewrite = \"x\"",
                "c:2:1: warning: unknown key `prewrite`",
                Some("did you mean `pre-write`?"),
            ),
            (
                "[hooks]\npostwrite = \"x\"",
                "c:2:1: warning: unknown key `postwrite`",
                Some("did you mean `post-write`?"),
            ),
            (
                "[hooks]\nlog = \"x\"",
                "c:2:1: warning: unknown key `log`",
                Some("known are `pre-write` and `post-write`"),
            ),
            ("[hook]", "c:1:2: warning: unknown key `hook`", Some("did you mean `hooks`?")),
            (
                "pre-write = \"x\"",
                "c:1:1: warning: unknown key `pre-write`",
                Some("hooks stand below a line `[hooks]`"),
            ),
        ] {
            let path = Path::new("/home/pat/.config/tickler/config.toml");
            let (config, problems) = parse(text, path, None);
            let [found] = &problems[..] else { panic!("{text}: {problems:?}") };
            assert_eq!(problems::line("c", found, Paint::default()), problem);
            assert_eq!(found.hint.as_deref(), hint, "{text}");
            assert!(config.hooks.pre_write.is_empty(), "{text}");
        }
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, problem) in [
            ("me = 3\n", "c:1:6: `me` must be a text, in quotes"),
            ("\nnotbook = \"x\"", "c:2:1: warning: unknown key `notbook`"),
            ("color = \"red\"", "c:1:9: `color` is \"auto\", \"always\" or \"never\""),
        ] {
            assert_eq!(read(text).1, [problem]);
        }
        let (_, broken) = read("me = pat\n");
        assert!(broken[0].starts_with("c:1:"), "{broken:?}");
    }
}
