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
            __session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            let _ = __session;
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
        fn __change(
            &self,
            __change: __private::Granular<'_>,
        ) -> __private::io::Result<()> {
            let _ = __change;
            __private::core::unreachable!()
        }
    }
};
