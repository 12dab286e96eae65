//! The merged text from the statements of both sides, each as it is written there.

use std::collections::{BTreeMap, BTreeSet};

use super::comments::{comments, merge_lines, weave};
use super::first_stays;
use super::owners::Owners;
use super::page::{Page, Place, Unit};
use super::values::{is_same, stays};
use crate::contact::Value;
use crate::file::edit::pen::Pen;
use crate::merge::order::merge_order;

/// The three versions, and what the merge is to say.
pub(super) struct Assembly<'p, 't> {
    pub base: &'p Page<'t>,
    pub a: &'p Page<'t>,
    pub b: &'p Page<'t>,
    /// The merged values by their key; what is not there has no place.
    pub merged: &'p BTreeMap<String, &'p Value>,
    pub pen: &'p Pen,
}

/// Statements that are to stand in the result.
#[derive(Default)]
struct Chosen {
    /// Of headers, by their place.
    heads: BTreeMap<Place, Text>,
    /// Of pairs and arrays, by their place and key.
    units: BTreeMap<Place, BTreeMap<String, Text>>,
}

/// A statement with what stands above it.
struct Text {
    text: String,
    /// It began the file, so nothing keeps it apart from what now stands before it.
    was_first: bool,
}

type Placed<'p, 't> = (&'p Place, &'p Unit<'t>);

impl<'p, 't> Assembly<'p, 't> {
    /// The text up to its last statement, and what follows that; nothing where the two sides are written in ways
    /// that do not go together.
    pub fn build(&self, owners: &Owners) -> Option<(String, String)> {
        let mut chosen = Chosen::default();
        let units = self.pages().map(Page::units);
        for key in units[1].keys().chain(units[2].keys()).collect::<BTreeSet<_>>() {
            let [base, a, b] = [&units[0], &units[1], &units[2]].map(|units| units.get(key).copied());
            let a = a.filter(|_| owners.may_be_from_a(key));
            let b = b.filter(|_| owners.may_be_from_b(key));
            if let Some(merged) = self.merged.get(*key)
                && (a.is_some() || b.is_some())
            {
                let (place, text) = self.unit(merged, base, a, b)?;
                chosen.units.entry(place.clone()).or_default().insert((*key).to_owned(), text);
            }
        }
        self.choose_heads(owners, &mut chosen);
        Some((self.print(&chosen), merge_lines(self.base.tail, self.a.tail, self.b.tail)))
    }

    fn pages(&self) -> [&'p Page<'t>; 3] {
        [self.base, self.a, self.b]
    }

    /// The statement of the side that says what the merge says; where neither does, it is edited.
    fn unit(
        &self,
        merged: &Value,
        base: Option<Placed<'p, 't>>,
        a: Option<Placed<'p, 't>>,
        b: Option<Placed<'p, 't>>,
    ) -> Option<(&'p Place, Text)> {
        let says_it = |page: &Page<'_>, (_, unit): &Placed<'p, 't>| {
            is_same(page.values.get(&unit.key).copied(), Some(merged))
        };
        let base_body = base.map(|(_, unit)| &*unit.body);
        let ((place, _), body) = match (a.filter(|a| says_it(self.a, a)), b.filter(|b| says_it(self.b, b))) {
            (Some(a), Some(b)) if first_stays(base_body, &a.1.body, &b.1.body) => (a, a.1.body.to_string()),
            (Some(_), Some(only)) | (Some(only), None) | (None, Some(only)) => {
                (only, only.1.body.to_string())
            }
            (None, None) => {
                // The one with more to lose is edited.
                let weight =
                    |placed: &Placed<'p, 't>| (comments(&placed.1.body).len(), placed.1.body.to_string());
                let old = [a, b].into_iter().flatten().max_by_key(weight)?;
                let names: Vec<&str> = old.1.names.iter().map(String::as_str).collect();
                (old, self.pen.set(&old.1.body, &names, merged).ok()?)
            }
        };
        let [base, a, b] = [base, a, b].map(|placed| placed.map(|(_, unit)| unit));
        Some((place, self.text(base, a, b, &body)))
    }

    fn text(&self, base: Option<&Unit<'t>>, a: Option<&Unit<'t>>, b: Option<&Unit<'t>>, body: &str) -> Text {
        let was_first = [a, b].into_iter().flatten().all(|unit| unit.is_first);
        Text { text: weave(base, a, b, body, self.pen.ending), was_first }
    }

    /// A header stays with the pairs below it. One without pairs stays as a line would, where its table is.
    fn choose_heads(&self, owners: &Owners, chosen: &mut Chosen) {
        let heads = self.pages().map(|page| -> BTreeMap<&Place, &Unit<'t>> {
            page.sections.iter().filter_map(|s| Some((&s.place, s.head.as_ref()?))).collect()
        });
        for place in heads[1].keys().chain(heads[2].keys()).collect::<BTreeSet<_>>() {
            let key = place.key();
            let [base, a, b] = [&heads[0], &heads[1], &heads[2]].map(|heads| heads.get(place).copied());
            let a = a.filter(|_| owners.may_be_from_a(key));
            let b = b.filter(|_| owners.may_be_from_b(key));
            let is_table = || matches!(self.merged.get(key), Some(Value::Table(_)));
            let is_meant = || match owners.is_owned(key) {
                true => a.is_some() || b.is_some(),
                false => stays(base.is_some(), a.is_some(), b.is_some()),
            };
            let is_kept = chosen.units.contains_key(*place) || is_table() && is_meant();
            let body = match (a, b) {
                (Some(a), Some(b)) if first_stays(base.map(|base| &*base.body), &a.body, &b.body) => a,
                (Some(_), Some(only)) | (Some(only), None) | (None, Some(only)) => only,
                (None, None) => continue,
            };
            if is_kept {
                chosen.heads.insert((*place).clone(), self.text(base, a, b, &body.body));
            }
        }
    }

    fn print(&self, chosen: &Chosen) -> String {
        let places =
            self.pages().map(|page| page.sections.iter().map(|s| s.place.clone()).collect::<Vec<_>>());
        let units = self.pages().map(|page| -> BTreeMap<&Place, Vec<String>> {
            let keys = |units: &[Unit<'_>]| units.iter().map(|unit| unit.key.clone()).collect();
            page.sections.iter().map(|section| (&section.place, keys(&section.units))).collect()
        });
        let is_chosen = |place: &Place| chosen.heads.contains_key(place) || chosen.units.contains_key(place);
        let mut out = String::new();
        for place in merge_order(&places[0], &places[1], &places[2], is_chosen) {
            if let Some(head) = chosen.heads.get(&place) {
                self.put(&mut out, head);
            }
            let Some(texts) = chosen.units.get(&place) else { continue };
            let [base, a, b] = [&units[0], &units[1], &units[2]]
                .map(|units| units.get(&place).map(Vec::as_slice).unwrap_or_default());
            for key in merge_order(base, a, b, |key| texts.contains_key(key)) {
                match place {
                    Place::Array(_) => self.put(&mut out, &texts[&key]),
                    _ => self.put(&mut out, &Text { was_first: false, text: texts[&key].text.clone() }),
                }
            }
        }
        out
    }

    /// Adds a statement. A header that is no longer the first stands apart; blank lines before what now is the first
    /// go, unless a side begins with one.
    fn put(&self, out: &mut String, new: &Text) {
        let is_blank = |text: &str| text.starts_with(['\n', '\r']);
        if out.is_empty() {
            let is_meant =
                [self.a, self.b].iter().any(|page| page.all().next().is_some_and(|unit| is_blank(unit.lead)));
            out.push_str(if is_meant { &new.text } else { new.text.trim_start_matches(['\n', '\r']) });
            return;
        }
        if new.was_first && !is_blank(&new.text) {
            out.push_str(self.pen.ending);
        }
        out.push_str(&new.text);
    }
}
