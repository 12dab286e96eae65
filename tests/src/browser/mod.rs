//! A real browser, headless, used as a person uses one: pages are opened, read, typed into and clicked.

mod command;
mod driver;
mod field;
mod pages;

use std::fmt::Display;
use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{Serving, binaries};
use command::Extension;
use driver::Driver;

pub use pages::{DAY, PAGES, Page, office, visit};

/// How long a page may take until it is as it should be, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(40);

/// What is darker than the screen, or lighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: [Theme; 2] = [Theme::Light, Theme::Dark];

    /// As style sheets call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A phone's screen, and a table's.
pub const WIDTHS: [u32; 2] = [360, 1280];

/// A browser with no past, at a server. When it is dropped, all that it asked for was the server's, and its console
/// holds no complaint that the test did not take out; where the test failed, the page is kept as a picture.
#[derive(Debug)]
pub struct Browser {
    runtime: Runtime,
    client: Client,
    base: String,
    name: String,
    _driver: Driver,
}

impl Browser {
    /// One on a screen of 1280 pixels in light; `name` tells it from those of other tests.
    ///
    /// # Panics
    /// Where no browser starts.
    pub fn new(serving: &Serving, name: &str) -> Browser {
        let driver = Driver::start(name);
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime: {error}"),
        };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        if let Value::Object(wishes) = wishes() {
            builder.capabilities(wishes);
        }
        let client = match runtime.block_on(builder.connect(&driver.url())) {
            Ok(client) => client,
            Err(error) => panic!("no browser: {error}"),
        };
        let base = format!("http://{}", serving.address());
        let browser = Browser { runtime, client, base, name: name.to_owned(), _driver: driver };
        browser.look(WIDTHS[1], Theme::Light);
        browser
    }

    /// On a screen of that width, in that theme.
    pub fn look(&self, width: u32, theme: Theme) {
        let is_phone = width < 500;
        let height = if is_phone { 740 } else { 800 };
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone});
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
        let features = json!([
            {"name": "prefers-color-scheme", "value": theme.as_str()},
            // What moves would be caught half way.
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Runs no script of any page from now on.
    pub fn without_scripts(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true}));
    }

    /// Opens a page of the server, by its path.
    #[track_caller]
    pub fn goto(&self, path: &str) {
        self.done(path, self.client.goto(&format!("{}{path}", self.base)));
    }

    /// Goes back to the page before.
    #[track_caller]
    pub fn back(&self) {
        self.done("back", self.client.back());
    }

    /// Logs in by the form, where a user wants to go.
    #[track_caller]
    pub fn log_in(&self, token: &str, path: &str) {
        self.goto(path);
        self.field("form", "token").fill(token);
        self.leave("the login", || self.click("form button[type=submit], form button:not([type])"));
        assert_eq!(self.path(), path, "the login leads where one wanted to go");
    }

    /// The path of the page that is open, and what follows it.
    #[track_caller]
    pub fn path(&self) -> String {
        let url = self.done("the address", self.client.current_url());
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }

    /// Clicks what a CSS selector finds first, after opening what it is folded in.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.unfold(css);
        // As a person does with what is below a bar at the edge of a phone.
        self.script(
            "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })",
            &[css.into()],
        );
        let element = self.done(css, self.client.find(Locator::Css(css)));
        self.done(css, element.click());
    }

    /// Clicks a link, a button or a summary by its words.
    #[track_caller]
    pub fn click_words(&self, words: &str) {
        let path = format!(
            "//*[self::a or self::button or self::summary][normalize-space(.)=\"{words}\" or @aria-label=\"{words}\"]"
        );
        let element = self.done(words, self.client.find(Locator::XPath(&path)));
        self.done(words, element.click());
    }

    /// Does something that opens another page, and waits until that is there.
    #[track_caller]
    pub fn leave(&self, what: &str, act: impl FnOnce()) {
        let before = self.script("return performance.timeOrigin", &[]);
        act();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let now = self.runtime.block_on(
                self.client.execute("return [performance.timeOrigin, document.readyState]", Vec::new()),
            );
            // Between two pages there is none to ask.
            if now.is_ok_and(|now| now[0] != before && now[1] == "complete") {
                return;
            }
            std::thread::sleep(LOOK);
        }
        panic!("{what} leads nowhere: {} still shows\n{}", self.path(), self.text());
    }

    /// Presses and releases each of these keys, as [`fantoccini::key::Key`] has them.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let all = strokes.fold(KeyActions::new("keys".to_owned()), KeyActions::then);
        self.done("keys", self.client.perform_actions(all));
    }

    /// What a script gives; it runs beside the page's own policy.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.done(script, self.client.execute(script, arguments.to_vec()))
    }

    /// The same for a script that calls its last argument with what it gives.
    #[track_caller]
    pub fn later(&self, script: &str, arguments: &[Value]) -> Value {
        self.done("a script", self.client.execute_async(script, arguments.to_vec()))
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_for(&self, what: &str, expression: &str) {
        self.wait_within(PATIENCE, what, expression);
    }

    /// The same, for no longer than that.
    #[track_caller]
    pub fn wait_within(&self, patience: Duration, what: &str, expression: &str) {
        let script = format!("return Boolean({expression})");
        let begun = Instant::now();
        while begun.elapsed() < patience {
            let seen = self.runtime.block_on(self.client.execute(&script, Vec::new()));
            if seen.is_ok_and(|seen| seen == true) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        panic!("{what}: not within {patience:?}; {} shows\n{}", self.path(), self.text());
    }

    /// The words of the page, as they are seen.
    #[track_caller]
    pub fn text(&self) -> String {
        self.script("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Whether a CSS selector finds anything.
    #[track_caller]
    pub fn has(&self, css: &str) -> bool {
        self.script("return document.querySelector(arguments[0]) !== null", &[css.into()]) == true
    }

    /// What Chromium's console complains of since this was last asked: errors, what the policy forbade, and what could
    /// not be loaded.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.done("the console", self.client.issue_cmd(Extension::log("browser")));
        let entries = entries.as_array().cloned().unwrap_or_default();
        let serious =
            entries.iter().filter(|entry| ["SEVERE", "WARNING"].iter().any(|one| entry["level"] == *one));
        serious.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// All that was asked for since this was last asked, by address.
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        let entries = self.done("the network", self.client.issue_cmd(Extension::log("performance")));
        let events = entries.as_array().cloned().unwrap_or_default();
        let events = events.iter().filter_map(|entry| {
            let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let event = &event["message"];
            (event["method"] == "Network.requestWillBeSent")
                .then(|| event["params"]["request"]["url"].clone())
        });
        events.filter_map(|url| url.as_str().map(str::to_owned)).collect()
    }

    /// The whole page as a PNG.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let wish = json!({"captureBeyondViewport": true, "format": "png"});
        let shot = self.devtools("Page.captureScreenshot", wish);
        BASE64.decode(shot["data"].as_str().unwrap_or_default().as_bytes()).unwrap_or_default()
    }

    /// A command of the DevTools protocol.
    #[track_caller]
    pub fn devtools(&self, name: &str, parameters: Value) -> Value {
        self.done(name, self.client.issue_cmd(Extension::devtools(name, parameters)))
    }

    /// Waits for something that must work.
    #[track_caller]
    fn done<T, E: Display>(&self, what: &str, work: impl Future<Output = Result<T, E>>) -> T {
        match self.runtime.block_on(work) {
            Ok(result) => result,
            Err(error) => panic!("{what}: {error}"),
        }
    }

    /// Keeps the page that a test failed on.
    fn keep(&self) -> Option<PathBuf> {
        let folder = binaries().join("pages");
        fs::create_dir_all(&folder).ok()?;
        let file = folder.join(format!("{}.png", self.name));
        let wish = json!({"captureBeyondViewport": true, "format": "png"});
        let command = self.client.issue_cmd(Extension::devtools("Page.captureScreenshot", wish));
        let shot = self.runtime.block_on(command).ok()?;
        let bytes = BASE64.decode(shot["data"].as_str()?.as_bytes()).ok()?;
        fs::write(&file, bytes).ok()?;
        Some(file)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let is_failing = std::thread::panicking();
        if is_failing {
            match self.keep() {
                Some(file) => eprintln!("the page as it was: {}", file.display()),
                None => eprintln!("the page could not be kept"),
            }
        }
        let (complaints, requests) =
            if is_failing { Default::default() } else { (self.complaints(), self.requests()) };
        let _ = self.runtime.block_on(self.client.clone().close());
        if !is_failing {
            assert!(complaints.is_empty(), "the console of {}: {complaints:#?}", self.name);
            let own = |url: &String| {
                url.starts_with(&format!("{}/", self.base))
                    || url.starts_with("data:")
                    || url.starts_with("about:")
            };
            assert!(requests.iter().all(own), "{} asked elsewhere: {requests:#?}", self.name);
        }
    }
}

/// How the browser is to be.
fn wishes() -> Value {
    let arguments = [
        "--headless=new",
        // For root, for machines with little shared memory, and for those without a graphics card.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        // A browser whose driver is dead ends.
        "--remote-debugging-pipe",
        "--hide-scrollbars",
        "--lang=en-US",
    ];
    json!({
        "goog:chromeOptions": { "binary": Driver::chromium(), "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    })
}
