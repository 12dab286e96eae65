//! A push that is refused while it comes in, in the words that its client understands (gitprotocol-pack(5), "Report
//! Status").

/// The most bytes of one packet line behind its length.
const PACKET: usize = 65_516;

/// Who is to be told what comes of a push.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listener {
    /// The refs that were to move.
    pub refs: Vec<Vec<u8>>,
    /// It reads what became of each of them.
    pub wants_report: bool,
    /// It reads lines for people beside that.
    pub has_bands: bool,
}

/// Why a push is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// In short, for git.
    pub why: &'static str,
    /// In lines, for people.
    pub lines: String,
    /// Who is to be told.
    pub listener: Listener,
}

impl Declined {
    /// All that `receive-pack` would say; none where the client reads no such thing.
    pub fn answer(&self) -> Option<Vec<u8>> {
        let Listener { refs, wants_report, has_bands } = &self.listener;
        if !wants_report {
            return None;
        }
        // Who sees no lines is told all of it in the report, where there is room for one line.
        let line = self.lines.lines().next().unwrap_or(self.why);
        let why = if *has_bands { self.why } else { line };
        let mut report = packet(format!("unpack {why}\n").as_bytes());
        for name in refs {
            report.extend(packet(&[b"ng ", name.as_slice(), b" ", why.as_bytes(), b"\n"].concat()));
        }
        report.extend_from_slice(b"0000");
        if !has_bands {
            return Some(report);
        }
        let mut answer = banded(2, format!("{}\n", self.lines).as_bytes());
        answer.extend(banded(1, &report));
        answer.extend_from_slice(b"0000");
        Some(answer)
    }
}

fn packet(bytes: &[u8]) -> Vec<u8> {
    [format!("{:04x}", bytes.len() + 4).as_bytes(), bytes].concat()
}

/// The bytes in packets that say which band they are of.
fn banded(band: u8, bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(PACKET - 1).flat_map(|chunk| packet(&[&[band], chunk].concat())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_is_told_in_its_own_way() {
        let declined = |wants_report, has_bands| Declined {
            why: "too large",
            lines: "a file of 1 GiB\nno".to_owned(),
            listener: Listener { refs: vec![b"refs/a".to_vec(), b"b".to_vec()], wants_report, has_bands },
        };
        let all = "001bunpack a file of 1 GiB\n001eng refs/a a file of 1 GiB\n0019ng b a file of 1 GiB\n0000";
        let banded = "0018\x02a file of 1 GiB\nno\n\
                      0049\x010015unpack too large\n0018ng refs/a too large\n0013ng b too large\n00000000";
        for (wants_report, has_bands, expected) in
            [(true, false, Some(all)), (true, true, Some(banded)), (false, true, None), (false, false, None)]
        {
            let answer = declined(wants_report, has_bands).answer();
            let answer = answer.map(|answer| String::from_utf8(answer).unwrap());
            assert_eq!(answer.as_deref(), expected, "{wants_report} {has_bands}");
        }
    }

    #[test]
    fn a_long_report_takes_several_packets() {
        let listener = Listener { refs: vec![vec![b'x'; 60_000]; 3], wants_report: true, has_bands: true };
        let answer = Declined { why: "no", lines: "no".to_owned(), listener }.answer().unwrap();
        let (mut at, mut sizes) = (0, Vec::new());
        while at < answer.len() {
            let size = usize::from_str_radix(std::str::from_utf8(&answer[at..at + 4]).unwrap(), 16).unwrap();
            sizes.push(size);
            at += size.max(4);
        }
        assert_eq!((at, sizes.len(), sizes[1], sizes.last()), (answer.len(), 5, 65_520, Some(&0)));
    }
}
