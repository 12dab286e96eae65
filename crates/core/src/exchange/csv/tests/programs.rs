use super::*;

const LINKEDIN: &str = "Notes:\n\
    \"When exporting, some addresses, as you may notice, are missing.\nMore at https://www.linkedin.com/help/x\"\n\n\
    First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
    Ada,Example,https://www.linkedin.com/in/ada,ada@example.org,Example Works,\"Head, EMEA\",12 Mar 2024\n\
    ,,,,,,\n\
    Bob,Sample,https://www.linkedin.com/in/bob,,,,7-Feb-22\n\
    Cy,\"Ünlü, PhD\",,,\"The \"\"Inc\"\"\",,03/15/2024\n";

#[test]
fn linkedin() {
    let read = read(LINKEDIN);
    assert_eq!(
        read.rows,
        [
            "name: Ada Example\ncompany: Example Works\nrole: Head, EMEA\nemail: ada@example.org\n\
             links: https://www.linkedin.com/in/ada\nlog: 2024-03-12 social reached: connected on LinkedIn\n",
            "name: Bob Sample\nlinks: https://www.linkedin.com/in/bob\n\
             log: 2022-02-07 social reached: connected on LinkedIn\n",
            "name: Cy Ünlü, PhD\ncompany: The \"Inc\"\nvcard: N:Ünlü\\, PhD;Cy;;;\n\
             log: 2024-03-15 social reached: connected on LinkedIn\n",
        ]
    );
    let lines: Vec<usize> = read.items.iter().map(|item| item.line).collect();
    assert_eq!(lines, [6, 8, 9]);
    assert_eq!((read.key("First Name"), read.key("Connected On")), (Some("name"), Some("log")));
    let filled: Vec<usize> = read.fields.iter().map(|field| field.filled).collect();
    assert_eq!(filled, [3, 3, 2, 1, 2, 1, 3]);
    assert!(read.remarks.is_empty());
}

#[test]
fn linkedin_of_old_and_with_more() {
    let text = "First Name,Last Name,Email Address,Company,Position,Connected On,Favourite\n\
        Ada,Example,,,,\"06/05/2019, 3:10 PM\",tea\n";
    let read = read(text);
    assert_eq!(
        read.one(),
        "name: Ada Example\nfavourite: tea\nlog: 2019-06-05 social reached: connected on LinkedIn\n"
    );
    assert_eq!(read.remarks.len(), 1, "{:?}", read.remarks);
    assert!(read.remarks[0].starts_with("in \"Connected On\" 1 date may be day first"), "{:?}", read.remarks);
}

#[test]
fn rows_of_those_who_left_linkedin_are_of_nobody() {
    let text = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
        ,,,,,,01 Jan 2020\nAda,Example,,,,,02 Jan 2020\n,,,,,,\n,,https://www.linkedin.com/in/x,,,,03 Jan 2020\n";
    let read = read(text);
    let lines: Vec<usize> = read.items.iter().map(|item| item.line).collect();
    assert_eq!((lines, read.unnamed), (vec![3, 5], 1));
}

