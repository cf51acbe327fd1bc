//! Whom a connection with TLS trusts.

use crate::config::S3Config;
use ferogram_session::SessionError;
use object_store::{Certificate, ClientOptions};
use std::io;

/// With the authorities that are given, if any are.
pub(crate) fn trusting(mut options: ClientOptions, config: &S3Config) -> io::Result<ClientOptions> {
    let pem = match std::env::var_os("AWS_CA_BUNDLE") {
        Some(path) if config.certificates.is_empty() && !path.is_empty() => std::fs::read(&path)
            .map_err(|error| {
                let path = path.display();
                SessionError::config(format!("the certificates in {path} cannot be read: {error}"))
                    .help("AWS_CA_BUNDLE is the path of a file of certificates in PEM")
            })?,
        _ => config.certificates.clone(),
    };
    if !pem.is_empty() {
        let certificates = Certificate::from_pem_bundle(&pem).unwrap_or_default();
        if certificates.is_empty() {
            return Err(SessionError::config("there is no certificate in the given text")
                .help("certificates are given in PEM: -----BEGIN CERTIFICATE----- and so on")
                .into());
        }
        options = options.with_no_system_certificates(true);
        for certificate in certificates {
            options = options.with_root_certificate(certificate);
        }
    }
    Ok(options)
}

/// TLS by rustls, which has to be told by whose mathematics; a program that
/// has chosen keeps its choice.
pub(crate) fn provide_crypto() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // If another thread was faster, there is one too.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
