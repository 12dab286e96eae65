//! Pictures of all pages of the worked example, on a phone and on a table, in light and dark:
//! `cargo run -p tickler-tests --bin shots -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs};

use tickler_tests::Browser;
use tickler_tests::browser::{PAGES, Theme, WIDTHS, office};

fn main() -> std::io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("shots"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    let serving = office("shots");
    let browser = Browser::new(&serving, "shots");
    let all = |pages: &[(&str, &str)]| {
        for (name, path) in pages {
            for theme in Theme::ALL {
                for width in WIDTHS {
                    browser.look(width, theme);
                    browser.goto(path);
                    let file = folder.join(format!("{name}-{width}-{}.png", theme.as_str()));
                    fs::write(file, browser.picture())?;
                }
            }
        }
        Ok(())
    };
    all(&[("login", "/login")])?;
    browser.log_in(serving.token("sam"), "/main/");
    let done = all(&PAGES);
    // A page that is not there is no complaint here.
    browser.complaints();
    done
}
