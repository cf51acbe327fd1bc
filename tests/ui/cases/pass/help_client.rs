//! What the notes say about clients that are no stores, pasted in.

use std::io;

use ferogram_session::{
    AsyncBlobStore, Blocking, Dialect, Expect, SessionBackend, SqlExecutor, SqlStore, Statement,
    TablePrefix, Value, Version, Written,
};

struct Client;

impl AsyncBlobStore for Client {
    async fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    async fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

impl SqlExecutor for Client {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        _: &[Statement<'_>],
        _: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        Ok(())
    }

    fn batch(&self, _: &[Statement<'_>], _: bool) -> io::Result<bool> {
        Ok(true)
    }
}

#[derive(SessionBackend)]
#[session(blob)]
struct Wrapped {
    #[session(store)]
    client: Blocking<Client>,
}

#[derive(SessionBackend)]
#[session(rows)]
struct Tables {
    #[session(store)]
    tables: SqlStore<Client>,
}

#[rustfmt::skip]
fn tables(client: Client) -> Tables {
    Tables { tables: SqlStore::with_prefix(client, TablePrefix::new("bot_")) }
}

#[rustfmt::skip]
fn tables_of_one_name(client: Client) -> Tables {
    Tables { tables: SqlStore::with_prefix(client, TablePrefix::new("bot")) }
}

#[rustfmt::skip]
fn tables_of_another_name(client: Client) -> Tables {
    Tables { tables: SqlStore::with_prefix(client, TablePrefix::new("sessions")) }
}

#[rustfmt::skip]
fn in_schema(client: Client) -> Tables {
    Tables { tables: SqlStore::in_schema(client, "bot", TablePrefix::default()) }
}

fn is_backend<B: SessionBackend>(_: &B) {}

fn main() {
    is_backend(&Wrapped { client: Blocking::new(Client) });
    for tables in [tables, tables_of_one_name, tables_of_another_name, in_schema] {
        is_backend(&tables(Client));
    }
}
