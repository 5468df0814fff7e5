//! Where a module's memory, globals, tables and segments lie, and what they hold at the start.

use wasmparser::{DataKind, Element, ElementItems, ElementKind};

use super::{
    TranslateError,
    module::{Initial, Module, SIZES, Segment, Uses, first_element},
};
use crate::program::Space;

impl<'a> Module<'a> {
    /// The key for the size of something that can change.
    fn size_key(&self, number: usize) -> u64 {
        Space::Global.base() + SIZES + number as u64
    }

    /// Gives sizes that can change their initial values.
    pub(super) fn note_sizes(&mut self) {
        let tables = self.tables.iter().map(|table| (table.size_key, table.size));
        let segments = self.data.iter().chain(&self.elements);
        let segments = segments.map(|segment| (segment.length_key, segment.length));
        self.sizes = tables
            .chain(segments)
            .filter_map(|(key, size)| Some((key?, size)))
            .collect();
    }

    /// Places active element segments into tables, and passive ones into the space of segments.
    pub(super) fn place_elements(
        &mut self,
        elements: Vec<Element<'a>>,
        uses: &Uses,
    ) -> Result<(), TranslateError> {
        let tables = self.tables.len();
        for (segment, element) in elements.into_iter().enumerate() {
            let place = || format!("element segment {segment}");
            let items: Vec<Initial> = match element.items {
                ElementItems::Functions(functions) => functions
                    .into_iter()
                    .map(|function| Ok(Initial::Function(function?)))
                    .collect::<Result<_, TranslateError>>()?,
                ElementItems::Expressions(_, expressions) => expressions
                    .into_iter()
                    .map(|expression| self.constant(&expression?, place))
                    .collect::<Result<_, _>>()?,
            };
            self.referred.extend(items.iter().filter_map(|item| match item {
                Initial::Function(function) => Some(*function),
                Initial::Value(_) => None,
            }));
            let mut passive = Segment::default();
            match element.kind {
                ElementKind::Active {
                    table_index,
                    offset_expr,
                } => {
                    let start = self.integer(&offset_expr, place)?;
                    let table = self.tables.get_mut(table_index.unwrap_or(0) as usize);
                    let table = table.ok_or(TranslateError::ElementOutOfBounds { segment })?;
                    if start + items.len() as u64 > table.size {
                        return Err(TranslateError::ElementOutOfBounds { segment });
                    }
                    table.elements.extend((start..).zip(items));
                }
                ElementKind::Passive => {
                    passive.start = self.free_segment_cell();
                    passive.length = items.len() as u64;
                    self.segment_cells.extend((passive.start..).zip(items));
                }
                ElementKind::Declared => {}
            }
            passive.length_key = uses
                .dropped_elements
                .contains(&(segment as u32))
                .then(|| self.size_key(tables + segment));
            self.elements.push(passive);
        }
        Ok(())
    }

    /// Places active data segments into memory, and passive ones into the space of segments.
    pub(super) fn place_all_data(
        &mut self,
        data: &[wasmparser::Data<'a>],
        uses: &Uses,
    ) -> Result<(), TranslateError> {
        let before = self.tables.len() + self.elements.len();
        for (segment, data) in data.iter().enumerate() {
            let mut passive = Segment::default();
            match &data.kind {
                DataKind::Active { offset_expr, .. } => {
                    let start = self.integer(offset_expr, || format!("data segment {segment}"))?;
                    self.place_data(segment, start, data.data)?;
                }
                DataKind::Passive => {
                    let first = self.free_segment_cell();
                    passive.start = 8 * first;
                    passive.length = data.data.len() as u64;
                    let words = data.data.chunks(8).map(|chunk| {
                        let mut word = [0; 8];
                        word[..chunk.len()].copy_from_slice(chunk);
                        Initial::Value(u64::from_le_bytes(word))
                    });
                    self.segment_cells.extend((first..).zip(words));
                }
            }
            passive.length_key = uses
                .dropped_data
                .contains(&(segment as u32))
                .then(|| self.size_key(before + segment));
            self.data.push(passive);
        }
        Ok(())
    }

    fn free_segment_cell(&self) -> u64 {
        self.segment_cells
            .last_key_value()
            .map_or(0, |(last, _)| last + 1)
    }

    fn place_data(&mut self, segment: usize, start: u64, data: &[u8]) -> Result<(), TranslateError> {
        if start + data.len() as u64 > u64::from(self.pages) << 16 {
            return Err(TranslateError::DataOutOfBounds { segment });
        }
        for (address, byte) in (start..).zip(data) {
            let shift = address % 8 * 8;
            let word = self.words.entry(address / 8).or_default();
            *word = *word & !(0xff << shift) | u64::from(*byte) << shift;
        }
        Ok(())
    }

    /// Initial values of cells, by increasing key, with references as `reference` says them. Zeros are left out.
    pub(super) fn cells(&self, reference: impl Fn(u32) -> u64) -> Vec<(u64, u64)> {
        let value = |initial: &Initial| match *initial {
            Initial::Value(value) => value,
            Initial::Function(function) => reference(function),
        };
        let words = self
            .words
            .iter()
            .map(|(&index, &word)| (Space::Memory.base() + index, word));
        let globals = (Space::Global.base()..).zip(self.globals.iter().map(|global| value(&global.value)));
        let sizes = self.sizes.iter().map(|(&key, &size)| (key, size));
        let elements = (0..).zip(&self.tables).flat_map(|(number, table)| {
            let first = first_element(number);
            table
                .elements
                .iter()
                .map(move |(&index, element)| (first + index, value(element)))
        });
        let segments = self
            .segment_cells
            .iter()
            .map(|(&index, initial)| (Space::Segment.base() + index, value(initial)));
        words
            .chain(globals)
            .chain(sizes)
            .chain(elements)
            .chain(segments)
            .filter(|&(_, value)| value != 0)
            .collect()
    }
}