#[test]
fn google_as_it_is_now() {
    let text = "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,\
        Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,\
        E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,\
        Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,\
        Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,\
        Relation 1 - Label,Relation 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,\
        Custom Field 1 - Label,Custom Field 1 - Value\n\
        Grace,B.,Hopper,Gräis,Dr.,PhD,Amazing,,US Navy,Rear Admiral,Computing,1906-12-09,\"Likes clocks\nand bugs\",\
        https://lh3.example/p.jpg,* myContacts ::: Navy ::: * starred,\
        Home,grace@home.example,* Work,grace@navy.example ::: g@navy.example,Mobile,+1 555 0100,Work Fax,+1 555 0101,\
        Work,\"1 Main St\nArlington, VA\",1 Main St,Arlington,,VA,22201,USA,Suite 4,\
        Spouse,Vincent Hopper,Profile,https://hopper.example,Anniversary,1930-06-15,Ship,USS Hopper\n";
    let read = read(text);
    assert_eq!(
        read.one(),
        "name: Dr. Grace B. Hopper PhD\ncompany: US Navy\nrole: Rear Admiral\n\
         address: Suite 4, 1 Main St, Arlington, VA, 22201, USA\n\
         email: grace@navy.example | g@navy.example | grace@home.example\nphone: +1 555 0100 | +1 555 0101\n\
         links: https://hopper.example\ntags: Navy | starred\n\
         dates.birthday: 1906-12-09\ndates.anniversary: 1930-06-15\n\
         phonetic_first_name: Gräis\ndepartment: Computing\nrelated: spouse: Vincent Hopper\nship: USS Hopper\n\
         nickname: Amazing\n\
         vcard: ADR;TYPE=work:;Suite 4;1 Main St;Arlington;VA;22201;USA, N:Hopper;Grace;B.;Dr.;PhD, \
         EMAIL;TYPE=work:grace@navy.example, EMAIL;TYPE=work:g@navy.example, EMAIL;TYPE=home:grace@home.example, \
         TEL;TYPE=cell:+1 555 0100, TEL;TYPE=work,fax:+1 555 0101\n\
         note: \"Likes clocks\\nand bugs\"\nleft aside: photo\n"
    );
    assert_eq!(read.key("Phone 2 - Label"), Some("phone"));
    assert_eq!(read.key("Relation 1 - Value"), Some("related"));
}

#[test]
fn google_as_it_was() {
    let text = "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Birthday,Gender,Hobby,Notes,\
        Group Membership,E-mail 1 - Type,E-mail 1 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value,Phone 1 - Type,\
        Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Organization 1 - Type,Organization 1 - Name,\
        Organization 1 - Title,Organization 1 - Location,Website 1 - Type,Website 1 - Value\n\
        Jane Doe,Jane,,Doe,,,--05-12,,Chess,,* My Contacts ::: Fair,* ,jane@acme.example,Other,Skype,jane.d,Main,\
        +1 555 0100 ::: +1 555 0199,Home,\"2 Side St\nTown\",,Acme,Buyer,Hall 3,Blog,http://jane.example\n\
        ,,,,,,,,,,* myContacts,,,,,,,+1 555 0142,,,,,,,,\n\
        ,,,,,,sometime,,,,,,x@acme.example,,,,,,,,,,,,,\n";
    let read = read(text);
    assert_eq!(
        read.rows[0],
        "name: Jane Doe\ncompany: Acme\nrole: Buyer\naddress: 2 Side St Town\nemail: jane@acme.example\n\
         phone: +1 555 0100 | +1 555 0199\nlinks: http://jane.example\ntags: My Contacts | Fair\n\
         dates.birthday: 1604-05-12\n\
         hobby: Chess\nim: other: jane.d\norganization_1_location: Hall 3\n\
         vcard: ADR;TYPE=home:;;2 Side St Town;;;;, TEL;TYPE=main:+1 555 0100, TEL;TYPE=main:+1 555 0199\n"
    );
    assert_eq!(read.rows[1], "phone: +1 555 0142\n", "whom nobody named the importer refuses");
    assert_eq!(read.rows[2], "name: x@acme.example\nemail: x@acme.example\nbirthday: sometime\n");
    assert_eq!(read.key("Group Membership"), Some("tags"));
}

const OUTLOOK: &str = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,\
    Business Street 2,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,\
    Business Fax,Business Phone,Home Phone,Mobile Phone,Account,Anniversary,Birthday,Categories,E-mail Address,\
    E-mail Type,E-mail Display Name,E-mail 2 Address,Gender,Hobby,Manager's Name,Notes,Priority,Private,Referred By,\
    Sensitivity,Spouse,Web Page\r\n";

