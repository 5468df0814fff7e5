//! `cargo bench -p weft-zkwasm`: this version against an earlier one, both measured in the same minutes on the same run.
//!
//! The earlier version is checked out of the repository's own history beside the build output, and built with the same
//! profile. What is measured is the example `measure`, which both have: a loop of loads, stores and arithmetic, proved.
//! Prints both and their ratios; a machine's mood changes both alike.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The version to compare with: before instructions had shapes by class and openings were reduced to one.
const BASELINE: &str = "2fb5fa05bac7ee1b7fc5045223f717dd0e03c1c1";

/// Steps of the measured run, and how often both versions prove it, in turn.
const STEPS: &str = "30000";
const ROUNDS: usize = 3;

/// What one version made of it.
#[derive(Clone, Copy, Debug)]
struct Figures {
    instructions_per_second: f64,
    constraints_per_instruction: f64,
    proof_bytes: f64,
    verify_ms: f64,
}

type Figure = fn(&Figures) -> f64;

fn output(command: &mut Command) -> String {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The repository, and a folder for the other version and its build output.
fn folders() -> (PathBuf, PathBuf) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
    (repository, target.join("baseline"))
}

fn check_out(repository: &Path, to: &Path) {
    let mut git = Command::new("git");
    git.current_dir(repository);
    if to.exists() {
        let at = output(Command::new("git").current_dir(to).args(["rev-parse", "HEAD"]));
        if at.trim() == BASELINE {
            return;
        }
    }
    output(git.args(["worktree", "prune"]));
    output(
        Command::new("git")
            .current_dir(repository)
            .args(["worktree", "add", "--force", "--detach"])
            .arg(to)
            .arg(BASELINE),
    );
}

/// Builds a version's example and returns its path.
fn build(version: &Path, target: &Path) -> PathBuf {
    output(
        Command::new("cargo")
            .current_dir(version)
            .env("CARGO_TARGET_DIR", target)
            .args([
                "build",
                "--release",
                "--locked",
                "-p",
                "weft-zkwasm",
                "--example",
                "measure",
            ]),
    );
    target.join("release/examples/measure")
}

/// The number before `unit` in a line of text.
fn before(text: &str, unit: &str) -> f64 {
    let end = text
        .find(unit)
        .unwrap_or_else(|| panic!("no {unit:?} in:\n{text}"));
    let number = text[..end]
        .trim_end()
        .rsplit(|c: char| !(c.is_ascii_digit() || c == '.'))
        .next();
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("no number before {unit:?}"))
}

/// The number after `label` in a line of text.
fn after(text: &str, label: &str) -> f64 {
    let start = text
        .find(label)
        .unwrap_or_else(|| panic!("no {label:?} in:\n{text}"))
        + label.len();
    let rest = text[start..].trim_start_matches([' ', ':']);
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(rest.len());
    rest[..end]
        .parse()
        .unwrap_or_else(|_| panic!("no number after {label:?}"))
}

fn measure(program: &Path) -> Figures {
    let text = output(Command::new(program).arg(STEPS));
    Figures {
        instructions_per_second: before(&text, " WebAssembly instructions/s"),
        constraints_per_instruction: after(&text, "constraints") / after(&text, "completed"),
        proof_bytes: before(&text, " bytes"),
        verify_ms: 1e3 * after(&text, "verify"),
    }
}

fn main() {
    let (repository, baseline) = folders();
    check_out(&repository, &baseline);
    let programs = [
        build(&baseline, &baseline.join("target")),
        build(&repository, &baseline.with_file_name("candidate")),
    ];
    let mut measured = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (program, measured) in programs.iter().zip(&mut measured) {
            measured.push(self::measure(program));
        }
    }
    let median = |version: usize, figure: Figure| {
        let mut values: Vec<f64> = measured[version].iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        values[ROUNDS / 2]
    };
    println!(
        "{:32} {:>12} {:>12} {:>8}",
        "median of 3",
        &BASELINE[..7],
        "this",
        "ratio"
    );
    let figures: [(&str, Figure); 4] = [
        ("WebAssembly instructions/s", |one| one.instructions_per_second),
        ("constraints/instruction", |one| one.constraints_per_instruction),
        ("proof bytes", |one| one.proof_bytes),
        ("verification, ms", |one| one.verify_ms),
    ];
    for (name, figure) in figures {
        let (old, new) = (median(0, figure), median(1, figure));
        println!("{name:32} {old:12.1} {new:12.1} {:8.2}", new / old);
    }
}
