const _: () = {
    use crate::session::__private;
    use __private::KeyValueField as _;
    fn __engine<'__this>(__this: &'__this RedisBackend) -> __private::Engine<'__this> {
        let __store = (&&&__private::store(&__this.redis)).__key_value();
        let __store = __store.as_key_value::<_>(&__this.redis);
        __private::Engine::new(
            __private::Mode::KeyValue(__store, __private::json_codec!()),
            __private::SessionBackend::name(__this),
            __private::template_key(
                &[
                    __private::Part::Text("tg:"),
                    __private::Part::Field(
                        "account",
                        __private::key_part::<_>(&__this.account),
                    ),
                ],
            ),
            __private::cache::<_>(&__this.cache),
        )
    }
    #[automatically_derived]
    impl __private::SessionBackend for RedisBackend {
        fn name(&self) -> &__private::core::primitive::str {
            __private::name::<_>(&self.label)
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
