//! Integer arithmetic: single instructions where the machine has one, sequences where it has not.
//!
//! A sequence may write its result's cell only with instructions after the last read of an operand, because the
//! result may go to a local that is an operand.

use wasmparser::Operator;

use super::{
    TrapKind,
    function::Body,
    rows::Operand::{self, Cell, Const},
};
use crate::program::flag::{ADD, AND, DIV, LESS, MUL, NARROW, OR, POW2, REM, ROTL, SUB, XOR};

/// An integer type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Int {
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
}

impl Int {
    /// Number of bits.
    const fn bits(self) -> u64 {
        match self {
            Self::I32 => 32,
            Self::I64 => 64,
        }
    }

    /// The sign bit.
    pub(super) const fn sign(self) -> u64 {
        1 << (self.bits() - 1)
    }

    /// All bits.
    pub(super) const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.bits())
    }

    /// The form of an operation that wraps at this width.
    const fn wrapping(self, op: u64) -> u64 {
        match self {
            Self::I32 => op | NARROW,
            Self::I64 => op,
        }
    }
}

impl Body<'_, '_> {
    /// Translates an arithmetic instruction; false if it is none that is supported.
    pub(super) fn arithmetic(&mut self, operator: &Operator) -> bool {
        use Int::{I32, I64};
        match operator {
            Operator::I32Add => self.binary(ADD | NARROW),
            Operator::I32Sub => self.binary(SUB | NARROW),
            Operator::I32Mul => self.binary(MUL | NARROW),
            Operator::I64Add => self.binary(ADD),
            Operator::I64Sub => self.binary(SUB),
            Operator::I64Mul => self.binary(MUL),
            Operator::I32And | Operator::I64And => self.binary(AND),
            Operator::I32Or | Operator::I64Or => self.binary(OR),
            Operator::I32Xor | Operator::I64Xor => self.binary(XOR),
            Operator::I32DivU | Operator::I64DivU => self.divide_unsigned(DIV),
            Operator::I32RemU | Operator::I64RemU => self.divide_unsigned(REM),
            Operator::I32DivS => self.divide_signed(I32, DIV),
            Operator::I64DivS => self.divide_signed(I64, DIV),
            Operator::I32RemS => self.divide_signed(I32, REM),
            Operator::I64RemS => self.divide_signed(I64, REM),
            Operator::I32Shl => self.shift(I32, I32.wrapping(MUL)),
            Operator::I64Shl => self.shift(I64, MUL),
            Operator::I32ShrU => self.shift(I32, DIV),
            Operator::I64ShrU => self.shift(I64, DIV),
            Operator::I32Rotl => self.shift(I32, I32.wrapping(ROTL)),
            Operator::I64Rotl => self.shift(I64, ROTL),
            Operator::I32Rotr => self.rotate_right(I32),
            Operator::I64Rotr => self.rotate_right(I64),
            Operator::I32ShrS => self.shift_right_signed(I32),
            Operator::I64ShrS => self.shift_right_signed(I64),
            Operator::I32Clz => self.leading_zeros(I32),
            Operator::I64Clz => self.leading_zeros(I64),
            Operator::I32Ctz => self.trailing_zeros(I32),
            Operator::I64Ctz => self.trailing_zeros(I64),
            Operator::I32Popcnt => {
                let a = self.pop();
                self.ones(I32, a);
            }
            Operator::I64Popcnt => {
                let a = self.pop();
                self.ones(I64, a);
            }
            Operator::I32WrapI64 => match self.pop() {
                Const(value) => self.push(Const(value & I32.mask())),
                a => {
                    let d = self.result();
                    self.compute(AND, a, Const(I32.mask()), d);
                }
            },
            // Values of 32 bits are kept zero-extended.
            Operator::I64ExtendI32U => {}
            Operator::I64ExtendI32S => {
                let a = self.pop();
                let d = self.result();
                self.extend(I64, a, I32.sign(), d);
            }
            Operator::I32Extend8S => self.extend_part(I32, 8),
            Operator::I32Extend16S => self.extend_part(I32, 16),
            Operator::I64Extend8S => self.extend_part(I64, 8),
            Operator::I64Extend16S => self.extend_part(I64, 16),
            Operator::I64Extend32S => self.extend_part(I64, 32),
            _ => return false,
        }
        true
    }

