//! A codec whose feature is off, and the suite without its feature.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
