#[session(blob(key = "sessions/{tenant}/{account}.bin"), name = "s3-eu")]
pub struct S3Backend {
    #[session(store)]
    bucket: Arc<Bucket>,
    #[session(cache)]
    cache: SessionCache,
    tenant: String,
    account: u64,
}
