//! What every command needs to know of the world outside: where the notebook is, which day it is, who asks.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset, Local, TimeZone, Utc};
use tickler_core::date::{Calendar, Date, Time, When};
use tickler_core::english::{self, Lean, Now};
use tickler_core::git;
use tickler_core::notebook::{Notebook, OpenError, SETTINGS_FILE, Survey};
use tickler_core::problem::{Problem, nearest};
use tickler_core::verbs::Desk;

use crate::args::{Color, Format, Global};
use crate::config::{UserConfig, variable};
use crate::failure::Failure;
use crate::page::Page;
use crate::problems;
use crate::progress::Progress;
use crate::style::Paint;

/// The world outside, looked at once.
pub struct Context {
    pub global: Global,
    /// The user's local date, or what `--today` says.
    pub today: Date,
    /// This moment; on the day of `--today` where that is another.
    pub now: DateTime<Utc>,
    pub format: Format,
    /// The user's own settings.
    pub user: UserConfig,
    /// Where a test wants the program to be killed (docs/reliability.md).
    die_at: Option<String>,
    /// Who asks, once that was looked up: it may take a look at git.
    me: OnceLock<Option<String>>,
}

impl Context {
    pub fn new(global: Global) -> Result<Context, Failure> {
        let user = UserConfig::load()?;
        let clock = Local::now();
        let real = Date::from_chrono(clock.date_naive());
        let said = global.today.clone().or_else(|| text_variable("TICKLER_TODAY"));
        let When { date: today, time } = match said {
            Some(text) => day_and_time(&text, real)?,
            None => When { date: real, time: None },
        };
        let now = match time.and_then(|time| moment(today, time)) {
            Some(now) => now,
            None => clock.to_utc() + chrono::TimeDelta::days(today.days_since(real)),
        };
        let die_at = text_variable("TICKLER_TEST_DIE_AT");
        Ok(Context { today, now, format: global.format.format(), user, global, die_at, me: OnceLock::new() })
    }

    /// A fresh page on standard output.
    pub fn page(&self) -> Page {
        Page::new(self.width(), self.paint(std::io::stdout().is_terminal()))
    }

    /// Whether somebody reads standard error as it comes.
    pub fn stderr_is_terminal(&self) -> bool {
        std::io::stderr().is_terminal()
    }

    /// The colours of standard error.
    pub fn stderr_paint(&self) -> Paint {
        self.paint(std::io::stderr().is_terminal())
    }

    /// `--color`, else the user's settings, else `NO_COLOR`, else whether it is a terminal that can.
    fn paint(&self, is_terminal: bool) -> Paint {
        let on = match self.global.color.or(self.user.color).unwrap_or(Color::Auto) {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                is_terminal
                    && variable("NO_COLOR").is_none()
                    && variable("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Paint { on }
    }

    /// The columns to fit text into. Somebody who sets `COLUMNS` means it, wherever the text goes; else a pipe has
    /// no end.
    pub fn width(&self) -> Option<usize> {
        let set = text_variable("COLUMNS").and_then(|columns| columns.trim().parse().ok());
        let terminal = || {
            let size = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
            size.map(|(columns, _)| usize::from(columns.0))
        };
        set.filter(|columns| *columns > 0).or_else(terminal).map(|columns: usize| columns.max(20))
    }

    /// The notebook that is meant (CLI contract, Habits).
    pub fn notebook(&self) -> Result<Notebook, Failure> {
        let root = self.root()?;
        self.notebook_in(&root).map_err(|failure| match &self.user.path {
            Some(path) if self.user.notebook.as_deref() == Some(&root) => {
                failure.hint(format!("`notebook` of {} says so", path.display()))
            }
            _ => failure,
        })
    }

    /// Every contact of the notebook as it is today. Where reading takes long, a terminal sees how far it is.
    pub fn survey<'n>(&self, notebook: &'n Notebook) -> Survey<'n> {
        let progress = Progress::new("reading contacts", None);
        notebook.survey_with(self.today, &|done, total| progress.set(done as u64, total as u64))
    }

    /// The folder that the user is in.
    pub fn here(&self) -> Result<PathBuf, Failure> {
        std::env::current_dir().map_err(|e| Failure::notebook(format!("no folder to look in: {e}")))
    }

    /// The folder of the notebook that is meant.
    pub fn root(&self) -> Result<PathBuf, Failure> {
        if let Some(dir) = self.global.dir.clone().or_else(|| variable("TICKLER_DIR").map(PathBuf::from)) {
            return Ok(dir);
        }
        let here = self.here()?;
        if let Some(root) = Notebook::find(&here) {
            return Ok(root);
        }
        if let Some(dir) = &self.user.notebook {
            return Ok(dir.clone());
        }
        let config = match &self.user.path {
            Some(path) => format!(", or set `notebook` in {}", path.display()),
            None => String::new(),
        };
        Err(Failure::notebook("there is no notebook here, nor in any folder above").hint(format!(
            "make one with `tickler init`, say where yours is with --dir or TICKLER_DIR{config}"
        )))
    }

