import Foundation
import Node
import Primitives

/// A node of a cluster as a process on this machine.
struct NodeProcess {
  let name: String
  /// The node's directory, as an absolute path.
  let directory: String
  /// The cluster's directory as the user wrote it.
  let cluster: String

  private var pidFile: String { Paths.join(directory, "node.pid") }
  private var lockFile: String { Paths.join(directory, "LOCK") }
  var logFile: String { Paths.join(directory, "node.log") }

  /// When the node wrote its last message; nil if it never did, or the file cannot be looked at.
  var lastMessage: Timestamp? {
    let facts = try? FileManager.default.attributesOfItem(atPath: logFile)
    return (facts?[.modificationDate] as? Date).map { Timestamp(UInt64(max(0, $0.timeIntervalSince1970 * 1000))) }
  }

  /// The process id of the running node, or nil if it is not running.
  ///
  /// An id read from a file may belong to another program by now. It counts only if the process was started as a node
  /// and either was given this directory, in whatever spelling, or holds the lock of this directory. The lock also
  /// covers a node that was started by hand.
  var pid: Int32? {
    for file in [pidFile, lockFile] {
      guard let text = try? String(contentsOfFile: file, encoding: .utf8),
        let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1,
        isThisNode(pid)
      else { continue }
      return pid
    }
    return nil
  }

  private func isThisNode(_ pid: Int32) -> Bool {
    guard let arguments = ProcessTable.arguments(of: pid),
      zip(arguments, arguments.dropFirst()).contains(where: { $0 == ("node", "start") })
    else { return false }
    if let lock = FileIdentity(of: lockFile), ProcessTable.hasOpen(lock, pid) { return true }
    guard let given = NodeProcess.directory(in: arguments), let own = FileIdentity(of: directory) else { return false }
    return FileIdentity(of: ProcessTable.path(given, of: pid)) == own
  }

  /// The value of `--dir` in a node's arguments.
  private static func directory(in arguments: [String]) -> String? {
    let option = "--dir"
    if let place = arguments.firstIndex(of: option) {
      return place + 1 < arguments.count ? arguments[place + 1] : nil
    }
    return arguments.first { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
  }

  /// A `roadbed cluster` command on this node that the user can run.
  func command(_ verb: String) -> String { "roadbed cluster \(verb) --dir \(Paths.quoted(cluster)) \(name)" }

  /// Starts the node with this program, in its own process group, so that Ctrl-C on the terminal does not reach it. The
  /// node's output is appended to `logFile`.
  func start() throws(CommandError) -> StartedNode {
    guard let binary = Bundle.main.executablePath else {
      throw CommandError(
        code: "cluster.no-binary", explanation: "this program cannot find its own file",
        nextStep: "start it by its full path")
    }
    let descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .fileUnwritable(logFile, SystemReason.text(errno)) }
    let log = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let logStart = (try? log.seekToEnd()) ?? 0
    let process = Process()
    process.executableURL = URL(fileURLWithPath: binary)
    process.arguments = ["node", "start", "--dir", directory]
    var environment = NodeEnvironment.forNodes(ProcessInfo.processInfo.environment)
    // With the path in its settings, the node can reopen the file after it is renamed.
    environment[SettingsKey.logFile.variable] = logFile
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    do {
      try process.run()
    } catch {
      throw CommandError(
        code: "cluster.not-started", explanation: "\(name) could not be started: \(SystemReason.of(error))",
        nextStep: "check that \(binary) can be executed")
    }
    try TextFile.write(Array("\(process.processIdentifier)\n".utf8), to: pidFile)
    return StartedNode(node: self, pid: process.processIdentifier, process: process, logStart: logStart)
  }

  /// Sends a signal. Returns the process id, or nil if the node is not running.
  func send(_ signal: Int32) -> Int32? {
    guard let pid, kill(pid, signal) == 0 else { return nil }
    return pid
  }

  /// Waits until the process is gone, along with its lock and its ports. Returns false if it still runs after `limit`.
  func waitForEnd(of pid: Int32, within limit: Duration) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while self.pid != nil || !ProcessTable.hasEnded(pid) {
      guard ContinuousClock.now < deadline else { return false }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return true
  }
}
