//! Hands a mail to a local program that takes what sendmail takes.
//!
//! The program reads from the mail to whom it goes (`-t`): no address stands on a command line. A dot alone ends nothing (`-i`).

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::Undelivered;
use crate::mail::Mail;

/// The status of a program that could not do it now (`EX_TEMPFAIL` of sysexits).
const TRY_AGAIN: i32 = 75;

/// Sends the mail. What the program prints is not read.
pub(crate) fn send(program: &str, mail: &Mail) -> Result<(), Undelivered> {
    if !Path::new(program).is_absolute() {
        return Err(Undelivered::Never(format!("{program} is no absolute path")));
    }
    let started = Command::new(program)
        .args(["-i", "-t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| Undelivered::Never(format!("{program} cannot be started: {error}")))?;
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(&crlf_to_lf(&mail.bytes)));
    let status = child.wait().map_err(|error| Undelivered::Again(format!("{program}: {error}")))?;
    judged(program, status)?;
    written.map_err(|error| Undelivered::Again(format!("{program} did not read the mail: {error}")))
}

/// Local mailers want lines as files have them.
fn crlf_to_lf(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
}

fn judged(program: &str, status: ExitStatus) -> Result<(), Undelivered> {
    match status.code() {
        Some(0) => Ok(()),
        Some(TRY_AGAIN) | None => Err(Undelivered::Again(format!("{program} could not send it now"))),
        // Codes 64 to 78 say what is wrong; others say nothing, so that it is worth another try.
        Some(code @ 64..=78) => Err(Undelivered::Never(format!("{program} ended with status {code}"))),
        Some(code) => Err(Undelivered::Again(format!("{program} ended with status {code}"))),
    }
}
