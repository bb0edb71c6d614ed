//! A webhook: the event as JSON, signed as Standard Webhooks 1.0 wants it.

use kith_proto::channel::Job;

use crate::address::Reach;
use crate::post::{Request, post};
use crate::{Undelivered, secret, signature};

/// Where a webhook goes.
pub(crate) struct Target<'a> {
    /// The address.
    pub(crate) url: &'a str,
    /// The file with the secret.
    pub(crate) secret_file: &'a str,
    /// Which addresses may be reached.
    pub(crate) reach: Reach,
}

/// Sends the job's event. Its id stays the same at every try, the time is that of the try.
pub(crate) fn send(target: &Target<'_>, job: &Job) -> Result<(), Undelivered> {
    let (id, body, now) = (&job.message.id, &job.message.payload, job.now.as_second());
    let signature = signature::sign(&secret::read(target.secret_file)?, id, now, body)?;
    let headers =
        [("webhook-id", id.clone()), ("webhook-timestamp", now.to_string()), ("webhook-signature", signature)];
    post(&Request { url: target.url, reach: target.reach, headers: &headers, body })
}
