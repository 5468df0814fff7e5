//! Amounts and names of blocks on the command line.

use weft_cli::{amount, sources::BlockName};

#[test]
fn amounts_are_read_and_shown() {
    let cases = [
        ("1", 1_000_000_000_000),
        ("0.25", 250_000_000_000),
        ("10.000000000001", 10_000_000_000_001),
        ("0", 0),
    ];
    for (text, plancks) in cases {
        assert_eq!(amount::parse(text).expect(text), plancks);
        assert_eq!(amount::shown(plancks), format!("{text} WEFT"));
    }
    for wrong in [
        "",
        ".",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1,5",
        "0.0000000000001",
        "1.2.3",
        &"9".repeat(40),
    ] {
        assert!(amount::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn blocks_are_named_by_number_range_and_transactions() {
    let name = |number, transactions: &[u32]| BlockName {
        first: None,
        number,
        transactions: transactions.to_vec(),
    };
    assert_eq!("latest".parse(), Ok(name(None, &[])));
    assert_eq!("17".parse(), Ok(name(Some(17), &[])));
    assert_eq!("17:0,3".parse(), Ok(name(Some(17), &[0, 3])));
    let range = |first, number| BlockName {
        first: Some(first),
        number,
        transactions: vec![],
    };
    assert_eq!("5..17".parse(), Ok(range(5, Some(17))));
    assert_eq!("5..latest".parse(), Ok(range(5, None)));
    for text in ["latest", "17:0,3", "5..17", "5..latest"] {
        assert_eq!(
            text.parse::<BlockName>().map(|name| name.to_string()),
            Ok(text.into())
        );
    }
    for wrong in ["", "x", "-1", "1:x", "1:-1", "newest", "1..", "..5", "1..2..3"] {
        assert!(wrong.parse::<BlockName>().is_err(), "{wrong}");
    }
}
