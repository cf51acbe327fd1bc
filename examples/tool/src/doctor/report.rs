//! Findings, in the order they were made.

use std::fmt;

#[derive(Default)]
pub(super) struct Report(Vec<Finding>);

struct Finding {
    level: &'static str,
    what: String,
    advice: String,
}

const WRONG: &str = "wrong";

impl Report {
    pub(super) fn good(&mut self, what: impl Into<String>) {
        self.push("ok", what, "");
    }

    pub(super) fn note(&mut self, what: impl Into<String>, advice: impl Into<String>) {
        self.push("note", what, advice);
    }

    pub(super) fn wrong(&mut self, what: impl Into<String>, advice: impl Into<String>) {
        self.push(WRONG, what, advice);
    }

    pub(super) fn to_mend(&self) -> bool {
        self.0.iter().any(|finding| finding.level == WRONG)
    }

    fn push(&mut self, level: &'static str, what: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding { level, what: what.into(), advice: advice.into() });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { level, what, advice } in &self.0 {
            writeln!(f, "  {level:5}  {what}")?;
            if !advice.is_empty() {
                writeln!(f, "         {advice}")?;
            }
        }
        Ok(())
    }
}
