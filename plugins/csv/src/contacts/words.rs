//! The names that columns of contact lists go by, as data: Google, Outlook, Thunderbird, and plain words in many languages.
//!
//! A name is folded: letters and digits in lower case, each number as `#`. So `E-mail 2 - Value` is `email#value`. To know
//! one more column, add its folded name to its line. What a label such as `Work` means is `labels`.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Full,
    Prefix,
    Given,
    Middle,
    Surname,
    Suffix,
    Company,
    Department,
    Birthday,
    BirthYear,
    BirthMonth,
    BirthDay,
    Wedding,
    Notes,
    Many(Many),
    Address(AddressPart),
    Event,
    Custom,
    /// Says what the column of the same number is for.
    Label(Family),
    /// Known, and kept verbatim without a word.
    Extra,
}

/// What a column holds of which a card may have many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Many {
    Nickname,
    /// A position; a form of address where the table has another column for positions.
    Title,
    Keywords,
    Email,
    Phone,
    Link,
    LinkedIn,
    Twitter,
    /// A messenger's handle; its label is the service.
    Messenger,
    Relation,
}

/// A part of a postal address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressPart {
    Full,
    Street,
    Locality,
    Region,
    Postcode,
    Country,
}

/// Which columns a label belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Email,
    Phone,
    Address,
    Link,
    Messenger,
    Relation,
    Event,
    Custom,
}

/// What the name of a column itself says about where its value is used, as a label would.
pub(crate) type Usage = &'static str;

