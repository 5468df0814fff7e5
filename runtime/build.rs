//! Compiles the runtime to WebAssembly, which the node embeds in the chain specifications it makes.

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
