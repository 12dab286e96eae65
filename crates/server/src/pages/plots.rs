//! Plots in SVG, drawn by hand: columns over time, and bars that lie.
//!
//! Each is one picture with a title and a description, for those who hear it; the page has the same figures as a
//! table. They are drawn for a phone's width, so that their text is never smaller there than it is meant to be. What
//! is late is striped and not only red, and what is neither good nor late is hollow.

use maud::{Markup, html};

/// The width that all plots are drawn in; about that of a phone.
const WIDE: usize = 320;
/// How high the columns of a plot over time are.
const HIGH: usize = 120;
/// Room above the columns, for the figures on them.
const ABOVE: usize = 20;
/// Room below the columns, for their days.
const BELOW: usize = 20;
/// About how wide a letter of a label is.
const LETTER: f64 = 6.8;
/// How many of them stand in a row, with a space between the name and the figure.
const LETTERS: usize = 44;
/// The height of one bar with its name.
const ROW: usize = 36;
/// The most columns that have their figure on them, and the most labels below.
const MOST_FIGURES: usize = 16;
const MOST_LABELS: usize = 5;

/// What a part of a column or of a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// What is well.
    Good,
    /// What is late.
    Late,
    /// What is open, or did not happen.
    Rest,
}

/// What a picture is called, and what it says in words.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'a> {
    /// A name for it, unique on the page: letters only.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// Its figures in a sentence.
    pub said: &'a str,
}

/// One column: what stands below it, and its parts from the ground up.
pub struct Column {
    pub label: String,
    pub parts: Vec<(Ink, usize)>,
}

/// One bar that lies: what stands above it on the left and on the right, and its parts from the left.
pub struct Bar {
    pub label: String,
    pub figure: String,
    pub parts: Vec<(Ink, usize)>,
}

/// Columns side by side.
pub fn columns(caption: Caption<'_>, columns: &[Column]) -> Markup {
    let most = columns.iter().map(|column| total(&column.parts)).max().unwrap_or(0).max(1);
    let step = WIDE as f64 / columns.len().max(1) as f64;
    let thick = (step * 0.72).min(36.0);
    let longest = columns.iter().map(|column| column.label.chars().count()).max().unwrap_or(0);
    // The last label is pushed to the left by half its width, so labels stand half as wide again apart.
    let apart = (longest as f64 * LETTER * 1.5 + 8.0) / step;
    let every = columns.len().div_ceil(MOST_LABELS).max(apart.ceil() as usize).max(1);
    let all_fit = columns.len() <= MOST_FIGURES && most.to_string().len() as f64 * LETTER <= step;
    let has_figure = |column: &Column| match total(&column.parts) {
        0 => false,
        // Where there is no room for each, the highest one gives the scale.
        count => all_fit || count == most,
    };
    let ground = ABOVE + HIGH;
    let body = html! {
        line.ground x1="0" x2=(WIDE) y1=(ground) y2=(ground) {}
        @for (at, column) in columns.iter().enumerate() {
            @let x = step * at as f64 + (step - thick) / 2.0;
            @let middle = step * (at as f64 + 0.5);
            @for (ink, from, length) in laid(&column.parts, HIGH, most) {
                rect class=(class(ink)) fill=[fill(ink)] x=(short(x)) y=(short(ground as f64 - from - length))
                    width=(short(thick)) height=(short(length)) {}
            }
            @if has_figure(column) {
                text.count x=(short(middle)) y=(short(ground as f64 - HIGH as f64 * total(&column.parts) as f64 / most as f64 - 5.0))
                    text-anchor="middle" { (total(&column.parts)) }
            }
            // The last column is now, and has its name. The others count back from it.
            @if (columns.len() - 1 - at).is_multiple_of(every) {
                @let (x, anchor) = anchored(middle, column.label.chars().count());
                text.axis x=(short(x)) y=(ground + 15) text-anchor=(anchor) { (column.label) }
            }
        }
    };
    picture(caption, ground + BELOW, &body)
}

/// Bars that lie, one below the other, all to one scale.
pub fn bars(caption: Caption<'_>, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| total(&bar.parts)).max().unwrap_or(0).max(1);
    let body = html! {
        @for (at, bar) in bars.iter().enumerate() {
            @let top = at * ROW;
            text.label x="0" y=(top + 14) { (cut(&bar.label, LETTERS.saturating_sub(bar.figure.chars().count()))) }
            text.axis x=(WIDE) y=(top + 14) text-anchor="end" { (bar.figure) }
            @if total(&bar.parts) == 0 { line.ground x1="0.5" x2="0.5" y1=(top + 20) y2=(top + 32) {} }
            @for (ink, from, length) in laid(&bar.parts, WIDE, most) {
                rect class=(class(ink)) fill=[fill(ink)] x=(short(from)) y=(top + 20)
                    width=(short(length)) height="12" {}
            }
        }
    };
    picture(caption, (bars.len() * ROW).max(1), &body)
}

/// A row of small columns in a line of a table.
pub fn spark(caption: Caption<'_>, values: &[usize]) -> Markup {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let step = 112.0 / values.len().max(1) as f64;
    html! {
        svg.spark role="img" viewBox="0 0 112 24" aria-labelledby=(format!("{0}-t {0}-d", caption.id)) {
            title id=(format!("{}-t", caption.id)) { (caption.title) }
            desc id=(format!("{}-d", caption.id)) { (caption.said) }
            line.ground x1="0" x2="112" y1="23.5" y2="23.5" {}
            @for (at, value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
                @let high = (23.0 * *value as f64 / most as f64).max(2.0);
                rect.good x=(short(step * at as f64 + step * 0.12)) y=(short(23.5 - high))
                    width=(short(step * 0.76)) height=(short(high)) {}
            }
        }
    }
}

