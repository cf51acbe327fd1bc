//! The engine, its cache and its turns under many orders of the steps of three
//! threads, each tried on purpose: every lock and every call of a store is a
//! place where another thread may come first. `scripts/orders` runs this.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what is wrong")]

#[path = "../../../tests/support/stores.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared with the tests of other crates"
)]
mod stores;

use crate::sync::locks::thread::yield_now;
use crate::testing::{Capability, Place, Suite};
use crate::testing::{count_of_sequences, play, sequences};
use crate::{
    BlobStore, Expect, Field, Fields, KeyValueStore, Records, RowStore, SessionBackend,
    SessionCache, Version, Write, Written,
};
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use std::io;
use std::sync::Arc;
use stores::{Blobs, FieldMap, Strength, Tables};

/// A store whose calls take a while: others come before and behind each.
struct Slow<S>(Arc<S>);

fn slow<T>(call: impl FnOnce() -> T) -> T {
    yield_now();
    let result = call();
    yield_now();
    result
}

macro_rules! slow {
    ($store:ident, $read:ty, $write:ty) => {
        impl<S: $store> $store for Slow<S> {
            fn read(&self, key: &str) -> io::Result<Option<($read, Version)>> {
                slow(|| self.0.read(key))
            }

            fn write(&self, key: &str, what: $write, expect: &Expect) -> io::Result<Written> {
                slow(|| self.0.write(key, what, expect))
            }

            fn delete(&self, key: &str) -> io::Result<()> {
                slow(|| self.0.delete(key))
            }

            fn conditional(&self) -> bool {
                self.0.conditional()
            }

            fn version(&self, key: &str) -> io::Result<Option<Version>> {
                slow(|| self.0.version(key))
            }
        }
    };
}
slow!(BlobStore, Vec<u8>, &[u8]);
slow!(KeyValueStore, Fields, &[Field]);
slow!(RowStore, Records, &Write<'_>);

macro_rules! orders {
    ($($test:ident: $mode:ident over $store:ident $(with $cache:ident)?;)*) => {$(
        #[test]
        fn $test() {
            #[derive(SessionBackend)]
            #[session($mode(key = "default"))]
            struct Backend {
                #[session(store)]
                store: Slow<$store>,
                $(#[session($cache)] $cache: SessionCache,)?
            }
            for strength in [Strength::Compares, Strength::KeepsVersions, Strength::KeepsNone] {
                explore(Suite::new(move |place: &Place| Backend {
                    store: Slow(place.shared(|| $store::new(strength))),
                    $($cache: SessionCache::new(),)?
                }));
            }
        }
    )*};
}
orders! {
    blob: blob over Blobs;
    blob_with_a_cache: blob over Blobs with cache;
    key_value: key_value over FieldMap;
    key_value_with_a_cache: key_value over FieldMap with cache;
    rows: rows over Tables;
    rows_with_a_cache: rows over Tables with cache;
}

/// Each sequence of calls in many orders: some at random, and some in which a
/// thread stands still for long at few places.
fn explore(suite: Suite) {
    let suite = suite.with(Capability::Persistent);
    let mut tried = 0;
    for (nth, sequence) in sequences(count_of_sequences(4)).enumerate() {
        for handles in [1, 3] {
            let (suite, sequence) = (suite.clone(), sequence.clone());
            let scheduler: Box<dyn Scheduler + Send> = match nth % 2 {
                0 => Box::new(RandomScheduler::new_from_seed(nth as u64, orders())),
                _ => Box::new(PctScheduler::new_from_seed(nth as u64, DEPTH, orders())),
            };
            let mut config = shuttle::Config::new();
            config.stack_size = 1 << 20;
            let runner = shuttle::Runner::new(scheduler, config);
            tried += runner.run(move || play(&suite, handles, &sequence));
        }
    }
    println!("{tried} orders");
    assert!(tried >= sequences(count_of_sequences(4)).count() * orders(), "{tried} orders");
}

/// Of each sequence, unless `FEROGRAM_SESSION_ORDERS` says another number.
fn orders() -> usize {
    let said = std::env::var("FEROGRAM_SESSION_ORDERS").ok();
    said.map_or(25, |number| number.parse().unwrap())
}

/// At how many places a thread stands still.
const DEPTH: usize = 3;
