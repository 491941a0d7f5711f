internal import NodeCore
internal import Primitives
internal import Replica

/// Something that happens in the cluster at a tick. `run` numbers the run of the node that the event belongs to: if the
/// node has crashed since, the event is dropped. Frames come from a seat, and late ones go to one.
enum Event {
  case frame(to: Int, run: UInt32, from: Int, bytes: [UInt8])
  /// A traitor sends a frame that it held back.
  case late(from: Int, run: UInt32, to: Int, bytes: [UInt8])
  case wake(node: Int, run: UInt32)
  /// A part of the node's machine finishes work that has a cost.
  case machine(node: Int, run: UInt32, Machine.Event)
  case verified(node: Int, run: UInt32, Ticket, [Bool])
  /// The node carries out the effects that several steps have left.
  case handOut(node: Int, run: UInt32)
  /// The disk finishes a sync.
  case synced(node: Int, run: UInt32)
  /// The journal may rest, if it has received nothing for a while.
  case rest(node: Int, run: UInt32)
  /// The node answers a peer's request.
  case request(node: Int, run: UInt32, PeerRequest?, tries: Int)
  /// The node copies the next piece of a pinned state.
  case copy(node: Int, run: UInt32)
  /// The node has loaded a fetched snapshot.
  case snapshotWork(node: Int, run: UInt32)
  /// A peer reads a final block for `asker`, which repairs its log.
  case final(node: Int, run: UInt32, asker: Int, Height)
  /// The answer reaches the node that repairs its log.
  case finalArrives(node: Int, from: PeerID, Height, bytes: [UInt8])
  case repairWakes(node: Int)
  /// The node checks the next piece of its log.
  case scrub(node: Int, run: UInt32)
  /// The node continues the repair of its running log.
  case scrubWakes(node: Int, run: UInt32)
  case link(Int, Int)
  case unlink(Int, Int)
  case start(node: Int)
  /// The node's process ends and soon starts again.
  case restart(node: Int, run: UInt32)
  case resume(node: Int, run: UInt32)
  /// The operator notices a failed log and restarts the node.
  case restore(node: Int, run: UInt32)
  case faultEnds(Int)
  /// The clients take their next action.
  case clients
  /// The next fault happens.
  case chaos
  /// The nodes that have not accepted a transaction since the healing receive one.
  case probe
  /// A node receives one of the transactions that must be final in bounded time.
  case steadyProbe
  /// The administrators take their next action about the nodes.
  case operators
  /// The node's thread for its keys looks after them.
  case keys(node: Int, run: UInt32)
  /// A question reaches the node's signer, and the signer's answer the node.
  case asked(node: Int, run: UInt32, SigningRequest)
  case signed(node: Int, run: UInt32, SigningRequest, Result<Signature, SigningRefusal>)
  /// The node's signer can be used again.
  case signerBack(node: Int, run: UInt32)
  /// A noisy traitor sends its next frame.
  case noise(node: Int, run: UInt32)
}
