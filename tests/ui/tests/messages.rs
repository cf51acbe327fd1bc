//! What the compiler says to someone who uses the derive wrongly, and that it
//! says nothing to those who use it right. `TRYBUILD=overwrite` writes the
//! snapshots anew.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.pass("cases/pass/*.rs");
    for topic in [
        "attribute",
        "bound",
        "codec",
        "crate_path",
        "field",
        "key",
        "mode",
        "name",
        "option",
        "shape",
    ] {
        cases.compile_fail(format!("cases/{topic}/*.rs"));
    }
}
