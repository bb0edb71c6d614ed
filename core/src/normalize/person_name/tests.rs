//! Names as cards, mails and calendars have them.

use kith_proto::card::NameComponent;
use proptest::prelude::*;

use super::*;

/// A reading as "given | particles | surname".
fn shown(name: &PersonName) -> String {
    [&name.given, &name.particles, &name.surname].map(|tokens| tokens.join(" ")).join("|")
}

#[track_caller]
fn check(full: &str, expected: &str) {
    let names = person_names_of(full);
    assert_eq!(names.first().map(shown).unwrap_or_default(), expected, "{full:?}");
}

#[track_caller]
fn check_has(full: &str, expected: &str) {
    let names: Vec<String> = person_names_of(full).iter().map(shown).collect();
    assert!(names.iter().any(|name| name == expected), "{full:?}: {names:?}");
}

#[track_caller]
fn check_card(given: &str, surname: &str, expected: &str) {
    let component = |kind, value: &str| NameComponent { kind, value: value.to_owned() };
    let mut components = vec![component(NameComponentKind::Given, given)];
    components.push(component(NameComponentKind::Surname, surname));
    let names = person_names(&Name { full: None, components });
    assert_eq!(names.first().map(shown).unwrap_or_default(), expected, "{given:?} {surname:?}");
}

#[test]
fn parts_plain_names() {
    check("Ana Silva", "ana||silva");
    check("  ana   SILVA ", "ana||silva");
    check("Ana", "ana||");
    check("Ana Maria Silva", "ana maria||silva");
    check("Jean-Pierre Dupont-Moreau", "jean pierre||dupont moreau");
    check("Ana García Pérez", "ana garcia||perez");
    check("Juan Pérez Gómez", "juan||perez gomez");
    check("J. R. R. Tolkien", "j r r||tolkien");
    check("J.R.R. Tolkien", "j r r||tolkien");
    check("JP Moreau", "j p||moreau");
    check("Ed Lind", "ed||lind");
    check("Li Ng", "li||ng");
    check("Yo-Yo Ma", "yo yo||ma");
}

#[test]
fn folds_letters() {
    check("Jürgen Müller", "jurgen||muller");
    check("Günther Strauß", "gunther||strauss");
    check("Øyvind Ångström", "oyvind||angstrom");
    check("Łukasz Wójcik", "lukasz||wojcik");
    check("Işıl Yılmaz", "isil||yilmaz");
    check("Þórunn Guðmundsdóttir", "thorunn||gudmundsdottir");
    check("Zoe\u{308} Lind", "zoe||lind");
    check("Ａｎａ Silva", "ana||silva");
}

#[test]
fn takes_off_what_is_no_name() {
    check("Dr. Ana Silva, PhD", "ana||silva");
    check("Prof. Dr. Dr. Ana Silva", "ana||silva");
    check("Dipl.-Ing. Ana Silva", "ana||silva");
    check("Ana Silva MBA", "ana||silva");
    check("Ana Silva, M.Sc., PMP", "ana||silva");
    check("Ana Silva Ph.D.", "ana||silva");
    check("Martin King, Jr.", "martin||king");
    check("Martin King Jr.", "martin||king");
    check("Ana Silva (she/her)", "ana||silva");
    check("🚀 Ana Silva 🌱", "ana||silva");
    check("\"Ana Silva\"", "ana||silva");
    check("'Ana Silva'", "ana||silva");
    check("Ana Silva | Acme", "ana||silva");
    check("Ana Silva - Acme GmbH", "ana||silva");
    check("Ana Silva via LinkedIn", "ana||silva");
    check("Ana Silva, Product Manager", "ana||silva");
    check("Ana Silva <ana@example.com>", "ana||silva");
    check("Frau Silva", "||silva");
    check("Ana Ma", "ana||ma");
}

#[test]
fn knows_which_part_is_which() {
    check("Silva, Ana", "ana||silva");
    check("Silva, Ana, PhD", "ana||silva");
    check("King, Jr., Martin", "martin||king");
    check("von der Heide, Dr. Ana", "ana|von der|heide");
    check("SILVA Ana", "ana||silva");
    check("Ana DE SOUZA", "ana|de|souza");
    check("Ana SILVA COSTA", "ana||silva costa");
    check("Nguyen Van An", "van an||nguyen");
    for full in ["Silva, Ana", "SILVA Ana"] {
        assert!(person_names_of(full)[0].is_certain, "{full}");
    }
    assert!(!person_names_of("Ana Silva")[0].is_certain);
}

#[test]
fn knows_particles() {
    check("Ludwig van Beethoven", "ludwig|van|beethoven");
    check("Ana de la Cruz", "ana|de la|cruz");
    check("Khalid bin Salman", "khalid|bin|salman");
    check("Omar Al-Khatib", "omar|al|khatib");
    check("Omar Alkhatib", "omar|al|khatib");
    check("Omar El Khatib", "omar|el|khatib");
    check("Alexander Albers", "alexander||albers");
    check("Sean O'Brien", "sean||obrien");
    check("Sean O’Brien", "sean||obrien");
    check("Sean O' Brien", "sean||obrien");
    check("Ana Mc Donald", "ana||mcdonald");
    check("Abd al-Rahman Hassan", "abdulrahman||hassan");
    check("Abdul Rahman Hassan", "abdulrahman||hassan");
    check("Le Van", "le||van");
}

