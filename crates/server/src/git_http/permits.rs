//! Whose turn it is: only so many git processes run at once, and only so many of one user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Service;
use crate::names::UserName;
use crate::reply::Refusal;
use crate::settings::Limits;

/// The turns that there are.
#[derive(Debug)]
pub struct Permits {
    pushes: Arc<Semaphore>,
    fetches: Arc<Semaphore>,
    of_user: Mutex<HashMap<UserName, Arc<Semaphore>>>,
    per_user: usize,
    patience: Duration,
}

/// A turn, for as long as it is kept.
#[derive(Debug)]
pub struct Permit {
    _one: OwnedSemaphorePermit,
    _of_user: OwnedSemaphorePermit,
}

impl Permits {
    /// As many as the limits say.
    pub fn new(limits: &Limits) -> Permits {
        Permits {
            pushes: Arc::new(Semaphore::new(limits.pushes)),
            fetches: Arc::new(Semaphore::new(limits.fetches)),
            of_user: Mutex::default(),
            per_user: limits.per_user,
            patience: Duration::from_secs(limits.queue_seconds),
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// Where none came in time.
    pub async fn take(&self, service: Service, user: &UserName) -> Result<Permit, Refusal> {
        let of_user = {
            let mut all = self.of_user.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(user.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.per_user))))
        };
        let all = match service {
            Service::UploadPack => &self.fetches,
            Service::ReceivePack => &self.pushes,
        };
        let both = async {
            let of_user = of_user.acquire_owned().await.map_err(|_| Refusal::Internal)?;
            let one = Arc::clone(all).acquire_owned().await.map_err(|_| Refusal::Internal)?;
            Ok(Permit { _one: one, _of_user: of_user })
        };
        timeout(self.patience, both).await.unwrap_or(Err(Refusal::Busy(Duration::from_secs(5))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits() -> Permits {
        Permits::new(&Limits { pushes: 2, fetches: 1, per_user: 1, queue_seconds: 0, ..Limits::default() })
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    #[test]
    fn turns_are_counted_in_all_and_by_user() {
        use Service::{ReceivePack, UploadPack};
        let permits = permits();
        run(async {
            let mut kept = Vec::new();
            for (who, service, is_let_in) in [
                ("pat", ReceivePack, true),
                ("pat", ReceivePack, false),
                // One of a user, whatever it is for.
                ("pat", UploadPack, false),
                ("sam", UploadPack, true),
                ("kim", UploadPack, false),
                ("kim", ReceivePack, true),
                ("lee", ReceivePack, false),
            ] {
                match permits.take(service, &UserName::new(who).unwrap()).await {
                    Ok(permit) => {
                        assert!(is_let_in, "{who} {service:?}");
                        kept.push(permit);
                    }
                    Err(refusal) => {
                        assert!(!is_let_in, "{who} {service:?}");
                        assert!(matches!(refusal, Refusal::Busy(_)), "{refusal:?}");
                    }
                }
            }
            kept.clear();
            assert!(permits.take(UploadPack, &UserName::new("pat").unwrap()).await.is_ok());
        });
    }

    #[test]
    fn a_turn_is_waited_for() {
        let permits = Arc::new(Permits { patience: Duration::from_secs(20), ..permits() });
        let pat = UserName::new("pat").unwrap();
        run(async {
            let first = permits.take(Service::UploadPack, &pat).await;
            let waiting = permits.take(Service::UploadPack, &pat);
            let leaving = async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                drop(first);
            };
            let (second, ()) = tokio::join!(waiting, leaving);
            assert!(second.is_ok());
        });
    }
}
