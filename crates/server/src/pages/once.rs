//! Forms that were sent: a form that comes twice, by a double click or a reload, is done once, and the second answer is
//! as the first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::reply::Refusal;

/// The field of a form that tells it from the same form at another time.
pub const FIELD: &str = "once";
/// How many forms are remembered; the oldest make room.
const MOST: usize = 4096;

/// What a form came to, for the page that is shown then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// What was done, as it was understood: whole sentences.
    pub said: Vec<String>,
    /// What speaks against it.
    pub cautions: Vec<String>,
}

/// The forms of the last while.
#[derive(Debug, Default)]
pub struct Once {
    all: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    cells: HashMap<String, Arc<OnceCell<Done>>>,
    order: VecDeque<String>,
}

impl Once {
    /// Does what a form asks for, unless the very same form was done already. Whoever sends it while it is being done
    /// waits for that. A form that was refused may be sent again.
    ///
    /// # Errors
    /// What `work` says.
    pub async fn run(
        &self,
        key: &str,
        work: impl Future<Output = Result<Done, Refusal>>,
    ) -> Result<Done, Refusal> {
        let cell = self.cell(key);
        cell.get_or_try_init(|| work).await.cloned()
    }

    /// What a form came to, where it is remembered.
    pub fn find(&self, key: &str) -> Option<Done> {
        let table = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        table.cells.get(key).and_then(|cell| cell.get().cloned())
    }

    fn cell(&self, key: &str) -> Arc<OnceCell<Done>> {
        let mut table = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = table.cells.get(key) {
            return Arc::clone(cell);
        }
        while table.order.len() >= MOST {
            let Some(oldest) = table.order.pop_front() else { break };
            table.cells.remove(&oldest);
        }
        let cell = Arc::new(OnceCell::new());
        table.order.push_back(key.to_owned());
        table.cells.insert(key.to_owned(), Arc::clone(&cell));
        cell
    }
}

/// The name of a form that was sent: who sent it, to where, and all that it says. Somebody who goes back, changes a
/// word and sends it again means another deed.
pub fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_comes_twice_is_done_once() {
        let (once, count) = (Once::default(), AtomicU32::new(0));
        let work = || async {
            tokio::task::yield_now().await;
            let number = count.fetch_add(1, Ordering::Relaxed);
            Ok(Done { said: vec![number.to_string()], cautions: Vec::new() })
        };
        let (one, two) = tokio::join!(once.run("a", work()), once.run("a", work()));
        assert_eq!((one.clone().unwrap(), two), (once.find("a").unwrap(), one));
        assert_eq!(once.run("b", work()).await.unwrap().said, ["1"]);
    }

    #[tokio::test]
    async fn what_was_refused_may_come_again() {
        let once = Once::default();
        assert!(once.run("a", async { Err(Refusal::Internal) }).await.is_err());
        assert!(once.find("a").is_none());
        assert!(once.run("a", async { Ok(Done::default()) }).await.is_ok());
    }

    #[test]
    fn the_oldest_make_room() {
        let once = Once::default();
        (0..MOST + 10).for_each(|number| drop(once.cell(&number.to_string())));
        let table = once.all.lock().unwrap();
        assert_eq!((table.cells.len(), table.order.len()), (MOST, MOST));
        assert!(!table.cells.contains_key("9") && table.cells.contains_key("10"));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }
}
