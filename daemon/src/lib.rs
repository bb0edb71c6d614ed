//! kithd: what does happen. One file is one task or one adapter; what should happen is decided in `kith-core`.
//!
//! The path of one file:
//!
//! ```text
//!  drop folder ─▶ watch ─▶ intake ─fd─▶ plugin (worker) ─emissions─▶ keeper ─facts─▶ ledger ─▶ store
//!               settle     hash          sandbox, dlopen              │ fold
//!  desktop, exec ◀─ deliver ◀─ remind ◀─ plan(people, rules, now) ◀───┘ book
//!        └── outcome ─▶ keeper
//!  kith, curl ─▶ api ─▶ keeper (writes) or view (reads)
//! ```

pub mod api;
pub mod clock;
pub mod config;
pub mod deliver;
pub mod intake;
pub mod keeper;
pub mod ledger;
pub mod logging;
pub mod machine;
pub mod paths;
pub mod phone;
pub mod plugin;
pub mod remind;
pub mod run;
pub mod service;
pub mod store;
pub mod view;
pub mod watch;
