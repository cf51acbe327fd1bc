use crate::error::SessionError;
use std::fmt;
use std::io;

/// Where a server is, and the token for it.
#[derive(Clone)]
pub(super) struct Address {
    /// With its query, without credentials.
    url: String,
    /// Without either: for names and messages.
    shown: String,
    token: String,
}

impl Address {
    /// Takes anything: what is wrong with it is the error of [`check`](Self::check).
    pub(super) fn new(url: String, token: String) -> Self {
        let url = url.trim();
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let host = authority.rsplit('@').next().unwrap_or_default();
        let path = rest.split('?').next().unwrap_or_default();
        // A server speaks the same over each of these.
        let spoken = match scheme {
            "libsql" | "wss" => "https",
            "ws" => "http",
            scheme => scheme,
        };
        Self {
            url: format!("{spoken}://{host}{rest}"),
            shown: format!("{scheme}://{host}{path}"),
            token,
        }
    }

    /// # Errors
    ///
    /// If it is not the address of a server, or the token is none.
    pub(super) fn check(&self) -> io::Result<()> {
        let (scheme, rest) = self.url.split_once("://").unwrap_or_default();
        let host = rest.split(['/', '?', ':']).next().unwrap_or_default();
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let wrong = if !matches!(scheme, "https" | "http") || host.is_empty() || !plain(rest) {
            SessionError::config(format!("{:?} is not the address of a libSQL server", self.shown))
                .help("write `libsql://..`, `https://..` or `http://..` and a host")
        } else if !plain(&self.token) {
            SessionError::config("the token for the libSQL server has characters that no token has")
                .help("look for a line break or a space around it")
        } else {
            return Ok(());
        };
        Err(wrong.into())
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether TLS is asked for.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// As it is shown, with another scheme.
    pub(super) fn with(&self, scheme: &str) -> String {
        let rest = self.shown.split_once("://").map_or("", |(_, rest)| rest);
        format!("{scheme}://{rest}")
    }

    /// What the client says, without what must not be shown.
    pub(super) fn redact(&self, text: &str) -> String {
        let text = text.replace(&self.url, &self.shown);
        if self.token.is_empty() { text } else { text.replace(&self.token, "…") }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Address {
        Address::new(url.into(), "token".into())
    }

    #[test]
    fn no_credentials_and_no_query_are_shown() {
        let address = address("libsql://me:pa@ss@bots.example.io:1/a/b?authToken=abc#d");
        assert_eq!(address.shown(), "libsql://bots.example.io:1/a/b");
        assert_eq!(address.url(), "https://bots.example.io:1/a/b?authToken=abc");
        assert_eq!(format!("{address:?}"), address.shown());
        assert_eq!(
            address.redact("token at https://bots.example.io:1/a/b?authToken=abc"),
            "… at libsql://bots.example.io:1/a/b"
        );
        assert!(address.check().is_ok());
    }

    #[test]
    fn what_is_no_address() {
        for good in ["bots.example.io", "http://127.0.0.1:8080/", "ws://[::1]:80", "wss://a"] {
            assert!(address(good).check().is_ok(), "{good}");
        }
        for bad in [
            "",
            "file:///a",
            "https://",
            "https://user@",
            "http://a b",
            "http://\u{e4}.de",
            "http://:80",
        ] {
            assert!(address(bad).check().is_err(), "{bad}");
        }
        assert!(Address::new("http://a".into(), "to\nken".into()).check().is_err());
    }
}
