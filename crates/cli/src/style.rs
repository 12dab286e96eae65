//! Colour with meaning: what a piece of text is decides how it looks, here and nowhere else.
//!
//! Only the terminal's own sixteen colours are used, and of these none that is hard to read on light or on dark:
//! no black, no white, no yellow, no blue.

use std::fmt;

use anstyle::{AnsiColor, Style};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A heading, a name: what the eye looks for first.
    Strong,
    /// Waiting for longer than it should: a warm colour, no alarm.
    Late,
    /// For today.
    Today,
    /// Still to come, or beside the point.
    Dim,
    /// Somebody counts on it: promised, asked for.
    Accent,
    /// By what: a channel, a way.
    Way,
    /// All is well.
    Good,
    /// An error in a file.
    Error,
    /// A warning, a caution.
    Caution,
    /// Something that can be typed.
    Command,
    /// As it is.
    Plain,
}

impl Role {
    fn style(self) -> Style {
        let colour = |c: AnsiColor| Style::new().fg_color(Some(c.into()));
        match self {
            Role::Strong => Style::new().bold(),
            Role::Late => colour(AnsiColor::Red),
            Role::Today => colour(AnsiColor::Green).bold(),
            Role::Dim => Style::new().dimmed(),
            Role::Accent => colour(AnsiColor::Magenta),
            Role::Way => colour(AnsiColor::Cyan),
            Role::Good => colour(AnsiColor::Green),
            Role::Error => colour(AnsiColor::Red).bold(),
            Role::Caution => colour(AnsiColor::Magenta),
            Role::Command => colour(AnsiColor::Cyan),
            Role::Plain => Style::new(),
        }
    }
}

/// A hand with paint or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paint {
    /// Whether colours are wanted.
    pub on: bool,
}

impl Paint {
    /// The text as that role looks.
    pub fn as_role<T: fmt::Display>(self, role: Role, text: T) -> Painted<T> {
        Painted { style: if self.on { role.style() } else { Style::new() }, text }
    }
}

/// A text with its look. Widths are to be fitted before painting.
#[derive(Debug, Clone, Copy)]
pub struct Painted<T> {
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.style.render(), self.text, self.style.render_reset())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_paint_leaves_no_trace() {
        assert_eq!(Paint { on: false }.as_role(Role::Late, "x").to_string(), "x");
        assert_eq!(Paint { on: true }.as_role(Role::Plain, "x").to_string(), "x");
        assert_eq!(Paint { on: true }.as_role(Role::Late, "x").to_string(), "\u{1b}[31mx\u{1b}[0m");
    }
}
