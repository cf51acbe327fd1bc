//! The stores that are there to be copied.

use example_stores::{Audited, Directory, OrderedMap, Sealed, TcpService, TcpStore};
use ferogram_session::testing::Place;
use ferogram_session::{
    Blocking, MemoryStore, SessionBackend, SessionCache, conformance, file_name,
};
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

#[derive(SessionBackend)]
#[session(blob(key = "{account}.sealed"))]
struct Encrypted {
    #[session(store)]
    folder: Sealed<Directory>,
    account: String,
}

#[derive(SessionBackend)]
#[session(rows(key = "{account}"))]
struct InAuditedMemory {
    #[session(store)]
    memory: Arc<Audited<MemoryStore>>,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

/// One bit of one byte, in the middle.
fn flip_a_bit(place: &Place, key: &str) {
    let path = place.dir().join(file_name(key));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

mod directory {
    use super::*;

    fn make(place: &Place) -> InDirectory {
        InDirectory { folder: Directory(place.dir().to_owned()), account: place.key().to_owned() }
    }

    fn damage(place: &Place) {
        flip_a_bit(place, "default.session");
    }

    conformance!(make, persistent, power_safe, many_sessions, detects_damage = damage);
}

mod encrypted {
    use super::*;

    fn make(place: &Place) -> Encrypted {
        let folder = Sealed::new(Directory(place.dir().to_owned()), &[7; 32]);
        Encrypted { folder, account: place.key().to_owned() }
    }

    fn damage(place: &Place) {
        flip_a_bit(place, "default.sealed");
    }

    conformance!(make, persistent, power_safe, many_sessions, detects_damage = damage);
}

mod audited {
    use super::*;

    fn make(place: &Place) -> InAuditedMemory {
        InAuditedMemory {
            memory: place.shared(|| Audited::new(MemoryStore::new(), |_| {})),
            cache: SessionCache::new(),
            account: place.key().to_owned(),
        }
    }

    conformance!(make, persistent, conditional, many_sessions);
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
