//! Where a word is valid, for messages about one that is not.

use super::{
    FIELDS, FieldKey, Mode, OPTIONS, STRUCT, field_word, find, means_store, mode, mode_meant,
    option_meant, words,
};

/// Where a word is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    /// In the parentheses of a mode.
    Option,
    Field,
}

/// A list that is being read: what is valid in it, for messages about what is
/// no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    Struct,
    /// The parentheses of a mode.
    Options(Mode),
    Field,
}

impl Site {
    /// An attribute that is valid here.
    pub(crate) fn attribute(self) -> String {
        let word = match self {
            Site::Struct | Site::Options(_) => Mode::KeyValue.word(),
            Site::Field => field_word(FieldKey::Store),
        };
        format!("#[session({word})]")
    }

    /// How a word is written that is valid here.
    pub(crate) fn example(self, word: &str) -> Option<&'static str> {
        match self {
            Site::Struct => find(STRUCT, word).map(|keyword| keyword.example),
            Site::Options(mode) => {
                mode.options().find(|option| option.word == word).map(|option| option.example)
            }
            Site::Field => find(FIELDS, word).map(|keyword| keyword.example),
        }
    }

    /// Whether two words may stand in this list, one beside the other.
    pub(crate) fn may_stand_together(self, words: &[String; 2]) -> bool {
        let are_valid = words.iter().all(|word| self.example(word).is_some());
        let are_modes = words.iter().all(|word| mode(word).is_some());
        are_valid && !are_modes && words[0] != words[1] && self != Site::Field
    }

    /// How the word is written that is this one, or is meant by it.
    pub(crate) fn example_meant(self, word: &str) -> Option<&'static str> {
        self.example(word).or_else(|| self.example(self.meant(word)?))
    }

    /// The mode that is named here, or is meant.
    pub(crate) fn mode_meant(self, word: &str) -> Option<Mode> {
        let meant = || mode(word).or_else(|| mode_meant(word));
        (self == Site::Struct).then(meant)?
    }

    /// The word that is meant by one that is not valid here.
    pub(crate) fn meant(self, word: &str) -> Option<&'static str> {
        match self {
            Site::Struct => mode_meant(word)
                .map(Mode::word)
                .or_else(|| crate::suggest::nearest(word, words(STRUCT))),
            Site::Options(mode) => option_meant(word, mode),
            Site::Field if means_store(word) => Some(field_word(FieldKey::Store)),
            Site::Field => crate::suggest::nearest(word, words(FIELDS)),
        }
    }
}

/// The first place where `word` is valid, `except` one where it was found not
/// to be.
pub(crate) fn elsewhere(word: &str, except: Place) -> Option<Place> {
    let places = [
        (Place::Struct, find(STRUCT, word).is_some()),
        (Place::Option, find(OPTIONS, word).is_some()),
        (Place::Field, find(FIELDS, word).is_some()),
    ];
    places.into_iter().find(|&(place, valid)| valid && place != except).map(|(place, _)| place)
}

/// Whether an option is one that a mode does not have.
pub(crate) fn has_no_effect(word: &str, mode: Option<Mode>) -> bool {
    mode.zip(find(OPTIONS, word)).is_some_and(|(mode, option)| !option.key.valid_in(mode))
}

/// Whether a word is valid anywhere.
pub(crate) fn is_word(word: &str) -> bool {
    !example(word).is_empty()
}

/// How a word is written, wherever it is valid.
pub(crate) fn example(word: &str) -> &'static str {
    find(STRUCT, word)
        .map(|keyword| keyword.example)
        .or_else(|| find(OPTIONS, word).map(|keyword| keyword.example))
        .or_else(|| find(FIELDS, word).map(|keyword| keyword.example))
        .unwrap_or_default()
}
