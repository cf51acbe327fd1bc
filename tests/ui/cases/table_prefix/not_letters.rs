//! SQL in the prefix.

use ferogram_session::TablePrefix;

const TABLES: TablePrefix = TablePrefix::new("a; drop table b");

fn main() {
    let _ = TABLES;
}
