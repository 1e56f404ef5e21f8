// SPDX-License-Identifier: Apache-2.0
export { Revenue } from "./revenue.js";
export { RevenueError, RevenueQueueFullError, RevenueValidationError } from "./errors.js";
export type {
  BatchItemResult, FlushResult, RevenueEvent, RevenueEventType, RevenueOptions, TrackResult,
} from "./types.js";