    fn binary(&mut self, op: u64) {
        let (b, a) = (self.pop(), self.pop());
        let d = self.result();
        self.compute(op, a, b, d);
    }

    /// Appends the sign extension to `int` of a value whose sign bit is `sign` and whose higher bits are 0.
    pub(super) fn extend(&mut self, int: Int, a: Operand, sign: u64, d: u32) {
        self.compute(XOR, a, Const(sign), d);
        self.compute(int.wrapping(SUB), Cell(d), Const(sign), d);
    }

    fn extend_part(&mut self, int: Int, bits: u64) {
        let a = self.pop();
        let low = self.intermediate(AND, a, Const(u64::MAX >> (64 - bits)));
        let d = self.result();
        self.extend(int, low, 1 << (bits - 1), d);
    }

    fn trap_if_zero(&mut self, b: Operand) {
        match b {
            Const(0) => self.trap(TrapKind::DivisionByZero),
            Const(_) => {}
            Cell(cell) => {
                self.rows
                    .jump_if(Some(cell), Const(0), true, TrapKind::DivisionByZero.pc());
            }
        }
    }

    fn divide_unsigned(&mut self, op: u64) {
        let (b, a) = (self.pop(), self.pop());
        self.trap_if_zero(b);
        let d = self.result();
        self.compute(op, a, b, d);
    }

    fn divide_signed(&mut self, int: Int, op: u64) {
        let (b, a) = (self.pop(), self.pop());
        let dividend = self.in_cell(a);
        self.trap_if_zero(b);
        let minus_one = Const(int.mask());
        if op == DIV && (matches!(b, Cell(_)) || b == minus_one) {
            let fits = match b {
                Cell(b) => Some(self.rows.jump_if(Some(b), minus_one, false, 0)),
                Const(_) => None,
            };
            self.rows.jump_if(
                Some(dividend),
                Const(int.sign()),
                true,
                TrapKind::IntegerOverflow.pc(),
            );
            if let Some(jump) = fits {
                self.rows.patch(jump, self.rows.here());
            }
        }
        let (a_size, a_sign) = self.magnitude(int, Cell(dividend));
        let (b_size, b_sign) = self.magnitude(int, b);
        // The remainder has the sign of the dividend.
        let sign = match (op, b_sign) {
            (REM, _) | (_, Const(0)) => a_sign,
            _ => self.intermediate(XOR, a_sign, b_sign),
        };
        let size = self.intermediate(op, a_size, b_size);
        let flipped = self.intermediate(XOR, size, sign);
        let d = self.result();
        self.compute(int.wrapping(SUB), flipped, sign, d);
    }

    /// The absolute value, and a mask that is all ones if the value is negative, otherwise 0. Flipping the bits
    /// under the mask and subtracting it negates.
    fn magnitude(&mut self, int: Int, a: Operand) -> (Operand, Operand) {
        if let Const(value) = a {
            return match value & int.sign() {
                0 => (a, Const(0)),
                _ => (Const(value.wrapping_neg() & int.mask()), Const(int.mask())),
            };
        }
        let bit = self.intermediate(DIV, a, Const(int.sign()));
        let mask = self.intermediate(int.wrapping(SUB), Const(0), bit);
        let flipped = self.intermediate(XOR, a, mask);
        (self.intermediate(int.wrapping(SUB), flipped, mask), mask)
    }

