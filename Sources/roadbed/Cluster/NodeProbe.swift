import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Queries nodes in parallel, each for a bounded time.
struct NodeProbe {
  static let configuration: ClientConfiguration = {
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

  /// The validators of the chain, as that node sees them which knows most; nil if none of them answers.
  func validators(seenBy views: [NodeView]) async -> ValidatorsView? {
    let newest = views.filter { $0.status != nil }.max { $0.status?.height ?? .genesis < $1.status?.height ?? .genesis }
    guard let newest, let address = try? NodeAddress.parse(newest.node.api) else { return nil }
    return try? await LedgerClient.with(nodes: [address], configuration: NodeProbe.configuration) {
      try await $0.validators()
    }
  }

  private static func completed(_ view: NodeView, _ genesis: Digest) async -> NodeView {
    guard view.pid != nil, let address = try? NodeAddress.parse(view.node.api) else { return view }
    var view = view
    do {
      (view.health, view.status) = try await LedgerClient.with(nodes: [address], configuration: configuration) {
        (try await $0.health(), try? await $0.status())
      }
      view.askedAt = SystemClock.now
      // The port may belong to another node: this node then exits soon, and must not be credited with the other's
      // health.
      if let status = view.status, status.chain.genesis != genesis || status.node != view.node.name {
        view.health = nil
        view.status = nil
        view.fault = .broken(reason: "\(status.label) of the chain \(status.chain.name) answers at \(view.node.api)")
      }
    } catch ClientError.unreachable(let faults) {
      view.fault = faults.last?.fault
    } catch {
      // Something answers at this address, but not as a node would.
      view.fault = .broken(reason: ErrorReport.detail(of: error).message)
    }
    view.isSuspended = view.pid.map(ProcessTable.isSuspended) ?? false
    return view
  }
}
