//! Lists: who is due, who would be forgotten, the contacts, what is wrong.

use std::sync::Arc;

use tickler_core::answer::{self, Facts, Lens, Rank, cell, crack_rows, due_rows, search, unknown};
use tickler_core::check::check;
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::period::Period;
use tickler_core::query::{self, Query};
use tickler_core::wire::{ContactRow, CrackRow, CracksReport, DueReport, DueRow, ProblemRow};
use warp::http::header::LINK;

use super::answer::{Answer, not_modified};
use super::fields::{Fields, LINE, SHORT};
use super::versions;
use crate::asked::Asked;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// How many contacts are listed where nothing is said, and at most.
const PAGE: usize = 1_000;
const MOST: usize = 10_000;

/// `GET due`: who is due.
pub async fn due(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.answer(|seat| {
        let mut fields = Fields::of_query(&seat.asked.query)?;
        let query = query(&mut fields, seat);
        let within = fields.read::<Period>("within");
        let (all, mine, now) = (fields.flag("all"), fields.flag("mine"), fields.flag("now"));
        let limit = fields.number("limit", usize::MAX);
        if mine && seat.me.is_none() {
            let hint = "a member of the team in tickler.toml has your name or your address";
            fields.wrong("mine", "nobody of the team is known to be you", Some(hint.to_owned()));
        }
        fields.done()?;
        let version = versions::of_view(&seat.view);
        // What depends on the hour has no version but its bytes.
        if !now && versions::is_known(&seat.asked, &version) {
            return Ok(not_modified(&version));
        }
        let (settings, today) = (seat.settings(), seat.view.tip.today());
        let until = match within {
            _ if all => None,
            Some(period) => Some(period.after(today, &settings.calendar)),
            None => Some(today),
        };
        let lens = Lens {
            me: seat.me.clone().filter(|_| mine),
            now: now.then(|| seat.server.clock.now()),
            today,
            until,
            settings,
        };
        let survey = seat.view.tip.survey();
        let (due, cracks) = if query.is_empty() && !lens.is_partial() && until == Some(today) {
            let lists = seat.view.lists();
            let rows = lists.due.iter().take(limit.unwrap_or(usize::MAX));
            (rows.map(|row| DueRow::clone(row)).collect(), lists.cracks.len())
        } else {
            due_rows(&survey, &query, &lens, limit)
        };
        let problems = survey.problems().into_iter().map(Into::into).collect();
        let answer = Answer::json(&DueReport { today, due, cracks, problems })?;
        Ok(if now { answer.read_by(&seat.asked) } else { answer.version(version).reply() })
    })
    .await
}

/// `GET cracks`: open contacts that nothing will ever bring back.
pub async fn cracks(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.answer(|seat| {
        let mut fields = Fields::of_query(&seat.asked.query)?;
        let query = query(&mut fields, seat);
        fields.done()?;
        of_view(seat, || {
            let today = seat.view.tip.today();
            let cracks = match query.is_empty() {
                true => seat.view.lists().cracks.iter().map(|row| CrackRow::clone(row)).collect(),
                false => crack_rows(&seat.view.tip.survey(), &query),
            };
            Answer::json(&CracksReport { today, cracks })
        })
    })
    .await
}

/// `GET problems`: all that is wrong in the notebook.
pub async fn problems(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.answer(|seat| {
        Fields::of_query(&seat.asked.query)?.done()?;
        of_view(seat, || {
            let survey = seat.view.tip.survey();
            let report = check(&survey, &context(seat), false, &|_| ());
            let rows: Vec<ProblemRow> = report.problems.into_iter().map(Into::into).collect();
            Answer::json(&rows)
        })
    })
    .await
}

/// `GET report`: the figures.
pub async fn report(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.answer(|seat| {
        let mut fields = Fields::of_query(&seat.asked.query)?;
        let query = query(&mut fields, seat);
        let said = fields.text("since", SHORT);
        let since = said.map(|text| answer::since(&text, &seat.desk().now())).transpose();
        let since = since.unwrap_or_else(|misread| {
            fields.misread("since", &misread);
            None
        });
        fields.done()?;
        of_view(seat, || match (query.is_empty(), since) {
            (true, None) => Answer::json(seat.view.boards.report(&seat.view.tip)),
            _ => Answer::json(&answer::report(&seat.view.tip.survey(), &query, since)),
        })
    })
    .await
}

