//! Where a contact's file belongs: flat in a small notebook, in the folder of its first letter in a large one (format,
//! section 1).

use super::{CONTACTS_DIR, Survey, clash};

/// From how many contacts on a flat folder is slow: each commit writes all of it anew.
pub const MOST_FLAT: usize = 500;

/// The folder of an id: its first letter or digit, `_` where that is not ASCII.
pub fn letter(id: &str) -> String {
    match id.chars().next() {
        Some(first) if first.is_ascii_alphanumeric() => first.to_ascii_lowercase().to_string(),
        _ => "_".to_owned(),
    }
}

/// Where new contacts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Homes {
    in_letters: bool,
}

impl Homes {
    /// The file of a new contact of that id.
    pub fn of(self, id: &str) -> String {
        if self.in_letters {
            format!("{CONTACTS_DIR}/{}/{id}.md", letter(id))
        } else {
            format!("{CONTACTS_DIR}/{id}.md")
        }
    }
}

impl Survey<'_> {
    /// The file of a new contact: where its neighbours are.
    pub fn home(&self, id: &str) -> String {
        self.homes(1).of(id)
    }

    /// Where so many new contacts go: where their neighbours are.
    pub fn homes(&self, new: usize) -> Homes {
        Homes { in_letters: self.has_letters() || self.flat().count() + new > MOST_FLAT }
    }

    /// Those whose files lie flat in `contacts`.
    pub fn flat(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|index| !self.path_below(*index).contains('/'))
    }

    /// Whether the file of that contact lies in the folder of its letter.
    pub fn is_in_letter(&self, index: usize) -> bool {
        let path = self.path_below(index);
        let stem = path.rsplit('/').next().unwrap_or(&path);
        path.rsplit_once('/').is_some_and(|(dir, _)| dir == letter(stem))
    }

    /// The others whose files have the same name, for which all of them go by their paths (format, section 1).
    pub fn namesakes(&self, index: usize) -> Vec<usize> {
        let wanted = clash::fold(&self.file_stem(index)).into_owned();
        (0..self.len())
            .filter(|other| *other != index && *clash::fold(&self.file_stem(*other)) == wanted)
            .collect()
    }

    /// For each contact whether another file has the same name.
    pub fn with_namesakes(&self) -> Vec<bool> {
        let stems: Vec<String> = (0..self.len()).map(|index| self.file_stem(index)).collect();
        clash::find(stems.len(), |at| &stems[at])
    }

    /// The file's name without `.md`.
    pub fn file_stem(&self, index: usize) -> String {
        let path = self.path_below(index);
        let name = path.rsplit('/').next().unwrap_or(&path);
        name.strip_suffix(".md").unwrap_or(name).to_owned()
    }

    /// Whether there are folders of letters.
    fn has_letters(&self) -> bool {
        (0..self.len()).any(|index| self.is_in_letter(index))
    }
}
