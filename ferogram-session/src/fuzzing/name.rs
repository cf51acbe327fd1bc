use super::source::Source;
use crate::key::{file_name, key_of_file_name};

/// Any key as the name of a file, and any name as a key.
pub fn name(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let name = file_name(text);
    assert!(key_of_file_name(&name).as_deref() == Some(text), "{name}");
    assert!(!name.contains(['/', '\\', '\0', ':']) && name != "." && name != "..", "{name}");
    assert!(!name.starts_with('.') && !name.ends_with('.'), "{name}");
    if let Some(key) = key_of_file_name(text) {
        assert!(file_name(&key) == text, "{text}");
    }
    let mut source = Source::new(data);
    let (one, two) = (source.text(40), source.text(40));
    assert!((file_name(&one) == file_name(&two)) == (one == two));
}
