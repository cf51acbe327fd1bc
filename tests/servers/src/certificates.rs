//! Certificates for servers on loopback, of an authority that nobody trusts
//! unless told to.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};

/// Signs certificates.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pem: String,
}

/// A certificate and its key, as servers take them.
pub struct Certificate {
    /// The certificate, in PEM.
    pub chain: String,
    /// Its private key, in PEM.
    pub key: String,
}

impl Authority {
    /// A new one.
    ///
    /// # Panics
    ///
    /// If there is no randomness.
    #[must_use]
    pub fn new() -> Self {
        let mut of = CertificateParams::new(Vec::new()).unwrap();
        of.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        of.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(of, KeyPair::generate().unwrap()).unwrap();
        let pem = issuer.pem();
        Self { issuer, pem }
    }

    /// Its own certificate, in PEM: what a client has to trust.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for a server with this name or address.
    ///
    /// # Panics
    ///
    /// If that is no name.
    #[must_use]
    pub fn certify(&self, host: &str) -> Certificate {
        let key = KeyPair::generate().unwrap();
        let mut of = CertificateParams::new(vec![host.to_owned()]).unwrap();
        // Of the authority's own name, some servers take it for its own signer.
        of.distinguished_name.push(DnType::CommonName, host);
        let certificate = of.signed_by(&key, &self.issuer).unwrap();
        Certificate { chain: certificate.pem(), key: key.serialize_pem() }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the key.
impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificate")
    }
}
