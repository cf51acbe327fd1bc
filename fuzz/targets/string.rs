#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ferogram_session::fuzzing::string(data));
