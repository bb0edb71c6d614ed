//! Delivers reminders: to the desktop, and to the user's hooks.

pub mod desktop;
pub mod hook;
pub mod log;
pub mod notification;
pub mod process;
