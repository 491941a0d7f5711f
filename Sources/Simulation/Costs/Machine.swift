internal import DequeModule
internal import Primitives
internal import Replica

/// The threads, cores, line and disk of a node's run, if work has costs.
final class Machine {
  /// Work that one of these parts has finished.
  enum Event {
    /// The replica's thread has finished a step, whose effects now become visible.
    case stepped
    case checked(CheckPool.Piece)
    /// The network thread has a frame ready for the line.
    case encrypted([UInt8], to: Int)
    case sent(OutgoingLine.Piece)
    /// The last bit of a frame has arrived, unless the incoming line was still busy.
    case arrived([UInt8], from: Int)
    case received([UInt8], from: Int)
  }

  let costs: SimulatedCosts
  /// Inputs that wait for the replica's thread, and since when, in nanoseconds.
  var inbox = Deque<(input: ReplicaInput, since: UInt64)>()
  var isStepping = false
  /// Whether a tick waits in the inbox, so that another one would do nothing.
  var hasTick = false
  var replica = Server()
  var checks: CheckPool
  var network = Server()
  var outgoing: OutgoingLine
  var incoming = Server()
  var disk = Server()

  init(_ costs: SimulatedCosts, peers: Int) {
    self.costs = costs
    checks = CheckPool(costs)
    outgoing = OutgoingLine(costs, peers: peers)
  }

  /// The cost of a step in nanoseconds, for the transactions and blocks that it read and wrote, the transactions that
  /// it admitted or executed, and the votes that it signed.
  func cost(of input: ReplicaInput, _ effects: borrowing ReplicaEffects) -> UInt64 {
    var bytes = 0
    var cost = costs.input
    switch input {
    case .frame(_, let frame): bytes += Self.contentBytes(frame)
    case .submit(let submissions): for submission in submissions { bytes += submission.bytes.count }
    default: break
    }
    for send in effects.sends { bytes += Self.contentBytes(send.frame) }
    for request in effects.verifications where request.urgency == .transactions {
      cost += costs.admission * UInt64(request.items.count)
    }
    for record in effects.records {
      switch record.kind {
      case .vote, .statement: cost += costs.sign
      case .execution: cost += costs.execution * UInt64(Self.executed(record))
      default: break
      }
    }
    return cost + costs.contentByte * UInt64(bytes)
  }

  /// The number of transactions in an execution record that the node itself has just written.
  private static func executed(_ record: PendingRecord) -> Int {
    do {
      return try ExecutionRecord(payload: record.payload).outcomes.count
    } catch {
      preconditionFailure("a node wrote a malformed execution record: \(error.explanation)")
    }
  }

  /// Bytes of transactions and blocks in a frame. Votes and certificates cost the same whatever their length.
  private static func contentBytes(_ frame: [UInt8]) -> Int {
    switch PeerMessage.Kind(of: frame) {
    case .transactions, .proposal, .block, .range: frame.count
    default: 0
    }
  }
}
