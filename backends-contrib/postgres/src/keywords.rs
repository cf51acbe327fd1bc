//! `host=localhost options='-c search_path=x'`, as libpq reads it.

use crate::url::Wrong;

/// Names and values.
pub(crate) type Parameters<'a> = Vec<(&'a str, String)>;

/// The keywords and their values, without quotes. What is empty is left out:
/// it means what is so unless set.
pub(crate) fn read(text: &str) -> Result<Parameters<'_>, Wrong> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('=').ok_or(Wrong("a keyword has no value"))?;
        let name = name.trim_end();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(Wrong("a keyword has no value, or none belongs to a value"));
        }
        let (value, behind) = value(behind.trim_start())?;
        if !value.is_empty() {
            found.push((name, value));
        }
        rest = behind.trim_start();
    }
    Ok(found)
}

/// The value that the text begins with, and what is behind it.
fn value(text: &str) -> Result<(String, &str), Wrong> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut letters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            letter if letter.is_whitespace() && !quoted => return Ok((value, &text[at..])),
            letter => value.push(letter),
        }
    }
    if quoted { Err(Wrong("a quote is not closed")) } else { Ok((value, "")) }
}

/// The value in quotes, whatever it holds.
pub(crate) fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Parameters<'_> {
        super::read(text).unwrap_or_else(|Wrong(why)| panic!("{text}: {why}"))
    }

    #[test]
    fn as_libpq_reads_it() {
        for (text, value) in [
            ("host=a", "a"),
            (" host = a ", "a"),
            ("host='a'", "a"),
            ("host='a b=c'", "a b=c"),
            (r"host=a\ b", "a b"),
            (r"host='it\'s \\'", r"it's \"),
            (r"host=it\'s", "it's"),
            ("host=a'b", "a'b"),
            ("host=\t'ü\n'", "ü\n"),
            ("port='' host=a user=", "a"),
            ("host=a\\", "a"),
        ] {
            assert_eq!(read(text), [("host", value.to_owned())], "{text}");
            assert_eq!(read(&format!("host={}", quoted(value)))[0].1, value);
        }
        let both = [("host", "a".to_owned()), ("options", "-c search_path=x".to_owned())];
        assert_eq!(read("host=a options='-c search_path=x'"), both);
        assert_eq!(read("host='a'options='-c search_path=x'"), both);
    }

    #[test]
    fn what_libpq_refuses() {
        for text in ["host", "host='a", "=a", "host a=b", r"host='a\'", "a=b c"] {
            assert!(super::read(text).is_err(), "{text}");
        }
    }
}
