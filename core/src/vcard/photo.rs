//! Photos within a card: a `data:` address (RFC 2397, RFC 6350 §6.2.4).

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the photo as an address that holds it.
pub(super) fn data_address(bytes: &[u8]) -> String {
    let mut address = format!("data:{};base64,", media_type(bytes));
    address.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from(bits >> shift & 0x3f).ok().and_then(|no| DIGITS.get(no)).copied();
            address.push(if place <= chunk.len() { digit.map_or('=', char::from) } else { '=' });
        }
    }
    address
}

/// Returns what the bytes are, by how they begin.
fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_base64_with_its_padding() {
        assert_eq!(data_address(b""), "data:application/octet-stream;base64,");
        assert_eq!(data_address(b"GIF89"), "data:image/gif;base64,R0lGODk=");
        assert_eq!(data_address(b"GIF8"), "data:image/gif;base64,R0lGOA==");
        assert_eq!(data_address(&[0xff, 0xd8, 0xff]), "data:image/jpeg;base64,/9j/");
    }
}
