#![no_main]

mod bounded;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bounded::run(
    data,
    ferogram_session::fuzzing::field,
    bounded::SERDE,
    64
));
