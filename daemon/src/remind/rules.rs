//! What the config says about reminders, in the types of `kith_core`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kith_core::book::Book;
use kith_core::id::{DeviceId, FactId};
use kith_core::plan::Rules;
use kith_core::plan::device::{self, Device};

use crate::config::Config;
use crate::keeper::Keeper;

/// Returns the circles, the day's number, and the season.
#[must_use]
pub fn rules(config: &Config, book: &Book) -> Rules {
    let season = book.words().giving().season();
    Rules { circles: config.circles.clone(), daily: config.daily, season, lead_days: config.birthday_lead_days }
}

/// Whether this device plans and delivers: as the config says, else when it is the first of those still in use.
#[must_use]
pub fn delivers(keeper: &Keeper, config: &Config, now: Timestamp) -> bool {
    config.deliver.unwrap_or_else(|| reminds_elsewhere(keeper, now).is_none())
}

/// Returns why this device does not remind, where it does not: which other one does.
#[must_use]
pub fn elsewhere(keeper: &Keeper, config: &Config, now: Timestamp) -> Option<String> {
    if delivers(keeper, config, now) {
        return None;
    }
    let other = reminds_elsewhere(keeper, now);
    Some(other.map_or_else(
        || "the config says deliver = false".to_owned(),
        |(device, last)| {
            format!("device {device} reminds, last heard of on {}", config.zone().to_datetime(last).date())
        },
    ))
}

/// Returns the other device that reminds unless the config says otherwise, and when it said something last.
#[must_use]
pub fn reminds_elsewhere(keeper: &Keeper, now: Timestamp) -> Option<(DeviceId, Timestamp)> {
    let book = keeper.book();
    let words = book.words();
    let mut devices: BTreeMap<&DeviceId, Device<'_>> = BTreeMap::new();
    for (FactId { device: id, .. }, at, _) in words.iter() {
        let at = at.timestamp();
        let machine = || words.settings_of(id).and_then(|settings| settings.machine.as_deref());
        let device = devices.entry(id).or_insert_with(|| Device { id, first: at, last: at, machine: machine() });
        device.first = at.min(device.first);
        device.last = at.max(device.last);
    }
    let devices: Vec<Device<'_>> = devices.into_values().collect();
    let reminds = device::that_reminds(&devices, keeper.device(), now)?;
    (reminds.id != keeper.device()).then(|| (reminds.id.clone(), reminds.last))
}