/// What the inks of a plot mean.
pub fn legend(inks: &[(Ink, &str)]) -> Markup {
    html! {
        ul.legend {
            @for (ink, meaning) in inks {
                li {
                    svg.swatch viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" {
                        rect class=(class(*ink)) fill=[fill(*ink)] x="1" y="1" width="12" height="12" {}
                    }
                    (meaning)
                }
            }
        }
    }
}

/// The stripes that plots are drawn with; once a page, before the first plot.
pub fn stripes() -> Markup {
    html! {
        svg.hidden width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern #stripes width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.stripe-ground width="5" height="5" {}
                    rect.stripe width="2.4" height="5" {}
                }
            }
        }
    }
}

fn picture(caption: Caption<'_>, high: usize, body: &Markup) -> Markup {
    html! {
        svg.plot role="img" viewBox=(format!("0 0 {WIDE} {high}"))
            aria-labelledby=(format!("{0}-t {0}-d", caption.id)) {
            title id=(format!("{}-t", caption.id)) { (caption.title) }
            desc id=(format!("{}-d", caption.id)) { (caption.said) }
            (body)
        }
    }
}

/// Where each part begins and how long it is. A part that is there is seen, however small: the longest one gives way.
fn laid(parts: &[(Ink, usize)], long: usize, most: usize) -> Vec<(Ink, f64, f64)> {
    const LEAST: f64 = 2.0;
    let long = long as f64;
    let mut lengths: Vec<(Ink, f64)> = parts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(ink, count)| (*ink, (long * *count as f64 / most as f64).max(LEAST)))
        .collect();
    let over = lengths.iter().map(|(_, length)| length).sum::<f64>() - long;
    if over > 0.0
        && let Some((_, longest)) = lengths.iter_mut().max_by(|a, b| a.1.total_cmp(&b.1))
    {
        *longest -= over;
    }
    let mut at = 0.0;
    let place = |(ink, length)| {
        let from = at;
        at += length;
        (ink, from, length)
    };
    lengths.into_iter().map(place).collect()
}

fn total(parts: &[(Ink, usize)]) -> usize {
    parts.iter().map(|(_, count)| count).sum()
}

fn class(ink: Ink) -> &'static str {
    match ink {
        Ink::Good => "good",
        Ink::Late => "late",
        Ink::Rest => "rest",
    }
}

fn fill(ink: Ink) -> Option<&'static str> {
    (ink == Ink::Late).then_some("url(#stripes)")
}

/// A label below a column stays within the plot.
fn anchored(middle: f64, letters: usize) -> (f64, &'static str) {
    let half = letters as f64 * LETTER / 2.0;
    if middle < half {
        (0.0, "start")
    } else if middle + half > WIDE as f64 {
        (WIDE as f64, "end")
    } else {
        (middle, "middle")
    }
}

/// At most that many letters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A number of a drawing, to the tenth.
fn short(number: f64) -> String {
    let tenths = format!("{number:.1}");
    tenths.strip_suffix(".0").map_or(tenths.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_their_length_and_no_more() {
        for (parts, most, laid_out) in [
            (&[(Ink::Good, 3), (Ink::Late, 1)][..], 4, &[(0.0, 75.0), (75.0, 25.0)][..]),
            (&[(Ink::Good, 0), (Ink::Late, 2)], 4, &[(0.0, 50.0)]),
            (&[(Ink::Good, 9999), (Ink::Late, 1)], 10_000, &[(0.0, 98.0), (98.0, 2.0)]),
            (&[(Ink::Good, 1), (Ink::Rest, 9999)], 10_000, &[(0.0, 2.0), (2.0, 98.0)]),
            (&[], 1, &[]),
        ] {
            let found: Vec<(f64, f64)> =
                laid(parts, 100, most).into_iter().map(|(_, at, length)| (at, length)).collect();
            let close = |a: f64, b: f64| (a - b).abs() < 0.011;
            assert!(
                found.len() == laid_out.len()
                    && found.iter().zip(laid_out).all(|(a, b)| close(a.0, b.0) && close(a.1, b.1)),
                "{parts:?}: {found:?}"
            );
        }
    }

    #[test]
    fn what_users_wrote_stays_text() {
        let bar = Bar { label: "<script>".into(), figure: "&".into(), parts: vec![(Ink::Good, 1)] };
        let caption = Caption { id: "x", title: "<t>", said: "\"" };
        let drawn = bars(caption, &[bar]).into_string();
        assert!(!drawn.contains("<script>") && !drawn.contains("<t>"), "{drawn}");
        assert!(drawn.contains("&lt;script&gt;"), "{drawn}");
    }

    #[test]
    fn labels_stay_within_the_plot() {
        assert_eq!(anchored(5.0, 6), (0.0, "start"));
        assert_eq!(anchored(160.0, 6), (160.0, "middle"));
        assert_eq!(anchored(310.0, 6), (320.0, "end"));
        assert_eq!((cut("telephone", 5), cut("phone", 5)), ("tele…".to_owned(), "phone".to_owned()));
        assert_eq!((short(3.0), short(3.16), short(0.04)), ("3".into(), "3.2".into(), "0".into()));
    }

    #[test]
    fn no_columns_draw_no_columns() {
        let caption = Caption { id: "x", title: "t", said: "s" };
        assert!(!columns(caption, &[]).into_string().contains("<rect"));
        assert!(!bars(caption, &[]).into_string().contains("<rect"));
    }
}