    /// The notebook in that folder, and in none above it.
    pub fn notebook_in(&self, root: &Path) -> Result<Notebook, Failure> {
        Notebook::open(root).map_err(|error| match &error {
            OpenError::NotANotebook(dir) => {
                let failure = Failure::notebook(error.to_string());
                let above = std::path::absolute(dir).ok().and_then(|dir| Notebook::find(&dir));
                match above {
                    Some(above) => failure.hint(format!("did you mean \"{}\"?", above.display())),
                    None => failure.hint(format!("make it one with `tickler init {}`", dir.display())),
                }
            }
            OpenError::Settings { text, problems, .. } => {
                let file = self.shown_path(root, SETTINGS_FILE);
                let paint = self.stderr_paint();
                let lines: String = problems.iter().map(|p| problems::full(&file, p, text, paint)).collect();
                Failure::notebook(error.to_string()).details(lines)
            }
            OpenError::Newer(_) => Failure::notebook(error.to_string())
                .hint("a newer tickler wrote it: update this one; nothing was read or changed"),
            OpenError::Read { .. } => {
                Failure::notebook(error.to_string()).hint("make it a file that you may read; it may be empty")
            }
        })
    }

    /// A file of the notebook as the user would type it from here.
    pub fn shown_path(&self, root: &Path, file: &str) -> String {
        let path = root.join(file);
        let here = std::env::current_dir().unwrap_or_default();
        path.strip_prefix(&here).unwrap_or(&path).display().to_string()
    }

    /// One problem of a file of the notebook with its source line, for standard error or `check`.
    pub fn problem(&self, notebook: &Notebook, file: &str, problem: &Problem, paint: Paint) -> String {
        let path = notebook.root().join(file);
        // A problem of the file as a whole has no line to show, and the file may be huge. Of what is not UTF-8, the
        // line is shown as far as it goes.
        let bytes = if problem.at.line == 0 { Vec::new() } else { std::fs::read(path).unwrap_or_default() };
        let text = String::from_utf8_lossy(&bytes);
        problems::listed(&self.shown_path(notebook.root(), file), problem, &text, paint)
    }

    /// Somebody sits at a terminal who can be asked for a password.
    pub fn may_ask(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// Ends the program as a power cut would, where a test wants that at the point of this name.
    pub fn pass(&self, point: &str) {
        if self.die_at.as_deref() == Some(point) {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            // Nothing more is done where the system takes a moment, or does not allow it.
            std::process::abort();
        }
    }

    /// The program that runs, as others may run it.
    pub fn program(&self) -> Result<PathBuf, Failure> {
        std::env::current_exe()
            .map_err(|error| Failure::notebook(format!("the system does not say where tickler is: {error}")))
    }

    /// Who is at work in the notebook, and when.
    pub fn desk<'a>(&self, notebook: &'a Notebook, me: Option<&'a str>) -> Desk<'a> {
        let time = Time::from_chrono(self.now.with_timezone(&Local).time());
        Desk { settings: notebook.settings(), today: self.today, time: Some(time), me }
    }

    /// The day and the time of day that the user's clock showed at that moment.
    pub fn local(&self, moment: DateTime<FixedOffset>) -> (Date, Time) {
        let local = moment.with_timezone(&Local);
        (Date::from_chrono(local.date_naive()), Time::from_chrono(local.time()))
    }

    /// Who asks: a handle of the team (CLI contract, Habits).
    pub fn me(&self, notebook: &Notebook) -> Option<String> {
        let said =
            self.global.me.clone().or_else(|| text_variable("TICKLER_ME")).or_else(|| self.user.me.clone());
        if said.is_some() || notebook.settings().team.is_empty() {
            return said;
        }
        let of_git = || {
            let email = git::user_email(notebook.root())?;
            let team = &notebook.settings().team;
            let member = team.iter().find(|m| m.email.iter().any(|e| e.eq_ignore_ascii_case(&email)));
            member.map(|m| m.handle.clone())
        };
        self.me.get_or_init(of_git).clone()
    }

    /// The same, where there must be an answer.
    pub fn me_or_ask(&self, notebook: &Notebook) -> Result<String, Failure> {
        let team: Vec<&str> = notebook.settings().team.iter().map(|m| m.handle.as_str()).collect();
        let Some(me) = self.me(notebook) else {
            return Err(Failure::usage("I do not know who you are").hint(
                "say so with `--me HANDLE`, TICKLER_ME, `me` in your own settings, or an email of the team in git's user.email",
            ));
        };
        if team.is_empty() || team.contains(&me.as_str()) {
            return Ok(me);
        }
        let failure = Failure::usage(format!("nobody in the team has the handle \"{me}\""));
        Err(match nearest(&me, team.iter().copied()) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint(format!("the team is {}", team.join(", "))),
        })
    }
}

/// An environment variable as text.
fn text_variable(name: &str) -> Option<String> {
    variable(name).and_then(|value| value.into_string().ok())
}

/// The day that `--today` means, seen from the real one, and the time where one is given: `2026-12-03T14:30`.
fn day_and_time(text: &str, today: Date) -> Result<When, Failure> {
    let calendar = Calendar::default();
    english::read(text, Lean::Future, &Now { today, time: None, calendar: &calendar }).map_err(|misread| {
        Failure::usage(format!("--today: {}", misread.message)).hint(misread.advice().to_owned())
    })
}

/// The moment at which the user's clock shows that time of that day.
fn moment(date: Date, time: Time) -> Option<DateTime<Utc>> {
    let midnight = date.to_chrono().and_time(chrono::NaiveTime::MIN);
    let shown = midnight + chrono::TimeDelta::minutes(i64::from(time.minutes()));
    Local.from_local_datetime(&shown).earliest().map(|moment| moment.to_utc())
}
