#[session(key_value(key = "{account}"))]
pub struct Backend<S, A: Display = String>
where
    S: Clone,
{
    #[session(store)]
    store: S,
    account: A,
}
