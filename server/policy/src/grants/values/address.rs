//! Addresses, and ranges of them in CIDR notation.

use std::net::IpAddr;

/// What an address of a request can be read as: an IPv4 address in IPv6's form is two.
pub(super) fn read(text: &str) -> Vec<IpAddr> {
    let Ok(address) = text.parse::<IpAddr>() else {
        return Vec::new();
    };
    let plain = address.to_canonical();
    match plain == address {
        true => vec![address],
        false => vec![address, plain],
    }
}

/// The addresses that begin with the same bits.
pub(super) struct Range {
    first: IpAddr,
    /// How many bits they have in common.
    fixed: u32,
}

impl Range {
    /// Reads `10.0.0.0/8`; an address by itself is a range of one.
    pub(super) fn read(text: &str) -> Option<Range> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let all = bits(first);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fixed = match prefix {
            Some(prefix) if !is_number(prefix) => return None,
            Some(prefix) => prefix.parse().ok()?,
            None => all,
        };
        (fixed <= all).then_some(Range { first, fixed })
    }

    /// The first of them and the last.
    pub(super) fn ends(&self) -> (IpAddr, IpAddr) {
        let free = bits(self.first).saturating_sub(self.fixed);
        match self.first {
            IpAddr::V4(first) => {
                let free = u32::MAX.checked_shr(bits(self.first) - free).unwrap_or(0);
                let first = first.to_bits() & !free;
                (IpAddr::V4(first.into()), IpAddr::V4((first | free).into()))
            }
            IpAddr::V6(first) => {
                let free = u128::MAX.checked_shr(bits(self.first) - free).unwrap_or(0);
                let first = first.to_bits() & !free;
                (IpAddr::V6(first.into()), IpAddr::V6((first | free).into()))
            }
        }
    }

    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let differ = match (self.first, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => u128::from(a.to_bits() ^ b.to_bits()),
            (IpAddr::V6(a), IpAddr::V6(b)) => a.to_bits() ^ b.to_bits(),
            _ => return false,
        };
        let free = bits(self.first).saturating_sub(self.fixed);
        differ.checked_shr(free).unwrap_or(0) == 0
    }
}

fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() {
        u32::BITS
    } else {
        u128::BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (range, address, holds) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            // The bits behind the prefix don't count.
            ("10.1.2.3/8", "10.255.0.1", true),
            ("0.0.0.0/0", "255.0.0.1", true),
            ("10.0.0.1/32", "10.0.0.2", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.0.0.1", false),
            ("2001:db8::/127", "2001:db8::1", true),
            ("2001:db8::/128", "2001:db8::1", false),
        ] {
            let found = Range::read(range).unwrap().holds(address.parse().unwrap());
            assert_eq!(found, holds, "{range} {address}");
        }
        for none in [
            "",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/+8",
            "10.*",
        ] {
            assert!(Range::read(none).is_none(), "{none}");
        }
    }
}
