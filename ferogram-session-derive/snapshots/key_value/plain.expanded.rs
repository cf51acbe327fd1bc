const _: () = {
    use ::ferogram_session::__private;
    use __private::KeyValueField as _;
    fn __engine<'__this>(__this: &'__this RedisBackend) -> __private::Engine<'__this> {
        let __store = (&&&__private::store(&__this.redis)).__key_value();
        let __store = __store.as_key_value::<_>(&__this.redis);
        __private::Engine::new(
            __private::Mode::KeyValue(__store, __private::codec::<__private::Native>()),
            "redis",
            __private::fixed_key("default"),
            __private::NO_CACHE,
        )
    }
    #[automatically_derived]
    impl __private::SessionBackend for RedisBackend {
        fn name(&self) -> &__private::core::primitive::str {
            "redis"
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
