//! SHA-256's compression on numbers, and its constants.

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
pub(super) const CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

/// A rotation to the right, or if the last is true, a shift.
pub(super) type Turn = (usize, bool);
pub(super) const SUM_0: [Turn; 3] = [(2, false), (13, false), (22, false)];
pub(super) const SUM_1: [Turn; 3] = [(6, false), (11, false), (25, false)];
pub(super) const SCHEDULE_0: [Turn; 3] = [(7, false), (18, false), (3, true)];
pub(super) const SCHEDULE_1: [Turn; 3] = [(17, false), (19, false), (10, true)];

/// The state and the message's words.
pub(super) fn parsed(memory: &[u64; 12]) -> ([u32; 8], Vec<u32>) {
    let halves: Vec<u32> = memory
        .iter()
        .flat_map(|word| [*word as u32, (word >> 32) as u32])
        .collect();
    let (state, message) = halves.split_at(8);
    (
        std::array::from_fn(|i| state[i]),
        message.iter().map(|word| word.swap_bytes()).collect(),
    )
}

/// What a call does.
pub(in crate::precompiles) fn apply(memory: &mut [u64; 12]) {
    let (mut state, _) = parsed(memory);
    let message: Vec<u8> = memory[4..].iter().flat_map(|word| word.to_le_bytes()).collect();
    sha2::compress256(
        &mut state,
        &[*sha2::digest::generic_array::GenericArray::from_slice(&message)],
    );
    for (word, halves) in memory.iter_mut().zip(state.chunks(2)) {
        *word = u64::from(halves[0]) | u64::from(halves[1]) << 32;
    }
}

pub(super) fn rotations(word: u32, turns: [Turn; 3]) -> [u32; 3] {
    turns.map(|(by, shift)| {
        if shift {
            word >> by
        } else {
            word.rotate_right(by as u32)
        }
    })
}

pub(super) fn next_word(words: &[u32]) -> u32 {
    let last = &words[words.len() - 16..];
    let small = |word, turns| rotations(word, turns).into_iter().fold(0, |sum, part| sum ^ part);
    last[0]
        .wrapping_add(small(last[1], SCHEDULE_0))
        .wrapping_add(last[9])
        .wrapping_add(small(last[14], SCHEDULE_1))
}

/// A round, natively.
pub(super) struct Native {
    pub(super) first: u64,
    pub(super) chosen: u32,
    pub(super) e: u64,
    pub(super) a: u64,
    pub(super) state: [u32; 8],
}

impl Native {
    /// Round `t` of a compression.
    pub(super) fn round(state: &[u32; 8], word: u32, t: usize) -> Self {
        let [a, b, c, d, e, f, g, h] = *state;
        let parity = |parts: [u32; 3]| parts[0] ^ parts[1] ^ parts[2];
        let choice = e & f | !e & g;
        let first = [h, parity(rotations(e, SUM_1)), choice, CONSTANTS[t], word]
            .map(u64::from)
            .iter()
            .sum();
        let second = [parity(rotations(a, SUM_0)), a & b | a & c | b & c].map(u64::from);
        let new_e = u64::from(d) + first;
        let new_a = first + second[0] + second[1];
        Self {
            first,
            chosen: choice,
            e: new_e,
            a: new_a,
            state: [new_a as u32, a, b, c, new_e as u32, e, f, g],
        }
    }
}
