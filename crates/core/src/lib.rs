//! The notebook: contacts in Markdown files, and the questions one asks of them.
//!
//! Rooms, ground floor first: words ([`date`], [`period`], [`english`], [`contact`],
//! [`settings`], [`fold`], [`identity`]), paper ([`file`]),
//! questions ([`follow_up`], [`query`], [`reasons`], [`ties`], [`likeness`](mod@likeness), [`brief`](mod@brief), [`report`], [`describe`](mod@describe)),
//! [`exchange`] with other formats, cellar ([`notebook`], [`git`]), roof ([`verbs`], [`wire`], [`answer`],
//! [`check`](mod@check)). `docs/architecture.md` says what
//! each may use.

pub mod answer;
pub mod brief;
pub mod check;
pub mod contact;
pub mod date;
pub mod describe;
pub mod english;
pub mod exchange;
pub mod file;
pub mod fold;
pub mod follow_up;
pub mod git;
pub mod hours;
pub mod identity;
pub mod likeness;
pub mod merge;
pub mod notebook;
pub mod period;
pub mod problem;
pub mod query;
pub mod reasons;
pub mod report;
pub mod settings;
pub mod sync;
pub mod ties;
pub mod verbs;
pub mod wire;
