//! Reads a module: validation, imports, memory, globals, tables, segments and names.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    ConstExpr, ExternalKind, FuncType, FunctionBody, Name, NameSectionReader, Operator, Parser, Payload,
    RefType, TypeRef, ValType, Validator, WasmFeatures,
};

use super::{
    Entry, MAX_MODULE_BYTES, TranslateError,
    environment::{Environment, Host},
};
use crate::program::Space;

/// The export that a run executes.
const ENTRY: &str = "run";

/// Largest memory of WebAssembly, in 64 KiB pages.
const MAX_PAGES: u32 = 1 << 16;

/// Largest table: a table can be declared to be larger, but not grow to be.
pub(super) const MAX_ELEMENTS: u64 = 1 << 20;

/// Index among globals where the sizes of tables and segments start that can change.
pub(super) const SIZES: u64 = 1 << 32;

/// A memory size in pages; the validator bounds it.
fn pages(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(MAX_PAGES).min(MAX_PAGES)
}

/// The key of the first element of a table.
pub(super) const fn first_element(table: u32) -> u64 {
    Space::Table.base() + ((table as u64) << 32)
}

/// A value that is known before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Initial {
    /// An integer, or 0 for null.
    Value(u64),
    /// A reference to a function.
    Function(u32),
}

/// A global.
pub(super) struct Global {
    /// Whether it can change.
    pub(super) mutable: bool,
    /// Its initial value.
    pub(super) value: Initial,
}

/// A table.
pub(super) struct Table {
    /// Elements at the start.
    pub(super) size: u64,
    /// Most elements it may grow to.
    pub(super) max: u64,
    /// Elements that are not null, by index.
    pub(super) elements: BTreeMap<u64, Initial>,
    /// Where its size is kept, if it can change.
    pub(super) size_key: Option<u64>,
}

/// A segment of data or elements, as `memory.init` and `table.init` see it.
#[derive(Clone, Copy, Default)]
pub(super) struct Segment {
    /// Index of its first byte (of data) or element in the space of segments.
    pub(super) start: u64,
    /// Bytes or elements; 0 for one that is not passive.
    pub(super) length: u64,
    /// Where its length is kept, if it can be dropped.
    pub(super) length_key: Option<u64>,
}

/// What the module's code does, known before it is translated.
#[derive(Default)]
pub(super) struct Uses {
    /// Functions that are referred to.
    pub(super) functions: BTreeSet<u32>,
    /// Tables that grow.
    pub(super) growing: BTreeSet<u32>,
    /// Data segments that are dropped.
    pub(super) dropped_data: BTreeSet<u32>,
    /// Element segments that are dropped.
    pub(super) dropped_elements: BTreeSet<u32>,
}

