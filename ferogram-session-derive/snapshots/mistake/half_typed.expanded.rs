::core::compile_error! {
    "unknown field option `st`, did you mean `store`?\nhelp: field options are `store`, `cache`, `name`"
}
::core::compile_error! {
    "unclosed `{` at byte 3 of key template\nhelp: close it: `{account}`"
}
const _: () = {
    use ::ferogram_session::__private;
    #[automatically_derived]
    impl __private::SessionBackend for RedisBackend {
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