    /// 2 to the power of a number of bits to shift by.
    fn power(&mut self, int: Int, amount: Operand) -> Operand {
        match amount {
            Const(amount) => Const(1 << (amount % int.bits())),
            Cell(_) => {
                let amount = self.intermediate(AND, amount, Const(int.bits() - 1));
                self.intermediate(POW2, amount, Const(0))
            }
        }
    }

    /// A shift or rotation that is an operation on a power of two.
    fn shift(&mut self, int: Int, op: u64) {
        let (amount, a) = (self.pop(), self.pop());
        match self.power(int, amount) {
            Const(1) => self.push(a),
            power => {
                let d = self.result();
                self.compute(op, a, power, d);
            }
        }
    }

    fn rotate_right(&mut self, int: Int) {
        let (amount, a) = (self.pop(), self.pop());
        let left = match amount {
            Const(amount) => Const(int.bits() - amount % int.bits()),
            Cell(_) => self.intermediate(int.wrapping(SUB), Const(0), amount),
        };
        match self.power(int, left) {
            Const(1) => self.push(a),
            power => {
                let d = self.result();
                self.compute(int.wrapping(ROTL), a, power, d);
            }
        }
    }

    /// With the sign bit flipped, a value is a signed one plus 2^(N−1), and both parts of that sum divide by the
    /// power of two with the same rounding.
    fn shift_right_signed(&mut self, int: Int) {
        let (amount, a) = (self.pop(), self.pop());
        let power = self.power(int, amount);
        if power == Const(1) {
            return self.push(a);
        }
        let moved = self.intermediate(XOR, a, Const(int.sign()));
        let moved = self.intermediate(DIV, moved, power);
        let bias = match power {
            Const(power) => Const(int.sign() / power),
            Cell(_) => self.intermediate(DIV, Const(int.sign()), power),
        };
        let d = self.result();
        self.compute(int.wrapping(SUB), moved, bias, d);
    }

    fn leading_zeros(&mut self, int: Int) {
        let mut a = self.pop();
        let mut distance = 1;
        // Fill all bits below the highest one.
        while distance < int.bits() {
            let moved = self.intermediate(DIV, a, Const(1 << distance));
            a = self.intermediate(OR, a, moved);
            distance *= 2;
        }
        let zeros = self.intermediate(XOR, a, Const(int.mask()));
        self.ones(int, zeros);
    }

    fn trailing_zeros(&mut self, int: Int) {
        let a = self.pop();
        let negative = self.intermediate(int.wrapping(SUB), Const(0), a);
        let lowest = self.intermediate(AND, a, negative);
        let below = self.intermediate(int.wrapping(SUB), lowest, Const(1));
        self.ones(int, below);
    }

    /// Pushes the number of ones: in pairs, in fours, in bytes, and with a multiplication in all bytes.
    fn ones(&mut self, int: Int, a: Operand) {
        let every = |byte: u64| Const((0x0101_0101_0101_0101 * byte) & int.mask());
        let odd = self.intermediate(DIV, a, Const(2));
        let odd = self.intermediate(AND, odd, every(0x55));
        let pairs = self.intermediate(int.wrapping(SUB), a, odd);
        let high = self.intermediate(DIV, pairs, Const(4));
        let high = self.intermediate(AND, high, every(0x33));
        let low = self.intermediate(AND, pairs, every(0x33));
        let fours = self.intermediate(ADD, high, low);
        let high = self.intermediate(DIV, fours, Const(16));
        let sum = self.intermediate(ADD, fours, high);
        let bytes = self.intermediate(AND, sum, every(0x0f));
        let total = self.intermediate(int.wrapping(MUL), bytes, every(1));
        let d = self.result();
        self.compute(DIV, total, Const(1 << (int.bits() - 8)), d);
    }

    /// Appends a test that `a < limit` and returns its result.
    pub(super) fn below(&mut self, a: Operand, limit: u64) -> u32 {
        let d = self.temporary();
        self.compute(LESS, a, Const(limit), d);
        d
    }
}
