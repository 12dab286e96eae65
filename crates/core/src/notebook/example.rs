//! The worked example of `docs/example`, built in, so that `init --example` needs no network.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        /// Every file of the example: its path from the notebook's root, and its text.
        pub const FILES: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../../docs/example/", $path)))),*];
    };
}

files![
    "tickler.toml",
    "contacts/amara-okafor.md",
    "contacts/bruno-keller.md",
    "contacts/chloe-dubois.md",
    "contacts/gerald-finch.md",
    "contacts/ines-carvalho.md",
    "contacts/jonas-thorsson.md",
    "contacts/lucia-fernandez.md",
    "contacts/maeve-obrien.md",
    "contacts/nadia-benali.md",
    "contacts/partners/meridian-av.md",
    "contacts/partners/priya-raman.md",
    "contacts/sato-haruka.md",
    "contacts/theo-van-der-meer.md",
    "contacts/tomasz-wojcik.md",
    "files/door-panel-spec.md",
    "files/folding-wall-sound.txt",
    "files/price-list-2026.md",
    "templates/after-quote.md",
    "templates/open-house.md",
    "templates/pertinent.md",
];

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn holds_every_file_of_the_example() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/example");
        let mut there: Vec<String> = walkdir::WalkDir::new(root)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(root).unwrap().display().to_string())
            .filter(|path| !path.starts_with(".tickler"))
            .collect();
        let mut here: Vec<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        there.sort();
        here.sort();
        assert_eq!(here, there);
    }
}
