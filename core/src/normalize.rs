//! Normal forms: how a text, an address, a number, a profile or a date reads when written the one way by which it is compared.
//!
//! The raw value stays in the card beside it. Nothing here guesses: what has no normal form is `None`, or an error that says
//! why. Which normal forms make two records one person is `resolve`; what of a card is worth comparing is `digest`.
//!
//! ```text
//!  " Ana.Silva@Example.COM " ─▶ ana.silva@example.com      "030 901820" + DE ─▶ +4930901820
//!  "https://de.linkedin.com/in/Zo%C3%AB/?x=1" ─▶ linkedin, zoë      "12. April 1985" ─▶ 1985-04-12
//! ```

mod company;
pub mod date;
mod email;
mod fold;
mod month;
mod name;
mod nickname;
mod person_name;
mod phone;
mod profile;
mod punycode;
mod region;
mod role;
mod role_name;
mod sound;
mod subject;
mod table;
mod text;
mod uri;

pub use self::company::{company_domain, company_key};
pub use self::email::{email, is_office_email, is_shared_email};
pub(crate) use self::fold::fold_into;
pub use self::fold::{fold_text, spellings};
pub use self::name::shown::shown_name;
pub use self::name::{display_name, first_name, first_name_of};
pub use self::nickname::given_name_groups;
pub use self::person_name::{PersonName, Reading, is_of_two, is_of_two_people, person_names, person_names_of};
pub use self::phone::{PhoneNumber, phone, phone_with_use};
pub use self::profile::{Profile, profile, profile_of};
pub use self::region::{NotARegion, Region};
pub use self::role::local_part_tokens;
pub(crate) use self::role_name::begins_personal;
pub use self::role_name::is_role_name;
pub use self::sound::{Likeness, likeness, sound_key};
pub use self::subject::base_subject;
pub use self::text::{text, text_cow, tidy};
