//! What a sentence says, as far as words alone tell it: its clauses and words, the day that it names, what it promises.
//!
//! Pure, and without a word on people: `kith-core` reads with it what the user tells, and the importer of mail, which must not
//! know `kith-core`, what the user wrote to others. What becomes of a finding is decided in `kith-core`.
//!
//! ```text
//!  text ─words─▶ clauses, words ─┬─ day ─▶ the day that was, or the day that comes
//!                                └─ promise ─▶ "I'll send you the draft by Friday.", due on Friday
//! ```

pub mod day;
pub mod promise;
pub mod words;
