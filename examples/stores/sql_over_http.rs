//! A database that is reached by HTTP and has no driver: an async SQL executor
//! over the pipeline of a libSQL server, as Turso and `sqld` have it. A
//! transaction is one request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use ferogram_session::{AsyncSqlExecutor, Dialect, Statement, Value};
use serde_json::{Value as Json, json};
use std::io::{Error, ErrorKind, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

// The executor: a test counts its lines.

/// A database on a server.
#[derive(Debug)]
pub struct SqlOverHttp(pub Server);

fn theirs(value: &Value) -> Json {
    match value {
        Value::Null => json!({"type": "null"}),
        Value::Integer(number) => json!({"type": "integer", "value": number.to_string()}),
        Value::Text(text) => json!({"type": "text", "value": text}),
        Value::Blob(bytes) => json!({"type": "blob", "base64": BASE64.encode(bytes)}),
    }
}

fn ours(value: &Json) -> Result<Value> {
    let text = |name: &str| value[name].as_str().ok_or(ErrorKind::InvalidData);
    Ok(match value["type"].as_str() {
        Some("null") => Value::Null,
        Some("integer") => Value::Integer(text("value")?.parse().map_err(Error::other)?),
        Some("text") => Value::Text(text("value")?.to_owned()),
        Some("blob") => Value::Blob(BASE64.decode(text("base64")?).map_err(Error::other)?),
        _ => return Err(ErrorKind::InvalidData.into()),
    })
}

impl SqlOverHttp {
    /// Runs the statements in one transaction; gives what each has answered.
    async fn run(&self, begin: &str, statements: &[Statement<'_>]) -> Result<Vec<Json>> {
        let mut steps = vec![json!({"stmt": {"sql": begin}})];
        for Statement { sql, params, .. } in statements.iter().chain([&COMMIT]) {
            let args: Vec<_> = params.iter().map(theirs).collect();
            // Only if the one before it went well; else all is rolled back.
            let condition = json!({"type": "ok", "step": steps.len() - 1});
            steps.push(json!({"condition": condition, "stmt": {"sql": sql, "args": args}}));
        }
        let batch = json!({"type": "batch", "batch": {"steps": steps}});
        let mut answer = self.0.ask(&json!({"requests": [batch, {"type": "close"}]})).await?;
        let result = &mut answer["results"][0]["response"]["result"];
        match result["step_results"].take() {
            Json::Array(mut answers) if answers.last().is_some_and(Json::is_object) => {
                answers.remove(0);
                Ok(answers)
            }
            _ => Err(Error::other(answer.to_string())),
        }
    }
}

const COMMIT: Statement<'static> =
    Statement { sql: std::borrow::Cow::Borrowed("COMMIT"), params: Vec::new(), guard: false };

impl AsyncSqlExecutor for SqlOverHttp {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> Result<()>,
    ) -> Result<()> {
        let answers = self.run("BEGIN READONLY", queries).await?;
        for (number, answer) in answers.iter().enumerate() {
            for found in answer["rows"].as_array().into_iter().flatten() {
                let values = found.as_array().into_iter().flatten().map(ours);
                row(number, &values.collect::<Result<Vec<_>>>()?)?;
            }
        }
        Ok(())
    }

    /// The server makes each transaction as durable as it can.
    async fn batch(&self, statements: &[Statement<'_>], _durable: bool) -> Result<bool> {
        let answers = self.run("BEGIN IMMEDIATE", statements).await?;
        // The others have looked for what the guard would have written.
        let unmet = |(statement, answer): (&Statement<'_>, &Json)| {
            statement.guard && answer["affected_row_count"] == 0
        };
        Ok(!statements.iter().zip(&answers).any(unmet))
    }
}

// What a team has anyway: here the least that passes for an HTTP client.

/// Host and port of a server.
#[derive(Debug)]
pub struct Server(pub String);

impl Server {
    async fn ask(&self, request: &Json) -> Result<Json> {
        let (host, body) = (&self.0, request.to_string());
        let head = format!(
            "POST /v2/pipeline HTTP/1.0\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        let mut server = TcpStream::connect(host).await?;
        server.write_all((head + &body).as_bytes()).await?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        let start = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        // A part of an answer is no JSON.
        let body = &answer[start.ok_or(ErrorKind::UnexpectedEof)? + 4..];
        serde_json::from_slice(body).map_err(Error::other)
    }
}
