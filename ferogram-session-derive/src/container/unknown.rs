//! Words that are none on the struct, and words of another place.

use super::mode::{as_options, in_parentheses, value_as_option};
use super::{Given, ModeText, Reader, in_mode, mode_text, named_mode, written};
use crate::attr::{Item, Rest};
use crate::diag::Diagnostics;
use crate::keys::{self, Mode, Place, Site};
use crate::message;
use crate::source::text;
use crate::value;

impl Reader<'_> {
    /// A word that the table does not have for the struct.
    pub(super) fn unknown(&mut self, item: Item, name: &str, diag: &mut Diagnostics) {
        // Such a word is there in place of the mode.
        let instead = self.modeless;
        let needs = |mode: Mode| instead.then(|| item.listed.attribute_with(mode.word()));
        if keys::names_tables(name) {
            self.container.mode_attempted |= instead;
            let mode = needs(Mode::Rows);
            let message = message::tables(name, item.string().as_deref(), mode.as_deref());
            return diag.at(&item.word, message);
        }
        let mode = self.container.mode_text.as_ref().filter(|text| !text.listed.is(&item.listed));
        let first = mode.map(|text| text.mode);
        if let Some(meant) = named_mode(name, &item) {
            match (first, meant) {
                (Some(first), Some(_)) => {
                    return diag
                        .at(&item.word, message::mode_too_many(item.listed.written(), first));
                }
                (Some(_), None) => {
                    return diag.at(&item.word, message::unknown_struct_option(name));
                }
                (None, _) => {}
            }
            self.container.mode_attempted = true;
            let mode = meant.unwrap_or(Mode::KeyValue).word();
            let attribute = item.listed.attribute_with(mode);
            return diag.at(&item.word, message::mode_is_a_word(name, meant, &attribute));
        }
        if let Some(place) = keys::elsewhere(name, Place::Struct) {
            if place == Place::Field {
                self.container.store_attempted |= name == "store";
                self.container.mode_attempted |= instead;
                let mode = needs(Mode::KeyValue);
                let message = message::field_option_on_struct(name, mode.as_deref());
                return diag.at(&item.word, message);
            }
            return self.misplaced(&item, name, diag);
        }
        let has_mode = first.is_some();
        if let Some(option) = self.as_option(&item, name, has_mode) {
            return self.meant_option(&item, name, &option, diag);
        }
        if let Some(first) = first.filter(|_| means_mode(&item, name)) {
            return diag.at(&item.word, message::mode_too_many(item.listed.written(), first));
        }
        let near = crate::suggest::nearest(name, keys::words(keys::STRUCT));
        let near_mode = near.is_some_and(|near| keys::modes().any(|mode| mode == near));
        if keys::is_async(name) {
            self.container.mode_attempted |= instead;
            let mode = needs(Mode::KeyValue);
            return diag.at(&item.word, message::async_store(name, mode.as_deref()));
        }
        let item = Item { rest: as_options(item.rest), ..item };
        match &item.rest {
            Rest::Value(_, value)
                if near_mode || !has_mode && near.is_none() && keys::mode_meant(name).is_some() =>
            {
                self.container.mode_attempted = true;
                let meant = keys::mode_meant(name);
                let attribute = meant.map(|mode| {
                    let option = value_as_option(mode, value, self.fields);
                    let option = option.map(|option| format!("({option})")).unwrap_or_default();
                    item.listed.attribute_with(&format!("{}{option}", mode.word()))
                });
                diag.at(&item.word, message::unknown_mode(name, meant, attribute.as_deref()));
            }
            Rest::Value(..) => diag.at(&item.word, message::unknown_struct_option(name)),
            Rest::Nothing | Rest::List(_) if near.is_some() && !near_mode || has_mode => {
                diag.at(&item.word, message::unknown_struct_option(name));
            }
            rest => {
                let meant = keys::mode_meant(name);
                let attribute = meant.map(|mode| match rest {
                    Rest::List(group) if !group.stream().is_empty() => {
                        let options = text(&group.stream());
                        item.listed.attribute_with(&format!("{}({options})", mode.word()))
                    }
                    _ => item.listed.attribute_with(mode.word()),
                });
                diag.at(&item.word, message::unknown_mode(name, meant, attribute.as_deref()));
                self.container.mode_attempted = true;
                // With a good guess at the mode, the mistakes in its options
                // can be found in the same build.
                if let Some(mode) = meant
                    && self.container.mode.is_none()
                {
                    self.container.mode_text = Some(ModeText {
                        options: match &item.rest {
                            Rest::List(group) => text(&group.stream()),
                            Rest::Nothing | Rest::Value(..) => String::new(),
                        },
                        ..mode_text(&item, mode)
                    });
                    self.mode(mode, item.word, in_parentheses(item.rest), diag);
                }
            }
        }
    }

    /// The option that an item means that stands where modes do: `prefix = "a"`,
    /// `json`, and a field of the key beside a mode.
    fn as_option(&self, item: &Item, name: &str, has_mode: bool) -> Option<String> {
        if keys::find(keys::CODECS, name).is_some() {
            let codec = format!("codec = {name}");
            let has_key = self.container.mode_text.as_ref().is_some_and(|text| text.has("key"));
            return match &item.rest {
                Rest::Value(..) => None,
                // `json(key = "a")`
                Rest::List(options) if !has_key => {
                    Some(format!("{codec}, {}", text(&options.stream())))
                }
                Rest::Nothing | Rest::List(_) => Some(codec),
            };
        }
        if has_mode
            && matches!(item.rest, Rest::Nothing)
            && self.fields.iter().any(|field| field == name)
        {
            return Some(format!("key = \"{{{name}}}\""));
        }
        let option = keys::option_spelt(name)?;
        match &item.rest {
            Rest::Nothing => None,
            Rest::Value(_, value) => Some(written(option, value, self.fields)),
            Rest::List(group) => Some(written(option, &group.stream(), self.fields)),
        }
    }

    /// Such an item, with the option as it should be written.
    fn meant_option(&mut self, item: &Item, name: &str, option: &str, diag: &mut Diagnostics) {
        let meant = option.split(' ').next().unwrap_or_default();
        let mode = self.container.mode_text.as_ref().map(|text| text.mode);
        // Whoever writes it may not know of modes.
        self.container.mode_attempted = true;
        if keys::has_no_effect(meant, mode) {
            return diag.at(&item.word, message::codec_in_rows());
        }
        let has_it = self.container.mode_text.as_ref().is_some_and(|text| text.has(meant));
        let attribute = self.container.with_option(option, std::slice::from_ref(&item.listed));
        let attribute = (!has_it).then_some(attribute);
        diag.at(&item.word, message::option_of_mode(name, meant, attribute.as_deref()));
    }

    /// An option of the mode, beside it.
    fn misplaced(&mut self, item: &Item, name: &str, diag: &mut Diagnostics) {
        let mode = self.container.mode_text.as_ref().map(|text| text.mode);
        if keys::has_no_effect(name, mode) {
            return diag.at(&item.word, message::codec_in_rows());
        }
        // Whoever writes the option of a mode may not know of modes: that is
        // one mistake.
        self.container.mode_attempted = true;
        if self.container.has(name) {
            return diag.at(&item.word, message::not_on_struct_either(name));
        }
        // What is wrong with its value is found in the same build.
        if let Rest::Value(_, tokens) = &item.rest {
            match name {
                "codec" => drop(value::codec(tokens, diag)),
                _ => {
                    let value = value::string(name, tokens, self.fields, diag);
                    if !self.beside.is_empty() {
                        self.container.key = Some(Given { at: tokens.clone(), value });
                    }
                }
            }
        }
        if self.beside.len() > 1 {
            // They go there together: one message shows all.
            if !std::mem::replace(&mut self.moved, true) {
                let written: Vec<_> =
                    self.beside.iter().map(|(_, text, _)| text.as_str()).collect();
                let listed: Vec<_> = self.beside.iter().map(|(.., item)| item.clone()).collect();
                let attribute = self.container.with_option(&written.join(", "), &listed);
                let names: Vec<_> = self.beside.iter().map(|(name, ..)| name.as_str()).collect();
                diag.at(&item.word, message::options_on_struct(&names, &attribute));
            }
            return;
        }
        let written = in_mode(item, name, self.fields);
        let listed = std::slice::from_ref(&item.listed);
        let attribute = self.container.with_option(&written, listed);
        let alone = item.listed.without().is_empty() && self.container.mode_text.is_some();
        diag.at(&item.word, message::not_on_struct(name, &attribute, alone));
    }
}

/// Whether a word is meant as a mode. What has other things in its parentheses
/// than a mode has is none, `fields(store = redis)`, nor what has a value, unless
/// it is misspelt: `file = "a"`.
fn means_mode(item: &Item, name: &str) -> bool {
    let Some(mode) = keys::mode_meant(name) else { return false };
    match &item.rest {
        Rest::Nothing => true,
        Rest::Value(..) => crate::suggest::nearest(name, keys::modes()).is_some(),
        Rest::List(group) => group
            .stream()
            .into_iter()
            .next()
            .is_none_or(|first| Site::Options(mode).example_meant(&first.to_string()).is_some()),
    }
}
