//! Fields as other languages put them in a text. Here that would be no more than
//! text, so that all sessions would share one key.

use super::pieces::Piece;
use super::{Scope, is_of_word};

impl Scope<'_> {
    /// A field that is no more than text, so that all sessions would share one
    /// key: `account` alone, `$account`, `{account}` from `{{account}}`, and as
    /// other languages write it. `pieces` are the whole key.
    pub(super) fn in_text(&self, written: &str, pieces: &[Piece<'_>]) -> Option<(String, String)> {
        self.names().find_map(|name| {
            if let Some(found) = between(written, "{", &name, "}") {
                return Some((format!("{{{found}}}"), name));
            }
            let variable = format!("${name}");
            if stands_in(written, &variable) {
                return Some((variable, name));
            }
            // Where the key has the value too, a word in it may be just that.
            if pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if *hole == name)) {
                return None;
            }
            if pieces.len() == 1 && written == name {
                return Some((name.clone(), name));
            }
            let other = [":", "@"].map(|sign| format!("{sign}{name}"));
            // `tg:account` is a word behind a separator.
            let found = other
                .into_iter()
                .find(|found| begins_in(written, found) && stands_in(written, found));
            let found = found.or_else(|| {
                let find = |(open, close)| between(written, open, &name, close);
                BRACKETS.into_iter().find_map(find).map(str::to_owned)
            });
            Some((found?, name))
        })
    }
}

/// A value as `printf` has it.
pub(super) fn printf(written: &str) -> Option<&'static str> {
    PRINTF.into_iter().find(|found| stands_in(written, found))
}

/// What stands for a value in the templates of `printf`.
const PRINTF: [&str; 5] = ["%s", "%d", "%i", "%u", "%v"];

/// What stands around a value in the templates of other languages.
const BRACKETS: [(&str, &str); 6] =
    [("<", ">"), ("[", "]"), ("%(", ")s"), ("$(", ")"), ("%", "%"), ("<%=", "%>")];

/// The name with what is around it, where it stands in the text so.
fn between<'t>(text: &'t str, open: &str, name: &str, close: &str) -> Option<&'t str> {
    text.match_indices(open).find_map(|(at, _)| {
        let behind = text[at + open.len()..].trim_start().strip_prefix(name)?;
        let behind = behind.trim_start().strip_prefix(close)?;
        Some(&text[at..text.len() - behind.len()])
    })
}

/// Whether `found` is in the text, and no longer word begins with it.
fn stands_in(text: &str, found: &str) -> bool {
    text.split(found).skip(1).any(|behind| !behind.starts_with(is_of_word))
}

/// Whether `found` is in the text, and not behind a word.
fn begins_in(text: &str, found: &str) -> bool {
    text.match_indices(found).any(|(at, _)| !text[..at].ends_with(is_of_word))
}
