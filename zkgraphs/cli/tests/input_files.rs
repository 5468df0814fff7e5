//! Inputs in files.

mod support;

use support::{transfers, word, write_input};
use weft_cli::input_file::{self, FileSource, InputFile};

fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("it can be written");
    format!("{:#}", input_file::read(&path).expect_err("it is wrong"))
}

#[test]
fn bytes_and_json_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = transfers(&word([1, 2, 3, 4]), 5);
    let bytes = input_file::read(&write_input(folder.path(), &input)).expect("it is an input");
    assert_eq!(bytes, input.encode());
    let path = folder.path().join("input.json");
    std::fs::write(
        &path,
        serde_json::to_vec(&InputFile::of(&input)).expect("it is JSON"),
    )
    .expect("it can be written");
    assert_eq!(input_file::read(&path).expect("it is an input"), bytes);
}

#[test]
fn mistakes_are_named() {
    let bytes = transfers(&[], 2).encode();
    assert!(refused("input.bin", &bytes[..bytes.len() - 8]).contains("ends too early"));
    assert!(refused("input.bin", &[bytes, vec![0; 8]].concat()).contains("follow the input"));
    assert!(refused("input.bin", &transfers(&[], 400).encode()).contains("at most 65536"));
    assert!(refused("input.json", b"{").contains("EOF"));
    assert!(refused("input.json", br#"{"sources": [], "sate": ""}"#).contains("sate"));
    assert!(refused("input.json", br#"{"sources": [], "state": "0x1"}"#).contains("not hexadecimal"));
    let mut file = InputFile::of(&transfers(&[], 1));
    {
        let FileSource::Events { blocks, .. } = &mut file.sources[0] else {
            panic!("it has events")
        };
        let topic = blocks[0].logs[0].topics[0].clone();
        blocks[0].logs[0].topics = vec![topic; 5];
    }
    let json = serde_json::to_vec(&file).expect("it is JSON");
    assert!(refused("input.json", &json).contains("at most 4"));
    let FileSource::Events { blocks, .. } = &mut file.sources[0] else {
        panic!("it has events")
    };
    blocks[0].logs.clear();
    let json = serde_json::to_vec(&file).expect("it is JSON");
    assert!(refused("input.json", &json).contains("leave it out"));
}
