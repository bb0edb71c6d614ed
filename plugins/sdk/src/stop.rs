//! Why an import ends before its input does.

use core::fmt;
use std::io;

/// The import ends here: the host wants no more, or the bundle as a whole cannot be imported.
///
/// An [`io::Error`] becomes one by `?`: the end of the file in the middle of something is [`Stop::truncated`], any other
/// is [`Stop::refuse`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub(crate) cause: Cause,
}

/// Who stops, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The host wants no more.
    Host,
    /// It cannot be imported.
    Refused(String),
    /// It ends in the middle: perhaps it is still being written.
    Truncated(String),
}

impl Stop {
    /// Refuses the bundle as a whole; `reason` is a lower-case fragment: "no column is recognised".
    #[must_use]
    pub fn refuse(reason: impl Into<String>) -> Self {
        Self { cause: Cause::Refused(reason.into()) }
    }

    /// Says that the file ends in the middle, so that the daemon waits for the rest before it is a problem.
    #[must_use]
    pub fn truncated(reason: impl Into<String>) -> Self {
        Self { cause: Cause::Truncated(reason.into()) }
    }

    pub(crate) const fn host() -> Self {
        Self { cause: Cause::Host }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Host => f.write_str("stopped by the host"),
            Cause::Refused(reason) | Cause::Truncated(reason) => f.write_str(reason),
        }
    }
}

impl core::error::Error for Stop {}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::truncated("the file ends in the middle")
        } else {
            Self::refuse(format!("the file cannot be read: {error}"))
        }
    }
}
