//! The region in which numbers without a country code are read.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The codes of ISO 3166-1, and Kosovo's, which is reserved for users and has a country code for calls. Sorted.
const CODES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES \
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE \
    IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY \
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU \
    NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM \
    SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE \
    VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// A country or territory: two upper-case letters, ISO 3166-1 alpha-2.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region([u8; 2]);

/// A text that names no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a region: {0:?}, two letters as in ISO 3166 are needed, such as DE")]
pub struct NotARegion(pub String);

impl Region {
    /// Returns the region that `text` names, `None` where it names none; [`FromStr`] tells why.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Returns the region of a locale string: `de_DE.UTF-8`, `sr_RS@latin`, `pt-BR`, `zh_Hant_TW`.
    ///
    /// `None` where it names none: `C`, `POSIX`, `de`, `es_419`.
    ///
    /// ```
    /// use kith_core::normalize::Region;
    /// assert_eq!(Region::from_locale("de_AT.UTF-8"), "AT".parse().ok());
    /// assert_eq!(Region::from_locale("C.UTF-8"), None);
    /// ```
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Self> {
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        name.split(['_', '-']).skip(1).find_map(|subtag| subtag.parse().ok())
    }

    /// Returns the region of the locale that these variables set: the first that is not empty of `LC_ALL`, `LC_TELEPHONE`
    /// and `LANG` (POSIX.1 §8.2).
    #[must_use]
    pub fn from_locale_variables(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let set = |name: &str| variable(name).filter(|locale| !locale.is_empty());
        Self::from_locale(&["LC_ALL", "LC_TELEPHONE", "LANG"].into_iter().find_map(set)?)
    }

    /// Returns its two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Region {
    type Err = NotARegion;

    /// Reads two letters of any case; `UK` is read as `GB`, which is what people write (it is reserved in ISO 3166-1).
    fn from_str(text: &str) -> Result<Self, NotARegion> {
        let not_a_region = || NotARegion(text.to_owned());
        let &[first, second] = text.trim().as_bytes() else { return Err(not_a_region()) };
        let letters = match [first.to_ascii_uppercase(), second.to_ascii_uppercase()] {
            [b'U', b'K'] => *b"GB",
            other => other,
        };
        let known = CODES.split(' ').any(|code| code.as_bytes() == letters);
        known.then_some(Self(letters)).ok_or_else(not_a_region)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Region {
    type Error = NotARegion;

    fn try_from(text: String) -> Result<Self, NotARegion> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(locale: &str, expected: &str) {
        assert_eq!(Region::from_locale(locale).map(|r| r.to_string()).unwrap_or_default(), expected, "{locale:?}");
    }

    #[test]
    fn reads_the_region_of_a_locale() {
        check("de_DE.UTF-8", "DE");
        check("sr_RS@latin", "RS");
        check("pt-BR", "BR");
        check("zh_Hant_TW", "TW");
        check("en_GB", "GB");
    }

    #[test]
    fn a_locale_without_a_region_has_none() {
        for locale in ["", "C", "POSIX", "C.UTF-8", "de", "es_419", "en_XQ"] {
            check(locale, "");
        }
    }

    #[test]
    fn the_first_variable_that_says_something_holds() {
        let set = |all: &'static str, lang: &'static str| {
            Region::from_locale_variables(move |name| match name {
                "LC_ALL" => Some(all.to_owned()),
                "LANG" => Some(lang.to_owned()),
                _ => None,
            })
        };
        assert_eq!(set("", "de_AT.UTF-8"), Region::parse("AT"));
        assert_eq!(set("C.UTF-8", "de_AT.UTF-8"), None);
        assert_eq!(Region::from_locale_variables(|_| None), None);
    }

    #[test]
    fn reads_the_config_and_refuses_what_is_no_region() {
        assert_eq!("de".parse::<Region>().unwrap().to_string(), "DE");
        assert_eq!("UK".parse::<Region>().unwrap().to_string(), "GB");
        for text in ["", "D", "DEU", "QQ", "é", "1a"] {
            assert_eq!(text.parse::<Region>(), Err(NotARegion(text.to_owned())));
        }
    }
}
