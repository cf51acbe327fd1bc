const _: () = {
    use ::ferogram_session::__private;
    use __private::BlobField as _;
    fn __engine<'__this>(__this: &'__this S3Backend) -> __private::Engine<'__this> {
        let __store = (&&&__private::store(&__this.bucket)).__blob();
        let __store = __store.as_blob::<Arc<_>>(&__this.bucket);
        __private::Engine::new(
            __private::Mode::Blob(__store, __private::codec::<__private::Native>()),
            "s3-eu",
            __private::template_key(
                &[
                    __private::Part::Text("sessions/"),
                    __private::Part::Field(
                        "tenant",
                        __private::key_part::<_>(&__this.tenant),
                    ),
                    __private::Part::Text("/"),
                    __private::Part::Field(
                        "account",
                        __private::key_part::<_>(&__this.account),
                    ),
                    __private::Part::Text(".bin"),
                ],
            ),
            __private::cache::<_>(&__this.cache),
        )
    }
    #[automatically_derived]
    impl __private::SessionBackend for S3Backend {
        fn name(&self) -> &__private::core::primitive::str {
            "s3-eu"
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
