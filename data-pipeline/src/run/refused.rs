//! Why nothing is published.

use std::fmt;

use contract::Wording;

use crate::{ingest::IngestError, report::DatasetReport, work::WorkError};

/// Datasets that cannot be published, every one with all that is wrong with it.
#[derive(Debug)]
pub struct Refused {
    /// Their reports.
    pub reports: Vec<DatasetReport>,
    /// Whether what is wrong is that files cannot be opened or read.
    pub is_io: bool,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, report) in self.reports.iter().enumerate() {
            let separator = if at > 0 { "; " } else { "" };
            write!(f, "{separator}{}", report.refusals(Wording::En))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// Whether an error is that a file cannot be opened or read.
pub fn is_file(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<std::io::Error>()
            || cause.is::<WorkError>()
            || cause.downcast_ref().is_some_and(IngestError::is_io)
            || cause
                .downcast_ref()
                .is_some_and(|refused: &Refused| refused.is_io)
    })
}
