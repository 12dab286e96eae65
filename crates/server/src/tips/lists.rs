//! What many ask for of a notebook at one commit, made from what it was at the one before.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use tickler_core::answer::{Candidate, Lens, candidates, crack_rows, load};
use tickler_core::date::Date;
use tickler_core::follow_up::Urgency;
use tickler_core::notebook::{Since, Survey, Tip};
use tickler_core::query::Query;
use tickler_core::wire::{CrackRow, DueRow};

/// How many days ahead the list of what comes looks.
const AHEAD: i64 = 7;
/// Where more than one in so many contacts changed, all is made anew.
const FEW: usize = 8;

/// What many ask for.
pub struct Lists {
    /// Who is due until today, most urgent first.
    pub due: Vec<Due>,
    /// Who comes up in the week after.
    pub coming: Vec<Due>,
    /// Open contacts that nothing will bring back, by id.
    pub cracks: Vec<Arc<CrackRow>>,
}

/// A row of the list of who is due; lists of one commit after the other share it.
#[derive(Clone)]
pub struct Due {
    urgency: Urgency,
    row: Arc<DueRow>,
}

impl Deref for Due {
    type Target = DueRow;

    fn deref(&self) -> &DueRow {
        &self.row
    }
}

impl Lists {
    /// Of that tip.
    pub fn of(tip: &Tip) -> Lists {
        let survey = tip.survey();
        let lens = lens(tip);
        let everybody = Query::everybody(tip.today());
        let (mut found, _) = candidates(&survey, &everybody, &lens);
        found.retain(|candidate| lens.lists(candidate.urgency.date));
        let rows = survey.each(&found, |candidate| due(&survey, &lens, candidate));
        let cracks = crack_rows(&survey, &everybody).into_iter().map(Arc::new).collect();
        Lists::sorted(rows.into_iter().flatten().collect(), cracks, tip.today())
    }

    /// Of a tip that came after the one that these are of.
    pub fn after(&self, earlier: &Tip, tip: &Tip) -> Lists {
        match tip.since(earlier) {
            Some(since) if since.new.len() + since.gone.len() <= tip.survey().len() / FEW => {
                self.but_for(&since, earlier, tip)
            }
            _ => Lists::of(tip),
        }
    }

    fn but_for(&self, since: &Since, earlier: &Tip, tip: &Tip) -> Lists {
        let (survey, lens) = (tip.survey(), lens(tip));
        let old = earlier.survey();
        let gone: HashSet<String> = since.gone.iter().map(|index| old.id(*index).into_owned()).collect();
        let mut rows: Vec<Due> =
            self.due.iter().chain(&self.coming).filter(|row| !gone.contains(&row.id)).cloned().collect();
        let mut cracks: Vec<Arc<CrackRow>> =
            self.cracks.iter().filter(|row| !gone.contains(&row.id)).cloned().collect();
        for &index in &since.new {
            let outlook = survey.outlook(index);
            let urgency = outlook.urgency().filter(|urgency| lens.lists(urgency.date));
            rows.extend(urgency.and_then(|urgency| due(&survey, &lens, &Candidate { index, urgency })));
            if outlook.crack {
                cracks.extend(crack(&survey, index).map(Arc::new));
            }
        }
        cracks.sort_by(|a, b| a.id.cmp(&b.id));
        Lists::sorted(rows, cracks, tip.today())
    }

    /// Sorting is quick where most is in order.
    fn sorted(mut rows: Vec<Due>, cracks: Vec<Arc<CrackRow>>, today: Date) -> Lists {
        rows.sort_by(|a, b| a.urgency.cmp(&b.urgency, today).then_with(|| a.id.cmp(&b.id)));
        let (due, coming) = rows.into_iter().partition(|row| row.date <= today);
        Lists { due, coming, cracks }
    }

    /// How many bytes of memory they take, near enough.
    pub fn bytes(&self) -> usize {
        /// Of the texts of a row.
        const TEXTS: usize = 200;
        (self.due.len() + self.coming.len()) * (size_of::<Due>() + size_of::<DueRow>() + TEXTS)
            + self.cracks.len() * (size_of::<CrackRow>() + TEXTS)
    }
}

