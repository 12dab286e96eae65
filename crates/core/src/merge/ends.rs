//! What three versions of a text agree on before they are merged: the byte order mark, and how lines end.

use std::borrow::Cow;

/// Three versions of a text that can be merged line by line, and what is done to the result.
#[derive(Debug)]
pub(super) struct Dressed<'t> {
    /// Base, a and b: without byte order mark, and ending with a line end unless empty.
    pub texts: [Cow<'t, str>; 3],
    /// Whether that line end was there before.
    pub is_ended: [bool; 3],
    /// What new lines end with.
    pub ending: &'static str,
    /// The versions were brought to plain line feeds, and the result is to have carriage returns again.
    returns: bool,
    bom: bool,
}

const BOM: char = '\u{feff}';

impl<'t> Dressed<'t> {
    /// Of these versions. All of one style keep each line's own end, so that mixed files stay mixed.
    pub fn of(base: Option<&'t str>, a: &'t str, b: &'t str) -> Dressed<'t> {
        let versions = [base.unwrap_or_default(), a, b];
        let has_bom = versions.map(|text| text.starts_with(BOM));
        let bom = three_way(base.map(|_| &has_bom[0]), &has_bom[1], &has_bom[2], |a, b| a.cmp(b));
        let bare = versions.map(|text| text.strip_prefix(BOM).unwrap_or(text));
        let styles = bare.map(has_returns);
        let [of_base, of_a, of_b] = styles;
        let (of_a, of_b) = (of_a.or(of_b).or(of_base), of_b.or(of_a).or(of_base));
        // With nothing to tell who changed it, plain line feeds are the ones that every program reads.
        let returns = match (of_a, of_b) {
            (Some(a), Some(b)) => *three_way(of_base.as_ref(), &a, &b, |a, b| b.cmp(a)),
            _ => false,
        };
        let is_one = styles.iter().flatten().all(|style| *style == returns);
        let ending = if returns && is_one { "\r\n" } else { "\n" };
        let texts = bare.map(|text| {
            let text = if is_one { Cow::Borrowed(text) } else { plain(text) };
            if text.is_empty() || text.ends_with('\n') {
                text
            } else {
                Cow::Owned(text.into_owned() + ending)
            }
        });
        let is_ended = bare.map(|text| text.is_empty() || text.ends_with('\n'));
        Dressed { texts, is_ended, ending, returns: returns && !is_one, bom: *bom }
    }

    /// The merged text as it is to be written.
    pub fn finish(&self, text: &str) -> String {
        let text = if self.returns { Cow::Owned(text.replace('\n', "\r\n")) } else { Cow::Borrowed(text) };
        [if self.bom { "\u{feff}" } else { "" }, &text].concat()
    }
}

/// Whether most lines end with a carriage return too; none where no line ends.
fn has_returns(text: &str) -> Option<bool> {
    let all = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let returns = memchr::memmem::find_iter(text.as_bytes(), b"\r\n").count();
    (all > 0).then_some(returns * 2 > all)
}

fn plain(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// A value that is merged as one: who changed it has it; where both did, the greater by `order`.
pub(super) fn three_way<'v, T: PartialEq + ?Sized>(
    base: Option<&'v T>,
    a: &'v T,
    b: &'v T,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> &'v T {
    if a == b || base == Some(b) {
        a
    } else if base == Some(a) || order(a, b).is_lt() {
        b
    } else {
        a
    }
}

/// The blank lines between two neighbours, as three versions have them; the longer where both sides changed them. A
/// version in which they are no neighbours has no say.
pub(super) fn gap<'v>(base: Option<&'v str>, a: Option<&'v str>, b: Option<&'v str>) -> Option<&'v str> {
    match (a, b) {
        (Some(a), Some(b)) => Some(three_way(base, a, b, |a, b| (a.len(), a).cmp(&(b.len(), b)))),
        (None, None) => base,
        (one, other) => one.or(other),
    }
}
