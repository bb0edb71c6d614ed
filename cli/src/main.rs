//! The client `kith`.

fn main() {}
