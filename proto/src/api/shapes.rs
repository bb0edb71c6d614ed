//! The shapes that scripts rely on: exact keys, and answers of older and newer versions. Only tests.

mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;
    use serde_json::{Value, json};

    use crate::api::{
        ErrorBody, ExportInteraction, ExportPerson, ExportRecord, ImportEvent, ImportReport, Person, Status,
    };
    use crate::diagnostic::Diagnostic;
    use crate::interaction::InteractionKind;

    #[test]
    fn a_report_has_the_keys_that_scripts_rely_on_even_when_nothing_was_imported() {
        check_keys(
            &ImportReport::default(),
            &["file", "plugin", "import", "read", "new", "changed", "same", "retired", "refused", "diagnostics"],
            &[
                "diagnostics_left_out",
                "collections",
                "tallies",
                "joined",
                "asked",
                "moved",
                "changes",
                "changes_left_out",
            ],
        );
    }

    #[test]
    fn a_diagnostic_has_its_keys_even_without_a_place() {
        let diagnostic = Diagnostic::kept("not a date", "card kept without it");
        check_keys(&diagnostic, &["line", "property", "value", "consequence"], &["path", "problem"]);
    }

    #[test]
    fn a_person_is_exported_with_exactly_these_keys() {
        let keys = [
            "id",
            "name",
            "kind",
            "emails",
            "phones",
            "profiles",
            "organizations",
            "circle",
            "last_interaction",
            "records",
        ];
        check_keys(&ExportPerson::default(), &keys, &[]);
    }

    #[test]
    fn a_record_is_exported_with_exactly_these_keys() {
        check_keys(&ExportRecord::default(), &["source", "key", "file", "position"], &[]);
    }

    #[test]
    fn an_interaction_is_exported_with_exactly_these_keys() {
        let interaction = ExportInteraction {
            interaction: "5d41".to_owned(),
            kind: InteractionKind::Mail,
            key: "one@mail.example".to_owned(),
            at: None,
            from: Some("0f8c".to_owned()),
            to: Vec::new(),
        };
        check_keys(&interaction, &["interaction", "kind", "key", "at", "from", "to"], &[]);
    }

    #[test]
    fn an_event_names_what_it_is() {
        let event: ImportEvent = serde_json::from_value(json!({"progress": {"bytes": 7}})).unwrap();
        assert!(matches!(event, ImportEvent::Progress(progress) if progress.bytes == 7));
        let event = ImportEvent::Report(Box::default());
        assert_eq!(keys(&event), BTreeSet::from(["report".to_owned()]));
    }

    #[test]
    fn an_answer_of_an_older_daemon_is_understood() {
        let status: Status = serde_json::from_value(json!({"version": "0.0.9", "people": 3})).unwrap();
        assert_eq!((status.people, status.pid), (3, 0));
        let error: ErrorBody = serde_json::from_value(json!({"error": "find a person"})).unwrap();
        assert_eq!(error.hint, None);
    }

    #[test]
    fn an_answer_of_a_newer_daemon_is_understood() {
        let answer = json!({"name": "Ana Silva", "kind": "constellation", "mood": ["bright"]});
        let person: Person = serde_json::from_value(answer).unwrap();
        assert_eq!(person.name, "Ana Silva");
        let diagnostic: Diagnostic = serde_json::from_value(json!({"line": null, "column": 4})).unwrap();
        assert_eq!(diagnostic.line, None);
    }

    #[track_caller]
    fn check_keys<T: Serialize>(value: &T, promised: &[&str], others: &[&str]) {
        let expected: BTreeSet<String> = promised.iter().chain(others).map(|key| (*key).to_owned()).collect();
        assert_eq!(keys(value), expected);
    }

    fn keys<T: Serialize>(value: &T) -> BTreeSet<String> {
        match serde_json::to_value(value) {
            Ok(Value::Object(fields)) => fields.into_iter().map(|(key, _)| key).collect(),
            other => panic!("not an object: {other:?}"),
        }
    }
}
