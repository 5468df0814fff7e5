//! Proofs that are kept between runs of a worker.

use std::fs;

use weft_compute::work::WorkDirectory;
use weft_primitives::{H256, Outcome, Statement, Submission};

fn submission(steps: u64) -> Submission {
    let statement = Statement {
        version: 1,
        weft_genesis: H256::zero(),
        graph: H256::zero(),
        manifest: H256::zero(),
        proof_system: 1,
        key: H256::zero(),
        image: H256::zero(),
        input_digest: H256::zero(),
        prior_state: H256::zero(),
        next_state: H256::zero(),
        output: Default::default(),
        outcome: Outcome::Ok,
        steps,
        sources: Default::default(),
        destination: Default::default(),
        context: H256::zero(),
    };
    Submission {
        statement,
        evidence: Default::default(),
        next_state: Default::default(),
        proof: vec![7; 500].try_into().expect("short"),
    }
}

/// Whether a statement has this digest.
fn is(digest: H256) -> impl FnOnce(&weft_primitives::Statement) -> bool {
    move |statement| statement.digest() == digest
}

#[test]
fn a_kept_proof_is_found_again_by_its_statement() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = || WorkDirectory::new(folder.path(), H256::repeat_byte(1), &[2; 32]);
    let kept = submission(1);
    work().keep(5, &kept).expect("kept");
    assert_eq!(work().jobs(), [5]);
    assert_eq!(work().find(5, is(kept.statement.digest())), Some(kept));
}

#[test]
fn a_proof_of_another_statement_or_job_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = WorkDirectory::new(folder.path(), H256::zero(), &[0; 32]);
    let kept = submission(1);
    work.keep(5, &kept).expect("kept");
    assert_eq!(work.find(5, is(submission(2).statement.digest())), None);
    assert_eq!(work.find(6, is(kept.statement.digest())), None);
}

#[test]
fn another_chain_or_account_has_other_proofs() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = submission(1);
    WorkDirectory::new(folder.path(), H256::zero(), &[0; 32])
        .keep(5, &kept)
        .expect("kept");
    let digest = kept.statement.digest();
    assert_eq!(
        WorkDirectory::new(folder.path(), H256::repeat_byte(1), &[0; 32]).find(5, is(digest)),
        None
    );
    assert_eq!(
        WorkDirectory::new(folder.path(), H256::zero(), &[1; 32]).find(5, is(digest)),
        None
    );
}

#[test]
fn damaged_files_are_as_if_they_were_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = WorkDirectory::new(folder.path(), H256::zero(), &[0; 32]);
    let kept = submission(1);
    work.keep(5, &kept).expect("kept");
    let part = fs::read_dir(folder.path())
        .expect("a folder")
        .next()
        .expect("one")
        .expect("readable")
        .path();
    let file = part.join("job-5.submission");
    let whole = fs::read(&file).expect("the file");
    for length in 0..whole.len() {
        fs::write(&file, &whole[..length]).expect("written");
        assert_eq!(work.find(5, is(kept.statement.digest())), None, "{length} bytes");
    }
    fs::write(&file, [whole, vec![0]].concat()).expect("written");
    assert_eq!(work.find(5, is(kept.statement.digest())), None);
}

#[test]
fn nothing_but_whole_files_is_left_and_a_forgotten_job_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = WorkDirectory::new(folder.path(), H256::zero(), &[0; 32]);
    work.keep(5, &submission(1)).expect("kept");
    work.keep(5, &submission(2)).expect("kept again");
    let part = fs::read_dir(folder.path())
        .expect("a folder")
        .next()
        .expect("one")
        .expect("readable")
        .path();
    assert_eq!(fs::read_dir(part).expect("a folder").count(), 1);
    work.forget(5);
    work.forget(5);
    assert_eq!(work.jobs(), Vec::<u64>::new());
}

#[test]
fn a_journal_lies_beside_the_proofs_until_the_proof_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = WorkDirectory::new(folder.path(), H256::zero(), &[0; 32]);
    fs::write(work.journal(5), b"half a proof").expect("its folder is there");
    assert_eq!(work.jobs(), [5]);
    work.keep(5, &submission(1)).expect("kept");
    assert!(!work.journal(5).exists());
    assert_eq!(work.jobs(), [5]);
    fs::write(work.journal(6), b"half a proof").expect("its folder is there");
    work.forget(6);
    assert_eq!(work.jobs(), [5]);
}

#[test]
fn the_evidence_of_a_job_is_kept_until_the_job_is_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let work = WorkDirectory::new(folder.path(), H256::zero(), &[0; 32]);
    assert_eq!(work.evidence(5), None);
    let state = vec![1, 2].try_into().expect("short");
    let evidence = vec![weft_primitives::source::Content::State(state)];
    let evidence = evidence.try_into().expect("one");
    work.keep_evidence(5, &evidence, &[6, 7])
        .expect("it can be written");
    assert_eq!(work.evidence(5), Some((evidence, vec![6, 7])));
    assert_eq!(work.jobs(), [5]);
    work.forget(5);
    assert_eq!(work.evidence(5), None);
}
