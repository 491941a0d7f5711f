import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// One node as seen from outside, at one moment.
struct NodeView: Sendable {
  var node: ClusterNode
  /// Nil if no such process runs here.
  var pid: Int32?
  /// Nil if its API does not answer.
  var status: NodeStatus?
  var health: HealthView?
  /// Why its API does not answer, if the process runs.
  var fault: TransportFault?
  /// Whether the process is suspended: by SIGSTOP, Ctrl-Z or a debugger.
  var isSuspended = false

  var isHealthy: Bool { health?.healthy ?? false }

  /// A word for people.
  var state: String {
    guard pid != nil else { return "stopped" }
    guard let health else { return silence == nil ? "starting" : "not answering" }
    return health.healthy ? "healthy" : "unhealthy"
  }

  /// Why a process does not answer, unless it is just starting: one that is starting does not listen yet, so the system
  /// refuses the connection at once.
  var silence: String? {
    guard let pid, health == nil else { return nil }
    if isSuspended { return "its process is suspended by a signal such as SIGSTOP (pid \(pid))" }
    switch fault {
    case .notConnected(let reason) where reason != TransportFault.noneInTime: return nil
    case nil: return nil
    case .some(let fault): return "its process is running (pid \(pid)), but its API does not answer: \(fault.explanation)"
    }
  }

  /// Why it is not healthy, in one line.
  var explanation: String? {
    guard !isHealthy, pid != nil else { return nil }
    if let health { return health.reasons.map { "[\($0.code)] \(Printable.text($0.message))" }.joined(separator: "; ") }
    return silence
  }
}

/// Queries nodes, all at once, each for a bounded time.
struct NodeProbe {
  private static let configuration: ClientConfiguration = {
    var configuration = ClientConfiguration()
    configuration.connectTimeout = .seconds(2)
    configuration.answerTimeout = .seconds(2)
    configuration.retries.attempts = 1
    return configuration
  }()

  let cluster: Cluster

  init(_ cluster: Cluster) { self.cluster = cluster }

  func look(at nodes: [ClusterNode]) async -> [NodeView] {
    await withTaskGroup(of: (Int, NodeView).self) { group in
      for (place, node) in nodes.enumerated() {
        let view = NodeView(node: node, pid: cluster.process(of: node).pid)
        group.addTask { [genesis = cluster.file.chain.genesis] in (place, await NodeProbe.completed(view, genesis)) }
      }
      var views: [(Int, NodeView)] = []
      for await view in group { views.append(view) }
      return views.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private static func completed(_ view: NodeView, _ genesis: Digest) async -> NodeView {
    guard view.pid != nil, let address = try? NodeAddress.parse(view.node.api) else { return view }
    var view = view
    do {
      (view.health, view.status) = try await LedgerClient.with(nodes: [address], configuration: configuration) {
        (try await $0.health(), try? await $0.status())
      }
      // The port may belong to another node: this one will then exit soon, and must not get credit for the other's health.
      if let status = view.status, status.chain.genesis != genesis || status.node != view.node.name {
        view.health = nil
        view.status = nil
        view.fault = .broken(reason: "\(status.node) of the chain \(status.chain.name) answers at \(view.node.api)")
      }
    } catch ClientError.unreachable(let faults) {
      view.fault = faults.last?.fault
    } catch {
      // Something answers there, but not like a node.
      view.fault = .broken(reason: ErrorReport.detail(of: error).message)
    }
    view.isSuspended = view.pid.map(ProcessTable.isSuspended) ?? false
    return view
  }
}
