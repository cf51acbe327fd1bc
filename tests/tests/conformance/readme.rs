//! The backend of README.md, as it stands there.

include!(concat!(env!("OUT_DIR"), "/readme.rs"));

/// What a store there sends that compares.
mod conditions {
    use ferogram_session::{Expect, Version};

    #[derive(Default)]
    struct Request(Vec<(&'static str, String)>);

    impl Request {
        fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
            self.0.push((name, value.into()));
            self
        }
    }

    fn sent(expect: &Expect) -> Vec<(&'static str, String)> {
        let request = Request::default();
        let request: Request = include!(concat!(env!("OUT_DIR"), "/readme_conditions.rs"));
        request.0
    }

    #[test]
    fn a_header_for_each_expectation() {
        assert!(sent(&Expect::Any).is_empty());
        assert_eq!(sent(&Expect::Absent), [("If-None-Match", "*".to_owned())]);
        let etag = Expect::Version(Version::new("\"1-2\""));
        assert_eq!(sent(&etag), [("If-Match", "\"1-2\"".to_owned())]);
    }
}
