//! The same contacts as tasks, for taskwarrior: a name each, and the day where the contact has a next step.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::corpus::{Corpus, succeeded};
use crate::fault::{Fault, Result};
use crate::machine::Peer;
use crate::sandbox::Sandbox;

/// Taskwarrior's own copy of a notebook.
pub struct Tasks {
    folder: PathBuf,
}

impl Tasks {
    pub fn of(corpus: &Corpus) -> Tasks {
        Tasks { folder: corpus.beside("task") }
    }

    /// A command of taskwarrior on these tasks.
    pub fn argv(&self, arguments: &[&str]) -> Vec<OsString> {
        let mut settings = OsString::from("rc:");
        settings.push(self.settings());
        let mut argv = vec!["task".into(), settings];
        argv.extend(arguments.iter().map(OsString::from));
        argv
    }

    /// Imports the contacts where that is not done yet.
    pub fn make_ready(&self, corpus: &Corpus, sandbox: &Sandbox) -> Result<()> {
        let done = self.folder.join("imported");
        if done.exists() {
            return Ok(());
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(Fault::at(&self.folder))?;
        }
        let store = self.folder.join("store");
        fs::create_dir_all(&store).map_err(Fault::at(&store))?;
        let settings = format!("data.location={}\nconfirmation=off\nverbose=nothing\n", store.display());
        fs::write(self.settings(), settings).map_err(Fault::at(&self.folder))?;

        eprintln!("speed: importing {} tasks", corpus.contacts);
        let tasks: Vec<Value> = corpus.files(sandbox)?.iter().enumerate().map(task).collect::<Result<_>>()?;
        let list = self.folder.join("tasks.json");
        fs::write(&list, Value::from(tasks).to_string()).map_err(Fault::at(&list))?;
        let import = sandbox.command(&self.argv(&["import", &list.to_string_lossy()]), &self.folder).output();
        let hint = |error| Fault::new(format!("task: {error} ({})", Peer::Taskwarrior.hint()));
        succeeded("task import", &import.map_err(hint)?)?;
        fs::write(&done, "").map_err(Fault::at(&done))
    }

    fn settings(&self) -> PathBuf {
        self.folder.join("taskrc")
    }
}

/// A contact's file as a task. The generator writes `name` and `on` one way only, so no parser is needed to read them.
fn task((number, path): (usize, &PathBuf)) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(Fault::at(path))?;
    let front_matter = text.lines().skip(1).take_while(|line| *line != "+++");
    let mut task = json!({
        "uuid": format!("00000000-0000-4000-8000-{number:012x}"),
        "status": "pending",
        "entry": "20261101T000000Z",
        "description": path.file_stem().map(|stem| stem.to_string_lossy()),
    });
    for line in front_matter {
        if let Some(name) = line.strip_prefix("name = ") {
            task["description"] = name.trim_matches('"').into();
        } else if let Some(day) = line.strip_prefix("on = ") {
            task["due"] = format!("{}T120000Z", day.replace('-', "")).into();
        }
    }
    Ok(task)
}
