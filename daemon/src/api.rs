//! The API: HTTP and JSON on a Unix socket, for this user alone.
//!
//! Handlers ask the keeper to write and `view` to read; they decide nothing themselves. `routes` is the one table of paths;
//! a test compares it with `openapi.json`.

mod channels;
mod companies;
mod desktop;
mod doctor;
mod error;
mod events;
mod forget;
mod giving;
mod imports;
mod look;
mod maps;
mod people;
mod planning;
mod reminders;
pub mod routes;
mod same;
mod socket;
mod state;
mod told;
mod why;
mod words;

use std::sync::Arc;

use tokio::sync::watch;

use crate::config::Config;
use crate::deliver::Channels;
use crate::deliver::desktop::Bus;
use crate::intake::Intake;
use crate::keeper::Keeper;
use crate::paths::Paths;
use crate::plugin::Plugins;
use crate::store::StoreError;

pub use error::ApiError;
pub use socket::{OwnListener, SocketError};

/// What handlers need.
#[derive(Debug, Clone)]
pub struct Context {
    /// Writes, and the book.
    pub keeper: Keeper,
    /// Imports files.
    pub intake: Intake,
    /// Which plugins there are.
    pub plugins: Plugins,
    /// The config.
    pub config: watch::Receiver<Arc<Config>>,
    /// Why the config that was to be read again is not used, if so.
    pub config_problem: watch::Receiver<Option<String>>,
    /// What is wrong with the phone's folder, if something is.
    pub phone: watch::Receiver<Option<String>>,
    /// Where files are.
    pub paths: Arc<Paths>,
    /// Where notifications are shown.
    pub bus: Bus,
    /// What waits to be told, and how it is sent.
    pub channels: Channels,
}

impl Context {
    /// Reads from book and store, on a thread that may wait for the disk.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Keeper, &Config) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (keeper, config) = (self.keeper.clone(), Arc::clone(&self.config.borrow()));
        let reading = tokio::task::spawn_blocking(move || read(&keeper, &config));
        reading.await.map_err(|_| ApiError::ended())?.map_err(ApiError::from)
    }
}

/// A read failed: the store is damaged, or the answer is an error of its own.
#[derive(Debug)]
enum ReadError {
    Store(StoreError),
    Api(ApiError),
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for ReadError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// Makes the socket; from here on clients may connect, and are answered when [`serve`] runs.
///
/// # Errors
/// When it cannot be made, or another daemon answers on it.
pub async fn listen(paths: &Paths) -> Result<OwnListener, SocketError> {
    socket::bind(&paths.socket).await
}

/// Serves the API on the socket until shutdown.
///
/// # Errors
/// When the socket cannot be served.
pub async fn serve(
    listener: OwnListener,
    context: Context,
    shutdown: watch::Receiver<bool>,
) -> Result<(), SocketError> {
    let path = context.paths.socket.clone();
    let served = axum::serve(listener, routes::router(context)).with_graceful_shutdown(socket::ended(shutdown)).await;
    socket::remove(&path)?;
    served.map_err(SocketError::Serve)
}
