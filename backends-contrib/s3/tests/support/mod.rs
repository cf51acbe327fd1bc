//! What several of the test programs need.
#![allow(dead_code, reason = "each uses some of it")]
#![allow(clippy::panic, reason = "a test stops at the first thing that is wrong")]

pub(crate) mod service;

use ferogram_session_s3::S3Config;
use ferogram_session_s3::object_store::aws::{AmazonS3, AmazonS3Builder};
use ferogram_session_s3::object_store::path::Path;
use ferogram_session_s3::object_store::{
    Error, GetOptions, GetResult, ObjectStore, ObjectStoreExt, PutPayload,
};
use ferogram_session_servers::s3::{BUCKET, S3};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;

/// The objects in a bucket, past the backend.
pub(crate) struct Objects {
    client: AmazonS3,
    runtime: Runtime,
}

/// What a builder needs for this server.
pub(crate) fn builder(server: &S3, bucket: &str) -> AmazonS3Builder {
    AmazonS3Builder::new()
        .with_endpoint(server.url())
        .with_bucket_name(bucket)
        .with_access_key_id(&server.key().id)
        .with_secret_access_key(&server.key().secret)
        .with_allow_http(true)
        .with_disable_bulk_delete(true)
}

/// The backend's own configuration for this server.
pub(crate) fn config(server: &S3) -> S3Config {
    at(server, &server.url())
}

/// The same, with the server at another address: that of a proxy.
pub(crate) fn at(server: &S3, url: &str) -> S3Config {
    S3Config::new(format!("s3://{BUCKET}"))
        .endpoint(url)
        .credentials(&server.key().id, &server.key().secret)
}

impl Objects {
    pub(crate) fn of(server: &S3) -> Self {
        Self::in_bucket(server, BUCKET)
    }

    pub(crate) fn in_bucket(server: &S3, bucket: &str) -> Self {
        Self::by(builder(server, bucket))
    }

    fn by(builder: AmazonS3Builder) -> Self {
        // As the backend does it, which may not have been there yet.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = builder.build().unwrap();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        Self { client, runtime: runtime.enable_all().build().unwrap() }
    }

    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let read = async { self.client.get(&Path::parse(path).unwrap()).await?.bytes().await };
        match self.runtime.block_on(read) {
            Ok(bytes) => Some(bytes.into()),
            Err(Error::NotFound { .. }) => None,
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn put(&self, path: &str, bytes: Vec<u8>) {
        let path = Path::parse(path).unwrap();
        self.runtime.block_on(self.client.put(&path, PutPayload::from(bytes))).unwrap();
    }

    pub(crate) fn delete(&self, path: &str) {
        let path = Path::parse(path).unwrap();
        self.runtime.block_on(self.client.delete(&path)).unwrap();
    }

    /// What is there, without the content.
    pub(crate) fn head(&self, path: &str) -> GetResult {
        let options = GetOptions { head: true, ..GetOptions::default() };
        let path = Path::parse(path).unwrap();
        self.runtime.block_on(self.client.get_opts(&path, options)).unwrap()
    }

    /// What a version holds that was written over or deleted.
    pub(crate) fn get_version(&self, path: &str, version: &str) -> Vec<u8> {
        let options = GetOptions { version: Some(version.to_owned()), ..GetOptions::default() };
        let path = Path::parse(path).unwrap();
        let read = async { self.client.get_opts(&path, options).await?.bytes().await };
        self.runtime.block_on(read).unwrap().into()
    }

    /// The names of all objects.
    pub(crate) fn names(&self) -> Vec<String> {
        let listed = self.runtime.block_on(self.client.list_with_delimiter(None)).unwrap();
        listed.objects.iter().map(|object| object.location.to_string()).collect()
    }
}

/// What the service answers when it is asked about an object, as it came.
pub(crate) fn headers(server: &S3, path: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let builder =
        builder(server, BUCKET).with_endpoint(format!("http://{}", listener.local_addr().unwrap()));
    let answered = Arc::new(Mutex::new(Vec::new()));
    let (to, heard) = (server.address(), Arc::clone(&answered));
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut service = TcpStream::connect(to).unwrap();
        let (mut asking, mut asked) = (client.try_clone().unwrap(), service.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut asking, &mut asked));
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = service.read(&mut bytes) {
            heard.lock().unwrap().extend_from_slice(&bytes[..read]);
            if client.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
    });
    Objects::by(builder).head(path);
    String::from_utf8(answered.lock().unwrap().clone()).unwrap()
}
