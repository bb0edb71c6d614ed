//! Columns that no name explains, by what their values look like; and tables without any known name, or without a header.
//!
//! What the header names, values do not second-guess: a second column of addresses beside a named one stays beside the card.

use super::values::{self, Look};

/// The values of the first rows.
pub(crate) type Sample = [Vec<String>];

/// Fills in what the values tell of columns that have no meaning yet.
pub(crate) fn fill(found: &mut [Option<&'static str>], sample: &Sample) {
    let looks: Vec<Look> = (0..found.len()).map(|index| values::look(&column(sample, index))).collect();
    let kinds = [(Look::Email, "email"), (Look::Phone, "phone"), (Look::LinkedIn, "linkedin"), (Look::Link, "link")];
    for (look, meaning) in kinds {
        let kind = meaning.split('.').next().unwrap_or_default();
        if found.iter().flatten().any(|known| known.starts_with(kind)) {
            continue;
        }
        for (known, _) in found.iter_mut().zip(&looks).filter(|(known, seen)| known.is_none() && **seen == look) {
            *known = Some(meaning);
        }
    }
    if !found.iter().flatten().any(|known| known.starts_with("name")) {
        for (index, meaning) in name(found, &looks, sample) {
            if let Some(known) = found.get_mut(index) {
                *known = Some(meaning);
            }
        }
    }
}

/// Returns whether these are the columns of a list of contacts: whom to write to, or whom to call by name.
pub(crate) fn is_list(found: &[Option<&'static str>]) -> bool {
    let has = |kind: &str| found.iter().flatten().any(|known| known.starts_with(kind));
    has("email") || (has("name") && (has("phone") || has("linkedin")))
}

/// Returns the values of a column.
fn column(sample: &Sample, index: usize) -> Vec<&str> {
    sample.iter().map(|row| row.get(index).map_or("", |value| value.trim())).collect()
}

/// Returns the columns that hold the name: those whose words come back in the mail addresses, else the only one of several
/// words. Two that could be it are none.
fn name(found: &[Option<&'static str>], looks: &[Look], sample: &Sample) -> Vec<(usize, &'static str)> {
    let free = |wanted: Look| {
        let open =
            found.iter().zip(looks).enumerate().filter(move |(_, (known, look))| known.is_none() && **look == wanted);
        open.map(|(index, _)| index).collect::<Vec<usize>>()
    };
    let emails = found.iter().position(|known| known.is_some_and(|known| known.starts_with("email")));
    let emails = emails.map(|index| column(sample, index)).unwrap_or_default();
    let proven = |columns: &[usize]| {
        let proof = |index: &usize| evidence(&column(sample, *index), &emails).map(|place| (*index, place));
        columns.iter().filter_map(proof).collect::<Vec<(usize, usize)>>()
    };
    let (full, single) = (free(Look::FullName), free(Look::Word));
    if let [(index, _)] = proven(&full).as_slice() {
        return vec![(*index, "name")];
    }
    match proven(&single).as_slice() {
        [(first, a), (second, b)] if a <= b => vec![(*first, "name.given"), (*second, "name.surname")],
        [(first, _), (second, _)] => vec![(*first, "name.surname"), (*second, "name.given")],
        [(only, _)] => vec![(*only, "name")],
        _ => full.first().filter(|_| full.len() == 1).map(|only| (*only, "name")).into_iter().collect(),
    }
}

/// Returns where in the mail addresses the words of a column stand, on average of a thousand letters, if they do in a third
/// of the rows: `ana.silva@example.com`.
fn evidence(values: &[&str], emails: &[&str]) -> Option<usize> {
    let (mut rows, mut hits, mut places) = (0, 0, 0);
    for (value, email) in values.iter().zip(emails).filter(|(value, email)| !value.is_empty() && !email.is_empty()) {
        rows += 1;
        let local = email.split('@').next().unwrap_or_default().to_lowercase();
        let words = value.split_whitespace().map(str::to_lowercase).filter(|word| word.chars().count() >= 2);
        if let Some(place) = words.filter_map(|word| local.find(&word)).min() {
            hits += 1;
            places += place * 1000 / local.len().max(1);
        }
    }
    (hits > 0 && hits * 3 >= rows).then(|| places / hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&str], expected: &[&str]) {
        let sample: Vec<Vec<String>> = rows.iter().map(|row| row.split(',').map(ToOwned::to_owned).collect()).collect();
        let mut found = vec![None; sample[0].len()];
        fill(&mut found, &sample);
        assert_eq!(found.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_name_is_the_column_whose_words_come_back_in_the_addresses() {
        let rows = ["Acme Works,Ana Silva,ana.silva@example.com,Porto", "Blue Boats,Bo Ek,bo@example.com,Oslo"];
        check(&rows, &["", "name", "email", ""]);
        check(
            &["Ana,Silva,ana.silva@example.com", "Bo,Ek,bo.ek@example.com"],
            &["name.given", "name.surname", "email"],
        );
        check(
            &["Silva,Ana,ana.silva@example.com", "Ek,Bo,bo.ek@example.com"],
            &["name.surname", "name.given", "email"],
        );
    }

    #[test]
    fn without_proof_only_a_lone_column_of_several_words_is_the_name() {
        check(&["Ana Silva,+351 555 0100", "Bo Ek,+47 555 0101"], &["name", "phone"]);
        let rows = ["Acme Works,Ana Silva,x1@example.com", "Blue Boats,Bo Ek,x2@example.com"];
        check(&rows, &["", "", "email"]);
        check(&["Porto,Ana,x1@example.com", "Oslo,Bo,x2@example.com"], &["", "", "email"]);
    }
}
