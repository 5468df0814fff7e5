import { inputWord, multiplyAddModulo, outputWord } from "./host";

/** a, b, c and m of the precompile. */
const PRODUCT = memory.data(128, 8);
/** A number's powers to 0 … 15. */
const POWERS = memory.data(16 * 32, 8);

/**
 * An unsigned integer of 256 bits, as the EVM has them.
 *
 * Memory is never freed, and making one costs some fifty machine instructions: make what you need before the loop, and read
 * into it. Arithmetic changes the number itself and traps when the result does not fit.
 */
// @ts-ignore: decorator
@final @unmanaged
export class U256 {
  /** 64 bits each, the lowest first. */
  a: u64 = 0;
  b: u64 = 0;
  c: u64 = 0;
  d: u64 = 0;

  /** Becomes another number. */
  set(other: U256): void {
    this.a = other.a;
    this.b = other.b;
    this.c = other.c;
    this.d = other.d;
  }

  /** Becomes the number whose 32 big-endian bytes start at a word of the input. */
  read(word: u32): void {
    this.d = swap(inputWord(word));
    this.c = swap(inputWord(word + 1));
    this.b = swap(inputWord(word + 2));
    this.a = swap(inputWord(word + 3));
  }

  /** Writes its 32 big-endian bytes to the output, as `abi.encode` gives them. */
  write(): void {
    outputWord(swap(this.d));
    outputWord(swap(this.c));
    outputWord(swap(this.b));
    outputWord(swap(this.a));
  }

  /** Adds another number; traps if the sum does not fit. */
  add(other: U256): void {
    let a = this.a + other.a;
    let carry = u64(a < other.a);
    this.a = a;
    let b = other.b + carry;
    carry = u64(b < carry);
    let sum = this.b + b;
    carry += u64(sum < b);
    this.b = sum;
    // Most amounts have fewer than 128 bits.
    if ((other.c | other.d | carry) == 0) return;
    let c = other.c + carry;
    carry = u64(c < carry);
    sum = this.c + c;
    carry += u64(sum < c);
    this.c = sum;
    let d = other.d + carry;
    carry = u64(d < carry);
    sum = this.d + d;
    carry += u64(sum < d);
    this.d = sum;
    if (carry != 0) unreachable();
  }

  /** Subtracts another number; traps if it is greater. */
  sub(other: U256): void {
    if (other.isAbove(this)) unreachable();
    let borrow = u64(this.a < other.a);
    this.a -= other.a;
    let b = this.b - other.b;
    let next = u64(this.b < other.b) | u64(b < borrow);
    this.b = b - borrow;
    borrow = next;
    let c = this.c - other.c;
    next = u64(this.c < other.c) | u64(c < borrow);
    this.c = c - borrow;
    this.d = this.d - other.d - next;
  }

  /** Becomes its product with another number; traps if that does not fit. */
  mul(other: U256): void {
    this.store(0);
    other.store(32);
    memory.fill(PRODUCT + 64, 0, 64);
    multiplyAddModulo(PRODUCT);
    // The quotient by 2^256 is the upper half.
    if ((load<u64>(PRODUCT, 32) | load<u64>(PRODUCT, 40) | load<u64>(PRODUCT, 48) | load<u64>(PRODUCT, 56)) != 0) unreachable();
    this.load(0);
  }

  /** Becomes its product with another number modulo a third, however large the product; traps if the modulus is 0. */
  mulMod(other: U256, modulus: U256): void {
    other.store(32);
    this.divide(modulus);
    this.load(0);
  }

  /** Becomes its sum with another number modulo a third, however large the sum; traps if the modulus is 0. */
  addMod(other: U256, modulus: U256): void {
    if ((modulus.a | modulus.b | modulus.c | modulus.d) == 0) unreachable();
    this.store(0);
    one();
    other.store(64);
    modulus.store(96);
    multiplyAddModulo(PRODUCT);
    this.load(0);
  }

  /** Becomes its power modulo another number; traps if that is 0. */
  powMod(exponent: U256, modulus: U256): void {
    let result = PRODUCT;
    store<u64>(result, 1);
    memory.fill(result + 8, 0, 24);
    if ((modulus.a | modulus.b | modulus.c | modulus.d) == 0) unreachable();
    memory.fill(result + 64, 0, 32);
    modulus.store(96);
    for (let i: usize = 1; i < 16; i++) {
      this.store(32);
      multiplyAddModulo(result);
      copyNumber(result, POWERS + (i << 5));
    }
    // A 1 modulo 1 is 0.
    store<u64>(result, 1);
    memory.fill(result + 8, 0, 24);
    one();
    multiplyAddModulo(result);
    power(exponent.d);
    power(exponent.c);
    power(exponent.b);
    power(exponent.a);
    this.load(0);
  }

  /** Becomes its quotient by another number, rounded down; traps if that is 0. */
  div(divisor: U256): void {
    one();
    this.divide(divisor);
    this.load(32);
  }

  /** Becomes its remainder by another number; traps if that is 0. */
  rem(divisor: U256): void {
    one();
    this.divide(divisor);
    this.load(0);
  }

  /** Divides its product with the second operand, which is there. */
  private divide(divisor: U256): void {
    if ((divisor.a | divisor.b | divisor.c | divisor.d) == 0) unreachable();
    this.store(0);
    memory.fill(PRODUCT + 64, 0, 32);
    divisor.store(96);
    multiplyAddModulo(PRODUCT);
  }

  private store(at: usize): void {
    store<u64>(PRODUCT + at, this.a);
    store<u64>(PRODUCT + at, this.b, 8);
    store<u64>(PRODUCT + at, this.c, 16);
    store<u64>(PRODUCT + at, this.d, 24);
  }

  private load(at: usize): void {
    this.a = load<u64>(PRODUCT + at);
    this.b = load<u64>(PRODUCT + at, 8);
    this.c = load<u64>(PRODUCT + at, 16);
    this.d = load<u64>(PRODUCT + at, 24);
  }

  /** Whether it is greater than another number. */
  isAbove(other: U256): bool {
    if (this.d != other.d) return this.d > other.d;
    if (this.c != other.c) return this.c > other.c;
    if (this.b != other.b) return this.b > other.b;
    return this.a > other.a;
  }
}

/** Makes the second operand 1. */
function one(): void {
  store<u64>(PRODUCT, 1, 32);
  memory.fill(PRODUCT + 40, 0, 24);
}

function copyNumber(from: usize, to: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
  store<u64>(to, load<u64>(from, 24), 24);
}

/** Goes on with 64 bits of an exponent: the first operand, to the power of 16 for each digit, times a power. */
function power(exponent: u64): void {
  for (let shift: i64 = 60; shift >= 0; shift -= 4) {
    for (let i = 0; i < 4; i++) {
      copyNumber(PRODUCT, PRODUCT + 32);
      multiplyAddModulo(PRODUCT);
    }
    let digit = <usize>(exponent >> shift) & 15;
    if (digit > 0) {
      copyNumber(POWERS + (digit << 5), PRODUCT + 32);
      multiplyAddModulo(PRODUCT);
    }
  }
}

/** The bytes of a word in reverse order: neighbours, then pairs, then halves. Most words of amounts are 0 and need nothing. */
export function swap(x: u64): u64 {
  if (x == 0) return 0;
  x = ((x >> 8) & 0x00ff00ff00ff00ff) | ((x & 0x00ff00ff00ff00ff) << 8);
  x = ((x >> 16) & 0x0000ffff0000ffff) | ((x & 0x0000ffff0000ffff) << 16);
  return rotl(x, 32);
}
