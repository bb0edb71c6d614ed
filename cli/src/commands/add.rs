//! `kith add`: a person without a file.

use std::collections::BTreeMap;

use kith_proto::api::{Done, NewPerson};

use crate::args::Add;
use crate::client::Client;
use crate::commands::print_done;
use crate::error::CliError;
use crate::printer::Printer;

pub(super) fn run(add: Add, client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let fields = [
        ("email", add.email),
        ("phone", add.phone),
        ("organization", add.organization),
        ("title", add.title),
        ("birthday", add.birthday),
        ("started", add.started),
        ("profile", add.profile),
    ];
    let fields: BTreeMap<String, String> =
        fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?))).collect();
    let new = NewPerson { name: add.name, fields, circle: add.circle };
    let done: Done = client.post("/v1/people", &new)?;
    print_done(printer, &done)
}
