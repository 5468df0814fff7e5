//! Reads a module: validation, imports, memory, globals, tables and names.

use std::collections::BTreeMap;

use wasmparser::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, Name,
    NameSectionReader, Operator, Parser, Payload, TypeRef, ValType, Validator, WasmFeatures,
};

use super::{MAX_MODULE_BYTES, TranslateError};
use crate::program::Space;

/// The export that a run executes.
const ENTRY: &str = "run";

/// The module that host functions are imported from.
const HOST: &str = "weft";

/// Largest memory of WebAssembly, in 64 KiB pages.
const MAX_PAGES: u32 = 1 << 16;

/// A memory size in pages; the validator bounds it.
fn pages(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(MAX_PAGES).min(MAX_PAGES)
}

/// A function the host offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// `input_len() -> i32`: length of the input in bytes.
    InputLen,
    /// `input_word(i32) -> i64`: a little-endian 64-bit word of the input, the last one padded with zeros.
    InputWord,
    /// `output_word(i64)`: appends a word to the output.
    OutputWord,
}

impl Host {
    fn named(name: &str) -> Option<(Self, FuncType, &'static str)> {
        use ValType::{I32, I64};
        Some(match name {
            "input_len" => (Self::InputLen, FuncType::new([], [I32]), "input_len() -> i32"),
            "input_word" => (
                Self::InputWord,
                FuncType::new([I32], [I64]),
                "input_word(i32) -> i64",
            ),
            "output_word" => (Self::OutputWord, FuncType::new([I64], []), "output_word(i64)"),
            _ => return None,
        })
    }
}

/// A global.
pub(super) struct Global {
    /// Whether it can change.
    pub(super) mutable: bool,
    /// Its initial value.
    pub(super) value: u64,
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
    /// Number of table elements.
    pub(super) table_size: u64,
    /// Functions in the table, by element.
    pub(super) elements: BTreeMap<u64, u32>,
    /// Non-zero words of the initial memory, by index.
    pub(super) words: BTreeMap<u64, u64>,
    /// The start function.
    pub(super) start: Option<u32>,
    /// The function exported as the entry.
    pub(super) entry: u32,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Module<'a> {
    /// Validates and reads `wasm`.
    pub(super) fn read(wasm: &'a [u8]) -> Result<Self, TranslateError> {
        if wasm.len() > MAX_MODULE_BYTES {
            return Err(TranslateError::ModuleTooLarge(wasm.len()));
        }
        // Floating point is let through here, so that it can be refused with the function's name.
        let features = WasmFeatures::MUTABLE_GLOBAL
            | WasmFeatures::SIGN_EXTENSION
            | WasmFeatures::MULTI_VALUE
            | WasmFeatures::FLOATS;
        Validator::new_with_features(features).validate_all(wasm)?;
        let mut module = Self {
            max_pages: MAX_PAGES,
            ..Self::default()
        };
        let mut entry = None;
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
                        module.import(import.module, import.name, import.ty)?;
                    }
                }
                Payload::FunctionSection(reader) => {
                    for index in reader {
                        module.functions.push(index?);
                    }
                }
                Payload::TableSection(reader) => {
                    for table in reader {
                        module.table_size = table?.ty.initial;
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
                        refuse_float(&[global.ty.content_type], || place.clone())?;
                        let value = constant(&global.init_expr, || place)?;
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
                        }
                        if export.name == ENTRY {
                            entry = Some((export.kind, export.index));
                        }
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
        for function in 0..module.functions.len() as u32 {
            let ty = module.type_of(function);
            refuse_float(ty.params(), || module.describe(function))?;
            refuse_float(ty.results(), || module.describe(function))?;
        }
        let (kind, function) = entry.ok_or(TranslateError::MissingEntry)?;
        if kind != ExternalKind::Func || *module.type_of(function) != FuncType::new([], []) {
            return Err(TranslateError::EntryType);
        }
        module.entry = function;
        for (segment, data) in data.into_iter().enumerate() {
            if let DataKind::Active { offset_expr, .. } = &data.kind {
                let start = constant(offset_expr, || format!("data segment {segment}"))?;
                module.place_data(segment, start, data.data)?;
            }
        }
        for (segment, element) in elements.into_iter().enumerate() {
            if let (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) =
                (&element.kind, element.items)
            {
                let start = constant(offset_expr, || format!("element segment {segment}"))?;
                if start + u64::from(functions.count()) > module.table_size {
                    return Err(TranslateError::ElementOutOfBounds { segment });
                }
                for (index, function) in (start..).zip(functions) {
                    module.elements.insert(index, function?);
                }
            }
        }
        Ok(module)
    }

    fn import(&mut self, module: &str, name: &str, ty: TypeRef) -> Result<(), TranslateError> {
        let unknown = || TranslateError::UnknownImport {
            module: module.into(),
            name: name.into(),
        };
        let (host, expected, text) = Host::named(name).filter(|_| module == HOST).ok_or_else(unknown)?;
        match ty {
            TypeRef::Func(index) if self.types.get(index as usize) == Some(&expected) => {
                self.hosts.push(host);
                self.functions.push(index);
                Ok(())
            }
            _ => Err(TranslateError::ImportType {
                name: name.into(),
                expected: text,
            }),
        }
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

    /// Initial values of memory words and globals, by increasing key. Zeros are left out.
    pub(super) fn cells(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let words = self
            .words
            .iter()
            .map(|(&index, &word)| (Space::Memory.base() + index, word));
        let globals = (Space::Global.base()..)
            .zip(&self.globals)
            .map(|(key, global)| (key, global.value));
        words.chain(globals).filter(|&(_, value)| value != 0)
    }
}

/// Refuses floating-point types.
pub(super) fn refuse_float(types: &[ValType], place: impl FnOnce() -> String) -> Result<(), TranslateError> {
    match types.iter().find(|ty| !matches!(ty, ValType::I32 | ValType::I64)) {
        Some(ty) => Err(TranslateError::UnsupportedType {
            place: place(),
            value_type: ty.to_string(),
        }),
        None => Ok(()),
    }
}

/// The value of an expression that is one constant.
fn constant(expression: &ConstExpr, place: impl FnOnce() -> String) -> Result<u64, TranslateError> {
    let mut operators = expression.get_operators_reader();
    match (operators.read()?, operators.read()?) {
        (Operator::I32Const { value }, Operator::End) => Ok(u64::from(value as u32)),
        (Operator::I64Const { value }, Operator::End) => Ok(value as u64),
        _ => Err(TranslateError::NotConstant { place: place() }),
    }
}
