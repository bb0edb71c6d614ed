//! The document beside the router and the types: neither may say what the other does not.

use std::collections::{BTreeMap, BTreeSet};

use kith_proto::{api, card, diagnostic};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{OPENAPI, table};

/// Reads an example into its type and writes it again.
type Round = fn(&Value) -> Value;

#[test]
fn the_document_describes_exactly_the_paths_that_are_served() {
    let described: BTreeSet<(String, String)> = document()["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(|m| (m.clone(), path.clone())))
        .collect();
    let served = table().into_iter().map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(described, served);
}

#[test]
fn every_shape_of_the_document_is_a_type_and_its_examples_are_values_of_it() {
    let document = document();
    let shapes = document["components"]["schemas"].as_object().unwrap();
    let types = types();
    assert_eq!(shapes.keys().collect::<Vec<_>>(), types.keys().collect::<Vec<_>>());
    for (name, round) in types {
        for example in shapes[name]["examples"].as_array().unwrap() {
            assert_eq!(&round(example), example, "{name}");
        }
    }
}

#[test]
fn every_field_of_the_document_is_in_an_example_and_the_other_way_round() {
    for (name, shape) in document()["components"]["schemas"].as_object().unwrap() {
        let fields: BTreeSet<&String> = shape["properties"].as_object().unwrap().keys().collect();
        let shown: BTreeSet<&String> =
            shape["examples"].as_array().unwrap().iter().flat_map(|e| e.as_object().unwrap().keys()).collect();
        assert_eq!(shown, fields, "{name}");
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn every_request_and_answer_has_a_shape() {
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().values();
            for content in answers.chain(operation.get("requestBody")).map(|part| &part["content"]) {
                let shaped = content.as_object().is_some_and(|c| c.values().all(|media| media["schema"].is_object()));
                assert!(shaped, "{method} {path}");
            }
        }
    }
}

fn document() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

fn types() -> BTreeMap<&'static str, Round> {
    requests().into_iter().chain(answers()).chain(further_answers()).collect()
}

fn requests() -> BTreeMap<&'static str, Round> {
    BTreeMap::from([
        ("AnswerRequest", round::<api::AnswerRequest> as Round),
        ("CircleRequest", round::<api::CircleRequest>),
        ("CompanyRequest", round::<api::CompanyRequest>),
        ("EventRequest", round::<api::EventRequest>),
        ("ForgetRequest", round::<api::ForgetRequest>),
        ("ImportRequest", round::<api::ImportRequest>),
        ("IntroductionRequest", round::<api::IntroductionRequest>),
        ("LogRequest", round::<api::LogRequest>),
        ("MapRequest", round::<api::MapRequest>),
        ("MergeRequest", round::<api::MergeRequest>),
        ("MuteRequest", round::<api::MuteRequest>),
        ("NotNeededRequest", round::<api::NotNeededRequest>),
        ("PauseRequest", round::<api::PauseRequest>),
        ("SeasonRequest", round::<api::SeasonRequest>),
        ("SentenceRequest", round::<api::SentenceRequest>),
        ("SetRequest", round::<api::SetRequest>),
        ("SnoozeRequest", round::<api::SnoozeRequest>),
        ("SplitRequest", round::<api::SplitRequest>),
        ("TextRequest", round::<api::TextRequest>),
        ("WishRequest", round::<api::WishRequest>),
    ])
}

fn answers() -> BTreeMap<&'static str, Round> {
    BTreeMap::from([
        ("Address", round::<card::Address> as Round),
        ("Anniversary", round::<api::Anniversary>),
        ("Change", round::<api::Change>),
        ("Channel", round::<api::Channel>),
        ("ChannelRetry", round::<api::ChannelRetry>),
        ("ChannelTest", round::<api::ChannelTest>),
        ("Circle", round::<api::Circle>),
        ("Company", round::<api::Company>),
        ("CompanyAcquaintance", round::<api::CompanyAcquaintance>),
        ("CompanyAsk", round::<api::CompanyAsk>),
        ("CompanyItem", round::<api::CompanyItem>),
        ("CompanyPerson", round::<api::CompanyPerson>),
        ("Diagnostic", round::<diagnostic::Diagnostic>),
        ("DoctorFinding", round::<api::DoctorFinding>),
        ("Done", round::<api::Done>),
        ("ErrorBody", round::<api::ErrorBody>),
        ("Event", round::<api::Event>),
        ("EventPerson", round::<api::EventPerson>),
        ("ExportInteraction", round::<api::ExportInteraction>),
        ("ExportPerson", round::<api::ExportPerson>),
        ("ExportRecord", round::<api::ExportRecord>),
        ("FavourItem", round::<api::FavourItem>),
        ("FieldValue", round::<api::FieldValue>),
        ("FieldWhy", round::<api::FieldWhy>),
        ("ForgetReport", round::<api::ForgetReport>),
        ("GivenCounts", round::<api::GivenCounts>),
        ("GivingPerson", round::<api::GivingPerson>),
        ("GivingReport", round::<api::GivingReport>),
        ("HeldFile", round::<api::HeldFile>),
        ("HoldingFile", round::<api::HoldingFile>),
        ("HookRun", round::<api::HookRun>),
        ("ImportEvent", round::<api::ImportEvent>),
        ("ImportProgress", round::<api::ImportProgress>),
        ("ImportReport", round::<api::ImportReport>),
        ("ImportSummary", round::<api::ImportSummary>),
        ("Word", round::<api::Word>),
    ])
}

fn further_answers() -> BTreeMap<&'static str, Round> {
    BTreeMap::from([
        ("InteractionSummary", round::<api::InteractionSummary> as Round),
        ("IntroductionDraft", round::<api::IntroductionDraft>),
        ("IntroductionItem", round::<api::IntroductionItem>),
        ("IntroductionSuggestion", round::<api::IntroductionSuggestion>),
        ("LinkReason", round::<api::LinkReason>),
        ("MapKept", round::<api::MapKept>),
        ("NewPerson", round::<api::NewPerson>),
        ("NoteItem", round::<api::NoteItem>),
        ("Person", round::<api::Person>),
        ("PersonRecord", round::<api::PersonRecord>),
        ("PersonSummary", round::<api::PersonSummary>),
        ("PlannedItem", round::<api::PlannedItem>),
        ("Plugin", round::<api::Plugin>),
        ("Problem", round::<api::Problem>),
        ("Question", round::<api::Question>),
        ("QuestionOrigin", round::<api::QuestionOrigin>),
        ("QuestionSide", round::<api::QuestionSide>),
        ("RecordChange", round::<api::RecordChange>),
        ("RecordLink", round::<api::RecordLink>),
        ("ReminderItem", round::<api::ReminderItem>),
        ("ReminderWhy", round::<api::ReminderWhy>),
        ("Status", round::<api::Status>),
        ("Suggestion", round::<api::Suggestion>),
        ("Today", round::<api::Today>),
        ("Understood", round::<api::Understood>),
        ("StillListed", round::<api::StillListed>),
        ("Undone", round::<api::Undone>),
        ("WaitingThread", round::<api::WaitingThread>),
        ("WatchedFolder", round::<api::WatchedFolder>),
        ("Why", round::<api::Why>),
        ("WishItem", round::<api::WishItem>),
    ])
}

fn round<T: Serialize + DeserializeOwned>(example: &Value) -> Value {
    let value: T = serde_json::from_value(example.clone()).unwrap();
    serde_json::to_value(value).unwrap()
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|v| collect(v, references));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
