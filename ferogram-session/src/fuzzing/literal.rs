use super::source::Source;
use crate::backends::seam::{render, select};
use crate::sql::{Statement, Value};

/// Values as text in a statement: the engine reads back what was rendered,
/// and nothing in a value ends the statement. Any text as a statement.
pub fn literal(data: &[u8]) {
    let mut source = Source::new(data);
    let values: Vec<_> = (0..=source.below(5)).map(|_| value(&mut source)).collect();
    let places: Vec<_> = (1..=values.len()).map(|at| format!("?{at}")).collect();
    let sql = rendered(&format!("SELECT {}", places.join(", ")), values.clone());
    assert!(select(&sql).unwrap() == values, "{sql}");
    rendered(&source.text(200), values);
}

fn rendered(sql: &str, values: Vec<Value>) -> String {
    render(&Statement::new(sql.to_owned(), values))
}

fn value(source: &mut Source<'_>) -> Value {
    match source.below(5) {
        0 => Value::Null,
        1 => Value::Integer(source.i64()),
        2 => Value::Blob(source.some_bytes(60).to_vec()),
        3 => {
            // What may mean something in SQL.
            let signs = ["'", "\"", "\0", "?1", ";", "--", "/*", "*/", "x'", "`", "\\", "\n"];
            let len = source.below(12);
            Value::Text((0..len).map(|_| signs[source.below(signs.len())]).collect())
        }
        _ => Value::Text(source.text(60)),
    }
}
