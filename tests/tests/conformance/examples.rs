//! The stores that are there to be copied.

use example_stores::{Directory, OrderedMap, TcpService, TcpStore};
use ferogram_session::testing::Place;
use ferogram_session::{Blocking, SessionBackend, SessionCache, conformance, file_name};
use std::fs;
use std::sync::Arc;

#[derive(SessionBackend)]
#[session(blob(key = "{account}.session"))]
struct InDirectory {
    #[session(store)]
    folder: Directory,
    account: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
struct InOrderedMap {
    #[session(store)]
    map: Arc<OrderedMap>,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

#[derive(SessionBackend)]
#[session(blob(key = "tg:{account}"))]
struct BehindTcp {
    #[session(store)]
    service: Blocking<TcpStore>,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

mod directory {
    use super::*;

    fn make(place: &Place) -> InDirectory {
        InDirectory { folder: Directory(place.dir().to_owned()), account: place.key().to_owned() }
    }

    /// One bit of one byte, in the middle.
    fn damage(place: &Place) {
        let path = place.dir().join(file_name("default.session"));
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs::write(path, bytes).unwrap();
    }

    conformance!(make, persistent, power_safe, many_sessions, detects_damage = damage);
}

mod ordered_map {
    use super::*;

    fn make(place: &Place) -> InOrderedMap {
        InOrderedMap {
            map: place.shared(OrderedMap::default),
            cache: SessionCache::new(),
            account: place.key().to_owned(),
        }
    }

    conformance!(make, persistent, conditional, many_sessions);
}

mod tcp {
    use super::*;

    fn make(place: &Place) -> BehindTcp {
        let service = place.shared(|| TcpService::start().unwrap());
        BehindTcp {
            service: Blocking::new(TcpStore::new(service.address())),
            cache: SessionCache::new(),
            account: place.key().to_owned(),
        }
    }

    conformance!(make, persistent, conditional, many_sessions);
}
