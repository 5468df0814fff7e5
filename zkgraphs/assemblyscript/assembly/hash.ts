// Hashes by precompiles.

import { keccakF1600, poseidonPermute, sha256Compress } from "./host";
import { swap, U256 } from "./u256";

const KECCAK = memory.data(200, 8);
const SHA256 = memory.data(96, 8);
const POSEIDON = memory.data(96, 8);

/** keccak256 of bytes in memory, as Ethereum has it: the number that its 32 bytes are. */
export function keccak256(start: usize, length: usize, into: U256): void {
  memory.fill(KECCAK, 0, 200);
  while (length >= 136) {
    mix(KECCAK, start, 136);
    keccakF1600(KECCAK);
    start += 136;
    length -= 136;
  }
  mix(KECCAK, start, length);
  store<u8>(KECCAK + length, load<u8>(KECCAK + length) ^ 1);
  store<u8>(KECCAK + 135, load<u8>(KECCAK + 135) ^ 0x80);
  keccakF1600(KECCAK);
  into.d = swap(load<u64>(KECCAK));
  into.c = swap(load<u64>(KECCAK, 8));
  into.b = swap(load<u64>(KECCAK, 16));
  into.a = swap(load<u64>(KECCAK, 24));
}

/** SHA-256 of bytes in memory: the number that its 32 bytes are. */
export function sha256(start: usize, length: usize, into: U256): void {
  // The fractional parts of the square roots of the first eight primes.
  store<u64>(SHA256, 0xbb67ae856a09e667);
  store<u64>(SHA256, 0xa54ff53a3c6ef372, 8);
  store<u64>(SHA256, 0x9b05688c510e527f, 16);
  store<u64>(SHA256, 0x5be0cd191f83d9ab, 24);
  let message = SHA256 + 32;
  let bits = <u64>length * 8;
  memory.fill(message, 0, 64);
  while (length >= 64) {
    mix(message, start, 64);
    sha256Compress(SHA256);
    memory.fill(message, 0, 64);
    start += 64;
    length -= 64;
  }
  mix(message, start, length);
  store<u8>(message + length, 0x80);
  if (length >= 56) {
    sha256Compress(SHA256);
    memory.fill(message, 0, 64);
  }
  store<u64>(message, swap(bits), 56);
  sha256Compress(SHA256);
  into.d = rotl(load<u64>(SHA256), 32);
  into.c = rotl(load<u64>(SHA256, 8), 32);
  into.b = rotl(load<u64>(SHA256, 16), 32);
  into.a = rotl(load<u64>(SHA256, 24), 32);
}

/** circomlib's Poseidon hash of two elements of BN254's scalar field. Numbers are taken modulo the field's order. */
export function poseidon(a: U256, b: U256, into: U256): void {
  memory.fill(POSEIDON, 0, 32);
  put(a, POSEIDON + 32);
  put(b, POSEIDON + 64);
  poseidonPermute(POSEIDON);
  into.a = load<u64>(POSEIDON);
  into.b = load<u64>(POSEIDON, 8);
  into.c = load<u64>(POSEIDON, 16);
  into.d = load<u64>(POSEIDON, 24);
}

/** Adds bytes to others by exclusive or. */
function mix(to: usize, from: usize, length: usize): void {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) store<u64>(to + i, load<u64>(to + i) ^ load<u64>(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(to + i) ^ load<u8>(from + i));
}

function put(number: U256, to: usize): void {
  store<u64>(to, number.a);
  store<u64>(to, number.b, 8);
  store<u64>(to, number.c, 16);
  store<u64>(to, number.d, 24);
}
