//! Whom a connection with TLS trusts, and who it is to the server.

use crate::config::Wrong;
use redis::{Client, ClientTlsConfig, TlsCertificates};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What is set besides the address, in PEM.
#[derive(Clone, Default)]
pub(crate) struct Tls {
    pub(crate) authorities: Option<Vec<u8>>,
    /// A certificate with those that lead to its authority, and its key.
    pub(crate) identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Tls {
    /// The client, with what is set here. No error quotes any of it.
    pub(crate) fn applied_to(&self, client: &Client) -> Result<Client, Wrong> {
        if !matches!(client.get_connection_info().addr(), redis::ConnectionAddr::TcpTls { .. }) {
            return Err(Wrong::new("certificates are set for a connection without TLS")
                .help("write rediss:// with two s, or set no certificates"));
        }
        let no_pem = |what: &str| {
            Wrong::new(format!("{what} cannot be read"))
                .help("give the text of a PEM file, which begins with -----BEGIN")
        };
        if self.authorities.as_ref().is_some_and(|pem| !are_certificates(pem)) {
            return Err(no_pem("the certificates of the authorities"));
        }
        if let Some((chain, key)) = &self.identity {
            if !are_certificates(chain) {
                return Err(no_pem("the certificate of the client"));
            }
            if PrivateKeyDer::from_pem_slice(key).is_err() {
                return Err(no_pem("the key of the client's certificate"));
            }
        }
        let client_tls = self
            .identity
            .clone()
            .map(|(client_cert, client_key)| ClientTlsConfig { client_cert, client_key });
        let certificates = TlsCertificates { client_tls, root_cert: self.authorities.clone() };
        Client::build_with_tls(client.get_connection_info().clone(), certificates)
            .map_err(|_| no_pem("the certificates"))
    }
}

/// Some, and nothing else.
fn are_certificates(pem: &[u8]) -> bool {
    let mut count = 0;
    CertificateDer::pem_slice_iter(pem).inspect(|_| count += 1).all(|one| one.is_ok()) && count > 0
}

/// rustls stops the program if two of its implementations are compiled in and
/// nobody has chosen one.
pub(crate) fn provide_crypto() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may have been quicker, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
