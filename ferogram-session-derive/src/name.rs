//! What `name()` returns when nobody says.

/// The type's name in kebab case, without `Backend`: `RedisBackend` is `redis`,
/// `MyS3Backend` is `my-s3`.
///
/// A run of capitals is one word, and its last capital belongs to the next:
/// `LibSQLBackend` is `lib-sql`, `HTTPStore` is `http-store`. Digits belong to
/// the word before them.
pub(crate) fn of_type(ident: &str) -> String {
    let whole = kebab(ident);
    match kebab(ident.strip_suffix("Backend").unwrap_or(ident)) {
        short if short.is_empty() => whole,
        short => short,
    }
}

fn kebab(ident: &str) -> String {
    let chars: Vec<char> = ident.chars().collect();
    let mut name = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if c == '_' {
            push_dash(&mut name);
            continue;
        }
        let previous = at.checked_sub(1).and_then(|previous| chars.get(previous));
        let next = chars.get(at + 1);
        let starts_word = c.is_uppercase()
            && previous.is_some_and(|previous| {
                !previous.is_uppercase() || next.is_some_and(|next| next.is_lowercase())
            });
        if starts_word {
            push_dash(&mut name);
        }
        name.extend(c.to_lowercase());
    }
    name.trim_end_matches('-').to_owned()
}

fn push_dash(name: &mut String) {
    if !name.is_empty() && !name.ends_with('-') {
        name.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::of_type;

    #[test]
    fn kebab_case_without_backend() {
        for (ident, name) in [
            ("RedisBackend", "redis"),
            ("MyS3Backend", "my-s3"),
            ("S3Backend", "s3"),
            ("LibSQLBackend", "lib-sql"),
            ("Backend", "backend"),
            ("_Backend", "backend"),
            ("HTTPStore", "http-store"),
            ("Redis2Backend", "redis2"),
            ("BackendBackend", "backend"),
            ("My_Store", "my-store"),
            ("plain", "plain"),
            ("ÉtéBackend", "été"),
            ("ABackend", "a"),
            ("DBBackend", "db"),
        ] {
            assert_eq!(of_type(ident), name, "{ident}");
        }
    }
}
