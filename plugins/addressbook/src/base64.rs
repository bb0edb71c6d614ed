//! Base64 (RFC 4648 §4), decoded strictly.

/// Returns the bytes, or `None` where the text is no base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let digits = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(&text);
    if !text.len().is_multiple_of(4) || digits.len() % 4 == 1 {
        return None;
    }
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(digits.len() * 3 / 4), 0_u32, 0);
    for digit in digits {
        bits = (bits << 6) | u32::from(value(*digit)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_is_base64_and_nothing_else() {
        assert_eq!(decode("Wm/DqyBCcmFuZHQ=").as_deref(), Some("Zoë Brandt".as_bytes()));
        assert_eq!(decode("").as_deref(), Some(&b""[..]));
        assert_eq!(decode("QQ==").as_deref(), Some(&b"A"[..]));
        for wrong in ["Q", "QQ=", "QQ=Q", "Q?==", "====="] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
