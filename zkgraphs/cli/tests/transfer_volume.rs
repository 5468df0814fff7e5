//! The example `transfer-volume`, in Rust and in AssemblyScript: what it computes, and that its runs are proved.
//!
//! Needs the WebAssembly target of Rust and the example's npm packages: `scripts/setup` installs both.

mod support;

use std::sync::LazyLock;

use support::{block, compiled_examples, development_keys, events, transfer, transfers, word};
use weft_cli::{
    execute::{End, Execution, MAX_STEPS, execute},
    image::image,
    proof::Proving,
};
use weft_primitives::{
    input::{Input, Section},
    output::Output,
};

static EXAMPLES: LazyLock<[(&str, Vec<u8>); 2]> = LazyLock::new(compiled_examples);

/// What the example should write, computed in another way: byte by byte, as at school.
fn expected(input: &Input) -> Output {
    let add = |a: &[u8], b: &[u8]| {
        let mut sum = vec![0; 32];
        let mut carry = 0;
        for i in (0..32).rev() {
            carry += u16::from(a[i]) + u16::from(b[i]);
            sum[i] = carry as u8;
            carry >>= 8;
        }
        assert_eq!(carry, 0, "the test's amounts fit");
        sum
    };
    let amounts = || {
        let blocks = input.sources.iter().flat_map(|source| match source {
            Section::Events(_, blocks) => blocks,
            _ => panic!("the example reads events"),
        });
        blocks.flat_map(|block| &block.logs).map(|log| &log.data)
    };
    let volume = amounts().fold(vec![0; 32], |sum, amount| add(&sum, amount));
    let largest = amounts().max().cloned().unwrap_or(vec![0; 32]);
    let before = if input.prior_state.is_empty() {
        vec![0; 32]
    } else {
        input.prior_state.clone()
    };
    let total = add(&before, &volume);
    Output {
        payload: [volume, largest, total.clone()].concat(),
        next_state: total,
    }
}

fn run(wasm: &[u8], input: &Input) -> Execution {
    execute(wasm, &input.encode(), MAX_STEPS).expect("the run ends")
}

#[test]
fn volume_largest_and_total_are_those_of_an_independent_sum() {
    let inputs = [
        Input {
            prior_state: vec![],
            sources: vec![],
        },
        transfers(&[], 0),
        transfers(&[], 1),
        transfers(&word([0, 1, 2, 3]), 10),
        transfers(&word([0, 0, 0, u64::MAX]), 100),
    ];
    for (name, wasm) in EXAMPLES.iter() {
        for input in &inputs {
            assert_eq!(run(wasm, input).end, End::Returned(expected(input)), "{name}");
        }
    }
}

#[test]
fn events_of_another_form_are_passed() {
    let amount = word([0, 0, 0, 5]);
    // As ERC-721 has it: the token's number is indexed.
    let mut token = transfer(1, amount);
    token.topics.push(token.topics[1]);
    token.data.clear();
    let mut longer = transfer(2, amount);
    longer.data.push(0);
    let transfer = transfer(0, amount);
    let alone = Input {
        prior_state: vec![],
        sources: vec![events(vec![block(vec![transfer.clone()])])],
    };
    let among = Input {
        prior_state: vec![],
        sources: vec![events(vec![block(vec![token, transfer, longer])])],
    };
    for (name, wasm) in EXAMPLES.iter() {
        assert_eq!(run(wasm, &among).end, End::Returned(expected(&alone)), "{name}");
    }
}

