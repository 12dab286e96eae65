//! The command line: arguments in, one question, one print.
fn main() {}
