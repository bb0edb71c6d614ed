//! The whole daemon from outside: real processes in throw-away homes.
//!
//! Every wait is for a condition, with a deadline. What a test needs and the machine lacks is said aloud as a skip.

#[cfg(test)]
mod balance;
#[cfg(test)]
mod bombs;
#[cfg(test)]
mod cadence;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod days;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod dst;
#[cfg(test)]
mod events;
#[cfg(test)]
mod flood;
#[cfg(test)]
mod forget;
#[cfg(test)]
mod forget_dialog;
#[cfg(test)]
mod gives;
#[cfg(test)]
mod giving;
#[cfg(test)]
mod giving2;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod import;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod linkedin;
#[cfg(test)]
mod look;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod notification;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod plugin_check;
#[cfg(test)]
mod plugin_new;
#[cfg(test)]
mod plugins;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod promised;
#[cfg(test)]
mod room;
#[cfg(test)]
mod same;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod service;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod stands;
#[cfg(test)]
mod vcard;
#[cfg(test)]
mod vdir;
#[cfg(test)]
mod why;
#[cfg(test)]
mod words;
#[cfg(test)]
mod zone;
