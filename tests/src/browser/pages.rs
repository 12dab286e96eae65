//! A server with the worked example on the day of its story, and all its pages.

use crate::{Browser, Serving};

/// The day of the worked example's story.
pub const DAY: &str = "2026-12-03";

/// A page: a short name, and its path.
pub type Page = (&'static str, &'static str);

/// All pages that somebody sees who is logged in, as tests of every page go through them.
pub const PAGES: [Page; 18] = [
    ("today", "/main/"),
    ("today-all", "/main/?all"),
    ("contacts", "/main/contacts"),
    ("contacts-found", "/main/contacts?q=tag%3Ahotel&sort=name"),
    ("contacts-none", "/main/contacts?q=nobody-is-called-so"),
    ("contacts-mistake", "/main/contacts?q=stge%3Awon"),
    ("contact", "/main/contacts/amara-okafor"),
    ("contact-conflict", "/main/contacts/theo-van-der-meer"),
    ("contact-stopped", "/main/contacts/gerald-finch"),
    ("edit", "/main/contacts/amara-okafor/edit"),
    ("history", "/main/contacts/amara-okafor/history"),
    ("new", "/main/new"),
    ("pipeline", "/main/pipeline"),
    ("team", "/main/team"),
    ("report", "/main/report"),
    ("problems", "/main/problems"),
    ("settings", "/main/settings"),
    ("nothing", "/main/contacts/nobody"),
];

/// A server with the worked example; Sam and Pat of its team are editors, and Vera looks on.
///
/// # Panics
/// Where it does not start.
pub fn office(name: &str) -> Serving {
    let mut serving = Serving::with(name, &["--example", "--today", DAY], |_| {});
    for (user, role) in [("sam", "editor"), ("pat", "editor"), ("vera", "viewer")] {
        serving.add_user(user, role);
    }
    serving
}

/// A browser in which a user has logged in, on a page.
///
/// # Panics
/// Where no browser starts, or the login fails.
#[track_caller]
pub fn visit(serving: &Serving, name: &str, user: &str, path: &str) -> Browser {
    let browser = Browser::new(serving, name);
    browser.log_in(serving.token(user), path);
    browser
}
