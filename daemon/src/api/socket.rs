//! The socket: private, one daemon's, and only for processes of this user.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream, unix};
use tokio::sync::watch;

/// The socket cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Another daemon answers on it.
    #[error("listen on {0}: another kithd answers there")]
    Taken(PathBuf),
    /// It cannot be made.
    #[error("listen on {0}")]
    Bind(PathBuf, #[source] io::Error),
    /// It cannot be served.
    #[error("serve the API")]
    Serve(#[source] io::Error),
}

/// A listener that drops connections of other users.
#[derive(Debug)]
pub struct OwnListener(UnixListener);

/// Listens on the socket; one that is left over is replaced, when nobody answers there.
pub(super) async fn bind(path: &Path) -> Result<OwnListener, SocketError> {
    let failed = |source| SocketError::Bind(path.to_owned(), source);
    if UnixStream::connect(path).await.is_ok() {
        return Err(SocketError::Taken(path.to_owned()));
    }
    remove(path)?;
    let listener = UnixListener::bind(path).map_err(failed)?;
    fs::set_permissions(path, Permissions::from_mode(crate::paths::FILE_MODE)).map_err(failed)?;
    Ok(OwnListener(listener))
}

/// Removes the socket, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), SocketError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SocketError::Bind(path.to_owned(), error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Returns when the daemon ends.
pub(super) async fn ended(mut shutdown: watch::Receiver<bool>) {
    // A sender that is gone means the same.
    drop(shutdown.wait_for(|end| *end).await);
}

impl axum::serve::Listener for OwnListener {
    type Io = UnixStream;
    type Addr = unix::SocketAddr;

    async fn accept(&mut self) -> (UnixStream, unix::SocketAddr) {
        loop {
            let (stream, address) = axum::serve::Listener::accept(&mut self.0).await;
            let own = rustix::process::geteuid().as_raw();
            match stream.peer_cred() {
                Ok(peer) if peer.uid() == own => return (stream, address),
                Ok(peer) => tracing::warn!(uid = peer.uid(), "connection of another user was refused"),
                Err(error) => tracing::warn!(%error, "connection without a user was refused"),
            }
        }
    }

    fn local_addr(&self) -> io::Result<unix::SocketAddr> {
        self.0.local_addr()
    }
}
