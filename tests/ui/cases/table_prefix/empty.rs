//! No prefix at all.

use ferogram_session::TablePrefix;

const TABLES: TablePrefix = TablePrefix::new("");

fn main() {
    let _ = TABLES;
}
