const _: () = {
    use ::ferogram_session::__private;
    use __private::KeyValueField as _;
    fn __engine<'__this>(__this: &'__this RedisBackend) -> __private::Engine<'__this> {
        let __store = (&&&__private::store(&__this.redis)).__key_value();
        let __store = __store.as_key_value::<RedisStore>(&__this.redis);
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
            session: &__private::PersistedSession,
        ) -> __private::io::Result<()> {
            __engine(self).save(session)
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
        fn update_dc(&self, entry: &__private::DcEntry) -> __private::io::Result<()> {
            __engine(self).update_dc(entry)
        }
        fn set_home_dc(
            &self,
            dc_id: __private::core::primitive::i32,
        ) -> __private::io::Result<()> {
            __engine(self).set_home_dc(dc_id)
        }
        fn apply_update_state(
            &self,
            change: __private::UpdateStateChange,
        ) -> __private::io::Result<()> {
            __engine(self).apply_update_state(change)
        }
        fn cache_peer(&self, peer: &__private::CachedPeer) -> __private::io::Result<()> {
            __engine(self).cache_peer(peer)
        }
    }
};
