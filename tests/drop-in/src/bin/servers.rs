//! Opens each server once, so that what it needs is installed while there is a
//! network.

fn main() {
    drop(ferogram_session_servers::redis::Redis::open());
    drop(ferogram_session_servers::postgres::Postgres::open());
    drop(ferogram_session_servers::s3::S3::open());
    drop(ferogram_session_servers::sqld::Sqld::open());
}
