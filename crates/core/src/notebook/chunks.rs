//! A table whose copies share what is the same in both: to change one item of a copy, a chunk is copied and no more.

use std::cmp::Ordering;
use std::ops::{Index, Range};
use std::sync::Arc;

/// How many items a chunk has. Work on a whole table is shared out in as many at a time.
pub(super) const CHUNK: usize = 1 << SHIFT;
const SHIFT: u32 = 9;
/// By this the one chunk of an undivided table has room for all there is.
const WHOLE: u32 = usize::BITS - 1;

/// Items by number.
#[derive(Debug, Clone)]
pub(super) struct Chunks<T> {
    chunks: Vec<Arc<Vec<T>>>,
    shift: u32,
    len: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks::whole(Vec::new())
    }
}

impl<T> Chunks<T> {
    /// In one piece: for a table that nobody changes.
    pub fn whole(items: Vec<T>) -> Chunks<T> {
        Chunks { len: items.len(), chunks: vec![Arc::new(items)], shift: WHOLE }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Those of a range that lies within one chunk.
    pub fn slice(&self, range: Range<usize>) -> &[T] {
        if range.is_empty() {
            return &[];
        }
        let (chunk, from) = self.place(range.start);
        &self.chunks[chunk][from..from + range.len()]
    }

    /// The number of the item for which `order` says that it is the one, where all before it are less. Of a range.
    pub fn search(&self, range: Range<usize>, order: impl Fn(&T) -> Ordering) -> Result<usize, usize> {
        let (mut from, mut until) = (range.start, range.end);
        while from < until {
            let middle = from + (until - from) / 2;
            match order(&self[middle]) {
                Ordering::Equal => return Ok(middle),
                Ordering::Less => from = middle + 1,
                Ordering::Greater => until = middle,
            }
        }
        Err(from)
    }

    fn place(&self, index: usize) -> (usize, usize) {
        (index >> self.shift, index & ((1 << self.shift) - 1))
    }
}

impl<T: Clone> Chunks<T> {
    /// The item of that number, to be changed.
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        let (chunk, at) = self.place(index);
        &mut Arc::make_mut(&mut self.chunks[chunk])[at]
    }
}

impl<T> Index<usize> for Chunks<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        let (chunk, at) = self.place(index);
        &self.chunks[chunk][at]
    }
}

/// In chunks, for a table of which there are going to be many copies.
impl<T> FromIterator<T> for Chunks<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        let mut chunks = Vec::new();
        let mut len = 0;
        loop {
            let chunk: Vec<T> = items.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                return Chunks { chunks, shift: SHIFT, len };
            }
            len += chunk.len();
            chunks.push(Arc::new(chunk));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_divided_table_is_as_a_whole_one() {
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
            let items: Vec<usize> = (0..len).map(|n| n * 2).collect();
            let (whole, divided) =
                (Chunks::whole(items.clone()), items.iter().copied().collect::<Chunks<_>>());
            for table in [&whole, &divided] {
                assert_eq!((table.len(), table.is_empty()), (len, len == 0));
                assert_eq!(table.iter().copied().collect::<Vec<_>>(), items);
                for at in 0..len {
                    assert_eq!(table[at], items[at]);
                    assert_eq!(table.search(0..len, |item| item.cmp(&(at * 2))), Ok(at));
                    assert_eq!(table.search(0..len, |item| item.cmp(&(at * 2 + 1))), Err(at + 1));
                }
                for from in (0..len).step_by(CHUNK) {
                    let range = from..len.min(from + CHUNK);
                    assert_eq!(table.slice(range.clone()), &items[range]);
                }
            }
        }
    }

    #[test]
    fn a_copy_is_changed_alone_and_shares_the_rest() {
        let old: Chunks<usize> = (0..2 * CHUNK).collect();
        let mut new = old.clone();
        *new.get_mut(CHUNK + 3) = 7;
        assert_eq!((old[CHUNK + 3], new[CHUNK + 3], new[CHUNK + 4]), (CHUNK + 3, 7, CHUNK + 4));
        assert!(Arc::ptr_eq(&old.chunks[0], &new.chunks[0]));
    }
}
