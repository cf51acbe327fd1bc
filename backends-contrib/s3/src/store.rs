use crate::config::S3Config;
use crate::explain::{self, Doing};
use crate::open::Open;
use crate::probe::Probe;
use ferogram_session::{AsyncBlobStore, Expect, PersistedSession, SessionError, Version, Written};
use object_store::{
    Attribute, Attributes, Error, GetOptions, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMode, PutOptions, PutPayload, UpdateVersion, path::Path,
};
use std::fmt;
use std::io;
use std::sync::OnceLock;

/// Objects in a bucket. The version of a session is the ETag of its object.
pub(crate) struct S3Store {
    config: S3Config,
    open: OnceLock<Open>,
    probe: Probe,
}

/// Where an object says that it is ours, and which write made it
/// (`x-amz-meta-ferogram-session`).
const MARK: &str = "ferogram-session";
/// A session of ten million peers. What is larger is something else, and is
/// not read into memory to find that out.
const LARGEST: u64 = 256 << 20;

impl S3Store {
    pub(crate) fn new(config: S3Config) -> Self {
        Self { config, open: OnceLock::new(), probe: Probe::default() }
    }

    /// The client, opened by the first call, on the runtime that drives it.
    async fn open(&self) -> io::Result<&Open> {
        let open = match self.open.get() {
            Some(open) => open,
            // What is wrong is said, and tried again by the next call.
            None => {
                let opened = Open::new(&self.config)?;
                self.open.get_or_init(|| opened)
            }
        };
        if open.signed
            && let Err(error) = open.client.credentials().get_credential().await
        {
            return Err(explain::no_credentials(&error));
        }
        Ok(open)
    }

    /// The state that an object is in.
    fn version(&self, meta: &ObjectMeta) -> io::Result<Version> {
        match meta.e_tag.as_deref() {
            Some(tag) if tag.starts_with("W/") && self.config.conditions => Err(explain::weak()),
            Some(tag) => Ok(Version::new(tag)),
            None if self.config.conditions => Err(explain::no_etag()),
            None => Ok(Version::UNKNOWN),
        }
    }

    async fn get(&self, open: &Open, path: &Path) -> io::Result<Option<(GetResult, Version)>> {
        match open.client.get_opts(path, GetOptions::default()).await {
            Ok(found) if found.meta.size > LARGEST => Err(explain::other(&format!(
                "an object of {} bytes, larger than any session,",
                found.meta.size
            ))),
            Ok(found) => {
                let version = self.version(&found.meta)?;
                Ok(Some((found, version)))
            }
            Err(error) if explain::is_absent(&error) => Ok(None),
            Err(error) => Err(explain::error(&error, Doing::Read, &open.place)),
        }
    }

    async fn bytes(open: &Open, found: GetResult) -> io::Result<Vec<u8>> {
        let size = found.meta.size;
        let bytes = found.bytes().await;
        let bytes = bytes.map_err(|error| explain::error(&error, Doing::Read, &open.place))?;
        if bytes.len() as u64 != size {
            let text = format!("{} of {size} bytes of the object came", bytes.len());
            return Err(SessionError::unavailable(text).help("try again").into());
        }
        Ok(bytes.into())
    }

    /// What is there without its content: its version, and whose it says it is.
    async fn head(
        &self,
        open: &Open,
        path: &Path,
    ) -> io::Result<Option<(Version, Option<String>)>> {
        let options = GetOptions { head: true, ..GetOptions::default() };
        match open.client.get_opts(path, options).await {
            Ok(found) => {
                let mark = found.attributes.get(&Attribute::Metadata(MARK.into()));
                let mark = mark.map(|mark| mark.as_ref().to_owned());
                Ok(Some((self.version(&found.meta)?, mark)))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(explain::error(&error, Doing::Read, &open.place)),
        }
    }

    /// The version, if what is there is what the write with this mark left.
    async fn is_own(&self, open: &Open, path: &Path, mark: &str) -> io::Result<Option<Version>> {
        let head = self.head(open, path).await?;
        Ok(head.filter(|(_, found)| found.as_deref() == Some(mark)).map(|(version, _)| version))
    }
}

impl AsyncBlobStore for S3Store {
    async fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        let open = self.open().await?;
        let Some((found, version)) = self.get(open, &open.object(key)?).await? else {
            return Ok(None);
        };
        Ok(Some((Self::bytes(open, found).await?, version)))
    }

