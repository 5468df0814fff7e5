//! An index of ERC-20 balances: 256-bit amounts move between accounts that are found by their address in a hash table.

#![no_std]

use weft_benchmark_programs::{Numbers, put, rounds};

const SLOTS: usize = 512;
const ACCOUNTS: u32 = 200;

type Address = [u8; 20];
type Amount = [u64; 4];

#[derive(Clone, Copy)]
struct Account {
    address: Address,
    balance: Amount,
}

struct Index {
    accounts: [Option<Account>; SLOTS],
}

/// Addresses are big-endian and look random, so that their last bytes can serve as a hash.
fn address(number: u32) -> Address {
    let mut numbers = Numbers(u64::from(number) + 1);
    let mut address = [0; 20];
    for word in address.as_chunks_mut().0 {
        *word = numbers.next().to_be_bytes();
    }
    address
}

impl Index {
    fn account(&mut self, address: &Address) -> &mut Account {
        let mut slot = usize::from(u16::from_be_bytes([address[18], address[19]])) % SLOTS;
        while self.accounts[slot].is_some_and(|account| account.address != *address) {
            slot = (slot + 1) % SLOTS;
        }
        self.accounts[slot].get_or_insert(Account {
            address: *address,
            balance: [0; 4],
        })
    }
}

fn add(to: &mut Amount, amount: &Amount) {
    let mut carry = false;
    for (to, amount) in to.iter_mut().zip(amount) {
        (*to, carry) = to.carrying_add(*amount, carry);
    }
}

fn subtract(from: &mut Amount, amount: &Amount) {
    let mut borrow = false;
    for (from, amount) in from.iter_mut().zip(amount) {
        (*from, borrow) = from.borrowing_sub(*amount, borrow);
    }
}

#[unsafe(no_mangle)]
extern "C" fn run() {
    let mut index = Index {
        accounts: [None; SLOTS],
    };
    let mut numbers = Numbers(7);
    for _ in 0..rounds() {
        let from = address(numbers.next() % ACCOUNTS);
        let to = address(numbers.next() % ACCOUNTS);
        // As it stands in a log: big-endian, 256 bits.
        let mut data = [0; 32];
        data[20..24].copy_from_slice(&numbers.next().to_be_bytes());
        data[24..28].copy_from_slice(&numbers.next().to_be_bytes());
        let mut amount = [0; 4];
        for (limb, word) in amount.iter_mut().rev().zip(data.as_chunks().0) {
            *limb = u64::from_be_bytes(*word);
        }
        subtract(&mut index.account(&from).balance, &amount);
        add(&mut index.account(&to).balance, &amount);
    }
    let balances = index.accounts.iter().flatten().map(|account| account.balance[0]);
    put(balances.fold(0, |sum, balance| sum ^ balance.rotate_left(7)));
}
