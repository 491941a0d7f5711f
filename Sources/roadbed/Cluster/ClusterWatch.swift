import LedgerJSON
import Primitives

/// Shows a running cluster until it is interrupted or nobody reads the output. On a terminal it refreshes one line per
/// node; elsewhere it prints one line per event.
struct ClusterWatch {
  private let launch: ClusterLaunch
  private static let interval = Duration.milliseconds(500)

  init(_ launch: ClusterLaunch) { self.launch = launch }

  func run(until interruption: Interruption) async throws {
    Console.print("Ctrl-C stops the nodes")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await interruption.wait() }
      group.addTask {
        if Console.isOutputTerminal { try await refresh() } else { try await report() }
      }
      _ = try await group.next()
      group.cancelAll()
      // The other task ends by cancellation, which is not an error.
      while let result = await group.nextResult() { _ = result }
    }
    if Console.isOutputTerminal { Console.print() }
  }

  // MARK: On a terminal

  private func refresh() async throws {
    var isFirst = true
    var rate = RateMeter()
    while !Task.isCancelled, !Console.hasLostOutput {
      let views = await launch.look()
      rate.note(views.compactMap { $0.status?.height }.max() ?? .genesis)
      var text = isFirst ? "" : "\u{1B}[\(views.count + 1)A"
      isFirst = false
      for view in views { text += "\r\u{1B}[K\(line(view))\n" }
      text += "\r\u{1B}[K" + Console.styled("\(rate.text) blocks a second over the last seconds", .dim) + "\n"
      Console.write(text)
      try await Task.sleep(for: ClusterWatch.interval)
    }
  }

  private func line(_ view: NodeView) -> String {
    let style: Console.Style = view.pid == nil ? .red : view.isHealthy ? .green : .yellow
    let state = Console.styled(view.state.padded(to: 13), style)
    guard let status = view.status else { return "  \("\(view.node.name)".padded(to: 8)) \(state)" }
    let peers = "\(status.peers.count(where: \.connected))/\(status.peers.count)"
    return "  \("\(view.node.name)".padded(to: 8)) \(state) block \("\(status.height)".padded(to: 8))"
      + " view \("\(status.view)".padded(to: 8)) peers \(peers)  waiting \(status.mempool.transactions)"
  }

  // MARK: Without a terminal

  private func report() async throws {
    var states: [String: String] = [:]
    var height = Height.genesis
    while !Task.isCancelled, !Console.hasLostOutput {
      for view in await launch.look() {
        let name = "\(view.node.name)"
        if states[name] != view.state {
          states[name] = view.state
          Console.print("\(SystemClock.now.iso8601) \(name) is \(view.state)")
        }
        if let status = view.status, status.height > height {
          height = status.height
          Console.print("\(SystemClock.now.iso8601) block \(height) is final: \(status.block)")
        }
      }
      try await Task.sleep(for: ClusterWatch.interval)
    }
  }
}
