/**
 * Lodestar's light client as a judge: what it makes of updates, each applied to a fresh client of one bootstrap.
 *
 * Reads from standard input one JSON object `{endpoints, bootstrap, currentSlot, updates}`: the network's ready line, a bootstrap and
 * updates, of a period or of finality, as the beacon API serves them. Writes a JSON array with, for each update, `{slot, root, next}`: slot and root of the newest
 * final header, and whether the next sync committee is known; and `error`, if the update was refused with one.
 */
import {text} from "node:stream/consumers";

const {endpoints, bootstrap, currentSlot, updates} = JSON.parse(await text(process.stdin));
// Lodestar reads the preset when it is first imported.
process.env.LODESTAR_PRESET = endpoints.preset;
const {LightclientSpec, getSyncCommitteeAtPeriod} = await import("@lodestar/state-transition/light-client");
const {ssz} = await import("@lodestar/types");
const {EPOCHS_PER_SYNC_COMMITTEE_PERIOD, SLOTS_PER_EPOCH} = await import("@lodestar/params");
const {fromHex, toHex} = await import("@lodestar/utils");
const {beaconConfig} = await import("./src/beacon/config.mjs");

const OPTIONS = {allowForcedUpdates: false, updateHeadersOnForcedUpdate: false};
const types = ssz[endpoints.fork];
const config = beaconConfig(endpoints, fromHex(endpoints.genesisValidatorsRoot));

/** Whether a client knows the committee of a period; Lodestar looks it up in its updates when it is asked for. */
function knows(store, period) {
  try {
    getSyncCommitteeAtPeriod(store, period, OPTIONS);
    return true;
  } catch {
    return false;
  }
}

/** What a fresh client knows after an update. */
function verdict(update) {
  const client = new LightclientSpec(config, OPTIONS, types.LightClientBootstrap.fromJson(bootstrap));
  const slots = SLOTS_PER_EPOCH * EPOCHS_PER_SYNC_COMMITTEE_PERIOD;
  const first = Math.floor(client.store.finalizedHeader.beacon.slot / slots);
  let error = null;
  try {
    if (update.next_sync_committee === undefined) {
      client.onFinalityUpdate(currentSlot, types.LightClientFinalityUpdate.fromJson(update));
    } else {
      client.onUpdate(currentSlot, types.LightClientUpdate.fromJson(update));
    }
  } catch (thrown) {
    error = thrown.message;
  }
  const {beacon} = client.store.finalizedHeader;
  return {
    slot: Number(beacon.slot),
    root: toHex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)),
    next: knows(client.store, first + 1),
    error,
  };
}

process.stdout.write(`${JSON.stringify(updates.map(verdict))}\n`);