/// `GET contacts`: those that a query fits, some at a time.
pub async fn contacts(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.answer(|seat| {
        let mut fields = Fields::of_query(&seat.asked.query)?;
        let survey = seat.view.tip.survey();
        let query = query(&mut fields, seat);
        let sort = fields.text("sort", SHORT);
        let order = Order::of(sort.as_deref().unwrap_or("name"));
        if sort.is_some()
            && let Some(refusal) = unknown(&order.key, &survey)
        {
            fields.made::<()>("sort", Err(refusal));
        }
        let limit = fields.number("limit", MOST).unwrap_or(PAGE);
        let after = fields.text("after", LINE);
        if let Some(id) = after.as_deref().filter(|id| survey.find(id).is_none()) {
            let hint = "it is gone meanwhile; begin without `after`";
            fields.wrong("after", format!("there is no contact \"{id}\""), Some(hint.to_owned()));
        }
        fields.done()?;
        of_view(seat, || {
            let found = order.sorted(&survey, &query, after.as_deref());
            let rest = found.len() > limit;
            let indexes = &found[..limit.min(found.len())];
            let mut answer = list(&survey, indexes)?;
            if let Some(last) = indexes.last().filter(|_| rest) {
                answer = answer.with(LINK, next_page(seat, &survey.id(*last))?);
            }
            Ok(answer)
        })
    })
    .await
}

/// An answer that the notebook as it is gives today; nothing of it where the asker has it.
fn of_view(seat: &Seat, make: impl FnOnce() -> Result<Answer, Refusal>) -> Result<Reply, Refusal> {
    let version = versions::of_view(&seat.view);
    if versions::is_known(&seat.asked, &version) {
        return Ok(not_modified(&version));
    }
    Ok(make()?.version(version).reply())
}

/// The query of the field `q`; everybody where it says nothing.
fn query(fields: &mut Fields, seat: &Seat) -> Query {
    let everybody = || Query::everybody(seat.view.tip.today());
    let Some(text) = fields.text("q", LINE) else { return everybody() };
    Query::parse(&text, &context(seat)).unwrap_or_else(|error| {
        fields.wrong("q", error.to_string(), error.hint.clone());
        everybody()
    })
}

fn context(seat: &Seat) -> query::Context<'_> {
    query::Context { settings: seat.settings(), today: seat.view.tip.today(), me: seat.me.as_deref() }
}

/// By what a list is in order.
struct Order {
    key: String,
    down: bool,
}

impl Order {
    /// A key, with `-` before it the other way round.
    fn of(text: &str) -> Order {
        let (key, down) = match text.trim().strip_prefix('-') {
            Some(key) => (key, true),
            None => (text, false),
        };
        Order { key: key.trim().to_lowercase(), down }
    }

    /// Whom the query fits, in this order; only those behind that contact where one is named.
    fn sorted(&self, survey: &Survey<'_>, query: &Query, after: Option<&str>) -> Vec<usize> {
        let settings = survey.notebook().settings();
        let mut found = search(survey, query, Parts::ALL, |row, subject| {
            let (contact, assessment) = (subject.contact(), subject.assessment());
            let file = if self.key == "file" { survey.path(row.index) } else { String::new() };
            let facts = Facts { contact, assessment, settings, file: &file };
            Some((Rank::of(cell(&self.key, facts)), row.id.clone().into_owned(), row.index))
        });
        found.sort_by(|a, b| a.0.compare(&b.0, self.down).then_with(|| a.1.cmp(&b.1)));
        let from = after.map_or(0, |id| self.behind(survey, id, &found));
        found.into_iter().skip(from).map(|(.., index)| index).collect()
    }

    /// Where those begin that come after a contact, which may not be among them any more.
    fn behind(&self, survey: &Survey<'_>, id: &str, found: &[(Rank, String, usize)]) -> usize {
        let Some(index) = survey.find(id) else { return 0 };
        let settings = survey.notebook().settings();
        let contact = survey.contact(index, Parts::ALL);
        let assessment = assess(&contact, settings, survey.today());
        let file = survey.path(index);
        let facts = Facts { contact: &contact, assessment: &assessment, settings, file: &file };
        let rank = Rank::of(cell(&self.key, facts));
        found.partition_point(|(other, other_id, _)| {
            other.compare(&rank, self.down).then_with(|| other_id.as_str().cmp(id)).is_le()
        })
    }
}

/// An array of contacts, made on every core.
fn list(survey: &Survey<'_>, indexes: &[usize]) -> Result<Answer, Refusal> {
    let settings = survey.notebook().settings();
    let rows = survey.each(indexes, |index| {
        let contact = survey.contact(*index, Parts::ALL);
        let assessment = assess(&contact, settings, survey.today());
        Answer::json(&ContactRow::new(&contact, &assessment, settings, survey.path(*index)))
    });
    let rows = rows.into_iter().map(|row| row.map(|row| row.body)).collect::<Result<Vec<_>, _>>()?;
    Ok(Answer::of_bytes([b"[", rows.join(&b","[..]).as_slice(), b"]"].concat()))
}

/// Where the list goes on (RFC 8288): the same address behind that contact.
fn next_page(seat: &Seat, last: &str) -> Result<String, Refusal> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&seat.asked.query).map_err(|_| Refusal::Internal)?;
    let mut pairs: Vec<(String, String)> = pairs.into_iter().filter(|(name, _)| name != "after").collect();
    pairs.push(("after".to_owned(), last.to_owned()));
    let query = serde_urlencoded::to_string(pairs).map_err(|_| Refusal::Internal)?;
    Ok(format!("</{}/api/v1/contacts?{query}>; rel=\"next\"", seat.notebook))
}
