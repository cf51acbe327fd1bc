//! The list that an item stands in, as it was written: a help line that shows a
//! whole attribute keeps what is right in it.

use std::rc::Rc;

use crate::keys::Mode;

/// An item among those of its list.
#[derive(Clone)]
pub(crate) struct Listed {
    items: Rc<[String]>,
    at: usize,
}

impl Listed {
    /// One for each item of a list.
    pub(crate) fn all(items: Vec<String>) -> impl Iterator<Item = Self> {
        let items: Rc<[String]> = items.into();
        (0..items.len()).map(move |at| Listed { items: Rc::clone(&items), at })
    }

    /// The list with this item written `instead`, or without it if that is
    /// empty, and without those of `removed` that stand in the same list.
    fn items_with(&self, instead: &str, removed: &[Listed]) -> String {
        let is = |at: usize, item: &Listed| at == item.at && Rc::ptr_eq(&item.items, &self.items);
        let items = self.items.iter().enumerate().map(|(at, item)| match at {
            at if at == self.at => instead,
            at if removed.iter().any(|item| is(at, item)) => "",
            _ => item,
        });
        items.filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Whether both are the same item.
    pub(crate) fn is(&self, other: &Listed) -> bool {
        Rc::ptr_eq(&self.items, &other.items) && self.at == other.at
    }

    /// The item as it was written.
    pub(crate) fn written(&self) -> &str {
        &self.items[self.at]
    }

    /// The list without this item.
    pub(crate) fn without(&self) -> String {
        self.items_with("", &[])
    }

    /// The attribute with this item written `instead`.
    pub(crate) fn attribute_with(&self, instead: &str) -> String {
        self.attribute_with_one_for(instead, &[])
    }

    /// The attribute with `one` in place of this item, and without the others
    /// of `several`.
    pub(crate) fn attribute_with_one_for(&self, one: &str, several: &[Listed]) -> String {
        format!("#[session({})]", self.items_with(one, several))
    }

    /// The attribute with one item more before this one.
    pub(crate) fn attribute_with_before(&self, item: &str) -> String {
        let this = self.written();
        self.attribute_with(&if this.is_empty() {
            item.to_owned()
        } else {
            format!("{item}, {this}")
        })
    }
}

/// The mode of a struct as it was written, with its options.
pub(crate) struct ModeText {
    pub(crate) mode: Mode,
    pub(crate) options: String,
    pub(crate) listed: Listed,
}

impl ModeText {
    /// Whether the mode has this option.
    pub(crate) fn has(&self, option: &str) -> bool {
        let mut parts = self.options.split(',').map(str::trim_start);
        parts.any(|part| part.split([' ', '=', '(']).next() == Some(option))
    }

    /// The attribute with one option more, or several. `from` is where they
    /// stand now.
    pub(crate) fn with_option(&self, option: &str, from: &[Listed]) -> String {
        let options = if self.options.is_empty() {
            option.to_owned()
        } else {
            format!("{}, {option}", self.options)
        };
        let mode = format!("{}({options})", self.mode.word());
        self.listed.attribute_with_one_for(&mode, from)
    }

    /// The attribute with one item more, beside the mode. `options` are what is
    /// left of those of the mode.
    pub(crate) fn with_item(&self, item: &str, options: &str) -> String {
        let mode = self.mode.word();
        let mode = if options.is_empty() {
            format!("{mode}, {item}")
        } else {
            format!("{mode}({options}), {item}")
        };
        self.listed.attribute_with(&mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Vec<Listed> {
        Listed::all(items.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn an_attribute_keeps_its_other_items() {
        let items = list(&["kv", "name = \"a\"", ""]);
        assert_eq!(items[0].attribute_with("key_value"), "#[session(key_value, name = \"a\")]");
        assert_eq!(items[1].without(), "kv");
    }

    #[test]
    fn an_option_moves_into_its_mode() {
        let items = list(&["codec = json", "blob(key = \"a\")", "name = \"b\""]);
        let mode = ModeText {
            mode: Mode::Blob,
            options: "key = \"a\"".to_owned(),
            listed: items[1].clone(),
        };
        assert_eq!(
            mode.with_option("codec = json", &items[..1]),
            "#[session(blob(key = \"a\", codec = json), name = \"b\")]"
        );
        let elsewhere = list(&["codec = json"]);
        assert_eq!(
            mode.with_option("codec = json", &elsewhere),
            "#[session(codec = json, blob(key = \"a\", codec = json), name = \"b\")]"
        );
        assert_eq!(
            mode.with_item("crate = ::a", ""),
            "#[session(codec = json, blob, crate = ::a, name = \"b\")]"
        );
    }
}
