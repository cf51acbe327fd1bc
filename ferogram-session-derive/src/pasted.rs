//! Takes each help of the cases in `tests/ui` that shows a whole attribute at its
//! word: the struct of that case with it has no mistake any more, and has lost
//! nothing that was right.
//!
//! That what a help says compiles is tested there, but beside other structs.

use std::path::Path;

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{Attribute, Fields, Ident, Item, ItemStruct, Meta, parse_quote};

use crate::keys;
use crate::source::text;

#[test]
fn helps_are_ways_out() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/cases");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for topic in std::fs::read_dir(cases).unwrap() {
        for case in std::fs::read_dir(topic.unwrap().path()).into_iter().flatten() {
            let path = case.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let Some(input) = only_backend(&source) else { continue };
                if let Some(found) = check(&input) {
                    seen += 1;
                    wrong.extend(found.err().map(|why| format!("{}: {why}", path.display())));
                }
            }
        }
    }
    assert!(seen > 50, "found {seen} only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The struct with the derive, if there is one.
fn only_backend(source: &str) -> Option<ItemStruct> {
    let items = syn::parse_file(source).ok()?.items.into_iter();
    let mut structs = items.filter_map(|item| match item {
        Item::Struct(item) if text(&item).contains("derive(SessionBackend)") => Some(item),
        _ => None,
    });
    let mut only = structs.next().filter(|_| structs.next().is_none())?;
    only.attrs.retain(|attr| !attr.path().is_ident("derive"));
    Some(only)
}

/// `None` if there is no help, or one that shows no attribute of the struct.
fn check(input: &ItemStruct) -> Option<Result<(), String>> {
    let [message] = &messages(input)[..] else { return None };
    let help = message.split_once("\nhelp: ")?.1;
    let (attribute, behind) = help.strip_prefix("write `")?.split_once('`')?;
    if !attribute.starts_with("#[session(") || behind.contains(" here") {
        return None;
    }
    let attribute: ItemStruct = syn::parse_str(&format!("{attribute} struct S;")).ok()?;
    let attribute = attribute.attrs.into_iter().next()?;
    let is_of_field = !words(&attribute).is_empty();
    let mut pasted = input.clone();
    let Fields::Named(fields) = &mut pasted.fields else { return None };
    for attr in fields.named.iter_mut().flat_map(|field| &mut field.attrs) {
        if is_of_field && attr.path().is_ident("session") && words(attr).is_empty() {
            attr.clone_from(&attribute);
        } else if behind.contains("above the struct") {
            let kept: Ident =
                syn::parse_str(words(attr).first().map_or("other", |word| word)).ok()?;
            *attr = parse_quote!(#[session(#kept)]);
        }
    }
    if !is_of_field {
        // In several attributes the help is one of them.
        let mut ours = pasted.attrs.iter_mut().filter(|attr| attr.path().is_ident("session"));
        let place = ours.next().filter(|_| ours.next().is_none())?;
        let has = |attr: &Attribute, word: &str| {
            text(attr).split(['(', ',']).any(|item| item.trim().starts_with(&format!("{word} =")))
        };
        let is_lost = |word: &str| has(place, word) && !has(&attribute, word);
        if let Some(lost) = ["name", "crate"].into_iter().find(|word| is_lost(word)) {
            return Some(Err(format!("`{lost}` is lost in `{}`", text(&attribute))));
        }
        *place = attribute.clone();
    }
    for field in fields.named.iter_mut() {
        field.attrs.retain(|attr| !text(attr).contains("session(other)"));
    }
    let left = messages(&pasted);
    let wrong = || format!("`{}` gives {left:?}", text(&attribute));
    Some(if left.is_empty() { Ok(()) } else { Err(wrong()) })
}

/// The field options in an attribute, if they are alone or beside something that
/// is none.
fn words(attr: &Attribute) -> Vec<String> {
    let Meta::List(list) = &attr.meta else { return Vec::new() };
    let items = text(&list.tokens);
    let items = items.split(',').map(str::trim).map(str::to_owned);
    items.filter(|item| keys::find(keys::FIELDS, item).is_some()).collect()
}

fn messages(input: &ItemStruct) -> Vec<String> {
    let output = crate::derive(input.to_token_stream());
    let message = |token| match token {
        TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
        _ => None,
    };
    output.into_iter().filter_map(message).map(|literal| literal.value()).collect()
}
