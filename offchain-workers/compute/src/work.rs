//! The work directory: proofs that are finished and not settled yet, journals of those that are being made, and the evidence for both.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::{Path, PathBuf},
};

use codec::{DecodeAll, Encode};
use weft_primitives::{H256, JobId, Statement, Submission, source::Evidence};

/// A folder with a file for each finished proof, and one for each that is not. Jobs of another Weft or another account have another folder.
#[derive(Clone, Debug)]
pub struct WorkDirectory {
    folder: PathBuf,
}

impl WorkDirectory {
    /// The part of `folder` for this Weft and this account.
    pub fn new(folder: &Path, genesis: H256, account: &[u8; 32]) -> Self {
        let short = |bytes: &[u8]| hex::encode(&bytes[..8]);
        Self {
            folder: folder.join(format!("{}-{}", short(genesis.as_bytes()), short(account))),
        }
    }

    fn path(&self, job: JobId) -> PathBuf {
        self.folder.join(format!("job-{job}.submission"))
    }

    /// Where the journal of a job's proof is kept while it is made. Makes the folder, if it can.
    pub fn journal(&self, job: JobId) -> PathBuf {
        // Without the folder there is no journal, and a proof all the same.
        let _ = std::fs::create_dir_all(&self.folder);
        self.folder.join(format!("job-{job}.journal"))
    }

    /// Keeps a finished proof, whole or not at all, so that it survives a stop at any point after this.
    pub fn keep(&self, job: JobId, submission: &Submission) -> io::Result<()> {
        write_whole(&self.path(job), &submission.encode())?;
        let _ = std::fs::remove_file(self.journal(job));
        Ok(())
    }

    /// The finished proof of a job, if its statement is the one that is asked for: anything else that lies there is of no use.
    pub fn find(&self, job: JobId, wanted: impl FnOnce(&Statement) -> bool) -> Option<Submission> {
        let bytes = std::fs::read(self.path(job)).ok()?;
        let submission = Submission::decode_all(&mut &bytes[..]).ok()?;
        wanted(&submission.statement).then_some(submission)
    }

    /// Keeps the evidence for a job's sources, so that the job can be proved when nodes have forgotten the states that it is of; and the
    /// advice of its program.
    pub fn keep_evidence(&self, job: JobId, evidence: &Evidence, advice: &[u64]) -> io::Result<()> {
        write_whole(&self.evidence_path(job), &(evidence, advice).encode())
    }

    /// The evidence and the advice that were kept for a job. Whether they are those of the job's blocks is not known.
    pub fn evidence(&self, job: JobId) -> Option<(Evidence, Vec<u64>)> {
        let bytes = std::fs::read(self.evidence_path(job)).ok()?;
        DecodeAll::decode_all(&mut &bytes[..]).ok()
    }

    fn evidence_path(&self, job: JobId) -> PathBuf {
        self.folder.join(format!("job-{job}.evidence"))
    }

    /// Forgets a job.
    pub fn forget(&self, job: JobId) {
        // A file that stays does no harm: it is not used for another statement.
        let _ = std::fs::remove_file(self.path(job));
        let _ = std::fs::remove_file(self.journal(job));
        let _ = std::fs::remove_file(self.evidence_path(job));
    }

    /// The jobs that have a proof here, finished or not.
    pub fn jobs(&self) -> Vec<JobId> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let jobs: BTreeSet<JobId> = names
            .filter_map(|name| {
                let job = name.strip_prefix("job-")?;
                let endings = [".submission", ".journal", ".evidence"];
                endings
                    .iter()
                    .find_map(|ending| job.strip_suffix(ending))?
                    .parse()
                    .ok()
            })
            .collect();
        jobs.into_iter().collect()
    }
}

/// Writes a file that is either whole or not there: under another name first, and on the disk before it gets its own.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut unfinished = tempfile::NamedTempFile::new_in(folder)?;
    unfinished.write_all(bytes)?;
    unfinished.as_file().sync_all()?;
    unfinished.persist(path).map_err(|error| error.error)?;
    Ok(())
}
