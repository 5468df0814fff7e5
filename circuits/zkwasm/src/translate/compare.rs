//! Comparisons, and the instructions that consume them without a value in between: `br_if`, `if` and `select`.

use wasmparser::Operator;

use super::{
    arithmetic::Int,
    function::Body,
    rows::Operand::{self, Cell, Const},
};
use crate::program::flag;

/// Holds if (a = b) is `equal`.
#[derive(Clone, Copy)]
pub(super) struct Condition {
    pub(super) a: Operand,
    pub(super) b: Operand,
    pub(super) equal: bool,
}

impl Condition {
    /// Holds if the value is not 0.
    fn not_zero(a: Operand) -> Self {
        Self {
            a,
            b: Const(0),
            equal: false,
        }
    }

    /// Holds if this does not.
    pub(super) fn inverted(self) -> Self {
        Self {
            equal: !self.equal,
            ..self
        }
    }
}

impl Body<'_, '_> {
    /// Pops a value; the condition is that it is not 0.
    pub(super) fn pop_condition(&mut self) -> Condition {
        Condition::not_zero(self.pop())
    }

    /// Translates a comparison or `select`; false if it is neither.
    pub(super) fn compare(&mut self, operator: &Operator) -> bool {
        use Int::{I32, I64};
        match operator {
            Operator::I32Eqz | Operator::I64Eqz => {
                let condition = self.pop_condition().inverted();
                self.equality(condition);
            }
            Operator::I32Eq | Operator::I64Eq => self.equal(true),
            Operator::I32Ne | Operator::I64Ne => self.equal(false),
            Operator::I32LtU => self.order(I32, false, true, false),
            Operator::I32LtS => self.order(I32, true, true, false),
            Operator::I32GeU => self.order(I32, false, true, true),
            Operator::I32GeS => self.order(I32, true, true, true),
            Operator::I32GtU => self.order(I32, false, false, false),
            Operator::I32GtS => self.order(I32, true, false, false),
            Operator::I32LeU => self.order(I32, false, false, true),
            Operator::I32LeS => self.order(I32, true, false, true),
            Operator::I64LtU => self.order(I64, false, true, false),
            Operator::I64LtS => self.order(I64, true, true, false),
            Operator::I64GeU => self.order(I64, false, true, true),
            Operator::I64GeS => self.order(I64, true, true, true),
            Operator::I64GtU => self.order(I64, false, false, false),
            Operator::I64GtS => self.order(I64, true, false, false),
            Operator::I64LeU => self.order(I64, false, false, true),
            Operator::I64LeS => self.order(I64, true, false, true),
            Operator::Select | Operator::TypedSelect { .. } => {
                let condition = self.pop_condition();
                self.select(condition);
            }
            _ => return false,
        }
        true
    }

    fn equal(&mut self, equal: bool) {
        let (b, a) = (self.pop(), self.pop());
        self.equality(Condition { a, b, equal });
    }

    /// Gives a condition to the instruction that follows, or pushes its value.
    fn equality(&mut self, mut condition: Condition) {
        if self.take_negations() {
            condition = condition.inverted();
        }
        if self.consume(condition) {
            return;
        }
        let Condition { a, b, equal } = condition;
        if equal {
            let d = self.result();
            self.compute(flag::EQUAL, a, b, d);
            return;
        }
        let difference = match (a, b) {
            (_, Const(0)) => a,
            (Const(0), _) => b,
            _ => self.intermediate(flag::XOR, a, b),
        };
        let d = self.result();
        self.compute(flag::LESS, Const(0), difference, d);
    }

    /// Passes the `i32.eqz` that follow; true if they are an odd number.
    fn take_negations(&mut self) -> bool {
        let mut odd = false;
        while let Some(Operator::I32Eqz) = self.peek() {
            self.take();
            odd = !odd;
        }
        odd
    }

    fn consumer_follows(&self) -> bool {
        matches!(
            self.peek(),
            Some(
                Operator::BrIf { .. } | Operator::If { .. } | Operator::Select | Operator::TypedSelect { .. }
            )
        )
    }

    /// Gives a condition to the instruction that follows, if it is one that takes conditions.
    fn consume(&mut self, condition: Condition) -> bool {
        let following = self.peek();
        if self.consumer_follows() {
            self.take();
        }
        match following {
            Some(Operator::BrIf { relative_depth }) => self.branch_if(condition, *relative_depth),
            Some(Operator::If { blockty }) => self.open_if(condition, *blockty),
            Some(Operator::Select | Operator::TypedSelect { .. }) => self.select(condition),
            _ => return false,
        }
        true
    }

    /// Translates `a < b` (`less`) or `a > b`, or with `inverted` its opposite.
    fn order(&mut self, int: Int, signed: bool, less: bool, inverted: bool) {
        let (b, a) = (self.pop(), self.pop());
        let (mut a, mut b) = if less { (a, b) } else { (b, a) };
        let mut inverted = inverted ^ self.take_negations();
        // c < b is the opposite of b < c + 1, which has its constant where an instruction can hold one.
        if let Const(constant) = a
            && let greatest = if signed { int.sign() - 1 } else { int.mask() }
            && constant != greatest
        {
            (a, b) = (b, Const(constant.wrapping_add(1) & int.mask()));
            inverted = !inverted;
        }
        if signed && b == Const(0) {
            // a < 0 is the opposite of a being below the sign bit, unsigned.
            b = Const(int.sign());
            inverted = !inverted;
        } else if signed {
            a = self.flip_sign(int, a);
            b = self.flip_sign(int, b);
        }
        if self.consumer_follows() {
            let value = self.intermediate(flag::LESS, a, b);
            let condition = Condition {
                a: value,
                b: Const(0),
                equal: inverted,
            };
            self.consume(condition);
        } else if inverted {
            let value = self.intermediate(flag::LESS, a, b);
            let d = self.result();
            self.compute(flag::EQUAL, value, Const(0), d);
        } else {
            let d = self.result();
            self.compute(flag::LESS, a, b, d);
        }
    }

    /// Turns signed order into unsigned order.
    fn flip_sign(&mut self, int: Int, operand: Operand) -> Operand {
        match operand {
            Const(constant) => Const(constant ^ int.sign()),
            Cell(_) => self.intermediate(flag::XOR, operand, Const(int.sign())),
        }
    }

    fn select(&mut self, condition: Condition) {
        let (otherwise, value) = (self.pop(), self.pop());
        let d = self.result();
        // The operand that is already in place needs no copy.
        let (condition, value, otherwise) = if otherwise == Cell(d) {
            (condition.inverted(), otherwise, value)
        } else {
            (condition, value, otherwise)
        };
        let done = if value == Cell(d) {
            let done = self.jump_on(condition, 0);
            self.rows.copy(d, otherwise);
            done
        } else {
            let chosen = self.jump_on(condition, 0);
            self.rows.copy(d, otherwise);
            let done = self.rows.jump(0);
            self.rows.patch(chosen, self.rows.here());
            self.rows.copy(d, value);
            done
        };
        self.rows.patch(done, self.rows.here());
    }
}
