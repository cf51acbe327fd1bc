//! The prefix leaves no room for the names of the tables.

use ferogram_session::TablePrefix;

const TABLES: TablePrefix = TablePrefix::new("a_very_long_prefix_that_says_whose_bots_these_are_");

fn main() {
    let _ = TABLES;
}
