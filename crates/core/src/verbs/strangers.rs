//! Strangers: those with whom there was mail or a meeting, and whom the notebook does not know.

use std::collections::HashMap;

use crate::identity;

/// Somebody whom the notebook does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The name that was used most; none where only the address was ever given.
    pub name: Option<String>,
    /// The address, as it was written first.
    pub address: String,
    /// How often they were met.
    pub count: usize,
}

/// Counts strangers by their addresses.
#[derive(Debug, Clone, Default)]
pub struct Strangers(HashMap<String, Met>);

#[derive(Debug, Clone)]
struct Met {
    address: String,
    names: HashMap<String, usize>,
    count: usize,
}

impl Strangers {
    /// Counts one more time that somebody was met. What is no address is nobody.
    pub fn meet(&mut self, name: &str, address: &str) {
        let Some(key) = identity::email(address) else { return };
        let met = self.0.entry(key).or_insert_with_key(|key| Met::new(address_of(address).unwrap_or(key)));
        met.count += 1;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_matches(['"', '\'']).trim();
        if !name.is_empty() && !name.contains('@') {
            *met.names.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// All of them, whom we met most first.
    pub fn most_first(self) -> Vec<Stranger> {
        let mut all: Vec<Stranger> = self.0.into_values().map(Met::stranger).collect();
        all.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.address.cmp(&b.address)));
        all
    }
}

impl Met {
    fn new(address: &str) -> Met {
        Met { address: address.to_owned(), names: HashMap::new(), count: 0 }
    }

    fn stranger(self) -> Stranger {
        let most = self.names.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        Stranger { name: most.map(|(name, _)| name), address: self.address, count: self.count }
    }
}

/// The address without the scheme that calendars put in front.
fn address_of(written: &str) -> Option<&str> {
    let written = written.trim();
    let scheme = written.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    scheme.map_or(Some(written), |scheme| written.get(scheme.len()..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_we_met_most_stands_first() {
        let mut strangers = Strangers::default();
        for (name, address) in [
            ("", "bob@b.example"),
            ("Ann Lee", "Ann@a.example"),
            ("ann@a.example", "ann@a.example"),
            ("\"Lee,  Ann\"", "mailto:ann@a.example"),
            ("Ann Lee", "ANN@A.example "),
            ("Carl", "carl@c.example"),
            ("nobody", "no address"),
        ] {
            strangers.meet(name, address);
        }
        let stranger = |name: Option<&str>, address: &str, count| Stranger {
            name: name.map(str::to_owned),
            address: address.to_owned(),
            count,
        };
        assert_eq!(
            strangers.most_first(),
            [
                stranger(Some("Ann Lee"), "Ann@a.example", 4),
                stranger(None, "bob@b.example", 1),
                stranger(Some("Carl"), "carl@c.example", 1),
            ]
        );
    }
}
