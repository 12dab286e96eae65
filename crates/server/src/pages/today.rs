//! Today: whom do I contact, by what, why; and beside it what else there is to know.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, html};
use tickler_core::answer::{Lens, backlog_before, load};
use tickler_core::date::Date;
use tickler_core::wire::DueRow;

use super::frame::{Place, frame};
use super::{today_aside, today_row, words};
use crate::people::Action;
use crate::reply::Refusal;
use crate::routes::Words;
use crate::seat::Seat;
use crate::tips::Due;

/// How many follow-ups are shown at once.
const SHOWN: usize = 50;
/// How many of the old ones are shown where they are folded.
const OLD_SHOWN: usize = 10;
/// Of how many contacts that are somebody else's it is looked up whether something else of them is the visitor's. A
/// notebook that has more is so large that each page would pay for it.
const LOOKED_UP: usize = 100;

/// What is asked for: `?all`, `?older`, `?from=50`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Wish {
    /// Everybody's, not only the visitor's.
    all: bool,
    /// Only those of the backlog.
    older: bool,
    /// The number of the first row that is shown.
    from: usize,
}

impl Wish {
    fn read(query: &str) -> Wish {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
        let from = pairs.iter().find(|(key, _)| key == "from").and_then(|(_, value)| value.parse().ok());
        Wish { all: has("all"), older: has("older"), from: from.unwrap_or(0) }
    }

    fn address(self, seat: &Seat) -> String {
        let mut said = Vec::new();
        said.extend(self.all.then(|| "all".to_owned()));
        said.extend(self.older.then(|| "older".to_owned()));
        said.extend((self.from > 0).then(|| format!("from={}", self.from)));
        let mark = if said.is_empty() { "" } else { "?" };
        format!("/{}/{mark}{}", seat.notebook, said.join("&"))
    }
}

pub fn page(seat: &Seat, _: &Words) -> Result<Markup, Refusal> {
    let wish = Wish::read(&seat.asked.query);
    // All that it depends on but the contacts: the time of day stands beside them, to the minute.
    let minute = seat.server.clock.now().timestamp() / 60;
    let key = format!("{minute} {:?} {} {wish:?}", seat.me, seat.may(Action::Write));
    let main = seat.view.page(key, || content(seat, wish).into_string());
    Ok(frame(seat, Place::Today, "Today", &PreEscaped(main.to_string())))
}

fn content(seat: &Seat, wish: Wish) -> Markup {
    let (lists, today) = (seat.view.lists(), seat.view.tip.today());
    let me = seat.me.as_deref().filter(|_| !wish.all);
    let due = mine(seat, &lists.due, me, today);
    let dates: Vec<Date> = due.iter().map(|row| row.date).collect();
    let before = backlog_before(&dates, today);
    let is_old = |row: &&DueRow| before.is_some_and(|before| row.date < before);
    let (old, fresh): (Vec<&DueRow>, Vec<&DueRow>) = due.iter().map(|row| &**row).partition(is_old);
    let listed = if wish.older { &old } else { &fresh };
    let shown: Vec<&DueRow> = listed.iter().skip(wish.from).take(SHOWN).copied().collect();
    let (overdue, now): (Vec<&DueRow>, Vec<&DueRow>) = shown.iter().partition(|row| row.date < today);
    html! {
        (title(seat, wish, due.len()))
        div.sides {
            div {
                @if due.is_empty() { (nobody(seat, wish)) }
                @if !overdue.is_empty() { (group(seat, if wish.older { "Older ones" } else { "Overdue" }, &overdue)) }
                @if !now.is_empty() { (group(seat, "Today", &now)) }
                (paging(seat, wish, listed.len()))
                @if !wish.older && wish.from == 0 && !old.is_empty() { (folded(seat, wish, &old, before)) }
            }
            section aria-label="What else there is" { (today_aside::aside(seat, me)) }
        }
    }
}

