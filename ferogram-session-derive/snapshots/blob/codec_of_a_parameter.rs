#[session(blob(codec = Sealed<C>))]
struct SealedBackend<C> {
    #[session(store)]
    bucket: Bucket,
    cipher: PhantomData<C>,
}
