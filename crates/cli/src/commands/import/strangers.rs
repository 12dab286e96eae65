//! Whom an import met and the notebook does not know, with the command that adds each.

use tickler_core::verbs::Stranger;

use crate::context::Context;
use crate::plain::clean;
use crate::style::Role;
use crate::words;

/// So many are shown; the others are counted.
const MOST: usize = 20;

/// Lists them on standard error, those met most first as they come. `many` is what was counted: `meetings`.
pub fn list(context: &Context, strangers: &[Stranger], many: &str) {
    if strangers.is_empty() {
        return;
    }
    let paint = context.stderr_paint();
    let who = words::count(strangers.len(), "address that no contact has", "addresses that no contact has");
    anstream::eprintln!("\n{}", paint.as_role(Role::Strong, format!("{who}, by {many}:")));
    let shown = &strangers[..strangers.len().min(MOST)];
    let widest = shown.iter().map(|stranger| words::number(stranger.count).len()).max().unwrap_or(0);
    for stranger in shown {
        let count = format!("{:>widest$}", words::number(stranger.count));
        anstream::eprintln!("  {count}  {}", paint.as_role(Role::Command, command(stranger)));
    }
    if strangers.len() > shown.len() {
        let rest = words::count(strangers.len() - shown.len(), "more", "more");
        let rest = format!("  and {rest}; `--format json` has all of them");
        anstream::eprintln!("{}", paint.as_role(Role::Dim, rest));
    }
}

/// `tickler new 'Jane Doe' --email jane@acme.example`, as a shell takes it.
pub fn command(stranger: &Stranger) -> String {
    let name =
        stranger.name.as_deref().map_or_else(|| name_of(&stranger.address), |name| clean(name).into_owned());
    // What begins with a dash would be an option.
    let name = name.trim_start_matches(['-', ' ']);
    format!("tickler new {} --email={}", quoted(name), quoted(&clean(&stranger.address)))
}

/// `Jane Doe` of `jane.doe@acme.example`: it is only proposed.
fn name_of(address: &str) -> String {
    let local = address.split('@').next().unwrap_or(address);
    let words = local.split(['.', '_', '-', '+']).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut rest = word.chars();
        rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>()).unwrap_or_default()
    };
    words.map(capital).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    shlex::try_quote(word).map(|word| word.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_name_and_nothing_else() {
        for (name, address, expected) in [
            (Some("Jane Doe"), "jane@acme.example", "tickler new 'Jane Doe' --email=jane@acme.example"),
            (Some("Ann"), "ann@a.example", "tickler new Ann --email=ann@a.example"),
            (None, "jane.van-doe@a.example", "tickler new 'Jane Van Doe' --email=jane.van-doe@a.example"),
            (Some("$(rm -r .)"), "x;y@a", "tickler new '$(rm -r .)' --email='x;y@a'"),
            (Some("Ann O'Neill"), "a@a", "tickler new \"Ann O'Neill\" --email=a@a"),
            (Some("--force"), "-n@a", "tickler new force --email=-n@a"),
            (Some("a\u{1b}[31mb\nc"), "a@a", "tickler new 'ab c' --email=a@a"),
            (None, "@a", "tickler new '' --email=@a"),
        ] {
            let stranger = Stranger { name: name.map(str::to_owned), address: address.to_owned(), count: 1 };
            assert_eq!(command(&stranger), expected);
        }
    }
}
