//! One host after the other. The client tries several as well, but waits for
//! one that says nothing until the call is over.

use crate::connection::Connection;
use crate::explain::{explain, silent};
use std::io;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_postgres::config::{Config, Host, LoadBalanceHosts};
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Error, Socket};

/// How often a server is asked again that is about to be up.
const STARTING: usize = 50;

/// A connection to the first host that answers, and is as `config` asks, within
/// `time`: of which no host takes the share of the others.
pub(crate) async fn connect<T>(
    config: &Config,
    tls: T,
    server: &str,
    time: Duration,
) -> io::Result<Connection>
where
    T: MakeTlsConnect<Socket> + Clone,
    T::Stream: Send + 'static,
{
    let mut hosts = one_by_one(config);
    let share = match u32::try_from(hosts.len()) {
        Ok(hosts) if hosts > 1 => time / (hosts + 1),
        _ => just_under(time),
    };
    let mut asked = 0;
    loop {
        let mut starting = false;
        let mut failed = None;
        let mut answering = Vec::with_capacity(hosts.len());
        for host in hosts {
            match timeout(share, host.connect(tls.clone())).await {
                Ok(Ok((client, link))) => return Ok(Connection::new(client, link)),
                Ok(Err(error)) => {
                    starting |= is_starting(&error);
                    failed = Some(explain(&error, server));
                    answering.push(host);
                }
                Err(_) if failed.is_none() => failed = Some(silent(server, share)),
                Err(_) => {}
            }
        }
        // After a crash a server looks through its log first.
        if !starting || asked == STARTING {
            return Err(failed.unwrap_or_else(|| silent(server, share)));
        }
        asked += 1;
        hosts = answering;
        sleep(Duration::from_millis(100)).await;
    }
}

/// A little less: so that what is told is what was waited for.
pub(crate) fn just_under(time: Duration) -> Duration {
    time - time / 20
}

fn is_starting(error: &Error) -> bool {
    error.code() == Some(&SqlState::CANNOT_CONNECT_NOW)
}

/// The configuration for each host alone, in the order in which they are
/// tried; what makes no sense stays as it is, for the client to say so.
fn one_by_one(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) =
        (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    let odd = |given: usize| given > 1 && given != count;
    let unpaired = !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len();
    if count < 2 || unpaired || odd(ports.len()) {
        return vec![config.clone()];
    }
    let mut each: Vec<Config> = (0..count)
        .map(|at| {
            let mut one = without_hosts(config);
            match hosts.get(at) {
                Some(Host::Tcp(host)) => {
                    one.host(host);
                }
                #[cfg(unix)]
                Some(Host::Unix(path)) => {
                    one.host_path(path);
                }
                None => {}
            }
            if let Some(address) = addresses.get(at) {
                one.hostaddr(*address);
            }
            if let Some(port) = ports.get(at).or(ports.first()) {
                one.port(*port);
            }
            one
        })
        .collect();
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        let random = ferogram_session::Version::fresh().to_string();
        let first = random.bytes().fold(0, |sum, byte| sum * 31 % 65_521 + usize::from(byte));
        each.rotate_left(first % count);
    }
    each
}

fn without_hosts(config: &Config) -> Config {
    let mut one = Config::new();
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(database) = config.get_dbname() {
        one.dbname(database);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    if let Some(name) = config.get_application_name() {
        one.application_name(name);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(time) = config.get_connect_timeout() {
        one.connect_timeout(*time);
    }
    if let Some(time) = config.get_tcp_user_timeout() {
        one.tcp_user_timeout(*time);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        one.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        one.keepalives_retries(retries);
    }
    one.ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding())
        .load_balance_hosts(config.get_load_balance_hosts());
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_keeps_what_was_said_of_all() {
        let all = "user=me password=hunter2 dbname=d options=-cx=y application_name=a \
            sslmode=require sslnegotiation=direct connect_timeout=3 tcp_user_timeout=4 keepalives=0 \
            keepalives_idle=5 keepalives_interval=6 keepalives_retries=7 channel_binding=require \
            target_session_attrs=read-write";
        let config = |hosts: &str| format!("{hosts} {all}").parse::<Config>().unwrap();
        let pairs = [
            ("host=a,/b port=1,2", vec!["host=a port=1", "host=/b port=2"]),
            ("host=a,b", vec!["host=a", "host=b"]),
            ("host=a,b port=7", vec!["host=a port=7", "host=b port=7"]),
            ("hostaddr=127.0.0.1,::1", vec!["hostaddr=127.0.0.1", "hostaddr=::1"]),
            (
                "host=a,b hostaddr=127.0.0.1,::1",
                vec!["host=a hostaddr=127.0.0.1", "host=b hostaddr=::1"],
            ),
            ("host=a port=1", vec!["host=a port=1"]),
            ("host=a,b port=1,2,3", vec!["host=a,b port=1,2,3"]),
            ("host=a,b hostaddr=127.0.0.1", vec!["host=a,b hostaddr=127.0.0.1"]),
        ];
        for (hosts, each) in pairs {
            let each: Vec<Config> = each.into_iter().map(config).collect();
            assert_eq!(one_by_one(&config(hosts)), each, "{hosts}");
        }
        let mut seen = std::collections::HashSet::new();
        for _ in 0..200 {
            let tried = one_by_one(&config("host=a,b load_balance_hosts=random"));
            assert_eq!(tried.len(), 2);
            seen.insert(format!("{:?}", tried[0].get_hosts()));
        }
        assert_eq!(seen.len(), 2);
    }
}
