//! A template, taken apart at its braces.

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'k> {
    Text(String),
    /// What stands between `{` and `}`.
    Hole(&'k str),
}

/// A brace without its other half, at this byte.
pub(crate) enum Brace {
    Open(usize),
    Close(usize),
}

/// Takes a template apart. Only the first misplaced brace is reported, as it
/// decides how to read all others.
pub(super) fn pieces(key: &str) -> Result<Vec<Piece<'_>>, Brace> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = key.char_indices().peekable();
    while let Some((byte, c)) = chars.next() {
        match c {
            '{' | '}' if chars.next_if(|&(_, next)| next == c).is_some() => literal.push(c),
            '}' => return Err(Brace::Close(byte)),
            '{' => {
                let rest = &key[byte + 1..];
                let Some(length) =
                    rest.find(['{', '}']).filter(|&end| rest[end..].starts_with('}'))
                else {
                    return Err(Brace::Open(byte));
                };
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Hole(&rest[..length]));
                while chars.next_if(|&(at, _)| at <= byte + 1 + length).is_some() {}
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

/// Two fields must be told apart in the key, whatever their values are.
///
/// A value keeps its ASCII letters, digits and `_.@+-`, and everything else in
/// it is escaped with `%`. So a separator is only one if it has a character
/// that is none of these; otherwise `"{a}-{b}"` is `1-2-3` for `1-2` and `3`,
/// and for `1` and `2-3`.
pub(super) fn not_separated<'p>(
    pieces: &'p [Piece<'_>],
) -> impl Iterator<Item = (&'p str, &'p str, Option<&'p str>)> {
    let weak = pieces.windows(3).filter_map(|three| match three {
        [Piece::Hole(first), Piece::Text(between), Piece::Hole(second)]
            if between.chars().all(|c| c.is_ascii_alphanumeric() || "_.@+-%".contains(c)) =>
        {
            Some((*first, *second, Some(between.as_str())))
        }
        _ => None,
    });
    let none = pieces.windows(2).filter_map(|two| match two {
        [Piece::Hole(first), Piece::Hole(second)] => Some((*first, *second, None)),
        _ => None,
    });
    weak.chain(none)
}

/// The part of a hole that is meant to be the field's name.
pub(super) fn field_name(inside: &str) -> &str {
    let name = inside.split_once(':').map_or(inside, |(name, _)| name).trim();
    name.strip_prefix("r#").unwrap_or(name)
}
