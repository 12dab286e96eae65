//! What each role may do with a push.

use crate::pushing::Pushing;

const MAIN: &str = "HEAD:refs/heads/main";

/// Both ways of a push, for a user.
fn ways(user: &str) -> [String; 2] {
    [MAIN.to_owned(), format!("HEAD:refs/sync/{user}/laptop")]
}

#[test]
fn a_viewer_pushes_nothing() {
    let mut pushing = Pushing::new("roles-viewer");
    pushing.serving.add_user("vic", "viewer");
    pushing.serving.clone_by("vic", "vic");
    pushing.write("vic", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
    pushing.commit("vic");
    for way in ways("vic") {
        pushing.refused("vic", &way, "403");
    }
}

#[test]
fn only_an_admin_changes_the_settings() {
    let pushing = Pushing::new("roles-settings");
    let said = "remote: tickler.toml: only an admin may change the settings; git restore -s origin/main tickler.toml";
    for change in ["edit", "remove", "move"] {
        pushing.fresh("ann");
        match change {
            "edit" => pushing.write("ann", "tickler.toml", "currency = \"EUR\"\n"),
            "remove" => drop(pushing.git("ann", "rm --quiet tickler.toml")),
            _ => drop(pushing.git("ann", "mv tickler.toml files/tickler.toml")),
        }
        pushing.commit("ann");
        for way in ways("ann") {
            pushing.refused("ann", &way, said);
        }
    }
    // The way out that the line names.
    pushing.git("ann", "restore -s origin/main tickler.toml");
    pushing.commit("ann");
    pushing.goes("ann", MAIN);
    for way in ways("admin") {
        pushing.fresh("admin");
        pushing.write("admin", "tickler.toml", format!("# {way}\ncurrency = \"EUR\"\n"));
        pushing.commit("admin");
        pushing.goes("admin", &way);
    }
}

#[test]
fn only_an_admin_removes_contacts() {
    let pushing = Pushing::new("roles-remove");
    let path = "contacts/gerald-finch.md";
    for change in ["rm", "rm and another", "out of contacts", "no contact any more", "a folder"] {
        pushing.fresh("ann");
        match change {
            "rm" => drop(pushing.git("ann", &format!("rm --quiet {path}"))),
            "rm and another" => {
                pushing.git("ann", &format!("rm --quiet {path}"));
                pushing.write("ann", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
            }
            "out of contacts" => drop(pushing.git("ann", &format!("mv {path} files/gerald-finch.md"))),
            "no contact any more" => {
                drop(pushing.git("ann", &format!("mv {path} contacts/gerald-finch.txt")))
            }
            _ => {
                pushing.git("ann", &format!("rm --quiet {path}"));
                pushing.write("ann", &format!("{path}/x.txt"), "x\n");
            }
        }
        pushing.commit("ann");
        for way in ways("ann") {
            let said = format!(
                "remote: {path}: only an admin may remove a contact; git restore -s origin/main {path}"
            );
            pushing.refused("ann", &way, &said);
        }
    }
    pushing.fresh("admin");
    pushing.git("admin", &format!("rm --quiet {path}"));
    pushing.commit("admin");
    pushing.goes("admin", MAIN);
}

#[test]
fn a_renamed_contact_is_not_removed() {
    let pushing = Pushing::new("roles-rename");
    let user = "ann";
    let first = "+++\nname = \"Xaver Zeller\"\nuid = \"u-1\"\n+++\n";
    pushing.write(user, "contacts/x.md", first);
    pushing.write(user, "contacts/by-hand.md", "+++\nname = \"By Hand\"\n+++\n\nA line.\n");
    pushing.commit(user);
    pushing.goes(user, MAIN);
    for (from, to, text) in [
        // The same bytes; the same file's name; the same `uid`; the same person.
        ("contacts/x.md", "contacts/xaver.md", None),
        ("contacts/xaver.md", "contacts/x/xaver.md", Some("+++\nname = \"X\"\nuid = \"u-1\"\n+++\nMore.\n")),
        (
            "contacts/x/xaver.md",
            "contacts/zeller.md",
            Some("+++\nname = \"Zeller\"\nuid = \"u-1\"\n+++\nLess.\n"),
        ),
        ("contacts/by-hand.md", "contacts/hand.md", Some("+++\nname = \"By Hand\"\n+++\n\nAnother.\n")),
        (
            "contacts/hand.md",
            "contacts/fist.md",
            Some("+++\nname = \"Fist\"\naliases = [\"hand\"]\n+++\n\nIron.\n"),
        ),
    ] {
        std::fs::remove_file(pushing.serving.folder().join(user).join(from)).expect("it is there");
        pushing.write(user, to, text.unwrap_or(first));
        pushing.commit(user);
        pushing.goes(user, MAIN);
    }
    // Two of one content become one.
    pushing.write(user, "contacts/one.md", "");
    pushing.write(user, "contacts/two.md", "");
    pushing.commit(user);
    pushing.goes(user, MAIN);
    pushing.git(user, "fetch --quiet origin");
    pushing.git(user, "mv contacts/one.md contacts/three.md");
    pushing.git(user, "rm --quiet contacts/two.md");
    pushing.commit(user);
    pushing.refused(user, MAIN, "only an admin may remove a contact");
}

#[test]
fn a_contact_that_became_a_part_of_another_is_not_removed() {
    let pushing = Pushing::new("roles-joined");
    pushing.write("ann", "contacts/jane.md", "+++\nname = \"Jane Doe\"\nuid = \"u-1\"\n+++\n");
    pushing.write("ann", "contacts/j-doe.md", "+++\nname = \"J. Doe\"\nuid = \"u-2\"\n+++\n");
    pushing.commit("ann");
    pushing.goes("ann", MAIN);
    let joined =
        |alias: &str| format!("+++\nname = \"Jane Doe\"\nuid = \"u-1\"\naliases = [\"{alias}\"]\n+++\n");
    pushing.git("ann", "rm --quiet contacts/j-doe.md");
    pushing.write("ann", "contacts/jane.md", joined("somebody-else"));
    pushing.commit("ann");
    pushing.refused("ann", MAIN, "only an admin may remove a contact");
    pushing.write("ann", "contacts/jane.md", joined("j-doe"));
    pushing.commit("ann");
    pushing.goes("ann", MAIN);
}

#[test]
fn a_merge_does_not_hide_a_removal() {
    let pushing = Pushing::new("roles-merge");
    // What others removed meanwhile is not laid to who merges it.
    pushing.write("bob", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
    pushing.commit("bob");
    pushing.git("admin", "rm --quiet contacts/gerald-finch.md");
    pushing.commit("admin");
    pushing.goes("admin", MAIN);
    pushing.goes("bob", "HEAD:refs/sync/bob/laptop");
    // One's own commit, and what others did, and a removal only in the merge.
    pushing.write("ann", "contacts/own.md", "+++\nname = \"Own\"\n+++\n");
    pushing.commit("ann");
    pushing.git("ann", "fetch --quiet origin");
    pushing.git("ann", "merge --quiet --no-commit origin/main");
    pushing.git("ann", "commit --quiet -m merged");
    pushing.goes("ann", MAIN);
    pushing.write("bob", "contacts/bobs.md", "+++\nname = \"Bobs\"\n+++\n");
    pushing.commit("bob");
    pushing.git("bob", "fetch --quiet origin");
    pushing.git("bob", "merge --quiet --no-commit origin/main");
    pushing.git("bob", "rm --quiet --force contacts/own.md");
    pushing.git("bob", "commit --quiet -m merged");
    for way in ways("bob") {
        pushing.refused("bob", &way, "remote: contacts/own.md: only an admin may remove a contact");
    }
}

#[test]
fn only_an_admin_pushes_the_beginning() {
    let pushing = Pushing::new("roles-beginning");
    pushing.serving.git("data/notebooks/main.git", "update-ref -d refs/heads/main");
    for way in ways("ann") {
        pushing.refused("ann", &way, "the notebook is empty, and only an admin pushes its beginning");
    }
    pushing.goes("admin", MAIN);
    pushing.is_sound();
}
