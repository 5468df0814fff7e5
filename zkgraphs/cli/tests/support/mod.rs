//! Inputs and folders for the tests.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use weft_cli::{commands::new, compile::compile, keys::KeySource, manifest_file::Language, project::Project};
use weft_primitives::{
    H160, H256,
    input::{BlockEntry, BlockRange, Input, LogEntry, Section},
    keccak256,
};

/// The folder with the SDKs and examples.
pub(crate) fn zkgraphs() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("..")
        .canonicalize()
        .expect("the folder is there")
}

/// The zkGraph of an example.
pub(crate) fn example(name: &str) -> Project {
    Project::find(&zkgraphs().join("examples").join(name)).expect("the example is there")
}

/// The example in both languages, compiled.
pub(crate) fn compiled_examples() -> [(&'static str, Vec<u8>); 2] {
    ["transfer-volume", "transfer-volume-assemblyscript"].map(|name| {
        let compiled = compile(&example(name)).unwrap_or_else(|error| panic!("{name} compiles: {error:#}"));
        (name, compiled.wasm)
    })
}

/// Development keys in a folder that tests share.
pub(crate) fn development_keys() -> KeySource {
    KeySource::Development(Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys"))
}

/// A 32-byte word from pieces of 64 bits, the highest first.
pub(crate) fn word(pieces: [u64; 4]) -> [u8; 32] {
    let mut word = [0; 32];
    for (bytes, piece) in word.chunks_mut(8).zip(pieces) {
        bytes.copy_from_slice(&piece.to_be_bytes());
    }
    word
}

/// A `Transfer` event of an ERC-20 token.
pub(crate) fn transfer(index: u64, amount: [u8; 32]) -> LogEntry {
    let party = |seed: u64| H256::from(H160::from_low_u64_be(seed));
    LogEntry {
        address: H160::repeat_byte(0x11),
        transaction_index: index / 2,
        log_index: index % 2,
        topics: vec![
            keccak256(b"Transfer(address,address,uint256)"),
            party(index + 1),
            party(index + 2),
        ],
        data: amount.to_vec(),
    }
}

/// A block with these logs.
pub(crate) fn block(logs: Vec<LogEntry>) -> BlockEntry {
    BlockEntry {
        number: 7,
        timestamp: 1_700_000_000,
        logs,
    }
}

/// What a source held that reads events, of those of these blocks that have any.
pub(crate) fn events(blocks: Vec<BlockEntry>) -> Section {
    let range = BlockRange {
        chain_id: 1,
        first: 7,
        last: 9,
        hash: H256::repeat_byte(0x22),
        timestamp: 1_700_000_024,
    };
    let blocks = blocks.into_iter().filter(|block| !block.logs.is_empty());
    Section::Events(range, blocks.collect())
}

/// A block with `count` transfers of all sizes from 1 to some 2^100, after a run that left `state`.
pub(crate) fn transfers(state: &[u8], count: u64) -> Input {
    let amount = |i: u64| {
        let digits = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        match i % 3 {
            0 => word([0, 0, 0, digits >> 40 | 1]),
            1 => word([0, 0, 0, digits]),
            _ => word([0, 0, digits >> 28, digits]),
        }
    };
    Input {
        prior_state: state.to_vec(),
        sources: vec![events(vec![block(
            (0..count).map(|i| transfer(i, amount(i))).collect(),
        )])],
    }
}

/// Writes an input to a file.
pub(crate) fn write_input(folder: &Path, input: &Input) -> PathBuf {
    let path = folder.join("input.bin");
    fs::write(&path, input.encode()).expect("the folder can be written");
    path
}

/// A program in AssemblyScript, compiled.
pub(crate) fn compiled(source: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    new::run(&new::Arguments::new(
        "program",
        Language::AssemblyScript,
        folder.path(),
    ))
    .expect("it is made");
    let root = folder.path().join("program");
    fs::write(root.join("assembly/index.ts"), source).expect("it can be written");
    link_packages(&root);
    let project = Project::find(&root).expect("it is there");
    compile(&project)
        .unwrap_or_else(|error| panic!("it compiles: {error:#}"))
        .wasm
}

fn link_packages(root: &Path) {
    let packages = zkgraphs().join("examples/transfer-volume-assemblyscript/node_modules");
    std::os::unix::fs::symlink(packages, root.join("node_modules")).expect("a link can be made");
}
