//! Invariant 9: what the program says to people has one tone: lower case, no full stop.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::source::{self, is_punct};

/// Functions that take a message: their first argument after the place, or all there is.
const TAKES_A_MESSAGE: [&str; 13] = [
    "error",
    "new",
    "add",
    "warning",
    "hint",
    "no",
    "usage",
    "notebook",
    "caution",
    "details",
    "Missing",
    "Unwritable",
    "Unsafe",
];

#[test]
fn messages_have_one_tone() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in
        ["crates/core/src", "crates/cli/src", "crates/server/src"].into_iter().flat_map(source::sources)
    {
        for (line, message) in messages(&source.tokens) {
            seen += 1;
            if let Some(fault) = fault(&message) {
                wrong.push(format!("{}:{line}: {fault}: {message:?}", source.path));
            }
        }
    }
    assert!(seen > 60, "there are messages; did this test find them?");
    assert!(wrong.is_empty(), "messages begin small and end without a stop:\n{}", wrong.join("\n"));
}

/// What is wrong with a message.
fn fault(message: &str) -> Option<&'static str> {
    let mut letters = message.chars();
    let first = letters.next()?;
    // "I", "YAML" and the like are written so anywhere.
    if first.is_uppercase() && letters.next().is_some_and(char::is_lowercase) {
        return Some("begins with a capital");
    }
    // A path alone is no sentence.
    if message.ends_with('.') && !message.ends_with("..") && message != "." {
        return Some("ends with a full stop");
    }
    None
}

/// The literal messages in `tokens`, with their lines.
fn messages(tokens: &[TokenTree]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        found.extend(messages(&inner));
        if group.delimiter() != Delimiter::Parenthesis || at == 0 {
            continue;
        }
        if let TokenTree::Ident(name) = &tokens[at - 1]
            && TAKES_A_MESSAGE.contains(&name.to_string().as_str())
        {
            found.extend(literals(&inner));
        }
    }
    found
}

/// The texts among the arguments themselves, or what `format!` makes of them.
fn literals(arguments: &[TokenTree]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in arguments.iter().enumerate() {
        match token {
            TokenTree::Literal(literal) => {
                let written = literal.to_string();
                if let Some(text) = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                    found.push((literal.span().start().line, text.replace("\\\"", "\"")));
                }
            }
            TokenTree::Group(group) if at > 1 && is_punct(&arguments[at - 1], '!') => {
                let inner: Vec<TokenTree> = group.stream().into_iter().take(1).collect();
                found.extend(literals(&inner));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn messages_are_found_where_they_stand() {
    let text = r#"#[error("one")] enum E {} fn f() { Problem::error(at, format!("two {x}", y("no"))).hint("three") }"#;
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
    let mut found: Vec<String> = messages(&tokens).into_iter().map(|(_, message)| message).collect();
    found.sort();
    assert_eq!(found, ["one", "three", "two {x}"]);
    assert!(fault("Cannot read").is_some() && fault("no file.").is_some());
    assert!(fault("YAML is not read").is_none() && fault("\"x\" is no day").is_none());
}