#[test]
fn outlook() {
    let text = format!(
        "{OUTLOOK}\"Mr.\",\"John\",\"A.\",\"Doe\",\"Jr.\",\"Acme\",\"Sales\",\"Buyer\",\"1 Main St\",\"Floor 2\",\"Town\",\
         \"ST\",\"12345\",\"USA\",\"2 Side St\",\"Village\",\"+1 555 0103\",\"+1 555 0100\",\"+1 555 0101\",\
         \"+1 555 0102\",,\"0/0/00\",\"4/21/1985\",\"Hotel;Fair 2026\",\"john@acme.example\",\"SMTP\",\"John Doe\",\
         \"john@home.example\",\"Unspecified\",\"Chess\",\"Ann Boss\",\"Met at\r\nthe fair\",\"Normal\",\"False\",\
         \"Bob Smith\",\"Normal\",\"Jane\",\"http://acme.example\"\r\n"
    );
    assert_eq!(
        read(&text).one(),
        "name: John A. Doe Jr.\ncompany: Acme\nrole: Buyer\naddress: 1 Main St, Floor 2, Town, ST, 12345, USA\n\
         email: john@acme.example | john@home.example\nphone: +1 555 0103 | +1 555 0100 | +1 555 0101 | +1 555 0102\n\
         links: http://acme.example\ntags: Hotel | Fair 2026\nreferred_by: Bob Smith\ndates.birthday: 1985-04-21\n\
         department: Sales\nhobby: Chess\nmanager_s_name: Ann Boss\nspouse: Jane\n\
         other_addresses: 2 Side St, Village\nsalutation: Mr.\n\
         vcard: ADR;TYPE=work:;;1 Main St\\, Floor 2;Town;ST;12345;USA, ADR;TYPE=home:;;2 Side St;Village;;;, \
         N:Doe;John;A.;Mr.;Jr., TEL;TYPE=work,fax:+1 555 0103, TEL;TYPE=work:+1 555 0100, \
         TEL;TYPE=home:+1 555 0101, TEL;TYPE=cell:+1 555 0102\nnote: \"Met at\\nthe fair\"\n"
    );
}

#[test]
fn outlook_in_other_languages() {
    for (text, expected) in [
        (
            "Anrede;Vorname;Nachname;Firma;Position;E-Mail-Adresse;Telefon geschäftlich;Ort geschäftlich;Geburtstag;\
             Kategorien;Notizen\nFrau Dr.;Erika;Muster;Werk;Leitung;erika@werk.example;+49 30 1;Ulm;12.5.1980;Messe;x\n",
            "name: Frau Dr. Erika Muster\ncompany: Werk\nrole: Leitung\naddress: Ulm\nemail: erika@werk.example\n\
             phone: +49 30 1\ntags: Messe\ndates.birthday: 1980-05-12\n\
             vcard: ADR;TYPE=work:;;;Ulm;;;, N:Muster;Erika;;Frau Dr.;, TEL;TYPE=work:+49 30 1\nnote: \"x\"\n",
        ),
        (
            "Titre,Prénom,Nom,Société,Titre,Adresse de messagerie,Téléphone (bureau),Tél. mobile\n\
             Mme,Zoé,Durand,Usine,Acheteuse,zoe@usine.example,+33 1,+33 6\n",
            "name: Zoé Durand\ncompany: Usine\nrole: Acheteuse\nemail: zoe@usine.example\nphone: +33 1 | +33 6\n\
             salutation: Mme\nvcard: N:Durand;Zoé;;Mme;, TEL;TYPE=work:+33 1, TEL;TYPE=cell:+33 6\n",
        ),
        (
            "Nombre,Segundo nombre,Apellidos,Organización,Puesto,Dirección de correo electrónico,Teléfono móvil\n\
             Ana,,Ruiz,Taller,Jefa,ana@taller.example,+34 6\n",
            "name: Ana Ruiz\ncompany: Taller\nrole: Jefa\nemail: ana@taller.example\nphone: +34 6\n\
             vcard: TEL;TYPE=cell:+34 6\n",
        ),
    ] {
        assert_eq!(read(text).one(), expected);
    }
}

