/// What the names of all tables begin with: letters, digits and `_`, checked
/// when the program is compiled if it is a constant.
///
/// ```
/// use ferogram_session::TablePrefix;
///
/// const TABLES: TablePrefix = TablePrefix::new("bots_");
/// assert_eq!(TablePrefix::default().as_str(), "ferogram_");
/// # assert_eq!(TABLES.as_str(), "bots_");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TablePrefix(&'static str);

impl TablePrefix {
    /// A prefix.
    ///
    /// # Panics
    ///
    /// If it is not one; in a constant that is an error of the compiler.
    #[must_use]
    #[expect(clippy::panic, reason = "in a constant, an error of the compiler")]
    pub const fn new(prefix: &'static str) -> Self {
        match Self::check(prefix) {
            Ok(()) => Self(prefix),
            Err(why) => panic!("{}", why),
        }
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }

    const fn check(prefix: &str) -> Result<(), &'static str> {
        let bytes = prefix.as_bytes();
        if bytes.is_empty() {
            return Err(
                "a table prefix is not empty, because other tables of the database could have the same names",
            );
        }
        if bytes.len() > 40 {
            return Err(
                "a table prefix has at most 40 bytes, because databases cut longer names off",
            );
        }
        if !bytes[0].is_ascii_alphabetic() {
            return Err("a table prefix starts with a letter, because it becomes part of SQL");
        }
        let mut at = 0;
        while at < bytes.len() {
            if !(bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                return Err(
                    "a table prefix is letters, digits and `_`, starts with a letter, and has at most 40 bytes, because it becomes part of SQL",
                );
            }
            at += 1;
        }
        Ok(())
    }
}

impl Default for TablePrefix {
    fn default() -> Self {
        Self("ferogram_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_prefix() {
        for prefix in ["", "1a", "_a", "a-b", "a b", "a;", "\u{e4}", &"a".repeat(41)] {
            assert!(TablePrefix::check(prefix).is_err(), "{prefix}");
        }
        assert!(TablePrefix::check("Bots_2_").is_ok());
    }
}
