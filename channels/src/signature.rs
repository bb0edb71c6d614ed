//! The signature of a webhook: Standard Webhooks 1.0, the symmetric scheme `v1`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Undelivered;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// Returns the value of `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
pub(crate) fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, Undelivered> {
    let unfit = || {
        Undelivered::Never(format!(
            "the secret is none of Standard Webhooks: write {PREFIX} and the base64 of 24 to 64 bytes"
        ))
    };
    let key = STANDARD.decode(secret.strip_prefix(PREFIX).ok_or_else(unfit)?).map_err(|_| unfit())?;
    if key.is_empty() {
        return Err(unfit());
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| unfit())?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_specification_shows() {
        // The example of https://github.com/standard-webhooks/standard-webhooks, as its libraries test it.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_of_another_kind_is_refused() {
        for secret in ["", "secret", "whsec_", "whsec_%%%"] {
            assert!(matches!(sign(secret, "a", 0, ""), Err(Undelivered::Never(_))), "{secret}");
        }
    }
}
