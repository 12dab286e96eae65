//! Whole answers from a survey, as both faces give them: whom a query fits, the due list, the cracks, the brief, the
//! calendar, the columns of a list, the figures, what is to be settled, who may be there twice.

mod briefs;
mod calendar;
mod columns;
mod cracks;
mod due;
mod dupes;
mod leaving;
mod report;
mod search;
mod unsettled;

pub use briefs::{Asked, briefs};
pub use calendar::{Feed, calendar};
pub use columns::{Cell, Facts, Rank, cell, names, unknown};
pub use cracks::crack_rows;
pub use due::{Candidate, Lens, backlog_before, candidates, due_rows, load, order, sort};
pub use dupes::dupes;
pub use leaving::{Leaving, leaving};
pub use report::{report, since};
pub use search::search;
pub use unsettled::unsettled;
