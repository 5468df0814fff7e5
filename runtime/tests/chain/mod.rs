//! Chains in memory, at their genesis.

use serde_json::Value;
use sp_io::TestExternalities;
use weft_runtime::{RuntimeGenesisConfig, genesis_presets};

/// Puts the values of `patch` over those of `base`, as a node does with a preset.
fn merge(base: &mut Value, patch: Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, patch) => *base = patch,
    }
}

/// The default genesis with `patch` over it.
pub(crate) fn with_patch(patch: Value) -> TestExternalities {
    let mut genesis =
        serde_json::to_value(RuntimeGenesisConfig::default()).expect("the default genesis is JSON");
    merge(&mut genesis, patch);
    let mut chain = TestExternalities::default();
    chain.execute_with(|| {
        let json = serde_json::to_vec(&genesis).expect("a value is JSON");
        frame_support::genesis_builder_helper::build_state::<RuntimeGenesisConfig>(json)
            .expect("the genesis can be built");
    });
    chain
}

/// The genesis of the preset `name`.
pub(crate) fn of_preset(name: &str) -> TestExternalities {
    let patch = genesis_presets::get_preset(&name.into()).expect("there is such a preset");
    with_patch(serde_json::from_slice(&patch).expect("a preset is JSON"))
}
