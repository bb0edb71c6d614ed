//! To which addresses a message may go: those of the public internet, unless the config allows others.
//!
//! A name is resolved once, every address it has is checked, and the connection goes to one of exactly these: a name that
//! leads elsewhere at the next question leads nobody there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};

use crate::Undelivered;

/// Which addresses may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those of the public internet.
    Public,
    /// Those of this machine and of local networks as well.
    Private,
}

impl Reach {
    /// Returns what the config's `allow_private` means.
    pub(crate) const fn of(allow_private: bool) -> Self {
        if allow_private { Self::Private } else { Self::Public }
    }
}

/// Returns the addresses of a host, all of them within reach.
pub(crate) fn resolve(host: &str, port: u16, reach: Reach) -> Result<Vec<SocketAddr>, Undelivered> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = (bare, port).to_socket_addrs();
    let found = found.map_err(|error| Undelivered::Again(format!("{host} is not found: {error}")))?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(Undelivered::Again(format!("{host} has no address")));
    }
    match addresses.iter().find(|address| reach == Reach::Public && !is_public(address.ip())) {
        Some(private) => {
            let ip = private.ip();
            let remedy = "say allow_private = true if it is yours";
            Err(Undelivered::Never(format!("{host} leads to {ip}, which is not on the public internet; {remedy}")))
        }
        None => Ok(addresses),
    }
}

/// Refuses what is not private on its way, unless the whole way lies on this machine or in local networks.
pub(crate) fn must_be_near(host: &str, addresses: &[SocketAddr], remedy: &str) -> Result<(), Undelivered> {
    match addresses.iter().find(|address| is_public(address.ip())) {
        Some(public) => {
            let ip = public.ip();
            Err(Undelivered::Never(format!("{host} leads to {ip}, which is on the public internet; {remedy}")))
        }
        None => Ok(()),
    }
}

/// Returns whether an address is one of the public internet (the registries of RFC 6890).
pub(crate) const fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    let own = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified();
    let many = ip.is_broadcast() || ip.is_multicast() || ip.is_documentation();
    // This network, carriers' shared space, protocol assignments, benchmarks, reserved.
    let special =
        matches!(ip.octets(), [0, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18 | 19, ..] | [240..=255, ..]);
    !(own || many || special)
}

const fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // An address of the old kind within one of the new: mapped, translated (RFC 6052), 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Teredo and protocol assignments, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Only what is allotted as global unicast (RFC 4291 §2.4).
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        let public =
            ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "100.63.0.1"];
        for ip in public {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        let other = "127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 0.1.2.3 100.64.0.1 192.0.0.8 \
            192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 \
            ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1::1 2002:c0a8:101::1 fe80::1 fec0::1 fc00::1 fd12::1 \
            ff02::1 2001:db8::1 2001::1";
        for ip in other.split_whitespace() {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn a_host_on_this_machine_is_reached_only_where_that_is_allowed() {
        assert!(matches!(resolve("localhost", 80, Reach::Public), Err(Undelivered::Never(_))));
        assert!(matches!(resolve("[::1]", 80, Reach::Public), Err(Undelivered::Never(_))));
        assert!(resolve("127.0.0.1", 80, Reach::Private).unwrap().iter().all(|address| address.port() == 80));
    }

    #[test]
    fn one_address_on_the_public_internet_is_enough_to_be_far() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let near = addresses(&["127.0.0.1:80", "[fd12::1]:80", "10.0.0.1:80"]);
        assert_eq!(must_be_near("hooks.example.com", &near, "say https://"), Ok(()));
        let far = addresses(&["10.0.0.1:80", "1.1.1.1:80"]);
        let why = "hooks.example.com leads to 1.1.1.1, which is on the public internet; say https://".to_owned();
        assert_eq!(must_be_near("hooks.example.com", &far, "say https://"), Err(Undelivered::Never(why)));
    }

    #[test]
    fn other_ways_to_write_an_address_are_no_way_around() {
        for host in ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"] {
            assert!(resolve(host, 80, Reach::Public).is_err(), "{host}");
        }
    }
}
