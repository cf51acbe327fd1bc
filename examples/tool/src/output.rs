//! What is printed. `println!` panics where nothing can be written.

use crate::failure::{Code, Failure};
use std::io::{self, ErrorKind, Write};

/// Prints to standard output, and sees that it has left this program.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    let printed = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    printed.map_err(|error| match error.kind() {
        // Who read it has seen enough: nothing to tell.
        ErrorKind::BrokenPipe => Failure::new(Code::Failed, ""),
        _ => Failure::new(Code::Failed, format!("standard output: {error}")),
    })
}

/// Tells something that nobody waits for, on standard error.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Fails if standard output was closed by who started this: Rust then opens
/// the null device in its place, to read and write, and whatever is printed
/// seems to go well. (Known of Linux only.)
pub(crate) fn is_open() -> Result<(), Failure> {
    let flags = std::fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    let flags = flags.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    let null = std::fs::read_link("/proc/self/fd/1").is_ok_and(|path| path.ends_with("null"));
    if null && flags.is_some_and(|flags| flags & 3 == 2) {
        return Err(Failure::new(Code::Failed, "standard output is closed"));
    }
    Ok(())
}
