// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Gateway} from "../src/Gateway.sol";
import {
    Commitment,
    Destination,
    Message,
    MmrLeaf,
    MmrProof,
    PayloadItem,
    Signature,
    Signers,
    Source,
    Statement,
    TreeProof,
    ValidatorSet
} from "../src/Types.sol";
import {Libraries} from "./harness/Libraries.sol";
import {vm} from "./harness/Vm.sol";

/// @notice The vectors that Rust and Solidity share; test/vectors/README.md has the format.
contract VectorsTest {
    Libraries private immutable libraries = new Libraries();

    function test_statements_have_the_shared_digests() public view {
        string memory json = read("statement");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            string memory v = string.concat(caseAt(i), ".value");
            Statement memory s;
            s.version = uint16(number(json, v, "version"));
            s.weftGenesis = word(json, v, "weftGenesis");
            s.graph = word(json, v, "graph");
            s.manifest = word(json, v, "manifest");
            s.proofSystem = uint16(number(json, v, "proofSystem"));
            s.key = word(json, v, "key");
            s.image = word(json, v, "image");
            s.inputDigest = word(json, v, "inputDigest");
            s.priorState = word(json, v, "priorState");
            s.nextState = word(json, v, "nextState");
            s.output = data(json, v, "output");
            s.outcome = uint8(number(json, v, "outcome"));
            s.steps = uint64(number(json, v, "steps"));
            s.sources = sources(json, v);
            s.destination = destination(json, v);
            s.context = word(json, v, "context");
            vm.assertEq(abi.encode(s), data(json, caseAt(i), "encoded"), caseAt(i));
            vm.assertEq(keccak256(abi.encode(s)), word(json, caseAt(i), "digest"), caseAt(i));
        }
    }

    function test_messages_have_the_shared_digests() public view {
        string memory json = read("message");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            string memory v = string.concat(caseAt(i), ".value");
            Message memory m;
            m.weftGenesis = word(json, v, "weftGenesis");
            m.nonce = uint64(number(json, v, "nonce"));
            m.graph = word(json, v, "graph");
            m.owner = word(json, v, "owner");
            m.job = uint64(number(json, v, "job"));
            m.statement = word(json, v, "statement");
            m.sources = sources(json, v);
            m.destination = destination(json, v);
            m.payload = data(json, v, "payload");
            vm.assertEq(abi.encode(m), data(json, caseAt(i), "encoded"), caseAt(i));
            vm.assertEq(keccak256(abi.encode(m)), word(json, caseAt(i), "digest"), caseAt(i));
        }
    }

    function test_outboxes_have_the_shared_roots_and_proofs() public view {
        string memory json = read("outbox");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            bytes32 root = word(json, caseAt(i), "root");
            for (uint256 k; has(json, entry(caseAt(i), "leaves", k)); ++k) {
                bytes32 leaf = keccak256(vm.parseJsonBytes(json, entry(caseAt(i), "leaves", k)));
                string memory p = entry(caseAt(i), "proofs", k);
                TreeProof memory proof = TreeProof(
                    uint32(number(json, p, "leafIndex")), uint32(number(json, p, "leafCount")), words(json, p, "items")
                );
                vm.assertEq(proof.leafIndex, k);
                vm.assertEq(libraries.treeRoot(leaf, proof), root, p);
            }
        }
    }

    function test_mountains_have_the_shared_roots_and_proofs() public view {
        string memory json = read("mmr");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            bytes32 root = word(json, caseAt(i), "root");
            bytes32[] memory leaves = words(json, caseAt(i), "leaves");
            for (uint256 k; k < leaves.length; ++k) {
                string memory p = entry(caseAt(i), "proofs", k);
                MmrProof memory proof = MmrProof(
                    uint64(number(json, p, "leafIndex")), uint64(number(json, p, "leafCount")), words(json, p, "items")
                );
                vm.assertEq(proof.leafIndex, k);
                vm.assertEq(libraries.mmrRoot(leaves[k], proof), root, p);
            }
        }
    }

    function test_leaves_have_the_shared_bytes() public view {
        string memory json = read("leaf");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            string memory v = string.concat(caseAt(i), ".value");
            string memory next = string.concat(v, ".nextAuthoritySet");
            MmrLeaf memory leaf = MmrLeaf(
                uint8(number(json, v, "version")),
                uint32(number(json, v, "parentNumber")),
                word(json, v, "parentHash"),
                ValidatorSet(
                    uint64(number(json, next, "id")), uint32(number(json, next, "length")), word(json, next, "root")
                ),
                word(json, v, "outbox"),
                uint64(number(json, v, "time"))
            );
            vm.assertEq(libraries.encode(leaf), data(json, caseAt(i), "encoded"), caseAt(i));
            vm.assertEq(keccak256(libraries.encode(leaf)), word(json, caseAt(i), "hash"), caseAt(i));
        }
    }

    function test_commitments_have_the_shared_bytes_and_their_signatures_are_accepted() public {
        string memory json = read("commitment");
        for (uint256 i; has(json, caseAt(i)); ++i) {
            Commitment memory commitment = commitmentAt(json, caseAt(i));
            vm.assertEq(libraries.encode(commitment), data(json, caseAt(i), "encoded"), caseAt(i));
            vm.assertEq(keccak256(libraries.encode(commitment)), word(json, caseAt(i), "hash"), caseAt(i));

            Signers memory signers;
            signers.validators = vm.parseJsonAddressArray(json, string.concat(caseAt(i), ".validators"));
            signers.bitfield = number(json, caseAt(i), "bitfield");
            uint256 count;
            while (has(json, entry(caseAt(i), "signatures", count))) ++count;
            signers.signatures = new Signature[](count);
            for (uint256 k; k < count; ++k) {
                bytes memory signature = vm.parseJsonBytes(json, entry(caseAt(i), "signatures", k));
                vm.assertEq(signature.length, 65);
                (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
                signers.signatures[k] = Signature(r, s, uint8(signature[64]));
            }
            uint64 id = commitment.validatorSetId;
            Gateway gateway = new Gateway(
                keccak256("weft"),
                ValidatorSet(id, uint32(signers.validators.length), word(json, caseAt(i), "keyset")),
                ValidatorSet(id + 1, 1, keccak256("next")), uint64(block.timestamp), 7 days);
            gateway.submitCommitment(commitment, signers, 0);
            vm.assertEq(gateway.latestBlock(), commitment.blockNumber);
        }
    }

    function test_no_file_is_empty() public view {
        string[6] memory files = ["statement", "message", "outbox", "mmr", "leaf", "commitment"];
        for (uint256 i; i < files.length; ++i) {
            vm.assertTrue(has(read(files[i]), caseAt(0)), files[i]);
        }
    }

    function commitmentAt(string memory json, string memory c) private pure returns (Commitment memory) {
        string memory v = string.concat(c, ".value");
        uint256 count;
        while (has(json, entry(v, "payload", count))) ++count;
        PayloadItem[] memory payload = new PayloadItem[](count);
        for (uint256 k; k < count; ++k) {
            string memory p = entry(v, "payload", k);
            payload[k] = PayloadItem(bytes2(data(json, p, "id")), data(json, p, "data"));
        }
        return Commitment(payload, uint32(number(json, v, "blockNumber")), uint64(number(json, v, "validatorSetId")));
    }

    function sources(string memory json, string memory v) private pure returns (Source[] memory list) {
        uint256 count;
        while (has(json, entry(v, "sources", count))) ++count;
        list = new Source[](count);
        for (uint256 k; k < count; ++k) {
            string memory s = entry(v, "sources", k);
            list[k] = Source(
                uint8(number(json, s, "kind")),
                uint64(number(json, s, "chainId")),
                uint64(number(json, s, "firstBlock")),
                uint64(number(json, s, "lastBlock")),
                word(json, s, "blockHash"),
                word(json, s, "filter"),
                word(json, s, "root")
            );
        }
    }

    function destination(string memory json, string memory v) private pure returns (Destination memory) {
        string memory d = string.concat(v, ".destination");
        return Destination(
            uint64(number(json, d, "chainId")),
            vm.parseJsonAddress(json, string.concat(d, ".gateway")),
            vm.parseJsonAddress(json, string.concat(d, ".target")),
            bytes4(data(json, d, "selector")),
            uint64(number(json, d, "gasLimit"))
        );
    }

    function read(string memory file) private view returns (string memory) {
        return vm.readFile(string.concat("test/vectors/", file, ".json"));
    }

    function caseAt(uint256 i) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]");
    }

    function entry(string memory path, string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(path, ".", list, "[", vm.toString(i), "]");
    }

    function has(string memory json, string memory path) private pure returns (bool) {
        return vm.keyExistsJson(json, path);
    }

    function number(string memory json, string memory path, string memory key) private pure returns (uint256) {
        return vm.parseJsonUint(json, string.concat(path, ".", key));
    }

    function word(string memory json, string memory path, string memory key) private pure returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(path, ".", key));
    }

    function words(string memory json, string memory path, string memory key) private pure returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(json, string.concat(path, ".", key));
    }

    function data(string memory json, string memory path, string memory key) private pure returns (bytes memory) {
        return vm.parseJsonBytes(json, string.concat(path, ".", key));
    }
}
