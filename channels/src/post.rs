//! One POST over HTTP, to an address that was checked, without following where the other side sends it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::Undelivered;
use crate::address::{self, Reach};

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A request to be posted.
pub(crate) struct Request<'a> {
    /// Where to.
    pub(crate) url: &'a str,
    /// Which addresses may be reached.
    pub(crate) reach: Reach,
    /// Names and values.
    pub(crate) headers: &'a [(&'static str, String)],
    /// JSON.
    pub(crate) body: &'a str,
}

/// Posts it; only an answer of success counts as delivered.
pub(crate) fn post(request: &Request<'_>) -> Result<(), Undelivered> {
    let addresses = checked(request.url, request.reach)?;
    let tried = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let agent = Agent::with_parts(config(), DefaultConnector::new(), Checked(addresses));
    let mut posted = agent.post(request.url).header("content-type", "application/json");
    for (name, value) in request.headers {
        posted = posted.header(*name, value);
    }
    match posted.send(request.body) {
        Ok(answer) => judged(answer.status().as_u16()),
        Err(error) => Err(failed(&error, &tried)),
    }
}

/// Returns the addresses of the host that a URL names.
fn checked(url: &str, reach: Reach) -> Result<Vec<SocketAddr>, Undelivered> {
    let unfit = |why: &str| Undelivered::Never(format!("the url cannot be used: {why}"));
    let uri: Uri = url.parse().map_err(|_| unfit("it is none"))?;
    let (scheme, authority) = uri.scheme_str().zip(uri.authority()).ok_or_else(|| unfit("it names no host"))?;
    let (usual, is_private) = match (scheme, reach) {
        ("https", Reach::Public | Reach::Private) => (443, true),
        ("http", Reach::Private) => (80, false),
        _ => return Err(unfit("it must begin with https://")),
    };
    if authority.as_str().contains('@') {
        return Err(unfit("a user's name has no place in it"));
    }
    let addresses = address::resolve(authority.host(), authority.port_u16().unwrap_or(usual), reach)?;
    if !is_private {
        address::must_be_near(authority.host(), &addresses, "http:// keeps nothing private, say https://")?;
    }
    Ok(addresses)
}

fn config() -> Config {
    let native = rustls_native_certs::load_native_certs();
    let certificates: Vec<_> = native.certs.iter().map(|found| Certificate::from_der(found).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(LIMIT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("kith/", env!("CARGO_PKG_VERSION")))
        // A proxy would resolve the name anew, behind the check.
        .proxy(None)
        .build()
}

/// What a status means for the message.
pub(crate) fn judged(status: u16) -> Result<(), Undelivered> {
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(Undelivered::Never(format!("the other side answered {status}: redirects are not followed"))),
        408 | 425 | 429 | 500..=599 => Err(Undelivered::Again(format!("the other side answered {status}"))),
        410 => Err(Undelivered::Never("the other side answered 410: it is gone for good".to_owned())),
        _ => Err(Undelivered::Never(format!("the other side answered {status}"))),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "ureq may add variants, and most of them mean the same here")]
fn failed(error: &Error, tried: &str) -> Undelivered {
    match error {
        Error::BadUri(why) => Undelivered::Never(format!("the url cannot be used: {why}")),
        Error::Http(why) => Undelivered::Never(format!("the request cannot be made: {why}")),
        other => Undelivered::Again(format!("{tried}: {other}")),
    }
}

/// Answers with the addresses that were checked, whatever is asked.
struct Checked(Vec<SocketAddr>);

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Checked").field(&self.0).finish()
    }
}

impl Resolver for Checked {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        // As many as fit; one is enough.
        self.0.iter().take(16).for_each(|address| addresses.push(*address));
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_whether_trying_again_makes_sense() {
        assert_eq!((judged(200), judged(204)), (Ok(()), Ok(())));
        for status in [301, 307, 400, 401, 404, 410] {
            assert!(matches!(judged(status), Err(Undelivered::Never(_))), "{status}");
        }
        for status in [408, 429, 500, 503] {
            assert!(matches!(judged(status), Err(Undelivered::Again(_))), "{status}");
        }
    }

    #[test]
    fn what_is_not_https_to_the_public_internet_is_refused() {
        let urls =
            ["http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://sam@1.1.1.1/", "file:///etc", "x"];
        for url in urls {
            assert!(matches!(checked(url, Reach::Public), Err(Undelivered::Never(_))), "{url}");
        }
        assert_eq!(checked("http://127.0.0.1:8080/a", Reach::Private).unwrap(), ["127.0.0.1:8080".parse().unwrap()]);
        for url in ["http://1.1.1.1/", "http://[2606:4700::1111]:8080/"] {
            let Err(Undelivered::Never(why)) = checked(url, Reach::Private) else { panic!("{url}") };
            assert!(why.contains("on the public internet") && why.ends_with("say https://"), "{why}");
        }
        assert_eq!(checked("https://1.1.1.1/a", Reach::Private).unwrap(), ["1.1.1.1:443".parse().unwrap()]);
        assert_eq!(checked("https://1.1.1.1/a", Reach::Public).unwrap(), ["1.1.1.1:443".parse().unwrap()]);
    }
}
