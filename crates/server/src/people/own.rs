//! What users do with their own tokens: one more, one less.

use super::{Secret, Token, User, Users};
use crate::data::Data;
use crate::failure::Failure;
use crate::names::UserName;

/// How many tokens a user has at most.
pub const MOST_TOKENS: usize = 20;
/// The most letters of the words that say what a token is for.
pub const MOST_NOTE: usize = 40;

/// Gives a user one more token. `note` says what it is for, and may be empty; `created` is today.
///
/// # Errors
/// Where they have too many, there is no such user, or the disk says no.
pub fn add_token(data: &Data, user: &UserName, note: &str, created: &str) -> Result<Secret, Failure> {
    let (secret, token) = Token::generate(created)
        .map_err(|error| Failure::new(format!("the system has no random bits: {error}")))?;
    let token = Token { note: one_line(note), ..token };
    change(data, user, |user| {
        if user.tokens.len() >= MOST_TOKENS {
            return Err(Failure::no(format!("you have {MOST_TOKENS} tokens, and nobody may have more"))
                .hint("revoke one that you do not use"));
        }
        user.tokens.push(token);
        Ok(())
    })?;
    Ok(secret)
}

/// Ends a token of a user by its public part.
///
/// # Errors
/// Where it is their only one, they have none like that, or the disk says no.
pub fn revoke_token(data: &Data, user: &UserName, id: &str) -> Result<(), Failure> {
    change(data, user, |user| {
        if !user.tokens.iter().any(|token| token.id == id) {
            return Err(Failure::no(format!("you have no token \"{id}\"")).hint("it may be revoked already"));
        }
        if user.tokens.len() == 1 {
            return Err(Failure::no("this is your only token, and without one you could not log in again")
                .hint("make a new one first, then revoke this one"));
        }
        user.tokens.retain(|token| token.id != id);
        Ok(())
    })
}

fn change<T>(
    data: &Data,
    name: &UserName,
    change: impl FnOnce(&mut User) -> Result<T, Failure>,
) -> Result<T, Failure> {
    Users::change(data, |users| {
        change(users.get_mut(name).ok_or_else(|| Failure::no(format!("there is no user \"{name}\"")))?)
    })
}

/// Words on one line, and not too many of them.
fn one_line(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_NOTE).collect();
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::write_private;
    use crate::people::People;

    #[test]
    fn a_user_makes_and_ends_their_own_tokens_and_keeps_one() {
        let folder = std::env::temp_dir().join(format!("tickler-own-{}", std::process::id()));
        let data = Data::create(&folder, "").unwrap();
        write_private(&data.users(), "[[user]]\nname = \"pat\"\n\n[[user]]\nname = \"sam\"\n").unwrap();
        let [pat, sam, kim] = ["pat", "sam", "kim"].map(|name| UserName::new(name).unwrap());
        let people = People::new(&data).unwrap();
        let who = |secret: &Secret| people.visitor(&secret.to_string()).map(|visitor| visitor.user);
        let why = |failed: Result<(), Failure>| failed.unwrap_err().message().to_owned();

        let first = add_token(&data, &pat, " the\tphone\n ", "2026-12-03").unwrap();
        let sams = add_token(&data, &sam, "", "2026-12-03").unwrap();
        assert_eq!(who(&first), Some(pat.clone()));
        let kept = people.user(&pat).unwrap().tokens;
        assert_eq!((kept[0].note.as_str(), kept[0].created.as_str()), ("the phone", "2026-12-03"));
        assert!(people.used(&kept[0].id).is_some() && people.used("other").is_none());
        assert!(add_token(&data, &kim, "", "2026-12-03").is_err());

        assert!(why(revoke_token(&data, &pat, &kept[0].id)).contains("only token"));
        assert!(why(revoke_token(&data, &sam, &kept[0].id)).contains("no token"), "another's is none");
        for _ in 1..MOST_TOKENS {
            add_token(&data, &pat, &"x".repeat(100), "2026-12-04").unwrap();
        }
        assert!(why(add_token(&data, &pat, "", "2026-12-04").map(drop)).contains("20 tokens"));
        assert_eq!(people.user(&pat).unwrap().tokens[1].note.len(), MOST_NOTE);
        revoke_token(&data, &pat, &kept[0].id).unwrap();
        assert_eq!((who(&first), who(&sams)), (None, Some(sam)));
        assert!(why(revoke_token(&data, &pat, &kept[0].id)).contains("no token"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
