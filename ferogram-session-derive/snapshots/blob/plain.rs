#[session(blob)]
pub struct S3Backend {
    #[session(store)]
    bucket: Bucket,
}
