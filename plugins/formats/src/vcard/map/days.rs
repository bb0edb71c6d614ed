//! Their days: birthday, wedding, death and others, of which a part may be unknown.

use kith_plugin::card::{Anniversary, AnniversaryKind};

use super::{Mapper, Taken};
use crate::vcard::date::{has_time, parse_date};
use crate::vcard::property::Property;

/// Whether the property is a program's own name for ANNIVERSARY.
pub(super) fn is_wedding(name: &str) -> bool {
    matches!(
        name,
        "X-ANNIVERSARY"
            | "X-EVOLUTION-ANNIVERSARY"
            | "X-MS-ANNIVERSARY"
            | "X-KADDRESSBOOK-X-ANNIVERSARY"
            | "X-WAB-WEDDING_ANNIVERSARY"
    )
}

impl Mapper {
    pub(super) fn day(&mut self, name: &str, property: &Property<'_>) -> Taken {
        let label = self.label(property);
        let kind = match name {
            "BDAY" => AnniversaryKind::Birth,
            "DEATHDATE" => AnniversaryKind::Death,
            "ANNIVERSARY" => AnniversaryKind::Wedding,
            _ if label.as_ref().is_some_and(|label| label.eq_ignore_ascii_case("anniversary")) => {
                AnniversaryKind::Wedding
            }
            _ => AnniversaryKind::Other,
        };
        self.anniversary(kind, &property.value(), label, property)
    }

    pub(super) fn anniversary(
        &mut self,
        kind: AnniversaryKind,
        text: &str,
        label: Option<String>,
        property: &Property<'_>,
    ) -> Taken {
        // Some versions misspell it.
        let omitted = property.param("X-APPLE-OMIT-YEAR").or_else(|| property.param("X-APPLE-OMID-YEAR"));
        let Some(date) = parse_date(text, omitted) else {
            let text_value = property.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("text"));
            if !text_value {
                self.complain(property, "not a date");
            }
            // What a person can read in it is not lost.
            return Taken::No;
        };
        let raw = has_time(text).then(|| text.to_owned());
        let label = label.filter(|_| kind == AnniversaryKind::Other);
        let day = Anniversary { kind, date, raw, label };
        if !self.draft.card.anniversaries.contains(&day) {
            self.draft.card.anniversaries.push(day);
        }
        Taken::Yes
    }
}