/// A validated module.
#[derive(Default)]
pub(super) struct Module<'a> {
    types: Vec<FuncType>,
    /// For every type, the index of the first type equal to it.
    canonical: Vec<u32>,
    /// Type of every function, imported ones first.
    functions: Vec<u32>,
    /// Imported functions.
    pub(super) hosts: Vec<Host>,
    /// Code of the functions that are not imported.
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// Globals.
    pub(super) globals: Vec<Global>,
    /// Initial pages.
    pub(super) pages: u32,
    /// Most pages that memory may grow to.
    pub(super) max_pages: u32,
    /// Tables.
    pub(super) tables: Vec<Table>,
    /// Data segments.
    pub(super) data: Vec<Segment>,
    /// Element segments.
    pub(super) elements: Vec<Segment>,
    /// Functions that something refers to.
    pub(super) referred: BTreeSet<u32>,
    /// Non-zero words of the initial memory, by index.
    pub(super) words: BTreeMap<u64, u64>,
    /// What passive segments hold, by index in their space.
    pub(super) segment_cells: BTreeMap<u64, Initial>,
    /// Sizes that can change, by key.
    pub(super) sizes: BTreeMap<u64, u64>,
    /// The start function.
    pub(super) start: Option<u32>,
    /// The function that the program calls, if it calls one.
    pub(super) entry: Option<u32>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Module<'a> {
    /// Validates and reads `wasm`.
    pub(super) fn read(
        wasm: &'a [u8],
        environment: Environment,
        entry: Entry<'_>,
    ) -> Result<Self, TranslateError> {
        if wasm.len() > MAX_MODULE_BYTES {
            return Err(TranslateError::ModuleTooLarge(wasm.len()));
        }
        // Floating point is let through here, so that it can be refused with the function's name.
        let features = WasmFeatures::MUTABLE_GLOBAL
            | WasmFeatures::SIGN_EXTENSION
            | WasmFeatures::MULTI_VALUE
            | WasmFeatures::BULK_MEMORY
            | WasmFeatures::REFERENCE_TYPES
            | WasmFeatures::GC_TYPES
            | WasmFeatures::FLOATS
            | WasmFeatures::SATURATING_FLOAT_TO_INT;
        Validator::new_with_features(features).validate_all(wasm)?;
        let mut module = Self {
            max_pages: MAX_PAGES,
            ..Self::default()
        };
        let mut exports = BTreeMap::new();
        let mut data = Vec::new();
        let mut elements = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(reader) => {
                    module.types = reader.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        let import = import?;
                        module.import(environment, import.module, import.name, import.ty)?;
                    }
                }
                Payload::FunctionSection(reader) => {
                    for index in reader {
                        module.functions.push(index?);
                    }
                }
                Payload::TableSection(reader) => {
                    for table in reader {
                        let ty = table?.ty;
                        module.add_table(ty.initial, ty.maximum);
                    }
                }
                Payload::MemorySection(reader) => {
                    for memory in reader {
                        let memory = memory?;
                        module.pages = pages(memory.initial);
                        module.max_pages = memory.maximum.map_or(MAX_PAGES, pages);
                    }
                }
                Payload::GlobalSection(reader) => {
                    for global in reader {
                        let global = global?;
                        let place = format!("global {}", module.globals.len());
                        if environment == Environment::Weft {
                            refuse_float(&[global.ty.content_type], || place.clone())?;
                        }
                        let value = module.constant(&global.init_expr, || place)?;
                        module.globals.push(Global {
                            mutable: global.ty.mutable,
                            value,
                        });
                    }
                }
                Payload::ExportSection(reader) => {
                    for export in reader {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            module.names.entry(export.index).or_insert(export.name);
                            module.referred.insert(export.index);
                        }
                        exports.insert(export.name, (export.kind, export.index));
                    }
                }
                Payload::StartSection { func, .. } => module.start = Some(func),
                Payload::ElementSection(reader) => elements = reader.into_iter().collect::<Result<_, _>>()?,
                Payload::DataSection(reader) => data = reader.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => module.bodies.push(body),
                Payload::CustomSection(section) if section.name() == "name" => {
                    if let wasmparser::KnownCustom::Name(reader) = section.as_known() {
                        module.read_names(reader);
                    }
                }
                _ => {}
            }
        }
        let mut first = BTreeMap::new();
        for (index, ty) in (0..).zip(&module.types) {
            let key = (ty.params().to_vec(), ty.results().to_vec());
            module.canonical.push(*first.entry(key.clone()).or_insert(index));
        }
        if environment == Environment::Weft {
            for function in 0..module.functions.len() as u32 {
                module.refuse_float_type(function)?;
            }
        }
        module.entry = match entry {
            Entry::Start => None,
            Entry::Run => {
                let (kind, function) = *exports.get(ENTRY).ok_or(TranslateError::MissingEntry)?;
                if kind != ExternalKind::Func || *module.type_of(function) != FuncType::new([], []) {
                    return Err(TranslateError::EntryType);
                }
                Some(function)
            }
            Entry::Call { function, arguments } => match exports.get(function) {
                Some(&(ExternalKind::Func, index))
                    if module.type_of(index).params().len() == arguments.len() =>
                {
                    Some(index)
                }
                _ => return Err(TranslateError::NoSuchFunction(function.into())),
            },
        };
        let uses = module.uses()?;
        module.place_elements(elements, &uses)?;
        module.place_all_data(&data, &uses)?;
        for (table, size) in module.tables.iter_mut().zip(SIZES..) {
            let changes = uses.growing.contains(&((size - SIZES) as u32));
            table.size_key = changes.then_some(Space::Global.base() + size);
        }
        module.note_sizes();
        module.referred.extend(uses.functions);
        module.referred.extend(module.start);
        Ok(module)
    }

    fn add_table(&mut self, size: u64, maximum: Option<u64>) {
        self.tables.push(Table {
            size,
            max: maximum.unwrap_or(MAX_ELEMENTS).min(MAX_ELEMENTS),
            elements: BTreeMap::new(),
            size_key: None,
        });
    }

    /// Looks through all code.
    fn uses(&self) -> Result<Uses, TranslateError> {
        let mut uses = Uses::default();
        for body in &self.bodies {
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::RefFunc { function_index } => uses.functions.insert(function_index),
                    Operator::TableGrow { table } => uses.growing.insert(table),
                    Operator::DataDrop { data_index } => uses.dropped_data.insert(data_index),
                    Operator::ElemDrop { elem_index } => uses.dropped_elements.insert(elem_index),
                    _ => false,
                };
            }
        }
        Ok(uses)
    }

    fn import(
        &mut self,
        environment: Environment,
        module: &str,
        name: &str,
        ty: TypeRef,
    ) -> Result<(), TranslateError> {
        let unknown = || TranslateError::UnknownImport {
            module: module.into(),
            name: name.into(),
        };
        match ty {
            TypeRef::Func(index) => {
                let (host, expected, text) = environment.function(module, name).ok_or_else(unknown)?;
                if self.types.get(index as usize) != Some(&expected) {
                    return Err(TranslateError::ImportType {
                        name: name.into(),
                        expected: text,
                    });
                }
                self.hosts.push(host);
                self.functions.push(index);
            }
            TypeRef::Global(ty) => {
                let value = environment
                    .global(module, name, ty.content_type)
                    .ok_or_else(unknown)?;
                self.globals.push(Global {
                    mutable: ty.mutable,
                    value: Initial::Value(value),
                });
            }
            TypeRef::Table(_) => {
                let (size, maximum) = environment.table(module, name).ok_or_else(unknown)?;
                self.add_table(size, Some(maximum));
            }
            TypeRef::Memory(_) => {
                (self.pages, self.max_pages) = environment.memory(module, name).ok_or_else(unknown)?;
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }

    /// Function names; a malformed section of names is ignored, as WebAssembly demands.
    fn read_names(&mut self, reader: NameSectionReader<'a>) {
        for names in reader.into_iter().flatten() {
            if let Name::Function(names) = names {
                names.into_iter().flatten().for_each(|naming| {
                    self.names.insert(naming.index, naming.name);
                });
            }
        }
    }

    /// The function's name, if the module tells it.
    pub(super) fn name(&self, function: u32) -> Option<&'a str> {
        self.names.get(&function).copied()
    }

    /// Refuses a function that takes or returns floating point.
    pub(super) fn refuse_float_type(&self, function: u32) -> Result<(), TranslateError> {
        let ty = self.type_of(function);
        refuse_float(ty.params(), || self.describe(function))?;
        refuse_float(ty.results(), || self.describe(function))
    }

    /// The function's index and name, for messages.
    pub(super) fn describe(&self, function: u32) -> String {
        match self.name(function) {
            Some(name) => format!("function {function} ({name})"),
            None => format!("function {function}"),
        }
    }

    /// Type of a function. The validator has checked the index.
    pub(super) fn type_of(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// A type by its index. The validator has checked the index.
    pub(super) fn type_at(&self, index: u32) -> &FuncType {
        &self.types[index as usize]
    }

    /// What a table element of a function with this type starts with: `(canonical type + 1) << 32`.
    pub(super) fn type_tag(&self, index: u32) -> u64 {
        (u64::from(self.canonical[index as usize]) + 1) << 32
    }

    /// [`Self::type_tag`] of a function's type.
    pub(super) fn tag_of(&self, function: u32) -> u64 {
        self.type_tag(self.functions[function as usize])
    }

    /// The value of an expression that is one constant, or the value of an immutable global.
    pub(super) fn constant(
        &self,
        expression: &ConstExpr,
        place: impl FnOnce() -> String,
    ) -> Result<Initial, TranslateError> {
        let mut operators = expression.get_operators_reader();
        match (operators.read()?, operators.read()?) {
            (Operator::I32Const { value }, Operator::End) => Ok(Initial::Value(u64::from(value as u32))),
            (Operator::I64Const { value }, Operator::End) => Ok(Initial::Value(value as u64)),
            // Only read by functions that are refused.
            (Operator::F32Const { .. } | Operator::F64Const { .. }, Operator::End) => Ok(Initial::Value(0)),
            (Operator::RefNull { .. }, Operator::End) => Ok(Initial::Value(0)),
            (Operator::RefFunc { function_index }, Operator::End) => Ok(Initial::Function(function_index)),
            (Operator::GlobalGet { global_index }, Operator::End) => self
                .globals
                .get(global_index as usize)
                .map(|global| global.value)
                .ok_or_else(|| TranslateError::NotConstant { place: place() }),
            _ => Err(TranslateError::NotConstant { place: place() }),
        }
    }

    /// The same, of an integer.
    pub(super) fn integer(
        &self,
        expression: &ConstExpr,
        place: impl FnOnce() -> String + Copy,
    ) -> Result<u64, TranslateError> {
        match self.constant(expression, place)? {
            Initial::Value(value) => Ok(value),
            Initial::Function(_) => Err(TranslateError::NotConstant { place: place() }),
        }
    }
}

/// Refuses types other than integers and references.
pub(super) fn refuse_float(types: &[ValType], place: impl FnOnce() -> String) -> Result<(), TranslateError> {
    let supported = |ty: &ValType| {
        matches!(ty, ValType::I32 | ValType::I64)
            || [ValType::Ref(RefType::FUNCREF), ValType::Ref(RefType::EXTERNREF)].contains(ty)
    };
    match types.iter().find(|ty| !supported(ty)) {
        Some(ty) => Err(TranslateError::UnsupportedType {
            place: place(),
            value_type: ty.to_string(),
        }),
        None => Ok(()),
    }
}
