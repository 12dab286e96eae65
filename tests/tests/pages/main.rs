//! The pages, as people use them: a real browser on the real server, with the worked example on the day of its story.

mod axe;
mod dead;
mod every_page;
mod finding;
mod keyboard;
mod live;
mod log;
mod login;
mod push;
mod scriptless;
mod today;
mod together;
