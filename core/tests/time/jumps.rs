//! The planning loop under a clock that is set and a machine that sleeps.
//!
//! A plan answers all that came since the plan before. So none is missed, also where the clock jumps over it, and no occurrence
//! is planned for twice, also where the clock is set back over it. Only what one plan answered *along with* a later occurrence
//! may be answered again after the clock was set back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kith_core::schedule::Schedule;
use kith_core::schedule::looked::{Looked, Turn};

use crate::ZONES;
use crate::oracle::{Wall, days};
use crate::schedules::Wish;

const JUMPS: usize = 500;
const SUSPENDS: usize = 200;

/// Random numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A schedule, what was planned of it, and when it comes as the oracle has it.
struct Planned {
    name: String,
    schedule: Schedule,
    comes: Vec<Timestamp>,
    plans: BTreeSet<Timestamp>,
    answered: BTreeMap<Timestamp, u32>,
}

/// A machine whose clock shows `now`.
struct Machine {
    zone: TimeZone,
    now: Timestamp,
    begun: Timestamp,
    looked: Looked,
    planned: Vec<Planned>,
}

impl Machine {
    fn new(name: &str, wishes: impl Iterator<Item = Wish>, dice: &mut Dice) -> Self {
        let zone = TimeZone::get(name).unwrap();
        let (wall, days) = (Wall::of(&zone), days());
        let planned = wishes.map(|wish| Planned {
            name: wish.cron.clone(),
            schedule: wish.cron.parse().unwrap(),
            comes: wish.comes(&days, &wall),
            plans: BTreeSet::new(),
            answered: BTreeMap::new(),
        });
        let [begin, _] = wall.bounds();
        let now = begin + SignedDuration::from_hours(24 * (400 + dice.below(600)));
        let mut machine = Self { zone, now, begun: now, looked: Looked::default(), planned: planned.collect() };
        machine.turn();
        machine
    }

    /// Does what the daemon does at each turn, and looks whether all is answered.
    fn turn(&mut self) {
        for planned in &mut self.planned {
            let before = planned.plans.range(..=self.now).next_back().copied();
            match self.looked.turn((&planned.name, &planned.schedule), before, (self.now, &self.zone), |_| None) {
                Turn::Begins => {
                    planned.plans.insert(self.now);
                }
                Turn::Rests => {}
                Turn::Due(occurrences) => {
                    self.looked.planned(&planned.name, occurrences.newest);
                    assert!(planned.plans.insert(occurrences.newest), "{} twice: {}", planned.name, occurrences.newest);
                    planned.answer(occurrences.count, occurrences.newest);
                }
            }
            let missed = planned.comes.iter().filter(|at| **at > self.begun && **at <= self.now);
            let missed: Vec<_> = missed.filter(|at| !planned.answered.contains_key(at)).collect();
            // A clock that was ahead and is put right makes the plans of its days: those it made are not believed.
            let newest = planned.comes.iter().rev().find(|at| **at <= self.now).filter(|at| **at > self.begun);
            assert!(newest.is_none_or(|at| planned.plans.contains(at)), "{} has no plan for {newest:?}", planned.name);
            assert!(missed.is_empty(), "{} missed in {:?}: {missed:?}", planned.name, self.zone.iana_name());
        }
    }

    fn next(&self) -> Timestamp {
        self.planned.iter().filter_map(|planned| planned.schedule.next_after(self.now, &self.zone)).min().unwrap()
    }

    /// Runs undisturbed for a while: turns come when occurrences do.
    fn run(&mut self, time: SignedDuration) {
        let end = self.now + time;
        while self.next() <= end {
            self.now = self.next();
            self.turn();
        }
        self.now = end;
    }
}

impl Planned {
    /// A plan answers the newest occurrence and those before it.
    fn answer(&mut self, count: u32, newest: Timestamp) {
        let newest_first = self.comes.iter().rev().skip_while(|at| **at > newest);
        let answered: BTreeSet<Timestamp> = newest_first.copied().take(usize::try_from(count).unwrap()).collect();
        assert!(answered.contains(&newest), "{}: {newest} is no occurrence", self.name);
        for at in answered {
            *self.answered.entry(at).or_default() += 1;
        }
    }
}

fn wishes() -> impl Iterator<Item = Wish> {
    // Two daily, one weekly and one monthly.
    [0, 20, 41, 64].into_iter().map(Wish::numbered)
}

#[test]
fn a_machine_that_sleeps_is_told_each_occurrence_once() {
    let mut dice = Dice(5);
    let mut suspends = 0;
    for name in ZONES {
        let mut machine = Machine::new(name, wishes(), &mut dice);
        for _ in 0..SUSPENDS / ZONES.len() {
            machine.run(SignedDuration::from_mins(dice.below(20 * 1_440)));
            machine.now += SignedDuration::from_mins(dice.below(60 * 1_440));
            machine.turn();
            suspends += 1;
        }
        for planned in &machine.planned {
            let passed = planned.comes.iter().filter(|at| **at > machine.begun && **at <= machine.now);
            let expected: BTreeMap<Timestamp, u32> = passed.map(|at| (*at, 1)).collect();
            assert_eq!(planned.answered, expected, "{name}: {}", planned.name);
        }
    }
    assert_eq!(suspends, SUSPENDS);
}

#[test]
fn a_clock_that_is_set_misses_nothing_and_plans_nothing_twice() {
    let mut dice = Dice(6);
    let mut jumps = 0;
    for name in ZONES {
        let mut machine = Machine::new(name, wishes(), &mut dice);
        for _ in 0..JUMPS / ZONES.len() {
            machine.run(SignedDuration::from_mins(dice.below(10 * 1_440)));
            let range = [5, 90, 3 * 1_440, 45 * 1_440][usize::try_from(dice.below(4)).unwrap()];
            machine.now += SignedDuration::from_mins(dice.below(2 * range) - range);
            machine.turn();
            jumps += 1;
        }
    }
    assert_eq!(jumps, JUMPS);
}