/// A line of the table: what it is, what for, and the names.
pub(crate) type Word = (Field, Usage, &'static str);

/// Names that only Google's export has.
pub(crate) const GOOGLE: &str =
    "email#label email#type phone#label phone#type groupmembership fileas phoneticfirstname";

/// All names.
pub(crate) const WORDS: &[Word] = &[
    (
        Field::Full,
        "",
        "name fullname displayname contactname anzeigename vollständigername vollname vollername nomcomplet nomaffiché \
         nombrecompleto nombreparamostrar nomecompleto nomevisualizzato volledigenaam naam weergavenaam imięinazwisko \
         wyświetlananazwa полноеимя отображаемоеимя nimi 姓名 氏名 名前 表示名 이름 adsoyad adısoyadı",
    ),
    (
        Field::Prefix,
        "",
        "prefix nameprefix salutation honorific anrede namenspräfix civilité tratamiento tratamento appellativo \
         titolo aanhef 敬称",
    ),
    (
        Field::Given,
        "",
        "firstname givenname given forename first vorname prénom prenom nombre nombredepila primeironome nome \
         voornaam imię förnamn fornavn etunimi křestníjméno meno keresztnév 名 名字 имя adı ad",
    ),
    (
        Field::Middle,
        "",
        "middlename additionalname middle weiterevornamen zweitervorname deuxièmeprénom secondprénom segundonombre \
         segundonome secondonome tweedevoornaam drugieimię отчество toinennimi",
    ),
    (
        Field::Surname,
        "",
        "lastname familyname surname family last nachname familienname zuname nom nomdefamille apellido apellidos \
         sobrenome apelido cognome achternaam nazwisko efternamn etternavn efternavn sukunimi příjmení priezvisko \
         vezetéknév 姓 姓氏 фамилия soyadı soyad",
    ),
    (Field::Suffix, "", "suffix namesuffix generation suffixe sufijo sufixo suffisso achtervoegsel sufiks"),
    (
        Field::Many(Many::Nickname),
        "",
        "nickname nicknames alias spitzname rufname surnom pseudo apodo soprannome bijnaam pseudonim псевдоним",
    ),
    (
        Field::Company,
        "",
        "company companyname organization organisation organizationname organization#name employer firma firmenname \
         unternehmen organisationsname société entreprise empresa compañía organización organização azienda società \
         bedrijf organisatie företag virksomhed yritys организация компания společnost spoločnosť 公司 会社 勤務先 회사 şirket",
    ),
    (
        Field::Department,
        "",
        "department organizationdepartment organization#department abteilung service département departamento reparto \
         ufficio afdeling dział отдел osasto 部门 部署",
    ),
    (Field::Many(Many::Title), "", "title titel titre título"),
    (
        Field::Many(Many::Title),
        "job",
        "jobtitle organizationtitle organization#title position role jobposition berufsbezeichnung stelle beruf \
         fonction poste puesto cargo posizione qualifica functie stanowisko должность tehtävänimike pozice 职务 职位 役職 \
         직책 unvan",
    ),
    (
        Field::Birthday,
        "",
        "birthday birthdate dateofbirth dob born geburtstag geburtsdatum anniversaire datedenaissance cumpleaños \
         fechadenacimiento aniversário datadenascimento compleanno datadinascita geboortedatum verjaardag urodziny \
         dataurodzenia деньрождения датарождения födelsedag fødselsdag syntymäpäivä narozeniny narodeniny 生日 誕生日 생일 \
         doğumgünü",
    ),
    (Field::BirthYear, "", "birthyear geburtsjahr annéedenaissance añodenacimiento"),
    (Field::BirthMonth, "", "birthmonth geburtsmonat moisdenaissance mesdenacimiento"),
    (Field::BirthDay, "", "geburtstagtag jourdenaissance díadenacimiento"),
    (Field::Wedding, "", "anniversary weddinganniversary jahrestag hochzeitstag aniversario"),
    (
        Field::Notes,
        "",
        "notes note comments comment remarks description notizen notiz bemerkung bemerkungen kommentar remarques \
         commentaires notas nota observaciones observações annotazioni opmerkingen notities notatki uwagi заметки \
         примечания anteckningar huomautuksia 备注 メモ 메모 notlar",
    ),
    (
        Field::Many(Many::Keywords),
        "",
        "groupmembership labels categories category tags groups kategorien kategorie gruppen schlagwörter catégories \
         groupes categorías etiquetas categorie gruppi kategorieën категории 类别 グループ",
    ),
    (
        Field::Many(Many::Email),
        "",
        "email emails emailaddress emailaddresses email# email#value email#address mail primaryemail secondaryemail \
         emailadresse email#adresse mailadresse courriel adressemail adressedemessagerie adresseemail \
         adresseélectronique correo correoelectrónico direccióndecorreoelectrónico correo# endereçodeemail \
         enderecodeemail indirizzoemail indirizzodipostaelettronica indirizzopostaelettronica \
         indirizzopostaelettronica# postaelettronica emailadres adresemail emailováadresa epost \
         epostadress sähköposti sähköpostiosoite элпочта электроннаяпочта адресэлпочты адресэлектроннойпочты 电子邮件 \
         电子邮件地址 邮箱 メール メールアドレス 電子メールアドレス 이메일 eposta",
    ),
    (Field::Many(Many::Email), "Work", "workemail businessemail emailwork emailgeschäftlich geschäftlicheemail"),
    (Field::Many(Many::Email), "Home", "homeemail personalemail privateemail emailhome emailprivat privateemail"),
    (
        Field::Many(Many::Phone),
        "",
        "phone phones phonenumber phonenumbers telephone telephonenumber tel phone# phone#value otherphone \
         primaryphone telefon telefonnummer rufnummer weiterestelefon téléphone numérodetéléphone teléfono \
         númerodeteléfono telefone telefono numeroditelefono telefoon telefoonnummer numertelefonu телефон \
         номертелефона telefón puhelin puhelinnumero 电话 電話 電話番号 전화 전화번호",
    ),
    (
        Field::Many(Many::Phone),
        "Work",
        "businessphone businessphone# workphone workphone# officephone telefongeschäftlich telefongeschäftlich# \
         telefonarbeit téléphonebureau téléphonebureau# téléphoneprofessionnel teléfonodeltrabajo teléfonodeltrabajo# \
         telefonocomercial telefonecomercial telefonoufficio telefoonwerk telefonsłużbowy рабочийтелефон 商务电话 会社電話",
    ),
    (
        Field::Many(Many::Phone),
        "Home",
        "homephone homephone# telefonprivat telefonprivat# téléphonedomicile téléphonedomicile# téléphonepersonnel \
         teléfonoparticular teléfonoparticular# telefoneresidencial telefonoabitazione telefoonthuis telefondomowy \
         домашнийтелефон 住宅电话 自宅電話",
    ),
    (
        Field::Many(Many::Phone),
        "Mobile",
        "mobile mobilephone mobilenumber cell cellphone cellular mobiltelefon handy handynummer mobil mobilnummer \
         portable mobile# téléphonemobile télmobile móvil teléfonomóvil celular telefonecelular telemóvel cellulare \
         mobiel mobielnummer mobieletelefoon mobilnýtelefón mobilnítelefon komórka telefonkomórkowy мобильныйтелефон мобильный matkapuhelin 手机 移动电话 携帯電話 휴대폰 \
         ceptelefonu",
    ),
    (Field::Many(Many::Phone), "Fax", "fax faxnumber otherfax faxnummer weiteresfax télécopie факс"),
    (Field::Many(Many::Phone), "Work Fax", "businessfax workfax faxgeschäftlich télécopiebureau faxdeltrabajo"),
    (Field::Many(Many::Phone), "Home Fax", "homefax faxprivat télécopiedomicile faxparticular"),
    (Field::Many(Many::Phone), "Pager", "pager pagernumber récepteurderadiomessagerie localizador"),
    (Field::Many(Many::Phone), "Main", "companymainphone hauptnummerfirma primarytelephone haupttelefon"),
    (
        Field::Many(Many::Link),
        "",
        "url urls website websites webpage webpage# homepage web website#value link webseite internetseite sitoweb \
         siteweb pageweb páginaweb sitioweb paginaweb webpagina stronawww stronasieciweb вебсайт сайт вебстраница 网页 \
         网站 ホームページ",
    ),
    (
        Field::Many(Many::LinkedIn),
        "",
        "linkedin linkedinurl linkedinprofile linkedinprofileurl linkedinprofil profileurl publicprofile",
    ),
    (Field::Many(Many::Twitter), "", "twitter twitterhandle twitterhandles x twitterurl"),
    (Field::Many(Many::Messenger), "", "im#value"),
    (Field::Many(Many::Messenger), "Skype", "skype skypename skypeid"),
    (
        Field::Address(AddressPart::Full),
        "",
        "address postaladdress address#formatted adresse anschrift dirección endereço indirizzo adres адрес osoite 地址 \
         住所 주소",
    ),
    (
        Field::Address(AddressPart::Street),
        "",
        "street streetaddress address#street address#extendedaddress address#pobox straße strasse rue calle rua via \
         straat ulica улица 街道",
    ),
    (
        Field::Address(AddressPart::Locality),
        "",
        "city town locality address#city ort stadt wohnort ville ciudad cidade città plaats stad miasto город \
         kaupunki 城市",
    ),
    (
        Field::Address(AddressPart::Region),
        "",
        "state province region stateprovince county address#region bundesland région provincia estado województwo \
         область",
    ),
    (
        Field::Address(AddressPart::Postcode),
        "",
        "zip zipcode postalcode postcode address#postalcode plz postleitzahl codepostal códigopostal cep cap \
         kodpocztowy индекс postinumero 邮政编码 郵便番号",
    ),
    (
        Field::Address(AddressPart::Country),
        "",
        "country countryregion address#country land landregion pays país paese kraj страна maa 国家 国",
    ),
    (Field::Address(AddressPart::Full), "Work", "businessaddress workaddress"),
    (
        Field::Address(AddressPart::Street),
        "Work",
        "businessstreet businessstreet# workaddress# straßegeschäftlich straßegeschäftlich# ruebureau \
         callededeltrabajo calledeltrabajo businesspobox postfachgeschäftlich",
    ),
    (
        Field::Address(AddressPart::Locality),
        "Work",
        "businesscity workcity ortgeschäftlich villebureau ciudaddetrabajo",
    ),
    (
        Field::Address(AddressPart::Region),
        "Work",
        "businessstate workstate regiongeschäftlich bundeslandkantongeschäftlich dépmtbureau",
    ),
    (
        Field::Address(AddressPart::Postcode),
        "Work",
        "businesspostalcode workzipcode postleitzahlgeschäftlich codepostalbureau códigopostaldeltrabajo",
    ),
    (
        Field::Address(AddressPart::Country),
        "Work",
        "businesscountryregion businesscountry workcountry landregiongeschäftlich paysrégionbureau \
         paísoregióndeltrabajo",
    ),
    (Field::Address(AddressPart::Full), "Home", "homeaddress"),
    (
        Field::Address(AddressPart::Street),
        "Home",
        "homestreet homestreet# homeaddress# straßeprivat straßeprivat# ruedomicile calleparticular homepobox \
         postfachprivat",
    ),
    (Field::Address(AddressPart::Locality), "Home", "homecity ortprivat villedomicile ciudaddedomicilio"),
    (Field::Address(AddressPart::Region), "Home", "homestate regionprivat bundeslandkantonprivat dépmtdomicile"),
    (
        Field::Address(AddressPart::Postcode),
        "Home",
        "homepostalcode homezipcode postleitzahlprivat codepostaldomicile códigopostalparticular",
    ),
    (
        Field::Address(AddressPart::Country),
        "Home",
        "homecountryregion homecountry landregionprivat paysrégiondomicile paísoregiónparticular",
    ),
    (Field::Address(AddressPart::Street), "Other", "otherstreet otherstreet# weiterestraße otherpobox"),
    (Field::Address(AddressPart::Locality), "Other", "othercity weitererort"),
    (Field::Address(AddressPart::Region), "Other", "otherstate weitereregion"),
    (Field::Address(AddressPart::Postcode), "Other", "otherpostalcode weiterepostleitzahl"),
    (Field::Address(AddressPart::Country), "Other", "othercountryregion othercountry weiteresland"),
    (Field::Many(Many::Relation), "", "relation#value"),
    (Field::Many(Many::Relation), "Spouse", "spouse partner ehegatteehegattin partnerin conjoint cónyuge"),
    (Field::Many(Many::Relation), "Child", "children kinder enfants hijos"),
    (Field::Many(Many::Relation), "Manager", "manager managersname vorgesetzte vorgesetzter"),
    (Field::Many(Many::Relation), "Assistant", "assistant assistantsname assistentin nameassistent"),
    (Field::Event, "", "event#value"),
    (Field::Custom, "", "customfield#value"),
    (Field::Label(Family::Email), "", "email#label email#type"),
    (Field::Label(Family::Phone), "", "phone#label phone#type"),
    (Field::Label(Family::Address), "", "address#label address#type"),
    (Field::Label(Family::Link), "", "website#label website#type"),
    (Field::Label(Family::Messenger), "", "im#service"),
    (Field::Label(Family::Relation), "", "relation#label relation#type"),
    (Field::Label(Family::Event), "", "event#label event#type"),
    (Field::Label(Family::Custom), "", "customfield#label customfield#type"),
    (
        Field::Extra,
        "",
        "yominame givennameyomi additionalnameyomi familynameyomi organization#yominame phoneticfirstname \
         phoneticmiddlename phoneticlastname phoneticgivenname phoneticfamilyname givenyomi surnameyomi companyyomi \
         fileas photo initials shortname maidenname location billinginformation directoryserver mileage occupation \
         hobby sensitivity priority subject gender language im#type organization#type organization#symbol \
         organization#location organization#jobdescription emailtype emaildisplayname email#displayname \
         email#anzeigename email#typ emailtyp emailanzeigename private account geschlecht sprache vertraulichkeit \
         priorität initialen",
    ),
];

/// Returns a header's folded name and the number in it, 0 where there is none.
pub(crate) fn fold(header: &str) -> (String, u32) {
    let mut folded = String::new();
    let mut number = 0_u32;
    for c in header.chars().filter(|c| c.is_alphanumeric()) {
        match c.to_digit(10) {
            Some(digit) => {
                number = number.saturating_mul(10).saturating_add(digit);
                if !folded.ends_with('#') {
                    folded.push('#');
                }
            }
            None => folded.extend(c.to_lowercase()),
        }
    }
    (folded, number)
}

/// Returns whether a name is among names parted by white space.
pub(crate) fn holds(names: &str, folded: &str) -> bool {
    names.split_whitespace().any(|name| name == folded)
}

/// Returns what a folded name stands for.
pub(crate) fn look_up(folded: &str) -> Option<(Field, Usage)> {
    WORDS.iter().find(|(_, _, names)| holds(names, folded)).map(|(field, usage, _)| (*field, *usage))
}
