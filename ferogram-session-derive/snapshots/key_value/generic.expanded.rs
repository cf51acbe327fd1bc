const _: () = {
    use ::ferogram_session::__private;
    use __private::KeyValueField as _;
    fn __engine<'__this, S, A>(
        __this: &'__this Backend<S, A>,
    ) -> __private::Engine<'__this>
    where
        S: Clone,
        S: __private::core::marker::Send + __private::core::marker::Sync,
        A: Display + __private::core::marker::Send + __private::core::marker::Sync,
        S: __private::KeyValueStore,
        A: __private::KeyPart,
    {
        let __store = (&&&__private::store(&__this.store)).__key_value();
        let __store = __store.as_key_value::<_>(&__this.store);
        __private::Engine::new(
            __private::Mode::KeyValue(__store, __private::codec::<__private::Native>()),
            "backend",
            __private::template_key(
                &[
                    __private::Part::Field(
                        "account",
                        __private::key_part::<_>(&__this.account),
                    ),
                ],
            ),
            __private::NO_CACHE,
        )
    }
    #[automatically_derived]
    impl<S, A> __private::SessionBackend for Backend<S, A>
    where
        S: Clone,
        S: __private::core::marker::Send + __private::core::marker::Sync,
        A: Display + __private::core::marker::Send + __private::core::marker::Sync,
        S: __private::KeyValueStore,
        A: __private::KeyPart,
    {
        fn name(&self) -> &__private::core::primitive::str {
            "backend"
        }
        fn save(
            &self,
            __session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            __engine::<S, A>(self).save(__session)
        }
        fn load(
            &self,
        ) -> __private::io::Result<
            __private::core::option::Option<__private::PersistedSession>,
        > {
            __engine::<S, A>(self).load()
        }
        fn delete(&self) -> __private::io::Result<()> {
            __engine::<S, A>(self).delete()
        }
        fn __change(
            &self,
            __change: __private::Granular<'_>,
        ) -> __private::io::Result<()> {
            __engine::<S, A>(self).change(__change)
        }
    }
};
