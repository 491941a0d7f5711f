internal import NodeCore
internal import Primitives
internal import Replica

/// Something that happens in the world at a tick. `life` is the run of a node that the event belongs to: whatever
/// was under way for an earlier run is lost with it.
enum Event {
  case frame(to: Int, run: UInt32, from: ValidatorIndex, bytes: [UInt8])
  /// A frame that a traitor held back leaves it.
  case late(from: Int, run: UInt32, to: ValidatorIndex, bytes: [UInt8])
  case wake(node: Int, run: UInt32)
  /// Work that has a cost is done.
  case machine(node: Int, run: UInt32, Machine.Event)
  case verified(node: Int, run: UInt32, Ticket, [Bool])
  /// What several steps led to is carried out.
  case handOut(node: Int, run: UInt32)
  /// The disk has finished a sync.
  case synced(node: Int, run: UInt32)
  /// Nothing was handed to the journal for a pause.
  case rest(node: Int, run: UInt32)
  /// A peer's request is read.
  case request(node: Int, run: UInt32, PeerRequest, tries: Int)
  /// The next piece of a pinned state is copied.
  case copy(node: Int, run: UInt32)
  /// A snapshot that was fetched is loaded.
  case snapshotWork(node: Int, run: UInt32)
  /// A peer reads a final block for a node that repairs its log, and the answer reaches that.
  case final(node: Int, run: UInt32, asker: Int, Height)
  case finalArrives(node: Int, from: PeerID, Height, bytes: [UInt8])
  case repairWakes(node: Int)
  case link(Int, Int)
  case unlink(Int, Int)
  case start(node: Int)
  /// The node's process ends, and starts again soon.
  case restart(node: Int, run: UInt32)
  case resume(node: Int, run: UInt32)
  case restore(node: Int, run: UInt32)
  case faultEnds(Int)
  /// The next action of the clients, of the chaos, of a saboteur.
  case clients
  case chaos
  case probe
  case noise(node: Int, run: UInt32)
}
