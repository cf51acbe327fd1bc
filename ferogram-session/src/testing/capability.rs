use std::fmt;

/// What a backend promises beyond what every backend does; see the
/// [table](super#capabilities).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// A backend made again in the same place finds what was saved.
    Persistent,
    /// A login survives a power cut once the call that changed it returned.
    PowerSafe,
    /// Several processes may use one session at once.
    Shared,
    /// The store compares before it writes.
    Conditional,
    /// Different keys are different sessions.
    ManySessions,
    /// What was altered in the store is an error.
    DetectsDamage,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Persistent,
        Self::PowerSafe,
        Self::Shared,
        Self::Conditional,
        Self::ManySessions,
        Self::DetectsDamage,
    ];

    /// The word for it in `conformance!`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Persistent => "persistent",
            Self::PowerSafe => "power_safe",
            Self::Shared => "shared",
            Self::Conditional => "conditional",
            Self::ManySessions => "many_sessions",
            Self::DetectsDamage => "detects_damage",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
