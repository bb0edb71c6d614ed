//! The repository's own rules, where neither the compiler nor clippy knows them.
//!
//! Each test collects every place that breaks its rule, so that one run shows all of them.

#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod source;
#[cfg(test)]
mod sources;
