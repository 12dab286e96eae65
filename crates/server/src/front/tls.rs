//! TLS: the certificate and its key, read at the start and again whenever the server is told to.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls_pki_types::pem::{Error, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::data::at;
use crate::failure::Failure;

/// The certificate that the server shows.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: Mutex<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads a certificate chain and its key, both PEM (RFC 7468).
    ///
    /// # Errors
    /// Where a file cannot be read or is not what it should be, or the two do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Tls, Failure> {
        let config = Mutex::new(read(certificate, key)?);
        Ok(Tls { certificate: certificate.to_owned(), key: key.to_owned(), config })
    }

    /// Reads both files again. What was there before stays where they are wrong.
    ///
    /// # Errors
    /// As for [`Tls::load`].
    pub fn reload(&self) -> Result<(), Failure> {
        let config = read(&self.certificate, &self.key)?;
        *self.config.lock().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// What shakes hands with a new connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, Failure> {
    let chain: Result<Vec<CertificateDer<'static>>, Error> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain = chain.map_err(|error| no_pem(certificate, "certificate", error))?;
    if chain.is_empty() {
        return Err(no_pem(certificate, "certificate", Error::NoItemsFound));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| no_pem(key, "key", error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unfit = |error: rustls::Error| {
        let (certificate, key) = (certificate.display(), key.display());
        match error {
            rustls::Error::InconsistentKeys(_) => Failure::new(format!(
                "the key \"{key}\" does not belong to the certificate \"{certificate}\""
            ))
            .hint("the certificate of the server itself comes first in its file, then those that signed it"),
            error => Failure::new(format!("cannot use \"{certificate}\" with \"{key}\": {error}")),
        }
    };
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config =
        versions.map_err(unfit)?.with_no_client_auth().with_single_cert(chain, private).map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn no_pem(path: &Path, what: &str, error: Error) -> Failure {
    match error {
        Error::Io(error) => at(path, &error),
        Error::NoItemsFound => Failure::new(format!("there is no {what} in \"{}\"", path.display()))
            .hint(format!("name the file in PEM that has a block \"BEGIN ...{}\"", what.to_uppercase())),
        error => Failure::new(format!("\"{}\" is no {what} in PEM: {error}", path.display())),
    }
}
