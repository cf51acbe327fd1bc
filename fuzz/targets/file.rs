#![no_main]

mod bounded;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bounded::run(
    data,
    ferogram_session::fuzzing::file,
    4 * bounded::MADE,
    64
));
