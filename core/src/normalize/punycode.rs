//! Domain names as they go over the wire: ASCII, lower-case, other scripts in Punycode (RFC 3492).
//!
//! Labels are mapped by lower-casing and NFKC, which is what UTS 46 does to nearly every label that is registered.

use unicode_normalization::UnicodeNormalization as _;

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// The longest domain that is looked at, in bytes; no longer one can have a wire form of 255.
const LENGTH_LIMIT_BYTES: usize = 1024;

/// Returns `domain` in lower-case ASCII; `None` when a label cannot be encoded.
pub(super) fn domain_to_ascii(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    if domain.len() > LENGTH_LIMIT_BYTES {
        return None;
    }
    let lower: String = domain.nfkc().flat_map(char::to_lowercase).nfkc().map(dot).collect();
    let mut out = String::with_capacity(lower.len() + 8);
    for (i, label) in lower.split('.').enumerate() {
        if i > 0 {
            out.push('.');
        }
        if label.is_ascii() {
            out.push_str(label);
        } else {
            out.push_str("xn--");
            encode(label, &mut out)?;
        }
    }
    Some(out)
}

/// The full stops of other scripts part labels too, RFC 3490 §3.1.
const fn dot(c: char) -> char {
    match c {
        '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => '.',
        other => other,
    }
}

/// Appends the Punycode of `label`, RFC 3492 §6.3.
fn encode(label: &str, out: &mut String) -> Option<()> {
    let basic: String = label.chars().filter(char::is_ascii).collect();
    out.push_str(&basic);
    if !basic.is_empty() {
        out.push('-');
    }
    let total = u32::try_from(label.chars().count()).ok()?;
    let mut handled = u32::try_from(basic.len()).ok()?;
    let (mut n, mut delta, mut bias) = (INITIAL_N, 0_u32, INITIAL_BIAS);
    let mut first = true;
    while handled < total {
        let next = label.chars().map(u32::from).filter(|&c| c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                push_number(delta, bias, out);
                bias = adapt(delta, handled + 1, first);
                first = false;
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(())
}

/// Appends `number` as a generalised variable-length integer, RFC 3492 §3.3.
fn push_number(number: u32, bias: u32, out: &mut String) {
    let mut rest = number;
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            break out.push(digit(rest));
        }
        out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        k += BASE;
    }
}

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, BASE).unwrap_or('0')
}

/// Adapts the bias, RFC 3492 §6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(domain: &str, expected: &str) {
        assert_eq!(domain_to_ascii(domain).as_deref(), Some(expected));
    }

    #[test]
    fn encodes_the_samples_of_rfc_3492_7_1() {
        // (B) Chinese, (E) Hebrew and (L) Japanese with a digit.
        check("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye");
        check("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b");
        check("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b");
    }

    #[test]
    fn leaves_an_ascii_domain_alone_but_for_its_case() {
        check("Example.COM", "example.com");
        check("", "");
    }

    #[test]
    fn the_same_domain_in_two_ways_is_one() {
        check("Bu\u{308}cher.Example", "xn--bcher-kva.example");
        check("ＢÜCHER.example", "xn--bcher-kva.example");
    }
}
