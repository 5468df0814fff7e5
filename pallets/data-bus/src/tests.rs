//! What the pallet adds to the pure logic, which has tests of its own.

mod clock;
mod evidence;
mod light_client;
