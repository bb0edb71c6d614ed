//! What the owner said, as a list.

use axum::Json;
use axum::extract::{Query, State};
use kith_proto::api::Word;
use serde::Deserialize;

use crate::api::people::meant;
use crate::api::{ApiError, Context};
use crate::view::words::said;

/// Of whom words are wanted, and how many.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    person: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn list(
    State(context): State<Context>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Word>>, ApiError> {
    let person = match wanted.person {
        Some(text) => Some(meant(&context, text).await?.person),
        None => None,
    };
    let most = wanted.limit.unwrap_or(usize::MAX);
    Ok(Json(context.read(move |keeper, config| Ok(said(keeper, person.as_ref(), most, &config.zone())?)).await?))
}
