//! Whatever bytes say, what is taken to read them is in proportion to their
//! own length. One test, so that nobody else allocates.

use ferogram_session::{
    BinaryFileBackend, Bincode, Codec, Json, Native, PersistedSession, SessionBackend,
    StringSession, StringSessionBackend,
};
use ferogram_session_tests::golden::files;
use ferogram_session_tests::sessions::full;
use peak_alloc::PeakAlloc;
use std::fs;
use std::hint::black_box;
use std::path::Path;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A session in memory, with what it takes to build it, is larger than its
/// shortest form in bytes; an error has a text.
const ALWAYS: usize = 8 * 1024;
const FOR_EACH_BYTE: usize = 16;
/// serde believes a length up to 1 MiB, of each list.
const OF_BINCODE: usize = 5 << 20;

struct Worst {
    ratio: usize,
    runs: usize,
}

fn bounded<T>(worst: &mut Worst, len: usize, what: &str, read: impl FnOnce() -> T) {
    bounded_by(ALWAYS, worst, len, what, read);
}

fn bounded_by<T>(
    always: usize,
    worst: &mut Worst,
    len: usize,
    what: &str,
    read: impl FnOnce() -> T,
) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    drop(black_box(read()));
    let taken = MEMORY.peak_usage().saturating_sub(before);
    assert!(taken <= always + FOR_EACH_BYTE * len, "{what}: {taken} bytes of memory for {len}");
    worst.ratio = worst.ratio.max(taken.saturating_sub(always) / len.max(1));
    worst.runs += 1;
}

fn every_reader(worst: &mut Worst, bytes: &[u8], what: &str) {
    let len = bytes.len();
    bounded(worst, len, what, || PersistedSession::from_bytes(bytes));
    bounded(worst, len, what, || Native::decode(bytes));
    bounded(worst, len, what, || Json::decode(bytes));
    bounded_by(OF_BINCODE, worst, len, what, || Bincode::decode(bytes));
    if let Ok(text) = str::from_utf8(bytes) {
        bounded(worst, len, what, || PersistedSession::from_string(text));
        bounded(worst, len, what, || StringSession::decode(text));
        bounded(worst, len, what, || StringSessionBackend::new(text).load());
    }
}

fn from_a_file(worst: &mut Worst, bytes: &[u8], path: &Path, what: &str) {
    fs::write(path, bytes).unwrap();
    bounded(worst, bytes.len(), what, || BinaryFileBackend::new(path).load());
}

/// With a length that is not true at each place, in each form in which a
/// length is written, and what follows it or nothing.
fn hostile(bytes: &[u8], step: usize) -> impl Iterator<Item = Vec<u8>> {
    let lies: [&[u8]; 6] = [
        &[0xFF],
        &[0xFF, 0xFF],
        &[0xFF, 0xFF, 0xFF, 0x7F],
        &[0xFC, 0xFF, 0xFF, 0xFF, 0x7F],
        &[0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
    ];
    (0..bytes.len()).step_by(step).flat_map(move |at| {
        lies.into_iter().flat_map(move |lie| {
            let end = (at + lie.len()).min(bytes.len());
            let over = [&bytes[..at], lie, &bytes[end..]].concat();
            let alone = [&bytes[..at], lie].concat();
            [over, alone]
        })
    })
}

#[test]
fn memory_is_in_proportion_to_what_is_read() {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("bot.session");
    let mut worst = Worst { ratio: 0, runs: 0 };
    let small = full(3);
    for (codec, bytes) in [
        ("native", Native::encode(&small).unwrap()),
        ("json", Json::encode(&small).unwrap()),
        ("bincode", Bincode::encode(&small).unwrap()),
        ("a string", small.to_string().into_bytes()),
    ] {
        // JSON is many times as long.
        let step = if codec == "json" { 13 } else { 3 };
        for bytes in hostile(&bytes, step) {
            every_reader(&mut worst, &bytes, codec);
        }
    }
    let backend = BinaryFileBackend::new(&path);
    backend.save(&small).unwrap();
    backend.set_home_dc(4).unwrap();
    let with_journal = fs::read(&path).unwrap();
    drop(backend);
    for bytes in hostile(&with_journal, 7) {
        from_a_file(&mut worst, &bytes, &path, "a file");
    }
    for golden in files("binary", "session").into_iter().chain(files("strings", "txt")) {
        let bytes = fs::read(&golden.path).unwrap();
        every_reader(&mut worst, &bytes, &golden.name());
        from_a_file(&mut worst, &bytes, &path, &golden.name());
    }
    // Large ones, too: nothing grows faster than what is read.
    for peers in [1_000, 20_000] {
        let bytes = full(peers).to_bytes();
        every_reader(&mut worst, &bytes, "many peers");
        every_reader(&mut worst, full(peers).to_string().as_bytes(), "many peers in a string");
        every_reader(&mut worst, &vec![b'['; peers as usize * 20], "nothing but brackets");
    }
    println!("{} runs, at most {} bytes for each", worst.runs, worst.ratio);
    assert!(worst.runs > 10_000, "{}", worst.runs);
}