#[test]
fn hubspot() {
    let text = "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Primary Associated Company ID,\
        Last Activity Date,Lead Status,Lifecycle Stage,Create Date,Associated Company,Job Title,Time Zone\n\
        101,Jane,Doe,jane@acme.example,+1 555 0100,Pat Doe,77,2026-10-01 14:05,New,Lead,2026-01-02 10:11,Acme,Buyer,\n\
        102,Jim,,jim@acme.example,,pat@acme.example,,03/15/2026 14:05,Open deal,qualified,1710201600000,,,Europe/Berlin\n\
        103,Joy,,joy@acme.example,,Sam Gone,,,,,,,,Eastern\n";
    let rows = read(text);
    assert_eq!(
        rows.rows,
        [
            "name: Jane Doe\ncompany: Acme\nrole: Buyer\nemail: jane@acme.example\nphone: +1 555 0100\n\
             owner: pat\nstage: new\nlast_activity: 2026-10-01\nlifecycle_stage: Lead\n",
            "name: Jim\nemail: jim@acme.example\nowner: pat\nstage: qualified\ntimezone: Europe/Berlin\n\
             last_activity: 2026-03-15\nlead_status: Open deal\n",
            "name: Joy\nemail: joy@acme.example\nowner_name: Sam Gone\ntime_zone: Eastern\n",
        ]
    );
    assert_eq!((rows.key("Record ID"), rows.key("Create Date")), (None, None));
    let all = read_so(text, &How { rest: true, ..How::default() }).unwrap();
    assert_eq!(all.key("Record ID"), Some("record_id"));
    assert!(all.rows[0].contains("record_id: 101\n"), "{}", all.rows[0]);
}

#[test]
fn salesforce() {
    let text = "Salutation,First Name,Last Name,Title,Company / Account,Street,City,Email,Phone,Mobile,Lead Source,\
        Lead Status,Lead Owner,Rating,Annual Revenue,Email Opt Out,Do Not Call\n\
        Ms.,Jane,Doe,Buyer,Acme,1 Main St,Town,jane@acme.example,555-0100,555-0101,Web,Working,pat,Hot,1000000,1,0\n";
    assert_eq!(
        read(text).one(),
        "name: Jane Doe\ncompany: Acme\nrole: Buyer\nsource: Web\naddress: 1 Main St, Town\n\
         email: jane@acme.example\nphone: 555-0100 | 555-0101\nowner: pat\n\
         lead_status: Working\nrating: Hot\nemail_opt_out: 1\nsalutation: Ms.\n\
         vcard: ADR:;;1 Main St;Town;;;, N:Doe;Jane;;Ms.;, TEL;TYPE=work:555-0100, TEL;TYPE=cell:555-0101\n"
    );
}

#[test]
fn our_own() {
    let text = "id,uid,name,kind,company,email,phone,tags,stage,value,currency,added,prefers.channel,prefers.every,\
        next.on,next.why,next.asked,dates.Wedding day,shoe size,colours,vcard,prefers.colour,car.seats,car.engine.fuel,\
        custom.note,note\n\
        acme,u-1,Acme,org,'=Acme  Inc,a@x.example ::: b@x.example,'+1 555 0100 ::: +1 555 0101,\"a, b ::: c\",won,\
        25000,EUR,2026-01-02,phone ::: email,3 months,2026-12-03,\"see, ask\",true,1604-02-29,'-5,red ::: 'blue,\
        TEL;TYPE=cell:+1 555 0100 ::: X-FOO:bar,mauve,4,gas,mine,\"Met.\n\nTwice.\"\n";
    assert_eq!(
        read(text).one(),
        "name: Acme\nuid: u-1\ncompany: =Acme  Inc\nkind: org\nemail: a@x.example | b@x.example\n\
         phone: +1 555 0100 | +1 555 0101\ntags: a, b | c\nstage: won\nvalue: 25000 EUR\nadded: 2026-01-02\n\
         prefers.channel: phone | email\nprefers.every: 3 months\n\
         next: Some(2026-12-03) Some(\"see, ask\") true\ndates.Wedding day: 1604-02-29\n\
         shoe size: -5\ncolours: red, 'blue\nvcard: TEL;TYPE=cell:+1 555 0100, X-FOO:bar\n\
         prefers.colour: mauve\ncar: seats: 4, engine: fuel: gas\nnote: mine\nid: acme\nprose: \"Met.\\n\\nTwice.\"\n"
    );
}
