//! Which session in a store: a fixed text, or one made from the fields of the
//! backend.

use crate::error::SessionError;
use std::borrow::Cow;
use std::fmt::{self, Display, Write};

/// What may stand in a key template: anything with a `Display` of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a key, because it has no unambiguous text",
    label = "`Display` is not implemented for this",
    note = "use a `String` field, or a number"
)]
pub trait KeyPart {
    /// Writes the text of the value.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    fn write(&self, out: &mut dyn Write) -> fmt::Result;
}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> KeyPart for T {
    fn write(&self, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{self}")
    }
}

/// A key, or why there is none.
#[derive(Debug)]
pub struct Key<'a>(Result<Cow<'a, str>, &'static str>);

/// A piece of a key template.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// Text of the template.
    Text(&'a str),
    /// A field by name, and its value.
    Field(&'static str, &'a dyn KeyPart),
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Field(name, _) => f.debug_tuple("Field").field(name).finish(),
        }
    }
}

/// A key without fields.
#[must_use]
pub const fn fixed_key(text: &str) -> Key<'_> {
    Key(Ok(Cow::Borrowed(text)))
}

/// A key from a template: values are escaped, so that two backends with
/// different values never have one key.
#[must_use]
pub fn template_key(parts: &[Part<'_>]) -> Key<'static> {
    let mut key = String::with_capacity(32);
    for part in parts {
        match *part {
            Part::Text(text) => key.push_str(text),
            Part::Field(name, value) => {
                let before = key.len();
                if push_value(&mut key, value).is_err() || key.len() == before {
                    return Key(Err(name));
                }
            }
        }
    }
    Key(Ok(Cow::Owned(key)))
}

fn push_value(key: &mut String, value: &dyn KeyPart) -> fmt::Result {
    let start = key.len();
    value.write(&mut Escape(key))?;
    if matches!(&key[start..], "." | "..") {
        let dots = key.len() - start;
        key.truncate(start);
        (0..dots).for_each(|_| key.push_str("%2E"));
    }
    Ok(())
}

/// Percent-escapes everything but letters, digits and `_.@+-`.
struct Escape<'a>(&'a mut String);

impl Write for Escape<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@+-".contains(&byte);
        // As nearly all values.
        if text.bytes().all(stays) {
            self.0.push_str(text);
            return Ok(());
        }
        for byte in text.bytes() {
            match byte {
                byte if stays(byte) => self.0.push(byte.into()),
                _ => write!(self.0, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

impl Key<'_> {
    pub(crate) fn text(&self) -> Result<&str, SessionError> {
        match &self.0 {
            Ok(text) => Ok(text),
            Err(field) => {
                Err(SessionError::config(format!("field `{field}` of the key template is empty"))
                    .help("give it a value that tells this session from others"))
            }
        }
    }
}

/// A file name for a key: for stores that are directories. Two keys never get
/// one name, and a name has no separators, neither begins nor ends with a dot,
/// is no device of Windows (`CON`, `com1.txt`) and holds only letters, digits
/// and `_@+-.%`.
///
/// In a key that a template made, values are escaped already, and here the
/// `%` of that once more: `a/b` in `{account}.session` gives the key
/// `a%2Fb.session` and the file `a%252Fb.session`. That is so for a reason: a
/// file name can be read back as the key, whoever made that, and the key
/// `a/b.session` of another backend gets another file.
///
/// Where file names ignore case (Windows, macOS unless set otherwise) two keys
/// that differ only in case get one file: choose keys that do not.
#[must_use]
pub fn file_name(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    // Writing into a `String` does not fail.
    let _ = Escape(&mut name).write_str(key);
    if name.is_empty() {
        return "%".to_owned();
    }
    if name.ends_with('.') {
        name.pop();
        name.push_str("%2E");
    }
    if name.starts_with('.') || is_device(&name) {
        name = format!("%{:02X}{}", name.as_bytes()[0], &name[1..]);
    }
    name
}

/// Whether Windows takes the name, with whatever ending, for a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        _ => {
            let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
            port.is_some_and(|port| matches!(port.as_bytes(), [b'0'..=b'9']))
        }
    }
}

/// The key that [`file_name`] made a name of; `None` for a name it never
/// gives.
#[must_use]
pub fn key_of_file_name(name: &str) -> Option<String> {
    if name == "%" {
        return Some(String::new());
    }
    let key = unescape_key(name)?;
    (file_name(&key) == name).then_some(key)
}

/// The value of a field that stands in a key: undoes the escaping that a key
/// template does, for backends that list the sessions in their store. `None`
/// for text that no template gives.
///
/// ```
/// assert_eq!(ferogram_session::unescape_key("my%20bot").as_deref(), Some("my bot"));
/// ```
#[must_use]
pub fn unescape_key(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn key(parts: &[Part<'_>]) -> String {
        template_key(parts).text().unwrap().to_owned()
    }

    #[test]
    fn values_are_escaped() {
        let of = |value: &str| key(&[Part::Text("tg:"), Part::Field("account", &value)]);
        assert_eq!(of("bot_1.test@x+y-z"), "tg:bot_1.test@x+y-z");
        assert_eq!(of("a:b/c d"), "tg:a%3Ab%2Fc%20d");
        assert_eq!(of("%3A"), "tg:%253A");
        assert_eq!(of("ü"), "tg:%C3%BC");
        assert_eq!(of("."), "tg:%2E");
        assert_eq!(of(".."), "tg:%2E%2E");
        assert_eq!(of("..."), "tg:...");
        assert_eq!(key(&[Part::Field("id", &-7_i64)]), "-7");
    }

    #[test]
    fn an_empty_value_is_an_error_that_names_the_field() {
        let empty = "";
        let error = template_key(&[Part::Field("account", &empty)]).text().unwrap_err().to_string();
        assert!(error.contains("`account`"), "{error}");
    }

    #[test]
    fn file_names_are_distinct_and_harmless() {
        let keys =
            ["", ".", "..", "a/b", "a%2Fb", "a", ".a", "%2Ea", "ü", "a b", "%", "{}", "a\0b"];
        let names: HashSet<String> = keys.iter().map(|key| file_name(key)).collect();
        assert_eq!(names.len(), keys.len());
        for (key, name) in keys.iter().map(|key| (key, file_name(key))) {
            assert!(!name.starts_with('.') && !name.contains(['/', '\\', '\0']), "{name}");
            assert_eq!(key_of_file_name(&name).as_deref(), Some(*key));
        }
        let of_a_template = key(&[Part::Field("account", &"a/b"), Part::Text(".session")]);
        assert_eq!(file_name(&of_a_template), "a%252Fb.session");
        // Windows drops a dot at the end, and opens a device whatever follows.
        for (key, name) in [
            ("a.", "a%2E"),
            ("..", "%2E%2E"),
            ("CON", "%43ON"),
            ("nul.session", "%6Eul.session"),
            ("Com1", "%43om1"),
            ("COM", "COM"),
            ("com10", "com10"),
            ("auxiliary", "auxiliary"),
        ] {
            assert_eq!(file_name(key), name);
            assert_eq!(key_of_file_name(name).as_deref(), Some(key));
        }
        assert_eq!(key_of_file_name("CON"), None);
        assert_eq!(key_of_file_name("a%"), None);
        assert_eq!(key_of_file_name("a%2f"), None);
    }
}
