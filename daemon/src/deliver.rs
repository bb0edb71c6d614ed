//! Delivers reminders: to the desktop, and to the user's hooks.

pub mod card;
pub mod desktop;
pub mod hook;
pub mod log;
pub mod message;
pub mod notification;
pub mod process;
pub mod who;
