//! A small S3 service that honours conditions, and that can be told to do
//! what services and what stands before them have been seen to do.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// A request, as it came.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What to do about a request.
pub(crate) enum Act {
    /// What S3 does.
    Right,
    /// As if there were no condition.
    WithoutConditions,
    /// What S3 does; then hangs up instead of answering.
    HangUp,
    /// What S3 does, and changes the answer.
    Change(fn(&mut Answer)),
    /// This instead.
    Say(u16, &'static str, &'static str),
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

struct Object {
    bytes: Vec<u8>,
    tag: String,
    mark: Option<String>,
}

type Decide = Box<dyn FnMut(&Request) -> Act + Send>;

/// The service, until it is dropped.
pub(crate) struct Service {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    objects: Mutex<HashMap<String, Object>>,
    seen: Mutex<Vec<Request>>,
    decide: Mutex<Decide>,
    open: Mutex<Vec<TcpStream>>,
    running: AtomicBool,
    tags: Mutex<u64>,
}

impl Service {
    pub(crate) fn new(decide: impl FnMut(&Request) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            objects: Mutex::default(),
            seen: Mutex::default(),
            decide: Mutex::new(Box::new(decide)),
            open: Mutex::default(),
            running: AtomicBool::new(true),
            tags: Mutex::default(),
        });
        let accepting = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Nobody is at home, and then somebody is again.
                if !accepting.running.load(Ordering::SeqCst) {
                    let _ = stream.shutdown(Shutdown::Both);
                    continue;
                }
                accepting.open.lock().unwrap().push(stream.try_clone().unwrap());
                let state = Arc::clone(&accepting);
                std::thread::spawn(move || state.serve(stream));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on.
    pub(crate) fn now(&self, decide: impl FnMut(&Request) -> Act + Send + 'static) {
        *self.state.decide.lock().unwrap() = Box::new(decide);
    }

    /// The requests so far, and forgets them.
    pub(crate) fn seen(&self) -> Vec<Request> {
        std::mem::take(&mut *self.state.seen.lock().unwrap())
    }

    pub(crate) fn objects(&self) -> HashMap<String, Vec<u8>> {
        let objects = self.state.objects.lock().unwrap();
        objects.iter().map(|(path, object)| (path.clone(), object.bytes.clone())).collect()
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let tag = self.state.fresh_tag();
        let object = Object { bytes: bytes.to_vec(), tag, mark: None };
        self.state.objects.lock().unwrap().insert(path.to_owned(), object);
    }

    /// Hangs up in the middle of everything; what was acknowledged stays.
    pub(crate) fn stop(&self) {
        self.state.running.store(false, Ordering::SeqCst);
        for stream in self.state.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn start(&self) {
        self.state.running.store(true, Ordering::SeqCst);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

impl State {
    fn fresh_tag(&self) -> String {
        let mut tags = self.tags.lock().unwrap();
        *tags += 1;
        // As of a multipart upload: no checksum of anything.
        format!("\"{:032x}-2\"", *tags)
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        while let Some(request) = receive(&mut reader)? {
            self.seen.lock().unwrap().push(request.clone());
            let act = (self.decide.lock().unwrap())(&request);
            let objects = self.objects.lock().unwrap();
            // One that was ended may not go on to acknowledge.
            if !self.running.load(Ordering::SeqCst) {
                return Ok(());
            }
            let mut answer = match act {
                Act::Right | Act::HangUp | Act::Change(_) => self.right(objects, &request, true),
                Act::WithoutConditions => self.right(objects, &request, false),
                Act::Say(status, head, body) => {
                    let headers = head.split_once(": ");
                    Answer {
                        status,
                        headers: headers.map(|(n, v)| (n, v.to_owned())).into_iter().collect(),
                        body: body.into(),
                    }
                }
            };
            match act {
                Act::HangUp => return stream.shutdown(Shutdown::Both),
                Act::Change(change) => change(&mut answer),
                _ => {}
            }
            let mut text = format!("HTTP/1.1 {} .\r\n", answer.status);
            let announced = answer.headers.iter().any(|(name, _)| *name == "Content-Length");
            if !announced {
                text.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
            }
            for (name, value) in &answer.headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            stream.write_all(format!("{text}\r\n").as_bytes())?;
            if request.method != "HEAD" {
                stream.write_all(&answer.body)?;
            }
        }
        Ok(())
    }

    fn right(
        &self,
        mut objects: MutexGuard<'_, HashMap<String, Object>>,
        request: &Request,
        compares: bool,
    ) -> Answer {
        let path = request.path.split('?').next().unwrap_or_default();
        let found = objects.get(path);
        let header = |name: &str| request.headers.get(name).cloned();
        match request.method.as_str() {
            "PUT" => {
                let (equal, absent) = (header("if-match"), header("if-none-match"));
                if compares && equal.is_some() && found.is_none() {
                    return error(404, "NoSuchKey");
                }
                let differs = equal.is_some() && equal != found.map(|found| found.tag.clone());
                if compares && (differs || (absent.is_some() && found.is_some())) {
                    return error(412, "PreconditionFailed");
                }
                let (tag, bytes) = (self.fresh_tag(), request.body.clone());
                let mark = header("x-amz-meta-ferogram-session");
                objects.insert(path.to_owned(), Object { bytes, tag: tag.clone(), mark });
                Answer { status: 200, headers: vec![("ETag", tag)], body: Vec::new() }
            }
            "GET" | "HEAD" => match found {
                Some(found) => {
                    let mut headers = vec![("ETag", found.tag.clone())];
                    if request.method == "HEAD" {
                        headers.push(("Content-Length", found.bytes.len().to_string()));
                    }
                    let mark = found.mark.clone();
                    headers.extend(mark.map(|mark| ("x-amz-meta-ferogram-session", mark)));
                    Answer { status: 200, headers, body: found.bytes.clone() }
                }
                None => error(404, "NoSuchKey"),
            },
            "DELETE" => {
                objects.remove(path);
                Answer { status: 204, headers: Vec::new(), body: Vec::new() }
            }
            _ => error(501, "NotImplemented"),
        }
    }
}

pub(crate) fn error(status: u16, code: &str) -> Answer {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
    Answer { status, headers: Vec::new(), body: body.into() }
}

fn receive(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { method, path, headers, body }))
}
