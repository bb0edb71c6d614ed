//! What a label says: `* Work`, `Home Fax`, `Mobil`. The one of the source is kept where it says something else.

use kith_plugin::card::Context;

/// A label taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) contexts: Vec<Context>,
    pub(crate) features: Vec<String>,
    /// The label as written, when it is neither context nor feature.
    pub(crate) other: Option<String>,
    /// 1 where the source marks the value as the preferred one.
    pub(crate) pref: Option<u8>,
}

/// Words of labels and what they say.
const WORDS: &[(&str, Option<Context>, Option<&str>)] = &[
    ("home", Some(Context::Private), None),
    ("private", Some(Context::Private), None),
    ("personal", Some(Context::Private), None),
    ("privat", Some(Context::Private), None),
    ("domicile", Some(Context::Private), None),
    ("casa", Some(Context::Private), None),
    ("work", Some(Context::Work), None),
    ("business", Some(Context::Work), None),
    ("office", Some(Context::Work), None),
    ("arbeit", Some(Context::Work), None),
    ("geschäftlich", Some(Context::Work), None),
    ("bureau", Some(Context::Work), None),
    ("trabajo", Some(Context::Work), None),
    ("mobile", None, Some("mobile")),
    ("mobil", None, Some("mobile")),
    ("cell", None, Some("mobile")),
    ("handy", None, Some("mobile")),
    ("fax", None, Some("fax")),
    ("pager", None, Some("pager")),
    ("main", None, Some("main-number")),
];

/// Labels that say nothing.
const EMPTY: &[&str] = &["", "other", "internet", "andere", "autre", "otro"];

/// Takes a label apart.
pub(crate) fn read(raw: &str) -> Label {
    let trimmed = raw.trim();
    let (text, pref) = match trimmed.strip_prefix('*') {
        Some(rest) => (rest.trim(), Some(1)),
        None => (trimmed, None),
    };
    let mut label = Label { pref, ..Label::default() };
    if EMPTY.iter().any(|empty| empty.eq_ignore_ascii_case(text)) {
        return label;
    }
    for word in text.split_whitespace() {
        let word = word.to_lowercase();
        let Some((_, context, feature)) = WORDS.iter().find(|(known, ..)| *known == word) else {
            return Label { other: Some(text.to_owned()), pref, ..Label::default() };
        };
        label.contexts.extend(*context);
        label.features.extend(feature.map(ToOwned::to_owned));
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_contexts_and_features_from_the_users_own_words() {
        let work = Label { contexts: vec![Context::Work], pref: Some(1), ..Label::default() };
        assert_eq!(read("* Work"), work);
        let fax = Label { contexts: vec![Context::Private], features: vec!["fax".to_owned()], ..Label::default() };
        assert_eq!(read("Home Fax"), fax);
        assert_eq!(read("Sailing club").other.as_deref(), Some("Sailing club"));
        assert_eq!(read("Other"), Label::default());
    }
}
