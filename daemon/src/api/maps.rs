//! Mappings of tables' columns: checked, and kept in the config folder.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use kith_proto::api::{MapKept, MapRequest};
use kith_proto::column::TableMap;

use crate::api::{ApiError, Context};
use crate::config::{ConfigError, maps};

/// What to do about a mapping that is wrong.
const HINT: &str = "mend the mapping; `kith import --map FILE` proposes one";

pub(super) async fn keep(
    State(context): State<Context>,
    Json(request): Json<MapRequest>,
) -> Result<Json<MapKept>, ApiError> {
    let map = read(&request.text, &request.path)?;
    let columns = map.columns.iter().map(|column| column.name.clone()).collect();
    if request.dry_run || !map.header {
        return Ok(Json(MapKept { kept: None, columns }));
    }
    let folder = context.config.borrow().maps.clone();
    let kept = tokio::task::spawn_blocking(move || maps::save(&folder, &map, &request.text)).await;
    let kept = kept.map_err(|_| ApiError::ended())?;
    let path = kept.map_err(|error| ApiError::failed(format!("{error}: {}", error.source)))?;
    Ok(Json(MapKept { kept: Some(path.display().to_string()), columns }))
}

/// Makes a mapping of its text.
///
/// # Errors
/// When something in it is wrong, each mistake with its file, line and key.
pub(super) fn read(text: &str, path: &str) -> Result<TableMap, ApiError> {
    let named = if path.is_empty() { "mapping" } else { path };
    maps::parse(text, Path::new(named)).map_err(|error| match error {
        ConfigError::Wrong(mistakes) => {
            let told: String = mistakes.iter().map(|mistake| format!("\n  {mistake}")).collect();
            ApiError::bad(format!("understand the mapping:{told}"), HINT)
        }
        error @ ConfigError::Read { .. } => ApiError::bad(error.to_string(), HINT),
    })
}
