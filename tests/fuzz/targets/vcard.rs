#![no_main]
#[path = "../exchange.rs"]
#[allow(dead_code)]
mod exchange;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exchange::vcard(bytes));
