//! The daemon's API, over one connection that stays open.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;

use kith_tests::Home;
use serde_json::Value;

use crate::BenchError;

/// A connection to the daemon.
pub(crate) struct Api(BufReader<UnixStream>);

impl Api {
    /// Connects.
    pub(crate) fn connect(home: &Home) -> Result<Self, BenchError> {
        Ok(Self(BufReader::new(UnixStream::connect(home.path("run/kith/kith.sock"))?)))
    }

    /// Returns a number of an answer.
    pub(crate) fn number(&mut self, path: &str, field: &str) -> Result<u64, BenchError> {
        let answer = self.ask("GET", path, None)?;
        answer.get(field).and_then(Value::as_u64).ok_or_else(|| BenchError::Unexpected(format!("{field} of {path}")))
    }

    /// Asks, and returns the answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, BenchError> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\n");
        self.0.get_mut().write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())?;
        let (mut length, mut status) = (0, String::new());
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer)?;
        if !status.contains(" 200 ") && !status.contains(" 201 ") {
            let said = String::from_utf8_lossy(&answer);
            return Err(BenchError::Unexpected(format!("{path}: {status}: {said}")));
        }
        Ok(serde_json::from_slice(&answer).map_err(std::io::Error::from)?)
    }
}
