//! What a key template may be, and which key a store is then asked for.

use std::io;
use std::sync::Mutex;

use ferogram_session::{BlobStore, Expect, SessionBackend, Version, Written};

/// Remembers the last key that it was asked for.
#[derive(Default)]
struct LastKey(Mutex<String>);

impl BlobStore for LastKey {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        *self.0.lock().unwrap() = key.to_owned();
        Ok(None)
    }

    fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

macro_rules! keys {
    ($($name:ident: $template:literal is $key:literal;)*) => {$(
        #[derive(SessionBackend)]
        #[session(blob(key = $template))]
        #[allow(dead_code)]
        struct $name {
            #[session(store)]
            bucket: LastKey,
            account: String,
            dc: i32,
            r#type: u8,
        }

        impl $name {
            fn check(account: &str) {
                let bucket = LastKey::default();
                let backend = $name { bucket, account: account.to_owned(), dc: -2, r#type: 7 };
                assert!(backend.load().unwrap().is_none());
                assert_eq!(*backend.bucket.0.lock().unwrap(), $key);
            }
        }
    )*};
}

keys! {
    Plain: "main" is "main";
    OneField: "{account}" is "a";
    Separated: "tg:{account}/{dc}" is "tg:a/-2";
    Braces: "{{{account}}}:{{}}" is "{a}:{}";
    RawIdentifier: "{account}:{type}" is "a:7";
    Unicode: "сессия:{account}" is "сессия:a";
    RawString: r#"tg:"{account}""# is "tg:\"a\"";
    Escaped: "{account}:{dc}" is "a%3Ab:-2";
    WideSeparator: "{account}-:-{dc}" is "a-:--2";
}

#[derive(SessionBackend)]
#[session(blob)]
struct WithoutKey {
    #[session(store)]
    bucket: LastKey,
}

fn main() {
    Plain::check("a");
    OneField::check("a");
    Separated::check("a");
    Braces::check("a");
    RawIdentifier::check("a");
    Unicode::check("a");
    RawString::check("a");
    Escaped::check("a:b");
    WideSeparator::check("a");

    let backend = WithoutKey { bucket: LastKey::default() };
    assert!(backend.load().unwrap().is_none());
    assert_eq!(*backend.bucket.0.lock().unwrap(), "default");
}
