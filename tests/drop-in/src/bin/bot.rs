//! A bot in a process of its own: the real client on a backend by name.
//!
//!     bot <kind> <place> <where it would dial without a session>
//!
//! It says `connected`, then `saved <number of the last update whose peers are in it>` and
//! `pts <pts>` whenever its backend has taken that. A line on standard input tells it what to do: `save`, `busy`
//! (save again and again, until it is killed), `stop` (end as an application does).

use std::io::{self, BufRead};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use drop_in::{Outcome, connect, datacentre, kinds};
use ferogram::{SessionBackend, UpdateStateChange};
use ferogram_session::{CachedPeer, DcEntry, PersistedSession};

/// Says what the backend has taken.
struct Telling {
    inner: Arc<dyn SessionBackend>,
    saves: AtomicUsize,
    counters: AtomicUsize,
}

impl SessionBackend for Telling {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        self.inner.save(session)?;
        println!("saved {}", datacentre::complete(session));
        self.saves.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn apply_update_state(&self, update: UpdateStateChange) -> io::Result<()> {
        let told = match &update {
            UpdateStateChange::Primary { pts, .. } => Some(*pts),
            _ => None,
        };
        self.inner.apply_update_state(update)?;
        match told {
            Some(pts) => println!("pts {pts}"),
            None => drop(self.counters.fetch_add(1, Ordering::SeqCst)),
        }
        Ok(())
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        self.inner.load()
    }

    fn delete(&self) -> io::Result<()> {
        self.inner.delete()
    }

    fn name(&self) -> &str {
        self.inner.name()
    }

    fn update_dc(&self, entry: &DcEntry) -> io::Result<()> {
        self.inner.update_dc(entry)
    }

    fn set_home_dc(&self, dc_id: i32) -> io::Result<()> {
        self.inner.set_home_dc(dc_id)
    }

    fn cache_peer(&self, peer: &CachedPeer) -> io::Result<()> {
        self.inner.cache_peer(peer)
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, place, nowhere] = &arguments[..] else {
        panic!("bot <kind> <place> <where it would dial without a session>");
    };
    drop_in::assert_isolated();
    let backend = Arc::new(Telling {
        inner: kinds::open(kind, place),
        saves: AtomicUsize::new(0),
        counters: AtomicUsize::new(0),
    });
    let builder = drop_in::builder_at(nowhere).catch_up(true).session_backend(backend.clone());
    let connected = match connect(builder).await {
        Outcome::Connected(connected) => connected,
        other => panic!("connect gave: {other:?}"),
    };
    println!("connected");
    let (orders, mut order) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            let _ = orders.send(line);
        }
    });
    while let Some(line) = order.recv().await {
        match line.as_str() {
            "save" => connected.client.save_session().await.expect("saves"),
            "busy" => loop {
                connected.client.save_session().await.expect("saves");
            },
            "stop" => {
                let [saves, counters] =
                    [&backend.saves, &backend.counters].map(|count| count.load(Ordering::SeqCst));
                connected.shutdown.cancel();
                // The last save and its counters, and beside them the last counters of
                // the periodic writer.
                while backend.saves.load(Ordering::SeqCst) == saves
                    || backend.counters.load(Ordering::SeqCst) < counters + 2
                {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                println!("stopped");
                return;
            }
            other => panic!("no such order: {other}"),
        }
    }
}
