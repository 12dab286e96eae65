//! What people do to a contact in an editor: a text in, another text out.

use tickler_tests::Dice;

/// One change that somebody makes by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    AddEntry,
    RewordEntry,
    DeleteEntry,
    DuplicateEntry,
    SwapEntries,
    AddPromise,
    Tick,
    AddProse,
    RewordProse,
    DeleteProse,
    SetKey,
    DeleteKey,
    AddTag,
    RemoveTag,
    /// From the one style of line ends to the other.
    LineEnds,
    /// The front matter is no TOML afterwards.
    Break,
    Mend,
}

impl Edit {
    /// How often each is made in a hundred times.
    pub const WEIGHTS: [(Edit, usize); 15] = [
        (Edit::AddEntry, 26),
        (Edit::RewordEntry, 8),
        (Edit::DeleteEntry, 4),
        (Edit::DuplicateEntry, 2),
        (Edit::SwapEntries, 3),
        (Edit::AddPromise, 6),
        (Edit::Tick, 4),
        (Edit::AddProse, 9),
        (Edit::RewordProse, 8),
        (Edit::DeleteProse, 4),
        (Edit::SetKey, 10),
        (Edit::DeleteKey, 3),
        (Edit::AddTag, 7),
        (Edit::RemoveTag, 3),
        (Edit::LineEnds, 3),
    ];

    /// The text after it; `token` is the word to write. None where there is nothing that it could be made on.
    pub fn applied(self, text: &str, token: &str, dice: &mut Dice) -> Option<String> {
        let is_dos = text.contains("\r\n");
        let text = text.replace("\r\n", "\n");
        let mut page = Page::of(&text);
        page.edit(self, token, dice)?;
        let is_dos = is_dos != (self == Edit::LineEnds);
        let text = page.joined();
        Some(if is_dos { text.replace('\n', "\r\n") } else { text })
    }
}

