//! Companies: whom the owner knows there, and which of them they care about.

use axum::Json;
use axum::extract::{Path, State};
use kith_core::fact::Care;
use kith_core::normalize::company_key;
use kith_proto::api::{Company, CompanyItem, CompanyRequest, Done};

use crate::api::planning::answered;
use crate::api::{ApiError, Context};
use crate::view::company;

pub(super) async fn list(State(context): State<Context>) -> Result<Json<Vec<CompanyItem>>, ApiError> {
    Ok(Json(context.read(move |keeper, _| Ok(company::cared(keeper)?)).await?))
}

pub(super) async fn show(State(context): State<Context>, Path(name): Path<String>) -> Result<Json<Company>, ApiError> {
    check(&name)?;
    Ok(Json(context.read(move |keeper, _| Ok(company::of(keeper, name.trim())?)).await?))
}

pub(super) async fn care(
    State(context): State<Context>,
    Json(request): Json<CompanyRequest>,
) -> Result<Json<Done>, ApiError> {
    check(&request.name)?;
    let (name, cared) = (request.name.trim().to_owned(), request.cared);
    let name = context.read(move |keeper, _| Ok(company::called(keeper, &name)?)).await?;
    if !cared && !context.keeper.book().words().giving().cares_about(&name) {
        return Ok(answered(format!("{name} is none of those you care about; kith company lists them"), &[]));
    }
    let words = if cared { "you care about it" } else { "no longer among those you care about" };
    let words = format!("{name}: {words}");
    let facts = context.keeper.say(vec![Care::Company { name, cared }.into()]).await?;
    Ok(answered(words, &facts))
}

fn check(name: &str) -> Result<(), ApiError> {
    if company_key(name).is_empty() {
        return Err(ApiError::bad(format!("take {name:?} for a company"), "name one: kith company \"Example Works\""));
    }
    Ok(())
}