/// Everybody's list, until the last day that is listed.
fn lens(tip: &Tip) -> Lens<'_> {
    let today = tip.today();
    let until = Some(today.plus_days(AHEAD));
    Lens { me: None, now: None, today, until, settings: tip.notebook().settings() }
}

fn due(survey: &Survey<'_>, lens: &Lens<'_>, candidate: &Candidate) -> Option<Due> {
    let (_, _, row) = load(survey, lens, candidate.index)?;
    Some(Due { urgency: candidate.urgency, row: Arc::new(row) })
}

fn crack(survey: &Survey<'_>, index: usize) -> Option<CrackRow> {
    let settings = survey.notebook().settings();
    let contact = survey.contact(index, tickler_core::notebook::Parts::ALL);
    let assessment = tickler_core::follow_up::assess(&contact, settings, survey.today());
    assessment.crack.then(|| CrackRow::new(&contact, &assessment, settings))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tickler_core::git::{Person, Store};
    use tickler_core::merge::files::Content;
    use tickler_core::notebook::{Change, Deed, Publishing, Unpublished};

    use super::*;

    fn told(lists: &Lists) -> Vec<String> {
        let rows = lists.due.iter().chain(&lists.coming).map(|row| format!("{:?}", row.row));
        rows.chain(lists.cracks.iter().map(|row| format!("{row:?}"))).collect()
    }

    #[test]
    fn lists_that_follow_are_those_that_are_made_anew() {
        let folder = std::env::temp_dir().join(format!("tickler-lists-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let store = Store::create(&folder).unwrap();
        let text = |n: usize| match n % 4 {
            0 => format!(
                "+++\nname = \"N {n}\"\n[next]\non = 2026-12-{:02}\nwhy = \"call\"\n+++\n",
                n % 28 + 1
            ),
            1 => format!("+++\nname = \"N {n}\"\nstage = \"qualified\"\n+++\n"),
            2 => format!("+++\nname = \"N {n}\"\n[cadence]\nevery = \"{} days\"\n+++\n", n % 9 + 1),
            _ => format!("+++\nname = \"Broken {n}\n+++\n"),
        };
        let new = |text: String| Some(Content::New { bytes: text.into_bytes(), mode: 0o100_644 });
        let mut files: BTreeMap<String, Option<Content>> =
            (0..120).map(|n| (format!("contacts/n-{n:03}.md"), new(text(n)))).collect();
        files.insert("tickler.toml".to_owned(), new(String::new()));
        let tree = store.write_tree(None, &files).unwrap();
        let who = Person { name: "t".to_owned(), email: "t@example.com".to_owned() };
        let first = store.write_commit_as(&tree, &[], (&who, &who), "first\n").unwrap();
        let today = Date::new(2026, 12, 3).unwrap();
        let mut tip = Tip::load(&folder, &first, |_| today).unwrap();
        let mut lists = Lists::of(&tip);
        let counts = (lists.due.len(), lists.coming.len(), lists.cracks.len());
        assert!(counts.0 > 2 && counts.1 > 2 && counts.2 > 2, "{counts:?}");
        let how = Publishing { author: &who, committer: &who, trailers: &[] };
        for step in 0..60_usize {
            let earlier = tip.clone();
            // Some are changed, some go, some come; now and then several at once.
            let changes = (0..step % 3 + 1).map(|n| {
                let number = step * 37 % 130 + n;
                let after = (step % 5 != 4).then(|| text(step + number));
                Change { file: format!("contacts/n-{number:03}.md"), before: None, after }
            });
            let deed = Deed { changes: changes.collect(), ..Deed::default() };
            tip.add(&deed, &how, &mut Unpublished::on(&earlier)).unwrap();
            lists = lists.after(&earlier, &tip);
            assert_eq!(told(&lists), told(&Lists::of(&tip)), "step {step}");
        }
        let earlier = tip.clone();
        tip.renew(today.plus_days(9));
        assert_eq!(told(&lists.after(&earlier, &tip)), told(&Lists::of(&tip)), "another day");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
