//! "did you mean": the nearest of a few words.

/// The candidate that is a slip of the fingers away from `word`, or else the
/// only one that begins with it. That a word is in capitals is no slip more.
pub(crate) fn nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    let candidates: Vec<S> = candidates.into_iter().collect();
    let is_shouted = word.len() > 1 && !word.chars().any(char::is_lowercase);
    let small = word.to_lowercase();
    let word = if is_shouted { small.as_str() } else { word };
    let all = || candidates.iter().map(AsRef::as_ref);
    let mut begun = all().filter(|candidate| word.len() > 1 && candidate.starts_with(word));
    let only = begun.next().filter(|_| begun.next().is_none());
    let near = slip(word, all()).or(only)?.to_owned();
    candidates.into_iter().find(|candidate| candidate.as_ref() == near)
}

/// The candidate nearest to `word`, if it is near enough to be a slip of the
/// fingers.
///
/// Near enough is a third of the length, the measure that rustc uses for its
/// own suggestions.
pub(crate) fn slip<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<S> {
    let limit = (word.chars().count() / 3).max(1);
    let near = candidates.into_iter().filter_map(|candidate| {
        let distance = distance(word, candidate.as_ref());
        let is_near = distance <= limit && distance < candidate.as_ref().chars().count();
        is_near.then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Whether one slip of the fingers makes `word` of `meant`, or none.
pub(crate) fn is_slip(word: &str, meant: &str) -> bool {
    distance(word, meant) <= 1
}

/// The number of insertions, deletions, replacements and swaps of neighbours
/// between two words.
///
/// Swaps count once because they are the commonest slip: `stroe`, `key_vlaue`.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_slips() {
        assert_eq!(distance("store", "store"), 0);
        assert_eq!(distance("stroe", "store"), 1);
        assert_eq!(distance("codek", "codec"), 1);
        assert_eq!(distance("bincod", "bincode"), 1);
        assert_eq!(distance("", "key"), 3);
        assert_eq!(distance("kéy", "key"), 1);
    }

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("key_vlaue", ["blob", "key_value", "rows"]), Some("key_value"));
        assert_eq!(nearest("redis", ["blob", "key_value", "rows"]), None);
        assert_eq!(nearest("acount", ["account", "count_of_all"]), Some("account"));
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("st", ["store", "cache", "name"]), Some("store"));
        assert_eq!(nearest("s", ["store", "cache"]), None);
        assert_eq!(nearest("st", ["store", "step"]), None);
        assert_eq!(nearest("STORE", ["store", "cache"]), Some("store"));
        assert_eq!(nearest("ACOUNT", ["account"]), Some("account"));
    }
}
