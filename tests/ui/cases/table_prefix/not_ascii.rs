//! A letter that is not ASCII.

use ferogram_session::TablePrefix;

const TABLES: TablePrefix = TablePrefix::new("böts_");

fn main() {
    let _ = TABLES;
}
