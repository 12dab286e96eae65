//! The house keeps its shape: each invariant of `docs/architecture.md` as a test of the tree itself.

mod architecture;
mod doors;
mod guide;
mod index;
mod paper;
mod program;
mod rooms;
mod source;
mod tidy;
mod tree;
mod words;
