//! The crate that reads messages, kept from taking the whole program down: some damaged multiparts make it panic.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use mail_parser::{Message, MessageParser};

thread_local! {
    /// What panics on this thread now is borne, so nothing is said of it.
    static IS_BORNE: Cell<bool> = const { Cell::new(false) };
}

/// The message with its body; none where it cannot be read.
pub(super) fn whole(bytes: &[u8]) -> Option<Message<'_>> {
    borne(|| MessageParser::default().parse(bytes))
}

/// The message's headers alone.
pub(super) fn headers(bytes: &[u8]) -> Option<Message<'_>> {
    borne(|| MessageParser::default().parse_headers(bytes))
}

fn borne<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_BORNE.get() {
                others(panic);
            }
        }));
    });
    IS_BORNE.set(true);
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    IS_BORNE.set(false);
    read.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_borne() {
        assert_eq!(borne(|| -> Option<u8> { panic!("damaged") }), None);
        assert_eq!(borne(|| Some(1)), Some(1));
        assert!(!IS_BORNE.get());
    }
}
