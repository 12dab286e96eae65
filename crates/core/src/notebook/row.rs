//! One line of the index: a file's stamp, where its facts are, and its outlook; of a fixed size on disk.

use super::disk::Stamp;
use crate::date::Date;
use crate::follow_up::{Kind, Outlook};

/// The bytes of a row on disk.
pub(super) const BYTES: usize = 96;

/// What the survey knows of one contact file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Its folder, by number.
    pub dir: u32,
    /// Where its file name begins among the names; a zero byte ends it.
    pub name: u32,
    /// The length of the name, without the zero byte.
    pub name_len: u16,
    /// Its stem is also that of another file.
    pub clash: bool,
    /// The file cannot be read as a contact.
    pub broken: bool,
    /// Its facts are those of a committed version that stands in for it.
    pub stale: bool,
    /// There are problems among its facts.
    pub problems: bool,
    /// Its stamp says nothing about the next time.
    pub volatile: bool,
    /// A mark that the contacts of one company share; 0 for none.
    pub company: u32,
    /// The file's stamp before its facts were read.
    pub stamp: Stamp,
    /// Where its facts are.
    pub facts: FactsAt,
    /// What the rules say.
    pub outlook: Outlook,
}

/// Where the facts of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FactsAt {
    /// The store: 0 is the index on disk, `n` the memory of worker `n - 1`.
    pub store: u16,
    /// The first byte in that store.
    pub at: u64,
    /// How many bytes.
    pub len: u32,
    /// Their CRC-32.
    pub crc: u32,
}

const KINDS: [Kind; 8] = [
    Kind::Promise,
    Kind::Reply,
    Kind::Next,
    Kind::First,
    Kind::Waiting,
    Kind::Cadence,
    Kind::Rhythm,
    Kind::Occasion,
];
const NONE: u8 = 255;

impl Row {
    /// Whether there is something wrong with the file.
    pub fn is_odd(&self) -> bool {
        self.clash || self.broken || self.problems
    }

    /// Appends the row as the index on disk holds it, its facts at byte `facts_at` of the index.
    pub fn write(&self, facts_at: u64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend(self.dir.to_le_bytes());
        out.extend(self.name.to_le_bytes());
        out.extend(self.name_len.to_le_bytes());
        let bits = [
            self.clash,
            self.broken,
            self.problems,
            self.volatile,
            self.outlook.crack,
            self.outlook.stopped,
            self.stale,
        ];
        out.push(bits.iter().enumerate().fold(0, |byte, (n, bit)| byte | (u8::from(*bit) << n)));
        let kind = self.outlook.kind.and_then(|kind| KINDS.iter().position(|k| *k == kind));
        out.push(kind.map_or(NONE, |n| n as u8));
        out.extend(self.stamp.modified.to_le_bytes());
        out.extend(self.stamp.changed.to_le_bytes());
        out.extend(self.stamp.size.to_le_bytes());
        out.extend(self.stamp.inode.to_le_bytes());
        out.extend(facts_at.to_le_bytes());
        out.extend(self.facts.len.to_le_bytes());
        out.extend(self.facts.crc.to_le_bytes());
        out.extend(self.outlook.value.to_le_bytes());
        out.extend(self.outlook.valid_from.number().to_le_bytes());
        out.extend(self.outlook.valid_until.number().to_le_bytes());
        out.extend(self.outlook.due.map_or(0, Date::number).to_le_bytes());
        out.extend(self.outlook.rhythm_days.to_le_bytes());
        out.extend(self.company.to_le_bytes());
        out.resize(start + BYTES, 0);
    }

    /// Reads what [`Row::write`] wrote; nothing where that cannot have been it.
    pub fn read(bytes: &[u8; BYTES]) -> Option<Row> {
        let mut fields = Fields { bytes, at: 0 };
        let dir = u32::from_le_bytes(fields.take());
        let name = u32::from_le_bytes(fields.take());
        let name_len = u16::from_le_bytes(fields.take());
        let [bits] = fields.take();
        let bit = |n: u8| bits & (1 << n) != 0;
        let [kind] = fields.take();
        let stamp = Stamp {
            modified: i64::from_le_bytes(fields.take()),
            changed: i64::from_le_bytes(fields.take()),
            size: u64::from_le_bytes(fields.take()),
            inode: u64::from_le_bytes(fields.take()),
        };
        let facts = FactsAt {
            store: 0,
            at: u64::from_le_bytes(fields.take()),
            len: u32::from_le_bytes(fields.take()),
            crc: u32::from_le_bytes(fields.take()),
        };
        let value = f64::from_le_bytes(fields.take());
        let valid_from = Date::from_number(i32::from_le_bytes(fields.take()))?;
        let valid_until = Date::from_number(i32::from_le_bytes(fields.take()))?;
        let due = Date::from_number(i32::from_le_bytes(fields.take()));
        let rhythm_days = u32::from_le_bytes(fields.take());
        let company = u32::from_le_bytes(fields.take());
        let outlook = Outlook {
            valid_from,
            valid_until,
            due,
            kind: KINDS.get(usize::from(kind)).copied(),
            crack: bit(4),
            stopped: bit(5),
            rhythm_days,
            value,
        };
        Some(Row {
            dir,
            name,
            name_len,
            clash: bit(0),
            broken: bit(1),
            stale: bit(6),
            problems: bit(2),
            volatile: bit(3),
            company,
            stamp,
            facts,
            outlook,
        })
    }
}

struct Fields<'a> {
    bytes: &'a [u8; BYTES],
    at: usize,
}

impl Fields<'_> {
    /// The next `N` bytes; the row is long enough for all that [`Row::read`] asks for.
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut field = [0; N];
        field.copy_from_slice(&self.bytes[self.at..self.at + N]);
        self.at += N;
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let row = Row {
            dir: 7,
            name: 70_000,
            name_len: 300,
            clash: true,
            broken: true,
            stale: true,
            problems: true,
            volatile: false,
            company: 77,
            stamp: Stamp { modified: -5, changed: 1_764_000_000_123_456_789, size: 1 << 40, inode: u64::MAX },
            facts: FactsAt { store: 0, at: 1 << 33, len: 9, crc: 10 },
            outlook: Outlook {
                valid_from: Date::MIN,
                valid_until: Date::MAX,
                due: Date::new(2026, 12, 3),
                kind: Some(Kind::Occasion),
                crack: false,
                stopped: true,
                rhythm_days: 90,
                value: 25000.5,
            },
        };
        let mut bytes = Vec::new();
        row.write(1 << 33, &mut bytes);
        assert_eq!(Row::read(bytes.as_slice().try_into().unwrap()), Some(row));
    }
}
