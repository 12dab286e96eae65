//! Addresses (RFC 5322, section 3.4) in the one way of writing in which they stand in a notebook.

/// The name and the address of a mailbox as it was read: the address without route, blanks and needless quotes. None
/// where it is no address.
pub(super) fn settled(name: &str, written: &str) -> Option<(String, String)> {
    let written = written.trim().trim_matches(['<', '>']);
    let written = written.strip_prefix("mailto:").unwrap_or(written);
    // The name was the local part, in quotes and without angle brackets around it: `"jane doe"@acme.example`.
    if let Some(domain) = written.strip_prefix('@').filter(|domain| !domain.contains(['@', ':']))
        && !name.is_empty()
    {
        return joined(name, domain).map(|address| (String::new(), address));
    }
    // Some programs write the address where the name belongs, and nothing else.
    let (name, written) = if written.is_empty() && name.contains('@') { ("", name) } else { (name, written) };
    let written = match written.split_once(':') {
        Some((route, rest)) if route.trim_start().starts_with('@') => rest,
        _ => written,
    };
    let (local, domain) = written.rsplit_once('@')?;
    let local = local.trim();
    let unquoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
    let local = match unquoted {
        Some(inside) => unescaped(inside),
        None => local.split_whitespace().collect(),
    };
    joined(&local, domain).map(|address| (name.trim().to_owned(), address))
}

fn joined(local: &str, domain: &str) -> Option<String> {
    let domain: String = domain.split_whitespace().collect();
    let is_domain = !domain.is_empty() && !domain.contains(['@', ',', ';', '<', '>', '"', '(', ')']);
    if local.is_empty() || !is_domain || local.chars().chain(domain.chars()).any(char::is_control) {
        return None;
    }
    Some(if is_dot_atom(local) {
        format!("{local}@{domain}")
    } else {
        format!("\"{}\"@{domain}", escaped(local))
    })
}

fn is_dot_atom(local: &str) -> bool {
    let is_text = |c: char| {
        !c.is_ascii() && !c.is_whitespace() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    };
    // Addresses with a dot at the end, or two of them, are used though the rules have none.
    local.chars().all(|c| c == '.' || is_text(c))
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_escaped = false;
    for c in text.chars() {
        if c == '\\' && !is_escaped {
            is_escaped = true;
        } else {
            out.push(c);
            is_escaped = false;
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_of_writing() {
        for (name, written, expected) in [
            ("Jane", "jane@acme.example", Some(("Jane", "jane@acme.example"))),
            ("", "<jane@acme.example>", Some(("", "jane@acme.example"))),
            ("Jane", "@a.example,@b.example:jane@acme.example", Some(("Jane", "jane@acme.example"))),
            ("", "\"jane.doe\"@acme.example", Some(("", "jane.doe@acme.example"))),
            ("", "\"jane doe\"@acme.example", Some(("", "\"jane doe\"@acme.example"))),
            ("jane doe", "@acme.example", Some(("", "\"jane doe\"@acme.example"))),
            ("", "jane . doe @ acme . example", Some(("", "jane.doe@acme.example"))),
            ("", "jane@[192.0.2.1]", Some(("", "jane@[192.0.2.1]"))),
            ("", "jané@münchen.example", Some(("", "jané@münchen.example"))),
            ("jane@acme.example", "", Some(("", "jane@acme.example"))),
            ("", "\"a@b\"@c.example", Some(("", "\"a@b\"@c.example"))),
            ("Jane", "", None),
            ("", "undisclosed-recipients", None),
            ("", "@acme.example", None),
            ("", "jane@", None),
            ("", "jane@a\u{7}.example", None),
        ] {
            let read = settled(name, written);
            let read = read.as_ref().map(|(name, address)| (name.as_str(), address.as_str()));
            assert_eq!(read, expected, "{name:?} {written:?}");
        }
    }
}
