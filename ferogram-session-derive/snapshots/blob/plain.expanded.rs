const _: () = {
    use ::ferogram_session::__private;
    use __private::BlobField as _;
    fn __engine<'__this>(__this: &'__this S3Backend) -> __private::Engine<'__this> {
        let __store = (&&&__private::store(&__this.bucket)).__blob();
        let __store = __store.as_blob::<_>(&__this.bucket);
        __private::Engine::new(
            __private::Mode::Blob(__store, __private::codec::<__private::Native>()),
            "s3",
            __private::fixed_key("default"),
            __private::NO_CACHE,
        )
    }
    #[automatically_derived]
    impl __private::SessionBackend for S3Backend {
        fn name(&self) -> &__private::core::primitive::str {
            "s3"
        }
        fn save(
            &self,
            __session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            __engine(self).save(__session)
        }
        fn load(
            &self,
        ) -> __private::io::Result<
            __private::core::option::Option<__private::PersistedSession>,
        > {
            __engine(self).load()
        }
        fn delete(&self) -> __private::io::Result<()> {
            __engine(self).delete()
        }
        fn __change(
            &self,
            __change: __private::Granular<'_>,
        ) -> __private::io::Result<()> {
            __engine(self).change(__change)
        }
    }
};
