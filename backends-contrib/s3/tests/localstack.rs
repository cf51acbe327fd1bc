//! The conformance suite over another service, LocalStack.
//!
//! Not `shared` here, which kills programs: after one that was killed in the
//! middle of a request, LocalStack keeps its lock on the object for ever. What
//! several processes do is tested over moto.

use ferogram_session::testing::{self, Capability, Outcome, Place, Suite};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::localstack::LocalStack;
use ferogram_session_servers::s3::BUCKET;
use ferogram_session_servers::shared::OfProgram;

static SERVER: OfProgram<LocalStack> = OfProgram::new();

fn make(place: &Place) -> S3Backend {
    let url = SERVER.at(place, LocalStack::open, LocalStack::url);
    let config = S3Config::new(format!("s3://{BUCKET}/{}", place.id()));
    S3Backend::with(config.endpoint(url).credentials("id", "secret"), place.key())
}

/// What depends on the service: objects that are whole, conditions, what is
/// there afterwards, and what is large. The rest is the same code over moto.
#[test]
fn conformance() {
    let suite = Suite::new(make)
        .with(Capability::Persistent)
        .with(Capability::PowerSafe)
        .with(Capability::Conditional)
        .with(Capability::ManySessions);
    let cases = testing::cases().iter().filter(|case| {
        let laws = ["law_2_", "law_4_", "law_5_", "law_6_"];
        laws.iter().any(|law| case.name().starts_with(law))
            && !case.needs().contains(&Capability::Shared)
            && !case.needs().contains(&Capability::DetectsDamage)
            && !case.name().contains("random")
    });
    let mut run = 0;
    for case in cases {
        match testing::run(&suite, case.name()) {
            Outcome::Passed => run += 1,
            other => panic!("{}: {other:?}", case.name()),
        }
    }
    assert!(run > 20, "{run} cases");
}
