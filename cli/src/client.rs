//! Talks with kithd over its socket: one connection a call.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use kith_proto::api::{ErrorBody, ZONE_HEADER};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};

use crate::error::CliError;
use crate::starting::is_starting;
use crate::zone;

/// A way to kithd.
#[derive(Debug)]
pub(crate) struct Client {
    socket: PathBuf,
    /// What kithd holds while it runs.
    lock: Option<PathBuf>,
    runtime: Runtime,
}

/// How often, and how far apart, a kithd that is starting is tried: for ten seconds.
const TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

impl Client {
    pub(crate) fn new() -> Result<Self, CliError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { socket: socket()?, lock: lock(), runtime })
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.call(Method::GET, path, Bytes::new())
    }

    pub(crate) fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        self.call(Method::DELETE, path, Bytes::new())
    }

    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CliError> {
        self.call(Method::POST, path, json(body)?)
    }

    pub(crate) fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CliError> {
        self.call(Method::PUT, path, json(body)?)
    }

    /// Calls `each` with every line of the answer, as it comes.
    pub(crate) fn lines(
        &self,
        request: Option<&impl Serialize>,
        path: &str,
        mut each: impl FnMut(&[u8]) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let (method, body) = match request {
            Some(request) => (Method::POST, json(request)?),
            None => (Method::GET, Bytes::new()),
        };
        self.runtime.block_on(async {
            let mut answer = ok(self.send(method, path, body).await?).await?.into_body();
            let mut rest: Vec<u8> = Vec::new();
            while let Some(frame) = answer.frame().await {
                let Ok(data) = frame.map_err(talk)?.into_data() else { continue };
                rest.extend_from_slice(&data);
                let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else { continue };
                let after = rest.split_off(end + 1);
                for line in rest.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                    each(line)?;
                }
                rest = after;
            }
            Ok(())
        })
    }

    fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<T, CliError> {
        self.runtime.block_on(async {
            let answer = ok(self.send(method, path, body).await?).await?;
            let bytes = answer.into_body().collect().await.map_err(talk)?.to_bytes();
            serde_json::from_slice(&bytes).map_err(CliError::Answer)
        })
    }

    /// Connects, and waits a while for a kithd that is starting.
    async fn connect(&self) -> Result<UnixStream, CliError> {
        for _ in 0..TRIES {
            if let Ok(stream) = UnixStream::connect(&self.socket).await {
                return Ok(stream);
            }
            if !self.lock.as_deref().is_some_and(is_starting) {
                return Err(CliError::Down(self.socket.clone()));
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        Err(CliError::Starting(self.socket.clone()))
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<Response<Incoming>, CliError> {
        let stream = self.connect().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(talk)?;
        // The connection's own error is the answer's, too.
        tokio::spawn(async { drop(connection.await) });
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "kith")
            .header("content-type", "application/json")
            .body(Full::new(body))
            .map_err(talk)?;
        let answer = sender.send_request(request).await.map_err(talk)?;
        answer.headers().get(ZONE_HEADER).and_then(|name| name.to_str().ok()).into_iter().for_each(zone::told);
        Ok(answer)
    }
}

/// Returns a text as one segment of a path (RFC 3986 §2.1).
pub(crate) fn segment(text: &str) -> String {
    text.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path += &format!("%{byte:02X}");
        }
        path
    })
}

/// Returns where kithd listens: in the runtime folder, or without one in the state folder.
fn socket() -> Result<PathBuf, CliError> {
    if let Some(runtime) = folder("XDG_RUNTIME_DIR") {
        return Ok(runtime.join("kith/kith.sock"));
    }
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    Ok(state.ok_or(CliError::NoHome)?.join("kith/run/kith.sock"))
}

/// Returns the file that kithd holds while it runs.
fn lock() -> Option<PathBuf> {
    let data = folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")));
    Some(data?.join("kith/lock"))
}

/// Returns a folder that a variable names.
fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

async fn ok(answer: Response<Incoming>) -> Result<Response<Incoming>, CliError> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status();
    let bytes = answer.into_body().collect().await.map_err(talk)?.to_bytes();
    let plain =
        || ErrorBody { error: format!("{status}: {}", String::from_utf8_lossy(&bytes)), ..ErrorBody::default() };
    Err(CliError::Refused(status.as_u16(), Box::new(serde_json::from_slice(&bytes).unwrap_or_else(|_| plain()))))
}

fn json(body: &impl Serialize) -> Result<Bytes, CliError> {
    serde_json::to_vec(body).map(Bytes::from).map_err(CliError::Answer)
}

fn talk(error: impl core::error::Error + Send + Sync + 'static) -> CliError {
    CliError::Talk(Box::new(error))
}
