//! The notebook: contacts in Markdown files, and the questions one asks of them.
//!
//! Rooms, ground floor first: words ([`date`], [`period`], [`contact`], [`settings`]), paper ([`file`]),
//! questions ([`follow_up`], [`query`]), cellar ([`notebook`], [`git`]), roof ([`wire`], [`error`]).
//! `docs/architecture.md` says what each may use.

pub mod contact;
pub mod date;
pub mod file;
pub mod follow_up;
pub mod git;
pub mod hours;
pub mod notebook;
pub mod period;
pub mod problem;
pub mod query;
pub mod settings;
pub mod wire;
