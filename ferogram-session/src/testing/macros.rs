//! `conformance!`, and the functions behind it.

use super::{Capability, Place, Suite, run};
use crate::SessionBackend;
use std::io::Write;

/// Tells the compiler what `conformance!` takes, before it looks at a closure
/// that does not say.
#[doc(hidden)]
pub fn maker<B, F>(make: F) -> F
where
    B: SessionBackend + 'static,
    F: Fn(&Place) -> B + Send + Sync + 'static,
{
    make
}

/// The body of a test.
#[doc(hidden)]
pub fn test(mut suite: Suite, name: &str, path: &'static str) {
    // `module_path!` begins with the crate, the name of a test does not.
    suite.test = path.split_once("::").map(|(_, path)| path);
    run::run_as_test(&suite, name);
}

/// Says what was declared: not through `print!`, which the test harness shows
/// only when a test fails.
#[doc(hidden)]
pub fn print_capabilities(suite: &Suite, module: &str) {
    let names = |declared: bool| {
        let all = Capability::ALL.iter().filter(|capability| suite.has(**capability) == declared);
        let names: Vec<_> = all.map(|capability| capability.name()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let module = module.split_once("::").map_or(module, |(_, module)| module);
    let line = format!("{module}: capabilities {}; not {}\n", names(true), names(false));
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Makes one `#[test]` for every law and case, over a backend of yours.
///
/// ```text
/// conformance!(make_backend, persistent, power_safe, shared, conditional, many_sessions,
///     detects_damage = damage);
/// ```
///
/// The first argument is a function or closure `fn(&Place) -> B`, which makes
/// a backend; after it come the capabilities that the backend has. See
/// [`testing`](crate::testing) for what they mean. Two backends in one file
/// stand in a module each.
#[macro_export]
macro_rules! conformance {
    (persistent $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    (power_safe $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    (shared $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    (conditional $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    (many_sessions $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    (detects_damage $($rest:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
    ($make:expr $(, $($capabilities:tt)*)?) => {
        $crate::__conformance!(@capabilities [no no no no no no] [] $make; $($($capabilities)*)?);
    };
    ($($other:tt)*) => {
        $crate::__conformance!(@no_maker);
    };
}

/// The steps of `conformance!`. `yes` and `no` are the capabilities in the
/// order of [`Capability::ALL`](crate::testing::Capability::ALL).
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance {
    (@no_comma $word:ident $next:tt) => {
        ::core::compile_error!(::core::concat!(
            "expected `,` after `", ::core::stringify!($word), "`, found `", ::core::stringify!($next),
            "`\nhelp: capabilities are words with commas between them"
        ));
    };
    (@no_maker) => {
        ::core::compile_error!(
            "expected a function that makes a backend, then its capabilities\nhelp: write `conformance!(make_backend, persistent, conditional)`"
        );
    };

    // Which capabilities are declared: one after the other.
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; persistent $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [yes $w $s $c $m $d] $damage $make; $($($rest)*)?);
    };
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; power_safe $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [$p yes $s $c $m $d] $damage $make; $($($rest)*)?);
    };
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; shared $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [$p $w yes $c $m $d] $damage $make; $($($rest)*)?);
    };
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; conditional $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [$p $w $s yes $m $d] $damage $make; $($($rest)*)?);
    };
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; many_sessions $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [$p $w $s $c yes $d] $damage $make; $($($rest)*)?);
    };
    (@capabilities [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] $damage:tt $make:expr; detects_damage = $how:expr $(, $($rest:tt)*)?) => {
        $crate::__conformance!(@capabilities [$p $w $s $c $m yes] [$how] $make; $($($rest)*)?);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; detects_damage $($rest:tt)*) => {
        ::core::compile_error!(
            "`detects_damage` needs to know how to do damage\nhelp: write `detects_damage = damage`, with a `fn damage(place: &ferogram_session::testing::Place)` that alters what is stored"
        );
    };
    (@capabilities $flags:tt $damage:tt $make:expr; persistent $next:tt $($rest:tt)*) => {
        $crate::__conformance!(@no_comma persistent $next);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; power_safe $next:tt $($rest:tt)*) => {
        $crate::__conformance!(@no_comma power_safe $next);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; shared $next:tt $($rest:tt)*) => {
        $crate::__conformance!(@no_comma shared $next);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; conditional $next:tt $($rest:tt)*) => {
        $crate::__conformance!(@no_comma conditional $next);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; many_sessions $next:tt $($rest:tt)*) => {
        $crate::__conformance!(@no_comma many_sessions $next);
    };
    (@capabilities $flags:tt $damage:tt $make:expr; $unknown:tt $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "unknown capability `", ::core::stringify!($unknown), "`\nhelp: the capabilities are ",
            "`persistent`, `power_safe`, `shared`, `conditional`, `many_sessions` and `detects_damage = damage`"
        ));
    };

    (@capabilities [$p:tt $w:tt yes no $m:tt $d:tt] $damage:tt $make:expr;) => {
        ::core::compile_error!(
            "`shared` needs `conditional`: of what several processes write nothing is lost only if the store compares\nhelp: declare `conditional` too, with `fn conditional(&self) -> bool { true }` in the store; or leave out `shared`"
        );
    };

    // All are known: the suite, and a test for each case.
    (@capabilities $flags:tt $damage:tt $make:expr;) => {
        #[allow(dead_code)]
        fn __conformance_suite() -> $crate::testing::Suite {
            let make = $crate::testing::__private::maker($make);
            let suite = $crate::testing::Suite::of_handles(move |place| {
                #[allow(unused_imports)]
                use $crate::testing::__private::{Plain as _, Shown as _};
                (&$crate::testing::__private::Probe::new(make(place))).handle()
            });
            $crate::__conformance!(@declare suite $flags $damage)
        }

        /// Prints what is declared, and what is not.
        #[::core::prelude::v1::test]
        fn capabilities() {
            $crate::testing::__private::print_capabilities(
                &__conformance_suite(),
                ::core::module_path!(),
            );
        }

        $crate::__conformance_cases!([$crate::__conformance] @tests $flags);
    };

    (@declare $suite:ident [$p:tt $w:tt $s:tt $c:tt $m:tt $d:tt] [$($damage:expr)?]) => {{
        $crate::__conformance!(@with $suite $p Persistent);
        $crate::__conformance!(@with $suite $w PowerSafe);
        $crate::__conformance!(@with $suite $s Shared);
        $crate::__conformance!(@with $suite $c Conditional);
        $crate::__conformance!(@with $suite $m ManySessions);
        $(let $suite = $suite.detects_damage($damage);)?
        $suite
    }};
    (@with $suite:ident no $capability:ident) => {};
    (@with $suite:ident yes $capability:ident) => {
        let $suite = $suite.with($crate::testing::Capability::$capability);
    };

    (@tests $flags:tt $($module:ident { $($name:ident $needs:tt)* })*) => {
        $($($crate::__conformance!(@test $flags $name $needs);)*)*
    };

    // One need after the other, until one is not met or none is left.
    (@test [no $w:tt $s:tt $c:tt $m:tt $d:tt] $name:ident [Persistent $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `persistent`"]);
    };
    (@test [$p:tt no $s:tt $c:tt $m:tt $d:tt] $name:ident [PowerSafe $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `power_safe`"]);
    };
    (@test [$p:tt $w:tt no $c:tt $m:tt $d:tt] $name:ident [Shared $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `shared`"]);
    };
    (@test [$p:tt $w:tt $s:tt no $m:tt $d:tt] $name:ident [Conditional $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `conditional`"]);
    };
    (@test [$p:tt $w:tt $s:tt $c:tt no $d:tt] $name:ident [ManySessions $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `many_sessions`"]);
    };
    (@test [$p:tt $w:tt $s:tt $c:tt $m:tt no] $name:ident [DetectsDamage $($needs:ident)*]) => {
        $crate::__conformance!(@emit $name #[ignore = "needs the capability `detects_damage`"]);
    };
    (@test $flags:tt $name:ident [$met:ident $($needs:ident)*]) => {
        $crate::__conformance!(@test $flags $name [$($needs)*]);
    };
    (@test $flags:tt $name:ident []) => {
        $crate::__conformance!(@emit $name);
    };

    (@emit $name:ident $(#[$attribute:meta])*) => {
        #[::core::prelude::v1::test]
        $(#[$attribute])*
        fn $name() {
            $crate::testing::__private::test(
                __conformance_suite(),
                ::core::stringify!($name),
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)),
            );
        }
    };
}
