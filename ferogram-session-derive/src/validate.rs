//! From what the attributes say to a model: the rules that need more than one
//! attribute to be seen.

mod likely;
mod size;
mod unnamed;

use proc_macro2::{Ident, Span};
use syn::{Data, DataStruct, DeriveInput, Fields, FieldsNamed};

use crate::attr::plain;
use crate::container::{self, Container, Given};
use crate::diag::Diagnostics;
use crate::field::{self, Named, Roles};
use crate::keys::{CodecKey, FieldKey, Mode};
use crate::lints;
use crate::message::{self, shape};
use crate::model::{Key, Layout, Model, Name};
use crate::source::text;
use crate::template::{self, Part, Scope};
use crate::value::{Codec, CratePath};
use crate::wrapper::{self, Wrapped};

/// The model of `input`, or `None` after a mistake that leaves nothing to
/// model.
pub(crate) fn model<'a>(
    input: &'a DeriveInput,
    diag: &mut Diagnostics,
) -> (Option<Model<'a>>, CratePath) {
    let fields = match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => Some(fields),
        _ => None,
    };
    let for_keys = fields.map(field::for_keys).unwrap_or_default();
    let container = container::read(&input.attrs, &for_keys, diag);
    let krate = container.krate.as_ref().and_then(|given| given.value.clone()).unwrap_or_default();
    (checked(input, fields, container, diag), krate)
}

fn checked<'a>(
    input: &'a DeriveInput,
    fields: Option<&'a FieldsNamed>,
    mut container: Container,
    diag: &mut Diagnostics,
) -> Option<Model<'a>> {
    if !has_fields(input, diag) {
        check_without_fields(input, container, diag);
        return None;
    }
    let fields = fields?;
    let roles = field::read(fields, &mut container, diag);
    check_mode(input, &container, diag);
    let mode = container.mode.as_ref().map(|(mode, _)| *mode);
    let name = name(&container, &input.ident, &roles, diag);
    check_name(&container, fields, diag);
    let key = key(container.key, Some(fields), &roles, diag);
    check_store(Some(fields), &key, &roles, input, diag);
    check_wrappers(fields, &roles, &key, mode, diag);
    size::check(&roles, &input.generics, diag);

    Some(Model {
        ident: &input.ident,
        generics: &input.generics,
        krate: container.krate.and_then(|given| given.value).unwrap_or_default(),
        allowed: lints::allowed(input),
        layout: layout(mode?, container.codec.and_then(|given| given.value)),
        key,
        name,
        store: roles.store?,
        cache: roles.cache,
    })
}

fn check_mode(input: &DeriveInput, container: &Container, diag: &mut Diagnostics) {
    if container.mode.is_none() && !container.mode_attempted {
        diag.at(&input.ident, shape::no_mode());
    }
}

/// Whether there are fields with names, as a backend has.
fn has_fields(input: &DeriveInput, diag: &mut Diagnostics) -> bool {
    match &input.data {
        Data::Enum(data) => diag.at(&data.enum_token, shape::is_enum()),
        Data::Union(data) => diag.at(&data.union_token, shape::is_union()),
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => return true,
            Fields::Unit | Fields::Named(_) => diag.at(&input.ident, shape::no_fields()),
            Fields::Unnamed(fields) => {
                diag.at(
                    fields,
                    shape::unnamed_fields(&unnamed::written(unnamed::with_names(input, fields))),
                );
            }
        },
    }
    false
}

/// The mistakes that a struct has besides having no fields with names.
fn check_without_fields(input: &DeriveInput, container: Container, diag: &mut Diagnostics) {
    match &input.data {
        // As it will be once its fields have names.
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) => {
            let input = unnamed::with_names(input, fields);
            if let Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) = &input.data {
                checked(&input, Some(fields), container, diag);
            }
        }
        // An enum or a union has to become a struct first, and its mode is then
        // still to be chosen.
        data => {
            if matches!(data, Data::Struct(_)) {
                check_mode(input, &container, diag);
            }
            let roles = Roles::default();
            name(&container, &input.ident, &roles, diag);
            key(container.key, None, &roles, diag);
        }
    }
}

