//! Dates in ISO 8601, as the W3C has cut it down, and in seconds since 1970.

/// A moment: seconds since 1970, and nanoseconds.
type Instant = (i64, u32);

/// What a text can be read as: four digits are a year, or so many seconds.
pub(super) fn read(text: &str) -> Vec<Instant> {
    [iso(text), epoch(text)].into_iter().flatten().collect()
}

fn epoch(text: &str) -> Option<Instant> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = is_number.then(|| text.parse().ok())??;
    Some((seconds, 0))
}

fn iso(text: &str) -> Option<Instant> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |text| number(text, 2))?;
    let day = parts.next().map_or(Some(1), |text| number(text, 2))?;
    let is_whole = date.len() == "2026-01-01".len();
    if parts.next().is_some() || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * 86_400;
    match time {
        None => Some((midnight, 0)),
        Some(time) if is_whole => {
            let (seconds, nanoseconds) = time_of_day(time)?;
            Some((midnight + seconds, nanoseconds))
        }
        Some(_) => None,
    }
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, and the offset, in seconds of Greenwich.
fn time_of_day(text: &str) -> Option<Instant> {
    let at = text.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = text.split_at_checked(at)?;
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let (sign, rest) = zone.split_at_checked(1)?;
            let (hours, minutes) = rest.split_once(':')?;
            let offset = clock(number(hours, 2)?, number(minutes, 2)?, 0)?;
            if sign == "-" { -offset } else { offset }
        }
    };
    let mut parts = time.split(':');
    let hours = number(parts.next()?, 2)?;
    let minutes = number(parts.next()?, 2)?;
    let (seconds, nanoseconds) = match parts.next() {
        None => (0, 0),
        Some(text) => match text.split_once('.') {
            None => (number(text, 2)?, 0),
            Some((seconds, fraction)) => (number(seconds, 2)?, nanoseconds(fraction)?),
        },
    };
    if parts.next().is_some() {
        return None;
    }
    Some((clock(hours, minutes, seconds)? - offset, nanoseconds))
}

fn clock(hours: i64, minutes: i64, seconds: i64) -> Option<i64> {
    let is_one =
        (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..60).contains(&seconds);
    is_one.then_some(hours * 3600 + minutes * 60 + seconds)
}

/// Digits behind the ninth don't count.
fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.chars().chain(std::iter::repeat('0')).take(9);
    digits.collect::<String>().parse().ok()
}

/// So many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    let is_one = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok())?
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // The leap days of the years before this one.
    let leap_days = |year: i64| {
        let before = year - 1;
        before / 4 - before / 100 + before / 400
    };
    let years = (year - 1970) * 365 + leap_days(year) - leap_days(1970);
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    years + months + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// https://www.w3.org/TR/NOTE-datetime
    #[test]
    fn dates() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01", 0),
            ("1970-01", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29", 951_782_400),
            ("2000-03-01", 951_868_800),
            ("2026-01-01T00:00Z", 1_767_225_600),
            ("2026-01-01T01:30:00+01:30", 1_767_225_600),
            ("2025-12-31T23:00:00-01:00", 1_767_225_600),
            ("1767225600", 1_767_225_600),
            ("-5", -5),
        ] {
            assert_eq!(read(text), [(seconds, 0)], "{text}");
        }
        assert_eq!(read("1970-01-01T00:00:00.25Z"), [(0, 250_000_000)]);
        assert_eq!(read("1970"), [(0, 0), (1970, 0)]);
        for none in [
            "",
            "-",
            "soon",
            "2026-13-01",
            "2026-02-29",
            "2026-1-1",
            "2026-01-01T00:00:00",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01T00:00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00+0100",
            "é026-01-01",
        ] {
            assert_eq!(read(none), [], "{none}");
        }
    }
}
