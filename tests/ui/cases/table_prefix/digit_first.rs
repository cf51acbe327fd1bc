//! A digit comes first.

use ferogram_session::TablePrefix;

const TABLES: TablePrefix = TablePrefix::new("2bots_");

fn main() {
    let _ = TABLES;
}
