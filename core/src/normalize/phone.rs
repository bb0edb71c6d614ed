//! Telephone numbers in E.164, as libphonenumber reads them.
//!
//! libphonenumber's metadata is loaded when the first number is seen, and stays: see [`phone`].

use kith_proto::card;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

use super::Region;

/// The longest text that libphonenumber accepts (`MAX_INPUT_STRING_LENGTH`).
const LENGTH_LIMIT_BYTES: usize = 250;

/// A number in normal form, and whether it belongs to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// E.164 (`+4930901820`), an extension added as in RFC 3966 §5.3 (`+4930901820;ext=12`).
    pub value: String,
    /// Many people answer it: a switchboard, a fax, a hotline, an office line without extension.
    pub shared: bool,
}

/// Returns the number in E.164; `None` for what is no number, or cannot be placed without a region.
///
/// A number that is not assigned (metadata lags behind, and films use such numbers) is accepted when it is written with its
/// country code and has a possible length; one without must be valid in `region`. An extension is kept: `;ext=12`.
///
/// The first call loads the metadata of all countries, which takes some milliseconds and some megabytes.
///
/// ```
/// use kith_core::normalize::{Region, phone};
/// let de: Option<Region> = "DE".parse().ok();
/// assert_eq!(phone("(030) 90 18 20", de).as_deref(), Some("+4930901820"));
/// assert_eq!(phone("tel:+44-20-7946-0958", None).as_deref(), Some("+442079460958"));
/// assert_eq!(phone("ask at the desk", de), None);
/// ```
#[must_use]
pub fn phone(raw: &str, region: Option<Region>) -> Option<String> {
    parse(raw, region).map(|number| written(&number))
}

/// Returns a card's number in normal form, and whether its use says that many people answer it.
#[must_use]
pub fn phone_with_use(phone: &card::Phone, region: Option<Region>) -> Option<PhoneNumber> {
    let number = parse(&phone.number, region)?;
    let shared =
        is_for_many(&phone.features) || is_line_of_many(&number, phone.contexts.contains(&card::Context::Work));
    Some(PhoneNumber { value: written(&number), shared })
}

fn parse(raw: &str, region: Option<Region>) -> Option<rlibphonenumber::PhoneNumber> {
    // Seen before the metadata is: most cells that are no number end here.
    if raw.len() > LENGTH_LIMIT_BYTES || raw.chars().filter(|c| c.is_numeric()).count() < 3 {
        return None;
    }
    let raw = raw.trim_matches(|c: char| c.is_whitespace() || super::text::is_invisible(c));
    let region = region.and_then(|r| rlibphonenumber::Region::from_code(r.as_str()).ok());
    let number = PHONE_NUMBER_UTIL.parse(raw, region).ok()?;
    let accepted = PHONE_NUMBER_UTIL.is_valid_number(&number)
        || (is_international(raw) && PHONE_NUMBER_UTIL.is_possible_number(&number));
    accepted.then_some(number)
}

fn is_international(raw: &str) -> bool {
    let start = raw.get(..4).filter(|s| s.eq_ignore_ascii_case("tel:")).map_or(0, str::len);
    raw.get(start..).unwrap_or_default().trim_start_matches([' ', '(']).starts_with(['+', '\u{ff0b}'])
}

fn written(number: &rlibphonenumber::PhoneNumber) -> String {
    let mut value = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164).into_owned();
    if let Some(extension) = number.extension.as_deref().filter(|e| !e.is_empty()) {
        value.push_str(";ext=");
        value.push_str(extension);
    }
    value
}

fn is_for_many(features: &[String]) -> bool {
    features.iter().any(|f| ["main-number", "fax", "pager"].iter().any(|many| f.eq_ignore_ascii_case(many)))
}

