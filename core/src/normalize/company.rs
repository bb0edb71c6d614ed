//! Companies in the form by which two are compared, and the domains that name them.

use super::fold::fold_into;
use super::table::Words;

/// Legal forms, folded and written together, that stand at the end of a name.
static LEGAL_FORMS: Words = Words::new(include_str!("legal_forms.txt"));
/// Domains that give mailboxes to anybody; one that ends in a full stop is under many endings.
static FREE_MAIL: Words = Words::new(include_str!("free_mail.txt"));

/// Legal forms that stand before a name, folded.
const LEGAL_FORMS_BEFORE: &[&str] =
    &["the", "pt", "ooo", "oao", "zao", "ooo", "pao", "ооо", "оао", "зао", "пао", "ао", "тов"];

/// Legal forms that alone are the name of nobody.
const NO_NAMES: &[&str] = &[
    "ag",
    "co",
    "company",
    "corp",
    "corporation",
    "ev",
    "gbr",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "ltda",
    "ohg",
    "plc",
    "srl",
    "ug",
];

/// Legal forms of East Asia, which stand at either end without a space.
const LEGAL_FORMS_WITHIN: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "(株)",
    "(有)",
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "公司",
    "주식회사",
    "유한회사",
    "(주)",
    "(유)",
];

/// Second labels that countries give out under, and not a name.
const SECOND_LEVEL: &[&str] = &[
    "ac", "asn", "asso", "co", "com", "ed", "edu", "firm", "gen", "go", "gob", "gouv", "gov", "id", "in", "ind",
    "info", "ltd", "ltda", "me", "mil", "ne", "net", "nhs", "nic", "nom", "or", "org", "plc", "police", "re", "res",
    "sch", "tm", "web",
];

/// Domains under which a provider gives each customer a name.
const HOSTS: &[&str] =
    &["onmicrosoft.com", "mail.onmicrosoft.com", "zendesk.com", "freshdesk.com", "myshopify.com", "atlassian.net"];

/// Returns a company's name as compared: folded, words parted by one space, without legal form; empty where nothing is left.
///
/// ```
/// use kith_core::normalize::company_key;
/// assert_eq!(company_key("The Müller & Söhne GmbH & Co. KG"), "muller sohne");
/// assert_eq!(company_key("ACME Labs, Inc."), company_key("Acme Labs"));
/// assert_eq!(company_key("GmbH"), "");
/// ```
#[must_use]
pub fn company_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len().min(128));
    if name.is_ascii() {
        push_words(name, &mut key);
    } else {
        let mut folded = String::with_capacity(name.len());
        fold_into(name, &mut folded);
        for form in LEGAL_FORMS_WITHIN.iter().filter(|form| !form.is_ascii()) {
            if folded.contains(form) {
                folded = folded.replace(form, " ");
            }
        }
        push_words(&folded, &mut key);
    }
    let is_spa = name.ends_with(" Spa");
    if !is_spa {
        without_legal_forms(&mut key);
    }
    key
}

/// Returns the label of a mail domain that names its owner: `acmelabs` of `mail.acmelabs.co.uk`.
///
/// None for providers that give mailboxes to anybody, and for what is no domain.
#[must_use]
pub fn company_domain(domain: &str) -> Option<String> {
    let domain = domain.trim_matches('.').to_ascii_lowercase();
    if domain.starts_with('[') || is_free_mail(&domain) {
        return None;
    }
    if let Some(customer) = HOSTS.iter().find_map(|host| domain.strip_suffix(host)?.strip_suffix('.')) {
        return customer.rsplit('.').next().map(str::to_owned);
    }
    let owner = owner(&domain)?;
    let registered = domain.get(owner.0..)?;
    (!is_free_mail(registered)).then(|| owner.1.to_owned())
}

/// Adds the words of a name in ASCII or folded, without punctuation and without the words that join two.
fn push_words(name: &str, key: &mut String) {
    let mut depth = 0_u32;
    let mut start = 0;
    for c in name.chars().take(200) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            // "S.A." and "O'Brien" are one word.
            '.' | '\'' | '’' => {}
            _ if c.is_alphanumeric() => key.push(c.to_ascii_lowercase()),
            _ => end_word(key, &mut start),
        }
    }
    end_word(key, &mut start);
    key.truncate(key.trim_end().len());
}

/// Ends the word that begins at `start`; one that but joins others is taken back.
fn end_word(key: &mut String, start: &mut usize) {
    let word = key.get(*start..).unwrap_or_default();
    if word.is_empty() {
        return;
    }
    let is_first = *start == 0;
    let joins = matches!(word, "and" | "und" | "et" | "y" | "og" | "och" | "en" | "i") && !is_first;
    if joins || (is_first && LEGAL_FORMS_BEFORE.contains(&word)) {
        key.truncate(*start);
        return;
    }
    key.push(' ');
    *start = key.len();
}

