//! Why records are one person, and where what is shown of them comes from.

use axum::Json;
use axum::extract::{Path, Query, State};
use kith_core::provenance::Field;
use kith_proto::api::Why;
use serde::Deserialize;

use crate::api::people::meant;
use crate::api::{ApiError, Context};
use crate::view;

/// Which field is asked about.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    field: Option<String>,
}

pub(super) async fn why(
    State(context): State<Context>,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Why>, ApiError> {
    let field = wanted.field.as_deref().map(parse).transpose()?;
    let named = meant(&context, text).await?;
    let why = context.read(move |keeper, _| Ok(view::why::why(keeper, &named.person, field)?));
    Ok(Json(why.await?))
}

fn parse(text: &str) -> Result<Field, ApiError> {
    let known: Vec<&str> = Field::ALL.into_iter().map(Field::as_str).collect();
    let missing = || {
        let error = format!("tell of the field {text:?}: there is none of that name");
        ApiError::bad(error, format!("the fields are {}", known.join(", ")))
    };
    Field::parse(text).ok_or_else(missing)
}
