// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

/// What a commitment would cost with one aggregated BLS12-381 signature (EIP-2537) in place of ECDSA ones: the work that would replace them, done by the precompiles. The protocol is that of BEEFY's
/// experimental keys (w3f-bls): signatures in G1, each validator's key in both groups; the sum of keys in G2 is given, and shown to be that of the keys in G1 by the same pairing. See
/// docs/decisions/signatures.md.
contract BlsCostTest {
    event log_named_uint(string key, uint256 val);

    address private constant G1ADD = address(0x0b);
    address private constant G1MSM = address(0x0c);
    address private constant PAIRING = address(0x0f);
    address private constant MAP_FP_TO_G1 = address(0x10);

    /// The generators of G1, its negative, and of G2, as EIP-2537 encodes them.
    bytes private constant G1 =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1";
    bytes private constant NEGATIVE_G1 =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb00000000000000000000000000000000114d1d6855d545a8aa7d76c8cf2e21f267816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca";
    bytes private constant G2 =
        hex"00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb80000000000000000000000000000000013e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e000000000000000000000000000000000ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801000000000000000000000000000000000606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be";

    function run(address precompile, bytes memory input) private view returns (bytes memory output) {
        bool ok;
        (ok, output) = precompile.staticcall(input);
        require(ok, "a precompile refused");
    }

    /// Hashing a commitment to G1: two field elements from SHA-256, mapped and added.
    function hashToCurve(bytes32 message) private view returns (bytes memory) {
        bytes memory halves = new bytes(128);
        for (uint256 i; i < 2; ++i) {
            bytes32 word = sha256(abi.encode(message, i));
            assembly ("memory-safe") {
                // Less than the modulus: 16 zero bytes, 16 zero bytes, 32 bytes.
                mstore(add(add(halves, 0x40), mul(i, 0x40)), word)
            }
        }
        bytes memory first = new bytes(64);
        bytes memory second = new bytes(64);
        assembly ("memory-safe") {
            mcopy(add(first, 0x20), add(halves, 0x20), 64)
            mcopy(add(second, 0x20), add(halves, 0x60), 64)
        }
        return run(G1ADD, bytes.concat(run(MAP_FP_TO_G1, first), run(MAP_FP_TO_G1, second)));
    }

    /// The sum of as many keys.
    function sum(uint256 count) private view returns (bytes memory total) {
        total = G1;
        for (uint256 i = 1; i < count; ++i) {
            total = run(G1ADD, bytes.concat(total, G1));
        }
    }

    /// Gas of everything that an aggregated signature by `signers` of `length` validators takes but the calldata and what both ways share.
    function costOf(uint256 length, uint256 signers) private view returns (uint256 used) {
        used = gasleft();
        // The keyset: as many leaves and nodes, of keys of 128 bytes.
        bytes32 node;
        for (uint256 i; i < length; ++i) {
            node = keccak256(bytes.concat(node, keccak256(G1)));
        }
        bytes memory keys = sum(signers);
        bytes memory message = hashToCurve(node);
        // signature + t · keys and message + t · generator, with one t.
        bytes memory left = run(G1MSM, bytes.concat(keys, node, G1, bytes32(uint256(1))));
        bytes memory right = run(G1MSM, bytes.concat(G1, node, message, bytes32(uint256(1))));
        require(left.length == 128 && right.length == 128, "no points");
        // A pairing of two that holds: what it is of does not change its price.
        bytes memory holds = run(PAIRING, bytes.concat(G1, G2, NEGATIVE_G1, G2));
        require(uint256(bytes32(holds)) == 1, "the pairing does not hold");
        used -= gasleft();
    }

    function test_what_an_aggregated_signature_would_cost() public {
        uint256[4] memory lengths = [uint256(4), 31, 100, 256];
        for (uint256 i; i < lengths.length; ++i) {
            uint256 length = lengths[i];
            uint256 signers = length - (length - 1) / 3;
            uint256 used = costOf(length, signers);
            // A key: 96 bytes that count, 32 zeros. Signature (128 bytes) and sum of keys in G2 (256) alike.
            uint256 data = length * (96 * 16 + 32 * 4) + 3 * (96 * 16 + 32 * 4);
            emit log_named_uint("aggregated signature, validators", length);
            emit log_named_uint("  work", used);
            emit log_named_uint("  calldata", data);
            require(used > 102_900, "less than a pairing of two");
        }
    }
}
