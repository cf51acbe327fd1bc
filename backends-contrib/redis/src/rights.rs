//! What a user of the server must be allowed to do: said in errors, and in the
//! documentation in the same words.

/// Commands, and what needs them.
const NEEDED: [(&[&str], &str); 5] = [
    (
        &[
            "EVAL", "EVALSHA", "TYPE", "HGET", "HSET", "HDEL", "HEXISTS", "HSCAN", "PERSIST",
            "PEXPIRE", "UNLINK",
        ],
        "on the keys of the prefix",
    ),
    (&["SCAN", "INFO"], "for `sessions()`"),
    (&["CLUSTER|SLOTS"], "for that in cluster mode"),
    (&["WAIT"], "for `wait_replicas`"),
    (&["SELECT"], "for a database other than 0"),
];

pub(crate) fn in_words() -> String {
    let needed = NEEDED.map(|(commands, what_for)| match commands {
        [others @ .., last] if !others.is_empty() => {
            format!("{} and {last} {what_for}", others.join(", "))
        }
        _ => format!("{} {what_for}", commands.concat()),
    });
    needed.join("; ")
}

/// Whether the server says that a right is missing, where no code of its says
/// so: inside of a script, and while connecting. Releases differ in the words.
pub(crate) fn missing(said: &str) -> bool {
    said.starts_with("The user executing the script")
        || said.contains("ACL failure in script")
        || said.contains("no permissions to")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_the_same() {
        let docs = include_str!("../docs.md").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(docs.contains(&in_words()), "docs.md does not say: {}", in_words());
        let rules = docs.split("`ACL SETUSER bot ").nth(1).unwrap_or_default();
        let rules = rules.split('`').next().unwrap_or_default().split(' ');
        let granted: Vec<String> =
            rules.filter_map(|rule| rule.strip_prefix('+').map(str::to_ascii_uppercase)).collect();
        let needed: Vec<&str> =
            NEEDED.iter().flat_map(|(commands, _)| commands.iter().copied()).collect();
        assert_eq!(granted, needed, "the rule in docs.md");
    }

    #[test]
    fn a_missing_right_in_the_words_of_several_releases() {
        for said in [
            "The user executing the script can't run this command or subcommand",
            "ACL failure in script: User bot has no permissions to run the 'hset' command",
            "Redis server refused to switch database - ResponseError: User bot has no permissions \
             to run the 'select' command",
            "this user has no permissions to run the 'select' command or its subcommand",
        ] {
            assert!(missing(said), "{said}");
        }
        assert!(!missing("Redis server refused to switch database: DB index is out of range"));
    }
}
