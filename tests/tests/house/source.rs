//! Rust sources as tokens, without their tests: which names they use, and where.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::tree;

/// One source file of a crate, its test modules taken out.
pub struct Source {
    /// Its path from the root, with `/`.
    pub path: String,
    /// Its module, from the crate's root; empty for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    /// What is left of it.
    pub tokens: Vec<TokenTree>,
}

/// A name as a source writes it, `use` groups taken apart.
#[derive(Debug, PartialEq)]
pub struct Name {
    /// Its parts: `std`, `fs`, `read`.
    pub parts: Vec<String>,
    /// It follows a dot: a method or a field.
    pub of_value: bool,
    /// How many inline modules it stands in.
    pub depth: usize,
    /// Its line, from 1.
    pub line: usize,
}

/// The sources below a crate's `src`, test modules left out.
pub fn sources(src: &str) -> Vec<Source> {
    let files: Vec<_> = tree::files(&[src]).into_iter().filter(|file| file.extension() == "rs").collect();
    let mut sources = Vec::new();
    let mut test_modules = BTreeSet::new();
    for file in files {
        let tokens: TokenStream = file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let module = module_of(&file.path[src.len() + 1..]);
        let tokens = without_tests(tokens, &module, &mut test_modules);
        sources.push(Source { path: file.path, module, tokens });
    }
    sources.retain(|source| (1..=source.module.len()).all(|n| !test_modules.contains(&source.module[..n])));
    assert!(!sources.is_empty(), "there is no source below {src}");
    sources
}

/// `follow_up/explain.rs` is `follow_up::explain`.
fn module_of(path: &str) -> Vec<String> {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let mut parts: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || parts == ["lib"] || parts == ["main"] {
        parts.pop();
    }
    parts
}

/// Takes out every item below `#[cfg(test)]`; where that is a module of its own file, notes its path.
fn without_tests(
    tokens: TokenStream,
    module: &[String],
    test_modules: &mut BTreeSet<Vec<String>>,
) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_cfg_test(&tokens[at..]) {
            at += 2;
            let from = at;
            while at < tokens.len() && !is_punct(&tokens[at], ';') && !is_braces(&tokens[at]) {
                at += 1;
            }
            let mut words = tokens[from..at].iter().skip_while(|token| token.to_string() != "mod");
            if let (Some(_), Some(name)) = (words.next(), words.next())
                && tokens.get(at).is_some_and(|end| is_punct(end, ';'))
            {
                test_modules.insert([module, &[name.to_string()]].concat());
            }
            at += 1;
            continue;
        }
        kept.push(match &tokens[at] {
            TokenTree::Group(group) => {
                let inner = without_tests(group.stream(), module, test_modules);
                let mut kept = proc_macro2::Group::new(group.delimiter(), inner.into_iter().collect());
                kept.set_span(group.span());
                TokenTree::Group(kept)
            }
            token => token.clone(),
        });
        at += 1;
    }
    kept
}

fn is_cfg_test(tokens: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(group), ..] = tokens else { return false };
    is_punct(hash, '#') && group.stream().to_string().replace(' ', "") == "cfg(test)"
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether the token is that sign.
pub fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Every name in `tokens`, doc comments aside.
pub fn names(tokens: &[TokenTree]) -> Vec<Name> {
    let mut names = Vec::new();
    collect(tokens, 0, &mut names);
    names
}

fn collect(tokens: &[TokenTree], depth: usize, names: &mut Vec<Name>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(_) => at = path(tokens, at, &[], depth, names),
            TokenTree::Group(group) => {
                let before = at.checked_sub(2).map(|n| tokens[n].to_string());
                let depth = depth + usize::from(before.as_deref() == Some("mod"));
                collect(&group.stream().into_iter().collect::<Vec<_>>(), depth, names);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Reads the path that begins at `at` behind `prefix`, and says where it ends.
fn path(
    tokens: &[TokenTree],
    mut at: usize,
    prefix: &[String],
    depth: usize,
    names: &mut Vec<Name>,
) -> usize {
    let line = tokens[at].span().start().line;
    let of_value = prefix.is_empty()
        && at > 0
        && is_punct(&tokens[at - 1], '.')
        && !(at > 1 && is_punct(&tokens[at - 2], '.'));
    let mut parts = prefix.to_vec();
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        parts.push(ident.to_string());
        at += 1;
        if !(tokens.get(at).is_some_and(|t| is_punct(t, ':'))
            && tokens.get(at + 1).is_some_and(|t| is_punct(t, ':')))
        {
            break;
        }
        at += 2;
        if let Some(TokenTree::Group(group)) = tokens.get(at).filter(|token| is_braces(token)) {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut from = 0;
            for (end, token) in inner.iter().enumerate() {
                // One branch of the group begins at its start and behind each comma.
                if is_punct(token, ',') {
                    from = end + 1;
                } else if end == from && matches!(token, TokenTree::Ident(_)) {
                    path(&inner, end, &parts, depth, names);
                }
            }
            return at + 1;
        }
    }
    if parts.last().is_some_and(|last| last == "self") && parts.len() > 1 {
        parts.pop();
    }
    names.push(Name { parts, of_value, depth, line });
    at
}

#[test]
fn names_are_read_as_rust_means_them() {
    let text =
        "use std::{fs, io::{self, Read}}; mod m { fn f() { super::g(a.exists(), std::env::var(\"X\")) } }
        #[cfg(test)] mod tests { use std::net; } #[cfg(test)] use std::process; fn g() {}";
    let tokens = without_tests(text.parse().unwrap(), &[], &mut BTreeSet::new());
    let said: Vec<String> = names(&tokens).iter().map(|name| name.parts.join("::")).collect();
    for name in ["std::fs", "std::io", "std::io::Read", "super::g", "exists", "std::env::var"] {
        assert!(said.iter().any(|s| s == name), "{name} is not among {said:?}");
    }
    assert!(!said.iter().any(|s| s.contains("net") || s.contains("process")), "{said:?}");
    let names = names(&tokens);
    assert!(names.iter().any(|n| n.parts == ["exists"] && n.of_value));
    assert!(names.iter().any(|n| n.parts == ["super", "g"] && n.depth == 1));
    let mut test_modules = BTreeSet::new();
    without_tests("#[cfg(test)] mod samples;".parse().unwrap(), &["a".into()], &mut test_modules);
    assert!(test_modules.contains(&vec!["a".to_owned(), "samples".to_owned()]));
}
