//! The C header is generated from proto/src/abi.rs and checked in. `KITH_BLESS=1` writes it anew.

use std::fs;
use std::path::Path;

#[test]
fn the_c_header_says_what_the_abi_says() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(sdk.join("cbindgen.toml")).unwrap();
    let abi = sdk.join("../../proto/src/abi.rs");
    let bindings = cbindgen::Builder::new().with_config(config).with_src(abi).generate().unwrap();
    let mut generated = Vec::new();
    bindings.write(&mut generated);
    let header = sdk.join("include/kith_plugin.h");
    if std::env::var_os("KITH_BLESS").is_some() {
        fs::write(&header, &generated).unwrap();
    }
    let checked_in = fs::read_to_string(&header).unwrap_or_default();
    assert!(
        checked_in.as_bytes() == generated,
        "plugins/sdk/include/kith_plugin.h is stale; KITH_BLESS=1 cargo test -p kith-plugin --test header writes it anew"
    );
}
