//! A codec whose feature is off.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
