import Foundation
import Testing

/// `roadbed node start` as a child process, so that its end can be observed.
struct NodeRun {
  private let process = Process()
  private let folder: Folder

  /// Starts a node of a cluster that is not running, and waits until it answers. It may be one that the cluster does not
  /// count.
  static func with(
    _ cluster: TestCluster, _ number: Int = 1, options: [String] = [], _ body: (NodeRun) async throws -> Void
  ) async throws {
    try await Folder.with { folder in
      let run = NodeRun(folder: folder)
      let log = try folder.file("log")
      run.process.executableURL = URL(fileURLWithPath: Roadbed.binary)
      run.process.arguments = ["node", "start", "--dir", cluster.node(number)] + options
      run.process.standardError = log
      run.process.standardOutput = log
      run.process.standardInput = FileHandle.nullDevice
      try run.process.run()
      defer {
        if run.process.isRunning { kill(run.process.processIdentifier, SIGKILL) }
        run.process.waitUntilExit()
      }
      try await cluster.waitUntil("the node answers", seconds: 60) {
        (try? RawHTTP.request("GET", "/v1/status", port: cluster.apiPort(number)).status) == 200
      }
      try await body(run)
    }
  }

  private init(folder: Folder) { self.folder = folder }

  var pid: Int32 { process.processIdentifier }
  var log: String { folder.text("log") }

  /// Sends SIGTERM and expects that the node immediately reports that it is stopping and ends well within `seconds`.
  func expectCleanEnd(within seconds: Double = 30, at location: SourceLocation = #_sourceLocation) async throws {
    #expect(!log.contains("stopping"), sourceLocation: location)
    process.terminate()
    let start = ContinuousClock.now
    var saidAfter: Duration?
    while process.isRunning, ContinuousClock.now - start < .seconds(seconds) {
      if saidAfter == nil, log.contains("stopping") { saidAfter = ContinuousClock.now - start }
      try await Task.sleep(for: .milliseconds(10))
    }
    try #require(!process.isRunning, "it runs \(seconds) seconds after SIGTERM: \(log)", sourceLocation: location)
    #expect(process.terminationStatus == 0, "\(log)", sourceLocation: location)
    #expect(log.contains("everything is on disk"), "\(log)", sourceLocation: location)
    #expect(log.contains("stopping"), "\(log)", sourceLocation: location)
  }

  /// The number of sockets that the process has open when no client is connected.
  func restingSockets() async throws -> Int {
    var last = -1
    while true {
      let now = sockets
      if now == last { return now }
      last = now
      // Longer than the node lingers on a closed connection.
      try await Task.sleep(for: .seconds(3))
    }
  }

  /// The number of sockets that the process has open.
  var sockets: Int {
    let folder = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.count { name in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"))?.hasPrefix("socket:") ?? false
    }
  }
}
