//! Where the server listens, and whether it may do so there.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::failure::Failure;

/// Where to listen.
#[derive(Debug, Clone, Copy)]
pub struct Listen {
    /// The address; port 0 means any that is free.
    pub address: SocketAddr,
    /// There is a certificate.
    pub has_tls: bool,
    /// A proxy stands before it, which has one.
    pub is_behind_proxy: bool,
}

/// Takes the address. Tokens never cross a network in the clear, so that is refused.
///
/// # Errors
/// Where that address is not to be had, or would show tokens to others.
pub async fn bind(listen: Listen) -> Result<TcpListener, Failure> {
    let Listen { address, has_tls, is_behind_proxy } = listen;
    if !address.ip().is_loopback() && !has_tls && !is_behind_proxy {
        return Err(Failure::no(format!("on {address} tokens would cross the network in the clear")).hint(
            "give --tls-cert and --tls-key, or --behind-proxy where a proxy with TLS stands before it",
        ));
    }
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Failure::no(format!("another program listens on {address}"))
            .hint("name another address with --listen; port 0 takes one that is free"),
        _ => Failure::new(format!("cannot listen on {address}: {error}")),
    })
}
