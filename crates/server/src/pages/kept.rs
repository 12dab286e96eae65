//! A form whose session was over when it was sent: what it held is kept, so that nobody types it again.

use maud::{Markup, html};

use super::form::TOKEN;
use super::problem::bare;

/// What a form holds, as names and values.
pub type Fields = [(String, String)];

/// Fields that people did not type.
const HIDDEN: [&str; 5] = [TOKEN, "base", "once", "back", "id"];

/// Asks somebody who is logged in to send it once more. `to` is where it was to go, `own` what the session's forms
/// show.
pub fn again(to: &str, fields: &Fields, own: &str) -> Markup {
    let title = "Please send this once more";
    let main = html! {
        h1 { (title) }
        p { "You logged in again since the page with this form was opened, so it was not taken yet. Nothing is lost." }
        form method="post" action=(to) {
            input type="hidden" name=(TOKEN) value=(own);
            @for (name, value) in fields.iter().filter(|(name, _)| name != TOKEN) {
                input type="hidden" name=(name) value=(value);
            }
            (typed(fields))
            button type="submit" { "Send it" }
        }
    };
    bare(title, &main)
}

/// What was typed, to look at.
pub fn typed(fields: &Fields) -> Markup {
    let typed = || {
        let told =
            |(name, value): &&(String, String)| !HIDDEN.contains(&name.as_str()) && !value.trim().is_empty();
        fields.iter().filter(told)
    };
    html! {
        @if typed().next().is_some() {
            div.card {
                dl.facts {
                    @for (name, value) in typed() {
                        dt { (label(name)) }
                        dd.typed { (value) }
                    }
                }
            }
        }
    }
}

/// What a field is called on its page, as far as its name does not say it.
fn label(name: &str) -> String {
    let words = match name {
        "on" => "When",
        "text" => "What you wrote",
        "how" => "How it went",
        "next" => "Next step",
        "mine" => "Promised",
        "theirs" => "They promised",
        "via" => "By",
        "for" => "For which device",
        name => &name.replace(['-', '_'], " "),
    };
    words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect()
}

/// The fields as one text, for a field of another form.
pub fn packed(fields: &Fields) -> String {
    let own = fields.iter().filter(|(name, _)| name != TOKEN).collect::<Vec<_>>();
    serde_json::to_string(&own).unwrap_or_default()
}

/// The fields that [`packed`] made a text of; none where it is another one.
pub fn unpacked(text: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<(String, String)> {
        [
            (TOKEN, "old"),
            ("text", "\r\n<b> & \"more\"\r\nlines"),
            ("via", "phone"),
            ("base", "1234"),
            ("on", " "),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    #[test]
    fn all_that_was_typed_comes_back_and_the_old_word_does_not() {
        let kept = unpacked(&packed(&fields())).unwrap();
        assert_eq!(kept, fields()[1..]);
        assert_eq!(unpacked("text=1"), None);
        let page = again("/main/contacts/jane/log", &fields(), "new").into_string();
        assert!(page.contains("action=\"/main/contacts/jane/log\""));
        assert!(page.contains("value=\"new\"") && !page.contains("value=\"old\""));
        assert!(
            page.contains("name=\"text\" value=\"\r\n&lt;b&gt; &amp; &quot;more&quot;\r\nlines\""),
            "{page}"
        );
        assert!(page.contains("name=\"base\" value=\"1234\""));
    }

    #[test]
    fn people_see_what_they_typed_and_nothing_else() {
        let shown = typed(&fields()).into_string();
        assert_eq!(shown.matches("<dt>").count(), 2, "{shown}");
        assert!(shown.contains("<dt>By</dt>") && shown.contains("phone") && !shown.contains("1234"));
        assert_eq!(typed(&fields()[..1]).into_string(), "");
    }
}
