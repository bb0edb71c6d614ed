//! Errors as clients see them: a status, what failed, and what to try next.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kith_core::own::Unfit;
use kith_proto::api::{ErrorBody, PersonSummary, short_id};

use crate::api::ReadError;
use crate::keeper::KeeperError;

/// An error as clients see it.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
}

impl ApiError {
    /// The request is wrong: what of it, and what would be right.
    pub(super) fn bad(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, Some(hint.into()))
    }

    /// What is asked for is not there.
    pub(super) fn missing(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error, Some(hint.into()))
    }

    /// Several could be meant.
    pub(super) fn ambiguous(text: &str, candidates: Vec<PersonSummary>, total: usize) -> Self {
        let mut error = Self::new(
            StatusCode::CONFLICT,
            format!("choose between {total} people for {text:?}"),
            Some("say more of the name, an address, or the id".to_owned()),
        );
        error.body.candidates = candidates;
        error
    }

    /// Nobody is called so, though the words are known of these.
    pub(super) fn not_called(text: &str, candidates: Vec<PersonSummary>) -> Self {
        let id = candidates.first().map(|first| short_id(&first.id).to_owned()).unwrap_or_default();
        let hint =
            format!("name who is meant by name, address or id, as the first: {id}; add who is new: kith add NAME");
        let error = format!("find anybody called {text:?}: it only stands elsewhere, such as in a title");
        let mut error = Self::new(StatusCode::CONFLICT, error, Some(hint));
        error.body.candidates = candidates;
        error
    }

    /// Another next thing to try.
    pub(super) fn with_hint(mut self, hint: String) -> Self {
        self.body.hint = Some(hint);
        self
    }

    /// The daemon is ending.
    pub(super) fn ended() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "answer: kithd is ending",
            Some("start it again: systemctl --user start kithd".to_owned()),
        )
    }

    /// It should have worked.
    pub(super) fn failed(error: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error, Some("look at the disk, and at: kith doctor".to_owned()))
    }

    fn new(status: StatusCode, error: impl Into<String>, hint: Option<String>) -> Self {
        Self { status, body: ErrorBody { error: error.into(), hint, candidates: Vec::new() } }
    }
}

impl From<KeeperError> for ApiError {
    fn from(error: KeeperError) -> Self {
        match &error {
            KeeperError::Ended => Self::ended(),
            KeeperError::Unknown(_) => {
                Self::missing(error.to_string(), "look it up with: kith find, kith undo --list or kith words")
            }
            KeeperError::DiskFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                error.to_string(),
                Some("free some space and try again".to_owned()),
            ),
            KeeperError::NotRemoved(source) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("{error}: {source}"),
                Some("it is tried again every few minutes, and at the next start; kith status tells while it is not done".to_owned()),
            ),
            KeeperError::Store(_) => Self::ended(),
            KeeperError::Ledger(source) => Self::failed(format!("{error}: {source}")),
        }
    }
}

impl From<Unfit> for ApiError {
    fn from(unfit: Unfit) -> Self {
        Self::bad(unfit.to_string(), unfit.hint())
    }
}

impl From<ReadError> for ApiError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Api(error) => error,
            ReadError::Store(error) => {
                // The daemon ends, and makes the store again from the ledger when it starts.
                tracing::error!(%error, "a question cannot be answered");
                Self::ended()
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
