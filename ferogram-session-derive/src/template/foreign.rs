//! Fields as other languages put them in a text. Here that would be no more than
//! text, so that all sessions would share one key.

use super::pieces::Piece;
use super::{Scope, is_of_word};

impl Scope<'_> {
    /// A field that is no more than text: `account` alone, `$account`,
    /// `{account}` from `{{account}}`, and as other languages write it; also
    /// where its name is misspelt, which without this would not be found at all.
    /// `at` is which of the `pieces` of the key the text is.
    pub(super) fn in_text(&self, at: usize, pieces: &[Piece<'_>]) -> Option<(String, String)> {
        let Some(Piece::Text(written)) = pieces.get(at) else { return None };
        let is_used = |name: &String| {
            pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if hole == name))
        };
        let of_this_name = |word: &str| self.names().find(|name| name == word);
        if let [_] = pieces
            && let Some(name) = of_this_name(written)
        {
            return Some((name.clone(), name));
        }
        FORMS.iter().find_map(|form| {
            form.found_in(written, at > 0).find_map(|(found, word)| {
                // Where the key has the value too, a word in it may be just that.
                let meant = match form.meant {
                    As::Always => of_this_name(word)
                        .or_else(|| self.misspelt(word).filter(|name| !is_used(name))),
                    As::Other => of_this_name(word)
                        .or_else(|| self.misspelt(word))
                        .filter(|name| !is_used(name)),
                    As::Sign => self.in_other_case(word).filter(|name| at == 0 && !is_used(name)),
                };
                Some((found.to_owned(), meant?))
            })
        })
    }

    fn in_other_case(&self, word: &str) -> Option<String> {
        self.names().find(|name| name.to_lowercase() == word.to_lowercase())
    }

    /// A short word is near to too many others.
    fn misspelt(&self, word: &str) -> Option<String> {
        let near = || crate::suggest::slip(&word.to_lowercase(), self.names());
        self.in_other_case(word).or_else(|| (word.chars().count() > 3).then(near)?)
    }
}

/// What stands around a field in the templates of another language.
struct Form {
    open: &'static str,
    close: &'static str,
    meant: As,
}

/// How sure it is that a field is meant.
#[derive(Clone, Copy)]
enum As {
    /// Nothing else is written so.
    Always,
    Other,
    /// A sign alone, which must not stand behind a word: `tg:account` is a word
    /// behind a separator, and `@accounts` may be a name.
    Sign,
}

const fn form(open: &'static str, close: &'static str, meant: As) -> Form {
    Form { open, close, meant }
}

const FORMS: [Form; 13] = [
    // `{{` and `}}` are braces by now.
    form("{", "}", As::Always),
    form("$", "", As::Always),
    form("self.", "", As::Other),
    form("&", "", As::Sign),
    form(":", "", As::Sign),
    form("@", "", As::Sign),
    form("<", ">", As::Other),
    form("[", "]", As::Other),
    form("%(", ")s", As::Other),
    form("$(", ")", As::Other),
    form("(", ")", As::Other),
    form("%", "%", As::Other),
    form("<%=", "%>", As::Other),
];

impl Form {
    /// Each word of this form, with what is around it.
    fn found_in<'t>(
        &'t self,
        text: &'t str,
        is_behind_field: bool,
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        text.match_indices(self.open).filter_map(move |(at, open)| {
            if matches!(self.meant, As::Sign) && !begins_at(text, at, is_behind_field) {
                return None;
            }
            let trim = |text: &'t str| if self.close.is_empty() { text } else { text.trim_start() };
            let behind = trim(&text[at + open.len()..]);
            let (word, behind) = behind.split_at(end_of_word(behind));
            let behind = trim(behind).strip_prefix(self.close)?;
            (!word.is_empty()).then(|| (&text[at..text.len() - behind.len()], word))
        })
    }
}

/// What stands for a value in the templates of `printf`, of a shell or of SQL,
/// by its position: `%s`, `%1$s`, `$1`, `:1`, `?`.
pub(super) fn positional(written: &str, is_behind_field: bool) -> Option<&str> {
    let positions = written.match_indices(['%', '$', ':', '?']).filter_map(|(at, sign)| {
        let behind = &written[at + 1..];
        let length = match sign {
            "%" => {
                let digits = digits(behind);
                let type_at = match behind[digits..].strip_prefix('$') {
                    Some(_) if digits > 0 => digits + 1,
                    _ => 0,
                };
                let is_type = behind[type_at..].starts_with(['s', 'd', 'i', 'u', 'v']);
                is_type.then_some(type_at + 1)?
            }
            "$" => Some(digits(behind)).filter(|digits| *digits > 0)?,
            // In a URL or an address they say something else.
            _ if !begins_at(written, at, is_behind_field) || written[..at].ends_with("://") => {
                return None;
            }
            ":" if written[..at].ends_with(':') => return None,
            ":" => Some(digits(behind)).filter(|digits| *digits > 0)?,
            _ => 0,
        };
        let ends = !behind[length..].starts_with(is_of_word);
        ends.then(|| &written[at..=at + length])
    });
    positions.min_by_key(|found| found.len() == 1)
}

/// Whether a sign is the first of something, and does not end a word or a field.
fn begins_at(text: &str, at: usize, is_behind_field: bool) -> bool {
    if at == 0 { !is_behind_field } else { !text[..at].ends_with(is_of_word) }
}

fn end_of_word(text: &str) -> usize {
    text.find(|c| !is_of_word(c)).unwrap_or(text.len())
}

fn digits(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())
}
