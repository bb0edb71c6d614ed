//! The entry point of kithd.

fn main() {}
