//! CRC-32, continued from one piece to the next: a frame of a journal is
//! valid only behind the very frames that it was written behind.

/// The checksum of `bytes`, which follow what has checksum `before`.
pub(super) fn crc(before: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(before);
    hasher.update(bytes);
    hasher.finalize()
}
