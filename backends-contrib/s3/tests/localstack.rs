//! The conformance suite over another service, LocalStack.
//!
//! Not `shared` here, which kills programs: after one that was killed in the
//! middle of a request, LocalStack keeps its lock on the object for ever. What
//! several processes do is tested over moto.

use ferogram_session::conformance;
use ferogram_session::testing::Place;
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

conformance!(make, persistent, power_safe, conditional, many_sessions);
