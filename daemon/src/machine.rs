//! Which machine this is, so that a device that lost its state is known again.

use std::fs;
use std::path::Path;

use kith_core::id::RecordId;

/// Where a machine's id stands, see machine-id(5).
const MACHINE_ID: [&str; 2] = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

/// Returns a name for the place of kith's state on this machine; `None` where the machine has no id.
///
/// It is a hash, for the machine's id itself must not be shown to others.
#[must_use]
pub fn seat(state: &Path) -> Option<String> {
    let read = |path| fs::read_to_string(path).ok().map(|id| id.trim().to_owned());
    let id = MACHINE_ID.into_iter().find_map(read).filter(|id| !id.is_empty())?;
    Some(RecordId::new(&format!("kith/machine/{id}"), &state.to_string_lossy()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_of_one_machine_have_two_names_that_do_not_show_its_id() {
        let Some(home) = seat(Path::new("/home/ana/.local/state/kith")) else { return };
        assert_ne!(Some(&home), seat(Path::new("/home/bo/.local/state/kith")).as_ref());
        assert_eq!(home.len(), 32);
        for path in MACHINE_ID {
            assert_ne!(fs::read_to_string(path).unwrap_or_default().trim(), home);
        }
    }
}
