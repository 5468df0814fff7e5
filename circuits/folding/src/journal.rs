//! What a prover has committed to so far, kept in a file, so that one who was stopped need not commit again.
//!
//! Commitments are what proving spends most of its time on, and there are three of 32 bytes and a sum for each chunk: a journal is
//! small, and everything else is made again from the trace. A record is the element and eight bytes of a digest of the
//! proof's subject, the record's number and the element. Opening a journal checks every record; what follows the first that is
//! wrong or incomplete is dropped, so a prover who was killed while writing loses one record.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use ff::PrimeField;

use crate::{
    engine::{Commitment, F, keccak256},
    proof::{decode_commitment, encode_commitment},
};

const ELEMENT: usize = 32;
const CHECK: usize = 8;
/// Elements of the longest proof: no journal is longer.
const MOST: usize = 1 << 20;

/// The elements that were sent so far, of one proof.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<File>,
    subject: [u8; 32],
    known: Vec<[u8; ELEMENT]>,
    next: usize,
}

impl Journal {
    /// A journal that keeps nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Opens or makes the journal at `path` of the proof that `subject` names: a digest of all that the proof depends on. One
    /// about something else is emptied.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path, subject: [u8; 32]) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut bytes = Vec::new();
        (&mut file)
            .take((MOST * (ELEMENT + CHECK)) as u64)
            .read_to_end(&mut bytes)?;
        let mut known = Vec::new();
        for record in bytes.chunks_exact(ELEMENT + CHECK) {
            let (element, check) = record.split_at(ELEMENT);
            let Ok(element) = <[u8; ELEMENT]>::try_from(element) else {
                break;
            };
            if digest(&subject, known.len(), &element) != check {
                break;
            }
            known.push(element);
        }
        file.set_len((known.len() * (ELEMENT + CHECK)) as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file: Some(file),
            subject,
            known,
            next: 0,
        })
    }

    /// How many elements are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What follows depends on `context`: challenges, which depend on what other provers sent. What was kept under another context is
    /// forgotten.
    pub(crate) fn context(&mut self, context: &[u8]) -> io::Result<()> {
        let context = keccak256(context);
        let number = self.next;
        if self.known.get(number).is_some_and(|known| *known != context) {
            self.known.truncate(number);
            if let Some(file) = &mut self.file {
                file.set_len((number * (ELEMENT + CHECK)) as u64)?;
                file.seek(SeekFrom::End(0))?;
            }
        }
        self.element(|| Ok(context)).map(|_: [u8; ELEMENT]| ())
    }

    /// The next element if it is known; otherwise `make` makes it, and it is kept.
    fn element<E: From<io::Error>>(
        &mut self,
        make: impl FnOnce() -> Result<[u8; ELEMENT], E>,
    ) -> Result<[u8; ELEMENT], E> {
        let number = self.next;
        self.next += 1;
        if let Some(element) = self.known.get(number) {
            return Ok(*element);
        }
        let element = make()?;
        if let Some(file) = &mut self.file {
            let mut record = element.to_vec();
            record.extend_from_slice(&digest(&self.subject, number, &element));
            file.write_all(&record)?;
            self.known.push(element);
        }
        Ok(element)
    }

    /// The next element, which is a commitment.
    pub(crate) fn commitment<E: From<io::Error>>(
        &mut self,
        make: impl FnOnce() -> Result<Commitment, E>,
    ) -> Result<Commitment, E> {
        let mut made = None;
        let element = self.element(|| {
            let commitment = make()?;
            made = Some(commitment);
            Ok::<_, E>(encode_commitment(&commitment))
        })?;
        match made {
            Some(commitment) => Ok(commitment),
            None => decode_commitment(&element).map_err(|_| damaged().into()),
        }
    }

    /// The next element, which is a scalar.
    pub(crate) fn scalar<E: From<io::Error>>(&mut self, make: impl FnOnce() -> Result<F, E>) -> Result<F, E> {
        let element = self.element(|| {
            let mut element = [0; ELEMENT];
            element.copy_from_slice(make()?.to_repr().as_ref());
            Ok::<_, E>(element)
        })?;
        let mut repr = <F as PrimeField>::Repr::default();
        repr.as_mut().copy_from_slice(&element);
        Option::from(F::from_repr(repr)).ok_or_else(|| damaged().into())
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the journal holds something else than this proof; delete it and start anew",
    )
}

fn digest(subject: &[u8; 32], number: usize, element: &[u8; ELEMENT]) -> [u8; CHECK] {
    let mut bytes = subject.to_vec();
    bytes.extend_from_slice(&(number as u64).to_le_bytes());
    bytes.extend_from_slice(element);
    let mut check = [0; CHECK];
    check.copy_from_slice(&keccak256(&bytes)[..CHECK]);
    check
}
