//! The relayer: brings Weft's finality and results to the gateway on Ethereum.
#![forbid(unsafe_code)]
