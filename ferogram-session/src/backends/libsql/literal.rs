//! Values as SQL text: a batch that goes to a server takes no parameters.

use crate::sql::{Statement, Value};
use std::fmt::Write;

/// Writes a statement with its values in place of `?1`, `?2` and so on. What
/// stands in quotes is left as it is.
pub(in crate::backends) fn render(statement: &Statement<'_>, script: &mut String) {
    let sql = &*statement.sql;
    let mut rest = sql;
    while let Some(at) = rest.find(['?', '\'', '"']) {
        let (before, found) = rest.split_at(at);
        script.push_str(before);
        let quote = &found[..1];
        let mark = &found[1..];
        rest = if quote == "?" {
            let digits = mark.len() - mark.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = mark[..digits].parse().ok().and_then(|at: usize| at.checked_sub(1));
            match number.and_then(|at| statement.params.get(at)) {
                Some(value) => literal(value, script),
                // As a parameter that nobody bound.
                None => script.push_str("NULL"),
            }
            &mark[digits..]
        } else {
            let end = mark.find(quote).map_or(found.len(), |end| end + 2);
            script.push_str(&found[..end]);
            &found[end..]
        };
    }
    script.push_str(rest);
}

/// Writes a value that reads back as itself.
fn literal(value: &Value, script: &mut String) {
    match value {
        Value::Null => script.push_str("NULL"),
        // Its digits alone are no 64-bit integer.
        Value::Integer(i64::MIN) => script.push_str("(-9223372036854775807 - 1)"),
        // In parentheses, so that no two minus signs make a comment.
        Value::Integer(value @ ..0) => push(script, format_args!("({value})")),
        Value::Integer(value) => push(script, format_args!("{value}")),
        // SQL text ends at a NUL.
        Value::Text(text) if text.contains('\0') => {
            script.push_str("CAST(");
            blob(text.as_bytes(), script);
            script.push_str(" AS TEXT)");
        }
        Value::Text(text) => {
            script.push('\'');
            script.push_str(&text.replace('\'', "''"));
            script.push('\'');
        }
        Value::Blob(bytes) => blob(bytes, script),
    }
}

fn blob(bytes: &[u8], script: &mut String) {
    script.push_str("x'");
    bytes.iter().for_each(|byte| push(script, format_args!("{byte:02x}")));
    script.push('\'');
}

fn push(script: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = script.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::database::Connection;
    use crate::backends::libsql::LocalConnection;

    fn rendered(sql: &str, params: Vec<Value>) -> String {
        let mut script = String::new();
        render(&Statement::new(sql.to_owned(), params), &mut script);
        script
    }

    #[test]
    fn values_stand_where_their_numbers_are() {
        let params =
            vec!["it's ?1".into(), Value::Integer(-5), Value::Null, vec![0, 255].as_slice().into()];
        assert_eq!(
            rendered("SELECT ?1, ?2-?2, ?3, ?4, ?1, '?1 ''?2', \"?3\" WHERE ?2", params),
            "SELECT 'it''s ?1', (-5)-(-5), NULL, x'00ff', 'it''s ?1', '?1 ''?2', \"?3\" WHERE (-5)"
        );
        let many: Vec<Value> = (1..=12_i64).map(Value::from).collect();
        assert_eq!(rendered("?12?1?11?13", many), "12111NULL");
        assert_eq!(rendered("no value, 'open", vec![]), "no value, 'open");
    }

    fn reads_back(values: &[Value]) {
        let places: Vec<String> = (1..=values.len()).map(|at| format!("?{at}")).collect();
        let sql = rendered(&format!("SELECT {}", places.join(", ")), values.to_vec());
        let connection = LocalConnection::open(None).unwrap();
        let mut read = Vec::new();
        connection
            .select(&sql, &[], &mut |row| {
                read = row.to_vec();
                Ok(())
            })
            .unwrap();
        assert!(read == values, "{sql}");
    }

    #[test]
    fn the_engine_reads_back_what_was_rendered() {
        reads_back(&[
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Integer(i64::MIN + 1),
            Value::Integer(i64::MAX),
            Value::Integer(0),
            "".into(),
            "it's \"quoted\" `so` \\ -- /* */ ; ?1 :a @b $c".into(),
            "a\0b\0".into(),
            "\u{feff}\u{1f600}\u{202e}\u{7f}\r\n\t".into(),
            Value::Blob(vec![]),
            Value::Blob((0..=255).collect()),
        ]);
    }

    #[cfg(feature = "testing")]
    mod property {
        use super::*;
        use proptest::prelude::*;

        fn value() -> impl Strategy<Value = Value> {
            prop_oneof![
                Just(Value::Null),
                any::<i64>().prop_map(Value::Integer),
                any::<String>().prop_map(Value::Text),
                "[\\x00'\"?1;x -]{0,12}".prop_map(Value::Text),
                any::<Vec<u8>>().prop_map(Value::Blob),
            ]
        }

        proptest! {
            #[test]
            fn every_value_reads_back(values in proptest::collection::vec(value(), 1..8)) {
                reads_back(&values);
            }
        }
    }
}