    async fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        let open = self.open().await?;
        let path = open.object(key)?;
        let mode = match expect {
            Expect::Any => PutMode::Overwrite,
            Expect::Absent => PutMode::Create,
            Expect::Version(version) => {
                PutMode::Update(UpdateVersion { e_tag: Some(version.to_string()), version: None })
            }
        };
        self.probe.compares(open, expect).await?;
        let mark = Version::fresh().to_string();
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, "application/octet-stream".to_owned()),
            // What a cache in between keeps, it would keep readable, and old.
            (Attribute::CacheControl, "no-store".to_owned()),
            (Attribute::Metadata(MARK.into()), mark.clone()),
        ]);
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let payload = PutPayload::from(bytes.to_vec());
        let error = match open.client.put_opts(&path, payload, options).await {
            Ok(put) => {
                let tag = put.e_tag.as_deref().unwrap_or_default();
                let weak = tag.starts_with("W/") && self.config.conditions;
                // It is written; the next call says what is wrong.
                let version = if weak { Version::UNKNOWN } else { Version::new(tag) };
                return Ok(Written::Version(version));
            }
            // So is this.
            Err(error) if explain::is_without_etag(&error) && !self.config.conditions => {
                return Ok(Written::DONE);
            }
            Err(error) => error,
        };
        let conflict = explain::is_conflict(&error);
        if !conflict && !explain::is_unanswered(&error) {
            return Err(explain::error(&error, Doing::Write, &open.place));
        }
        // An earlier try may have been the one that came first: its answer was
        // lost, and it was made again.
        match self.is_own(open, &path, &mark).await {
            Ok(Some(version)) => Ok(Written::Version(version)),
            Ok(None) if conflict => Ok(Written::Conflict),
            Err(error) if conflict => Err(error),
            _ => Err(explain::error(&error, Doing::Write, &open.place)),
        }
    }

    async fn delete(&self, key: &str) -> io::Result<()> {
        let open = self.open().await?;
        let path = open.object(key)?;
        let marked = matches!(self.head(open, &path).await?, Some((_, Some(_))));
        if !marked {
            // An uploaded session file says nothing, and is a session. If there
            // is nothing, this tells that from a bucket that is not there.
            let Some((found, _)) = self.get(open, &path).await? else { return Ok(()) };
            let bytes = Self::bytes(open, found).await?;
            if PersistedSession::from_bytes(&bytes).is_err() {
                return Err(explain::other("an object that holds no session"));
            }
        }
        // The client knows no condition here: what came in between goes too.
        match open.client.delete(&path).await {
            Err(error) if !explain::is_absent(&error) => {
                Err(explain::error(&error, Doing::Delete, &open.place))
            }
            _ => Ok(()),
        }
    }

    fn conditional(&self) -> bool {
        self.config.conditions
    }

    async fn version(&self, key: &str) -> io::Result<Option<Version>> {
        let open = self.open().await?;
        let head = self.head(open, &open.object(key)?).await?;
        Ok(head.map(|(version, _)| version))
    }

    async fn sessions(&self) -> io::Result<Vec<String>> {
        let open = self.open().await?;
        let prefix = (!open.prefix.as_ref().is_empty()).then_some(&open.prefix);
        let listed = open.client.list_with_delimiter(prefix).await;
        let listed = listed.map_err(|error| explain::error(&error, Doing::List, &open.place))?;
        Ok(listed.objects.iter().filter_map(|object| open.key(&object.location)).collect())
    }
}

impl fmt::Debug for S3Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("S3Store");
        if let Some(open) = self.open.get() {
            shown.field("place", &open.place).field("prefix", &open.prefix.as_ref());
        }
        shown.field("config", &self.config).finish()
    }
}
