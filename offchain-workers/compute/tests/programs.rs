//! WebAssembly modules, from a folder or from where a zkGraph says.

use std::{fs, path::Path};

use weft_compute::programs::{MAX_PROGRAM_BYTES, ProgramError, Programs};
use weft_primitives::{H256, Program, keccak256};

fn program(digest: H256, uri: &str) -> Program {
    Program {
        digest,
        uri: uri.as_bytes().to_vec().try_into().expect("short"),
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[tokio::test]
async fn a_module_is_read_from_its_uri_and_kept_under_its_digest() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("module.wasm");
    fs::write(&source, b"module").expect("written");
    let programs = Programs::new(folder.path().join("kept"));
    let wanted = program(keccak256(b"module"), &uri(&source));
    assert_eq!(programs.get(&wanted).await.expect("read"), b"module");
    fs::remove_file(&source).expect("removed");
    assert_eq!(programs.get(&wanted).await.expect("kept"), b"module");
}

#[tokio::test]
async fn other_bytes_than_were_registered_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("module.wasm");
    fs::write(&source, b"another").expect("written");
    let programs = Programs::new(folder.path().join("kept"));
    let wanted = program(keccak256(b"module"), &uri(&source));
    let error = programs.get(&wanted).await.expect_err("another module");
    assert!(matches!(error, ProgramError::WrongDigest { .. }), "{error}");
    assert!(!programs.path(wanted.digest).exists());
}

#[tokio::test]
async fn a_damaged_copy_is_fetched_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("module.wasm");
    fs::write(&source, b"module").expect("written");
    let programs = Programs::new(folder.path());
    let wanted = program(keccak256(b"module"), &uri(&source));
    fs::write(programs.path(wanted.digest), b"damaged").expect("written");
    assert_eq!(programs.get(&wanted).await.expect("fetched"), b"module");
}

#[tokio::test]
async fn what_is_not_an_address_is_not_fetched() {
    let folder = tempfile::tempdir().expect("a folder");
    let programs = Programs::new(folder.path());
    for uri in [
        "",
        "module.wasm",
        "ftp://127.0.0.1/x",
        "data:,x",
        "file://",
        "file://host.invalid/x",
    ] {
        let error = programs.get(&program(H256::zero(), uri)).await.expect_err(uri);
        assert!(
            matches!(error, ProgramError::Uri(_) | ProgramError::Unreadable { .. }),
            "{uri}: {error}"
        );
    }
    let missing = program(H256::zero(), "file:///nowhere/module.wasm");
    let error = programs.get(&missing).await.expect_err("no file");
    assert!(matches!(error, ProgramError::Unreadable { .. }), "{error}");
}

#[tokio::test]
async fn a_huge_file_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("huge.wasm");
    let file = fs::File::create(&source).expect("created");
    file.set_len(MAX_PROGRAM_BYTES as u64 + 1).expect("a sparse file");
    let programs = Programs::new(folder.path());
    let error = programs
        .get(&program(H256::zero(), &uri(&source)))
        .await
        .expect_err("too large");
    assert!(matches!(error, ProgramError::TooLarge(_)), "{error}");
}
