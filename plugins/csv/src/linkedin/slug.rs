//! The name of a LinkedIn profile in its address: `https://www.linkedin.com/in/Zo%C3%AB-Brandt/?x=1` is `zoë-brandt`.

/// Returns the decoded slug in lower case; `None` where the address is no person's profile.
pub(super) fn slug(address: &str) -> Option<String> {
    let start = find_ignoring_case(address, "/in/")? + "/in/".len();
    let rest = address.get(start..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let raw = rest.get(..end)?.trim();
    let slug = decoded(raw).to_lowercase();
    (!slug.is_empty()).then_some(slug)
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// Decodes `%C3%AB`; what does not decode to UTF-8 stays as it is.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let byte = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Option<&str>) {
        assert_eq!(slug(address).as_deref(), expected, "{address}");
    }

    #[test]
    fn is_decoded_and_lower_case_without_slash_or_query() {
        check("https://www.linkedin.com/in/zo%C3%AB-brandt", Some("zoë-brandt"));
        check("https://www.linkedin.com/in/Ana-Silva-1b2/?originalSubdomain=pt", Some("ana-silva-1b2"));
        check("www.linkedin.com/in/ana/de#top", Some("ana"));
        check("https://www.linkedin.com/in/100%-bo", Some("100%-bo"));
        check("https://www.linkedin.com/in/%FF%FE", Some("%ff%fe"));
        check("https://www.linkedin.com/in/", None);
        check("https://www.linkedin.com/company/example", None);
        check("", None);
    }
}
