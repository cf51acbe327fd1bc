::core::compile_error! {
    "`Rc` cannot be around the store, because a backend is used from several threads\nhelp: write `Arc<RedisStore<C>>`"
}
const _: () = {
    use ::ferogram_session::__private;
    unsafe impl<C> __private::core::marker::Send for RedisBackend<C>
    where
        C: __private::core::marker::Send + __private::core::marker::Sync,
    {}
    unsafe impl<C> __private::core::marker::Sync for RedisBackend<C>
    where
        C: __private::core::marker::Send + __private::core::marker::Sync,
    {}
    #[automatically_derived]
    impl<C> __private::SessionBackend for RedisBackend<C>
    where
        C: __private::core::marker::Send + __private::core::marker::Sync,
    {
        fn name(&self) -> &__private::core::primitive::str {
            __private::core::unreachable!()
        }
        fn save(
            &self,
            session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            let _ = session;
            __private::core::unreachable!()
        }
        fn load(
            &self,
        ) -> __private::io::Result<
            __private::core::option::Option<__private::PersistedSession>,
        > {
            __private::core::unreachable!()
        }
        fn delete(&self) -> __private::io::Result<()> {
            __private::core::unreachable!()
        }
        fn update_dc(&self, entry: &__private::DcEntry) -> __private::io::Result<()> {
            let _ = entry;
            __private::core::unreachable!()
        }
        fn set_home_dc(
            &self,
            dc_id: __private::core::primitive::i32,
        ) -> __private::io::Result<()> {
            let _ = dc_id;
            __private::core::unreachable!()
        }
        fn apply_update_state(
            &self,
            change: __private::UpdateStateChange,
        ) -> __private::io::Result<()> {
            let _ = change;
            __private::core::unreachable!()
        }
        fn cache_peer(&self, peer: &__private::CachedPeer) -> __private::io::Result<()> {
            let _ = peer;
            __private::core::unreachable!()
        }
    }
};
