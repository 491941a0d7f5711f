import Foundation

/// The processor time used so far by the threads of the cluster's nodes on this machine, and by this process.
struct ProcessorTime {
  /// User and system seconds of all nodes by the purpose of the threads; empty where the system provides no figures.
  private var nodes: [String: Double] = [:]
  private var client = 0.0
  private let taken = ContinuousClock.now

  static func read(of cluster: Cluster) -> ProcessorTime {
    var result = ProcessorTime()
    let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    for node in cluster.file.nodes {
      guard let pid = cluster.process(of: node).pid else { continue }
      let tasks = "/proc/\(pid)/task"
      for task in (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [] {
        guard let text = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8),
          let thread = Thread(text)
        else { continue }
        result.nodes[purpose(thread.name), default: 0] += Double(thread.ticks) / perSecond
      }
    }
    var own = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own)
    result.client = Double(own.tv_sec) + Double(own.tv_nsec) * 1e-9
    return result
  }

  /// Microseconds since `earlier` per item, for `rate` items per second: on average per node, and for this process.
  func microseconds(
    since earlier: ProcessorTime, rate: Double, nodes count: Int
  ) -> (node: [String: Double], client: Double) {
    let things = rate * ((taken - earlier.taken) / .seconds(1))
    guard things > 0, count > 0 else { return ([:], 0) }
    var spent: [String: Double] = [:]
    for (purpose, seconds) in nodes {
      spent[purpose] = max(0, seconds - earlier.nodes[purpose, default: 0]) * 1e6 / things / Double(count)
    }
    return (spent, (client - earlier.client) * 1e6 / things)
  }

  /// How many processors the nodes kept busy since `earlier`.
  func busyProcessors(since earlier: ProcessorTime) -> Double {
    let seconds = (taken - earlier.taken) / .seconds(1)
    return seconds > 0 ? (nodes.values.reduce(0, +) - earlier.nodes.values.reduce(0, +)) / seconds : 0
  }

  /// A line of `/proc/…/task/…/stat`: the name is in parentheses and may itself contain parentheses.
  private struct Thread {
    var name: Substring
    var ticks: Int

    init?(_ line: String) {
      guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")") else { return nil }
      let fields = line[line.index(after: close)...].split(separator: " ")
      guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
      name = line[line.index(after: open)..<close]
      ticks = user + system
    }
  }

  /// Nodes name their own threads. The libraries' event loops serve peers and, together with the task pool, clients.
  private static func purpose(_ thread: Substring) -> String {
    if thread.hasPrefix("verify-") { return "verify" }
    if thread.hasPrefix("NIO-ELT") { return "peers" }
    if thread.hasPrefix("reader-") { return "readers" }
    let own = ["replica", "log", "ledger-view", "query-index", "scrub", "snapshots", "sync-server"]
    return own.contains { $0 == thread } ? String(thread) : "clients"
  }
}
