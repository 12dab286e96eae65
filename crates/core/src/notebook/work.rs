//! Work shared out among threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads can run at once.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Applies `work` to each item on up to `threads` threads; the answers are in the order of the items.
pub(super) fn each<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    each_with(items, threads, |_| (), |(), item| work(item)).0
}

/// Like [`each`], with a state for each thread that `begin` makes of the thread's number, and that is given back.
pub(super) fn each_with<T: Sync, S: Send, R: Send>(
    items: &[T],
    threads: usize,
    begin: impl Fn(usize) -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> (Vec<R>, Vec<S>) {
    let next = AtomicUsize::new(0);
    let run = |number: usize| {
        let mut state = begin(number);
        let mut done = Vec::new();
        while let Some((at, item)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            items.get(at).map(|item| (at, item))
        } {
            done.push((at, work(&mut state, item)));
        }
        (done, state)
    };
    let finished = Mutex::new(Vec::new());
    let threads = threads.clamp(1, items.len().max(1));
    // This thread works too, so a small job starts no other.
    thread::scope(|scope| {
        for number in 1..threads {
            let (run, finished) = (&run, &finished);
            scope.spawn(move || {
                let done = run(number);
                lock(finished).push((number, done));
            });
        }
        let done = run(0);
        lock(&finished).push((0, done));
    });
    let mut finished = finished.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    finished.sort_by_key(|(number, _)| *number);
    let mut answers = Vec::with_capacity(items.len());
    let mut states = Vec::with_capacity(threads);
    for (_, (done, state)) in finished {
        answers.extend(done);
        states.push(state);
    }
    answers.sort_by_key(|(at, _)| *at);
    (answers.into_iter().map(|(_, answer)| answer).collect(), states)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_from_any_number_of_threads() {
        let items: Vec<usize> = (0..1000).collect();
        for threads in [1, 2, 7, 2000] {
            let (answers, states) = each_with(
                &items,
                threads,
                |n| (n, 0),
                |state, item| {
                    state.1 += 1;
                    item * 2
                },
            );
            assert_eq!(answers, items.iter().map(|i| i * 2).collect::<Vec<_>>());
            assert_eq!(states.iter().map(|s| s.1).sum::<usize>(), 1000);
            assert!(states.iter().enumerate().all(|(at, s)| s.0 == at));
        }
        assert!(each(&[] as &[u8], 4, |_| 0).is_empty());
    }
}
