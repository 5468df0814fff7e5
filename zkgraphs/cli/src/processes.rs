//! Several processes that prove one run: this one starts the others with its own arguments, and asks them over pipes.
//!
//! A message is its length (u64, little-endian) and its bytes, behind a byte in answers: 0 before an answer, 1 before the text of an error.

use std::{
    env,
    io::{self, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};
use weft_folding::{Channel, Segment};

/// The most processes that prove one run.
pub const MOST_PROCESSES: usize = 64;

/// The longest request or text of an error.
const LONGEST: usize = 1 << 16;

/// The other processes.
#[derive(Debug, Default)]
pub struct Processes(Vec<Process>);

#[derive(Debug)]
struct Process {
    child: Child,
    requests: Option<ChildStdin>,
    answers: ChildStdout,
}

impl Processes {
    /// Starts all processes but this one, with the arguments of this one and the number of a segment.
    ///
    /// # Errors
    /// When a process cannot be started.
    pub fn start(processes: usize) -> Result<Self> {
        let mut all = Self::default();
        for segment in 1..processes {
            let this = env::current_exe().context("cannot find this program's file")?;
            let mut child = Command::new(this)
                .args(env::args_os().skip(1))
                .args(["--segment", &segment.to_string()])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("cannot start another process")?;
            let answers = child.stdout.take().context("no pipe from a process")?;
            let requests = child.stdin.take();
            all.0.push(Process {
                child,
                requests,
                answers,
            });
        }
        Ok(all)
    }

    /// Connections to them, by segment.
    pub fn channels(&mut self) -> Vec<&mut dyn Channel> {
        self.0
            .iter_mut()
            .map(|process| process as &mut dyn Channel)
            .collect()
    }

    /// Lets them end.
    pub fn end(mut self) {
        for process in &mut self.0 {
            drop(process.requests.take());
            let _ = process.child.wait();
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for process in &mut self.0 {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

impl Channel for Process {
    fn exchange(&mut self, request: &[u8], length: usize) -> io::Result<Vec<u8>> {
        let requests = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        write_message(requests, request)?;
        let mut answer =
            read_message(&mut self.answers, LONGEST.max(1 + length))?.ok_or(io::ErrorKind::UnexpectedEof)?;
        match answer.split_first() {
            Some((0, _)) => Ok(answer.split_off(1)),
            Some((_, text)) => Err(io::Error::other(String::from_utf8_lossy(text).into_owned())),
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Answers what comes over standard input, until it ends.
///
/// # Errors
/// When a pipe breaks. What fails in the proof is answered.
pub fn serve(segment: &mut Segment<'_>) -> Result<()> {
    let (mut requests, mut answers) = (io::stdin().lock(), io::stdout().lock());
    while let Some(request) = read_message(&mut requests, LONGEST)? {
        let answer = match segment.answer(&request) {
            Ok(answer) => [&[0], &answer[..]].concat(),
            Err(error) => [&[1], error.to_string().as_bytes()].concat(),
        };
        write_message(&mut answers, &answer)?;
    }
    Ok(())
}

fn write_message(to: &mut impl Write, message: &[u8]) -> io::Result<()> {
    to.write_all(&(message.len() as u64).to_le_bytes())?;
    to.write_all(message)?;
    to.flush()
}

/// The next message, of at most `most` bytes; `None` at the end.
fn read_message(from: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    if from.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut length[1..])?;
    let length = u64::from_le_bytes(length);
    if length > most as u64 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a message longer than expected",
        ));
    }
    let mut message = Vec::new();
    from.take(length).read_to_end(&mut message)?;
    if message.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}
