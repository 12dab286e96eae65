//! Turns byte offsets into lines and columns, in linear time over a whole file.

use std::ops::Range;

use crate::problem::Position;

/// Finds positions in a text. Going forward costs the bytes between; going back starts over from the last mark.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    text: &'a str,
    base: usize,
    start: Cursor,
    mark: Cursor,
    now: Cursor,
}

#[derive(Debug, Clone, Copy)]
struct Cursor {
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Place<'a> {
    /// Offsets will count from byte `base` of `text`.
    pub fn new(text: &'a str, base: usize) -> Place<'a> {
        let zero = Cursor { offset: 0, line: 1, column: 1 };
        let mut place = Place { text, base: 0, start: zero, mark: zero, now: zero };
        place.position(base);
        Place { base, start: place.now, mark: place.now, ..place }
    }

    /// The position of `offset`, to which the walk may come back cheaply.
    pub fn mark(&mut self, offset: usize) -> Position {
        let position = self.position(offset);
        self.mark = self.now;
        position
    }

    /// The position of `offset`.
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = (self.base + offset).min(self.text.len());
        if offset < self.now.offset {
            self.now = if self.mark.offset <= offset { self.mark } else { self.start };
        }
        let between = &self.text.as_bytes()[self.now.offset..offset];
        let line = match memchr::memrchr(b'\n', between) {
            Some(last) => {
                self.now.line += memchr::memchr_iter(b'\n', between).count() as u32;
                self.now.column = 1;
                &between[last + 1..]
            }
            None => between,
        };
        // Every byte but those that continue a character.
        self.now.column += line.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32;
        if self.now.offset == 0 && offset > 0 && self.text.starts_with('\u{feff}') && self.now.line == 1 {
            // The mark at the start of the file takes no column.
            self.now.column -= 1;
        }
        self.now.offset = offset;
        Position { line: self.now.line, column: self.now.column }
    }

    /// How many characters of its first line `span` covers.
    pub fn width(&self, span: &Range<usize>) -> u32 {
        let span = self.base + span.start..(self.base + span.end).min(self.text.len());
        let text = self.text.get(span).unwrap_or_default();
        text.lines().next().unwrap_or_default().chars().count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_start() {
        let text = "\u{feff}+++\r\né = 1\n\nж x\n";
        for base in [0, 3, 8] {
            let mut place = Place::new(text, base);
            let offsets: Vec<usize> = (base..=text.len()).filter(|o| text.is_char_boundary(*o)).collect();
            for &offset in offsets.iter().chain(offsets.iter().rev()) {
                assert_eq!(place.position(offset - base), Position::of(text, offset), "{base} {offset}");
            }
        }
    }
}
