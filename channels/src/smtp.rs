//! Hands a mail to a mail server.

use std::time::Duration;

use kith_proto::channel::Security;
use lettre::transport::smtp::SmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{SmtpTransport, Transport as _};

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

/// Sends the mail.
pub(crate) fn send(target: &Target<'_>, mail: &Mail) -> Result<(), Undelivered> {
    let mut builder = builder(target)?.timeout(Some(LIMIT)).hello_name(ClientId::Domain("localhost".to_owned()));
    if let Some(port) = target.port {
        builder = builder.port(port);
    }
    if let Some((user, secret_file)) = target.login {
        builder = builder.credentials(Credentials::new(user.to_owned(), secret::read(secret_file)?));
    }
    let sent = builder.build().send_raw(&mail.envelope, &mail.bytes);
    sent.map(drop).map_err(|error| {
        let why = format!("the mail server {} did not take it: {error}", target.server);
        if error.is_permanent() { Undelivered::Never(why) } else { Undelivered::Again(why) }
    })
}

fn builder(target: &Target<'_>) -> Result<SmtpTransportBuilder, Undelivered> {
    let unfit = |error: lettre::transport::smtp::Error| Undelivered::Never(error.to_string());
    match target.security {
        Security::Tls => SmtpTransport::relay(target.server).map_err(unfit),
        Security::Starttls => SmtpTransport::starttls_relay(target.server).map_err(unfit),
        Security::None => {
            let addresses = address::resolve(target.server, target.port.unwrap_or(PLAIN_PORT), Reach::Private)?;
            address::must_be_near(target.server, &addresses, "say security = \"tls\" or \"starttls\"")?;
            let near = addresses.first().map(|address| address.ip().to_string());
            Ok(SmtpTransport::builder_dangerous(near.unwrap_or_else(|| target.server.to_owned())))
        }
    }
}
