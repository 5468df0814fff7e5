// The timeline: what happened where, in which block, how long it took and what gas it used.
import { writeFileSync } from 'node:fs';

export class Timeline {
  steps = [];
  #started = Date.now();

  constructor(quiet) {
    this.quiet = quiet;
    if (!quiet) console.log(`${'step'.padEnd(46)} ${'where'.padEnd(9)} ${'block'.padStart(6)} ${'seconds'.padStart(8)} ${'gas'.padStart(9)}`);
  }

  /** Do something and note how long it took; `work` resolves to `{ block, gas, … }`. */
  async step(name, where, work) {
    const start = Date.now();
    const result = (await work()) ?? {};
    this.note({ name, where, block: result.block ?? null, seconds: (Date.now() - start) / 1000, gas: result.gas ?? null });
    return result;
  }

  note(step) {
    this.steps.push(step);
    if (this.quiet) return;
    const cell = (value, width) => String(value ?? '').padStart(width);
    console.log(`${step.name.padEnd(46)} ${step.where.padEnd(9)} ${cell(step.block, 6)} ${cell(step.seconds.toFixed(1), 8)} ${cell(step.gas, 9)}`);
  }

  get seconds() {
    return (Date.now() - this.#started) / 1000;
  }

  write(path, outcome) {
    writeFileSync(path, `${JSON.stringify({ steps: this.steps, seconds: this.seconds, ...outcome }, null, 2)}\n`);
  }
}
