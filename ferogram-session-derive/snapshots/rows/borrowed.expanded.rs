const _: () = {
    use ::ferogram_session::__private;
    use __private::RowField as _;
    fn __engine<'__this, 'a, const N: usize>(
        __this: &'__this Borrowed<'a, N>,
    ) -> __private::Engine<'__this>
    where
        Shards<N>: __private::KeyPart,
    {
        let __store = (&&&__private::store(&__this.pool)).__rows();
        let __store = __store.as_rows::<&'a (dyn RowStore + 'a)>(&__this.pool);
        __private::Engine::new(
            __private::Mode::Rows(__store),
            "borrowed",
            __private::template_key(
                &[
                    __private::Part::Field(
                        "r",
                        __private::key_part::<Shards<N>>(&__this.r),
                    ),
                    __private::Part::Text(":"),
                    __private::Part::Field(
                        "shard",
                        __private::key_part::<_>(&__this.shard),
                    ),
                ],
            ),
            __private::cache::<_>(&__this.cache),
        )
    }
    #[automatically_derived]
    impl<'a, const N: usize> __private::SessionBackend for Borrowed<'a, N>
    where
        Shards<N>: __private::KeyPart,
    {
        fn name(&self) -> &__private::core::primitive::str {
            "borrowed"
        }
        fn save(
            &self,
            __session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            __engine::<N>(self).save(__session)
        }
        fn load(
            &self,
        ) -> __private::io::Result<
            __private::core::option::Option<__private::PersistedSession>,
        > {
            __engine::<N>(self).load()
        }
        fn delete(&self) -> __private::io::Result<()> {
            __engine::<N>(self).delete()
        }
        fn __change(
            &self,
            __change: __private::Granular<'_>,
        ) -> __private::io::Result<()> {
            __engine::<N>(self).change(__change)
        }
    }
};
