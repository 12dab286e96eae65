//! What `upload-pack` can do in version 2 of the protocol: the same for every notebook and user, so git is asked once.

use std::sync::OnceLock;

use super::Service;

/// The version of the protocol whose first answer names no refs.
const VERSION: &str = "version=2";
/// How such an answer begins, as a packet line.
const BEGINNING: &[u8] = b"000eversion 2\n";

/// What git answered the first time.
///
/// In other versions, and for a push, the answer names refs, and is another each time.
#[derive(Debug, Default)]
pub struct Capabilities(OnceLock<Vec<u8>>);

impl Capabilities {
    /// The answer to that question, where it is known.
    pub fn answer(&self, service: Service, protocol: Option<&str>) -> Option<Vec<u8>> {
        self.0.get().filter(|_| is_of_all(service, protocol)).cloned()
    }

    /// Keeps git's answer to that question in mind, where it is the same for everybody.
    pub fn keep(&self, service: Service, protocol: Option<&str>, answer: &[u8]) {
        if is_of_all(service, protocol) && answer.starts_with(BEGINNING) {
            let _ = self.0.set(answer.to_vec());
        }
    }
}

fn is_of_all(service: Service, protocol: Option<&str>) -> bool {
    service == Service::UploadPack && protocol == Some(VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_same_for_everybody_is_kept() {
        let second = b"000eversion 2\n0000".as_slice();
        let first = b"001e# service=git-upload-pack\n0000".as_slice();
        for (service, protocol, answer, is_kept) in [
            (Service::UploadPack, Some("version=2"), second, true),
            (Service::UploadPack, Some("version=2"), first, false),
            (Service::UploadPack, Some("version=1"), second, false),
            (Service::UploadPack, Some("version=2:version=1"), second, false),
            (Service::UploadPack, None, second, false),
            (Service::ReceivePack, Some("version=2"), second, false),
        ] {
            let capabilities = Capabilities::default();
            capabilities.keep(service, protocol, answer);
            let kept = capabilities.answer(Service::UploadPack, Some("version=2"));
            assert_eq!(kept.is_some(), is_kept, "{service:?} {protocol:?} {answer:?}");
            if is_kept {
                assert_eq!(capabilities.answer(Service::ReceivePack, Some("version=2")), None);
                assert_eq!(capabilities.answer(Service::UploadPack, None), None);
            }
        }
    }
}
