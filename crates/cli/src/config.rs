//! The user's own settings: `$XDG_CONFIG_HOME/tickler/config.toml` (CLI contract, Habits).

use std::path::{Path, PathBuf};

use tickler_core::problem::{Position, Problem, nearest};

use crate::args::Color;
use crate::failure::Failure;
use crate::problems;
use crate::style::Paint;

/// The file below the folder for settings.
const FILE: &str = "tickler/config.toml";
/// The keys that it may hold.
const KEYS: [&str; 4] = ["notebook", "me", "editor", "color"];

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
    /// Warnings, ready to print.
    pub warnings: String,
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
    let mut problems = Vec::new();
    let table = match toml::de::DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let span = error.span().unwrap_or_default();
            let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
            problems.push(Problem::error(Position::of(text, span.start), message).width(span.len()));
            return (config, problems);
        }
    };
    for (key, value) in &table {
        let name = key.get_ref().as_ref();
        let (key_span, span) = (key.span(), value.span());
        let value = value.get_ref().as_str().map(str::to_owned);
        if !KEYS.contains(&name) {
            let problem =
                Problem::warning(Position::of(text, key_span.start), format!("unknown key `{name}`"))
                    .width(key_span.len());
            problems.push(match nearest(name, KEYS) {
                Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
                None => problem.hint("known are `notebook`, `me`, `editor` and `color`"),
            });
            continue;
        }
        let mut error = |message: String| {
            problems.push(Problem::error(Position::of(text, span.start), message).width(span.len()));
        };
        let Some(value) = value else {
            error(format!("`{name}` must be a text, in quotes"));
            continue;
        };
        match name {
            "notebook" => match expand(&value, path, home) {
                Some(dir) => config.notebook = Some(dir),
                None => error("there is no home for `~` to stand for".to_owned()),
            },
            "me" => config.me = Some(value),
            "editor" => config.editor = Some(value),
            _ => match <Color as clap::ValueEnum>::from_str(&value, true) {
                Ok(color) => config.color = Some(color),
                Err(_) => error("`color` is \"auto\", \"always\" or \"never\"".to_owned()),
            },
        }
    }
    (config, problems)
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
