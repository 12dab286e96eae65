//! All cells of both sides' doings, for every kind of key: kept, changed, removed on each side, and added on both.

use super::*;

/// One kind of key: how the base writes it and how the sides change it, with what comes of it.
struct Kind {
    base: &'static str,
    a: &'static str,
    b: &'static str,
    /// Changed on both sides.
    both: &'static str,
    /// Changed by `a`, removed by `b`.
    a_removed: &'static str,
    /// Removed by `a`, changed by `b`.
    b_removed: &'static str,
    /// The base has nothing.
    added: &'static str,
}

const KINDS: &[Kind] = &[
    // A text.
    Kind {
        base: "city = \"Rome\"\n",
        a: "city = \"Oslo\"\n",
        b: "city = \"Paris\"\n",
        both: "city = \"Paris\"\n\n[[conflict]]\nkey = \"city\"\nother = \"Oslo\"\n",
        a_removed: "city = \"Oslo\"\n",
        b_removed: "city = \"Paris\"\n",
        added: "city = \"Paris\"\n\n[[conflict]]\nkey = \"city\"\nother = \"Oslo\"\n",
    },
    // A number, which sorts as it is written.
    Kind {
        base: "value = 1\n",
        a: "value = 20_000 # euros\n",
        b: "value = 3\n",
        both: "# euros\nvalue = 3\n\n[[conflict]]\nkey = \"value\"\nother = \"20000\"\n",
        a_removed: "value = 20_000 # euros\n",
        b_removed: "value = 3\n",
        added: "# euros\nvalue = 3\n\n[[conflict]]\nkey = \"value\"\nother = \"20000\"\n",
    },
    // Values of two types.
    Kind {
        base: "vip = 1\n",
        a: "vip = true\n",
        b: "vip = 1.5\n",
        both: "vip = true\n\n[[conflict]]\nkey = \"vip\"\nother = \"1.5\"\n",
        a_removed: "vip = true\n",
        b_removed: "vip = 1.5\n",
        added: "vip = true\n\n[[conflict]]\nkey = \"vip\"\nother = \"1.5\"\n",
    },
    // A date.
    Kind {
        base: "met = 2026-01-01\n",
        a: "met = 2026-03-01\n",
        b: "met = 2026-02-01\n",
        both: "met = 2026-03-01\n\n[[conflict]]\nkey = \"met\"\nother = \"2026-02-01\"\n",
        a_removed: "met = 2026-03-01\n",
        b_removed: "met = 2026-02-01\n",
        added: "met = 2026-03-01\n\n[[conflict]]\nkey = \"met\"\nother = \"2026-02-01\"\n",
    },
    // A date-time.
    Kind {
        base: "met = 2026-01-01T10:00:00\n",
        a: "met = 2026-01-01T11:00:00\n",
        b: "met = 2026-01-01 12:00:00\n",
        both: "met = 2026-01-01 12:00:00\n\n[[conflict]]\nkey = \"met\"\nother = \"2026-01-01T11:00:00\"\n",
        a_removed: "met = 2026-01-01T11:00:00\n",
        b_removed: "met = 2026-01-01 12:00:00\n",
        added: "met = 2026-01-01 12:00:00\n\n[[conflict]]\nkey = \"met\"\nother = \"2026-01-01T11:00:00\"\n",
    },
    // A text list.
    Kind {
        base: "tags = [\"a\", \"b\"]\n",
        a: "tags = [\"a\", \"b\", 'c'] # c\n",
        b: "tags = [\"b\", \"d\"]\n",
        both: "tags = [\"b\", 'c', \"d\"] # c\n",
        a_removed: "tags = ['c'] # c\n",
        b_removed: "tags = [\"d\"]\n",
        added: "tags = [\"a\", \"b\", 'c', \"d\"] # c\n",
    },
    // A list whose order means something, and one side moved it.
    Kind {
        base: "[prefers]\nchannel = [\"phone\", \"email\"]\n",
        a: "[prefers]\nchannel = [\"email\", \"phone\"]\n",
        b: "[prefers]\nchannel = [\"phone\", \"email\", \"visit\"]\n",
        both: "[prefers]\nchannel = [\"email\", \"visit\", \"phone\"]\n",
        a_removed: "",
        b_removed: "[prefers]\nchannel = [\"visit\"]\n",
        added: "[prefers]\nchannel = [\"phone\", \"email\", \"visit\"]\n",
    },
    // A lone text for a list.
    Kind {
        base: "email = \"a\"\n",
        a: "email = \"b\"\n",
        b: "email = [\"a\", \"c\"]\n",
        both: "email = [\"b\", \"c\"]\n",
        a_removed: "email = \"b\"\n",
        b_removed: "email = [\"c\"]\n",
        added: "email = [\"a\", \"c\", \"b\"]\n",
    },
    // Lone texts on both sides, where the format takes a list.
    Kind {
        base: "phone = \"1\"\n",
        a: "phone = \"2\"\n",
        b: "phone = '3'\n",
        both: "phone = [\"2\", \"3\"]\n",
        a_removed: "phone = \"2\"\n",
        b_removed: "phone = '3'\n",
        added: "phone = [\"2\", \"3\"]\n",
    },
    // In `[prefers]`.
    Kind {
        base: "[prefers]\nhours = \"1\"\nevery = \"1w\"\n",
        a: "[prefers]\nhours = \"2\"\nevery = \"1w\"\n",
        b: "[prefers]\nhours = \"3\"\npermission = \"yes\"\n",
        both: "[prefers]\nhours = \"3\"\npermission = \"yes\"\n\n[[conflict]]\nkey = \"prefers.hours\"\nother = \"2\"\n",
        a_removed: "[prefers]\nhours = \"2\"\n",
        b_removed: "[prefers]\nhours = \"3\"\npermission = \"yes\"\n",
        added: "[prefers]\nhours = \"3\"\nevery = \"1w\"\npermission = \"yes\"\n\n[[conflict]]\nkey = \"prefers.hours\"\nother = \"2\"\n",
    },
    // In `[dates]`, a day each.
    Kind {
        base: "[dates]\nbirthday = 1980-05-12\n",
        a: "[dates]\nbirthday = 1980-05-12\nrenewal = 2027-01-31\n",
        b: "[dates]\nbirthday = 1981-05-12\n",
        both: "[dates]\nbirthday = 1981-05-12\nrenewal = 2027-01-31\n",
        a_removed: "[dates]\nrenewal = 2027-01-31\n",
        b_removed: "[dates]\nbirthday = 1981-05-12\n",
        added: "[dates]\nbirthday = 1981-05-12\nrenewal = 2027-01-31\n\n[[conflict]]\nkey = \"dates.birthday\"\nother = \"1980-05-12\"\n",
    },
    // In a custom table, with a table in it.
    Kind {
        base: "[crm]\nid = 1\n[crm.more]\nx = 1\n",
        a: "[crm]\nid = 1\n[crm.more]\nx = 2\n",
        b: "[crm]\nid = 2\n[crm.more]\nx = 1\n",
        both: "[crm]\nid = 2\n[crm.more]\nx = 2\n",
        a_removed: "[crm.more]\nx = 2\n",
        b_removed: "[crm]\nid = 2\n",
        added: "[crm]\nid = 2\n[crm.more]\nx = 2\n\n[[conflict]]\nkey = \"crm.id\"\nother = \"1\"\n\n[[conflict]]\nkey = \"crm.more.x\"\nother = \"1\"\n",
    },
    // Dotted keys.
    Kind {
        base: "crm.id = 1\ncrm.x = 1\n",
        a: "crm.id = 2\ncrm.x = 1\n",
        b: "crm.id = 1\ncrm.x = 2\ncrm.y = 3\n",
        both: "crm.id = 2\ncrm.x = 2\ncrm.y = 3\n",
        a_removed: "crm.id = 2\n",
        b_removed: "crm.x = 2\ncrm.y = 3\n",
        added: "crm.id = 2\ncrm.x = 2\ncrm.y = 3\n\n[[conflict]]\nkey = \"crm.id\"\nother = \"1\"\n\n[[conflict]]\nkey = \"crm.x\"\nother = \"1\"\n",
    },
    // An inline table.
    Kind {
        base: "crm = { id = 1, x = 1 }\n",
        a: "crm = { id = 2, x = 1 }\n",
        b: "crm = { id = 1, x = 2, y = 3 }\n",
        both: "crm = { id = 2, x = 2, y = 3 }\n",
        a_removed: "crm = { id = 2 }\n",
        b_removed: "crm = { x = 2, y = 3 }\n",
        added: "crm = { id = 2, x = 2, y = 3 }\n\n[[conflict]]\nkey = \"crm.id\"\nother = \"1\"\n\n[[conflict]]\nkey = \"crm.x\"\nother = \"1\"\n",
    },
    // A table that one side writes in another way.
    Kind {
        base: "crm = { id = 1 }\n",
        a: "crm = { id = 2 }\n",
        b: "crm.id = 1\ncrm.y = 3\n",
        both: "crm.id = 2\ncrm.y = 3\n",
        a_removed: "crm = { id = 2 }\n",
        b_removed: "crm.y = 3\n",
        added: "crm.id = 2\ncrm.y = 3\n\n[[conflict]]\nkey = \"crm.id\"\nother = \"1\"\n",
    },
    // `stage`: won before the open ones.
    Kind {
        base: "stage = \"new\"\n",
        a: "stage = \"won\"\n",
        b: "stage = \"proposal\"\n",
        both: "stage = \"won\"\n\n[[conflict]]\nkey = \"stage\"\nother = \"proposal\"\n",
        a_removed: "stage = \"won\"\n",
        b_removed: "stage = \"proposal\"\n",
        added: "stage = \"won\"\n\n[[conflict]]\nkey = \"stage\"\nother = \"proposal\"\n",
    },
    // `[next]`, as one: the earlier that the log has not fulfilled.
    Kind {
        base: "[next]\non = 2026-12-01\nvia = \"phone\"\n",
        a: "[next]\non = 2026-08-01\nvia = \"phone\"\n",
        b: "[next]\non = 2026-12-01\nwhy = \"x\"\n",
        both: "[next]\non = 2026-08-01\nvia = \"phone\"\n\n[[conflict]]\nkey = \"next\"\nother = \"{ on = 2026-12-01, why = \\\"x\\\" }\"\n",
        a_removed: "[next]\non = 2026-08-01\nvia = \"phone\"\n",
        b_removed: "[next]\non = 2026-12-01\nwhy = \"x\"\n",
        added: "[next]\non = 2026-08-01\nvia = \"phone\"\n\n[[conflict]]\nkey = \"next\"\nother = \"{ on = 2026-12-01, why = \\\"x\\\" }\"\n",
    },
    // `[away]`, as one: the later `until`.
    Kind {
        base: "[away]\nuntil = 2026-01-01\n",
        a: "[away]\nuntil = 2026-02-01\n",
        b: "[away]\nuntil = 2026-01-20\nfrom = 2026-01-10\n",
        both: "[away]\nuntil = 2026-02-01\n\n[[conflict]]\nkey = \"away\"\nother = \"{ from = 2026-01-10, until = 2026-01-20 }\"\n",
        a_removed: "[away]\nuntil = 2026-02-01\n",
        b_removed: "[away]\nuntil = 2026-01-20\nfrom = 2026-01-10\n",
        added: "[away]\nuntil = 2026-02-01\n\n[[conflict]]\nkey = \"away\"\nother = \"{ from = 2026-01-10, until = 2026-01-20 }\"\n",
    },
    // `[cadence]`, as one: the later `start`; here once in braces.
    Kind {
        base: "cadence = { name = \"a\", start = 2026-01-01 }\n",
        a: "cadence = { name = \"a\", start = 2026-02-01 }\n",
        b: "[cadence]\nname = \"z\"\nstart = 2026-01-01\n",
        both: "cadence = { name = \"a\", start = 2026-02-01 }\n\n[[conflict]]\nkey = \"cadence\"\nother = \"{ name = \\\"z\\\", start = 2026-01-01 }\"\n",
        a_removed: "cadence = { name = \"a\", start = 2026-02-01 }\n",
        b_removed: "[cadence]\nname = \"z\"\nstart = 2026-01-01\n",
        added: "cadence = { name = \"a\", start = 2026-02-01 }\n\n[[conflict]]\nkey = \"cadence\"\nother = \"{ name = \\\"z\\\", start = 2026-01-01 }\"\n",
    },
    // `added`: the earlier.
    Kind {
        base: "added = 2026-03-01\n",
        a: "added = 2026-01-01\n",
        b: "added = 2026-02-01\n",
        both: "added = 2026-01-01\n\n[[conflict]]\nkey = \"added\"\nother = \"2026-02-01\"\n",
        a_removed: "added = 2026-01-01\n",
        b_removed: "added = 2026-02-01\n",
        added: "added = 2026-01-01\n\n[[conflict]]\nkey = \"added\"\nother = \"2026-02-01\"\n",
    },
    // `[[conflict]]`: a set, of which what is settled stays settled.
    Kind {
        base: "\n[[conflict]]\nkey = \"x\"\nother = \"1\"\n",
        a: "\n[[conflict]]\nkey = \"x\"\nother = \"1\"\n\n[[conflict]]\nkey = \"x\"\nother = \"3\"\n",
        b: "\n[[conflict]]\nkey = \"x\"\nother = \"2\"\n",
        both: "\n[[conflict]]\nkey = \"x\"\nother = \"2\"\n\n[[conflict]]\nkey = \"x\"\nother = \"3\"\n",
        a_removed: "\n[[conflict]]\nkey = \"x\"\nother = \"3\"\n",
        b_removed: "\n[[conflict]]\nkey = \"x\"\nother = \"2\"\n",
        added: "\n[[conflict]]\nkey = \"x\"\nother = \"1\"\n\n[[conflict]]\nkey = \"x\"\nother = \"2\"\n\n[[conflict]]\nkey = \"x\"\nother = \"3\"\n",
    },
    // An array of tables, as one.
    Kind {
        base: "[[rows]]\nx = 1\n",
        a: "[[rows]]\nx = 1\n[[rows]]\nx = 2 # two\n",
        b: "[[rows]]\nx = 3\n",
        both: "# two\n[[rows]]\nx = 3\n\n[[conflict]]\nkey = \"rows\"\nother = \"[{ x = 1 }, { x = 2 }]\"\n",
        a_removed: "[[rows]]\nx = 1\n[[rows]]\nx = 2 # two\n",
        b_removed: "[[rows]]\nx = 3\n",
        added: "# two\n[[rows]]\nx = 3\n\n[[conflict]]\nkey = \"rows\"\nother = \"[{ x = 1 }, { x = 2 }]\"\n",
    },
    // A list of other things, as one.
    Kind {
        base: "odd = [1, \"a\"]\n",
        a: "odd = [1, \"a\", 2]\n",
        b: "odd = [1]\n",
        both: "odd = [1]\n\n[[conflict]]\nkey = \"odd\"\nother = \"[1, \\\"a\\\", 2]\"\n",
        a_removed: "odd = [1, \"a\", 2]\n",
        b_removed: "odd = [1]\n",
        added: "odd = [1]\n\n[[conflict]]\nkey = \"odd\"\nother = \"[1, \\\"a\\\", 2]\"\n",
    },
];

