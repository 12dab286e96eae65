//! A sheet with what its columns become: its rows as cards, one after the other, and what became of its columns.

use std::cell::{Cell, RefCell};

use super::day::{Evidence, Order};
use super::key::{Away, Key, Next, Target};
use super::known::{Format, Slot};
use super::mapping::Mapping;
use super::records::{Record, Records};
use super::row::{Hand, Row};
use super::sheet::Sheet;
use crate::date::Date;
use crate::exchange::{Field, Item};
use crate::settings::Settings;

/// How a sheet is read.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// What the user says that its columns are; else its program must be known.
    pub mapping: Option<&'a Mapping>,
    /// Columns that are nothing become keys of their name.
    pub rest: bool,
    /// What stands first in dates where a column leaves that open.
    pub order: Option<Order>,
    /// Stages, team and channels of the notebook.
    pub settings: &'a Settings,
    /// The day.
    pub today: Date,
}

/// A sheet whose columns are understood.
pub struct Reading<'s, 't> {
    sheet: &'s Sheet<'t>,
    hand: Hand<'s>,
    slots: Vec<Slot>,
    /// Of each slot.
    orders: Vec<Order>,
    remarks: Vec<String>,
    /// How many rows say nothing but a day.
    unnamed: Cell<usize>,
    /// In how many rows each column says something.
    filled: Vec<Cell<usize>>,
    /// What was left over in the last row, kept to save its memory.
    spare: RefCell<Record<'t>>,
}

impl<'t> Sheet<'t> {
    /// Understands the columns. None where the program is not known and nothing is said of them.
    ///
    /// # Errors
    /// Where a column that the mapping names is not there.
    pub fn reading<'s>(&'s self, manner: &Manner<'s>) -> Result<Option<Reading<'s, 't>>, String> {
        let columns = self.columns();
        let (mut slots, format) = match (manner.mapping, self.format()) {
            (Some(mapping), _) => (mapping.slots(columns)?, None),
            (None, Some(format)) => (format.slots(columns), Some(format)),
            (None, None) => return Ok(None),
        };
        if manner.rest {
            keep_the_rest(&mut slots, columns, format);
        }
        let hand = Hand { format, settings: manner.settings, year: manner.today.year() };
        let mut reading = Reading {
            sheet: self,
            hand,
            orders: Vec::new(),
            remarks: Vec::new(),
            unnamed: Cell::new(0),
            filled: columns.iter().map(|_| Cell::new(0)).collect(),
            spare: RefCell::default(),
            slots,
        };
        reading.judge_dates(manner.order);
        Ok(Some(reading))
    }
}

/// Columns without a key get one of their name. What an address book says twice stays out.
fn keep_the_rest(slots: &mut Vec<Slot>, columns: &[String], format: Option<Format>) {
    let sells = matches!(format, Some(Format::HubSpot | Format::Salesforce));
    for slot in slots.iter_mut().filter(|slot| sells && slot.key == Key::nothing()) {
        slot.key = Key::named_after(&columns[slot.column]);
    }
    for (column, name) in columns.iter().enumerate() {
        if slots.iter().all(|slot| slot.column != column) {
            slots.push(Slot { column, key: Key::named_after(name), label: None });
        }
    }
}