/// An office line without extension is often the switchboard, written on every colleague's card; with one it is a desk.
fn is_line_of_many(number: &rlibphonenumber::PhoneNumber, at_work: bool) -> bool {
    match PHONE_NUMBER_UTIL.get_number_type(number) {
        PhoneNumberType::TollFree
        | PhoneNumberType::PremiumRate
        | PhoneNumberType::SharedCost
        | PhoneNumberType::UAN
        | PhoneNumberType::VoiceMail
        | PhoneNumberType::Pager => true,
        PhoneNumberType::FixedLine => at_work && number.extension.is_none(),
        PhoneNumberType::Mobile
        | PhoneNumberType::FixedLineOrMobile
        | PhoneNumberType::VoIP
        | PhoneNumberType::PersonalNumber
        | PhoneNumberType::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, region: &str, expected: &str) {
        assert_eq!(phone(raw, region.parse().ok()).unwrap_or_default(), expected, "{raw:?} in {region:?}");
    }

    #[test]
    fn reads_numbers_as_people_write_them() {
        check("+49 30 901820", "", "+4930901820");
        check("030/901820", "DE", "+4930901820");
        check("0049 30 90 18 20", "DE", "+4930901820");
        check("+49 (0)30 901820", "US", "+4930901820");
        check("\u{202a}+49 30 901820\u{202c}", "", "+4930901820");
        check("＋４９ ３０ ９０１８２０", "", "+4930901820");
        // phonenumber 0.3 read this as a US number.
        check("+33 1 42 68 00 01", "US", "+33142680001");
        check("(202) 555-0143", "US", "+12025550143");
        check("+39 06 6982", "", "+39066982");
    }

    #[test]
    fn reads_tel_uris_rfc_3966() {
        check("tel:+49-30-901820", "", "+4930901820");
        check("TEL:+49-30-901820", "", "+4930901820");
        check("tel:901820;phone-context=+4930", "", "+4930901820");
    }

    #[test]
    fn keeps_an_extension_as_part_of_the_number() {
        check("tel:+1-202-555-0143;ext=12", "", "+12025550143;ext=12");
        check("+1 202 555 0143 ext. 12", "", "+12025550143;ext=12");
        check("+1 202 555 0143 x12", "", "+12025550143;ext=12");
    }

    #[test]
    fn what_is_no_number_has_no_normal_form() {
        for raw in ["", "-", "n/a", "12", "112", "030 901820", "+49 3", "ana@example.com", "+999 123456789"] {
            check(raw, "", "");
        }
        check("0000000000", "DE", "");
        check(&"1".repeat(300), "US", "");
    }

    #[test]
    fn accepts_an_unassigned_number_only_with_its_country_code() {
        check("+1 555 123 4567", "", "+15551234567");
        check("555 123 4567", "US", "");
    }

    #[track_caller]
    fn check_shared(number: &str, features: &[&str], contexts: &[card::Context], expected: bool) {
        let features = features.iter().map(|&f| f.to_owned()).collect();
        let phone =
            card::Phone { number: number.to_owned(), features, contexts: contexts.to_vec(), ..Default::default() };
        assert_eq!(phone_with_use(&phone, None).map(|p| p.shared), Some(expected), "{number}");
    }

    #[test]
    fn knows_the_lines_that_many_answer() {
        check_shared("+49 30 901820", &[], &[], false);
        check_shared("+49 30 901820", &[], &[card::Context::Work], true);
        check_shared("+49 30 901820 ext. 7", &[], &[card::Context::Work], false);
        check_shared("+49 1512 3456789", &[], &[card::Context::Work], false);
        check_shared("+49 1512 3456789", &["main-number"], &[], true);
        check_shared("+49 30 901820", &["fax"], &[], true);
        check_shared("+1 800 555 0199", &[], &[], true);
    }

    proptest! {
        #[test]
        fn a_second_time_changes_nothing(raw in "\\+?[0-9 ()/.-]{3,20}( ?(x|ext\\.) ?[0-9]{1,4})?") {
            if let Some(once) = phone(&raw, "DE".parse().ok()) {
                prop_assert_eq!(phone(&once, None), Some(once));
            }
        }

        #[test]
        fn never_panics(raw in any::<String>()) {
            prop_assert!(phone(&raw, "US".parse().ok()).is_none_or(|number| number.starts_with('+')));
        }
    }
}
