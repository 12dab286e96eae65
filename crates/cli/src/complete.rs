//! What the Tab key offers beside verbs and options: the names in the notebook.
//!
//! A shell asks while somebody types, so nothing here may fail or speak: no notebook, no names.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use chrono::Local;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use tickler_core::date::Date;
use tickler_core::notebook::{Notebook, Parts};
use tickler_core::query;
use tickler_core::settings::Settings;

use crate::config::{UserConfig, variable};

/// More would fill the screen and help nobody.
const MOST: usize = 300;

/// Contacts, by their ids.
pub fn contacts() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let Some(notebook) = notebook() else { return Vec::new() };
        let typed = typed.to_string_lossy().to_lowercase();
        let survey = notebook.survey(today());
        let mut found = survey.search(Parts::HEAD, |row, contact| {
            let fits = |id: &&str| id.to_lowercase().starts_with(&typed);
            // An earlier id is offered to who types one, and to nobody else.
            let aliases = contact.head.aliases.iter().map(String::as_str).filter(|_| !typed.is_empty());
            let id = std::iter::once(&*row.id).chain(aliases).find(fits)?;
            let help = match &contact.head.company {
                _ if *id != *row.id => format!("{}, now {}", contact.name, row.id),
                Some(company) => format!("{}, {company}", contact.name),
                None => contact.name.clone(),
            };
            Some(CompletionCandidate::new(id).help(Some(help.replace(char::is_control, " ").into())))
        });
        found.truncate(MOST);
        found
    })
}

/// A query: its keys, the values that the settings name, the views.
pub fn query() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy().into_owned();
        let settings = notebook().map(|notebook| notebook.settings().clone()).unwrap_or_default();
        terms(&typed, &settings).into_iter().take(MOST).map(CompletionCandidate::new).collect()
    })
}

/// Handles of the team.
pub fn handles() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy().into_owned();
        let Some(notebook) = notebook() else { return Vec::new() };
        let team = notebook.settings().team.iter().filter(|member| member.handle.starts_with(&typed));
        team.map(|member| {
            CompletionCandidate::new(member.handle.clone()).help(member.name.clone().map(Into::into))
        })
        .collect()
    })
}

/// Channels.
pub fn channels() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy().into_owned();
        let settings = notebook().map(|notebook| notebook.settings().clone()).unwrap_or_default();
        let names = settings.channel_names().filter(|name| name.starts_with(&typed));
        names.map(CompletionCandidate::new).collect()
    })
}

/// The terms of a query that begin as typed.
fn terms(typed: &str, settings: &Settings) -> Vec<String> {
    let negated = typed.strip_prefix('-');
    let (not, bare) = (if negated.is_some() { "-" } else { "" }, negated.unwrap_or(typed));
    let all: BTreeSet<String> = match bare.split_once(':') {
        None => {
            let views = settings.views.iter().map(|(name, _)| format!("@{name}"));
            query::keys().map(|key| format!("{key}:")).chain(views).collect()
        }
        Some((key, _)) => {
            let team = || settings.team.iter().map(|member| member.handle.clone());
            let values: Vec<String> = match key {
                "stage" => settings.stages.all().map(str::to_owned).collect(),
                "owner" => team().chain(["me".to_owned()]).collect(),
                "channel" | "prefers.channel" | "next.via" => {
                    settings.channel_names().map(str::to_owned).collect()
                }
                "kind" => ["person", "org"].map(str::to_owned).into(),
                "due" | "last" | "reached" => ["today", "yesterday", "tomorrow"].map(str::to_owned).into(),
                "crack" | "broken" | "overdue" => ["yes", "no"].map(str::to_owned).into(),
                "cadence" => settings.cadences.iter().map(|cadence| cadence.name.clone()).collect(),
                _ => Vec::new(),
            };
            values.into_iter().map(|value| format!("{key}:{value}")).collect()
        }
    };
    all.into_iter().filter(|term| term.starts_with(bare)).map(|term| format!("{not}{term}")).collect()
}

fn today() -> Date {
    Date::from_chrono(Local::now().date_naive())
}

/// The notebook that the half-typed command line is about.
fn notebook() -> Option<Notebook> {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let said = typed.iter().enumerate().find_map(|(at, word)| match word.to_str()? {
        "--dir" => typed.get(at + 1).map(PathBuf::from),
        word => word.strip_prefix("--dir=").map(PathBuf::from),
    });
    let root = said.or_else(|| variable("TICKLER_DIR").map(PathBuf::from)).or_else(|| {
        let here = std::env::current_dir().ok()?;
        Notebook::find(&here).or_else(|| UserConfig::load().ok()?.notebook)
    })?;
    Notebook::open(&root).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_completed_term_by_term() {
        let settings = Settings { views: vec![("hot".into(), "value>1".into())], ..Settings::default() };
        assert_eq!(terms("stage:p", &settings), ["stage:proposal"]);
        assert_eq!(terms("-stage:w", &settings), ["-stage:won"]);
        assert_eq!(terms("@", &settings), ["@hot"]);
        assert!(terms("ho", &settings).contains(&"hot_button:".to_owned()));
        assert_eq!(terms("company:x", &settings), [""; 0]);
    }
}
