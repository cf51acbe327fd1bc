//! Encryption, and whom to believe that it is the server.

use ferogram_session::SessionError;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What is asked of the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Nothing: encrypted, with whomever.
    Nothing,
    /// Signed by one of these authorities, and made out to the host.
    Signed(Authorities),
    /// Signed by an authority that the system trusts, and made out to the host.
    SignedForSystem,
}

/// Certificates, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authorities {
    File(PathBuf),
    Text(Vec<u8>),
}

/// A connector that checks so.
pub(crate) fn connector(check: &Check) -> io::Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?;
    let config = match check {
        Check::Nothing => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        }
        Check::Signed(these) => builder.with_root_certificates(these.read()?),
        Check::SignedForSystem => builder.with_root_certificates(of_the_system()?),
    };
    let mut config = config.with_no_client_auth();
    // Without it a server refuses `sslnegotiation=direct`.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

impl Authorities {
    fn read(&self) -> io::Result<RootCertStore> {
        let unreadable = |error: &str| match self {
            Self::File(path) => wrong(format!("{}: {error}", path.display())),
            Self::Text(_) => wrong(format!("the certificates of the authorities: {error}")),
        };
        let certificates: Vec<_> = match self {
            Self::File(path) => CertificateDer::pem_file_iter(path)
                .and_then(|all| all.collect::<Result<_, _>>())
                .map_err(|error| unreadable(&error.to_string()))?,
            // What it is instead may be secret.
            Self::Text(pem) => CertificateDer::pem_slice_iter(pem)
                .collect::<Result<_, _>>()
                .map_err(|_| unreadable("this is no PEM"))?,
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates {
            roots.add(certificate).map_err(|error| unreadable(&error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(unreadable("there is no certificate in it"));
        }
        Ok(roots)
    }
}

/// Read once: there are many, and each connection asks.
fn of_the_system() -> io::Result<Arc<RootCertStore>> {
    static FOUND: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(roots) = FOUND.get() {
        return Ok(Arc::clone(roots));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(wrong("the system has no authorities that it trusts".to_owned()));
    }
    Ok(Arc::clone(FOUND.get_or_init(|| Arc::new(roots))))
}

fn wrong(what: String) -> io::Error {
    SessionError::config(what)
        .help(
            "name the file of the authority's certificate, in PEM: sslmode=verify-full&sslrootcert=..; \
             or give its text to `PostgresConfig::certificates`",
        )
        .into()
}

/// Takes anybody for the server, who only has to own the certificate shown.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
