//! schemathesis against the running server: no answer that the description does not have, and no fault of the server,
//! whatever is sent.

use std::process::{Command, Output};

use tickler_tests::{Serving, workspace};

/// What is checked of each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method";

/// The folder that it is in; it is installed where it is not there yet.
fn packages() -> String {
    let mut install = Command::new(workspace().join("tests/clients/install"));
    let output = install.arg("schemathesis").output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    format!("{}/python", String::from_utf8(output.stdout).unwrap().trim())
}

/// Runs it as that user, with so many examples for each route. `settings` are lines of its own settings.
fn run(serving: &Serving, user: &str, examples: &str, settings: &str) -> Output {
    let folder = serving.folder();
    // Chance finds no notebook.
    let settings = format!("[parameters]\n\"path.notebook\" = \"main\"\n{settings}");
    std::fs::write(folder.join("schemathesis.toml"), settings).unwrap();
    let url = format!("http://{}", serving.address());
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", packages()).env("PYTHONDONTWRITEBYTECODE", "1");
    command.args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]);
    command.arg(format!("{url}/api/openapi.json")).args(["--url", &url, "--checks", CHECKS]);
    command.args(["--header", &format!("Authorization: {}", serving.login(user))]);
    command.args(["--max-examples", examples, "--seed", "20261203", "--workers", "1", "--no-color"]);
    // With more than one worker, Python 3.11 loses count of how deep it is in its own parser. The news have no end.
    command.args(["--exclude-path-regex", "events$", "--suppress-health-check", "all"]);
    command.args(["--max-failures", "20", "--request-timeout", "20"]);
    command.current_dir(folder).env("HOME", folder).output().unwrap()
}

#[track_caller]
fn is_true(name: &str, user: &str, examples: &str, settings: &str) {
    let mut serving = Serving::set(name, &["--today", "2026-12-03"], "");
    serving.add_user("kim", "viewer");
    let output = run(&serving, user, examples, settings);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // A token must not stand in what a test prints.
    let out = out.replace(&serving.login(user), "…");
    assert!(output.status.success(), "{out}\n{err}");
    assert!(out.contains("generated"), "did it run? {out}");
    assert!(!serving.log().contains("\"status\":500"), "{}", serving.log());
}

#[test]
fn the_description_is_true_for_an_admin() {
    // Nor does chance find a contact.
    is_true("schemathesis-admin", "admin", "15", "\"path.id\" = \"ines-carvalho\"\n");
}

#[test]
fn the_description_is_true_for_a_viewer() {
    is_true("schemathesis-viewer", "kim", "5", "");
}