fn name<'a>(
    container: &Container,
    ident: &Ident,
    roles: &Roles<'a>,
    diag: &mut Diagnostics,
) -> Name<'a> {
    let default = crate::name::of_type(&plain(ident));
    let literal = container.name.as_ref().and_then(|given| given.value.as_ref());
    if let Some(literal) = literal {
        let text = literal.value();
        if text.trim().is_empty() {
            diag.at(literal, message::empty_name(&text, &default));
        } else if let Some(found) = text.chars().find(|c| c.is_control()) {
            diag.at(literal, message::control_character("backend name", found));
        }
    }
    match (&container.name, &roles.name) {
        (Some(given), Some((_, word))) => {
            diag.pair((word, shape::two_names()), (&given.at, message::first("name")));
            Name::Text(default)
        }
        (None, Some((field, _))) => Name::Field(*field),
        (_, None) => Name::Text(literal.map_or(default, syn::LitStr::value)),
    }
}

/// A name is not a template.
fn check_name(container: &Container, fields: &FieldsNamed, diag: &mut Diagnostics) {
    let Some(literal) = container.name.as_ref().and_then(|given| given.value.as_ref()) else {
        return;
    };
    let text = literal.value();
    let mut names = field::named(fields).map(|field| plain(field.ident));
    if let Some(field) = names.find(|field| text.contains(&format!("{{{field}}}"))) {
        diag.at(literal, message::field_in_name(&field));
    }
}

fn key<'a>(
    given: Option<Given<syn::LitStr>>,
    fields: Option<&'a FieldsNamed>,
    roles: &Roles<'a>,
    diag: &mut Diagnostics,
) -> Key<'a> {
    let Some(literal) = given.and_then(|given| given.value) else {
        return Key::Fixed("default".to_owned());
    };
    let unused = |field: &Named<'a>| field.used_for().is_none();
    let marked =
        |key| fields.into_iter().flat_map(field::named).find(|field| field.used_for() == Some(key));
    let scope = Scope {
        known: fields.is_some(),
        fields: fields.into_iter().flat_map(field::named).filter(unused).collect(),
        store: roles.store.or_else(|| marked(FieldKey::Store)),
        cache: roles.cache.or_else(|| marked(FieldKey::Cache)),
    };
    let parts = template::parse(&literal, &scope, diag);
    match parts.as_slice() {
        [Part::Text(text)] => Key::Fixed(text.clone()),
        _ => Key::Template(parts),
    }
}

fn check_store(
    fields: Option<&FieldsNamed>,
    key: &Key<'_>,
    roles: &Roles<'_>,
    input: &DeriveInput,
    diag: &mut Diagnostics,
) {
    let Some(fields) = fields else { return };
    if roles.store.is_some() || roles.store_attempted {
        return;
    }
    let mut taken: Vec<&Ident> = key.fields().map(|field| field.ident).collect();
    taken.extend(roles.cache.map(|field| field.ident));
    taken.extend(roles.name.as_ref().map(|(field, _)| field.ident));
    let likely = likely::store(field::named(fields).filter(|field| !taken.contains(&field.ident)));
    diag.at(&input.ident, shape::no_store(likely.as_deref()));
}

/// What is around the store and the cache, and in the other fields.
fn check_wrappers(
    fields: &FieldsNamed,
    roles: &Roles<'_>,
    key: &Key<'_>,
    mode: Option<Mode>,
    diag: &mut Diagnostics,
) {
    let used = [roles.store, roles.cache].map(|field| field.map(|field| field.ident));
    for field in field::named(fields).filter(|field| !used.contains(&Some(field.ident))) {
        let is_name = roles.name.as_ref().is_some_and(|(name, _)| name.ident == field.ident);
        let is_value = is_name || key.fields().any(|part| part.ident == field.ident);
        if let Some(found) = wrapper::one_thread::find(field.ty(), is_value) {
            diag.at(field.ty(), shape::one_thread_in_field(&found));
            diag.one_thread = true;
        }
    }
    if let Some((field, found)) = wrapped(roles.store) {
        diag.at(field.ty(), shape::store_in_wrapper(&found, mode));
        diag.one_thread = true;
    }
    if let Some((field, found)) = wrapped(roles.cache) {
        diag.at(field.ty(), shape::cache_in_wrapper(&text(field.ty()), &found));
        diag.one_thread = true;
    }
}

fn wrapped(field: Option<Named<'_>>) -> Option<(Named<'_>, Wrapped)> {
    field.and_then(|field| Some((field, wrapper::find(field.ty())?)))
}

fn layout(mode: Mode, codec: Option<Codec>) -> Layout {
    let codec = codec.unwrap_or_else(|| {
        let native = CodecKey::Native;
        Codec::Known(native, Ident::new(native.word(), Span::mixed_site()))
    });
    match mode {
        Mode::Blob => Layout::Blob(codec),
        Mode::KeyValue => Layout::KeyValue(codec),
        Mode::Rows => Layout::Rows,
    }
}
