use super::Failure;
use crate::sql::Value;
use std::io;
use std::path::Path;
use std::time::Duration;

/// A connection to a database in this process, of either engine.
pub(in crate::backends) trait Connection: Sized + Send {
    /// Opens a file that is there, or a database in memory.
    fn open(path: Option<&Path>) -> Result<Self, Failure>;

    /// Runs a statement that gives no rows. Returns how many it changed.
    fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, Failure>;

    /// Runs a statement and hands each row over.
    fn select(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]) -> io::Result<()>,
    ) -> Result<(), Failure>;

    /// Has each statement from now on wait so long for other connections.
    fn wait_at_most(&self, time: Duration) -> Result<(), Failure>;

    /// Whether no transaction is open.
    fn is_autocommit(&self) -> bool;

    /// Runs a `PRAGMA`. Returns the integers of its last row: some give none,
    /// some a row, also those that only set something.
    fn pragma(&self, sql: &str) -> Result<Vec<i64>, Failure> {
        let mut integers = Vec::new();
        self.select(sql, &[], &mut |row| {
            let integer = |value: &Value| match value {
                Value::Integer(integer) => Some(*integer),
                _ => None,
            };
            integers = row.iter().filter_map(integer).collect();
            Ok(())
        })?;
        Ok(integers)
    }
}
