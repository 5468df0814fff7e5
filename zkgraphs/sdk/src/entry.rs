//! Beginning and end of a run.

/// Makes a function `fn()` what a run executes.
#[macro_export]
macro_rules! entry {
    ($program:path) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            // The name under which the host looks for the program. No other symbol of it can exist: the linker refuses two.
            #[allow(unsafe_code)]
            #[unsafe(export_name = "run")]
            extern "C" fn weft_zkgraph_entry() {
                $program()
            }
        };
    };
}

/// Ends the run as trapped. That can be proved like any other end: the job settles as failed, the state stays what it was
/// and nothing is sent.
#[cold]
pub fn trap() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    panic!("the program trapped");
}

/// `unwrap` without a message, which would cost bytes in the program.
pub trait OrTrap {
    /// What is inside.
    type Value;

    /// What is inside, or [`trap`].
    fn or_trap(self) -> Self::Value;
}

impl<T> OrTrap for Option<T> {
    type Value = T;

    fn or_trap(self) -> T {
        match self {
            Some(value) => value,
            None => trap(),
        }
    }
}

impl<T, E> OrTrap for Result<T, E> {
    type Value = T;

    fn or_trap(self) -> T {
        self.ok().or_trap()
    }
}

/// A panic is a trap. The message is not looked at, so that the linker can drop the code that would format it.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    trap()
}
