//! The programs whose sheets are known by their header, and what becomes of each of their columns.

mod crm;
mod google;
mod outlook;
mod own;

use super::key::{Key, slug};

/// A program that exports sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Format {
    LinkedIn,
    Google,
    Outlook,
    HubSpot,
    Salesforce,
    Tickler,
}

/// What one column becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Which column, from 0.
    pub column: usize,
    /// What it becomes.
    pub key: Key,
    /// The column that says what this one is for: `Work`, `Anniversary`.
    pub label: Option<usize>,
}

/// A table of one program: columns, as [`slug`] has them, and the key of each.
type Table = [(&'static str, &'static str)];

const LINKEDIN: &Table = &[
    ("first_name", "first"),
    ("last_name", "last"),
    ("url", "links"),
    ("profile_url", "links"),
    ("email_address", "email"),
    ("company", "company"),
    ("position", "role"),
    ("connected_on", "connected"),
];

impl Format {
    /// The program whose header this is.
    pub fn of(columns: &[String]) -> Option<Format> {
        let slugs: Vec<String> = columns.iter().map(|column| slug(column)).collect();
        let has = |name: &str| slugs.iter().any(|slug| slug == name);
        match () {
            () if own::is_header(columns) => Some(Format::Tickler),
            () if has("first_name") && has("last_name") && has("connected_on") => Some(Format::LinkedIn),
            () if google::is_header(&slugs) => Some(Format::Google),
            () if crm::is_hubspot(&has) => Some(Format::HubSpot),
            () if outlook::is_header(&slugs) => Some(Format::Outlook),
            () if crm::is_salesforce(&has) => Some(Format::Salesforce),
            () => None,
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::LinkedIn => "LinkedIn",
            Format::Google => "Google Contacts",
            Format::Outlook => "Outlook",
            Format::HubSpot => "HubSpot",
            Format::Salesforce => "Salesforce",
            Format::Tickler => "tickler",
        }
    }

    /// Where contacts of such a sheet come from, where it does not say: a network, but not an address book, in which
    /// they only lay.
    pub fn origin(self) -> Option<&'static str> {
        (self == Format::LinkedIn).then_some("LinkedIn")
    }

    /// What becomes of each column. One that an address book has and we have no key for gets a key of its name; of
    /// what a seller's system adds, only what is known is taken.
    pub(super) fn slots(self, columns: &[String]) -> Vec<Slot> {
        match self {
            Format::LinkedIn => simple(columns, |_, slug| find(LINKEDIN, slug)),
            Format::Google => google::slots(columns),
            Format::Outlook => simple(columns, |at, slug| outlook::key(columns, at, slug)),
            Format::HubSpot => simple(columns, |_, slug| Some(find(crm::HUBSPOT, slug).unwrap_or("-"))),
            Format::Salesforce => simple(columns, |_, slug| Some(find(crm::SALESFORCE, slug).unwrap_or("-"))),
            Format::Tickler => own::slots(columns),
        }
    }

    /// Whether several values stand in a cell with ` ::: ` between them.
    pub(super) fn joins_with_colons(self) -> bool {
        matches!(self, Format::Google | Format::Tickler)
    }
}

/// The key that any program's table has for a column of that name, as [`slug`] has it.
pub(super) fn by_name(slug: &str) -> Option<&'static str> {
    let tables = [crm::HUBSPOT, crm::SALESFORCE, LINKEDIN];
    tables.into_iter().find_map(|table| find(table, slug)).or_else(|| outlook::any_language(slug))
}

fn find(table: &Table, slug: &str) -> Option<&'static str> {
    table.iter().find(|(name, _)| *name == slug).map(|(_, key)| *key)
}

/// A slot for each column, by the key of its name; a column without one gets a key of its name.
fn simple<'k>(columns: &[String], key: impl Fn(usize, &str) -> Option<&'k str>) -> Vec<Slot> {
    let slot = |(column, name): (usize, &String)| Slot {
        column,
        key: key(column, &slug(name)).map_or_else(|| Key::named_after(name), Key::known),
        label: None,
    };
    columns.iter().enumerate().map(slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_tables_is_one() {
        for table in
            [LINKEDIN, crm::HUBSPOT, crm::SALESFORCE, google::TABLE, outlook::ENGLISH, outlook::OTHERS]
        {
            for (name, key) in table {
                assert_eq!(slug(name), *name, "columns are compared as `slug` has them");
                assert_eq!(Key::parse(key).unwrap().to_string(), *key);
                assert_eq!(table.iter().filter(|(other, _)| other == name).count(), 1, "{name}");
            }
        }
    }

    #[test]
    fn programs_are_known_by_their_header() {
        for (header, format) in [
            ("First Name,Last Name,URL,Email Address,Company,Position,Connected On", Some(Format::LinkedIn)),
            ("First Name,Last Name,Email Address,Company,Position,Connected On", Some(Format::LinkedIn)),
            (
                "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value",
                Some(Format::Google),
            ),
            (
                "First Name,Middle Name,Last Name,File As,Labels,Phone 1 - Label,Phone 1 - Value",
                Some(Format::Google),
            ),
            ("Title,First Name,Last Name,Company,E-mail Address,Business Phone", Some(Format::Outlook)),
            (
                "First Name,Last Name,Given Name Yomi,Home Street,Company,E-mail Address,E-mail Type,Home Phone",
                Some(Format::Outlook),
            ),
            ("Anrede,Vorname,Nachname,Firma,E-Mail-Adresse,Telefon geschäftlich", Some(Format::Outlook)),
            ("Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage", Some(Format::HubSpot)),
            (
                "First Name,Last Name,Title,Company / Account,Lead Source,Lead Status",
                Some(Format::Salesforce),
            ),
            ("Id,FirstName,LastName,Company,Email,LeadSource,Status", Some(Format::Salesforce)),
            ("Salutation,First Name,Last Name,Account Name,Mailing Street,Email", Some(Format::Salesforce)),
            ("id,uid,name,kind,company,email", Some(Format::Tickler)),
            ("id,name,company,email,phone,tags,stage", None),
            ("Full Name,Born,Party,State,Phone", None),
            ("Name,Email,Phone", None),
            ("name,email,phone", None),
        ] {
            let columns: Vec<String> = header.split(',').map(str::to_owned).collect();
            assert_eq!(Format::of(&columns), format, "{header}");
        }
    }
}
