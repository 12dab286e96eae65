//! Fields of forms, filled in as a person fills them in.

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::json;

use super::Browser;

/// Where the fields of a name are, in a form.
const SELECTOR: &str = "[name=";

/// A field: all controls of one name in what a selector finds.
#[derive(Debug)]
pub struct Field<'b> {
    browser: &'b Browser,
    css: String,
}

impl Browser {
    /// The field of a name within what a selector finds, such as `form[action$="/log"]`.
    pub fn field(&self, within: &str, name: &str) -> Field<'_> {
        Field { browser: self, css: format!("{within} {SELECTOR}\"{name}\"]:not([type=hidden])") }
    }

    /// Opens all that the first match of a selector is folded in.
    #[track_caller]
    pub(super) fn unfold(&self, css: &str) {
        let folded = "const one = document.querySelector(arguments[0]); \
                      const fold = one && one.parentElement.closest('details:not([open])'); \
                      if (!fold || one.matches('summary') && one.parentElement === fold && \
                          !fold.parentElement.closest('details:not([open])')) return null; \
                      let last = fold; \
                      for (let next = fold; next; next = next.parentElement.closest('details:not([open])')) last = next; \
                      const summary = last.querySelector('summary'); \
                      summary.scrollIntoView({ block: 'center' }); return summary";
        while let Some(id) = self.script(folded, &[css.into()]).as_object().and_then(reference) {
            let summary = Element::from_element_id(self.client.clone(), id.into());
            self.done("a fold", summary.click());
        }
    }
}

impl Field<'_> {
    /// Fills it in: types a text, picks an option or a button of that value or those words, ticks a box.
    ///
    /// # Panics
    /// Where there is no such field, or nothing of that value.
    #[track_caller]
    pub fn fill(&self, value: &str) {
        self.browser.unfold(&self.css);
        let element = self.browser.done(&self.css, self.browser.client.find(Locator::Css(&self.css)));
        let kind = self.browser.script(
            "const one = document.querySelector(arguments[0]); return one.type",
            &[self.css.as_str().into()],
        );
        match kind.as_str().unwrap_or_default() {
            "select-one" => self.pick(value),
            "radio" | "checkbox" => self.tick(value),
            _ => {
                self.browser.done(&self.css, element.clear());
                self.browser.done(&self.css, element.send_keys(value));
            }
        }
    }

    /// What it holds.
    #[track_caller]
    pub fn value(&self) -> String {
        let read = "const all = [...document.querySelectorAll(arguments[0])]; \
                    const one = all.find((one) => one.checked) || all[0]; return one ? one.value : null";
        let value = self.browser.script(read, &[self.css.as_str().into()]);
        match value.as_str() {
            Some(value) => value.to_owned(),
            None => panic!("there is no field {}", self.css),
        }
    }

    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        self.browser.has(&self.css)
    }

    fn pick(&self, value: &str) {
        let option = "const all = [...document.querySelector(arguments[0]).options]; \
                      const at = all.findIndex((one) => one.value === arguments[1] || one.label.trim() === arguments[1]); \
                      return at";
        let at =
            self.browser.script(option, &[self.css.as_str().into(), value.into()]).as_i64().unwrap_or(-1);
        let Ok(at) = usize::try_from(at) else { panic!("{} has no option {value}", self.css) };
        let element = self.browser.done(&self.css, self.browser.client.find(Locator::Css(&self.css)));
        self.browser.done(&self.css, element.select_by_index(at));
    }

    /// Clicks the button or box of that value, or of a label of those words.
    fn tick(&self, value: &str) {
        let find = "const all = [...document.querySelectorAll(arguments[0])]; \
                    return all.find((one) => one.value === arguments[1] || \
                        [...one.labels].some((label) => label.innerText.trim() === arguments[1])) || null";
        let found = self.browser.script(find, &[json!(self.css), json!(value)]);
        let Some(id) = found.as_object().and_then(reference) else { panic!("{} has no {value}", self.css) };
        // A box that is drawn by its label is clicked there.
        let place = "const one = arguments[0]; const box = one.getBoundingClientRect(); \
                     return box.width > 3 && getComputedStyle(one).opacity !== '0' ? one : one.labels[0] || one";
        let shown = self.browser.script(place, std::slice::from_ref(&found));
        let id = shown.as_object().and_then(reference).unwrap_or(id);
        let element = Element::from_element_id(self.browser.client.clone(), id.into());
        self.browser.done(&self.css, element.click());
    }
}

/// The name that a driver gives to an element.
fn reference(element: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    element.values().next()?.as_str().map(str::to_owned)
}
