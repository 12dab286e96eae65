//! Where a request comes from: the other end of the connection, or who a trusted proxy says it is.

use std::net::{IpAddr, SocketAddr};

use hyper::HeaderMap;

/// By these a proxy says for whom it asks.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The client's address.
    pub address: IpAddr,
    /// A proxy passed it on, whether one that is believed or not.
    pub is_forwarded: bool,
    /// The client came by https.
    pub is_https: bool,
}

impl Peer {
    /// Who asks, on a connection from `socket`. What headers say is believed from these proxies only.
    pub fn of(socket: IpAddr, is_tls: bool, headers: &HeaderMap, proxies: &[IpAddr]) -> Peer {
        let is_proxy = is_trusted(socket, proxies);
        let is_forwarded = is_proxy || FORWARDED.iter().any(|name| headers.contains_key(*name));
        let address = if is_proxy { client(headers, proxies).unwrap_or(socket) } else { socket };
        let said = headers.get_all("x-forwarded-proto").iter().next_back();
        let says_https = said.is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
        Peer { address: address.to_canonical(), is_forwarded, is_https: is_tls || (is_proxy && says_https) }
    }

    /// From this machine itself, and no proxy passed it on.
    pub fn is_local(&self) -> bool {
        self.address.is_loopback() && !self.is_forwarded
    }
}

/// Whether this is the address of such a proxy.
pub fn is_trusted(socket: IpAddr, proxies: &[IpAddr]) -> bool {
    proxies.iter().any(|proxy| proxy.to_canonical() == socket.to_canonical())
}

/// The last hop that is no proxy of ours: what stands before it the client may have written itself.
fn client(headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    for hop in hops {
        let address = address(hop.trim())?;
        if !is_trusted(address, proxies) {
            return Some(address);
        }
    }
    None
}

/// An address as proxies write it, some with a port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.trim_start_matches('[').trim_end_matches(']');
    plain.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    /// Where a connection comes from, the proxies that are believed, the headers; who asks, forwarded, by https.
    type Row = (
        &'static str,
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
        &'static str,
        bool,
        bool,
    );

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let rows: [Row; 12] = [
            ("1.2.3.4", &[], &[], "1.2.3.4", false, false),
            ("1.2.3.4", &[], &[("x-forwarded-for", "9.9.9.9")], "1.2.3.4", true, false),
            ("1.2.3.4", &[], &[("x-forwarded-proto", "https")], "1.2.3.4", false, false),
            ("127.0.0.1", &[], &[("via", "1.1 x")], "127.0.0.1", true, false),
            ("1.2.3.4", &["1.2.3.4"], &[], "1.2.3.4", true, false),
            ("1.2.3.4", &["1.2.3.4"], &[("x-forwarded-for", "6.6.6.6, 9.9.9.9")], "9.9.9.9", true, false),
            (
                "1.2.3.4",
                &["1.2.3.4", "9.9.9.9"],
                &[("x-forwarded-for", "6.6.6.6,9.9.9.9")],
                "6.6.6.6",
                true,
                false,
            ),
            (
                "1.2.3.4",
                &["1.2.3.4"],
                &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "7.7.7.7")],
                "7.7.7.7",
                true,
                false,
            ),
            ("1.2.3.4", &["1.2.3.4"], &[("x-forwarded-for", "5.5.5.5, nobody")], "1.2.3.4", true, false),
            ("::ffff:1.2.3.4", &["1.2.3.4"], &[("x-forwarded-for", "[::1]:80")], "::1", true, false),
            ("1.2.3.4", &["1.2.3.4"], &[("x-forwarded-proto", "HTTPS")], "1.2.3.4", true, true),
            ("1.2.3.4", &["1.2.3.4"], &[("x-forwarded-proto", "http")], "1.2.3.4", true, false),
        ];
        for (from, proxies, lines, address, is_forwarded, is_https) in rows {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
            let peer = Peer::of(from.parse().unwrap(), false, &headers, &proxies);
            let expected = Peer { address: address.parse().unwrap(), is_forwarded, is_https };
            assert_eq!(peer, expected, "{from} {proxies:?} {lines:?}");
        }
    }
}
