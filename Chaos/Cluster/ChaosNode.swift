import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// One node: its directory, its process, and clients to query it.
actor ChaosNode {
  nonisolated let number: Int
  nonisolated let name: String
  nonisolated let directory: String
  nonisolated let place: NodeEndpoint
  /// Queries only this node, once, and gives up soon: the run wants to see that a node does not answer.
  nonisolated let client: LedgerClient
  /// Queries this node with the usual time-outs and retries. For the checker, which accepts slow answers.
  nonisolated let patient: LedgerClient
  private let roadbed: String
  private let settings: [String]
  private var process: Process?
  private(set) var isPaused = false

  /// - Parameter peers: the addresses of the validators, `node1=host:port,…`.
  init(number: Int, name: String, directory: String, place: NodeEndpoint, peers: String, roadbed: String) throws {
    self.number = number
    self.name = name
    self.directory = directory
    self.place = place
    self.roadbed = roadbed
    settings = [
      "peers.listen=\(place.peers)", "peers.addresses=\(peers)", "api.host=\(place.apiHost)",
      "api.port=\(place.apiPort)", "api.insecure=true", "snapshots.interval=\(ChaosNode.snapshotInterval)",
      // The first node keeps the whole chain, with which the checker compares the others.
      "snapshots.gap=\(number == 1 ? 0 : ChaosNode.snapshotGap)",
      // The node rereads every segment within minutes.
      "history.scrub=16",
      // Two nodes keep all blocks, unless a fault loses them; the others prune old blocks.
      "history.keep=\(number > 2 ? ChaosNode.kept : 0)",
    ]
    var configuration = ClientConfiguration()
    configuration.connectTimeout = .seconds(1)
    configuration.answerTimeout = .seconds(4)
    configuration.retries.attempts = 1
    let address = try NodeAddress.parse(place.api)
    client = try LedgerClient(node: address, configuration: configuration)
    patient = try LedgerClient(node: address)
  }

  /// Short enough that nodes that lost their log find a snapshot from which to begin.
  private static let snapshotInterval = 60
  private static let snapshotGap = 120
  private static let kept = 3000

  /// What the node prints.
  nonisolated var logFile: String { "\(directory)/node.log" }
  /// The blocks and votes of the node.
  nonisolated var logFolder: String { "\(directory)/log" }

  /// The process id, or nil if the process is not running.
  var pid: Int32? {
    guard let process, process.isRunning else { return nil }
    return process.processIdentifier
  }

  /// How a process ended by itself.
  struct Ending: CustomStringConvertible, Sendable {
    var status: Int32
    /// Whether the process ended itself; otherwise a signal did, and `status` is its number.
    var isExit: Bool
    var description: String { isExit ? "status \(status)" : "signal \(status)" }
  }

  /// How the last process ended; nil while it runs.
  var ending: Ending? {
    guard let process, !process.isRunning else { return nil }
    return Ending(status: process.terminationStatus, isExit: process.terminationReason == .exit)
  }

  /// Starts the process. `environment` is added to the environment of this process.
  func start(environment: [String: String] = [:]) throws {
    guard pid == nil else { return }
    // The previous process has ended; see `Shell.run` for why it is waited for.
    process?.waitUntilExit()
    let descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw ChaosError.file(logFile, reason: String(cString: strerror(errno))) }
    let log = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      place.entry + [roadbed, "node", "start", "--dir", directory] + settings.flatMap { ["--set", $0] }
    process.environment = Shell.cleanEnvironment.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    self.process = process
    isPaused = false
    // Both `env` and `ip netns exec` become the node, so this is the node's process id.
    try? Data("\(process.processIdentifier)".utf8).write(to: URL(fileURLWithPath: "\(directory)/node.pid"))
  }

  /// Kills the process without a chance to end cleanly, and waits until it is gone.
  func kill() async throws {
    guard let pid else { return }
    Foundation.kill(pid, SIGKILL)
    try await waitForEnd(seconds: 20)
  }

  /// Ends the process cleanly.
  func stop() async throws {
    guard let pid else { return }
    Foundation.kill(pid, SIGTERM)
    try await waitForEnd(seconds: 60)
  }

  private func waitForEnd(seconds: Double) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while process?.isRunning ?? false {
      guard ContinuousClock.now < deadline else {
        throw ChaosError.broken(.returning, "\(name) did not end within \(seconds) seconds")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    isPaused = false
  }

  func pause() {
    guard let pid else { return }
    Foundation.kill(pid, SIGSTOP)
    isPaused = true
  }

  func resume() {
    guard let pid else { return }
    Foundation.kill(pid, SIGCONT)
    isPaused = false
  }

  // MARK: Queries and log

  /// Closes the connections to the node.
  nonisolated func endAsking() async {
    await client.shutdown()
    await patient.shutdown()
  }

  nonisolated func status() async -> NodeStatus? { try? await client.status() }

  nonisolated func health() async -> HealthView? { try? await client.health() }

  /// The last lines of the node's log. If the node trapped, the lines where the crash report begins, since it ends with
  /// registers and images.
  nonisolated func lastWords(lines: Int = 12) -> [String] {
    guard let handle = FileHandle(forReadingAtPath: logFile), let end = try? handle.seekToEnd() else { return [] }
    let reach: UInt64 = 1 << 18
    try? handle.seek(toOffset: end > reach ? end - reach : 0)
    let text = String(decoding: (try? handle.read(upToCount: Int(reach))) ?? Data(), as: UTF8.self)
    let all = text.split(separator: "\n")
    let signs = [
      "Fatal error: ", "Precondition failed: ", "Assertion failed: ", "Swift runtime failure", "Program crashed",
    ]
    if let trap = all.firstIndex(where: { line in signs.contains { line.contains($0) } }) {
      return all[max(0, trap - 3)...].prefix(60).map(String.init)
    }
    return all.suffix(lines).map(String.init)
  }

  // MARK: Files

  /// The files that a node derives from its peers and its log. Without them, it has only keys, settings, genesis and
  /// snapshots.
  private static let derived = ["log", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm"]

  /// Flips a bit in the used part of a segment and returns a description of the place. The process must not be running.
  nonisolated func flipBit(seed: UInt64) throws -> String {
    var random = SeededGenerator(seed: seed)
    let folder = logFolder
    let segments = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".segment") }
    guard let name = segments.sorted().randomElement(using: &random) else { return "\(self.name) has no segment" }
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    var bytes = try Data(contentsOf: url)
    guard let end = bytes.lastIndex(where: { $0 != 0 }) else { return "\(name) of \(self.name) is empty" }
    let place = Int.random(in: 0...end, using: &random)
    bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    let handle = try FileHandle(forWritingTo: url)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(place))
    try handle.write(contentsOf: bytes[place...place])
    return "a bit flipped at byte \(place) of \(end) of \(name) of \(self.name)"
  }

  /// Removes the log and the files derived from it, optionally with the snapshots. The process must not be running.
  nonisolated func wipe(withSnapshots: Bool = true) throws {
    for name in ChaosNode.derived + (withSnapshots ? ["snapshots"] : [])
    where FileManager.default.fileExists(atPath: "\(directory)/\(name)") {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
  }

  /// Copies the log and the index to a folder.
  nonisolated func save(to folder: String) async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ChaosNode.derived where FileManager.default.fileExists(atPath: "\(directory)/\(name)") {
      try await Shell.succeed(["cp", "-a", "--sparse=always", "\(directory)/\(name)", "\(folder)/"], seconds: 120)
    }
  }

  /// Restores the files that `save` copied.
  nonisolated func putBack(from folder: String) async throws {
    try wipe(withSnapshots: false)
    try await Shell.succeed(["cp", "-a", "--sparse=always", "\(folder)/.", "\(directory)/"], seconds: 120)
    try FileManager.default.removeItem(atPath: folder)
  }
}
