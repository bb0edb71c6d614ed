//! How a promise is made in German: `Ich schicke dir …`, `Bis Freitag schicke ich …`, `Ich werde … schicken`. Umlauts are
//! written out in the tables.

use super::Sure;

/// What may stand before `ich` in its part of the sentence; behind `dass` or `weil` it is no promise.
const LEADING: [&str; 14] =
    ["und", "aber", "ok", "okay", "klar", "ja", "gut", "danke", "also", "gerne", "hallo", "sondern", "super", "prima"];

/// With one of these nothing is promised yet: it depends on something, is denied, hedged, or already done.
const NO_PROMISE: [&str; 46] = [
    "wenn",
    "falls",
    "sofern",
    "ob",
    "sobald",
    "soweit",
    "vielleicht",
    "eventuell",
    "evtl",
    "koennte",
    "wuerde",
    "muesste",
    "sollte",
    "wahrscheinlich",
    "vermutlich",
    "hoffentlich",
    "hoffe",
    "versuche",
    "versuchen",
    "nicht",
    "nichts",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "keinem",
    "nie",
    "niemals",
    "niemand",
    "anbei",
    "hiermit",
    "hier",
    "anhang",
    "beiliegend",
    "soeben",
    "gerade",
    "gestern",
    "bereits",
    "immer",
    "oft",
    "manchmal",
    "normalerweise",
    "seit",
    "dass",
    "weil",
    "damit",
];

/// With one of these what is said of the present is meant of what comes.
const AHEAD: [&str; 12] = [
    "noch",
    "gleich",
    "dann",
    "gern",
    "gerne",
    "demnaechst",
    "bald",
    "kuerze",
    "nachher",
    "spaeter",
    "natuerlich",
    "umgehend",
];

/// Verbs of giving in the first person, with the words that must follow somewhere.
const GIVING: [(&str, &[&str]); 12] = [
    ("melde", &["mich"]),
    ("kuemmere", &["mich"]),
    ("stelle", &["vor"]),
    ("leite", &["weiter"]),
    ("gebe", &["weiter"]),
    ("gebe", &["bescheid"]),
    ("finde", &["heraus"]),
    ("schaue", &["nach"]),
    ("sehe", &["nach"]),
    ("frage", &["nach"]),
    ("bringe", &["kontakt"]),
    ("reiche", &["nach"]),
];

/// Verbs that give, but may say what is done with this very letter: only with a word or a day ahead.
const SENDING: [&str; 6] = ["schicke", "sende", "maile", "teile", "uebersende", "besorge"];

/// Verbs with which it is a promise when there is a day.
const DOING: [&str; 36] = [
    "rufe",
    "schreibe",
    "antworte",
    "pruefe",
    "ueberpruefe",
    "lese",
    "bestaetige",
    "ueberweise",
    "zahle",
    "bezahle",
    "organisiere",
    "buche",
    "erstelle",
    "stelle",
    "lade",
    "gebe",
    "liefere",
    "mache",
    "bereite",
    "erledige",
    "bringe",
    "schaue",
    "frage",
    "klaere",
    "uebersetze",
    "unterschreibe",
    "bestelle",
    "leihe",
    "zeige",
    "helfe",
    "beantworte",
    "korrigiere",
    "hole",
    "reserviere",
    "trage",
    "reiche",
];

/// Verbs of giving as they stand behind `werde`.
const TO_GIVE: [&str; 12] = [
    "schicken",
    "senden",
    "zuschicken",
    "zusenden",
    "mailen",
    "weiterleiten",
    "weitergeben",
    "vorstellen",
    "melden",
    "kuemmern",
    "herausfinden",
    "nachreichen",
];

/// Verbs behind `werde` with which it is a promise when there is a day.
const TO_DO: [&str; 22] = [
    "anrufen",
    "schreiben",
    "antworten",
    "pruefen",
    "lesen",
    "bestaetigen",
    "ueberweisen",
    "organisieren",
    "buchen",
    "erstellen",
    "fertigstellen",
    "hochladen",
    "geben",
    "liefern",
    "machen",
    "vorbereiten",
    "erledigen",
    "bringen",
    "nachfragen",
    "klaeren",
    "mitbringen",
    "anschauen",
];

/// Returns how sure it is that the words promise something; `part` says where the part begins that a word stands in.
pub(super) fn sure(words: &[&str], part: impl Fn(usize) -> usize) -> Option<Sure> {
    if words.iter().any(|word| NO_PROMISE.contains(word)) {
        return None;
    }
    (0..words.len()).filter(|at| words.get(*at) == Some(&"ich")).filter_map(|at| of(words, at, &part)).max()
}

/// What the `ich` at this place promises: its verb stands behind it, or before it in a sentence that begins otherwise.
fn of(words: &[&str], at: usize, part: &impl Fn(usize) -> usize) -> Option<Sure> {
    let led = words.get(part(at)..at)?;
    let is_first = led.iter().all(|word| LEADING.contains(word) || !word.contains(char::is_alphanumeric));
    let behind = words.get(at + 1..)?;
    let after = is_first.then(|| what(behind.first()?, behind.get(1..)?)).flatten();
    // "Dann melde ich mich": what stands before the verb may be anything, but something must.
    let before = at.checked_sub(1).filter(|verb| *verb > 0).and_then(|verb| what(words.get(verb)?, words));
    after.max(before)
}

fn what(verb: &str, others: &[&str]) -> Option<Sure> {
    let has = |known: &[&str]| others.iter().any(|word| known.contains(word));
    let gives = |(known, needs): &(&str, &[&str])| *known == verb && needs.iter().all(|word| others.contains(word));
    if verb == "werde" && has(&TO_GIVE) || GIVING.iter().any(gives) {
        Some(Sure::Given)
    } else if SENDING.contains(&verb) {
        Some(if has(&AHEAD) { Sure::Given } else { Sure::WithADay })
    } else if DOING.contains(&verb) || verb == "werde" && has(&TO_DO) {
        Some(Sure::WithADay)
    } else {
        None
    }
}
