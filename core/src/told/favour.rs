//! What a clause says that one did for the other: `Flora introduced me to Tina`, `Flora helped me with my taxes`, `I helped Bea
//! with her CV`. What others did for each other is none, and neither is what was not done.

use core::ops::Range;

use jiff::civil::Date;
use kith_sentence::day::past;
use kith_sentence::words::{Word, words};

use super::names::{INTRODUCING, MEANWHILE, Run, is_between, stands};
use super::tidy;

/// What one did for the other; who it was, by their places among those whom the sentence is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Favour {
    /// They helped the owner.
    HelpedMe {
        /// Who did.
        by: Vec<usize>,
        /// With what, where it is said.
        with: Option<String>,
    },
    /// The owner helped them.
    HelpedThem {
        /// Whom.
        whom: Vec<usize>,
        /// With what, where it is said.
        with: Option<String>,
    },
    /// They introduced the owner to somebody.
    IntroducedMe {
        /// Who did.
        by: Vec<usize>,
        /// To whom.
        to: Vec<usize>,
    },
}

/// Words for the owner, as the one for whom something is done.
const ME: [&str; 2] = ["me", "us"];

/// Returns what a clause tells of it; `who` are those whom the sentence is about.
pub(super) fn of(sentence: &str, clause: Range<usize>, who: &[Run], today: Date) -> Vec<Favour> {
    let all = words(sentence, clause);
    (0..all.len()).filter_map(|at| Clause { sentence, all: &all, who, today }.one(at)).collect()
}

struct Clause<'a> {
    sentence: &'a str,
    all: &'a [Word<'a>],
    who: &'a [Run],
    today: Date,
}

