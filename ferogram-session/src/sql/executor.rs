use super::{Dialect, Statement, Value};
use std::io;

/// What a database has to offer to keep sessions: an answer to queries, and a
/// batch of statements as one transaction.
///
/// For an async client implement `AsyncSqlExecutor` and wrap it in
/// `Blocking`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an SQL executor",
    label = "`SqlExecutor` is not implemented for this",
    note = "implement `SqlExecutor`: run queries in one snapshot, and statements in one transaction",
    note = "for an async client implement `AsyncSqlExecutor` and wrap it in `Blocking`"
)]
pub trait SqlExecutor: Send + Sync {
    /// How this database writes what is not the same everywhere.
    fn dialect(&self) -> Dialect;

    /// Runs the queries, all in one state of the database, and hands each row
    /// to `row`, with the number of its query.
    ///
    /// # Errors
    ///
    /// What the database says, at the first row that cannot be read too, and
    /// what `row` returns.
    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()>;

    /// Runs the statements as one transaction. False if a
    /// [guard](Statement::guard) changed no row: the transaction has then
    /// changed nothing, either because it was rolled back or because the other
    /// statements look for what the guard would have written.
    ///
    /// `durable` asks that it survive a power cut once this returns.
    ///
    /// # Errors
    ///
    /// What the database says. After an error the transaction may have taken
    /// effect.
    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool>;

    /// Whether [`batch`](Self::batch) ends at a guard that changes no row, so
    /// that the other statements need not look for what it would have written.
    fn stops_at_guard(&self) -> bool {
        false
    }

    /// Called before the version of a session is believed, or that there is no
    /// session: a copy of a database is brought up to date. True if it was, and
    /// what was read before has to be read again. A database read at first hand
    /// has nothing to do.
    ///
    /// # Errors
    ///
    /// If that is not possible.
    fn refresh(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// Called after a session was deleted: removes what the database still
    /// holds of it outside of its tables, in a log above all. With `free_space`
    /// also what stands there where nothing is stored: an older release wrote
    /// into this database, which overwrote nothing that it deleted.
    ///
    /// # Errors
    ///
    /// If that is not possible.
    fn erase(&self, free_space: bool) -> io::Result<()> {
        let _ = free_space;
        Ok(())
    }
}

/// So that a store can be over one of several databases.
impl<E: SqlExecutor + ?Sized> SqlExecutor for Box<E> {
    fn dialect(&self) -> Dialect {
        (**self).dialect()
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        (**self).query(queries, row)
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        (**self).batch(statements, durable)
    }

    fn stops_at_guard(&self) -> bool {
        (**self).stops_at_guard()
    }

    fn refresh(&self) -> io::Result<bool> {
        (**self).refresh()
    }

    fn erase(&self, free_space: bool) -> io::Result<()> {
        (**self).erase(free_space)
    }
}

/// [`SqlExecutor`] over an async client; made blocking by
/// `Blocking`.
#[cfg(feature = "async")]
#[allow(async_fn_in_trait, reason = "futures are driven where they are made")]
pub trait AsyncSqlExecutor: Send + Sync {
    /// See [`SqlExecutor::dialect`].
    fn dialect(&self) -> Dialect;

    /// See [`SqlExecutor::query`].
    ///
    /// # Errors
    ///
    /// What the database says, and what `row` returns.
    async fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()>;

    /// See [`SqlExecutor::batch`].
    ///
    /// # Errors
    ///
    /// What the database says. After an error the transaction may have taken
    /// effect.
    async fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool>;

    /// See [`SqlExecutor::stops_at_guard`].
    fn stops_at_guard(&self) -> bool {
        false
    }

    /// See [`SqlExecutor::refresh`].
    ///
    /// # Errors
    ///
    /// If that is not possible.
    async fn refresh(&self) -> io::Result<bool> {
        Ok(false)
    }

    /// See [`SqlExecutor::erase`].
    ///
    /// # Errors
    ///
    /// If that is not possible.
    async fn erase(&self, free_space: bool) -> io::Result<()> {
        let _ = free_space;
        Ok(())
    }
}

#[cfg(feature = "async")]
impl<E: AsyncSqlExecutor> SqlExecutor for crate::Blocking<E> {
    fn dialect(&self) -> Dialect {
        self.get_ref().dialect()
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.run(self.get_ref().query(queries, row))
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        self.run(self.get_ref().batch(statements, durable))
    }

    fn stops_at_guard(&self) -> bool {
        self.get_ref().stops_at_guard()
    }

    fn refresh(&self) -> io::Result<bool> {
        self.run(self.get_ref().refresh())
    }

    fn erase(&self, free_space: bool) -> io::Result<()> {
        self.run(self.get_ref().erase(free_space))
    }
}
