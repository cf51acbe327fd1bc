//! A struct that has been understood. What cannot be expanded cannot be written
//! down here.

use proc_macro2::TokenStream;
use syn::{Generics, Ident};

use crate::field::Named;
use crate::keys::Mode;
use crate::template::Part;
use crate::value::{Codec, CratePath};

pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) krate: CratePath,
    /// Lint attributes for the generated items.
    pub(crate) allowed: TokenStream,
    pub(crate) layout: Layout,
    pub(crate) key: Key<'a>,
    pub(crate) name: Name<'a>,
    pub(crate) store: Named<'a>,
    pub(crate) cache: Option<Named<'a>>,
}

/// A mode with what belongs to it: rows have no codec.
pub(crate) enum Layout {
    Blob(Codec),
    KeyValue(Codec),
    Rows,
}

impl Layout {
    pub(crate) fn codec(&self) -> Option<&Codec> {
        match self {
            Layout::Blob(codec) | Layout::KeyValue(codec) => Some(codec),
            Layout::Rows => None,
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        match self {
            Layout::Blob(_) => Mode::Blob,
            Layout::KeyValue(_) => Mode::KeyValue,
            Layout::Rows => Mode::Rows,
        }
    }
}

pub(crate) enum Key<'a> {
    /// No field in it.
    Fixed(String),
    Template(Vec<Part<'a>>),
}

impl<'a> Key<'a> {
    /// The fields that are part of the key.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Named<'a>> {
        let parts = match self {
            Key::Fixed(_) => &[],
            Key::Template(parts) => parts.as_slice(),
        };
        parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Field(field) => Some(*field),
        })
    }
}

pub(crate) enum Name<'a> {
    Text(String),
    Field(Named<'a>),
}
