//! Messages about key templates. They count bytes, because a span inside a
//! string literal is not to be had.

use super::{are, help};
use crate::template::{Brace, Meant};

pub(crate) fn empty(key: &str) -> String {
    let is = if key.is_empty() { "empty" } else { "blank" };
    help(format_args!("key is {is}"), "remove it to use `default`")
}

/// `meant` is what stands behind the brace.
pub(crate) fn unclosed(brace: &Brace, meant: &Meant) -> String {
    help(alone(brace), other_half("close it", meant, "{{"))
}

/// `meant` is what stands before the brace.
pub(crate) fn unmatched(brace: &Brace, meant: &Meant) -> String {
    help(alone(brace), other_half("open it", meant, "}}"))
}

/// Others in the key are doubled, and `single` is the key where none is.
pub(crate) fn double_brace(brace: &Brace, single: &str) -> String {
    help(alone(brace), format_args!("write `{single}`"))
}

fn alone(brace: &Brace) -> String {
    match brace {
        Brace::Open(byte) => format!("unclosed `{{` at byte {byte} of key template"),
        Brace::Close(byte) => format!("unmatched `}}` at byte {byte} of key template"),
    }
}

/// A brace as text would make one session of all, where a field is meant.
fn other_half(add_it: &str, meant: &Meant, as_text: &str) -> String {
    match meant {
        Meant::Field(field) => format!("{add_it}: `{{{field}}}`"),
        Meant::Taken(field, what) => {
            format!(
                "{add_it} around a field that says which session it is, `{field}` is the {what}"
            )
        }
        Meant::Text => format!("write `{as_text}` for a brace"),
    }
}

/// `{}`, `{0}`, `{a.b}`, `%s`: what stands for a value is no field name.
pub(crate) fn not_a_name(found: &str, example: &str) -> String {
    help(
        format_args!("a key template takes field names, found `{found}`"),
        format_args!("write a field, e.g. `{{{example}}}`"),
    )
}

/// As above, in a struct that has no field for a key.
pub(crate) fn not_a_name_and_no_field(found: &str, example: &str) -> String {
    help(
        format_args!("a key template takes field names, found `{found}`"),
        format_args!("write `{{{example}}}`, and add a field `{example}: String` to the struct"),
    )
}

pub(crate) fn format_options(field: &str) -> String {
    help(
        "format options are not allowed in a key template, because two sessions must never share a key",
        format_args!("write `{{{field}}}`"),
    )
}

pub(crate) fn unknown_field(field: &str, near: Option<&str>, fields: &[String]) -> String {
    let message = match near {
        Some(near) => format!("unknown field `{field}` in key template, did you mean `{near}`?"),
        None => format!("unknown field `{field}` in key template"),
    };
    match fields {
        [] => help(message, format_args!("add a field `{field}: String` to the struct")),
        _ => help(message, are("field for a key", fields)),
    }
}

/// `found` names a field, and is only text.
pub(crate) fn field_is_text(found: &str, field: &str) -> String {
    help(
        format_args!(
            "`{found}` is not the value of `{field}`, because a field stands in single braces"
        ),
        format_args!("write `{{{field}}}`"),
    )
}

pub(crate) fn is_store(field: &str) -> String {
    help(
        format_args!("`{field}` is the store and cannot be part of its own key"),
        "use a field that says which session it is",
    )
}

pub(crate) fn is_cache(field: &str) -> String {
    help(
        format_args!("`{field}` is the cache and cannot be part of a key"),
        "use a field that says which session it is",
    )
}

/// Two fields with nothing between them.
pub(crate) fn no_separator(first: &str, second: &str) -> String {
    help(
        format_args!(
            "`{{{first}}}` and `{{{second}}}` need a separator between them, because two sessions must never share a key"
        ),
        format_args!("write `{{{first}}}:{{{second}}}`"),
    )
}

/// Two fields with only such text between them as can be part of a value.
pub(crate) fn weak_separator(first: &str, second: &str, between: &str) -> String {
    help(
        format_args!(
            "`{between}` does not separate `{{{first}}}` from `{{{second}}}`, because values can contain it too and two \
             sessions must never share a key"
        ),
        format_args!("write `{{{first}}}:{{{second}}}`"),
    )
}
