//! Text as PostgreSQL keeps it: it has no NUL, and a database may be in an
//! encoding that lacks most letters. So text is stored as ASCII: what is not,
//! and the backslash, is escaped.

use std::borrow::Cow;

/// `a\0ü` becomes `a\u{0}\u{fc}`, and `\` becomes `\\`. Different texts stay
/// different.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii() && c != '\0' && c != '\\';
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            c if plain(c) => escaped.push(c),
            c => escaped.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(escaped)
}

/// The text that was escaped; `None` for text that never was.
pub(crate) fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\\') {
            plain.push('\\');
            rest = after;
        } else {
            let (digits, after) = rest.strip_prefix("u{")?.split_once('}')?;
            plain.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
            rest = after;
        }
    }
    plain.push_str(rest);
    // A number can be written in many ways, and was in one.
    (escape(&plain) == text).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_text_comes_back_and_is_ascii_without_nul() {
        for text in
            ["", "127.0.0.1:443", "a\0b", "\\", "\\u{0}", "\\\\u{0}\\", "ünï\u{1f600}", "\u{7f}\n"]
        {
            let escaped = escape(text);
            assert!(escaped.is_ascii() && !escaped.contains('\0'), "{escaped:?}");
            assert_eq!(unescape(&escaped).as_deref(), Some(text));
        }
        assert_eq!(escape("a\0ü\\"), "a\\u{0}\\u{fc}\\\\");
    }

    #[test]
    fn what_was_never_escaped_is_not_guessed() {
        let broken = ["\\", "\\n", "\\u{", "\\u{}", "\\u{zz}", "\\u{d800}", "\\u{110000}"];
        // What reads as a number all the same, and letters that need no escape, or lack it.
        let otherwise = ["\\u{+fc}", "\\u{FC}", "\\u{0fc}", "\\u{41}", "\\u{5c}", "ü", "a\0"];
        for text in broken.into_iter().chain(otherwise) {
            assert_eq!(unescape(text), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_has_one_escape(text: String) {
            let escaped = escape(&text);
            prop_assert!(escaped.is_ascii() && !escaped.contains('\0'), "{:?}", escaped);
            prop_assert_eq!(unescape(&escaped), Some(text));
        }

        /// Of texts that look escaped, some are.
        #[test]
        fn what_comes_out_is_what_went_in(text in r"(a|ü|\\\\|\\|u\{|\}|\\u\{[+]?[0-9a-fF]{0,5}\}){0,6}") {
            if let Some(plain) = unescape(&text) {
                prop_assert_eq!(escape(&plain), text);
            }
        }
    }
}
