//! A notebook at one commit, on one day, with the lists that many ask for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tickler_core::notebook::Tip;

use super::{Boards, Lists};

/// How many pages are kept.
const PAGES: usize = 32;

/// A notebook at one commit, on one day.
pub struct View {
    /// Its contacts.
    pub tip: Tip,
    /// What the pages that go over everybody show.
    pub boards: Boards,
    lists: OnceLock<Lists>,
    /// Pages that many ask for, by all that they depend on beside the contacts.
    pages: Mutex<HashMap<String, Arc<str>>>,
    /// The last one before it whose lists were made, for as long as this one's are not.
    earlier: Mutex<Option<Arc<View>>>,
}

impl View {
    /// Of that tip.
    pub fn new(tip: Tip) -> View {
        View {
            tip,
            boards: Boards::default(),
            lists: OnceLock::new(),
            pages: Mutex::default(),
            earlier: Mutex::default(),
        }
    }

    /// Of a tip that comes after what another view shows.
    pub fn after(tip: Tip, earlier: &Arc<View>) -> View {
        // Taken out first: whoever makes its lists empties it.
        let before = earlier.before();
        let made = if earlier.lists.get().is_some() { Some(Arc::clone(earlier)) } else { before };
        View {
            tip,
            boards: Boards::default(),
            lists: OnceLock::new(),
            pages: Mutex::default(),
            earlier: Mutex::new(made),
        }
    }

    /// The lists that many ask for; made when they are first asked for.
    pub fn lists(&self) -> &Lists {
        if let Some(lists) = self.lists.get() {
            return lists;
        }
        let lists = self.lists.get_or_init(|| {
            let earlier = self.before();
            match earlier.as_ref().and_then(|earlier| Some((earlier, earlier.lists.get()?))) {
                Some((earlier, lists)) => lists.after(&earlier.tip, &self.tip),
                None => Lists::of(&self.tip),
            }
        });
        // Only now: who comes after this one meanwhile starts from the same.
        *self.earlier.lock().unwrap_or_else(PoisonError::into_inner) = None;
        lists
    }

    fn before(&self) -> Option<Arc<View>> {
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A page that many ask for: made once for each key, and kept for as long as few others are.
    pub fn page(&self, key: String, make: impl FnOnce() -> String) -> Arc<str> {
        let pages = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = pages().get(&key) {
            return Arc::clone(page);
        }
        // Whoever asks meanwhile makes it, too, which is better than to wait for others' pages.
        let page: Arc<str> = make().into();
        let mut pages = pages();
        if pages.len() >= PAGES {
            pages.clear();
        }
        pages.insert(key, Arc::clone(&page));
        page
    }

    /// How many bytes of memory it takes, near enough. What it will take once its lists are made counts as well, as
    /// far as that is known.
    pub fn bytes(&self) -> usize {
        let earlier = self.before();
        let of_earlier = earlier.as_ref().and_then(|earlier| earlier.lists.get());
        self.tip.bytes() + self.lists.get().or(of_earlier).map_or(0, Lists::bytes)
    }
}
