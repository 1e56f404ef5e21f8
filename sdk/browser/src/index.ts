// SPDX-License-Identifier: Apache-2.0
export { Pulsora, Pulsora as Headwater } from "./tracker.js";
export type {
  EventData, PageviewOptions, PulsoraConfig, PulsoraCore, PulsoraExtension,
} from "./types.js";
