//! Events as they are shown: when, whom the owner wants to meet there with what is good to know, whom they met.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_core::book::giving::{Acquaintance, Occasion};
use kith_core::book::people::Person;
use kith_core::normalize::fold_text;
use kith_core::plan::event::{Wanted, brief, when};
use kith_proto::api::{Event, EventPerson};

use crate::keeper::Keeper;
use crate::store::StoreError;
use crate::view;

/// Returns the events, those to come first, each group by its day.
///
/// # Errors
/// When the store cannot be read.
pub fn all(keeper: &Keeper, today: Date, zone: &TimeZone) -> Result<Vec<Event>, StoreError> {
    let occasions: Vec<Occasion> = keeper.book().words().giving().events().values().cloned().collect();
    let shown = occasions.iter().map(|occasion| event(keeper, occasion, today, zone));
    let mut events: Vec<Event> = shown.collect::<Result<_, _>>()?;
    let is_past = |event: &Event| event.on.is_some_and(|on| on < today);
    events.sort_by(|a, b| (is_past(a), a.on, &a.name).cmp(&(is_past(b), b.on, &b.name)));
    Ok(events)
}

/// Returns the event of this name, however it is written.
///
/// # Errors
/// When the store cannot be read.
pub fn of(keeper: &Keeper, name: &str, today: Date, zone: &TimeZone) -> Result<Option<Event>, StoreError> {
    let occasion = keeper.book().words().giving().events().get(&fold_text(name)).cloned();
    occasion.map(|occasion| event(keeper, &occasion, today, zone)).transpose()
}

fn event(keeper: &Keeper, occasion: &Occasion, today: Date, zone: &TimeZone) -> Result<Event, StoreError> {
    let (mut wanted, mut met) = (Vec::new(), Vec::new());
    for (record, acquaintance) in occasion.people() {
        let Some(known) = keeper.book().person(&record) else { continue };
        let shown = person(keeper, &known, zone)?;
        match acquaintance {
            Acquaintance::Wanted => wanted.push(shown),
            Acquaintance::Met => met.push(shown),
        }
    }
    wanted.retain(|person: &EventPerson| met.iter().all(|other| other.person != person.person));
    for people in [&mut wanted, &mut met] {
        people.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
        people.dedup_by(|a, b| a.person == b.person);
    }
    let on = occasion.on();
    Ok(Event { name: occasion.name().to_owned(), on, when: on.map(|on| when(on, today)), wanted, met })
}

fn person(keeper: &Keeper, person: &Person, zone: &TimeZone) -> Result<EventPerson, StoreError> {
    let shown = view::shown(keeper, person)?;
    let wanted = {
        let book = keeper.book();
        let giving = book.words().giving();
        let is_theirs =
            |record: Option<kith_core::id::RecordId>| record.is_some_and(|r| book.person_id(&r) == person.id);
        Wanted {
            headline: shown.headline,
            needs: giving.needs().filter(|(_, need)| is_theirs(need.record)).map(|(_, need)| need.text).collect(),
            offers: giving.offers().filter(|(_, o)| is_theirs(o.record)).map(|(_, offer)| offer.text.clone()).collect(),
            promises: giving
                .promises()
                .filter(|(_, p)| is_theirs(Some(p.record)))
                .map(|(_, p)| p.text.clone())
                .collect(),
            last: person.last_interaction.map(|at| zone.to_datetime(at).date()),
        }
    };
    Ok(EventPerson { person: shown.id, name: shown.name, brief: brief(&wanted) })
}
