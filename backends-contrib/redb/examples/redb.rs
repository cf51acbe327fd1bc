//! A session in redb, in a folder that is removed afterwards.
//!
//! ```text
//! $ cargo run -p ferogram-session-redb --example redb
//! before the first save: None
//! home DC 2, of 5 known ones
//! opened again: Some(2)
//! ```

use ferogram_session::{SessionBackend, default_dc_addresses};
use ferogram_session_redb::RedbBackend;

fn main() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = RedbBackend::new(folder.path().join("my-bot.redb"));
    println!("before the first save: {:?}", backend.load()?.map(|session| session.stats()));
    backend.set_home_dc(2)?;
    println!("home DC 2, of {} known ones", default_dc_addresses().len());
    drop(backend);
    let again = RedbBackend::new(folder.path().join("my-bot.redb"));
    println!("opened again: {:?}", again.load()?.map(|session| session.home_dc_id));
    again.delete()
}
