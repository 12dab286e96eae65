//! The record of pushes, `record/pushes.jsonl` in the data folder: who pushed what, and what became of the branch. It
//! only ever grows.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use crate::data::Data;
use crate::names::{NotebookName, UserName};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A push passed all checks, and git was about to move the ref.
    Accepted,
    /// The branch holds it.
    Landed,
}

/// One line of the record.
#[derive(Debug, Clone, Serialize)]
pub struct Entry<'e> {
    /// What happened.
    pub event: Event,
    /// Who pushed.
    pub user: &'e UserName,
    /// The public part of the token; none where the server merged by itself what was left over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<&'e str>,
    /// Where.
    pub notebook: &'e NotebookName,
    /// The ref's full name.
    #[serde(rename = "ref")]
    pub reference: &'e str,
    /// Where it was; none where it was not there.
    pub old: Option<&'e str>,
    /// Where it is now.
    pub new: Option<&'e str>,
}

/// An entry as it stands in the file.
#[derive(Serialize)]
struct Line<'e> {
    /// RFC 3339, UTC, in milliseconds.
    time: String,
    #[serde(flatten)]
    entry: &'e Entry<'e>,
}

/// Adds to the record, and waits until the disk has it.
///
/// # Errors
/// What the disk says. A part of it may be there then.
pub fn append(data: &Data, entries: &[Entry<'_>]) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let path = data.record_folder().join("pushes.jsonl");
    let is_new = !path.exists();
    let mut file = OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(&path)?;
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut text = Vec::new();
    if is_cut_off(&mut file)? {
        text.push(b'\n');
    }
    for entry in entries {
        serde_json::to_writer(&mut text, &Line { time: time.clone(), entry })?;
        text.push(b'\n');
    }
    // Several hooks append at once: each writes in one go.
    file.write_all(&text)?;
    file.sync_data()?;
    match is_new {
        true => File::open(data.record_folder())?.sync_all(),
        false => Ok(()),
    }
}

/// Whether the last line was not written to its end: the power went, or the disk was full.
fn is_cut_off(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != [b'\n'])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn lines_are_added_and_a_cut_one_harms_no_other() {
        let folder = std::env::temp_dir().join(format!("tickler-record-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let data = Data::create(&folder, "").unwrap();
        let (user, notebook) = (UserName::new("ann").unwrap(), NotebookName::new("main").unwrap());
        let entry = Entry {
            event: Event::Accepted,
            user: &user,
            token: Some("abc"),
            notebook: &notebook,
            reference: "refs/heads/main",
            old: None,
            new: Some("12"),
        };
        append(&data, std::slice::from_ref(&entry)).unwrap();
        let path = folder.join("record/pushes.jsonl");
        let mut whole = fs::read_to_string(&path).unwrap();
        whole.push_str("{\"time\":\"20");
        fs::write(&path, whole).unwrap();
        let landed = Entry { event: Event::Landed, token: None, ..entry };
        append(&data, &[landed.clone(), landed]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<Option<serde_json::Value>> =
            text.lines().map(|line| serde_json::from_str(line).ok()).collect();
        assert_eq!(lines.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, true]);
        let first = lines[0].as_ref().unwrap();
        assert_eq!(first["event"], "accepted");
        assert_eq!((&first["old"], &first["ref"]), (&serde_json::Value::Null, &"refs/heads/main".into()));
        assert!(first["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{first}");
        assert!(lines[2].as_ref().unwrap().get("token").is_none());
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_dir_all(&folder).unwrap();
    }
}
