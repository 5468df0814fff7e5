// The curve of Ethereum's signatures, y² = x³ + 7 over a prime field, by a precompile that adds points. A point is eight words in
// memory, x and then y, the lowest first; the point at infinity is zeros.

import { keccak256 } from "./hash";
import { secp256k1Add } from "./host";
import { swap, U256 } from "./u256";

/** The generator. */
const GENERATOR = memory.data<u64>([
  0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac,
  0x9c47d08ffb10d4b8, 0xfd17b448a6855419, 0x5da4fbfc0e1108a8, 0x483ada7726a3c465,
], 8);
/** The sum, and what is added to it. */
const SUM = memory.data(128, 8);
/** i·generator + j·nonce in place 4i + j. */
const TABLE = memory.data(16 * 64, 8);
/** The coordinates of the key, big-endian. */
const KEY = memory.data(64, 8);

/** The order of the field of coordinates. */
function setField(number: U256): void {
  number.a = 0xfffffffefffffc2f;
  number.b = u64.MAX_VALUE;
  number.c = u64.MAX_VALUE;
  number.d = u64.MAX_VALUE;
}

/** The order of scalars. */
function setOrder(number: U256): void {
  number.a = 0xbfd25e8cd0364141;
  number.b = 0xbaaedce6af48a03b;
  number.c = 0xfffffffffffffffe;
  number.d = u64.MAX_VALUE;
}

function isZero(number: U256): bool {
  return (number.a | number.b | number.c | number.d) == 0;
}

function put(number: U256, to: usize): void {
  store<u64>(to, number.a);
  store<u64>(to, number.b, 8);
  store<u64>(to, number.c, 16);
  store<u64>(to, number.d, 24);
}

function copy(from: usize, to: usize): void {
  for (let i: usize = 0; i < 64; i += 8) store<u64>(to + i, load<u64>(from + i));
}

function isInfinity(point: usize): bool {
  // On the curve y is not 0.
  return (load<u64>(point, 32) | load<u64>(point, 40) | load<u64>(point, 48) | load<u64>(point, 56)) == 0;
}

/** Adds a point to the sum. */
function add(point: usize): void {
  if (isInfinity(SUM)) {
    copy(point, SUM);
  } else if (!isInfinity(point)) {
    copy(point, SUM + 64);
    secp256k1Add(SUM);
  }
}

/** Doubles the sum. The precompile leaves infinity as it is. */
function double(): void {
  copy(SUM, SUM + 64);
  secp256k1Add(SUM);
}

/** The sum becomes a·generator + b·nonce, the nonce being in place 1 of the table. */
function multiply(a: U256, b: U256): void {
  memory.fill(TABLE, 0, 64);
  for (let i = 2; i < 16; i++) {
    copy(TABLE + ((i < 4 ? i - 1 : i - 4) << 6), SUM);
    add(i < 4 ? TABLE + 64 : GENERATOR);
    copy(SUM, TABLE + (i << 6));
  }
  memory.fill(SUM, 0, 64);
  multiplyLimb(a.d, b.d);
  multiplyLimb(a.c, b.c);
  multiplyLimb(a.b, b.b);
  multiplyLimb(a.a, b.a);
}

function multiplyLimb(a: u64, b: u64): void {
  for (let shift: i64 = 62; shift >= 0; shift -= 2) {
    double();
    double();
    let index = <usize>(((a >> shift) & 3) << 2 | ((b >> shift) & 3));
    if (index > 0) add(TABLE + (index << 6));
  }
}

/**
 * The account that signed, as the number that its address is: Ethereum's `ecrecover`. `odd` says whether v is 28, not 27.
 *
 * False where there is none: r or s is 0 or too large, or no point has the x.
 */
export function recover(hash: U256, r: U256, s: U256, odd: bool, into: U256): bool {
  let field = new U256();
  let order = new U256();
  let a = new U256();
  let b = new U256();
  setField(field);
  setOrder(order);
  if (isZero(r) || isZero(s) || !order.isAbove(r) || !order.isAbove(s)) return false;

  // The nonce: y² = x³ + 7, by the exponent (p + 1)/4.
  a.set(r);
  a.mulMod(r, field);
  a.mulMod(r, field);
  b.a = 7;
  b.b = b.c = b.d = 0;
  a.addMod(b, field);
  into.set(a);
  b.a = 0xffffffffbfffff0c;
  b.b = b.c = u64.MAX_VALUE;
  b.d = 0x3fffffffffffffff;
  a.powMod(b, field);
  b.set(a);
  b.mulMod(a, field);
  if (b.a != into.a || b.b != into.b || b.c != into.c || b.d != into.d) return false;
  // No point has y = 0.
  if (<bool>(a.a & 1) != odd) {
    b.set(field);
    b.sub(a);
    a.set(b);
  }
  put(r, TABLE + 64);
  put(a, TABLE + 64 + 32);

  // key = (s·nonce − hash·generator)/r.
  into.set(r);
  b.set(order);
  b.a -= 2;
  into.powMod(b, order);
  b.set(hash);
  b.rem(order);
  a.set(order);
  a.sub(b);
  a.mulMod(into, order);
  b.set(s);
  b.mulMod(into, order);
  multiply(a, b);
  if (isInfinity(SUM)) return false;
  for (let i: usize = 0; i < 32; i += 8) {
    store<u64>(KEY + 24 - i, swap(load<u64>(SUM + i)));
    store<u64>(KEY + 56 - i, swap(load<u64>(SUM + 32 + i)));
  }
  keccak256(KEY, 64, into);
  into.c &= 0xffffffff;
  into.d = 0;
  return true;
}
