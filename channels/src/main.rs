//! `kith-channel`: sends one message over one network channel, says what came of it, and exits.
//!
//! kithd starts it with a job on the standard input (`kith_proto::channel`) and reads one line of answer. It keeps nothing,
//! decides nothing about when or whether to try again, and reads no clock: that is `deliver` in the daemon.
//!
//! ```text
//!  job ─▶ webhook, ntfy ─▶ post ─▶ address: resolved, checked, connected to exactly that
//!      └▶ smtp, sendmail ─▶ mail
//! ```

#![forbid(unsafe_code)]

mod address;
mod mail;
mod ntfy;
mod post;
mod secret;
mod sendmail;
mod signature;
mod smtp;
mod webhook;

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use kith_proto::channel::{Answer, Job, Kind};

/// The largest job that is read.
const JOB_BYTES: u64 = 16 << 20;

/// Why a message was not delivered.
#[derive(Debug, PartialEq, Eq)]
enum Undelivered {
    /// It may work later.
    Again(String),
    /// It will not, until somebody mends something.
    Never(String),
}

fn main() -> ExitCode {
    let answer = match read() {
        Ok(job) => answer(send(&job)),
        Err(error) => Answer::Never(format!("the job cannot be read: {error}")),
    };
    match write(&answer) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn read() -> io::Result<Job> {
    let mut job = Vec::new();
    io::stdin().lock().take(JOB_BYTES).read_to_end(&mut job)?;
    Ok(serde_json::from_slice(&job)?)
}

fn send(job: &Job) -> Result<(), Undelivered> {
    match &job.channel {
        Kind::Webhook { url, secret_file, allow_private } => {
            let target = webhook::Target { url, secret_file, reach: address::Reach::of(*allow_private) };
            webhook::send(&target, job)
        }
        Kind::Ntfy { url, topic, secret_file, allow_private } => {
            let secret_file = secret_file.as_deref();
            let target = ntfy::Target { url, topic, secret_file, reach: address::Reach::of(*allow_private) };
            ntfy::send(&target, &job.message)
        }
        Kind::Smtp { server, port, security, user, secret_file, from, to } => {
            let login = user.as_deref().zip(secret_file.as_deref());
            let target = smtp::Target { server, port: *port, security: *security, login };
            smtp::send(&target, &mail::Mail::new(from, to, job)?)
        }
        Kind::Sendmail { program, from, to } => sendmail::send(program, &mail::Mail::new(from, to, job)?),
    }
}

fn answer(sent: Result<(), Undelivered>) -> Answer {
    match sent {
        Ok(()) => Answer::Delivered,
        Err(Undelivered::Again(why)) => Answer::Again(why),
        Err(Undelivered::Never(why)) => Answer::Never(why),
    }
}

fn write(answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    io::stdout().lock().write_all(&line)
}
