//! That an importer was switched off, as a notification: its files become problems from now on.
//!
//! It is told once, to whoever looks at the screen now; `kith status` and `kith plugins` keep it. Nothing waits for it.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, watch};

use super::notification::Notice;
use crate::plugin::PluginInfo;

/// Makes a notification of each importer that is switched off, until the daemon ends.
pub async fn tell(
    mut switched_off: mpsc::Receiver<PluginInfo>,
    notices: mpsc::Sender<Notice>,
    mut shutdown: watch::Receiver<bool>,
) {
    loop {
        let plugin = tokio::select! {
            plugin = switched_off.recv() => plugin,
            _ = shutdown.wait_for(|ends| *ends) => return,
        };
        let Some(plugin) = plugin else { return };
        // Without a desktop nobody waits for it.
        drop(notices.try_send(notice(&plugin)));
    }
}

fn notice(plugin: &PluginInfo) -> Notice {
    let summary = format!("The importer {} is not used any more", plugin.name);
    Notice { occurrences: BTreeSet::new(), summary, body: plugin.refused.iter().cloned().collect(), actions: &[] }
}