#[test]
fn every_cell_of_every_kind() {
    for Kind { base, a, b, both, a_removed, b_removed, added } in KINDS {
        for (base, a, b, expected) in [
            (*base, *base, *base, *base),
            (base, a, base, a),
            (base, base, b, b),
            (base, "", base, ""),
            (base, base, "", ""),
            (base, "", "", ""),
            (base, a, a, a),
            (base, a, b, both),
            (base, a, "", a_removed),
            (base, "", b, b_removed),
            ("", a, a, a),
            ("", a, "", a),
            ("", "", b, b),
            ("", a, b, added),
        ] {
            // Another key is changed on each side, so that no text is taken as a whole.
            let framed = |kind: &str, role: &str, text: &str| format!("kind = {kind}\nrole = {role}\n{text}");
            let base = framed("''", "''", base);
            let (a, b) = (framed("''", "'r'", a), framed("'org'", "''", b));
            assert_eq!(told(&base, &a, &b), framed("'org'", "'r'", expected), "of\n{base}---\n{a}---\n{b}");
        }
    }
}

#[test]
fn which_value_stays() {
    for (key, base, a, b, stays) in [
        ("stage", "\"new\"", "\"stopped\"", "\"won\"", "\"stopped\""),
        ("stage", "\"new\"", "\"lost\"", "\"won\"", "\"lost\""),
        ("stage", "\"new\"", "\"lost\"", "\"stopped\"", "\"stopped\""),
        ("stage", "\"new\"", "\"nurture\"", "\"contacted\"", "\"nurture\""),
        ("stage", "\"new\"", "\"zzz\"", "\"contacted\"", "\"contacted\""),
        ("stage", "\"new\"", "\"zzz\"", "\"yyy\"", "\"zzz\""),
        ("stage", "\"won\"", "\"new\"", "\"qualified\"", "\"qualified\""),
        // Fulfilled are those up to 2026-06-30.
        ("next", "{}", "{ on = 2026-08-01 }", "{ on = 2026-07-01 }", "{ on = 2026-07-01 }"),
        ("next", "{}", "{ on = 2026-05-01 }", "{ on = 2026-07-01 }", "{ on = 2026-07-01 }"),
        ("next", "{}", "{ on = 2026-05-01 }", "{ on = 2026-06-01 }", "{ on = 2026-06-01 }"),
        ("next", "{}", "{ on = 2026-08-01 }", "{ on = 2026-08-01T09:00:00 }", "{ on = 2026-08-01 }"),
        ("next", "{}", "{ on = 2026-08-01 }", "{ why = \"z\" }", "{ on = 2026-08-01 }"),
        ("next", "{}", "{ on = 2026-05-01 }", "{ why = \"z\" }", "{ on = 2026-05-01 }"),
        (
            "next",
            "{}",
            "{ on = 2026-08-01, via = \"a\" }",
            "{ on = 2026-08-01, via = \"b\" }",
            "{ on = 2026-08-01, via = \"b\" }",
        ),
        ("away", "{}", "{ until = 2026-08-01 }", "{ from = 2027-08-01 }", "{ until = 2026-08-01 }"),
        (
            "cadence",
            "{}",
            "{ name = \"z\" }",
            "{ name = \"a\", start = 2026-01-01 }",
            "{ name = \"a\", start = 2026-01-01 }",
        ),
        // A table against a plain value.
        ("x", "1", "{ a = 1 }", "2", "{ a = 1 }"),
        // A change that is none, however it is written.
        ("x", "1", "0x1", "2", "2"),
        ("x", "'a'", "\"a\"", "'b'", "'b'"),
    ] {
        let [base, a, b] = [base, a, b].map(|value| format!("{key} = {value}\n"));
        let (a, b) = (a + "role = 'r'\n", b + "kind = 'org'\n");
        let merged = told(&base, &a, &b);
        assert_eq!(merged.lines().next(), Some(format!("{key} = {stays}").as_str()), "{base}{a}{b}");
    }
}