impl Clause<'_> {
    /// The favour that the word at this place tells of.
    fn one(&self, at: usize) -> Option<Favour> {
        if let Some(phrase) = INTRODUCING.iter().find(|phrase| stands(self.all, at, phrase)) {
            let (to, _) = self.list_from(at + phrase.len());
            let by: Vec<usize> = self.subject(at).into_iter().filter(|one| !to.contains(one)).collect();
            return (!by.is_empty() && !to.is_empty()).then_some(Favour::IntroducedMe { by, to });
        }
        if !self.is(at, &["helped"]) {
            return None;
        }
        if self.is(at + 1, &ME) {
            let by = self.subject(at);
            return (!by.is_empty()).then(|| Favour::HelpedMe { by, with: self.with(at + 2) });
        }
        let (whom, behind) = self.list_from(at + 1);
        (!whom.is_empty() && self.is_mine(at)).then(|| Favour::HelpedThem { whom, with: self.with(behind) })
    }

    /// Who did what the word at this place tells.
    fn subject(&self, at: usize) -> Vec<usize> {
        let mut end = self.before_meanwhile(at);
        end -= usize::from(end > 0 && self.is(end - 1, &["who"]));
        let named = self.list_before(end);
        let is_them =
            end == 0 || self.is(end - 1, &["she", "he", "they"]) || self.all.get(end - 1).is_some_and(is_between);
        match self.who {
            [_] if named.is_empty() && is_them => vec![0],
            _ => named,
        }
    }

    /// Whether it was the owner who did what the word at this place tells.
    fn is_mine(&self, at: usize) -> bool {
        let led = self.all.get(..self.before_meanwhile(at)).unwrap_or_default();
        let Some(last) = led.last() else { return true };
        let is_day = past(led, self.today).is_some_and(|(_, place)| place.end == last.at.end);
        let is_next = is_between(last) && !led.iter().any(|word| self.place(word).is_some());
        is_day || is_next || matches!(last.folded.as_str(), "i" | "i've" | "i’ve" | "we" | "we've" | "we’ve")
    }

    /// What it was with, from this word on.
    fn with(&self, mut from: usize) -> Option<String> {
        from += usize::from(self.is(from, &["out"]));
        from += usize::from(self.is(from, &["with", "to", "by"]));
        let rest = self.all.get(from..)?;
        let part = rest.iter().position(|word| word.ends_part).map_or(rest, |last| rest.get(..=last).unwrap_or(rest));
        let (first, last) = (part.first()?, part.last()?);
        let day = past(part, self.today).filter(|(_, place)| place.end == last.at.end);
        tidy(self.sentence.get(first.at.start..day.map_or(last.at.end, |(_, place)| place.start))?)
    }

    /// Those who are named from this word on, and the place behind them.
    fn list_from(&self, mut at: usize) -> (Vec<usize>, usize) {
        let mut named = Vec::new();
        loop {
            let after = at + usize::from(self.all.get(at).is_some_and(is_between));
            let Some(place) = self.all.get(after).and_then(|word| self.place(word)) else { return (named, at) };
            named.extend((!named.contains(&place)).then_some(place));
            at = after + 1;
        }
    }

    /// Those who are named right before this word.
    fn list_before(&self, end: usize) -> Vec<usize> {
        let mut named = Vec::new();
        for word in self.all.get(..end).unwrap_or_default().iter().rev() {
            match self.place(word) {
                Some(place) if !named.contains(&place) => named.push(place),
                Some(_) => {}
                None if is_between(word) && !named.is_empty() => {}
                None => break,
            }
        }
        named.reverse();
        named
    }

    fn before_meanwhile(&self, at: usize) -> usize {
        let led = self.all.get(..at).unwrap_or_default();
        at - led.iter().rev().take_while(|word| MEANWHILE.contains(&word.folded.as_str())).count()
    }

    fn place(&self, word: &Word<'_>) -> Option<usize> {
        self.who.iter().position(|run| run.at.contains(&word.at.start))
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.all.get(at).is_some_and(|word| words.contains(&word.folded.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Monday.
    const TODAY: Date = date(2026, 11, 23);

    #[track_caller]
    fn check(sentence: &str, who: &[&str], expected: &[Favour]) {
        let run = |name: &&str| {
            let at = sentence.find(name).unwrap();
            Run { text: (*name).to_owned(), at: at..at + name.len() }
        };
        let who: Vec<Run> = who.iter().map(run).collect();
        assert_eq!(of(sentence, 0..sentence.len(), &who, TODAY), expected, "{sentence}");
    }

    fn helped_me(by: &[usize], with: &str) -> Favour {
        Favour::HelpedMe { by: by.to_vec(), with: Some(with.to_owned()).filter(|with| !with.is_empty()) }
    }

    fn helped(whom: &[usize], with: &str) -> Favour {
        Favour::HelpedThem { whom: whom.to_vec(), with: Some(with.to_owned()).filter(|with| !with.is_empty()) }
    }

    fn introduced(by: &[usize], to: &[usize]) -> Favour {
        Favour::IntroducedMe { by: by.to_vec(), to: to.to_vec() }
    }

    #[test]
    fn an_introduction_has_who_made_it_and_to_whom() {
        check("Flora Friend introduced me to Tina Two", &["Tina Two", "Flora Friend"], &[introduced(&[1], &[0])]);
        check("Flora has introduced us to Tina yesterday", &["Flora", "Tina"], &[introduced(&[0], &[1])]);
        check("Flora introduced me to Tina and Zoe", &["Flora", "Tina", "Zoe"], &[introduced(&[0], &[1, 2])]);
        check("Flora and Max introduced me to Tina", &["Flora", "Max", "Tina"], &[introduced(&[0, 1], &[2])]);
        check("Flora introduced Tina to Zoe", &["Flora", "Tina", "Zoe"], &[]);
        check("Flora never introduced me to Tina", &["Flora", "Tina"], &[]);
        check("I introduced Flora to Tina", &["Flora", "Tina"], &[]);
    }

    #[test]
    fn help_has_who_gave_it_to_whom_and_with_what() {
        check("Flora Friend helped me with my taxes", &["Flora Friend"], &[helped_me(&[0], "my taxes")]);
        check("Flora helped me to find a flat, over lunch", &["Flora"], &[helped_me(&[0], "find a flat")]);
        check("Flora helped me yesterday", &["Flora"], &[helped_me(&[0], "")]);
        check("Flora helped me out with my CV last Friday", &["Flora"], &[helped_me(&[0], "my CV")]);
        check("Flora and Max helped me move", &["Flora", "Max"], &[helped_me(&[0, 1], "move")]);
        check("met Flora, who helped me with my CV", &["Flora"], &[helped_me(&[0], "my CV")]);
        check("coffee with Flora, she helped me with my CV", &["Flora"], &[helped_me(&[0], "my CV")]);
        check("I helped Bea with her CV", &["Bea"], &[helped(&[0], "her CV")]);
        check("yesterday helped Bea and Max move", &["Bea", "Max"], &[helped(&[0, 1], "move")]);
        check("helped Bea", &["Bea"], &[helped(&[0], "")]);
        check("had time and helped Bea with her CV", &["Bea"], &[helped(&[0], "her CV")]);
    }

    #[test]
    fn what_was_not_done_and_what_others_did_is_no_favour() {
        check("Flora's brother helped me with my CV", &["Flora"], &[]);
        check("Flora never helped me with anything", &["Flora"], &[]);
        check("Flora helped Bea with her CV", &["Flora", "Bea"], &[]);
        check("I never helped Bea", &["Bea"], &[]);
        check("Flora called and helped Bea with her CV", &["Flora", "Bea"], &[]);
        check("met Flora and Bea, she helped me", &["Flora", "Bea"], &[]);
        check("Flora could have helped her", &["Flora"], &[]);
    }
}