impl<'t> Reading<'_, 't> {
    /// Each row that says something, in the sheet's order.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        Items { reading: self, records: self.sheet.records() }
    }

    /// What became of each column, and in how many of the rows that were read it says something.
    pub fn fields(&self) -> Vec<Field> {
        let key = |column: usize| {
            let of_it = self.slots.iter().filter(|slot| slot.column == column);
            let is_label = || self.slots.iter().find(|slot| slot.label == Some(column));
            let keys: Vec<&str> = of_it.filter_map(|slot| slot.key.place()).collect();
            match (keys.is_empty(), is_label()) {
                (false, _) => Some(keys.join(", ")),
                (true, Some(slot)) => slot.key.place().map(str::to_owned),
                (true, None) => None,
            }
        };
        let field = |(column, name): (usize, &String)| Field {
            name: name.clone(),
            key: key(column),
            filled: self.filled[column].get(),
        };
        self.sheet.columns().iter().enumerate().map(field).collect()
    }

    /// How many of the rows that were read say of nobody who it is, as those that LinkedIn writes for members who left.
    pub fn unnamed(&self) -> usize {
        self.unnamed.get()
    }

    /// What the user should know of how cells were read, such as dates that may be meant otherwise; in lower case
    /// without a full stop.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Finds out for each column of dates what stands first in them.
    fn judge_dates(&mut self, said: Option<Order>) {
        let dated: Vec<usize> = (0..self.slots.len()).filter(|at| is_dated(&self.slots[*at].key)).collect();
        let mut evidence = vec![Evidence::default(); self.slots.len()];
        if !dated.is_empty() {
            let mut records = self.sheet.records();
            let mut record = Record::default();
            while records.read(&mut record) {
                for at in &dated {
                    if let Some(cell) = record.cells.get(self.slots[*at].column) {
                        evidence[*at].add(cell);
                    }
                }
            }
        }
        for at in dated {
            let evidence = &evidence[at];
            if evidence.order().is_none() && said.is_none() && evidence.open > 0 {
                let name = &self.sheet.columns()[self.slots[at].column];
                let dates =
                    if evidence.open == 1 { "1 date".to_owned() } else { format!("{} dates", evidence.open) };
                self.remarks.push(format!(
                    "in \"{name}\" {dates} may be day first or month first, and were read month first"
                ));
            }
        }
        let order = |evidence: &Evidence| evidence.order().or(said).unwrap_or(Order::Mdy);
        self.orders = evidence.iter().map(order).collect();
    }

    /// Whether it says on which day somebody was met, and nothing more.
    fn is_of_nobody(&self, record: &Record<'t>) -> bool {
        let is_day = |at: usize| {
            self.slots.iter().any(|slot| slot.column == at && slot.key.target == Target::Connected)
        };
        let mut said = record.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        !record.is_open && said.all(|(at, _)| is_day(at))
    }

    fn item(&self, record: &Record<'t>) -> Item {
        let raw = record.range.clone();
        Item { line: record.line, raw, card: self.card(record) }
    }

    fn card(&self, record: &Record<'t>) -> Result<Box<super::super::Card>, String> {
        let columns = self.sheet.columns();
        if record.is_open {
            return Err("a quote is opened and never ended".to_owned());
        }
        if record.cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
            let (cells, columns) = (record.cells.len(), columns.len());
            return Err(format!("it has {cells} cells, and the header has {columns}"));
        }
        for (cell, filled) in record.cells.iter().zip(&self.filled) {
            filled.set(filled.get() + usize::from(!cell.trim().is_empty()));
        }
        let mut row = Row::new(self.hand);
        for (slot, order) in self.slots.iter().zip(&self.orders) {
            let Some(cell) = record.cells.get(slot.column).filter(|cell| !cell.is_empty()) else { continue };
            let label = slot.label.and_then(|label| record.cells.get(label)).map_or("", |label| label.trim());
            row.take(slot, *order, &columns[slot.column], cell, label)?;
        }
        Ok(row.finish())
    }
}

fn is_dated(key: &Key) -> bool {
    matches!(
        key.target,
        Target::Added
            | Target::Cadence(true)
            | Target::Day(_)
            | Target::CustomDay(_)
            | Target::Touch(_)
            | Target::Connected
            | Target::Next(Next::On)
            | Target::Away(Away::From | Away::Until)
    )
}

struct Items<'r, 's, 't> {
    reading: &'r Reading<'s, 't>,
    records: Records<'t>,
}

impl Iterator for Items<'_, '_, '_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut record = self.reading.spare.take();
        let mut item = None;
        while item.is_none() && self.records.read(&mut record) {
            if record.is_blank() {
                continue;
            }
            if self.reading.is_of_nobody(&record) {
                self.reading.unnamed.set(self.reading.unnamed.get() + 1);
            } else {
                item = Some(self.reading.item(&record));
            }
        }
        self.reading.spare.replace(record);
        item
    }
}
