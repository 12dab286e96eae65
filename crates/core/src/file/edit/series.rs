//! Members of a list or an inline table: one more, or one fewer, in the layout that is there.

use super::lines::{Splice, content_end, line_end, line_start};
use super::sheet::{Member, Shape, Written};

/// `item` after member `after`, or in front where there is none; `ending` ends lines.
pub(super) fn insert(
    toml: &str,
    within: &Written,
    after: Option<usize>,
    item: &str,
    ending: &str,
) -> Vec<Splice> {
    let members = members(within);
    let Some(first) = members.first() else { return vec![fill(toml, within, item, ending)] };
    let Some(member) = after.and_then(|at| members.get(at)) else {
        return vec![if has_own_line(toml, first) {
            let start = line_start(toml, first.span.start);
            Splice::insert(start, format!("{}{item},{ending}", indent(toml, first)))
        } else {
            Splice::insert(first.span.start, format!("{item}, "))
        }];
    };
    let own_line = has_own_line(toml, member);
    match member.comma {
        Some(comma) if own_line => {
            let line = format!("{}{item},{ending}", indent(toml, member));
            vec![Splice::insert(line_end(toml, comma), line)]
        }
        Some(comma) => vec![Splice::insert(comma, format!(" {item},"))],
        None if own_line => {
            let line = format!("{}{item}{ending}", indent(toml, member));
            vec![Splice::insert(member.span.end, ","), Splice::insert(line_end(toml, member.span.end), line)]
        }
        None => vec![Splice::insert(member.span.end, format!(", {item}"))],
    }
}

/// The first member of an empty list or table.
fn fill(toml: &str, within: &Written, item: &str, ending: &str) -> Splice {
    let (open, close) = (within.span.start + 1, within.span.end - 1);
    let inner = &toml[open..close];
    if inner.contains('\n') {
        // A comment may be in there, which runs to the end of its line.
        return Splice::insert(line_start(toml, close), format!("  {item},{ending}"));
    }
    match (inner.is_empty(), &within.shape) {
        (true, Shape::Table(_)) => Splice::insert(open, format!(" {item} ")),
        (true, _) => Splice::insert(open, item),
        (false, _) => Splice::insert(open, format!(" {item}")),
    }
}

/// Without member `at`. A comment on its own line goes with it, others stay.
pub(super) fn remove(toml: &str, within: &Written, at: usize) -> Vec<Splice> {
    let members = members(within);
    let Some(member) = members.get(at) else { return Vec::new() };
    let end = member.comma.unwrap_or(member.span.end);
    let before = at.checked_sub(1).and_then(|at| members.get(at));
    let mut splices = Vec::new();
    // A comma that now ends the list would be there only because something followed it.
    let drop_comma = match (before.and_then(|before| before.comma), member.comma) {
        (Some(comma), None) => Some(comma - 1..comma),
        _ => None,
    };
    if has_own_line(toml, member) {
        splices.extend(drop_comma.map(Splice::delete));
        splices.push(Splice::delete(line_start(toml, member.span.start)..line_end(toml, end)));
        return splices;
    }
    let is_bare = |range: std::ops::Range<usize>| !toml[range].contains(['#', '\n']);
    match (before, members.get(at + 1)) {
        (None, None) => {
            let (open, close) = (within.span.start + 1, within.span.end - 1);
            let around = is_bare(open..member.span.start) && is_bare(end..close);
            splices.push(Splice::delete(if around { open..close } else { member.span.start..end }));
        }
        (_, Some(next)) if is_bare(end..next.span.start) => {
            splices.push(Splice::delete(member.span.start..next.span.start));
        }
        (Some(before), None) => {
            let kept = if member.comma.is_some() { before.comma } else { None }.unwrap_or(before.span.end);
            if is_bare(kept..member.span.start) {
                splices.push(Splice::delete(kept..end));
            } else {
                splices.extend(drop_comma.map(Splice::delete));
                splices.push(Splice::delete(member.span.start..end));
            }
        }
        _ => splices.push(Splice::delete(member.span.start..end)),
    }
    splices
}

/// The members of a list or table; a plain value has none.
pub(super) fn members(within: &Written) -> &[Member] {
    match &within.shape {
        Shape::List(members) | Shape::Table(members) => members,
        Shape::Scalar => &[],
    }
}

/// Whether nothing else stands on its lines but a comment after it.
fn has_own_line(toml: &str, member: &Member) -> bool {
    let end = member.comma.unwrap_or(member.span.end);
    let rest = toml[end..content_end(toml, end)].trim_start();
    indent(toml, member).trim().is_empty() && (rest.is_empty() || rest.starts_with('#'))
}

fn indent<'t>(toml: &'t str, member: &Member) -> &'t str {
    &toml[line_start(toml, member.span.start)..member.span.start]
}
