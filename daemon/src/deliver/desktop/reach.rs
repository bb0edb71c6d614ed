//! Asks whether a notification could be shown now, for those who want to know why none was.

use std::collections::HashMap;
use std::time::Duration;

use kith_proto::channel::Message;

use zbus::Variant;

use super::{Bus, PATH, SERVER};

/// How long it may take to find out.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why nothing can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreached {
    /// There is no session bus; what was tried, and what came of it.
    Bus(String),
    /// Nobody on the bus shows notifications; what it answers.
    Server(String),
}

/// Returns what shows notifications: its name and its version.
///
/// # Errors
/// When there is no bus, or no server on it that answers within two seconds.
pub async fn server(bus: &Bus) -> Result<String, Unreached> {
    let answer = ask(bus, "GetServerInformation", &()).await?;
    let told = answer.body().deserialize::<(String, String, String, String)>();
    let (name, _vendor, version, _specification) = told.map_err(|error| Unreached::Server(error.to_string()))?;
    Ok(format!("{name} {version}"))
}

/// Shows a message for a moment.
///
/// # Errors
/// When there is no bus, or no server on it that takes it within two seconds.
pub async fn test(bus: &Bus, message: &Message) -> Result<(), Unreached> {
    let hints: HashMap<&str, Variant<'_>> = HashMap::from([("desktop-entry", Variant::from("kith"))]);
    let actions: [&str; 0] = [];
    let icon = "x-office-address-book";
    let (title, text) = (message.title.as_str(), message.text.as_str());
    ask(bus, "Notify", &("kith", 0_u32, icon, title, text, actions.as_slice(), hints, -1_i32)).await.map(drop)
}

async fn ask<B>(bus: &Bus, method: &str, body: &B) -> Result<zbus::Message, Unreached>
where
    B: serde::Serialize + zbus::zvariant::DynamicType + Sync,
{
    let silent = || "no answer within 2 seconds".to_owned();
    let connecting = tokio::time::timeout(PATIENCE, bus.builder().method_timeout(PATIENCE).build()).await;
    let connected = connecting.map_err(|_| Unreached::Bus(silent()))?;
    let connection = connected.map_err(|error| Unreached::Bus(error.to_string()))?;
    let call = connection.call_method(Some(SERVER), PATH, Some(SERVER), method, body);
    let answered = tokio::time::timeout(PATIENCE, call).await.map_err(|_| Unreached::Server(silent()))?;
    answered.map_err(|error| Unreached::Server(refused(&error)))
}

/// What the bus answers, without the name of the error.
fn refused(error: &zbus::Error) -> String {
    if let zbus::Error::MethodError(_, Some(text), _) = error { text.clone() } else { error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::desktop::tests::{Server, TestBus};

    #[tokio::test]
    async fn what_shows_notifications_is_named_and_what_is_missing_is_told() {
        let nowhere = Bus::At("unix:path=/nonexistent/bus".to_owned());
        assert!(matches!(server(&nowhere).await, Err(Unreached::Bus(_))));
        let Some(bus) = TestBus::start() else { return };
        let at = Bus::At(bus.address.clone());
        assert!(matches!(server(&at).await, Err(Unreached::Server(why)) if why.contains(SERVER)));
        let shows = Server::start(&bus, &[]).await;
        assert_eq!(server(&at).await, Ok("kith-test 1.0".to_owned()));
        drop(shows);
    }
}