/// The rows that are for `me`, or for nobody in particular, until that day; all of them where there is no `me`.
pub fn mine<'r>(seat: &Seat, rows: &'r [Due], me: Option<&str>, until: Date) -> Vec<Cow<'r, DueRow>> {
    let Some(me) = me else { return rows.iter().map(|row| Cow::Borrowed(&**row)).collect() };
    let (survey, today) = (seat.view.tip.survey(), seat.view.tip.today());
    let lens =
        Lens { me: Some(me.to_owned()), now: None, today, until: Some(until), settings: seat.settings() };
    let mut looked_up = 0;
    let row = |row: &'r DueRow| {
        if row.assignee.as_deref().is_none_or(|assignee| assignee == me) {
            return Some(Cow::Borrowed(row));
        }
        // A promise of the visitor's may stand behind what a colleague is to do first.
        if row.also.iter().all(|also| also.date > until) || looked_up >= LOOKED_UP {
            return None;
        }
        looked_up += 1;
        let (_, _, row) = load(&survey, &lens, survey.find(&row.id)?)?;
        (row.date <= until).then_some(Cow::Owned(row))
    };
    rows.iter().map(|row| &**row).filter_map(row).collect()
}

fn title(seat: &Seat, wish: Wish, due: usize) -> Markup {
    let today = seat.view.tip.today();
    html! {
        div.line {
            h1 { "Today" }
            @if let Some(me) = &seat.me {
                nav.switch aria-label="Whose follow-ups" {
                    a href=(Wish::default().address(seat)) aria-current=[(!wish.all).then_some("true")]
                        title=(format!("@{me}")) { "Mine" }
                    a href=(Wish { all: true, ..Wish::default() }.address(seat))
                        aria-current=[wish.all.then_some("true")] { "Everybody’s" }
                }
            }
        }
        p.dim { (words::long_day(today)) " · " (words::number(due)) " to follow up" }
    }
}

fn nobody(seat: &Seat, wish: Wish) -> Markup {
    let root = format!("/{}", seat.notebook);
    html! {
        div.empty {
            @if seat.view.tip.survey().is_empty() {
                p { "A fresh notebook: nobody is in it yet." }
                @if seat.may(Action::Write) {
                    p { a.button href=(format!("{root}/new")) { "Add the first contact" } }
                }
            } @else if wish.all || seat.me.is_none() {
                p { "Nobody is waiting for you. Enjoy the quiet." }
            } @else {
                p { "Nobody is waiting for you. Enjoy the quiet, or " a href=(format!("{root}/?all")) { "see what others have to do" } "." }
            }
        }
    }
}

fn group(seat: &Seat, title: &str, rows: &[&DueRow]) -> Markup {
    html! {
        section {
            h2 { (title) }
            ol.due { @for row in rows { (today_row::item(seat, row)) } }
        }
    }
}

fn paging(seat: &Seat, wish: Wish, all: usize) -> Markup {
    let earlier = wish.from.checked_sub(1).map(|_| Wish { from: wish.from.saturating_sub(SHOWN), ..wish });
    let later = (wish.from + SHOWN < all).then_some(Wish { from: wish.from + SHOWN, ..wish });
    html! {
        @if earlier.is_some() || later.is_some() {
            nav.paging aria-label="More follow-ups" {
                @if let Some(earlier) = earlier { a.button.second href=(earlier.address(seat)) { "The ones before" } }
                @if let Some(later) = later {
                    a.button.second href=(later.address(seat)) {
                        "Show more" span.dim { " (" (words::number(all - later.from)) " left)" }
                    }
                }
            }
        }
        @if wish.older { p { a href=(Wish { older: false, from: 0, ..wish }.address(seat)) { "Back to today" } } }
    }
}

/// The backlog, which is not shown one by one.
fn folded(seat: &Seat, wish: Wish, old: &[&DueRow], before: Option<Date>) -> Markup {
    let today = seat.view.tip.today();
    let before = before.map(|before| words::day(before, today)).unwrap_or_default();
    html! {
        details.older {
            summary { "And " (words::count(old.len(), "older one", "older ones")) ", from before " (before) }
            ol.due { @for row in old.iter().take(OLD_SHOWN) { (today_row::item(seat, row)) } }
            @if old.len() > OLD_SHOWN {
                p { a href=(Wish { older: true, from: 0, ..wish }.address(seat)) {
                    "All " (words::number(old.len())) " older ones"
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        for (query, wish) in [
            ("", Wish::default()),
            ("all", Wish { all: true, ..Wish::default() }),
            ("all&from=50", Wish { all: true, from: 50, ..Wish::default() }),
            ("older=&from=x", Wish { older: true, ..Wish::default() }),
            ("from=-1&mine", Wish::default()),
        ] {
            assert_eq!(Wish::read(query), wish, "{query}");
        }
    }
}