/// Takes legal forms off the end: "sp z o o", "gmbh co kg", "limited".
///
/// Where nothing is left, the name is the word itself, BT or SAS, unless that is no name anywhere.
fn without_legal_forms(key: &mut String) {
    while let Some(length) = legal_form_start(key) {
        if length == 0 && !key.contains(' ') && !NO_NAMES.contains(&key.as_str()) {
            return;
        }
        key.truncate(length);
    }
}

/// Where the legal form at the end begins, the longest of up to four words.
fn legal_form_start(key: &str) -> Option<usize> {
    let mut found = None;
    let mut end = key.len();
    for _ in 0..4 {
        let start = key.get(..end)?.rfind(' ').map_or(0, |at| at + 1);
        let last = key.get(start..)?;
        let is_form =
            if last.contains(' ') { LEGAL_FORMS.contains(&last.replace(' ', "")) } else { LEGAL_FORMS.contains(last) };
        if is_form {
            found = Some(start.saturating_sub(1));
        }
        if start == 0 {
            break;
        }
        end = start - 1;
    }
    found.filter(|_| !key.is_empty())
}

fn is_free_mail(domain: &str) -> bool {
    let under_many = || {
        let (label, _) = domain.split_once('.')?;
        FREE_MAIL.contains(&[label, "."].concat()).then_some(())
    };
    FREE_MAIL.contains(domain) || under_many().is_some()
}

/// The label that names the owner, and where it begins.
fn owner(domain: &str) -> Option<(usize, &str)> {
    let (rest, ending) = domain.rsplit_once('.')?;
    let (before, last) = rest.rsplit_once('.').unwrap_or(("", rest));
    let is_country = ending.len() == 2;
    if is_country && SECOND_LEVEL.contains(&last) && !before.is_empty() {
        let owner = before.rsplit('.').next()?;
        return Some((before.len() - owner.len(), owner));
    }
    (!last.is_empty()).then(|| (rest.len() - last.len(), last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(company_key(name), expected, "{name:?}");
    }

    #[test]
    fn legal_forms_make_no_difference() {
        check("Acme", "acme");
        check("Acme, Inc.", "acme");
        check("ACME INC", "acme");
        check("Acme Labs Co., Ltd.", "acme labs");
        check("Müller GmbH & Co. KG", "muller");
        check("Société Générale S.A.", "societe generale");
        check("Kowalski Sp. z o.o.", "kowalski");
        check("Novák s.r.o.", "novak");
        check("株式会社サクラ", "サクラ");
        check("サクラ(株)", "サクラ");
        check("北京科技有限公司", "北京科技");
        check("ООО Ромашка", "ромашка");
        check("Johnson & Johnson", "johnson johnson");
        check("Procter and Gamble", "procter gamble");
        check("Acme (Germany) GmbH", "acme");
        check("The Economist", "economist");
        check("L'Oréal", "loreal");
        check("AT&T", "at t");
        check("Acme Pty Ltd", "acme");
        check("Volvo AB", "volvo");
        check("Nokia Oyj", "nokia");
    }

    #[test]
    fn a_company_that_is_called_like_a_legal_form_keeps_its_name() {
        check("BT", "bt");
        check("SAS", "sas");
        check("SAS Institute Inc.", "sas institute");
        check("BT plc", "bt");
        check("Day Spa", "day spa");
        check("Nova SpA", "nova");
        check("Nova S.p.A.", "nova");
    }

    #[test]
    fn a_name_of_nothing_but_a_legal_form_has_no_key() {
        check("", "");
        check("GmbH", "");
        check("Co., Ltd.", "");
        check(" - ", "");
    }

    #[track_caller]
    fn check_domain(domain: &str, expected: Option<&str>) {
        assert_eq!(company_domain(domain).as_deref(), expected, "{domain}");
    }

    #[test]
    fn a_domain_names_its_owner() {
        check_domain("acmelabs.com", Some("acmelabs"));
        check_domain("mail.acmelabs.co.uk", Some("acmelabs"));
        check_domain("eu.mail.acme.example", Some("acme"));
        check_domain("acme.com.br", Some("acme"));
        check_domain("acme.onmicrosoft.com", Some("acme"));
        check_domain("co.uk", Some("co"));
        check_domain("gmail.com", None);
        check_domain("yahoo.co.jp", None);
        check_domain("hotmail.fr", None);
        check_domain("t-online.de", None);
        check_domain("localhost", None);
        check_domain("[192.0.2.1]", None);
        check_domain("", None);
    }

    proptest! {
        #[test]
        fn never_panics_and_is_bounded(name in any::<String>(), label in "[a-z.-]{0,20}") {
            let key = company_key(&name);
            prop_assert!(key.len() <= 1000);
            let _domain = company_domain(&label);
        }
    }
}