/// The first words of a log entry, which is what tells one.
pub fn begins_entry(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("- ") else { return false };
    rest.len() >= 10
        && rest.bytes().take(10).enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// A contact's lines.
struct Page {
    lines: Vec<String>,
    /// The line that closes the front matter; none where there is no front matter.
    closing: Option<usize>,
    ends: bool,
}

impl Page {
    fn of(text: &str) -> Page {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let opens = lines.first().is_some_and(|line| line == "+++");
        let closing = lines.iter().skip(1).position(|line| line == "+++").map(|at| at + 1);
        Page { closing: closing.filter(|_| opens), ends: text.ends_with('\n'), lines }
    }

    fn joined(&self) -> String {
        let mut text = self.lines.join("\n");
        if self.ends && !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn edit(&mut self, edit: Edit, token: &str, dice: &mut Dice) -> Option<()> {
        match edit {
            Edit::AddEntry => self.add_entry(token, dice),
            Edit::RewordEntry => {
                let entry = self.entry(dice)?;
                self.lines[entry.start].push_str(&format!(" {token}"));
                Some(())
            }
            Edit::DeleteEntry => {
                let entry = self.entry(dice)?;
                self.lines.drain(entry);
                Some(())
            }
            Edit::DuplicateEntry => {
                let entry = self.entry(dice)?;
                let copy = self.lines[entry.clone()].to_vec();
                self.lines.splice(entry.end..entry.end, copy);
                Some(())
            }
            Edit::SwapEntries => {
                let entries = self.entries();
                let first = dice.below(entries.len().checked_sub(1)?);
                let (upper, lower) = (entries.get(first)?.clone(), entries.get(first + 1)?.clone());
                let swapped = [&self.lines[lower.clone()], &self.lines[upper.clone()]].concat();
                // Only where nothing stands between the two.
                (upper.end == lower.start).then(|| self.lines.splice(upper.start..lower.end, swapped))?;
                Some(())
            }
            Edit::AddPromise => {
                let entry = self.entry(dice)?;
                let who = dice.pick(&["me", "them"])?;
                self.lines
                    .insert(entry.start + 1, format!("  - [ ] {who}: bring {token} along by 2026-12-20"));
                Some(())
            }
            Edit::Tick => {
                let open: Vec<usize> = self.found(|line| line.contains("- [ ] "));
                let line = &mut self.lines[*dice.pick(&open)?];
                *line = line.replacen("- [ ] ", "- [x] ", 1);
                Some(())
            }
            Edit::AddProse => {
                let (start, end) = self.prose();
                let at = start + dice.below(end - start + 1);
                self.lines.insert(at, format!("Somebody said {token} to them."));
                Some(())
            }
            Edit::RewordProse => {
                let line = self.line_of_prose(dice)?;
                self.lines[line].push_str(&format!(" And {token}."));
                Some(())
            }
            Edit::DeleteProse => {
                let line = self.line_of_prose(dice)?;
                self.lines.remove(line);
                Some(())
            }
            Edit::SetKey => self.set_key(token, dice),
            Edit::DeleteKey => {
                let key = *dice.pick(&KEYS)?;
                let at = self.key(key)?;
                self.lines.remove(at);
                Some(())
            }
            Edit::AddTag => self.set_tags(|tags| {
                let at = dice.below(tags.len() + 1);
                tags.insert(at, format!("\"{token}\""));
                Some(())
            }),
            Edit::RemoveTag => self.set_tags(|tags| {
                let at = dice.below(tags.len());
                (at < tags.len()).then(|| tags.remove(at)).map(|_| ())
            }),
            Edit::LineEnds => Some(()),
            Edit::Break => {
                let closing = self.closing?;
                self.lines.insert(closing, format!("= {token}"));
                Some(())
            }
            Edit::Mend => {
                let broken = self.found(|line| line.starts_with("= "));
                self.lines.remove(*broken.first()?);
                Some(())
            }
        }
    }

    /// Lines of the front matter's top table; none where there is no front matter.
    fn top(&self) -> std::ops::Range<usize> {
        let closing = self.closing.unwrap_or(1);
        let table = (1..closing).find(|at| self.lines[*at].starts_with('['));
        1..table.unwrap_or(closing)
    }

    fn found(&self, fits: impl Fn(&str) -> bool) -> Vec<usize> {
        (0..self.lines.len()).filter(|at| fits(&self.lines[*at])).collect()
    }

    fn key(&self, key: &str) -> Option<usize> {
        let start = format!("{key} = ");
        self.top().find(|at| self.lines[*at].starts_with(&start))
    }

    fn set_key(&mut self, token: &str, dice: &mut Dice) -> Option<()> {
        self.closing?;
        let key = *dice.pick(&KEYS)?;
        let line = format!("{key} = \"at {token}\"");
        match self.key(key) {
            Some(at) => self.lines[at] = line,
            None => {
                let top = self.top();
                let at = top.start + dice.below(top.len() + 1);
                self.lines.insert(at, line);
            }
        }
        Some(())
    }

    fn set_tags(&mut self, change: impl FnOnce(&mut Vec<String>) -> Option<()>) -> Option<()> {
        let at = self.key("tags")?;
        let inner = self.lines[at].strip_prefix("tags = [")?.strip_suffix(']')?;
        let mut tags: Vec<String> =
            inner.split(", ").filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        change(&mut tags)?;
        self.lines[at] = format!("tags = [{}]", tags.join(", "));
        Some(())
    }

    /// From below the front matter to the log's heading, or to the end.
    fn prose(&self) -> (usize, usize) {
        let start = self.closing.map_or(0, |closing| closing + 1).min(self.lines.len());
        (start, self.log().unwrap_or(self.lines.len()).max(start))
    }

    fn line_of_prose(&self, dice: &mut Dice) -> Option<usize> {
        let (start, end) = self.prose();
        let written: Vec<usize> = (start..end).filter(|at| !self.lines[*at].trim().is_empty()).collect();
        dice.pick(&written).copied()
    }

    /// The line of the log's heading.
    fn log(&self) -> Option<usize> {
        self.lines.iter().position(|line| line == "## Log")
    }

    /// The lines of each entry, without blank lines below it.
    fn entries(&self) -> Vec<std::ops::Range<usize>> {
        let Some(log) = self.log() else { return Vec::new() };
        let starts: Vec<usize> =
            (log..self.lines.len()).filter(|at| begins_entry(&self.lines[*at])).collect();
        let end_of = |start: usize| {
            let inside = self.lines[start + 1..].iter().take_while(|line| line.starts_with("  "));
            start + 1 + inside.count()
        };
        starts.into_iter().map(|start| start..end_of(start)).collect()
    }

    fn entry(&self, dice: &mut Dice) -> Option<std::ops::Range<usize>> {
        dice.pick(&self.entries()).cloned()
    }

    /// At the newer end of the log, which is made where there is none.
    fn add_entry(&mut self, token: &str, dice: &mut Dice) -> Option<()> {
        let day = 1 + dice.below(28);
        let channel = dice.pick(&["phone", "email", "note", "meeting", "phone voicemail"])?;
        let line = format!("- 2026-11-{day:02} {channel}: about {token}");
        let entries = self.entries();
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            if self.log().is_none() {
                self.lines.extend(["", "## Log"].map(str::to_owned));
            }
            let log = self.log()?;
            self.lines.splice(log + 1..log + 1, [String::new(), line]);
            self.ends = true;
            return Some(());
        };
        // By the dates as texts, which sort as days do.
        let oldest_first = self.lines[first.start][..12] < self.lines[last.start][..12];
        self.lines.insert(if oldest_first { last.end } else { first.start }, line);
        Some(())
    }
}

const KEYS: [&str; 4] = ["city", "role", "company", "hot_button"];