#[test]
fn names_in_brackets_are_readings_of_their_own() {
    check_has("Ana (Anita) Silva", "anita||silva");
    check_has("Ana \"Nita\" Silva", "nita||silva");
    check_has("Robert Lind (Bob)", "bob||lind");
    check_has("Ana Silva (née Costa)", "ana||costa");
    check_has("Ana Silva geb. Costa", "ana||costa");
    check_has("Wang Wei (王伟)", "wei||wang");
    assert_eq!(person_names_of("Ana Silva (Acme)").len(), 1);
    assert_eq!(person_names_of("Ana Silva (External)").len(), 1);
}

#[test]
fn what_is_no_name_has_no_reading() {
    for full in ["", " ", "-", "🚀", "12345", "ana@example.com", "(she/her)"] {
        assert!(person_names_of(full).is_empty(), "{full:?}");
    }
}

#[test]
fn reads_cyrillic_and_greek() {
    check("Александр Щербаков", "aleksandr||shcherbakov");
    check("Дмитрий Журавлёв", "dmitry||zhuravlyov");
    check("Иванов Иван Иванович", "ivan ivanovich||ivanov");
    check("Наталья Юрьева", "natalya||yureva");
    check("Γιώργος Παπαδόπουλος", "giorgos||papadopoulos");
    check("Ευάγγελος Μπότσης", "evangelos||botsis");
}

#[test]
fn reads_arabic_and_hebrew() {
    check("محمد الخطيب", "mohammed|al|khatib");
    check("أحمد بن سلمان", "ahmed|bin|salman");
    check("عبد الله حسن", "abdullah||hassan");
    check("يوسف الشريف", "yusuf|al|sherif");
    check("משה כהן", "moshe||cohen");
}

#[test]
fn reads_chinese_japanese_and_korean() {
    check("王小红", "xiaohong||wang");
    check("欧阳志远", "zhiyuan||ouyang");
    check("曾伟", "wei||zeng");
    check("山田太郎", "taro||yamada");
    check("佐藤 健", "ken||sato");
    check("佐々木花子", "hanako||sasaki");
    check("さとう ゆうこ", "yuko||sato");
    check("サトウ ケンイチ", "kenichi||sato");
    check("김민준", "minjun||kim");
    check("남궁민수", "minsu||namgung");
    check_has("이지훈", "jihun||i");
    check_has("林伟", "wei||lin");
    check_has("林健", "ken||hayashi");
}

#[test]
fn reads_cards() {
    check_card("Ana", "Silva", "ana||silva");
    check_card("Dr. Ana Maria", "von der Heide, PhD", "ana maria|von der|heide");
    check_card("太郎", "山田", "taro||yamada");
    check_card("Ana", "", "ana||");
    check_card("", "Silva", "||silva");
    check_card("", "Ana Silva", "ana||silva");
    check_card("Ana Silva", "", "ana||silva");
    check_card("María José", "García López", "maria jose||garcia lopez");
    check_card("J.", "Silva 🚀", "j||silva");
    let full = Name { full: Some("Anita Silva".to_owned()), components: vec![] };
    assert_eq!(person_names(&full).first().map(shown).as_deref(), Some("anita||silva"));
    assert!(person_names(&Name::default()).is_empty());
}

proptest! {
    #[test]
    fn never_panics_and_is_bounded(full in any::<String>()) {
        bounded(&person_names_of(&full))?;
    }

    #[test]
    fn never_panics_on_what_looks_like_a_name(full in "[A-Za-zéßü .,'()\"-]{0,40}|[а-яёіА-Я ,]{0,20}|[α-ω ]{0,12}|[一-龥ぁ-んァ-ン가-힣 ]{0,10}|[ء-ي א-ת]{0,16}") {
        bounded(&person_names_of(&full))?;
    }

    #[test]
    fn cards_never_panic(given in "\\PC{0,12}", surname in "\\PC{0,12}") {
        let component = |kind, value| NameComponent { kind, value };
        let components = vec![component(NameComponentKind::Given, given), component(NameComponentKind::Surname, surname)];
        bounded(&person_names(&Name { full: None, components }))?;
    }
}

fn bounded(names: &[PersonName]) -> Result<(), TestCaseError> {
    prop_assert!(names.len() <= READINGS_LIMIT);
    for name in names {
        prop_assert!(!name.is_empty());
        for tokens in [&name.given, &name.surname, &name.particles] {
            prop_assert!(tokens.len() <= 40);
            prop_assert!(tokens.iter().all(|token| !token.is_empty() && token.len() <= 240));
        }
    }
    Ok(())
}
