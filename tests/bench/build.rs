//! Builds the program to be measured.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::workspace;

/// Builds tickler for release and gives the path that cargo reports.
pub fn release_binary() -> Result<PathBuf> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--package", "tickler", "--message-format=json-render-diagnostics"])
        .current_dir(workspace())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(Fault::new("tickler does not build"));
    }
    output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "tickler")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| Fault::new("cargo built no program \"tickler\""))
}
