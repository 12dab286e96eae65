//! The contact that the words of a command line name (CLI contract, Habits).

use std::io::{BufRead, IsTerminal};

use tickler_core::notebook::{Choice, Notebook, Pick, Survey};

use crate::context::Context;
use crate::failure::Failure;
use crate::plain::clean;
use crate::style::{Paint, Role};
use crate::width::{pad, width};

/// Nobody reads a longer list, and the list is to be read.
const MOST_LISTED: usize = 20;

/// The contact that the words name, for a deed on it alone. Its own id is found without a look at every file.
pub fn one<'n>(
    context: &Context,
    notebook: &'n Notebook,
    words: &[String],
) -> Result<(Survey<'n>, usize), Failure> {
    if let [id] = words {
        let glance = notebook.glance(context.today);
        if let Some(index) = glance.find(id) {
            return Ok((glance, index));
        }
    }
    let survey = context.survey(notebook);
    let index = contact(context, &survey, words)?;
    Ok((survey, index))
}

/// The number of the contact that the words name. Where several fit, a terminal is asked; else they are listed.
pub fn contact(context: &Context, survey: &Survey<'_>, words: &[String]) -> Result<usize, Failure> {
    let text = words.join(" ");
    match survey.pick(&text) {
        Pick::One(index) => Ok(index),
        Pick::Several(choices) if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() => {
            ask(&text, &choices, context.stderr_paint())
        }
        Pick::Several(choices) => {
            let more = if choices.len() > MOST_LISTED { "\n  …" } else { "" };
            let shown = &choices[..choices.len().min(MOST_LISTED)];
            Err(Failure::no(format!("\"{}\" fits {} contacts", clean(&text), choices.len()))
                .details(format!("{}{more}", listed(shown, context.stderr_paint()).join("\n")))
                .hint("name one by its id, which stands first, or by more of its name"))
        }
        Pick::None { nearest } => Err(nobody(&text, &nearest, context.stderr_paint())),
    }
}

/// The numbers of the two contacts that two words name.
pub fn two(context: &Context, survey: &Survey<'_>, words: &[String]) -> Result<[usize; 2], Failure> {
    let [one, other] = words else {
        return Err(
            Failure::usage("two contacts are to be named").hint("put a name of several words in quotes")
        );
    };
    let find = |word: &String| contact(context, survey, std::slice::from_ref(word));
    Ok([find(one)?, find(other)?])
}

/// Nobody is called so; `nearest` are.
fn nobody(text: &str, nearest: &[Choice], paint: Paint) -> Failure {
    if text.trim().is_empty() {
        return Failure::no("nobody is named").hint("name a contact by its id, or by a part of its name");
    }
    let failure = Failure::no(format!("no contact is called \"{}\"", clean(text)));
    match nearest {
        [] => failure.hint("`tickler list` shows all of them"),
        [one] => failure.hint(format!("did you mean `{}`, {}?", clean(&one.id), described(one))),
        _ => failure.details(format!("did you mean\n{}", listed(nearest, paint).join("\n"))),
    }
}

fn described(choice: &Choice) -> String {
    match &choice.company {
        Some(company) => format!("{}, {}", clean(&choice.name), clean(company)),
        None => clean(&choice.name).into_owned(),
    }
}

fn listed(choices: &[Choice], paint: Paint) -> Vec<String> {
    let columns = choices.iter().map(|choice| width(&clean(&choice.id))).max().unwrap_or_default();
    choices
        .iter()
        .map(|choice| {
            let id = paint.as_role(Role::Command, pad(&clean(&choice.id), columns)).to_string();
            format!("  {id}  {}", described(choice))
        })
        .collect()
}

/// What the user types to a question; nothing where nobody sits at a terminal, or says nothing more.
pub fn answer(question: &str) -> Result<Option<String>, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(None);
    }
    anstream::eprint!("{question}");
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}

/// Asks on the terminal which one is meant.
fn ask(text: &str, choices: &[Choice], paint: Paint) -> Result<usize, Failure> {
    let shown = &choices[..choices.len().min(MOST_LISTED)];
    anstream::eprintln!("\"{}\" fits {} contacts:", clean(text), choices.len());
    for (at, line) in listed(shown, paint).iter().enumerate() {
        anstream::eprintln!("{:>4}{line}", at + 1);
    }
    if shown.len() < choices.len() {
        anstream::eprintln!("      … {} more: name more of the one you mean", choices.len() - shown.len());
    }
    loop {
        anstream::eprint!("Which one? 1-{}, or Enter for none: ", shown.len());
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        match line.trim() {
            "" => return Err(Failure::no("no contact was chosen")),
            number => match number.parse::<usize>().ok().and_then(|n| shown.get(n.checked_sub(1)?)) {
                Some(choice) => return Ok(choice.index),
                None => anstream::eprintln!("There is no {}.", clean(number)),
            },
        }
    }
}
