export {
  type ConformanceCase,
  defineCases,
  type HandlerHarness,
  handlerCases,
  type TestRunner,
} from "./testing/conformance.ts";
export {
  type FaultProxy,
  type FaultProxyOptions,
  type Lane,
  type NewConnections,
  startFaultProxy,
} from "./testing/fault-proxy.ts";
export { createHistory, describeEntry, type History, type HistoryCall, type HistoryEntry } from "./testing/history.ts";
export { rejects } from "./testing/laws/law.ts";
export { idsOf } from "./testing/laws/list-laws.ts";
export type { NetworkedHandlerOptions, NetworkedHarness, NetworkedServer } from "./testing/laws/networked/harness.ts";
export { networkedCases } from "./testing/laws/networked/networked-cases.ts";
export { sessionCases } from "./testing/laws/session/cases.ts";
export type { SessionHarness } from "./testing/laws/session/fixture.ts";
export { checkLinearizability, describeContent, type Verdict } from "./testing/linearizability.ts";
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
