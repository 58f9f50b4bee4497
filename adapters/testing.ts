/**
 * The laws as test cases for a handler, a decorator, a format or a channel of your own, and tools that break what is around it.
 *
 * @packageDocumentation
 */

export { type ConformanceCase, defineCases, type TestRunner } from "./testing/conformance.ts";
export {
  type Direction,
  type FaultProxy,
  type FaultProxyOptions,
  type NewConnections,
  startFaultProxy,
} from "./testing/fault-proxy.ts";
export { createHistory, type History } from "./testing/history.ts";
export { describeContent, describeEntry, type HistoryCall, type HistoryEntry } from "./testing/history-entry.ts";
export type { CreateHandler } from "./testing/laws/call/fixture.ts";
export { callCases } from "./testing/laws/call.ts";
export type { ChannelConnections, ChannelHarness, ChannelPlace } from "./testing/laws/channel/harness.ts";
export { channelCases } from "./testing/laws/channel.ts";
export type { WithConnectionCheck } from "./testing/laws/connection-check/fixture.ts";
export { connectionCheckCases } from "./testing/laws/connection-check.ts";
export type { Decorate } from "./testing/laws/decorator/fixture.ts";
export { type DecoratorCasesOptions, decoratorCases } from "./testing/laws/decorator.ts";
export { idsOf } from "./testing/laws/handler/pages.ts";
export { type HandlerHarness, handlerCases } from "./testing/laws/handler.ts";
export { type Exceptions, rejects } from "./testing/laws/law.ts";
export type { NetworkedHandlerOptions, NetworkedHarness, NetworkedServer } from "./testing/laws/networked/harness.ts";
export { networkedCases } from "./testing/laws/networked.ts";
export { sessionCases } from "./testing/laws/session/cases.ts";
export type { SessionHarness } from "./testing/laws/session/fixture.ts";
export { checkLinearizability, type Verdict } from "./testing/linearizability.ts";
export { findLostUpdates, type UpdateFindings, type Updates } from "./testing/lost-updates.ts";
export { createReferenceHandler } from "./testing/reference-handler.ts";
export { createScheduler, type Scheduler } from "./testing/scheduler.ts";
export {
  type CallBehaviour,
  createScriptedHandler,
  type HeldCall,
  losesReply,
  losesRequest,
  refuses,
  type ScriptedCall,
  type ScriptedHandler,
  type ScriptedMethod,
} from "./testing/scripted-handler.ts";
export {
  type NetworkEvent,
  type SimulatedNetwork,
  type SimulatedNetworkOptions,
  simulateNetwork,
  started,
} from "./testing/simulated-network.ts";
export { createVirtualClock, settled, type VirtualClock } from "./testing/virtual-clock.ts";
export { type Fault, type FaultPlan, type FaultyOperation, withFaults } from "./testing/with-faults.ts";
