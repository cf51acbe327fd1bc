//! Collecting mistakes, so that one build reports all of them.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far.
///
/// Nothing returns early on a mistake: what can still be understood is checked
/// too, and the last step asks [`finish`](Self::finish) whether there is
/// anything to report.
#[derive(Default)]
#[must_use]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    /// A field of the struct stays on one thread, and that is reported.
    pub(crate) one_thread: bool,
    /// `#[Session(..)]`: attributes that are no one's, which the compiler
    /// reports by itself, or those of another derive.
    pub(crate) misspelt: Vec<syn::Attribute>,
}

impl Diagnostics {
    /// A mistake at `tokens`, underlined from the first to the last of them.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake at `span`, for places that are no token of their own, such as
    /// a pair of parentheses.
    pub(crate) fn span(&mut self, span: Span, message: impl Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// A mistake that somebody else found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// A mistake that needs two places to be seen: the `second` is wrong
    /// because of the `first`.
    ///
    /// Stable Rust gives procedural macros no labels or notes, so the first
    /// place is an error of its own.
    pub(crate) fn pair(
        &mut self,
        (second, message): (&impl ToTokens, String),
        (first, label): (&impl ToTokens, String),
    ) {
        self.at(second, message);
        self.at(first, label);
    }

    /// How many mistakes there are, to see whether some step has found one.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// The mistakes as `compile_error!` calls, or `None` if there are none.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        if self.errors.is_empty() {
            return None;
        }
        Some(self.errors.iter().map(syn::Error::to_compile_error).collect())
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.errors.iter().map(ToString::to_string).collect()
    }
}
