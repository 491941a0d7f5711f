import LedgerClient
import LedgerJSON
import Primitives

/// One node as seen from outside at one moment.
struct NodeView: Sendable {
  var node: ClusterNode
  /// Nil if the node's process is not running on this machine.
  var pid: Int32?
  /// Nil if its API does not answer.
  var status: NodeStatus?
  var health: HealthView?
  /// When it answered.
  var askedAt: Timestamp?
  /// Why its API does not answer, if the process runs.
  var fault: TransportFault?
  /// Whether the process is suspended: by SIGSTOP, Ctrl-Z or a debugger.
  var isSuspended = false

  var isHealthy: Bool { health?.healthy ?? false }

  /// Whether it answers only that it still reads its log.
  var isStarting: Bool { health?.reasons.contains { $0.code == "node.starting" } ?? false }

  /// The node's state as a word or two for people.
  var state: String {
    guard pid != nil else { return "stopped" }
    guard let health else { return silence == nil ? "starting" : "not answering" }
    return health.healthy ? "healthy" : isStarting ? "starting" : "unhealthy"
  }

  /// Why a process does not answer; nil if it is only starting. A process that has just begun does not listen yet, so the
  /// system refuses the connection immediately.
  var silence: String? {
    guard let pid, health == nil else { return nil }
    if isSuspended { return "its process is suspended by a signal such as SIGSTOP (pid \(pid))" }
    switch fault {
    case .notConnected(let reason) where reason != TransportFault.noneInTime: return nil
    case nil: return nil
    case .some(let fault):
      return "its process is running (pid \(pid)), but its API does not answer: \(fault.explanation)"
    }
  }

  /// Why the node is not healthy, in one line.
  var explanation: String? {
    guard !isHealthy, pid != nil else { return nil }
    if let health {
      return health.reasons.map { "[\($0.code)] \(Printable.text($0.explanation))" }.joined(separator: "; ")
    }
    return silence
  }
}