#[test]
fn a_volume_that_does_not_fit_traps() {
    let most = word([u64::MAX; 4]);
    let logs = vec![transfer(0, most), transfer(1, word([0, 0, 0, 1]))];
    for (name, wasm) in EXAMPLES.iter() {
        let execution = run(
            wasm,
            &Input {
                prior_state: vec![],
                sources: vec![events(vec![block(logs.clone())])],
            },
        );
        assert!(
            matches!(execution.end, End::Trapped(reason) if reason.contains("unreachable")),
            "{name}"
        );
        assert!(execution.stream.is_empty());
        let fits = Input {
            prior_state: vec![],
            sources: vec![events(vec![block(logs[..1].to_vec())])],
        };
        assert_eq!(run(wasm, &fits).end, End::Returned(expected(&fits)), "{name}");
    }
}

#[test]
fn a_state_that_is_too_short_traps() {
    for (name, wasm) in EXAMPLES.iter() {
        let execution = run(wasm, &transfers(&[1; 31], 1));
        assert!(matches!(execution.end, End::Trapped(_)), "{name}");
    }
}

/// Not a bound of anything: fails when a change makes runs much more expensive.
#[test]
fn a_transfer_costs_about_a_hundred_steps() {
    for ((name, wasm), most) in EXAMPLES.iter().zip([110, 170]) {
        let [ten, hundred] = [10, 100].map(|count| run(wasm, &transfers(&word([0, 0, 0, 9]), count)).trace);
        println!(
            "{name}: {} bytes; 10 logs: {} WebAssembly instructions, {} steps; 100 logs: {}, {}",
            wasm.len(),
            ten.completed,
            ten.steps.len(),
            hundred.completed,
            hundred.steps.len()
        );
        let each = (hundred.steps.len() - ten.steps.len()) / 90;
        assert!(each <= most, "{name} takes {each} steps a transfer");
    }
}

#[test]
fn runs_of_both_are_proved_and_the_proofs_serve_nothing_else() {
    let keys = development_keys();
    let [(_, rust), (_, assemblyscript)] = &*EXAMPLES;
    let images = [rust, assemblyscript].map(|wasm| image(wasm, &keys).expect("it fits").image);
    assert_ne!(images[0], images[1]);
    let input = transfers(&word([0, 0, 0, 9]), 3).encode();
    let other_input = transfers(&word([0, 0, 0, 8]), 3).encode();
    for (i, wasm) in [rust, assemblyscript].into_iter().enumerate() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = folder.path().join("proof.journal");
        let proving = Proving {
            wasm,
            input: &input,
            advice: None,
            source: &keys,
            statement: [7; 32],
            processes: 1,
            journal: journal.clone(),
        };
        let proved = proving.prove(&|_, _| ()).expect("an honest run is proved");
        assert!(!journal.exists(), "the proof is finished");
        let file = proved.file;
        file.verify(images[i], &input, &keys).expect("and verified");
        let refused = |file: &weft_cli::proof::ProofFile, image, input: &[u8]| {
            format!("{:#}", file.verify(image, input, &keys).expect_err("not shown"))
        };
        assert!(refused(&file, images[1 - i], &input).contains("another program"));
        assert!(refused(&file, images[i], &other_input).contains("another input"));
        // What the proof itself has to catch: claims that were changed in the file, consistently.
        let mut other = file.clone();
        other
            .output
            .replace_range(40..41, if &file.output[40..41] == "1" { "2" } else { "1" });
        assert!(refused(&other, images[i], &input).contains("PROOF IS WRONG"));
        let other = weft_cli::proof::ProofFile {
            steps: file.steps - 1,
            ..file.clone()
        };
        assert!(refused(&other, images[i], &input).contains("PROOF IS WRONG"));
        let statement = format!("0x{}", "08".repeat(32));
        let other = weft_cli::proof::ProofFile {
            statement,
            ..file.clone()
        };
        assert!(refused(&other, images[i], &input).contains("PROOF IS WRONG"));
        let digest = weft_cli::input_file::shown(weft_primitives::keccak256(&other_input).as_bytes());
        let other = weft_cli::proof::ProofFile {
            input: digest,
            ..file.clone()
        };
        assert!(refused(&other, images[i], &other_input).contains("PROOF IS WRONG"));
    }
}
