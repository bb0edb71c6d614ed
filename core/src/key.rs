//! Not yet written.
pub fn fallback_key(_r: &kith_proto::record::Record) -> String {
    String::new()
}
