//! Schedules: each civil occurrence comes once, when the wall clock says.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kith_core::schedule::Schedule;

use crate::oracle::{Day, Wall, days};
use crate::{ZONES, reminders_a_zone};

/// A reminder that comes again and again at a minute of some days.
pub(crate) struct Wish {
    pub(crate) cron: String,
    minute: i64,
    on: Days,
}

enum Days {
    Every,
    Weekday(i8),
    OfMonth(i8),
    OfYear(i8, i8),
}

impl Wish {
    /// The one with this number: most yearly, as birthdays are, the others monthly, weekly and daily; most of them in the
    /// hours in which clocks are set.
    pub(crate) fn numbered(number: usize) -> Self {
        let number = i64::try_from(number).unwrap();
        let mixed = |salt: i64, below: i64| (number * 7_919 + salt * 104_729 + (number * number) % 1_009) % below;
        let small = |salt, below| i8::try_from(mixed(salt, below)).unwrap();
        let minute = if number % 3 == 0 { mixed(1, 1_440) } else { mixed(1, 240) };
        let (hour, of_hour) = (minute / 60, minute % 60);
        let (cron, on) = match number % 20 {
            0 => ("* * *".to_owned(), Days::Every),
            1..=2 => {
                let day = small(2, 7);
                (format!("* * {day}"), Days::Weekday(day))
            }
            3..=7 => {
                let day = small(3, 31) + 1;
                (format!("{day} * *"), Days::OfMonth(day))
            }
            8 => ("29 2 *".to_owned(), Days::OfYear(2, 29)),
            _ => {
                let (month, day) = (small(4, 12) + 1, small(5, 28) + 1);
                (format!("{day} {month} *"), Days::OfYear(month, day))
            }
        };
        Self { cron: format!("{of_hour} {hour} {cron}"), minute, on }
    }

    fn is_on(&self, day: &Day) -> bool {
        match self.on {
            Days::Every => true,
            Days::Weekday(weekday) => day.weekday == weekday,
            Days::OfMonth(of_month) => day.day == of_month,
            Days::OfYear(month, of_month) => (day.month, day.day) == (month, of_month),
        }
    }

    /// Returns when it comes in the ten years, as the oracle has it.
    pub(crate) fn comes(&self, days: &[Day], wall: &Wall) -> Vec<Timestamp> {
        days.iter().filter(|day| self.is_on(day)).map(|day| wall.comes(day.number, self.minute)).collect()
    }
}

#[test]
fn in_ten_years_and_25_zones_none_is_missed_and_none_comes_twice() {
    let days = days();
    let mut compared = 0;
    for (zone_number, name) in ZONES.into_iter().enumerate() {
        let zone = TimeZone::get(name).unwrap();
        let wall = Wall::of(&zone);
        let [begin, end] = wall.bounds();
        for number in (0..reminders_a_zone()).map(|number| number * ZONES.len() + zone_number) {
            let wish = Wish::numbered(number);
            let schedule: Schedule = wish.cron.parse().unwrap();
            let first = begin.checked_sub(1.second()).unwrap();
            let mut at = first;
            let mut came = Vec::new();
            while let Some(next) = schedule.next_after(at, &zone).filter(|next| *next <= end) {
                came.push(next);
                at = next;
            }
            let expected = wish.comes(&days, &wall);
            compared += expected.len();
            assert_eq!(came, expected, "{name}: {}", wish.cron);
        }
    }
    assert!(compared > 100_000, "{compared}");
    println!("{compared} occurrences");
}
