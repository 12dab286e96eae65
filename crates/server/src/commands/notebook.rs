//! `notebook`: the notebooks of a server.

use chrono::{DateTime, Utc};
use serde_json::json;
use tickler_core::notebook::Beginning;

use crate::args::{Format, NotebookDeed};
use crate::data::{Data, at, write_private};
use crate::failure::Failure;
use crate::names::NotebookName;
use crate::page::{complain, print, print_json, print_table};
use crate::settings::Settings;
use crate::upstream::{self, Adopted};
use crate::{git, notebooks};

/// How many warnings are printed.
const MOST: usize = 20;

/// Adds, adopts or lists.
pub fn run(deed: NotebookDeed) -> Result<(), Failure> {
    match deed {
        NotebookDeed::Add { place, name, from, upstream } => {
            let data = Data::open(&place.data)?;
            add(&data, &name, from.as_deref(), upstream.as_deref())
        }
        NotebookDeed::Adopt { place, name } => {
            print(&match upstream::adopt(&Data::open(&place.data)?, &name)? {
                Adopted::Merged(came) => {
                    format!(
                        "merged {came} commits of the upstream into {name}; the next exchange sends the result\n"
                    )
                }
                Adopted::Forgotten => {
                    format!("the next exchange makes the upstream's branch anew from {name}\n")
                }
                Adopted::Nothing => format!("there is nothing to decide about the upstream of {name}\n"),
            });
            Ok(())
        }
        NotebookDeed::List { place, format } => list(&Data::open(&place.data)?, format),
    }
}

fn add(data: &Data, name: &NotebookName, from: Option<&str>, upstream: Option<&str>) -> Result<(), Failure> {
    if let Some(upstream) = upstream {
        with_upstream(&Settings::load(data)?, name, upstream)?;
    }
    match from {
        None => {
            notebooks::begin(data, name, Beginning::Empty)?;
            print(&format!("added the notebook {name}\n"));
        }
        Some(from) => {
            // A path counts from where the command runs, and git runs elsewhere.
            let path = std::path::Path::new(from);
            let from = match path.exists() {
                true => std::path::absolute(path).map_err(|error| at(path, &error))?.display().to_string(),
                false => from.to_owned(),
            };
            let branch = notebooks::take_over(data, &git::find()?, name, &from)?;
            let contacts = notebooks::glance(data, name)?.contacts;
            print(&format!("added the notebook {name}, of the branch {branch}: {contacts} contacts\n"));
            let odd = notebooks::oddities(data, name)?;
            odd.iter().take(MOST).for_each(|line| complain(&format!("warning: {line}")));
            if odd.len() > MOST {
                complain(&format!("warning: … and {} more", odd.len() - MOST));
            }
        }
    }
    if let Some(upstream) = upstream {
        let _held = data.hold_users()?;
        let path = data.settings();
        let text = std::fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
        let section = with_upstream(&Settings::load(data)?, name, upstream)?;
        write_private(&path, &format!("{}\n\n{section}", text.trim_end()))?;
        print("its upstream is in server.toml; a running server knows of it once it was restarted\n");
    }
    print(&format!(
        "nobody may see it yet; to give somebody a role in it:\n\n  tickler-server user add NAME --notebook {name} --role admin\n"
    ));
    Ok(())
}

/// The section of `server.toml` that names an upstream.
fn with_upstream(settings: &Settings, name: &NotebookName, upstream: &str) -> Result<String, Failure> {
    if settings.notebook.contains_key(name) {
        return Err(Failure::no(format!("server.toml has a section [notebook.{name}] already"))
            .hint("write its upstream there by hand, or take the section out"));
    }
    let address = toml::Value::String(upstream.to_owned());
    Ok(format!("[notebook.{name}]\nupstream = {address}\n"))
}

fn list(data: &Data, format: Format) -> Result<(), Failure> {
    let settings = Settings::load(data)?;
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for name in data.notebooks()? {
        let glance = notebooks::glance(data, &name)?;
        let upstream = settings.notebook.get(&name).and_then(|notebook| notebook.upstream.as_ref());
        let upstream = upstream.map(|address| address.plain().to_owned());
        let state = upstream.as_ref().and_then(|_| upstream::read(&data.repository(&name)));
        let changed = glance.changed.and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
        rows.push(vec![
            name.to_string(),
            glance.contacts.to_string(),
            size(glance.bytes),
            changed.map_or("-".to_owned(), |time| time.format("%Y-%m-%d %H:%M").to_string()),
            match (&upstream, &state) {
                (Some(upstream), Some(state)) => format!("{upstream}: {}", standing(state)),
                (Some(upstream), None) => upstream.clone(),
                (None, _) => "-".to_owned(),
            },
        ]);
        values.push(json!({
            "name": name,
            "contacts": glance.contacts,
            "bytes": glance.bytes,
            "changed": changed.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
            "upstream": upstream,
            "upstream_state": state,
        }));
    }
    match format {
        Format::Json => print_json(&json!(values)),
        Format::Text => {
            print_table(&["notebook", "contacts", "size", "last change (UTC)", "upstream"], &rows)
        }
    }
    Ok(())
}

/// How it stands with an upstream, in a few words.
fn standing(state: &upstream::State) -> String {
    match state.queued {
        0 => state.standing.word().to_owned(),
        queued => format!("{}, {queued} to send", state.standing.word()),
    }
}

/// A number of bytes for people.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["KiB", "MiB", "GiB"];
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, shown) in
            [(0, "0.0 KiB"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"), (3 << 40, "3072.0 GiB")]
        {
            assert_eq!(size(bytes), shown);
        }
    }
}
