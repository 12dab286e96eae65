//! The log: a line for each event on standard error, JSON or text, from which every secret is taken out.

use std::borrow::Cow;
use std::io::{IsTerminal, Write, stderr};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::failure::Failure;

/// Says what the log says: `warn`, `debug`, `tickler_server::front=debug`.
const FILTER: &str = "TICKLER_SERVER_LOG";
/// What a token begins with.
const TOKEN: &str = "tickler_";
/// The public part of a token, which may be shown.
const PUBLIC: usize = 8;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins the log. Where no format is given, a terminal gets text and all else JSON.
///
/// # Errors
/// Where the filter in the environment is none.
pub fn start(format: Option<Format>) -> Result<(), Failure> {
    let said = std::env::var(FILTER).unwrap_or_default();
    let said = if said.trim().is_empty() { "info" } else { said.trim() };
    let filter = EnvFilter::try_new(said).map_err(|error| {
        Failure::new(format!("{FILTER} is no filter: {error}")).hint("try \"info\", \"warn\" or \"debug\"")
    })?;
    let is_terminal = stderr().is_terminal();
    let format = format.unwrap_or(if is_terminal { Format::Text } else { Format::Json });
    let begin = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Lines).with_target(false);
    match format {
        Format::Json => begin.json().flatten_event(true).with_span_list(false).init(),
        Format::Text => begin.with_ansi(is_terminal).init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let words = panic.payload_as_str().unwrap_or_default();
        tracing::error!(words, place, "a defect of the server");
    }));
    Ok(())
}

/// Standard error, without secrets. Each event comes as one write.
#[derive(Debug, Clone, Copy)]
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        // A reader of the log that has gone is no reason to end.
        let _ = stderr().lock().write_all(without_secrets(&text).as_bytes());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Lines;

    fn make_writer(&self) -> Lines {
        Lines
    }
}

/// The text with tokens cut to their public part, and addresses without the user and the password.
///
/// Nothing here logs either; this is for what others say: git, the system, a crate.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    if !text.contains(TOKEN) && !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = [TOKEN, "://"].iter().filter_map(|mark| rest.find(mark)).min() {
        let is_token = rest[at..].starts_with(TOKEN);
        let mark = if is_token { TOKEN } else { "://" };
        let (before, after) = rest.split_at(at + mark.len());
        out.push_str(before);
        if is_token {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            // Words of the program itself begin like that, too; they are short.
            let is_word = end <= 2 * PUBLIC;
            out.push_str(&after[..if is_word { end } else { PUBLIC }]);
            out.push_str(if is_word { "" } else { "..." });
            rest = &after[end..];
        } else {
            let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?' | '#');
            let host = &after[..after.find(ends).unwrap_or(after.len())];
            rest = host.rfind('@').map_or(after, |at| &after[at + 1..]);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out() {
        let token = format!("tickler_{}{}", "abcdefgh", "i".repeat(58));
        for (text, logged) in [
            ("plain words".to_owned(), "plain words"),
            (format!("a {token} b"), "a tickler_abcdefgh... b"),
            (token.clone(), "tickler_abcdefgh..."),
            (format!("https://pat:{token}@host/main.git"), "https://host/main.git"),
            ("\"url\":\"http://pat:x@y@host\"".to_owned(), "\"url\":\"http://host\""),
            ("https://host/a@b tickler_server::front".to_owned(), "https://host/a@b tickler_server::front"),
            ("two http://a:b@c http://d@e/ä".to_owned(), "two http://c http://e/ä"),
            ("://".to_owned(), "://"),
            ("tickler_".to_owned(), "tickler_"),
        ] {
            assert_eq!(without_secrets(&text), logged, "{text}");
        }
    }
}
