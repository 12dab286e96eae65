//! What every command needs to know of the world outside: where the notebook is, which day it is, who asks.

use std::path::PathBuf;

use tickler_core::date::Date;
use tickler_core::notebook::Notebook;

use crate::args::{Format, Global};
use crate::failure::Failure;

/// The world outside, looked at once.
pub struct Context {
    pub global: Global,
    pub today: Date,
    pub format: Format,
}

impl Context {
    pub fn new(global: Global) -> Result<Context, Failure> {
        let today = match &global.today {
            Some(text) => text.parse().map_err(|e| Failure::usage(format!("--today: {e}")))?,
            None => Date::from_chrono(chrono::Local::now().date_naive()),
        };
        Ok(Context { today, format: global.format, global })
    }

    /// The notebook that is meant (CLI contract, Habits).
    pub fn notebook(&self) -> Result<Notebook, Failure> {
        let root = match &self.global.dir {
            Some(dir) => dir.clone(),
            None => {
                let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
                Notebook::find(&here)
                    .ok_or_else(|| Failure::notebook("no notebook here").hint("make one: tickler init"))?
            }
        };
        Notebook::open(&root).map_err(|e| Failure::notebook(e.to_string()))
    }
}
