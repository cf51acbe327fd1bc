//! Writes for a database to which every text is sent anew, because nothing is
//! prepared there: rows of one table are one statement, whose text does not
//! grow with them, and a write to one table carries its guard within it.

use super::statements::{Batch, key_of, row_of};
use super::text::Kind;
use super::{Statement, Value};
use crate::records::{Change, Record, RecordId};
use std::collections::HashSet;
use std::fmt::Write as _;

/// Rows that one statement inserts, where there are many: a client keeps the memory that
/// the longest of them took.
pub(super) const CHUNK: usize = 2_500;

/// Changes that are one statement: what they do to how many rows of a kind,
/// and the values of these, one row after the other.
struct Run {
    does: Does,
    kind: Kind,
    rows: usize,
    values: Vec<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Put,
    Remove,
    Clear,
}

/// The changes in their order, those of one kind that follow each other
/// together, as long as none has the identity of another: a statement may not
/// meet a row twice. What is in the row of the session is left out.
fn runs(changes: &[Change]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut seen = HashSet::new();
    for change in changes {
        let (does, id, kind, values) = match change {
            Change::Put(record) => match row_of(record) {
                Some((kind, values)) => (Does::Put, record.id(), kind, values),
                None => continue,
            },
            Change::MergePeer(peer) => match row_of(&Record::Peer(peer.clone())) {
                Some((_, values)) => {
                    (Does::Put, RecordId::Peer(peer.kind(), peer.id), Kind::MergedPeer, values)
                }
                None => continue,
            },
            Change::Remove(id) => match key_of(*id) {
                Some((kind, values)) => (Does::Remove, *id, kind, values),
                None => continue,
            },
            Change::ClearChannels => {
                runs.push(Run { does: Does::Clear, kind: Kind::Channel, rows: 0, values: vec![] });
                continue;
            }
        };
        match runs.last_mut() {
            Some(run)
                if (run.does, run.kind) == (does, kind)
                    && (does == Does::Remove || kind.is_numbers())
                    && run.rows < CHUNK
                    && seen.insert(id) =>
            {
                run.rows += 1;
                run.values.extend(values);
            }
            _ => {
                seen.clear();
                seen.insert(id);
                runs.push(Run { does, kind, rows: 1, values });
            }
        }
    }
    runs
}

impl Batch<'_> {
    /// Adds the changes behind the statement for the row of the session, which
    /// is there already; within it, if they are rows of one kind.
    pub(super) fn change_in_runs(&mut self, changes: &[Change]) {
        let runs = runs(changes);
        if let [Run { does: Does::Put, .. }] = &runs[..] {
            runs.into_iter().for_each(|run| self.put_with_head(run));
            return;
        }
        for Run { does, kind, rows, values } in runs {
            match does {
                Does::Put => self.put_rows(kind, rows, values),
                Does::Remove => self.remove_rows(kind, rows, values),
                Does::Clear => self.delete_where(kind, &[], vec![]),
            }
        }
    }

    /// Rows that go in if the row of the session does: one statement, which is
    /// a transaction of its own and changes no row if the guard does not.
    fn put_with_head(&mut self, Run { kind, rows, values, .. }: Run) {
        let Some(Statement { sql, mut params, guard }) = self.statements.pop() else { return };
        let first = params.len() + 1;
        let from = match rows {
            1 => format!("SELECT ?1, {} FROM h", places(kind, values, &mut params)),
            _ => {
                let arrays = arrays(kind.width(), rows, values, &mut params);
                format!("SELECT ?1, new.* FROM h, unnest({arrays}) AS new")
            }
        };
        let insert = self.tables.insert(kind, &from, (rows == 1).then_some(first));
        let sql = format!("WITH h AS ({sql} RETURNING*) {insert}");
        self.statements.push(Statement { sql: sql.into(), params, guard });
    }

    pub(super) fn put_rows(&mut self, kind: Kind, rows: usize, values: Vec<Value>) {
        let mut params = vec![self.key.into()];
        let first = params.len() + 1;
        let mut from = match rows {
            1 => format!("SELECT ?1, {}", places(kind, values, &mut params)),
            _ => {
                let arrays = arrays(kind.width(), rows, values, &mut params);
                format!("SELECT ?1, new.* FROM unnest({arrays}) AS new")
            }
        };
        if let Some(look) = self.look(&mut params) {
            from.push_str(&format!(" WHERE {look}"));
        }
        let sql = self.tables.insert(kind, &from, (rows == 1).then_some(first));
        self.statements.push(Statement::new(sql, params));
    }

    fn remove_rows(&mut self, kind: Kind, rows: usize, keys: Vec<Value>) {
        let columns = kind.key();
        if rows == 1 {
            return self.delete_where(kind, columns, keys);
        }
        let mut params = vec![self.key.into()];
        let arrays = arrays(columns.len(), rows, keys, &mut params);
        let (table, columns) = (kind.table(self.tables), columns.join(", "));
        let mut sql = format!(
            "DELETE FROM {table} WHERE session = ?1 AND ({columns}) IN (SELECT * FROM unnest({arrays}))"
        );
        if let Some(look) = self.look(&mut params) {
            sql.push_str(&format!(" AND {look}"));
        }
        self.statements.push(Statement::new(sql, params));
    }
}

/// The places of a row's parameters, which are added: those of its key last,
/// since they are named once, and a number of two digits is longer.
fn places(kind: Kind, mut row: Vec<Value>, params: &mut Vec<Value>) -> String {
    let first = params.len() + 1;
    let (key, end) = (kind.key().len(), first + row.len());
    row.rotate_left(key);
    params.extend(row);
    let places: Vec<String> =
        (end - key..end).chain(first..end - key).map(|at| format!("?{at}")).collect();
    places.join(", ")
}

/// An array for each column of rows of numbers. The text of one is shorter
/// than as many parameters.
fn arrays(width: usize, rows: usize, values: Vec<Value>, params: &mut Vec<Value>) -> String {
    let mut arrays = vec![String::with_capacity(rows * 12); width];
    for (at, value) in values.into_iter().enumerate() {
        let array = &mut arrays[at % width];
        array.push(if array.is_empty() { '{' } else { ',' });
        if let Value::Integer(number) = value {
            // Writing into a `String` does not fail.
            let _ = write!(array, "{number}");
        }
    }
    let first = params.len() + 1;
    params.extend(arrays.into_iter().map(|array| Value::Text(array + "}")));
    let places: Vec<String> = (first..first + width).map(|at| format!("?{at}::int8[]")).collect();
    places.join(", ")
}
