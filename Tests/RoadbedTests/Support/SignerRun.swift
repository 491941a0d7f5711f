import Foundation
import Testing

/// `roadbed signer` as a child process, for a key of a cluster.
final class SignerRun {
  private let process = Process()
  private let folder: Folder
  private let number: Int

  private init(_ folder: Folder, _ number: Int) {
    self.folder = folder
    self.number = number
  }

  /// Starts a signer for the vote key of a node, and waits until it listens.
  /// - Parameter descriptors: how many files the process may have open; nil for no such limit.
  static func start(_ cluster: TestCluster, _ number: Int, descriptors: Int? = nil) async throws -> SignerRun {
    let node = cluster.node(number)
    return try await start(
      cluster, number,
      [
        "--genesis", cluster.genesisFile, "--key", "\(node)/keys/vote.pem", "--dir", "\(node)/signer", "--socket",
        "\(node)/signer/signer.sock",
      ], descriptors: descriptors)
  }

  static func start(
    _ cluster: TestCluster, _ number: Int, _ options: [String], environment: [String: String] = [:],
    descriptors: Int? = nil
  ) async throws -> SignerRun {
    let run = SignerRun(cluster.folder, number)
    let log = try cluster.folder.file("signer\(number).log")
    run.process.setProgram(["signer"] + options, descriptors: descriptors)
    run.process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    run.process.standardOutput = log
    run.process.standardError = log
    run.process.standardInput = FileHandle.nullDevice
    try run.process.run()
    do {
      try await cluster.waitUntil("signer \(number) listens", seconds: 30) {
        try #require(run.process.isRunning, "\(run.log)")
        return run.log.contains("signing for a") || run.log.contains("\"socket\"")
      }
    } catch {
      run.kill()
      throw error
    }
    return run
  }

  var log: String { folder.text("signer\(number).log") }
  var pid: Int32 { process.processIdentifier }

  var openDescriptors: Int {
    get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count }
  }

  /// The processor time that it has used, in hundredths of a second.
  var processorTicks: Int {
    get throws {
      let fields = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8).split(separator: " ")
      return (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
    }
  }

  func kill() {
    if process.isRunning { Foundation.kill(pid, SIGKILL) }
    process.waitUntilExit()
  }

  /// Asks it to end, and returns its exit status.
  func end() async throws -> Int32 {
    process.terminate()
    let deadline = ContinuousClock.now + .seconds(20)
    while process.isRunning {
      try #require(ContinuousClock.now < deadline, "it does not end: \(log)")
      try await Task.sleep(for: .milliseconds(10))
    }
    return process.terminationStatus
  }
}
