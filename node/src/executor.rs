//! The executor of the runtime, and the host functions: what the runtime can call in the node.

/// Every function that the runtime may import. A version of a host function is never removed or changed, because old
/// blocks call it.
#[cfg(not(feature = "runtime-benchmarks"))]
pub(crate) type HostFunctions = (
    sp_io::SubstrateHostFunctions,
    weft_bls_host::bls_verifier::HostFunctions,
    weft_proof_host::proof_verifier::HostFunctions,
);

/// The same, with those that benchmarks call: to control their storage, and to make the proofs that they verify.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) type HostFunctions = (
    sp_io::SubstrateHostFunctions,
    weft_bls_host::bls_verifier::HostFunctions,
    weft_proof_host::proof_verifier::HostFunctions,
    weft_proof_host::measured::proof_maker::HostFunctions,
    frame_benchmarking::benchmarking::HostFunctions,
);

/// Runs the runtime's WebAssembly.
pub(crate) type RuntimeExecutor = sc_executor::WasmExecutor<HostFunctions>;
