//! Sets of records of which it is known who is the same, and how well kith and others find it out.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints its table and how far it is")]

pub mod people;
