//! The user's zone: that of the config, which kithd names with every answer; this machine's where it has no name.

use std::sync::OnceLock;

use jiff::tz::TimeZone;

static ZONE: OnceLock<TimeZone> = OnceLock::new();

/// Notes which zone kithd named.
pub(crate) fn told(name: &str) {
    if let Ok(zone) = TimeZone::get(name) {
        ZONE.get_or_init(|| zone);
    }
}

/// Returns the zone in which times are shown.
pub(crate) fn zone() -> TimeZone {
    ZONE.get().cloned().unwrap_or_else(TimeZone::system)
}
