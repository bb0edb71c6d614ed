//! The entry point of kithd.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => kithd::plugin::worker::main(),
        _ => ExitCode::FAILURE,
    }
}
