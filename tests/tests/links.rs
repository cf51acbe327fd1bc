//! `README.md` is read in three places: in the repository, at the front of the
//! crate's documentation, and on the page of the package. A relative path leads
//! to a file in the first alone, so there is none; a file is named as code.

use std::path::Path;

/// Where links and images lead, but for what stands in code.
fn targets(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for prose in text.split("```").step_by(2).flat_map(|part| part.split('`').step_by(2)) {
        for mark in ["](", "]: ", "src=\"", "href=\""] {
            let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '"');
            targets.extend(prose.split(mark).skip(1).filter_map(|rest| rest.split(ends).next()));
        }
    }
    targets
}

fn is_relative(target: &&str) -> bool {
    !target.starts_with("https://") && !target.starts_with('#')
}

#[test]
fn the_readme_has_no_link_that_is_broken_where_else_it_is_shown() {
    let told = "[a](b.md) ![`c`](d.svg 'e')\n<img src=\"f.svg\"> [g][h] `[i](j)`\n```\n[k](l)\n```\n\
        [h]: m.md\n[n](https://example.org) [o](#p)";
    let broken: Vec<&str> = targets(told).into_iter().filter(is_relative).collect();
    assert_eq!(broken, ["b.md", "d.svg", "f.svg", "m.md"]);

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let broken: Vec<&str> = targets(&readme).into_iter().filter(is_relative).collect();
    assert!(broken.is_empty(), "relative links in README.md: {broken:?}");
}
