use super::*;
use quote::quote;
use syn::{FieldsNamed, parse_quote};

use crate::attr::plain;

fn check(key: &str) -> Vec<String> {
    let (parts, messages) = read(key);
    if messages.is_empty() {
        return parts;
    }
    messages.iter().map(|message| format!("E {}", message.lines().next().unwrap())).collect()
}

fn messages(key: &str) -> Vec<String> {
    read(key).1
}

/// The parts, and the messages.
fn read(key: &str) -> (Vec<String>, Vec<String>) {
    let fields: FieldsNamed =
        parse_quote!({ pool: Pool, hot: SessionCache, account: String, r#type: u8 });
    let all: Vec<Named<'_>> = crate::field::named(&fields).collect();
    let scope =
        Scope { known: true, fields: all[2..].to_vec(), store: Some(all[0]), cache: Some(all[1]) };
    let literal: LitStr = syn::parse2(quote!(#key)).unwrap();
    let mut diag = Diagnostics::default();
    let parts = parse(&literal, &scope, &mut diag);
    let show = |part| match part {
        Part::Text(text) => text,
        Part::Field(field) => format!("<{}>", plain(field.ident)),
    };
    (parts.into_iter().map(show).collect(), diag.messages())
}

#[test]
fn takes_templates_apart() {
    assert_eq!(check("default"), ["default"]);
    assert_eq!(check("tg:{account}"), ["tg:", "<account>"]);
    assert_eq!(check("{account}/{type}"), ["<account>", "/", "<type>"]);
    assert_eq!(check("{{{account}}}"), ["{", "<account>", "}"]);
    assert_eq!(check("a}}{{b"), ["a}{b"]);
    assert_eq!(check("ключ:{account}é"), ["ключ:", "<account>", "é"]);
    assert_eq!(check("{account}-:-{type}"), ["<account>", "-:-", "<type>"]);
    assert_eq!(check("{account}{{{type}"), ["<account>", "{", "<type>"]);
    assert_eq!(check("{account}ß{type}"), ["<account>", "ß", "<type>"]);
}

#[test]
fn says_what_is_wrong_with_braces() {
    assert_eq!(check("tg:{"), ["E unclosed `{` at byte 3 of key template"]);
    assert_eq!(check("é{account"), ["E unclosed `{` at byte 2 of key template"]);
    assert_eq!(check("{a{b}}"), ["E unclosed `{` at byte 0 of key template"]);
    assert_eq!(check("tg:}x"), ["E unmatched `}` at byte 3 of key template"]);
    assert_eq!(check("{account}}"), ["E unmatched `}` at byte 9 of key template"]);
}

#[test]
fn the_store_in_a_broken_brace_is_no_way_out() {
    for (key, way_out) in [
        ("{pool", "close it around a field that says which session it is, `pool` is the store"),
        ("hot}", "open it around a field that says which session it is, `hot` is the cache"),
        ("{acount", "close it: `{account}`"),
        ("{", "write `{{` for a brace"),
    ] {
        let message = messages(key).concat();
        assert_eq!(message.lines().nth(1), Some(format!("help: {way_out}").as_str()));
    }
}

#[test]
fn wants_field_names() {
    assert_eq!(check("{}"), ["E a key template takes field names, found `{}`"]);
    assert_eq!(check("{0}"), ["E a key template takes field names, found `{0}`"]);
    assert_eq!(
        check("{self.account}"),
        ["E a key template takes field names, found `{self.account}`"]
    );
    assert_eq!(check("{ account }"), ["E a key template takes field names, found `{ account }`"]);
    assert_eq!(check("{r#type}"), ["E a key template takes field names, found `{r#type}`"]);
    assert_eq!(
        check("{acount}"),
        ["E unknown field `acount` in key template, did you mean `account`?"]
    );
    assert_eq!(check("{zzz}"), ["E unknown field `zzz` in key template"]);
    assert_eq!(check("{pool}"), ["E `pool` is the store and cannot be part of its own key"]);
    assert_eq!(check("{hot}"), ["E `hot` is the cache and cannot be part of a key"]);
    assert!(check("{account:>8}")[0].starts_with("E format options are not allowed"));
}

#[test]
fn finds_fields_that_are_only_text() {
    for key in [
        "account",
        "{{account}}",
        "{{ account }}",
        "$account",
        "$(account)",
        "%account%",
        "/:account",
        "@account/x",
        "<type>",
        "<%= type %>",
        "[type]",
        "%(type)s",
        "$ACCOUNT",
        "%ACCOUNT%",
        "/:ACCOUNT",
        "$acount",
        "<acount>",
        "{{acount}}",
        "{{ Account }}",
        "tg:$acount/{type}",
        "self.account",
        "&self.acount",
        "&account",
        "tg:(account)",
    ] {
        let said = check(key);
        assert!(
            matches!(said.as_slice(), [one] if one.contains("is not the value of")),
            "{key}: {said:?}"
        );
    }
    for (key, found) in [
        ("tg:%s", "%s"),
        ("%1$s", "%1$s"),
        ("tg:$1", "$1"),
        ("tg/:1", ":1"),
        ("tg:?", "?"),
        ("{account}=?", "?"),
        ("a=?&b=%s", "%s"),
    ] {
        assert_eq!(check(key), [format!("E a key template takes field names, found `{found}`")]);
    }
    // What may be meant as it is.
    for key in [
        "tg:account",
        "bot@account",
        "@accounts",
        ":typed",
        "<x>",
        "100%sure",
        "accounts",
        "tg:1",
        "a?b=1",
        "a?",
        "[::1]",
        "<acc>",
        "[typ]",
        "x&account",
        "Account",
        "accounts:[test]",
        "US$",
        "$1st",
    ] {
        assert_eq!(check(key), [key]);
    }
    assert_eq!(check("/:account/{account}"), ["/:account/", "<account>"]);
    assert_eq!(check("{{acount}}{account}"), ["{acount}", "<account>"]);
    assert_eq!(check("${account}"), ["$", "<account>"]);
    assert_eq!(check("{type}:account"), ["<type>", ":account"]);
    assert_eq!(check("{account}:1?"), ["<account>", ":1?"]);
}

#[test]
fn refuses_keys_that_two_sessions_could_share() {
    assert!(check("{account}{type}")[0].starts_with("E `{account}` and `{type}` need a separator"));
    assert!(check("{account}-{type}")[0].starts_with("E `-` does not separate"));
    assert!(check("{account}%{type}")[0].starts_with("E `%` does not separate"));
}

#[test]
fn reports_every_mistake() {
    assert_eq!(check(""), ["E key is empty"]);
    assert_eq!(check(" \n"), ["E key is blank"]);
    assert_eq!(check("a\nb"), ["E key contains control character U+000A"]);
    assert_eq!(check("{x}:{y}\0").len(), 3);
}
