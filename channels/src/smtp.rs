//! Hands a mail to a mail server: once, for all whom the server takes it for (RFC 5321 §3.3).
//!
//! Whoever is refused keeps it from nobody else. Once somebody got it, it is not handed over again, for they would get it twice.

use std::time::Duration;

use kith_proto::channel::Security;
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, SUBMISSION_PORT, SUBMISSIONS_PORT};

use crate::address::{self, Reach};
use crate::mail::Mail;
use crate::{Undelivered, secret};

/// How long one answer of the server may take.
const LIMIT: Duration = Duration::from_secs(15);

/// The port of servers that keep nothing private.
const PLAIN_PORT: u16 = 25;

/// To which server, and how.
pub(crate) struct Target<'a> {
    /// Its name.
    pub(crate) server: &'a str,
    /// Its port, where it is not the usual one.
    pub(crate) port: Option<u16>,
    /// How the connection is kept private.
    pub(crate) security: Security,
    /// User's name and the file with the password.
    pub(crate) login: Option<(&'a str, &'a str)>,
}

/// A recipient whom the server refused, and how.
type Refused<'a> = (&'a Address, Error);

/// Sends the mail.
pub(crate) fn send(target: &Target<'_>, mail: &Mail) -> Result<(), Undelivered> {
    let failed = |error: Error| {
        let why = format!("the mail server {} did not take it: {error}", target.server);
        if error.is_permanent() { Undelivered::Never(why) } else { Undelivered::Again(why) }
    };
    let login = match target.login {
        Some((user, secret_file)) => Some(Credentials::new(user.to_owned(), secret::read(secret_file)?)),
        None => None,
    };
    let mut connection = connect(target, &failed)?;
    if let Some(login) = &login {
        connection.auth(DEFAULT_MECHANISMS, login).map_err(failed)?;
    }
    let refused = hand_over(&mut connection, mail);
    connection.abort();
    let refused = refused.map_err(failed)?;
    if refused.is_empty() {
        return Ok(());
    }
    let refused: Vec<_> = refused.iter().map(|(to, error)| format!("{to} ({error})")).collect();
    let refused = refused.join(", ");
    Err(Undelivered::Never(format!("the mail server {} took it for the others, but not for {refused}", target.server)))
}

fn connect(target: &Target<'_>, failed: &impl Fn(Error) -> Undelivered) -> Result<SmtpConnection, Undelivered> {
    let hello = ClientId::Domain("localhost".to_owned());
    let (server, port) = (target.server, |usual| target.port.unwrap_or(usual));
    let tls = || TlsParameters::new(server.to_owned()).map_err(|error| Undelivered::Never(error.to_string()));
    match target.security {
        Security::Tls => {
            let address = (server, port(SUBMISSIONS_PORT));
            SmtpConnection::connect(address, Some(LIMIT), &hello, Some(&tls()?), None).map_err(failed)
        }
        Security::Starttls => {
            let address = (server, port(SUBMISSION_PORT));
            let mut connection = SmtpConnection::connect(address, Some(LIMIT), &hello, None, None).map_err(failed)?;
            connection.starttls(&tls()?, &hello).map_err(failed)?;
            Ok(connection)
        }
        Security::None => {
            let addresses = address::resolve(server, port(PLAIN_PORT), Reach::Private)?;
            address::must_be_near(server, &addresses, "say security = \"tls\" or \"starttls\"")?;
            SmtpConnection::connect(addresses.as_slice(), Some(LIMIT), &hello, None, None).map_err(failed)
        }
    }
}

/// Hands the mail over, and returns whom the server refused; where that is everybody, the error is one that may pass, if any is.
fn hand_over<'a>(connection: &mut SmtpConnection, mail: &'a Mail) -> Result<Vec<Refused<'a>>, Error> {
    // Only an address can bring letters beyond ASCII into it (RFC 6531).
    let beyond = [MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)];
    let parameters = if mail.bytes.is_ascii() { Vec::new() } else { Vec::from(beyond) };
    connection.command(MailFrom::new(mail.envelope.from().cloned(), parameters))?;
    let mut refused = Vec::new();
    for to in mail.envelope.to() {
        match connection.command(Rcpt::new(to.clone(), Vec::new())) {
            Ok(_) => {}
            Err(error) if error.status().is_some() => refused.push((to, error)),
            Err(error) => return Err(error),
        }
    }
    if refused.len() == mail.envelope.to().len() {
        let may_pass = refused.iter().position(|(_, error)| !error.is_permanent()).unwrap_or(0);
        return Err(refused.swap_remove(may_pass).1);
    }
    connection.command(Data)?;
    connection.message(&mail.bytes)?;
    Ok(refused)
}
