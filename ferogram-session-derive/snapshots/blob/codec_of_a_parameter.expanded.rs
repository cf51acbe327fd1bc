const _: () = {
    use ::ferogram_session::__private;
    use __private::BlobField as _;
    fn __engine<'__this, C>(
        __this: &'__this SealedBackend<C>,
    ) -> __private::Engine<'__this>
    where
        C: __private::core::marker::Send + __private::core::marker::Sync,
        Sealed<C>: __private::Codec,
    {
        let __store = (&&&__private::store(&__this.bucket)).__blob();
        let __store = __store.as_blob::<_>(&__this.bucket);
        __private::Engine::new(
            __private::Mode::Blob(__store, __private::codec::<Sealed<C>>()),
            "sealed",
            __private::fixed_key("default"),
            __private::NO_CACHE,
        )
    }
    #[automatically_derived]
    impl<C> __private::SessionBackend for SealedBackend<C>
    where
        C: __private::core::marker::Send + __private::core::marker::Sync,
        Sealed<C>: __private::Codec,
    {
        fn name(&self) -> &__private::core::primitive::str {
            "sealed"
        }
        fn save(
            &self,
            __session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            __engine::<C>(self).save(__session)
        }
        fn load(
            &self,
        ) -> __private::io::Result<
            __private::core::option::Option<__private::PersistedSession>,
        > {
            __engine::<C>(self).load()
        }
        fn delete(&self) -> __private::io::Result<()> {
            __engine::<C>(self).delete()
        }
        fn __change(
            &self,
            __change: __private::Granular<'_>,
        ) -> __private::io::Result<()> {
            __engine::<C>(self).change(__change)
        }
    }
};
